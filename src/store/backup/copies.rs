//! Copies of the database that were checked: made beside a running bot, and put back.
//!
//! A copy is made in one read transaction (SQLite, "VACUUM INTO"), so writers go on and it is whole;
//! it has its name only once it was synced, read through and its chain recomputed.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::Connection;

use crate::files::{Audience, Existing, Unfinished, beside, identity, resolved};
use crate::store::{
    MIGRATIONS, Store,
    database::checkpoints::{LogKeeper, close_alone},
    database::connection::{self, LOGS},
    database::ownership::Ownership,
    failure::Failure,
    open_error::OpenError,
    schema::comparison,
    schema::migrations,
};

/// How many of the problems of a damaged copy are named.
const NAMED: usize = 3;

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// How many approved changes there are.
    pub changes: usize,
    /// How many records they add up to.
    pub records: usize,
    /// The hash of the last change.
    pub hash: String,
}

/// What became of the database that a backup was put in the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What is on record now.
    pub contents: Contents,
    /// Where the database is that stood there before, if one did.
    pub replaced: Option<PathBuf>,
}

/// Why no copy was made, or none was put back. What was there before is there still.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// The copy and the original are the same file.
    #[error("{} is the database itself; name another file", .0.display())]
    Itself(PathBuf),
    /// The name is taken by a file that isn't one of ours.
    #[error("{} is there already and is no database of this program; name another file", .0.display())]
    Occupied(PathBuf),
    /// The name is taken by a database that is open, or was not closed.
    #[error("{} is a database that is in use, and no backup; name another file", .0.display())]
    NoBackup(PathBuf),
    /// What is to be put back is no backup.
    #[error("{} is no backup of this program; nothing was changed, name another file", .0.display())]
    Strange(PathBuf),
    /// The file can't be opened as a database of this version.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy doesn't hold what it should, so the original does not either.
    #[error("{} is damaged: {}; nothing was changed, use another backup", .path.display(), .problems.join("; "))]
    Unsound {
        /// The original.
        path: PathBuf,
        /// What is wrong with it.
        problems: Vec<String>,
    },
    /// Another process has the database open.
    #[error("{} is in use; stop the bot or console that has it open and try again; nothing was changed", .0.display())]
    InUse(PathBuf),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Failure),
    /// The restored file can't be made the property of whoever owns what it replaces.
    #[error(
        "what is restored can't be given to the owner of {} ({source}); nothing was changed, run this as that user or as root", .path.display()
    )]
    Owner {
        /// What was to be replaced.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file can't be written.
    #[error("{} can't be written: {source}; nothing was changed", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Store {
    /// Copies the database to `file`, while others write to it, and checks the copy: each page, and the
    /// chain of changes. An earlier backup of that name is replaced once the new one was found sound.
    /// On Unix only the owner may read it.
    ///
    /// # Errors
    /// When the copy can't be made or isn't sound; then there is none, and what bore the name stays.
    pub fn back_up(&self, file: &Path) -> Result<Contents, BackupError> {
        if is_same(&self.path, file) {
            return Err(BackupError::Itself(file.to_owned()));
        }
        if file.exists() && !is_database(file) {
            return Err(BackupError::Occupied(file.to_owned()));
        }
        if LOGS.iter().any(|log| beside(file, log).exists()) {
            return Err(BackupError::NoBackup(file.to_owned()));
        }
        // Another file that stands there now is no backup of what is open.
        self.files.check()?;
        let copy = Copy::copy_of(&self.path, self.readers.access(), file)?;
        self.files.check()?;
        let contents = copy.examine(&self.path)?;
        copy.finish(file)?;
        Ok(contents)
    }
}

