//! The store: records, changes and what was decided about them, in one SQLite file.
//!
//! This is the only place with SQL. One thread owns the only connection that writes (and alone
//! checkpoints the write-ahead log); readers have connections of their own that can't write.
//! Records change only through an approved change, in one transaction.

mod acts;
mod administration;
mod amendments;
mod backup;
mod blocks;
mod browse;
mod chain;
mod changes;
mod communities;
mod condition;
mod connection;
mod deliveries;
mod dialogues;
mod entries;
mod entry_cache;
mod error;
mod feed;
mod history;
mod keyless;
mod load;
mod lookup;
mod migrate;
mod pages;
mod people;
mod posts;
mod proposed;
mod purge;
mod readers;
mod records;
mod replication;
mod review;
mod review_messages;
mod row;
mod save;
mod schema;
mod state;
mod suggestions;
mod versions;
mod watches;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

pub use acts::{Act, ActKind};
pub use amendments::Amendment;
pub use backup::{BackupError, Contents, Restored, restore};
pub use blocks::{Block, Unheard};
pub use browse::{Counts, EntityCard, EntitySummary, PublisherSummary};
pub use chain::{AuditLine, BEGINNING, Sealed, Verified};
pub use communities::CommunitySettings;
pub use condition::Condition;
pub use deliveries::{AsOf, Delivery, ask_id};
pub use entries::{CitationView, EntityRef, EntryView, ResponseView, SourceView, Vetted};
pub use error::{OpenError, StoreError};
pub use feed::{EntityNames, StatementText};
pub use history::HistoryItem;
pub use keyless::KeylessMessage;
pub use migrate::{MIGRATIONS, Migration};
pub use pages::AnswerPage;
pub use people::RoleHolder;
pub use posts::{Place, Post};
pub use proposed::Proposed;
pub use readers::Reader;
pub use review::{CLAIM, Fitted, Submission, Waiting};
pub use review_messages::ReviewMessage;
pub use state::Backlog;
pub use suggestions::Suggestion;
pub use watches::{Watch, Watcher};

use condition::Conditions;
use readers::Readers;
use writer::Writer;

/// The database, open for as long as this value lives.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    /// Closed before the writer, whose connection, as the last, folds the log into the file.
    readers: Readers,
    /// Empty where the file can only be read, or nothing was written yet.
    writer: OnceLock<Writer>,
    condition: Arc<Conditions>,
    /// Whether the writer is opened when it is first needed.
    opens_later: bool,
}

impl Store {
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

    /// As [`Store::open`], with migrations other than the program's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(path: &Path, migrations: &[Migration]) -> Result<Self, OpenError> {
        let condition = Arc::<Conditions>::default();
        let (writer, access) = match connection::open_for_writing(path, |found| schema::check(found, path, migrations))
        {
            Ok(mut connection) => {
                migrate::bring_up_to_date(&mut connection, path, migrations)?;
                chain::begin(&mut connection)
                    .and_then(|()| acts::begin(&mut connection))
                    .map_err(|error| OpenError::from_sqlite(path, error))?;
                let writer = Writer::start(connection, Arc::clone(&condition));
                (OnceLock::from(writer), connection::Access::Shared)
            }
            Err(error) if error.is_read_only() => {
                let access = connection::read_only_access(path);
                let connection = connection::open_for_reading(path, access)?;
                migrate::check_up_to_date(&connection, path, migrations)?;
                tracing::warn!(database = %path.display(), "the database can only be read");
                (OnceLock::new(), access)
            }
            Err(error) => return Err(error),
        };
        let readers = Readers::new(path, access, Arc::clone(&condition));
        Ok(Self { path: path.to_owned(), readers, writer, condition, opens_later: false })
    }

    /// Opens a database that is there and up to date for those who mostly ask. What another process
    /// changes is seen. Whoever writes nothing never becomes a second writer beside a running bot; the
    /// writer is opened with the first thing that is to be written.
    ///
    /// # Errors
    /// As [`Store::open`], and when there is no database or it is not up to date.
    pub fn open_for_reading(path: &Path) -> Result<Self, OpenError> {
        let access = connection::Access::Shared;
        let connection = connection::open_for_reading(path, access)?;
        migrate::check_up_to_date(&connection, path, MIGRATIONS)?;
        let condition = Arc::<Conditions>::default();
        let readers = Readers::new(path, access, Arc::clone(&condition));
        Ok(Self { path: path.to_owned(), readers, writer: OnceLock::new(), condition, opens_later: true })
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
    pub fn note(&self, error: &StoreError) {
        // A reader that meets with a disk that fails says nothing of whether it can be written.
        if matches!(error, StoreError::Damaged(_)) {
            self.condition.note(error);
        }
    }

    /// A reader that sees the database as it stands now, for as long as the reader lives.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when all readers are at work and none is free in time.
    pub fn reader(&self) -> Result<Reader<'_>, StoreError> {
        self.readers.take()
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        if let Some(writer) = self.writer.get() {
            return Ok(writer);
        }
        if !self.opens_later {
            return Err(StoreError::ReadOnly);
        }
        let examine = |found: &rusqlite::Connection| schema::check(found, &self.path, MIGRATIONS);
        let connection = connection::open_for_writing(&self.path, examine).map_err(|error| match error {
            OpenError::Locked { .. } => StoreError::Busy,
            OpenError::Full { .. } => StoreError::Full,
            OpenError::Disk { reason, .. } => StoreError::Disk(reason),
            error @ (OpenError::NotADatabase { .. } | OpenError::Damaged { .. } | OpenError::Altered { .. }) => {
                StoreError::Damaged(error.to_string())
            }
            error if error.is_read_only() => StoreError::ReadOnly,
            error => StoreError::Disk(error.to_string()),
        })?;
        // The bot beside this process checkpoints; two of them would only wait for each other.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        // Whoever comes second throws theirs away.
        let _ = self.writer.set(Writer::start(connection, Arc::clone(&self.condition)));
        self.writer.get().ok_or(StoreError::Busy)
    }

    /// The version of SQLite that the program carries.
    #[must_use]
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }
}
