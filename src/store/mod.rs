//! The store: records, changes and what was decided about them, in one SQLite file.
//!
//! This is the only place with SQL. One thread owns the only connection that writes (and folds the
//! write-ahead log into the file, where no other process does); readers have connections of their own
//! that can't write.
//! Records change only through an approved change, in one transaction.

mod acts;
mod backup;
mod database;
mod error;
mod failure;
mod history;
mod links;
mod open_error;
mod outbox;
mod records;
mod refusal;
mod review;
mod schema;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

pub use acts::block_list::{BlockInForce, BlockList};
pub use acts::community_settings::CommunitySettings;
pub use acts::deeds::{ActKind, Channels, Deed};
pub use acts::journal::Act;
pub use acts::people::RoleHolder;
pub use backup::copies::{BackupError, Contents, Restored, is_database, restore};
pub use backup::leftovers::{Leftover, LeftoverOrigin, leftovers};
pub use database::checkpoints::LogKeeper;
pub use database::condition::Condition;
pub use database::ownership::hand_over;
pub use database::readers::Reader;
pub use database::size::Backlog;
pub use error::StoreError;
pub use failure::Failure;
pub use history::chain::{AuditLine, Sealed};
pub use history::hash::BEGINNING;
pub use history::heads::{Chain, Head};
pub use history::of_record::HistoryItem;
pub use history::verification::Verified;
pub use links::SourceLink;
pub use open_error::OpenError;
pub use outbox::answer_pages::AnswerPage;
pub use outbox::deliveries::ask_id;
pub use outbox::delivery::{AsOf, Delivery};
pub use outbox::due_edits::DueEdit;
pub use outbox::due_posts::{Post, PostTarget};
pub use outbox::undecryptable::UndecryptableMessage;
pub use outbox::watches::{Watch, Watcher};
pub use records::browse::{Counts, EntityCard, EntitySummary, PublisherSummary};
pub use records::entity_ref::EntityRef;
pub use records::entry_views::{CitationView, EntryView, ResponseView, SourceView, Vetted};
pub use records::feed::{EntityNames, StatementText};
pub use records::gaps::{GapCounts, Missing, RecordGap};
pub use records::lookup::SourceAddresses;
pub use refusal::Refusal;
pub use review::fitting::Fitted;
pub use review::looks::Look;
pub use review::messages::ReviewMessage;
pub use review::pending::Proposed;
pub use review::proposals::{CLAIM, Submission, Waiting};
pub use review::suggestions::Suggestion;
pub use schema::migrations::{MIGRATIONS, Migration};

use database::checkpoints::Log;
use database::condition::Conditions;
use database::open_files::OpenFiles;
use database::readers::Readers;
use database::writer::Writer;

/// The database, open for as long as this value lives.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    files: Arc<OpenFiles>,
    /// Closed before the writer, whose connection, as the last, folds the log into the file.
    readers: Readers,
    /// Empty where the file can only be read, or nothing was written yet.
    writer: OnceLock<Writer>,
    condition: Arc<Conditions>,
    /// Whether the writer is opened when it is first needed.
    opens_later: bool,
}

impl Store {
    /// Whether there is a database at `path`, or anything else that isn't an empty file.
    #[must_use]
    pub fn is_there(path: &Path) -> bool {
        database::connection::is_there(path)
    }