/// Puts a backup in the place of the database at `path`. The backup stays as it is; one of an earlier
/// version of the program is brought up to date on the way. What stood there is kept beside it under a
/// name that tells when; the new file has its owner, group and mode, so that whoever could open it still can. Where
/// none stood, it is private, and where root restores, the folder's owner's.
///
/// # Errors
/// When the backup is newer than the program, of another program or damaged; when another process has the
/// database open; when the new file can't be given to the owner of the old one. Then nothing was changed.
pub fn restore(backup: &Path, path: &Path, now: Timestamp) -> Result<Restored, BackupError> {
    if !backup.is_file() {
        return Err(BackupError::Missing(backup.to_owned()));
    }
    if is_same(backup, path) {
        return Err(BackupError::Itself(backup.to_owned()));
    }
    // What a link leads to is replaced, not the link.
    let path = &resolved(path).map_err(|source| BackupError::Write { path: path.to_owned(), source })?;
    // A pipe, a device or a folder is no database that could be put aside.
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(BackupError::Occupied(path.to_owned()));
    }
    let access = connection::copy_access(backup);
    // What is wrong is wrong with the backup; the database is what it was.
    let of_the_backup = |error| match error {
        OpenError::NotADatabase { path } | OpenError::Foreign { path } => BackupError::Strange(path),
        OpenError::Damaged { path } => {
            BackupError::Unsound { path, problems: vec!["it can't be read to its end".to_owned()] }
        }
        error => BackupError::Open(error),
    };
    let original = connection::open_for_reading(backup, access).map_err(of_the_backup)?;
    migrations::check_known(&original, backup, MIGRATIONS).map_err(of_the_backup)?;
    // Before any row of it is read: a view, a virtual table or a generated column runs what it is made of.
    comparison::check(&original, backup, MIGRATIONS)?;
    drop(original);
    let copy = Copy::copy_of(backup, access, path)?;
    copy.bring_up_to_date()?;
    let contents = copy.examine(backup)?;
    copy.begin_log()?;
    copy.belong_like(path)?;
    // A bot that runs has it; nobody else folds the log in while this does.
    let _alone = match LogKeeper::take(path) {
        Err(OpenError::Kept { path }) => return Err(BackupError::InUse(path)),
        taken => taken?,
    };
    let replaced = set_aside(path, now)?;
    copy.finish(path)?;
    Ok(Restored { contents, replaced })
}

/// Gives the database at `path`, if there is one, a second name, after everything was folded into the one file. Its
/// own name is taken over by what is renamed to it, so that there is a database at every moment.
fn set_aside(path: &Path, now: Timestamp) -> Result<Option<PathBuf>, BackupError> {
    let kept = free_name(path, now);
    let write = |source| BackupError::Write { path: kept.clone(), source };
    let is_there = path.exists();
    if is_there {
        match fold(path) {
            // What can't be read any more is kept as it is, with what lies beside it.
            Ok(()) | Err(OpenError::NotADatabase { .. } | OpenError::Damaged { .. }) => {}
            Err(OpenError::Locked { .. }) => return Err(BackupError::InUse(path.to_owned())),
            Err(error) => return Err(error.into()),
        }
    }
    // SQLite would take what an earlier database left for the log of the new one.
    for suffix in LOGS {
        match std::fs::rename(beside(path, suffix), beside(&kept, suffix)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(write(error)),
            _ => {}
        }
    }
    if !is_there {
        return Ok(None);
    }
    // Not every file system has second names; there the database is away for a moment.
    std::fs::hard_link(path, &kept).or_else(|_| std::fs::rename(path, &kept)).map_err(write)?;
    Ok(Some(kept))
}

/// A name for what is replaced that nothing bears yet.
fn free_name(path: &Path, now: Timestamp) -> PathBuf {
    let first = beside(path, &format!(".replaced-{}", now.strftime("%Y%m%dT%H%M%SZ")));
    let others = (2..).map(|number| beside(&first, &format!("-{number}")));
    let is_free = |name: &PathBuf| !name.exists() && LOGS.iter().all(|suffix| !beside(name, suffix).exists());
    std::iter::once(first.clone()).chain(others).find(is_free).unwrap_or(first)
}

/// Folds the write-ahead log into the file, which nobody else may have open.
fn fold(path: &Path) -> Result<(), OpenError> {
    let sqlite = |error| OpenError::from_sqlite(path, error);
    // Looked at before it is opened for writing, which clears away the log of a file that can't be read.
    migrations::check_ours(&connection::open_for_reading(path, connection::copy_access(path))?, path)?;
    // It is only set aside, whatever it is.
    let connection = connection::open_for_writing(path, |_| Ok(()))?;
    // Refused as locked where another connection has the file open (SQLite, "PRAGMA journal_mode").
    connection.pragma_update(None, "journal_mode", "DELETE").map_err(sqlite)?;
    close_alone(connection).map_err(sqlite)
}

/// A copy that has no name of its own yet; it goes when it is dropped.
struct Copy(Unfinished);

