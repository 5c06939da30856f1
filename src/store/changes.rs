//! Proposing and deciding changes.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{
    Store,
    error::StoreError,
    load::rows,
    records::TableRecords,
    row::{get, timestamp},
};
use crate::model::{
    Approved, Change, ChangeId, ChangeState, Date, Operation, Proposal, Review,
    ledger::{ApplyError, apply},
};

impl Store {
    /// Records a proposal as pending.
    ///
    /// # Errors
    /// [`StoreError::Empty`] for a proposal without operations; otherwise when it can't be written.
    pub fn propose(&self, proposal: Proposal) -> Result<ChangeId, StoreError> {
        self.writer()?.write(move |transaction| insert(transaction, &proposal))
    }

    /// Approves a pending change and applies all of its operations, in one transaction.
    ///
    /// # Errors
    /// When the change isn't there, was decided, is the reviewer's own, or an operation is refused;
    /// then nothing is applied and the change stays pending.
    pub fn approve(&self, id: ChangeId, review: Review) -> Result<Approved, StoreError> {
        self.writer()?.write(move |transaction| approve(transaction, id, review))
    }

    /// Rejects a pending change.
    ///
    /// # Errors
    /// When the change isn't there, was decided or is the reviewer's own.
    pub fn reject(&self, id: ChangeId, review: Review) -> Result<(), StoreError> {
        self.writer()?.write(move |transaction| {
            let proposal = pending(transaction, id)?;
            check_reviewer(&proposal, &review)?;
            decide(transaction, id, "rejected", None, &review)
        })
    }

    /// Records a proposal together with its approval, in one transaction: for what was reviewed
    /// before it came here, as an import.
    ///
    /// # Errors
    /// As [`Store::propose`] and [`Store::approve`]; then nothing is recorded.
    pub fn submit_reviewed(&self, proposal: Proposal, review: Review) -> Result<(ChangeId, Approved), StoreError> {
        self.writer()?.write(move |transaction| {
            let id = insert(transaction, &proposal)?;
            Ok((id, approve(transaction, id, review)?))
        })
    }

    /// Does all that [`Store::submit_reviewed`] does, and takes it back.
    ///
    /// # Errors
    /// As [`Store::submit_reviewed`].
    pub fn rehearse(&self, proposal: Proposal, review: Review) -> Result<(), StoreError> {
        self.writer()?.rehearse(move |transaction| {
            let id = insert(transaction, &proposal)?;
            approve(transaction, id, review)?;
            Ok(())
        })
    }
}

impl super::Reader<'_> {
    /// The change of this id.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`] when there is none.
    pub fn change(&self, id: ChangeId) -> Result<Change, StoreError> {
        change(self.connection()?, id)
    }

    /// The change of this id without its operations, which may be many.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`] when there is none.
    pub fn change_head(&self, id: ChangeId) -> Result<Change, StoreError> {
        change_with(self.connection()?, id, Vec::new())
    }

    /// The ids of the approved changes after the place `sequence`, in order of approval.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn approved_after(&self, sequence: i64) -> Result<Vec<ChangeId>, StoreError> {
        rows(self.connection()?, "SELECT id FROM change WHERE sequence > ?1 ORDER BY sequence", [sequence], |row| {
            row.get(0).map(ChangeId)
        })
    }

    /// The place of the last approved change; 0 when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn latest_sequence(&self) -> Result<i64, StoreError> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT coalesce(max(sequence), 0) FROM change")?
            .query_row([], |row| row.get(0))?)
    }
}

