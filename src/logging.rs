//! Logs: to standard error, for people or as JSON. What people write is never logged.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, filter::ParseError};

use crate::config::{LogConfig, LogFormat};

/// Why logging can't start.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter can't be read.
    #[error(
        "ONRECORD_LOG is {filter:?}, which can't be read ({source}); write a level like info, or a list like onrecord=debug,tantivy=warn"
    )]
    Filter {
        /// The filter as it is set.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
}

/// Starts logging. A second call in the same process changes nothing.
///
/// # Errors
/// When the filter can't be read.
pub fn start(config: &LogConfig) -> Result<(), LoggingError> {
    let filter = EnvFilter::builder()
        .parse(&config.filter)
        .map_err(|source| LoggingError::Filter { filter: config.filter.clone(), source })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // It fails only when logging was started before.
    let _ = match config.format {
        LogFormat::Human => builder.with_ansi(colour).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    Ok(())
}
