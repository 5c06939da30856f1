//! Purging: a record's content goes for good, from the tables and from the history; a tombstone with
//! the day and the reason stays, and so do the digests, which say nothing without their salt.

use rusqlite::{Connection, Transaction};

use super::{
    Reader, Store,
    acts::{ActKind, note_act},
    chain::tombstone_key,
    changes::written,
    error::StoreError,
    load::{id_of, rows},
    row::get_optional,
};
use crate::model::{ChangeId, Notice, Operation, RecordId, RecordKey, RecordKind, Review};

/// What is written in place of the words of a change whose content was purged.
const REDACTED: &str = "(purged)";

impl Reader<'_> {
    /// The day and the reason of a purge; `None` where the record was not purged.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn tombstone(&self, id: RecordId) -> Result<Option<Notice>, StoreError> {
        let found = rows(
            self.connection()?,
            "SELECT purged_on, purged_reason FROM record WHERE kind = ?1 AND id = ?2",
            (id.kind.word(), id.number),
            |row| Ok(get_optional(row, "purged_on")?.zip(get_optional(row, "purged_reason")?)),
        )?;
        Ok(found.into_iter().next().flatten().map(|(on, reason)| Notice { on, reason }))
    }

    /// How many records were purged so far.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn purged(&self) -> Result<i64, StoreError> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT count(*) FROM record WHERE purged_on IS NOT NULL")?
            .query_row([], |row| row.get(0))?)
    }
}

impl Store {
    /// Empties the write-ahead log, in which purged content still stands for a while.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn empty_log(&self) -> Result<(), StoreError> {
        self.writer()?.empty_log()
    }
}

/// Carries out the purges of an approved change.
pub(super) fn erase(
    transaction: &Transaction<'_>,
    change: ChangeId,
    operations: &[Operation],
    review: &Review,
) -> Result<(), StoreError> {
    let purges = operations.iter().enumerate().filter_map(|(position, operation)| match operation {
        Operation::Purge { target, announcement } => Some((position, target, announcement)),
        _ => None,
    });
    for (position, target, announcement) in purges {
        let Some(id) = id_of(transaction, target)? else {
            return Err(crate::model::ledger::Refusal::Missing(target.clone()).into());
        };
        let notice = announcement.approved_on(crate::model::Date::of(review.at));
        erase_rows(transaction, id)?;
        transaction.execute(
            "UPDATE record SET key = ?3, revision = revision + 1, retracted_on = NULL, retracted_reason = NULL, vetted_on = NULL,
                 changed_in = ?4, purged_on = ?5, purged_reason = ?6 WHERE kind = ?1 AND id = ?2",
            (id.kind.word(), id.number, tombstone_key(id), change.0, notice.on.to_string(), notice.reason.as_str()),
        )?;
        transaction.execute(
            "INSERT OR IGNORE INTO touched (kind, id, change) VALUES (?1, ?2, ?3)",
            (id.kind.word(), id.number, change.0),
        )?;
        let tomb = RecordKey::new(id.kind, tombstone_key(id).parse().map_err(|_| StoreError::Empty)?);
        erase_history(transaction, change, target, &tomb)?;
        let stays = Operation::Purge { target: tomb.clone(), announcement: announcement.clone() };
        transaction.execute(
            "UPDATE operation SET content = ?3, record_key = ?4, proposed = NULL WHERE change = ?1 AND position = ?2",
            (change.0, position, written(&stays)?, tomb.key.as_str()),
        )?;
        note_act(transaction, ActKind::Purge, &review.reviewer, review.at, &id.to_string(), notice.reason.as_str())?;
    }
    Ok(())
}

fn erase_rows(connection: &Connection, id: RecordId) -> Result<(), StoreError> {
    let tables: &[&str] = match id.kind {
        RecordKind::Entity => &[
            "DELETE FROM alias WHERE entity = ?1",
            "DELETE FROM watch WHERE entity = ?1",
            "DELETE FROM entity WHERE id = ?1",
        ],
        RecordKind::Source => &["DELETE FROM source_author WHERE source = ?1", "DELETE FROM source WHERE id = ?1"],
        RecordKind::Statement => &[
            "DELETE FROM citation WHERE entry_kind = 'statement' AND entry_id = ?1",
            "DELETE FROM statement_about WHERE statement = ?1",
            "DELETE FROM statement WHERE id = ?1",
        ],
        RecordKind::Response => &[
            "DELETE FROM citation WHERE entry_kind = 'response' AND entry_id = ?1",
            "DELETE FROM response_to WHERE response = ?1",
            "DELETE FROM response WHERE id = ?1",
        ],
    };
    for sql in tables {
        connection.execute(sql, [id.number])?;
    }
    connection.execute("DELETE FROM correction WHERE kind = ?1 AND id = ?2", (id.kind.word(), id.number))?;
    Ok(())
}

/// Takes the content out of every operation on the record, decided or not, and the words out of the
/// changes that they belong to.
fn erase_history(
    connection: &Connection,
    purge: ChangeId,
    target: &RecordKey,
    tomb: &RecordKey,
) -> Result<(), StoreError> {
    let changes: Vec<i64> = rows(
        connection,
        "SELECT DISTINCT change FROM operation WHERE record_kind = ?1 AND record_key = ?2 AND change <> ?3",
        (target.kind.word(), target.key.as_str(), purge.0),
        |row| row.get(0),
    )?;
    let removed = written(&Operation::Removed { target: tomb.clone() })?;
    connection.execute(
        "UPDATE operation SET content = ?4, record_key = ?5, proposed = NULL, salt = NULL
         WHERE record_kind = ?1 AND record_key = ?2 AND change <> ?3",
        (target.kind.word(), target.key.as_str(), purge.0, removed, tomb.key.as_str()),
    )?;
    for change in changes {
        connection.execute(
            "UPDATE change SET summary = ?2, note = NULL, request = NULL, salt = NULL,
                 stage = CASE stage WHEN 'author' THEN NULL ELSE stage END,
                 reason = CASE WHEN reason IS NULL THEN NULL ELSE ?2 END WHERE id = ?1",
            (change, REDACTED),
        )?;
        connection.execute("UPDATE suggestion SET url = '', note = ?2 WHERE change = ?1", (change, REDACTED))?;
    }
    // What someone is just writing may be about it.
    connection.execute("DELETE FROM dialogue WHERE state LIKE '%' || ?1 || '%'", [target.key.as_str()])?;
    Ok(())
}
