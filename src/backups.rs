//! Backups by themselves: made when the last one is old enough, the oldest thrown away.
//!
//! A backup's file name tells when it was made; nothing else is remembered, so that a folder that was
//! emptied or brought from elsewhere is understood.

use std::path::{Path, PathBuf};
#[cfg(feature = "bot")]
use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
#[cfg(feature = "bot")]
use tokio::sync::watch;

#[cfg(feature = "bot")]
use crate::metrics::Metrics;
use crate::{
    config::BackupConfig,
    store::{BackupError, Store, is_database},
};

/// How a backup is named: when it was made stands between these.
const BEFORE: &str = "onrecord-";
const AFTER: &str = ".db";
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// How often the clock is looked at, as it may jump. Also how soon a backup that failed is tried again.
#[cfg(feature = "bot")]
const BETWEEN_LOOKS: Duration = Duration::from_mins(10);

/// A folder's backups.
#[derive(Debug)]
pub struct Backups {
    config: BackupConfig,
}

/// Why a backup by itself was not made.
#[derive(Debug, thiserror::Error)]
pub enum ScheduledError {
    /// The copy was not made.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The folder can't be used.
    #[error("the folder of the backups, {}, can't be used: {source}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Backups {
    /// The backups of a folder, which is made if it isn't there.
    #[must_use]
    pub const fn of(config: BackupConfig) -> Self {
        Self { config }
    }

    /// When each backup of the folder was made, the newest last.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn made(&self) -> Result<Vec<Timestamp>, ScheduledError> {
        let folder = |source| ScheduledError::Folder { folder: self.config.folder.clone(), source };
        let entries = match std::fs::read_dir(&self.config.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(folder(error)),
        };
        let mut made = Vec::new();
        for entry in entries {
            made.extend(time_of(Path::new(&entry.map_err(folder)?.file_name())));
        }
        made.sort();
        Ok(made)
    }

    /// The backups of the folder.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.made().unwrap_or_default().into_iter().map(|made| self.path_of(made)).collect()
    }

    /// Makes a backup if the newest is old enough, and throws the oldest away. One that bears a time to
    /// come, as after a clock was put back, counts as none.
    ///
    /// # Errors
    /// When the folder can't be used or the copy isn't sound. No older backup is thrown away then.
    pub fn keep(&self, store: &Store, now: Timestamp) -> Result<Option<PathBuf>, ScheduledError> {
        let folder = |source| ScheduledError::Folder { folder: self.config.folder.clone(), source };
        let newest = self.made()?.into_iter().rfind(|made| *made <= now);
        if newest.is_some_and(|made| now.duration_since(made) < self.config.every) {
            return Ok(None);
        }
        std::fs::create_dir_all(&self.config.folder).map_err(folder)?;
        self.clear_unfinished().map_err(folder)?;
        let file = self.path_of(now);
        store.back_up(&file)?;
        let made = self.made()?;
        let old = made.iter().take(made.len().saturating_sub(self.config.kept));
        // After a clock was put back the one just made may bear the earliest time.
        for old in old.map(|made| self.path_of(*made)).filter(|old| *old != file) {
            if is_database(&old) {
                std::fs::remove_file(old).map_err(folder)?;
            } else {
                tracing::warn!(file = %old.display(), "is named like a backup and is none; it is left where it is");
            }
        }
        Ok(Some(file))
    }

    /// Removes what a process left that ended in the middle of a backup.
    fn clear_unfinished(&self) -> std::io::Result<()> {
        for entry in std::fs::read_dir(&self.config.folder)? {
            let name = entry?.file_name();
            // As earlier versions of the program named them.
            let ours = name.to_str().and_then(|name| name.split_once(".unfinished"));
            let companion = |rest: &str| ["", "-wal", "-shm", "-journal"].contains(&rest);
            if ours.is_some_and(|(name, rest)| companion(rest) && time_of(Path::new(name)).is_some()) {
                std::fs::remove_file(self.config.folder.join(&name))?;
            }
        }
        Ok(())
    }

    fn path_of(&self, made: Timestamp) -> PathBuf {
        self.config.folder.join(format!("{BEFORE}{}{AFTER}", made.strftime(TIME)))
    }

    /// How long what stands in the backups of the folder stays there, in a sentence; `None` where there are none.
    #[must_use]
    pub fn terms(&self) -> Option<String> {
        let there = self.files().len();
        let (kept, hours) = (self.config.kept, self.config.every.as_hours());
        (there > 0).then(|| {
            format!(
                "The backups in {} hold it until {kept} newer ones are made, at one every {hours} hours; there are {there}.",
                self.config.folder.display()
            )
        })
    }

    /// When the newest backup of the folder was made, as far as it can be read.
    #[must_use]
    pub fn last(&self, now: Timestamp) -> Option<Timestamp> {
        self.made().ok()?.into_iter().rfind(|made| *made <= now)
    }
}

