//! How the store stands: what waits, how large it is, whether it can be written.

use jiff::Timestamp;

use crate::files::beside;
use crate::store::{Reader, Store, failure::Failure};

/// How much waits to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Proposals that nobody has decided on.
    pub proposals: i64,
    /// Messages of the bot that are to be edited.
    pub corrections: i64,
    /// Messages that are due to be posted.
    pub posts: i64,
}

impl Reader<'_> {
    /// How much waits at a moment.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn backlog(&self, at: Timestamp) -> Result<Backlog, Failure> {
        // Each of the counts has an index of what waits, so that it costs what it counts.
        let mut statement = self.connection()?.prepare_cached(
            "SELECT (SELECT count(*) FROM change WHERE state = 'pending'),
                    (SELECT count(*) FROM amendment WHERE done_at IS NULL),
                    (SELECT count(*) FROM post WHERE done_at IS NULL AND due_at <= ?1)",
        )?;
        Ok(statement.query_row([at.as_millisecond()], |row| {
            Ok(Backlog { proposals: row.get(0)?, corrections: row.get(1)?, posts: row.get(2)? })
        })?)
    }
}

impl Store {
    /// The sizes of the database's file and of its write-ahead log, in bytes. A file that isn't there has none.
    #[must_use]
    pub fn sizes(&self) -> (u64, u64) {
        let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |file| file.len());
        (size(self.path()), size(&beside(self.path(), "-wal")))
    }

    /// Has the writer begin a transaction and take it back, which shows that its thread lives and that nobody
    /// else holds the database. It waits for as long as the writer is at work.
    ///
    /// # Errors
    /// When the writer can't begin one.
    pub fn try_writer(&self) -> Result<(), Failure> {
        self.writer()?.rehearse(|_| Ok(()))
    }
}
