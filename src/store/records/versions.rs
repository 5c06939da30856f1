//! Records as they were: at a place in the history, computed from the approved changes alone.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{
    Date, HeldRecord, Operation, RecordId, RecordKey, RecordKind, Sequence,
    ledger::{Ledger, replay},
};
use crate::store::{
    Reader,
    database::values::timestamp,
    failure::Failure,
    history::changes::parsed,
    records::load::{key_of, rows},
};

impl Reader<'_> {
    /// A record as it was held after the change at the place `sequence`; `None` where it wasn't there
    /// yet, or was purged since.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn version(&self, name: &RecordKey, sequence: Sequence) -> Result<Option<HeldRecord>, Failure> {
        version(self.connection()?, name, sequence)
    }

    /// The place of the last change approved at or before a moment; 0 when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn sequence_at(&self, moment: Timestamp) -> Result<Sequence, Failure> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT coalesce(max(sequence), 0) FROM change WHERE reviewed_at <= ?1")?
            .query_row([moment.as_millisecond()], |row| row.get(0))?)
    }

    /// The name of the record of this id; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn name_of(&self, id: RecordId) -> Result<Option<RecordKey>, Failure> {
        match key_of(self.connection()?, id) {
            Ok(key) => Ok(Some(RecordKey::new(id.kind, key))),
            Err(Failure::Sqlite(rusqlite::Error::QueryReturnedNoRows)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// As [`Reader::version`].
pub(in crate::store) fn version(
    connection: &Connection,
    name: &RecordKey,
    sequence: Sequence,
) -> Result<Option<HeldRecord>, Failure> {
    let mut wanted = BTreeSet::from([name.clone()]);
    if name.kind == RecordKind::Entity {
        // An entity has the names of those that were merged into it.
        let merges = rows(
            connection,
            "SELECT json_extract(content, '$.from'), json_extract(content, '$.into') FROM operation
             WHERE json_extract(content, '$.operation') = 'merge'",
            [],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
        )?;
        let mut grown = true;
        while grown {
            grown = false;
            for (from, into) in &merges {
                let named = |text: &str| text.parse().ok().map(|key| RecordKey::new(RecordKind::Entity, key));
                if let (Some(from), Some(into)) = (named(from), named(into)) {
                    // What was merged away knows of it only if the one that stays is there, too.
                    let together = wanted.contains(&into) || wanted.contains(&from);
                    grown |= together && (wanted.insert(from) | wanted.insert(into));
                }
            }
        }
    }
    let mut changes = BTreeSet::new();
    for name in &wanted {
        changes.extend(rows(
            connection,
            "SELECT change.sequence, change.id FROM record
             JOIN touched ON touched.kind = record.kind AND touched.id = record.id
             JOIN change ON change.id = touched.change
             WHERE record.kind = ?1 AND record.key = ?2 AND change.sequence <= ?3",
            (name.kind.word(), name.key.as_str(), sequence),
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
        )?);
    }
    let mut ledger = Ledger::default();
    for (_, change) in changes {
        let mut operations: Vec<(i64, Operation)> = Vec::new();
        for name in &wanted {
            operations.extend(read(
                connection,
                "SELECT position, content FROM operation WHERE change = ?1 AND record_kind = ?2 AND record_key = ?3",
                (change, name.kind.word(), name.key.as_str()),
            )?);
        }
        operations.extend(read(
            connection,
            "SELECT position, content FROM operation
             WHERE change = ?1 AND json_extract(content, '$.operation') = 'merge'",
            [change],
        )?);
        operations.sort_by_key(|(position, _)| *position);
        operations.dedup_by_key(|(position, _)| *position);
        let operations: Vec<Operation> = operations.into_iter().map(|(_, operation)| operation).collect();
        let Ok(()) = replay(&mut ledger, &operations, decided_on(connection, change)?);
    }
    Ok(ledger.take(name))
}

/// The day on which a change was decided.
pub(in crate::store) fn decided_on(connection: &Connection, change: i64) -> Result<Date, Failure> {
    Ok(connection
        .prepare_cached("SELECT reviewed_at FROM change WHERE id = ?1")?
        .query_row([change], |row| timestamp(row, "reviewed_at").map(Date::of))?)
}

fn read(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<(i64, Operation)>, Failure> {
    rows(connection, sql, parameters, |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?
        .into_iter()
        .map(|(position, content)| Ok((position, parsed(&content)?)))
        .collect()
}
