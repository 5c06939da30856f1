//! Logs: to standard error, for people or as JSON. What people write is never logged, nor are the credentials of
//! an address.

use std::io::{IsTerminal, Write};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Registry,
    filter::{FilterFn, ParseError},
    layer::SubscriberExt,
    reload,
    util::SubscriberInitExt,
};

use crate::config::{LogConfig, LogFormat, without_credentials};

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

/// The logs of the process, while they go on.
#[derive(Debug, Clone)]
pub struct Logs(reload::Handle<EnvFilter, Registry>);

impl Logs {
    /// Has other events logged from now on. The form of the lines stays.
    ///
    /// # Errors
    /// When the filter can't be read; then it stays as it was.
    pub fn change(&self, config: &LogConfig) -> Result<(), LoggingError> {
        let filter = filter(config)?;
        // It fails only when the process logs nothing through this handle.
        let _ = self.0.reload(filter);
        Ok(())
    }
}

/// Starts logging. A second call in the same process changes nothing.
///
/// # Errors
/// When the filter can't be read.
pub fn start(config: &LogConfig) -> Result<Logs, LoggingError> {
    let (filter, handle) = reload::Layer::new(filter(config)?);
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // It fails only when logging was started before.
    let registry = tracing_subscriber::registry().with(filter).with(FilterFn::new(is_fit_to_be_logged));
    let lines = tracing_subscriber::fmt::layer().with_writer(|| Masked(std::io::stderr()));
    let _ = match config.format {
        LogFormat::Human => registry.with(lines.with_ansi(colour)).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    };
    Ok(Logs(handle))
}

fn filter(config: &LogConfig) -> Result<EnvFilter, LoggingError> {
    EnvFilter::builder()
        .parse(&config.filter)
        .map_err(|source| LoggingError::Filter { filter: config.filter.clone(), source })
}

/// Standard error without the credentials of addresses. A line comes whole.
struct Masked(std::io::Stderr);

impl Write for Masked {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        match std::str::from_utf8(line) {
            Ok(text) => self.0.write_all(without_credentials(text).as_bytes())?,
            Err(_) => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Whether something may be logged at all. What speaks the protocols of chats writes tokens and
/// messages into its finer logs, whatever the filter says.
fn is_fit_to_be_logged(metadata: &Metadata<'_>) -> bool {
    const TALKATIVE: [&str; 8] =
        ["serenity", "reqwest", "hyper", "hyper_util", "tungstenite", "tokio_tungstenite", "rustls", "h2"];
    let root = metadata.target().split("::").next().unwrap_or_default();
    let of_matrix = ["matrix_sdk", "ruma", "vodozemac"].iter().any(|family| root.starts_with(family));
    !(of_matrix || TALKATIVE.contains(&root)) || (metadata.is_event() && *metadata.level() == Level::ERROR)
}