fn insert(transaction: &Transaction<'_>, proposal: &Proposal) -> Result<ChangeId, StoreError> {
    if proposal.operations.is_empty() {
        return Err(StoreError::Empty);
    }
    transaction.prepare_cached("INSERT INTO change (summary, author, proposed_at) VALUES (?1, ?2, ?3)")?.execute((
        proposal.summary.as_str(),
        proposal.author.to_string(),
        proposal.proposed_at.as_millisecond(),
    ))?;
    let id = ChangeId(transaction.last_insert_rowid());
    let mut statement = transaction.prepare_cached(
        "INSERT INTO operation (change, position, record_kind, record_key, content) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (position, operation) in proposal.operations.iter().enumerate() {
        let target = operation.target();
        let content = serde_json::to_string(operation).map_err(|error| StoreError::Damaged(error.to_string()))?;
        statement.execute((id.0, position, target.kind.word(), target.key.as_str(), content))?;
    }
    Ok(id)
}

fn approve(transaction: &Transaction<'_>, id: ChangeId, review: Review) -> Result<Approved, StoreError> {
    let proposal = pending(transaction, id)?;
    check_reviewer(&proposal, &review)?;
    let sequence = transaction.query_row("SELECT coalesce(max(sequence), 0) + 1 FROM change", [], |row| row.get(0))?;
    decide(transaction, id, "approved", Some(sequence), &review)?;
    let on = Date::of(review.at);
    let mut records = TableRecords::new(transaction);
    apply(&mut records, &proposal.operations, on).map_err(|error| match error {
        ApplyError::Refused(refusal) => StoreError::Refused(refusal),
        ApplyError::Records(error) => error,
    })?;
    records.write(id)?;
    Ok(Approved { sequence, review })
}

fn check_reviewer(proposal: &Proposal, review: &Review) -> Result<(), StoreError> {
    if proposal.author == review.reviewer {
        return Err(StoreError::OwnChange(review.reviewer.clone()));
    }
    Ok(())
}

fn decide(
    transaction: &Transaction<'_>,
    id: ChangeId,
    state: &str,
    sequence: Option<i64>,
    review: &Review,
) -> Result<(), StoreError> {
    transaction.execute(
        "UPDATE change SET state = ?2, sequence = ?3, reviewer = ?4, reviewed_at = ?5, reason = ?6 WHERE id = ?1",
        (id.0, state, sequence, review.reviewer.to_string(), review.at.as_millisecond(), review.reason.as_str()),
    )?;
    Ok(())
}

fn pending(connection: &Connection, id: ChangeId) -> Result<Proposal, StoreError> {
    let change = change(connection, id)?;
    match change.state {
        ChangeState::Pending => Ok(change.proposal),
        ChangeState::Approved(_) | ChangeState::Rejected(_) => Err(StoreError::AlreadyDecided(id)),
    }
}

fn change(connection: &Connection, id: ChangeId) -> Result<Change, StoreError> {
    let operations =
        rows(connection, "SELECT content FROM operation WHERE change = ?1 ORDER BY position", [id.0], |row| {
            row.get::<_, String>(0)
        })?
        .iter()
        .map(|content| serde_json::from_str::<Operation>(content))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| StoreError::Damaged(format!("an operation of {id} can't be read: {error}")))?;
    change_with(connection, id, operations)
}

fn change_with(connection: &Connection, id: ChangeId, operations: Vec<Operation>) -> Result<Change, StoreError> {
    connection
        .prepare_cached("SELECT * FROM change WHERE id = ?1")?
        .query_row([id.0], |row| {
            let review = || -> rusqlite::Result<Review> {
                Ok(Review {
                    reviewer: get(row, "reviewer")?,
                    at: timestamp(row, "reviewed_at")?,
                    reason: get(row, "reason")?,
                })
            };
            let state = match row.get_ref("state")?.as_str()? {
                "approved" => ChangeState::Approved(Approved { sequence: row.get("sequence")?, review: review()? }),
                "rejected" => ChangeState::Rejected(review()?),
                _ => ChangeState::Pending,
            };
            let proposal = Proposal {
                summary: get(row, "summary")?,
                author: get(row, "author")?,
                proposed_at: timestamp(row, "proposed_at")?,
                operations,
            };
            Ok(Change { id, proposal, state })
        })
        .optional()?
        .ok_or(StoreError::NoSuchChange(id))
}
