//! The settings of backups.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::{ConfigError, read::Reading};

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
        let folder = reading.text("ONRECORD_BACKUPS", "");
        let hours = reading.number("ONRECORD_BACKUP_HOURS", 1..=720)?.and_then(|hours| i64::try_from(hours).ok());
        let kept = reading.number("ONRECORD_BACKUPS_KEPT", 1..=1_000)?.unwrap_or(7);
        let every = SignedDuration::from_hours(hours.unwrap_or(24));
        Ok((!folder.is_empty()).then(|| Self { folder: PathBuf::from(folder), every, kept }))
    }
}