/// Makes backups as they are configured, for as long as it is polled. What goes wrong is logged and tried again.
#[cfg(feature = "bot")]
pub async fn run(mut configured: watch::Receiver<Option<BackupConfig>>, store: Arc<Store>, metrics: Arc<Metrics>) {
    loop {
        let config = configured.borrow_and_update().clone();
        if let Some(config) = config {
            let (records, metrics) = (Arc::clone(&store), Arc::clone(&metrics));
            let kept = tokio::task::spawn_blocking(move || {
                let backups = Backups::of(config);
                let now = Timestamp::now();
                let kept = backups.keep(&records, now);
                if let Some(last) = backups.last(now) {
                    metrics.backup_made(last);
                }
                kept
            });
            match kept.await {
                Ok(Ok(None)) => {}
                Ok(Ok(Some(file))) => tracing::info!(file = %file.display(), "made a backup"),
                Ok(Err(error)) => tracing::error!(%error, "no backup was made; it is tried again in ten minutes"),
                Err(error) => tracing::error!(%error, "no backup was made; it is tried again in ten minutes"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            changed = configured.changed() => {
                if changed.is_err() {
                    // Nobody changes it any more.
                    tokio::time::sleep(BETWEEN_LOOKS).await;
                }
            }
        }
    }
}

/// When a backup was made, by its name; `None` for other files.
fn time_of(file: &Path) -> Option<Timestamp> {
    let time = file.to_str()?.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let time = time.strip_suffix('Z')?;
    let made = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", time).ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(made).ok()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_backup_is_made_when_the_last_is_old_enough_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
        let kept = folder.path().join("kept");
        let backups =
            Backups::of(BackupConfig { folder: kept.clone(), every: SignedDuration::from_hours(24), kept: 2 });
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let keep = |text: &str| backups.keep(&store, at(text)).unwrap().is_some();
        assert!(keep("2026-11-20T10:00:00Z"));
        // Of the folder's other files none is touched.
        std::fs::write(kept.join("onrecord-notes.db"), "mine").unwrap();
        std::fs::write(kept.join("onrecord-20200101T000000Z.txt"), "mine").unwrap();
        std::fs::write(kept.join("onrecord-20261120T100001Z.db.unfinished"), "half").unwrap();
        std::fs::write(kept.join("onrecord-20261120T100001Z.db.unfinished.txt"), "mine").unwrap();
        std::fs::write(kept.join("onrecord-20200101T000000Z.db"), "mine, whatever its name").unwrap();
        assert!(!keep("2026-11-21T09:59:59Z"));
        assert!(keep("2026-11-21T10:00:00Z"));
        assert!(keep("2026-11-23T00:00:00Z"));
        assert_eq!(
            names(&kept),
            [
                "onrecord-20200101T000000Z.db",
                "onrecord-20200101T000000Z.txt",
                "onrecord-20261120T100001Z.db.unfinished.txt",
                "onrecord-20261121T100000Z.db",
                "onrecord-20261123T000000Z.db",
                "onrecord-notes.db"
            ]
        );
        // After the clock was put back, backups go on.
        assert!(keep("2026-11-20T00:00:00Z"));
        assert!(names(&kept).contains(&"onrecord-20261120T000000Z.db".to_owned()));
    }
}
