//! The store: records, changes and what was decided about them, in one SQLite file.
//!
//! This is the only place with SQL. One thread owns the only connection that writes (and alone
//! checkpoints the write-ahead log); readers have connections of their own that can't write.
//! Records change only through an approved change, in one transaction.

mod browse;
mod changes;
mod communities;
mod connection;
mod deliveries;
mod entries;
mod error;
mod feed;
mod history;
mod load;
mod migrate;
mod readers;
mod records;
mod row;
mod save;
mod writer;

use std::path::{Path, PathBuf};

pub use browse::{Counts, EntityCard, EntitySummary, PublisherSummary};
pub use communities::CommunitySettings;
pub use deliveries::{Delivery, ask_id};
pub use entries::{CitationView, EntityRef, EntryView, ResponseView, SourceView, Vetted};
pub use error::{OpenError, StoreError};
pub use feed::{EntityNames, StatementText};
pub use history::HistoryItem;
pub use migrate::{MIGRATIONS, Migration};
pub use readers::Reader;

use readers::Readers;
use writer::Writer;

/// The database, open for as long as this value lives.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    /// Closed before the writer, whose connection, as the last, folds the log into the file.
    readers: Readers,
    /// Absent where the file can only be read.
    writer: Option<Writer>,
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
        let (writer, access) = match connection::open_for_writing(path) {
            Ok(mut connection) => {
                migrate::bring_up_to_date(&mut connection, path, migrations)?;
                (Some(Writer::start(connection)), connection::Access::Shared)
            }
            Err(error) if error.is_read_only() => {
                let access = connection::read_only_access(path);
                let connection = connection::open_for_reading(path, access)?;
                migrate::check_up_to_date(&connection, path, migrations)?;
                tracing::warn!(database = %path.display(), "the database can only be read");
                (None, access)
            }
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), readers: Readers::new(path, access), writer })
    }

    /// Opens a database that is there and up to date, only for reading. What another process
    /// changes is seen.
    ///
    /// # Errors
    /// As [`Store::open`], and when there is no database or it is not up to date.
    pub fn open_for_reading(path: &Path) -> Result<Self, OpenError> {
        let access = connection::Access::Shared;
        let connection = connection::open_for_reading(path, access)?;
        migrate::check_up_to_date(&connection, path, MIGRATIONS)?;
        Ok(Self { path: path.to_owned(), readers: Readers::new(path, access), writer: None })
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether changes can be written.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        self.writer.is_some()
    }

    /// A reader that sees the database as it stands now, for as long as the reader lives.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when all readers are at work and none is free in time.
    pub fn reader(&self) -> Result<Reader<'_>, StoreError> {
        self.readers.take()
    }

    fn writer(&self) -> Result<&Writer, StoreError> {
        self.writer.as_ref().ok_or(StoreError::ReadOnly)
    }

    /// The version of SQLite that the program carries.
    #[must_use]
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }
}
