//! A change that waits, fitted to what others changed since it was proposed.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::model::{Change, ChangeVersion, FieldConflict, Operation, RecordKey, RecordKind, rebase};
use crate::store::{
    Reader,
    failure::Failure,
    records::load::{id_of, load, rows},
    records::versions::version,
};

/// A change as it would be applied now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The operations, fitted to what others changed since they were proposed.
    pub operations: Vec<Operation>,
    /// The positions of those that are not as proposed.
    pub rewritten: Vec<usize>,
    /// What others changed to something else.
    pub conflicts: Vec<FieldConflict>,
    /// The version that this is: another as soon as its author, or what others changed, makes it do something else.
    pub version: ChangeVersion,
}

impl Reader<'_> {
    /// A change as it would be applied now.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn fitted(&self, change: &Change) -> Result<Fitted, Failure> {
        fitted(self.connection()?, change)
    }
}

/// Fits the edits of an open change to what others changed since it was proposed.
pub(in crate::store) fn fitted(connection: &Connection, change: &Change) -> Result<Fitted, Failure> {
    let (mut operations, mut rewritten, mut conflicts) = (change.proposal.operations.clone(), Vec::new(), Vec::new());
    for (position, operation) in operations.iter_mut().enumerate() {
        if !change.state.is_open() {
            break;
        }
        let Operation::Edit { record, .. } = operation else { continue };
        let name = record.record_key();
        let Some(id) = id_of(connection, &name)? else { continue };
        let since: bool = connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM record JOIN change ON change.id = record.changed_in
                                WHERE record.kind = ?1 AND record.id = ?2 AND change.sequence > ?3)",
            )?
            .query_row((id.kind.word(), id.number, change.based_on), |row| row.get(0))?;
        if !since {
            continue;
        }
        let Some(base) = version(connection, &name, change.based_on)? else { continue };
        let current = load(connection, id)?;
        match rebase(&base.record, &current.record, record) {
            Ok(merged) if merged == *record => {}
            Ok(merged) => {
                *record = merged;
                rewritten.push(position);
            }
            Err(found) => conflicts.extend(found),
        }
    }
    let version = version_of(connection, change, &operations)?;
    Ok(Fitted { operations, rewritten, conflicts, version })
}

/// The version of a change with these operations: of what its author says of it, of each operation as it would be
/// applied, and of the records that they are applied to, as these are now.
fn version_of(connection: &Connection, change: &Change, operations: &[Operation]) -> Result<ChangeVersion, Failure> {
    let mut touched = Vec::new();
    for operation in operations {
        let mut revisions = [None, None];
        let into = match operation {
            Operation::Merge { into, .. } => Some(RecordKey::new(RecordKind::Entity, into.clone())),
            _ => None,
        };
        for (revision, name) in revisions.iter_mut().zip([Some(operation.target()), into]) {
            *revision = name.map(|name| revision_of(connection, &name)).transpose()?.flatten();
        }
        touched.push(revisions);
    }
    let proposal = &change.proposal;
    let all = (change.id.0, &proposal.summary, &proposal.author, &change.note, operations, touched);
    let text = serde_json::to_string(&all).map_err(|error| Failure::Unreadable(error.to_string()))?;
    let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ChangeVersion::of(digest.get(..ChangeVersion::DIGITS).unwrap_or(&digest)))
}

fn revision_of(connection: &Connection, name: &RecordKey) -> Result<Option<i64>, Failure> {
    let Some(id) = id_of(connection, name)? else { return Ok(None) };
    let found = rows(
        connection,
        "SELECT revision FROM record WHERE kind = ?1 AND id = ?2",
        (id.kind.word(), id.number),
        |row| row.get(0),
    )?;
    Ok(found.into_iter().next())
}
