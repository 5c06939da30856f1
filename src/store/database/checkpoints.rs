//! Who folds the write-ahead log into the database's file (checkpoints): one process at a time.
//!
//! Two that do so at once can damage the file: SQLite up to 3.51.2 has a bug there (SQLite, "Write-Ahead Logging", "The
//! WAL-Reset Bug"). So SQLite never does it by itself here. Whoever holds the lock beside the database may: a bot holds
//! it for as long as it runs, which is also how a second bot on the same database is noticed; everyone else takes it for
//! a moment, and leaves the log as it is where that can't be had. The kernel gives the lock back when a process ends,
//! however it ends. Where Litestream replicates the database it is the only one, and nobody here does it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::ErrorKind,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, config::DbConfig};

use crate::files::{beside, create_private};
use crate::store::{
    backup::replication, database::connection::BUSY_TIMEOUT, database::ownership::Ownership, failure::Failure,
    open_error::OpenError,
};

/// What the lock's name ends with, behind the database's.
const LOCK: &str = ".lock";

/// How long those wait who can't do without the lock. Others than bots have it for the time of a checkpoint.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The same for those who could leave the log to whoever comes next.
const AT_THE_END: Duration = Duration::from_millis(500);

/// How long between two looks whether the lock is free.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// From which size on the log is folded in, in bytes: a thousand pages, as SQLite has it.
const LARGE: u64 = 4 * 1024 * 1024;

/// How long after one fold a process that keeps the log makes the next, so that what others wrote, or purged, doesn't
/// stay in the log for as long as nobody writes.
const BETWEEN_FOLDS: Duration = Duration::from_secs(60);

/// The lock, held for as long as this value lives.
#[derive(Debug)]
pub struct LogKeeper(#[expect(dead_code, reason = "the lock is given back when the file is closed")] File);

impl LogKeeper {
    /// Takes the lock of the database at `path` for a process that keeps the log for as long as it runs. `None` where no
    /// lock can be made, as the disk can only be read; then nothing can be written either.
    ///
    /// # Errors
    /// When another process has it: a bot that runs already.
    pub fn take(path: &Path) -> Result<Option<Self>, OpenError> {
        match wait_for(path, TIMEOUT) {
            Ok(Some(kept)) => Ok(Some(kept)),
            Ok(None) => Err(OpenError::Kept { path: path.to_owned() }),
            Err(error) if is_unwritable(&error) => Ok(None),
            // Opening the database says what is the matter with the folder.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == ErrorKind::StorageFull => Err(OpenError::Full { path: path.to_owned() }),
            Err(error) => {
                Err(OpenError::Inaccessible { path: beside(path, LOCK), reason: error.to_string(), read_only: false })
            }
        }
    }
}

fn is_unwritable(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// The lock, if it can be had within this time.
fn wait_for(path: &Path, patience: Duration) -> std::io::Result<Option<LogKeeper>> {
    let file = open(&beside(path, LOCK), path)?;
    let give_up = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(LogKeeper(file))),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= give_up => return Ok(None),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_LOOKS),
        }
    }
}

/// Opens the lock's file, and makes it if there is none: the database owner's, as that one must be able to open it, too.
fn open(lock: &Path, database: &Path) -> std::io::Result<File> {
    match create_private(lock) {
        Ok(file) => {
            let owner = Ownership::of(database).or_else(|_| Ownership::of_new(lock))?;
            // Whoever isn't root made a file that is their own.
            let _ = owner.give(lock);
            Ok(file)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => OpenOptions::new().write(true).open(lock),
        Err(error) => Err(error),
    }
}

/// The log of one database, as the writer's thread sees it.
#[derive(Debug)]
pub(in crate::store) struct Log {
    path: PathBuf,
    kept: Option<LogKeeper>,
    folded: Instant,
}

impl Log {
    pub(in crate::store) fn new(path: &Path, kept: Option<LogKeeper>) -> Self {
        Self { path: path.to_owned(), kept, folded: Instant::now() }
    }

    /// How long until it is to be looked at again, where this process keeps it.
    pub(in crate::store) fn due_in(&self) -> Option<Duration> {
        self.kept.as_ref().map(|_| BETWEEN_FOLDS.saturating_sub(self.folded.elapsed()))
    }

    /// Folds the log in if it is large or, where this process keeps it, has lain for long. What readers still need stays
    /// for the next time, and so does everything where another process keeps the log.
    pub(in crate::store) fn look_after(&mut self, connection: &Connection) {
        let size = std::fs::metadata(beside(&self.path, "-wal")).map_or(0, |log| log.len());
        let has_lain = self.due_in().is_some_and(|left| left.is_zero());
        if !has_lain && size < LARGE {
            return;
        }
        self.folded = Instant::now();
        if size == 0 {
            return;
        }
        let folded = connection
            .busy_timeout(Duration::ZERO)
            .map_err(Failure::from)
            .and_then(|()| self.empty_within(connection, Duration::ZERO));
        let _ = connection.busy_timeout(BUSY_TIMEOUT);
        match folded {
            // A reader or another process is at it.
            Ok(()) | Err(Failure::Busy) => {}
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be folded into the database"),
        }
    }

    /// Folds the log into the file and empties it.
    ///
    /// # Errors
    /// [`Failure::Busy`] where a reader still needs it, or another process keeps it: that one does it within a
    /// minute.
    pub(in crate::store) fn empty(&self, connection: &Connection) -> Result<(), Failure> {
        self.empty_within(connection, AT_THE_END)
    }

    fn empty_within(&self, connection: &Connection, patience: Duration) -> Result<(), Failure> {
        if replication::is_replicated(&self.path) {
            return Err(Failure::Busy);
        }
        let _held = match &self.kept {
            Some(_) => None,
            None => Some(wait_for(&self.path, patience).ok().flatten().ok_or(Failure::Busy)?),
        };
        let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if is_busy { Err(Failure::Busy) } else { Ok(()) }
    }

    /// Closes the connection, and folds the log in as far as no reader needs it. If the connection is the last, the log
    /// goes (SQLite, "sqlite3_close").
    pub(in crate::store) fn close(mut self, connection: Connection) {
        if self.kept.is_none() {
            self.kept = wait_for(&self.path, AT_THE_END).ok().flatten();
        }
        if self.kept.is_none() || replication::is_replicated(&self.path) {
            return;
        }
        // Whoever comes next does what can't be done now.
        let _ = connection.busy_timeout(Duration::ZERO).map(|()| self.empty_within(&connection, Duration::ZERO));
        let _ = close_alone(connection);
    }
}

/// Closes the connection of someone who holds the lock, or whose file nobody else knows, and folds the log in.
pub(in crate::store) fn close_alone(connection: Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.close().map_err(|(_, error)| error)
}
