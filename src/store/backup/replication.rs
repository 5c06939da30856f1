//! Replication by Litestream, as far as its folder beside the database tells of it (Litestream, "How it works").

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::files::beside;
use crate::store::Store;

/// Where Litestream keeps what it has copied from the database's log, before and after it is elsewhere.
fn folder(database: &Path) -> PathBuf {
    database.with_file_name(format!(".{}-litestream", database.file_name().unwrap_or_default().to_string_lossy()))
}

/// Whether Litestream replicates a database. Then it is the one that checkpoints: what is checkpointed before it was read
/// would be missing from the replica, and two that checkpoint are one too many.
pub(in crate::store) fn is_replicated(database: &Path) -> bool {
    folder(database).is_dir()
}

impl Store {
    /// What lies beside a path at which there is no database and shows that there was one: its log, or the folder of its
    /// replication.
    #[must_use]
    pub fn left_of(path: &Path) -> Option<PathBuf> {
        let log = beside(path, "-wal");
        let has_content = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
        has_content.then_some(log).or_else(|| is_replicated(path).then(|| folder(path)))
    }

    /// For how long Litestream has copied nothing while there was something to copy; zero when it has everything, `None`
    /// where it isn't at work. That it has copied something doesn't say that it is elsewhere yet: Litestream's own metrics
    /// do.
    #[must_use]
    pub fn replication_lag(&self) -> Option<Duration> {
        if !is_replicated(self.path()) {
            return None;
        }
        let written = modified(&beside(self.path(), "-wal")).or_else(|| modified(self.path()));
        // Each transaction that was copied is a file of the lowest level (LTX).
        let copied = std::fs::read_dir(folder(self.path()).join("ltx/0"))
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|file| modified(&file.path()))
            .max();
        match (written, copied) {
            (Some(written), Some(copied)) if copied >= written => Some(Duration::ZERO),
            (Some(written), copied) => {
                let since = copied.unwrap_or(written);
                Some(SystemTime::now().duration_since(since).unwrap_or_default())
            }
            (None, _) => Some(Duration::ZERO),
        }
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
