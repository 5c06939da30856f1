//! Faults that nobody who asks can do anything about: of the disk, the file, the load, or the program.

use rusqlite::{Error as SqliteError, ErrorCode};

/// Why the store couldn't do its work. A change that fails leaves nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A proposal without operations.
    #[error("the change has no operations")]
    Empty,
    /// All readers were at work, or another process held a lock, for too long.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// A question took longer than its deadline.
    #[error("the question takes too long; narrow it")]
    Deadline,
    /// The file can only be read.
    #[error("the database can only be read; nothing was changed")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full; nothing was changed; free some room and try again")]
    Full,
    /// The system can't read or write the file.
    #[error("the disk can't be read or written ({0}); nothing was changed")]
    Disk(String),
    /// The database's files aren't where they were opened any more: what is written goes with the process.
    #[error(
        "{0}, so nothing can be kept; put it back under its name, or stop the program and put the newest backup in its place: onrecord restore FILE"
    )]
    Displaced(String),
    /// SQLite found the file damaged: nothing that is read from it can be relied on.
    #[error(
        "the database is damaged ({0}); nothing was changed; put the newest backup in its place: onrecord restore FILE"
    )]
    Damaged(String),
    /// Something on record is not as this program writes it; the rest can be read.
    #[error("something on record can't be read: {0}; onrecord verify tells whether the database is damaged")]
    Unreadable(String),
    /// Anything else, which is a fault of ours.
    #[error("the database failed: {0}")]
    Sqlite(#[source] SqliteError),
}

/// Whether there was no room for the log's index, which SQLite calls an error of the disk (SQLite, "Result and Error
/// Codes", SQLITE_IOERR_SHMSIZE).
pub(super) fn is_no_room(error: &SqliteError) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

impl From<SqliteError> for Failure {
    fn from(error: SqliteError) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::OperationInterrupted) => Self::Deadline,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(_) if is_no_room(&error) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::SystemIoFailure) => Self::Disk(error.to_string()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => match error {
                // A stored text that breaks a rule of the model was not written by this program.
                SqliteError::FromSqlConversionFailure(..)
                | SqliteError::InvalidColumnType(..)
                | SqliteError::IntegralValueOutOfRange(..)
                | SqliteError::Utf8Error(..) => Self::Unreadable(error.to_string()),
                error => Self::Sqlite(error),
            },
        }
    }
}
