//! The bot's own messages, and the long requests that their buttons refer to.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction};
use sha2::{Digest, Sha256};

use crate::model::{ChangeId, Platform};
use crate::store::{
    Reader, Store,
    database::values::timestamp,
    failure::Failure,
    outbox::delivery::{AsOf, Delivery},
    outbox::due_edits,
    records::load::rows,
};

/// How long deliveries and long requests are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How far someone else's clock may be off. The allowance is ours; a message that showed a correction already
/// is edited once more for it.
const OTHER_CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// The id under which a long request is kept.
#[must_use]
pub fn ask_id(words: &str) -> String {
    let hash = Sha256::digest(words.as_bytes());
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Reader<'_> {
    /// The answer that a message got.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn delivery(&self, platform: Platform, question: &str) -> Result<Option<Delivery>, Failure> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT channel, answer, entries, at FROM delivery WHERE platform = ?1 AND question = ?2",
        )?;
        let delivery = |row: &Row<'_>| {
            Ok(Delivery {
                platform,
                question: question.to_owned(),
                channel: row.get("channel")?,
                answer: row.get("answer")?,
                entries: row.get_ref("entries")?.as_str()?.split_whitespace().map(str::to_owned).collect(),
                as_of: None,
                at: timestamp(row, "at")?,
            })
        };
        Ok(statement.query_row((platform.word(), question), delivery).optional()?)
    }

    /// The words of a long request.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn ask(&self, id: &str) -> Result<Option<String>, Failure> {
        let mut statement = self.connection()?.prepare_cached("SELECT words FROM ask WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }
}

impl Store {
    /// Remembers answers, all or none, and forgets those of long ago. What was corrected since an answer was read from
    /// the records is put on the list of messages to be edited, if corrections are to reach messages of that age
    /// (`days`; 0: none).
    ///
    /// # Errors
    /// When they can't be written.
    pub fn delivered(&self, deliveries: Vec<Delivery>, days: i64) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            let Some(last) = deliveries.last() else { return Ok(()) };
            let old = (last.at - KEPT).as_millisecond();
            transaction.execute("DELETE FROM delivery WHERE at < ?1", [old])?;
            let mut insert = transaction.prepare_cached(
                "INSERT INTO delivery (platform, question, channel, answer, entries, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (platform, question) DO UPDATE SET
                     channel = excluded.channel, answer = excluded.answer, entries = excluded.entries,
                     at = excluded.at",
            )?;
            for delivery in &deliveries {
                insert.execute((
                    delivery.platform.word(),
                    &delivery.question,
                    &delivery.channel,
                    &delivery.answer,
                    delivery.entries.join(" "),
                    delivery.at.as_millisecond(),
                ))?;
            }
            if days == 0 {
                return Ok(());
            }
            let mut late = Vec::new();
            for delivery in deliveries.iter().filter(|delivery| !delivery.entries.is_empty()) {
                late.push((delivery, approved_since(transaction, delivery)?));
            }
            due_edits::enqueue_late(transaction, &late)
        })
    }

    /// Forgets an answer that was taken away.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_delivery(&self, platform: Platform, question: &str) -> Result<(), Failure> {
        let question = question.to_owned();
        self.writer()?.write(move |transaction| {
            transaction
                .execute("DELETE FROM delivery WHERE platform = ?1 AND question = ?2", (platform.word(), &question))?;
            Ok(())
        })
    }

    /// Keeps long requests for buttons, and forgets those of long ago.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn keep_asks(&self, words: Vec<String>, at: Timestamp) -> Result<(), Failure> {
        self.writer()?.write(move |transaction| {
            transaction.execute("DELETE FROM ask WHERE at < ?1", [(at - KEPT).as_millisecond()])?;
            for words in &words {
                transaction.execute(
                    "INSERT OR REPLACE INTO ask (id, words, at) VALUES (?1, ?2, ?3)",
                    (ask_id(words), words, at.as_millisecond()),
                )?;
            }
            Ok(())
        })
    }
}

/// The changes that were approved after a delivery's records were read, in order.
fn approved_since(transaction: &Transaction<'_>, delivery: &Delivery) -> Result<Vec<ChangeId>, Failure> {
    let (condition, from) = match delivery.as_of {
        None => return Ok(Vec::new()),
        Some(AsOf::Place(place)) => ("sequence > ?1", place.0),
        // There is no index by the time of approval; from the end it is soon found.
        Some(AsOf::Time(time)) => (
            "sequence > coalesce((SELECT sequence FROM change WHERE sequence IS NOT NULL AND reviewed_at < ?1
                                  ORDER BY sequence DESC LIMIT 1), 0)",
            (time - OTHER_CLOCKS).as_millisecond(),
        ),
    };
    rows(transaction, &format!("SELECT id FROM change WHERE {condition} ORDER BY sequence"), [from], |row| {
        row.get(0).map(ChangeId)
    })
}