    /// Opens the database at `path`, makes it if there is none, and brings it up to date.
    ///
    /// A file that can't be written is opened for reading, as long as it is up to date; then
    /// [`Store::is_writable`] says so and every change is refused.
    ///
    /// # Errors
    /// When the file is not one of ours, is damaged, was written by a newer program, or can't be
    /// opened at all.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, MIGRATIONS)
    }

    /// As [`Store::open`], for a process that keeps the log for as long as it runs, as a bot does.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as_keeper(path: &Path, keeper: Option<LogKeeper>) -> Result<Self, OpenError> {
        database::connection::begin(path)?;
        Self::open_existing_with(path, keeper, MIGRATIONS)
    }

    /// As [`Store::open`], with migrations other than the program's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(path: &Path, migrations: &[Migration]) -> Result<Self, OpenError> {
        database::connection::begin(path)?;
        Self::open_existing_with(path, None, migrations)
    }

    /// As [`Store::open`], for those who begin no database.
    ///
    /// # Errors
    /// As [`Store::open`], and when there is no database.
    pub fn open_existing(path: &Path) -> Result<Self, OpenError> {
        database::connection::check_there(path)?;
        Self::open_existing_with(path, None, MIGRATIONS)
    }

    fn open_existing_with(path: &Path, keeper: Option<LogKeeper>, migrations: &[Migration]) -> Result<Self, OpenError> {
        let condition = Arc::<Conditions>::default();
        let opened = OpenFiles::open(path, || {
            database::connection::open_for_writing(path, |found| schema::comparison::check(found, path, migrations))
        });
        let (writer, files, access) = match opened {
            Ok((mut connection, files)) => {
                let prepared = prepare(&mut connection, path, keeper.is_some(), migrations);
                let log = Log::new(path, keeper);
                if let Err(error) = prepared {
                    log.close(connection);
                    return Err(error);
                }
                let files = Arc::new(files);
                let writer = Writer::start(connection, Arc::clone(&files), log, Arc::clone(&condition));
                (OnceLock::from(writer), files, database::connection::Access::Shared)
            }
            Err(error) if error.is_read_only() => {
                let access = database::connection::read_only_access(path);
                let (connection, files) =
                    OpenFiles::open(path, || database::connection::open_for_reading(path, access))?;
                schema::migrations::check_up_to_date(&connection, path, migrations)?;
                tracing::warn!(database = %path.display(), "the database can only be read");
                (OnceLock::new(), Arc::new(files), access)
            }
            Err(error) => return Err(error),
        };
        let readers = Readers::new(path, access, Arc::clone(&files), Arc::clone(&condition));
        Ok(Self { path: path.to_owned(), files, readers, writer, condition, opens_later: false })
    }

    /// Opens a database that is there and up to date for those who mostly ask. What another process
    /// changes is seen. Whoever writes nothing never becomes a second writer beside a running bot; the
    /// writer is opened with the first thing that is to be written. A file that nobody has opened for
    /// writing yet, as a backup that was copied to its place by hand, can only be read so.
    ///
    /// # Errors
    /// As [`Store::open`], and when there is no database or it is not up to date.
    pub fn open_for_reading(path: &Path) -> Result<Self, OpenError> {
        let store = Self::only_read(path, database::connection::Access::Shared)?;
        // A file that isn't written through the log yet can't be switched to it while someone reads.
        let is_logged = store.reader().and_then(|reader| Ok(database::connection::is_logged(reader.connection()?)?));
        Ok(Self { opens_later: is_logged.is_ok_and(|is_logged| is_logged), ..store })
    }

    /// Opens a database that is there and up to date for those who write nothing at all.
    ///
    /// # Errors
    /// As [`Store::open_for_reading`].
    pub fn open_read_only(path: &Path) -> Result<Self, OpenError> {
        database::connection::check_there(path)?;
        match Self::only_read(path, database::connection::Access::Shared) {
            // Nothing can be written beside it, not even the log's index.
            Err(error) if error.is_read_only() => Self::only_read(path, database::connection::read_only_access(path)),
            opened => opened,
        }
    }

    fn only_read(path: &Path, access: database::connection::Access) -> Result<Self, OpenError> {
        let (connection, files) = OpenFiles::open(path, || {
            let connection = database::connection::open_for_reading(path, access)?;
            schema::migrations::check_up_to_date(&connection, path, MIGRATIONS)?;
            Ok(connection)
        })?;
        let (condition, files) = (Arc::<Conditions>::default(), Arc::new(files));
        // It stays open, so that nobody takes the log away in between.
        let readers = Readers::new(path, access, Arc::clone(&files), Arc::clone(&condition)).beginning_with(connection);
        let writer = OnceLock::new();
        Ok(Self { path: path.to_owned(), files, readers, writer, condition, opens_later: false })
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether changes can be written, as far as is known: a disk that fails shows in [`Store::condition`].
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.opens_later || self.writer.get().is_some()
    }

    /// What the disk lets the store do, as the last who tried found it. Costs nothing.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.condition.now()
    }

    /// Takes note of a failure that someone met with. From damage on, nothing is read or written any more.
    pub fn note(&self, failure: &Failure) {
        // A reader that meets with a disk that fails says nothing of whether it can be written.
        if matches!(failure, Failure::Damaged(_)) {
            self.condition.note(failure);
        }
    }

    /// A reader that sees the database as it stands now, for as long as the reader lives.
    ///
    /// # Errors
    /// [`Failure::Busy`] when all readers are at work and none is free in time.
    pub fn reader(&self) -> Result<Reader<'_>, Failure> {
        self.readers.take()
    }

    fn writer(&self) -> Result<&Writer, Failure> {
        if let Some(writer) = self.writer.get() {
            return Ok(writer);
        }
        if !self.opens_later {
            return Err(Failure::ReadOnly);
        }
        self.files.check()?;
        let examine = |found: &rusqlite::Connection| schema::comparison::check(found, &self.path, MIGRATIONS);
        let connection = database::connection::open_for_writing(&self.path, examine).map_err(|error| match error {
            OpenError::Locked { .. } => Failure::Busy,
            OpenError::Full { .. } => Failure::Full,
            OpenError::Disk { reason, .. } => Failure::Disk(reason),
            error @ (OpenError::NotADatabase { .. } | OpenError::Damaged { .. } | OpenError::Altered { .. }) => {
                Failure::Damaged(error.to_string())
            }
            error if error.is_read_only() => Failure::ReadOnly,
            error => Failure::Disk(error.to_string()),
        })?;
        self.files.check()?;
        let log = Log::new(&self.path, None);
        schema::tally::watch(&connection)?;
        // Whoever comes second throws theirs away.
        let _ = self.writer.set(Writer::start(connection, Arc::clone(&self.files), log, Arc::clone(&self.condition)));
        self.writer.get().ok_or(Failure::Busy)
    }

    /// The version of SQLite that the program carries.
    #[must_use]
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }
}

/// Brings a database up to date that was opened for writing.
fn prepare(
    connection: &mut rusqlite::Connection,
    path: &Path,
    is_keeper: bool,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    // Nobody's schema is changed under a bot that runs.
    let is_to_be_alone = !is_keeper && schema::migrations::is_earlier(connection, path, migrations)?;
    let _alone = if is_to_be_alone { LogKeeper::take(path)? } else { None };
    schema::migrations::bring_up_to_date(connection, path, migrations)?;
    schema::tally::watch(connection).map_err(|error| OpenError::from_failure(path, error))
}
