//! The bot's messages under which a reaction, or an answer, decides on a change: for platforms without buttons.

use jiff::{SignedDuration, Timestamp};

use crate::model::{ChangeId, ChangeVersion, Platform};
use crate::store::{
    Reader, Store,
    database::values::{get, timestamp},
    failure::Failure,
    records::load::rows,
};

/// For how long one may decide under a message. The limit is ours: a month of holidays.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The most messages that are known at a time.
const KNOWN: usize = 10_000;

/// A message of the bot under which someone may decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewMessage {
    /// Where.
    pub platform: Platform,
    /// The channel.
    pub channel: String,
    /// The id of the bot's message.
    pub message: String,
    /// The change.
    pub change: ChangeId,
    /// Which version of it the message shows.
    pub seen: ChangeVersion,
    /// Who is asked for the reason of a rejection by this message; `None` for a review that anyone may react to.
    pub asked: Option<String>,
    /// When it was posted.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// The messages under which one may decide, the latest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn review_messages(&self, platform: Platform, now: Timestamp) -> Result<Vec<ReviewMessage>, Failure> {
        rows(
            self.connection()?,
            "SELECT * FROM review_message WHERE platform = ?1 AND at >= ?2 ORDER BY at DESC LIMIT ?3",
            (platform.word(), (now - KEPT).as_millisecond(), KNOWN),
            |row| {
                Ok(ReviewMessage {
                    platform,
                    channel: row.get("channel")?,
                    message: row.get("message")?,
                    change: ChangeId(row.get("change")?),
                    seen: get(row, "seen")?,
                    asked: row.get("asked")?,
                    at: timestamp(row, "at")?,
                })
            },
        )
    }
}

impl Store {
    /// Notes that one may decide under a message, and forgets those of long ago.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep_review_message(&self, message: ReviewMessage) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            let old = (message.at - KEPT).as_millisecond();
            transaction.execute("DELETE FROM review_message WHERE at < ?1", [old])?;
            transaction.execute(
                "INSERT OR REPLACE INTO review_message (platform, channel, message, change, seen, asked, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                (
                    message.platform.word(),
                    &message.channel,
                    &message.message,
                    message.change.0,
                    message.seen.as_str(),
                    &message.asked,
                    message.at.as_millisecond(),
                ),
            )?;
            Ok(())
        })
    }

    /// Has a message decide nothing any more.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_review_message(&self, platform: Platform, message: String) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            transaction.execute(
                "DELETE FROM review_message WHERE platform = ?1 AND message = ?2",
                (platform.word(), &message),
            )?;
            Ok(())
        })
    }
}
