//! What can go wrong in opening and in using the store, and how a person is told.

use std::path::PathBuf;

use rusqlite::{Error as SqliteError, ErrorCode};

use crate::model::{ChangeId, FieldConflict, Identity, Role, ledger::Refusal};

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

    /// What a failure of the store means for a database that is being opened.
    pub(super) fn from_store(path: &std::path::Path, error: StoreError) -> Self {
        let path = path.to_owned();
        match error {
            StoreError::Sqlite(error) => Self::from_sqlite(&path, error),
            StoreError::Busy => Self::Locked { path },
            StoreError::Full => Self::Full { path },
            StoreError::Disk(reason) => Self::Disk { path, reason },
            StoreError::Damaged(_) => Self::Damaged { path },
            StoreError::ReadOnly => {
                Self::Inaccessible { path, reason: "it can only be read".to_owned(), read_only: true }
            }
            other => Self::Migration { path, source: SqliteError::ToSqlConversionFailure(Box::new(other)) },
        }
    }

    pub(super) const fn is_read_only(&self) -> bool {
        matches!(self, Self::Inaccessible { read_only: true, .. })
    }
}

/// Why the store couldn't do what was asked. A change that fails leaves nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule of the records is broken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such change.
    #[error("there is no change {0}")]
    NoSuchChange(ChangeId),
    /// The change was decided before.
    #[error("the change {0} was decided before")]
    AlreadyDecided(ChangeId),
    /// A change must be decided by someone other than its author.
    #[error("a change is decided by someone other than its author ({0})")]
    OwnChange(Identity),
    /// Someone lacks a role, at the moment at which it is done.
    #[error("that needs the role {needed}, and yours is {has}")]
    NeedsRole {
        /// The role that is needed.
        needed: Role,
        /// The role that they have.
        has: Role,
    },
    /// An admin of the configuration keeps the role whatever other admins say.
    #[error("{0} is an admin by ONRECORD_ADMINS; only whoever runs the bot can change that")]
    ConfiguredAdmin(Identity),
    /// Self-approval is for those who are alone.
    #[error("ONRECORD_SOLO allows to approve one's own proposals only where there is one reviewer, and there are more")]
    NotAlone,
    /// What was proposed contradicts what others changed in the meantime.
    #[error("the change {0} contradicts what was changed in the meantime")]
    Conflict(ChangeId, Vec<FieldConflict>),
    /// The proposal is another than the one that the reviewer looked at.
    #[error("{0} is not what you looked at any more: its author changed it, or what was approved since did")]
    Amended(ChangeId),
    /// The reviewer hasn't looked at the proposal.
    #[error("you have not looked at {0}")]
    NotSeen(ChangeId),
    /// The reviewer has looked at a part of the proposal.
    #[error("you have seen {shown} of the {operations} operations of {change}")]
    PartlySeen {
        /// The change.
        change: ChangeId,
        /// How many of its operations they have seen, from the first on.
        shown: usize,
        /// How many there are.
        operations: usize,
    },
    /// The change is not what this program wrote last.
    #[error(
        "the change {0} was altered outside of this program; nothing was done. onrecord verify tells what else is, and a backup has it as it was"
    )]
    Altered(ChangeId),
    /// The change waits for its author.
    #[error("the change {0} waits for its author, who was asked to change something")]
    Returned(ChangeId),
    /// Only its author may do that.
    #[error("only the author of {0} may do that")]
    NotAuthor(ChangeId),
    /// Another reviewer works on the change.
    #[error("{1} works on the change {0}")]
    Claimed(ChangeId, Identity),
    /// There is no suggestion of this number that waits.
    #[error("no suggestion {0} waits")]
    NoSuchSuggestion(i64),
    /// Admins are heard by whatever they did.
    #[error("{0} is an admin, or the same person as one, and can't be blocked; take the role first")]
    IsAdmin(Identity),
    /// Whoever sits at the machine needs no bot.
    #[error("{0} is no account of a chat; whoever sits at the machine can't be blocked")]
    OfTheMachine(Identity),
    /// Nothing to lift.
    #[error("{0} isn't blocked")]
    NotBlocked(Identity),
    /// Someone has proposed the very same, and it waits.
    #[error("you have proposed the very same in {0}, which waits; change that one with amend, or withdraw it first")]
    Repeated(ChangeId),
    /// Someone has proposed more than anyone can look at.
    #[error(
        "{0} of your proposals wait, as many as one person may have; withdraw one, or wait until some were decided on"
    )]
    TooManyProposals(usize),
    /// Someone has begun more forms than they can fill in.
    #[error("you have begun {0} forms, as many as one person may; hand one in or write cancel where you began it")]
    TooManyForms(usize),
    /// Someone has handed in more than anyone can look at.
    #[error("as many of your suggestions wait as one person may have; ask again when some were looked at")]
    TooManySuggestions,
    /// Someone has handed in too many within a day.
    #[error("you have handed in as many links within 24 hours as one person may; ask again tomorrow")]
    TooManyToday,
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
fn is_no_room(error: &SqliteError) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

impl From<SqliteError> for StoreError {
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
