//! What is logged, and how.

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_LOG",
        default: "warn",
        meaning: "What is logged to standard error: error, warn, info, debug or trace, or a list like onrecord=debug,tantivy=warn.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_LOG_FORMAT",
        default: "human",
        meaning: "The form of log lines: human or json.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Which events, as a filter of `tracing` (EnvFilter directives).
    pub filter: String,
    /// In which form.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

impl LogConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, ConfigError> {
        let filter = reading.text("ONRECORD_LOG");
        let formats = [("human", LogFormat::Human), ("json", LogFormat::Json)];
        Ok(Self { filter, format: reading.one_of("ONRECORD_LOG_FORMAT", &formats)? })
    }
}
