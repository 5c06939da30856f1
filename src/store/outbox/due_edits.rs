//! The bot's own messages that show what has changed since: a list that survives a crash, worked off
//! by whoever can edit them.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::model::{ChangeId, DueEditId, Operation, Platform, RecordId, RecordKind};
use crate::store::{
    Reader, Store,
    database::values::timestamp,
    failure::Failure,
    history::changes,
    outbox::delivery::Delivery,
    records::load::{id_of, rows},
};

/// For how long it is remembered that a message was edited.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A message of the bot that is to be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEdit {
    /// The number under which it is reported done.
    pub id: DueEditId,
    /// Where.
    pub platform: Platform,
    /// The channel.
    pub channel: String,
    /// The id of the bot's message.
    pub message: String,
    /// The ids of all entries that the message shows.
    pub entries: Vec<String>,
    /// The ids of those that were corrected, retracted or restored.
    pub changed: Vec<String>,
    /// The last change that made it necessary.
    pub change: ChangeId,
    /// When that was approved.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// Messages that are to be edited, the longest waiting first, at most `limit`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn edits_due(&self, platform: Platform, limit: usize) -> Result<Vec<DueEdit>, Failure> {
        let words = |text: String| text.split_whitespace().map(str::to_owned).collect();
        rows(
            self.connection()?,
            "SELECT amendment.*, change.reviewed_at AS at FROM amendment JOIN change ON change.id = amendment.change
             WHERE platform = ?1 AND done_at IS NULL ORDER BY amendment.id LIMIT ?2",
            (platform.word(), limit),
            |row| {
                Ok(DueEdit {
                    id: row.get("id")?,
                    platform,
                    channel: row.get("channel")?,
                    message: row.get("message")?,
                    entries: words(row.get("entries")?),
                    changed: words(row.get("changed")?),
                    change: ChangeId(row.get("change")?),
                    at: timestamp(row, "at")?,
                })
            },
        )
    }
}

impl Store {
    /// Notes that a message was edited, or can't be. Says `false`, and has it stay due, where another
    /// change came in between, or it was done before.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn edit_done(&self, id: DueEditId, change: ChangeId, at: Timestamp) -> Result<bool, Failure> {
        self.writer()?.write(move |transaction| {
            let done = transaction.execute(
                "UPDATE amendment SET done_at = ?3 WHERE id = ?1 AND change = ?2 AND done_at IS NULL",
                (id, change.0, at.as_millisecond()),
            )?;
            Ok(done == 1)
        })
    }
}

/// Puts the messages on the list that show what the change has corrected, retracted or restored.
pub(in crate::store) fn enqueue(
    transaction: &Transaction<'_>,
    change: ChangeId,
    operations: &[Operation],
    at: Timestamp,
    days: i64,
) -> Result<(), Failure> {
    let affected = affected(transaction, change, operations)?;
    if affected.is_empty() {
        return Ok(());
    }
    let since = at - SignedDuration::from_hours(24 * days.clamp(0, 90));
    let mut shown = BTreeSet::new();
    for id in &affected {
        shown.extend(rows(
            transaction,
            "SELECT delivery.at, delivery.platform, channel, answer, entries
             FROM delivery_entry CROSS JOIN delivery USING (platform, question)
             WHERE delivery_entry.entry = ?1 AND delivery.at >= ?2",
            (id, since.as_millisecond()),
            |row| {
                Ok((
                    row.get::<_, i64>("at")?,
                    row.get::<_, String>("platform")?,
                    row.get::<_, String>("channel")?,
                    row.get::<_, String>("answer")?,
                    row.get::<_, String>("entries")?,
                ))
            },
        )?);
    }
    for (_, platform, channel, message, entries) in shown {
        note(transaction, (&platform, &channel, &message), &entries, &affected, change)?;
    }
    transaction.execute("DELETE FROM amendment WHERE done_at < ?1", [(at - KEPT).as_millisecond()])?;
    Ok(())
}

