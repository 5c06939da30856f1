//! Changes as they are stored, decided or not: written and read.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::model::{Approved, Change, ChangeId, ChangeState, Operation, Proposal, Review, Sequence};
use crate::store::{
    Reader,
    database::sequence,
    database::values::{get, get_optional, timestamp, unknown},
    error::StoreError,
    failure::Failure,
    history::seals,
    records::load::rows,
    refusal::Refusal,
};

impl Reader<'_> {
    /// The change of this id.
    ///
    /// # Errors
    /// [`Refusal::NoSuchChange`] when there is none.
    pub fn change(&self, id: ChangeId) -> Result<Change, StoreError> {
        change(self.connection()?, id)
    }

    /// The change of this id without its operations, which may be many.
    ///
    /// # Errors
    /// [`Refusal::NoSuchChange`] when there is none.
    pub fn change_head(&self, id: ChangeId) -> Result<Change, StoreError> {
        Ok(find_with(self.connection()?, id, Vec::new())?.ok_or(Refusal::NoSuchChange(id))?)
    }

    /// The ids of the approved changes after the place `sequence`, in order of approval.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn approved_after(&self, sequence: Sequence) -> Result<Vec<ChangeId>, Failure> {
        rows(self.connection()?, "SELECT id FROM change WHERE sequence > ?1 ORDER BY sequence", [sequence], |row| {
            row.get(0).map(ChangeId)
        })
    }
}

/// Writes a proposal; without `based_on`, on the ground of what is on record now.
pub(in crate::store) fn insert(
    transaction: &Transaction<'_>,
    proposal: &Proposal,
    based_on: Option<Sequence>,
) -> Result<ChangeId, Failure> {
    if proposal.operations.is_empty() {
        return Err(Failure::Empty);
    }
    let based_on = based_on.map_or_else(|| sequence::latest(transaction), Ok)?;
    transaction
        .prepare_cached("INSERT INTO change (summary, author, proposed_at, based_on) VALUES (?1, ?2, ?3, ?4)")?
        .execute((
            proposal.summary.as_str(),
            proposal.author.to_string(),
            proposal.proposed_at.as_millisecond(),
            based_on,
        ))?;
    let id = ChangeId(transaction.last_insert_rowid());
    insert_operations(transaction, id, &proposal.operations)?;
    Ok(id)
}

pub(in crate::store) fn insert_operations(
    transaction: &Transaction<'_>,
    id: ChangeId,
    operations: &[Operation],
) -> Result<(), Failure> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO operation (change, position, record_kind, record_key, content) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (position, operation) in operations.iter().enumerate() {
        let target = operation.target();
        let content = written(operation)?;
        statement.execute((id.0, position, target.kind.word(), target.key.as_str(), content))?;
    }
    Ok(())
}

/// An operation as it is stored.
pub(in crate::store) fn written(operation: &Operation) -> Result<String, Failure> {
    serde_json::to_string(operation).map_err(|error| Failure::Unreadable(error.to_string()))
}

/// An operation from what is stored.
pub(in crate::store) fn parsed(content: &str) -> Result<Operation, Failure> {
    serde_json::from_str(content).map_err(|error| Failure::Unreadable(format!("an operation can't be read: {error}")))
}

/// A change that is not decided yet, and is what was proposed.
pub(in crate::store) fn open(connection: &Connection, id: ChangeId) -> Result<Change, StoreError> {
    let change = undecided(connection, id)?;
    seals::check(connection, id)?;
    Ok(change)
}

/// A change that is not decided yet.
pub(in crate::store) fn undecided(connection: &Connection, id: ChangeId) -> Result<Change, StoreError> {
    let change = change(connection, id)?;
    if change.state.is_open() { Ok(change) } else { Err(StoreError::Refused(Refusal::AlreadyDecided(id))) }
}

/// The change of this id, for whoever named it.
pub(in crate::store) fn change(connection: &Connection, id: ChangeId) -> Result<Change, StoreError> {
    Ok(find(connection, id)?.ok_or(Refusal::NoSuchChange(id))?)
}

/// The change of this id, which something on record names.
pub(in crate::store) fn on_record(connection: &Connection, id: ChangeId) -> Result<Change, Failure> {
    find(connection, id)?.ok_or_else(|| Failure::Unreadable(format!("{id} is named, and isn't on record")))
}

fn find(connection: &Connection, id: ChangeId) -> Result<Option<Change>, Failure> {
    let operations =
        rows(connection, "SELECT content FROM operation WHERE change = ?1 ORDER BY position", [id.0], |row| {
            row.get::<_, String>(0)
        })?
        .iter()
        .map(|content| serde_json::from_str::<Operation>(content))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::Unreadable(format!("an operation of {id} can't be read: {error}")))?;
    find_with(connection, id, operations)
}

/// The change of this id with these operations.
pub(in crate::store) fn find_with(
    connection: &Connection,
    id: ChangeId,
    operations: Vec<Operation>,
) -> Result<Option<Change>, Failure> {
    let found = connection
        .prepare_cached("SELECT * FROM change WHERE id = ?1")?
        .query_row([id.0], |row| {
            let review = || -> rusqlite::Result<Review> {
                Ok(Review {
                    reviewer: get(row, "reviewer")?,
                    at: timestamp(row, "reviewed_at")?,
                    reason: get(row, "reason")?,
                })
            };
            let stage: Option<String> = row.get("stage")?;
            let state = match (row.get_ref("state")?.as_str()?, stage.as_deref()) {
                ("approved", None) => ChangeState::Approved(Approved {
                    sequence: row.get("sequence")?,
                    review: review()?,
                    solo: row.get("solo")?,
                }),
                ("rejected", Some("withdrawn")) => ChangeState::Withdrawn(review()?),
                ("rejected", None) => ChangeState::Rejected(review()?),
                ("pending", Some("author")) => ChangeState::Returned { request: get(row, "request")? },
                ("pending", None) => ChangeState::Pending,
                (state, stage) => return Err(unknown("state", format!("{state}, {stage:?}"))),
            };
            let proposal = Proposal {
                summary: get(row, "summary")?,
                author: get(row, "author")?,
                proposed_at: timestamp(row, "proposed_at")?,
                operations,
            };
            let note = get_optional(row, "note")?;
            Ok(Change { id, proposal, based_on: row.get("based_on")?, note, state })
        })
        .optional()?;
    Ok(found)
}
