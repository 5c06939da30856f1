//! The settings of backups.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_BACKUPS",
        default: "",
        meaning: "The folder that a running bot puts backups in by itself. Without one it makes none.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_BACKUP_HOURS",
        default: "24",
        meaning: "How many hours after one backup the next is made: 1 to 720.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_BACKUPS_KEPT",
        default: "7",
        meaning: "How many of these backups are kept; beyond that the oldest is thrown away: 1 to 1000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
];

/// Backups that a running bot makes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupConfig {
    /// The folder that they go to.
    pub folder: PathBuf,
    /// How long after one the next is made.
    pub every: SignedDuration,
    /// How many are kept; beyond that the oldest goes.
    pub kept: usize,
}

impl BackupConfig {
    /// Reads them; `None` where no folder is named.
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Option<Self>, ConfigError> {
        let folder = reading.text("ONRECORD_BACKUPS");
        let hours = reading.number("ONRECORD_BACKUP_HOURS", 1..=720)?.and_then(|hours| i64::try_from(hours).ok());
        let kept = reading.number("ONRECORD_BACKUPS_KEPT", 1..=1_000)?.unwrap_or(7);
        let every = SignedDuration::from_hours(hours.unwrap_or(24));
        Ok((!folder.is_empty()).then(|| Self { folder: PathBuf::from(folder), every, kept }))
    }
}
