//! Messages that can't be read as their key hasn't come: where they are, and nothing of what they say.

use jiff::Timestamp;

use crate::model::Platform;
use crate::store::{Reader, Store, database::values::timestamp, failure::Failure};

/// A message without its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndecryptableMessage {
    /// The channel that it is in.
    pub channel: String,
    /// Its id.
    pub message: String,
    /// When it was written, as far as that is known; in milliseconds.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// The messages that wait for their key in the account of a bot, oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn undecryptable(&self, platform: Platform, account: &str) -> Result<Vec<UndecryptableMessage>, Failure> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT channel, message, at FROM keyless_message
             WHERE platform = ?1 AND account = ?2 ORDER BY at, message",
        )?;
        let found = statement.query_map((platform.word(), account), |row| {
            Ok(UndecryptableMessage { channel: row.get(0)?, message: row.get(1)?, at: timestamp(row, "at")? })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

impl Store {
    /// Keeps messages that wait for their key, and forgets those that were written before `oldest`.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep_undecryptable(
        &self,
        platform: Platform,
        account: String,
        messages: Vec<UndecryptableMessage>,
        oldest: Timestamp,
    ) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            transaction.execute(
                "DELETE FROM keyless_message WHERE platform = ?1 AND account = ?2 AND at < ?3",
                (platform.word(), &account, oldest.as_millisecond()),
            )?;
            for message in &messages {
                transaction.execute(
                    "INSERT OR IGNORE INTO keyless_message (platform, account, channel, message, at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    (platform.word(), &account, &message.channel, &message.message, message.at.as_millisecond()),
                )?;
            }
            Ok(())
        })
    }

    /// Forgets a message that waits no longer.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_undecryptable(&self, platform: Platform, account: String, message: String) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            transaction.execute(
                "DELETE FROM keyless_message WHERE platform = ?1 AND account = ?2 AND message = ?3",
                (platform.word(), &account, &message),
            )?;
            Ok(())
        })
    }
}
