//! What open proposals would bring: read so that nobody proposes the same a second time.

use crate::model::{ChangeId, Identity, Operation, Record, RecordKey, RecordKind};
use crate::store::{Reader, database::values::get, failure::Failure, records::load::rows};

/// A record that an open proposal would bring into being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The proposal.
    pub change: ChangeId,
    /// Who proposes it.
    pub author: Identity,
    /// The record.
    pub record: Record,
}

impl Reader<'_> {
    /// The records of a kind that open proposals would bring, those of the latest first, at most `limit`: an
    /// import that waits may bring more than can be looked at while someone types.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn proposed(&self, kind: RecordKind, limit: usize) -> Result<Vec<Proposed>, Failure> {
        let found = rows(
            self.connection()?,
            "SELECT change.id, change.author, operation.content
             FROM change JOIN operation ON operation.change = change.id
             WHERE change.state = 'pending' AND operation.record_kind = ?1
                 AND json_extract(operation.content, '$.operation') = 'create'
             ORDER BY change.id DESC, operation.position LIMIT ?2",
            (kind.word(), limit),
            |row| Ok((ChangeId(row.get("id")?), get(row, "author")?, row.get::<_, String>("content")?)),
        )?;
        let mut proposed = Vec::with_capacity(found.len());
        for (change, author, content) in found {
            let operation = serde_json::from_str(&content)
                .map_err(|error| Failure::Unreadable(format!("an operation of {change} can't be read: {error}")))?;
            if let Operation::Create { record, .. } = operation {
                proposed.push(Proposed { change, author, record });
            }
        }
        Ok(proposed)
    }

    /// The open proposals that would edit a record, in order.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn open_edits_of(&self, name: &RecordKey) -> Result<Vec<ChangeId>, Failure> {
        rows(
            self.connection()?,
            "SELECT DISTINCT change.id FROM operation JOIN change ON change.id = operation.change
             WHERE operation.record_kind = ?1 AND operation.record_key = ?2 AND change.state = 'pending'
                 AND json_extract(operation.content, '$.operation') = 'edit'
             ORDER BY change.id",
            (name.kind.word(), name.key.as_str()),
            |row| row.get(0).map(ChangeId),
        )
    }
}
