//! How far a chat was worked through, and which page each of the bot's answers shows.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row};

use crate::model::Platform;
use crate::store::{Reader, Store, ask_id, database::values::timestamp, failure::Failure};

/// How long pages are kept, as deliveries are.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The page that one of the bot's messages shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerPage {
    /// Where.
    pub platform: Platform,
    /// The id of the bot's message.
    pub answer: String,
    /// The channel that it is in.
    pub channel: String,
    /// Who asked, by the platform's id.
    pub asker: String,
    /// The request for the page.
    pub ask: String,
    /// Which part of a page that doesn't fit in one message, from 0.
    pub part: usize,
    /// Since when.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// The place in a platform's events up to which everything is done; `None` when none is known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn chat_position(&self, platform: Platform, account: &str) -> Result<Option<String>, Failure> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT position FROM chat_position WHERE platform = ?1 AND account = ?2")?;
        Ok(statement.query_row((platform.word(), account), |row| row.get(0)).optional()?)
    }

    /// The page that an answer shows.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn answer_page(&self, platform: Platform, answer: &str) -> Result<Option<AnswerPage>, Failure> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT page.answer, page.channel, page.asker, ask.words, page.part, page.at
             FROM answer_page AS page JOIN ask ON ask.id = page.ask WHERE page.platform = ?1 AND page.answer = ?2",
        )?;
        Ok(statement.query_row((platform.word(), answer), |row| page(platform, row)).optional()?)
    }

    /// The last page that someone was shown in a channel.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn last_page(&self, platform: Platform, channel: &str, asker: &str) -> Result<Option<AnswerPage>, Failure> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT page.answer, page.channel, page.asker, ask.words, page.part, page.at
             FROM answer_page AS page JOIN ask ON ask.id = page.ask
             WHERE page.platform = ?1 AND page.channel = ?2 AND page.asker = ?3 ORDER BY page.at DESC LIMIT 1",
        )?;
        Ok(statement.query_row((platform.word(), channel, asker), |row| page(platform, row)).optional()?)
    }
}

fn page(platform: Platform, row: &Row<'_>) -> rusqlite::Result<AnswerPage> {
    Ok(AnswerPage {
        platform,
        answer: row.get(0)?,
        channel: row.get(1)?,
        asker: row.get(2)?,
        ask: row.get(3)?,
        part: row.get(4)?,
        at: timestamp(row, "at")?,
    })
}

impl Store {
    /// Notes up to where everything is done.
    ///
    /// # Errors
    /// When it can't be written; then the place before is kept.
    pub fn set_chat_position(
        &self,
        platform: Platform,
        account: String,
        position: String,
        at: Timestamp,
    ) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            transaction.execute(
                "INSERT INTO chat_position (platform, account, position, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (platform, account) DO UPDATE SET position = excluded.position, at = excluded.at",
                (platform.word(), &account, &position, at.as_millisecond()),
            )?;
            Ok(())
        })
    }

    /// Notes which page an answer shows, and forgets those of long ago.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep_page(&self, page: AnswerPage) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            let (at, old) = (page.at.as_millisecond(), (page.at - KEPT).as_millisecond());
            transaction.execute("DELETE FROM answer_page WHERE at < ?1", [old])?;
            transaction.execute("DELETE FROM ask WHERE at < ?1", [old])?;
            let ask = ask_id(&page.ask);
            transaction
                .execute("INSERT OR REPLACE INTO ask (id, words, at) VALUES (?1, ?2, ?3)", (&ask, &page.ask, at))?;
            transaction.execute(
                "INSERT OR REPLACE INTO answer_page (platform, answer, channel, asker, ask, part, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (page.platform.word(), &page.answer, &page.channel, &page.asker, &ask, page.part, at),
            )?;
            Ok(())
        })
    }

    /// Forgets the page of an answer that has only one now, or is gone.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_page(&self, platform: Platform, answer: String) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            transaction
                .execute("DELETE FROM answer_page WHERE platform = ?1 AND answer = ?2", (platform.word(), &answer))?;
            Ok(())
        })
    }
}
