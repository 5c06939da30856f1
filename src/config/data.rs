//! Where the records and the index are.

use std::path::PathBuf;

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
};
use crate::files::beside;

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_DATABASE",
        default: "onrecord.db",
        meaning: "The database file; a question, the console or a bot begins one where there is none.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_INDEX",
        default: "the database's name with .index added",
        meaning: "The folder of the search index, and of nothing else. It can be thrown away at any time and is built anew.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_SHIPPED_DATA",
        default: "on",
        meaning: "Whether an empty database is filled with the entries that the program carries: on or off.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// Where the records and the index are.
#[derive(Debug, Clone)]
pub struct DataConfig {
    /// The database.
    pub database: PathBuf,
    /// The folder of the index.
    pub index: PathBuf,
    /// Whether an empty database is filled with the entries that the program carries.
    pub shipped_data: bool,
}

impl DataConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, ConfigError> {
        let database = PathBuf::from(reading.text("ONRECORD_DATABASE"));
        let index = reading.text_or("ONRECORD_INDEX", &beside(&database, ".index").to_string_lossy());
        let shipped_data = reading.on_by_default("ONRECORD_SHIPPED_DATA")?;
        Ok(Self { database, index: PathBuf::from(index), shipped_data })
    }
}
