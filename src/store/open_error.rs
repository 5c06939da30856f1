//! Why a database can't be opened, and how a person is told.

use std::path::PathBuf;

use rusqlite::{Error as SqliteError, ErrorCode};

use super::failure::{Failure, is_no_room};

/// Why a database can't be opened. Nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no database, and whoever asked begins none.
    #[error(
        "there is no database at {}; look whether ONRECORD_DATABASE names the right file and its disk is there. Only the console, a question and a bot begin a new one", .path.display()
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// A bot has the database.
    #[error("a bot runs on {} already; stop it first, or name another database in ONRECORD_DATABASE", .path.display())]
    Kept {
        /// The file.
        path: PathBuf,
    },
    /// SQLite says that the file is no database.
    #[error("{} is not a database; name another file in ONRECORD_DATABASE", .path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A SQLite database of some other program.
    #[error("{} belongs to another program; name another file in ONRECORD_DATABASE", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// SQLite found the file damaged.
    #[error("{} is damaged; put the newest backup in its place: onrecord restore FILE keeps the damaged one", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The schema of the file is not the one that the program's migrations make.
    #[error(
        "{} is not built as this program builds it: {}; nothing was changed. Put the newest backup in its place: onrecord restore FILE keeps this one, for whoever asks how that came about", .path.display(), .differences.join("; ")
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// How it differs.
        differences: Vec<String>,
    },
    /// The database has migrations that this program doesn't know.
    #[error(
        "{} was written by a newer version of the program (its schema is {found}, this program knows {known}); install that version or restore an older backup", .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema version found.
        found: u32,
        /// The newest schema version that the program knows.
        known: u32,
    },
    /// A migration that was applied is no longer the one that the program carries.
    #[error(
        "migration {version} ({name}) is not the one that {} was made with; a migration that was released is never edited: restore its file and write a new one", .path.display()
    )]
    EditedMigration {
        /// The file.
        path: PathBuf,
        /// The migration's number.
        version: u32,
        /// The migration's name.
        name: String,
    },
    /// The database is older than the program, and whoever asked can't bring it up to date.
    #[error(
        "{} is of an earlier version of the program and must be brought up to date first: make it writable and start the bot or the console once", .path.display()
    )]
    Outdated {
        /// The file.
        path: PathBuf,
    },
    /// The database is older than the program, and whoever opens it must change nothing.
    #[error(
        "{} was written by an earlier version of the program; start the console or the bot once, which copies it and brings it up to date. Nothing was changed", .path.display()
    )]
    Earlier {
        /// The file.
        path: PathBuf,
    },
    /// Another process holds a lock.
    #[error("{} is locked by another process; stop that one or wait until it is done", .path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("there is no room on the disk for {}; free some and start again", .path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The system can't read or write the file.
    #[error("the disk of {} can't be read or written ({reason}); nothing was changed, look at the disk and start again", .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// The file can't be opened or made.
    #[error("{} can't be opened: {reason}", .path.display())]
    Inaccessible {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// Whether the reason is only that it can't be written.
        read_only: bool,
    },
    /// The copy that is made before an upgrade can't be written.
    #[error(
        "the copy of the database before its upgrade can't be written to {}: {reason}; nothing was changed, make room and start again", .copy.display()
    )]
    Copy {
        /// Where the copy should go.
        copy: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Anything else, which is a fault of ours.
    #[error("{} can't be brought up to date: {source}", .path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: SqliteError,
    },
}

impl OpenError {
    /// What SQLite's answer means for a database that is being opened.
    pub(super) fn from_sqlite(path: &std::path::Path, error: SqliteError) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(_) if is_no_room(&error) => Self::Full { path },
            Some(ErrorCode::SystemIoFailure) => Self::Disk { path, reason: error.to_string() },
            Some(ErrorCode::ReadOnly) => {
                Self::Inaccessible { path, reason: "it can only be read".to_owned(), read_only: true }
            }
            // A file that is there but can't be opened may still be readable.
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Inaccessible {
                reason: "its folder is missing or may not be written".to_owned(),
                read_only: path.is_file(),
                path,
            },
            _ => Self::Migration { path, source: error },
        }
    }

    /// What a failure means for a database that is being opened.
    pub(super) fn from_failure(path: &std::path::Path, error: Failure) -> Self {
        let path = path.to_owned();
        match error {
            Failure::Sqlite(error) => Self::from_sqlite(&path, error),
            Failure::Busy => Self::Locked { path },
            Failure::Full => Self::Full { path },
            Failure::Disk(reason) => Self::Disk { path, reason },
            Failure::Damaged(_) => Self::Damaged { path },
            Failure::ReadOnly => Self::Inaccessible { path, reason: "it can only be read".to_owned(), read_only: true },
            other => Self::Migration { path, source: SqliteError::ToSqlConversionFailure(Box::new(other)) },
        }
    }

    pub(super) const fn is_read_only(&self) -> bool {
        matches!(self, Self::Inaccessible { read_only: true, .. })
    }
}