/// Puts messages on the list that came on record after what they show was corrected, retracted or restored: each with
/// the changes that were approved since its records were read.
pub(in crate::store) fn enqueue_late(
    transaction: &Transaction<'_>,
    late: &[(&Delivery, Vec<ChangeId>)],
) -> Result<(), Failure> {
    // A change may be an import of thousands of records, and is read once.
    let mut read: BTreeMap<ChangeId, BTreeSet<String>> = BTreeMap::new();
    for (delivery, changes) in late {
        let place = (delivery.platform.word(), delivery.channel.as_str(), delivery.answer.as_str());
        let entries = delivery.entries.join(" ");
        for change in changes {
            let affected = match read.entry(*change) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let operations = changes::on_record(transaction, *change)?.proposal.operations;
                    new.insert(affected(transaction, *change, &operations)?)
                }
            };
            note(transaction, place, &entries, affected, *change)?;
        }
    }
    Ok(())
}

/// Puts a message (platform, channel, id) on the list if any of its entries is affected; one that waits there already
/// is to show all that has changed.
fn note(
    transaction: &Transaction<'_>,
    (platform, channel, message): (&str, &str, &str),
    entries: &str,
    affected: &BTreeSet<String>,
    change: ChangeId,
) -> Result<(), Failure> {
    let changed: BTreeSet<&str> = entries.split_whitespace().filter(|id| affected.contains(*id)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let waiting: Option<(i64, String)> = transaction
        .prepare_cached(
            "SELECT id, changed FROM amendment
             WHERE platform = ?1 AND channel = ?2 AND message = ?3 AND done_at IS NULL",
        )?
        .query_row((platform, channel, message), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let before = waiting.as_ref().map(|(_, changed)| changed.as_str()).unwrap_or_default();
    let all: BTreeSet<&str> = before.split_whitespace().chain(changed).collect();
    let all = all.into_iter().collect::<Vec<_>>().join(" ");
    match waiting {
        Some((id, _)) => transaction.execute(
            "UPDATE amendment SET changed = ?2, change = ?3, entries = ?4 WHERE id = ?1",
            (id, all, change.0, entries),
        )?,
        None => transaction.execute(
            "INSERT INTO amendment (platform, channel, message, entries, changed, change)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (platform, channel, message, entries, all, change.0),
        )?,
    };
    Ok(())
}

/// The ids of the entries that readers of an earlier version must be told of.
fn affected(connection: &Connection, change: ChangeId, operations: &[Operation]) -> Result<BTreeSet<String>, Failure> {
    let mut ids = BTreeSet::new();
    for operation in operations {
        let told = match operation {
            Operation::Edit { corrections, .. } => !corrections.is_empty(),
            Operation::Retract { .. } | Operation::Restore { .. } => true,
            // A purged record's name is gone by now; it is looked up below.
            Operation::Create { .. }
            | Operation::Merge { .. }
            | Operation::Purge { .. }
            | Operation::Removed { .. } => false,
        };
        if told && let Some(id) = id_of(connection, &operation.target())? {
            add(connection, id, &mut ids)?;
        }
    }
    for id in purged_in(connection, change, operations)? {
        ids.insert(id.to_string());
    }
    Ok(ids)
}

/// The ids of the records that a change purged.
fn purged_in(connection: &Connection, change: ChangeId, operations: &[Operation]) -> Result<Vec<RecordId>, Failure> {
    if !operations.iter().any(|operation| matches!(operation, Operation::Purge { .. })) {
        return Ok(Vec::new());
    }
    rows(connection, "SELECT kind, id FROM record WHERE purged_on IS NOT NULL AND changed_in = ?1", [change.0], |row| {
        Ok(RecordId::new(crate::store::database::values::get(row, "kind")?, row.get("id")?))
    })
}

/// A record, and the entries that show it.
fn add(connection: &Connection, id: RecordId, ids: &mut BTreeSet<String>) -> Result<(), Failure> {
    ids.insert(id.to_string());
    let mut responses = Vec::new();
    match id.kind {
        RecordKind::Source => {
            for (kind, number) in
                rows(connection, "SELECT entry_kind, entry_id FROM citation WHERE source = ?1", [id.number], |row| {
                    Ok((crate::store::database::values::get::<RecordKind>(row, "entry_kind")?, row.get::<_, i64>(1)?))
                })?
            {
                ids.insert(RecordId::new(kind, number).to_string());
                if kind == RecordKind::Response {
                    responses.push(number);
                }
            }
        }
        RecordKind::Response => responses.push(id.number),
        RecordKind::Entity | RecordKind::Statement => {}
    }
    for response in responses {
        for statement in
            rows(connection, "SELECT statement FROM response_to WHERE response = ?1", [response], |row| row.get(0))?
        {
            ids.insert(RecordId::new(RecordKind::Statement, statement).to_string());
        }
    }
    Ok(())
}