impl Copy {
    /// Copies the database at `original` to where `target` will be.
    fn copy_of(original: &Path, access: connection::Access, target: &Path) -> Result<Self, BackupError> {
        let write = |source| BackupError::Write { path: target.to_owned(), source };
        let copy = Self(Unfinished::beside(target, Audience::Owner).map_err(write)?);
        let sqlite = |error: rusqlite::Error| match OpenError::from_sqlite(original, error) {
            OpenError::Full { .. } => OpenError::Full { path: target.to_owned() },
            other => other,
        };
        let connection = connection::open_for_copying(original, access)?;
        let name = copy.0.path().to_str().ok_or_else(|| write(std::io::Error::from(ErrorKind::InvalidFilename)))?;
        connection.execute("VACUUM INTO ?1", [name]).map_err(sqlite)?;
        Ok(copy)
    }

    fn bring_up_to_date(&self) -> Result<(), BackupError> {
        let path = self.0.path();
        let mut connection = connection::open_for_writing(path, |found| comparison::check(found, path, MIGRATIONS))?;
        let sqlite = |error| OpenError::from_sqlite(path, error);
        migrations::apply(&mut connection, path, MIGRATIONS)?;
        connection.pragma_update(None, "journal_mode", "DELETE").map_err(sqlite)?;
        close_alone(connection).map_err(sqlite)?;
        Ok(())
    }

    /// Has the copy be written through the log from its first change on. To switch to that it must be nobody else's, and
    /// as soon as it has its name, whoever asks has it open.
    fn begin_log(&self) -> Result<(), OpenError> {
        let path = self.0.path();
        let connection = connection::open_for_writing(path, |found| comparison::check(found, path, MIGRATIONS))?;
        close_alone(connection).map_err(|error| OpenError::from_sqlite(path, error))
    }

    /// Makes the copy the property of whoever owns what it will replace.
    fn belong_like(&self, replaced: &Path) -> Result<(), BackupError> {
        let owner = if replaced.exists() { Ownership::of(replaced) } else { Ownership::of_new(self.0.path()) };
        owner
            .and_then(|owner| owner.give(self.0.path()))
            .map_err(|source| BackupError::Owner { path: replaced.to_owned(), source })
    }

    /// Reads the whole copy, and recomputes its chain. What is wrong is said of `original`.
    fn examine(&self, original: &Path) -> Result<Contents, BackupError> {
        let unsound = |problems| BackupError::Unsound { path: original.to_owned(), problems };
        let connection = connection::open_for_checking(self.0.path(), connection::Access::Shared)?;
        let mut problems = comparison::differences(&connection)
            .and_then(|differences| Ok([differences, integrity(&connection)?].concat()))
            .map_err(|error| unsound(vec![error.to_string()]))?;
        drop(connection);
        if problems.is_empty() {
            let store = Store::only_read(self.0.path(), connection::Access::Immutable)?;
            let verified = store.reader()?.without_deadline().verify_history()?;
            problems = verified.problems;
            if problems.is_empty() {
                return Ok(Contents { changes: verified.changes, records: verified.records, hash: verified.hash });
            }
        }
        problems.truncate(NAMED);
        Err(unsound(problems))
    }

    /// Gives the copy its name, which may be that of an earlier one.
    fn finish(self, file: &Path) -> Result<(), BackupError> {
        let write = |source| BackupError::Write { path: file.to_owned(), source };
        self.0.finish(file, Existing::Replace).map_err(write)
    }
}

/// What is wrong with the file's pages and with what refers to what.
pub(in crate::store) fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    // A count in the table-valued form would be taken for a table's name.
    let mut check = connection.prepare(&format!("PRAGMA integrity_check({NAMED})"))?;
    let found: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let dangling: i64 = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    let dangling = (dangling > 0).then(|| format!("{dangling} rows refer to what is not there"));
    Ok(found.into_iter().filter(|line| line != "ok").chain(dangling).collect())
}

/// Whether a file is a database of this program, of whichever version.
#[must_use]
pub fn is_database(file: &Path) -> bool {
    connection::open_for_reading(file, connection::copy_access(file))
        .is_ok_and(|connection| migrations::check_ours(&connection, file).is_ok())
}

fn is_same(one: &Path, other: &Path) -> bool {
    // Also under a second name.
    let number = |path: &Path| std::fs::metadata(path).ok().and_then(|found| identity(&found));
    let absolute = |path: &Path| std::fs::canonicalize(path).ok();
    let same_place = one == other || absolute(one).is_some_and(|one| Some(one) == absolute(other));
    same_place || number(one).is_some_and(|one| Some(one) == number(other))
}
