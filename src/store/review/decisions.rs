//! Deciding on changes: approved and applied in one transaction, rejected, or taken in as reviewed before.

use rusqlite::{Connection, Transaction};

use crate::model::{
    Approved, Authority, Change, ChangeId, ChangeState, Date, Identity, Operation, Proposal, Review, Role, Sequence,
    Sight,
    ledger::{ApplyError, apply},
};
use crate::store::{
    Store,
    acts::deeds::{ActKind, Deed},
    acts::journal,
    acts::people,
    database::sequence,
    error::StoreError,
    failure::Failure,
    history::chain,
    history::changes::{insert, open, undecided, written},
    history::purge,
    history::seals::{self, Subject},
    outbox::due_edits,
    outbox::watches,
    records::tables::TableRecords,
    refusal::Refusal,
    review::fitting::fitted,
    review::looks,
};

impl Store {
    /// Records a proposal as pending, on the ground of what is on record now.
    ///
    /// # Errors
    /// [`Failure::Empty`] for a proposal without operations; otherwise when it can't be written.
    pub fn propose(&self, proposal: Proposal) -> Result<ChangeId, Failure> {
        self.writer()?.write(move |transaction| {
            let id = insert(transaction, &proposal, None)?;
            seals::lay(transaction, &Subject::Change(id.0))?;
            Ok(id)
        })
    }

    /// Approves a pending change and applies all of its operations, in one transaction. What others
    /// changed since it was proposed stays, where it is something else.
    ///
    /// # Errors
    /// When the change isn't there, was decided, is the reviewer's own, isn't what the reviewer looked at,
    /// contradicts what others changed in the meantime, an operation is refused, or the reviewer may not (by
    /// now); then nothing is applied and the change stays pending.
    pub fn approve(
        &self,
        id: ChangeId,
        review: Review,
        sight: Sight,
        authority: &Authority,
    ) -> Result<Approved, StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| approve(transaction, id, review, Some((&authority, &sight))))
    }

    /// Rejects a pending change.
    ///
    /// # Errors
    /// When the change isn't there, was decided, is the reviewer's own, isn't what the reviewer looked at, or the
    /// reviewer may not.
    pub fn reject(&self, id: ChangeId, review: Review, sight: Sight, authority: &Authority) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            let change = open(transaction, id)?;
            may_decide_on_anothers(transaction, &authority, &change, &review.reviewer)?;
            let fitted = fitted(transaction, &change)?;
            looks::require(transaction, &change, &fitted, &review.reviewer, &sight, looks::Extent::Any)?;
            decide(transaction, id, Decision::Rejected, &review)?;
            Ok(seals::lay(transaction, &Subject::Change(id.0))?)
        })
    }

    /// Records a proposal together with its approval, in one transaction: for what was reviewed
    /// before it came here, as an import on the operator's word. It is an administrative act, too.
    ///
    /// # Errors
    /// As [`Store::propose`] and [`Store::approve`], but nobody needs a role; then nothing is recorded.
    pub fn submit_reviewed(&self, proposal: Proposal, review: Review) -> Result<(ChangeId, Approved), StoreError> {
        self.writer()?.write(move |transaction| reviewed(transaction, &proposal, review))
    }

    /// As [`Store::submit_reviewed`], for a proposal that was made of the records as they were at the place `seen` in the
    /// history; `None`, and nothing is recorded, where others have changed them since.
    ///
    /// # Errors
    /// As [`Store::submit_reviewed`].
    pub fn submit_reviewed_after(
        &self,
        proposal: Proposal,
        review: Review,
        seen: Sequence,
    ) -> Result<Option<(ChangeId, Approved)>, StoreError> {
        self.writer()?.write(move |transaction| {
            if sequence::latest(transaction)? == seen {
                reviewed(transaction, &proposal, review).map(Some)
            } else {
                Ok(None)
            }
        })
    }

    /// Does all that [`Store::submit_reviewed`] does, and takes it back.
    ///
    /// # Errors
    /// As [`Store::submit_reviewed`].
    pub fn rehearse(&self, proposal: Proposal, review: Review) -> Result<(), StoreError> {
        self.writer()?.rehearse(move |transaction| {
            let id = insert(transaction, &proposal, None)?;
            approve(transaction, id, review, None)?;
            Ok(())
        })
    }
}

/// Writes a proposal with its approval.
fn reviewed(
    transaction: &Transaction<'_>,
    proposal: &Proposal,
    review: Review,
) -> Result<(ChangeId, Approved), StoreError> {
    let id = insert(transaction, proposal, None)?;
    let (author, deed) = (&proposal.author, Deed::Import {});
    journal::note_act(transaction, ActKind::Import, author, review.at, &id.to_string(), &deed)?;
    Ok((id, approve(transaction, id, review, None)?))
}

/// Approves and applies. Without an authority it is the operator's word that both are who they are, and have read it.
fn approve(
    transaction: &Transaction<'_>,
    id: ChangeId,
    review: Review,
    rights: Option<(&Authority, &Sight)>,
) -> Result<Approved, StoreError> {
    // What was proposed in the same transaction has no seal yet.
    let change = if rights.is_some() { open(transaction, id)? } else { undecided(transaction, id)? };
    let authority = rights.map(|(authority, _)| authority);
    let solo = check_reviewer(transaction, &change, &review, authority)?;
    let mut operations = change.proposal.operations.clone();
    if let Some((_, sight)) = rights {
        let fitted = fitted(transaction, &change)?;
        looks::require(transaction, &change, &fitted, &review.reviewer, sight, looks::Extent::Whole)?;
        if !fitted.conflicts.is_empty() {
            return Err(StoreError::Refused(Refusal::Conflict(id, fitted.conflicts)));
        }
        operations = fitted.operations;
        for position in fitted.rewritten {
            if let Some(operation) = operations.get(position) {
                transaction
                    .prepare_cached(
                        "UPDATE operation SET proposed = content, content = ?3 WHERE change = ?1 AND position = ?2",
                    )?
                    .execute((id.0, position, written(operation)?))?;
            }
        }
    }
    let sequence = sequence::latest(transaction)?.next();
    decide(transaction, id, Decision::Approved { sequence, solo }, &review)?;
    let on = Date::of(review.at);
    let mut records = TableRecords::new(transaction);
    apply(&mut records, &operations, on).map_err(|error| match error {
        ApplyError::Refused(refusal) => StoreError::Refused(Refusal::Rule(refusal)),
        ApplyError::Records(error) => error.into(),
    })?;
    records.write(transaction, id)?;
    purge::erase(transaction, id, &operations, &review)?;
    chain::seal(transaction, id.0)?;
    seals::lay(transaction, &Subject::Change(id.0))?;
    let days = authority.map_or(Authority::CORRECTION_DAYS, |authority| authority.correction_days);
    due_edits::enqueue(transaction, id, &operations, review.at, days)?;
    watches::enqueue(transaction, id, &operations, review.at)?;
    Ok(Approved { sequence, review, solo })
}

/// Refuses those who may not decide on what someone else proposed, and whoever proposed it.
pub(in crate::store) fn may_decide_on_anothers(
    connection: &Connection,
    authority: &Authority,
    change: &Change,
    reviewer: &Identity,
) -> Result<(), StoreError> {
    people::require(connection, authority, reviewer, Role::Reviewer)?;
    if people::may_be_same_person(connection, &change.proposal.author, reviewer)? {
        return Err(StoreError::Refused(Refusal::OwnChange(change.proposal.author.clone())));
    }
    Ok(())
}

/// Whether this reviewer may decide; gives whether it is their own proposal, being the only one.
fn check_reviewer(
    connection: &Connection,
    change: &Change,
    review: &Review,
    authority: Option<&Authority>,
) -> Result<bool, StoreError> {
    let author = &change.proposal.author;
    let own = people::may_be_same_person(connection, author, &review.reviewer)?;
    let Some(authority) = authority else {
        return if own { Err(StoreError::Refused(Refusal::OwnChange(author.clone()))) } else { Ok(false) };
    };
    let purges = change.proposal.operations.iter().any(|operation| matches!(operation, Operation::Purge { .. }));
    let needed = if purges { Role::Admin } else { Role::Reviewer };
    people::require(connection, authority, &review.reviewer, needed)?;
    if purges {
        people::require(connection, authority, author, Role::Admin)?;
    }
    if let ChangeState::Returned { .. } = change.state {
        return Err(StoreError::Refused(Refusal::Returned(change.id)));
    }
    if !own {
        return Ok(false);
    }
    if !authority.solo || purges {
        return Err(StoreError::Refused(Refusal::OwnChange(author.clone())));
    }
    if people::reviewers(connection, authority)? > 1 {
        return Err(StoreError::Refused(Refusal::NotAlone));
    }
    Ok(true)
}

/// What was decided on a change.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum Decision {
    /// It is in force, at this place in the history; `solo` where nobody else could look at it.
    Approved {
        sequence: Sequence,
        solo: bool,
    },
    Rejected,
    /// Its author took it back.
    Withdrawn,
}

pub(in crate::store) fn decide(
    transaction: &Transaction<'_>,
    id: ChangeId,
    decision: Decision,
    review: &Review,
) -> Result<(), Failure> {
    let (state, stage, sequence, solo) = match decision {
        Decision::Approved { sequence, solo } => ("approved", None, Some(sequence), solo),
        Decision::Rejected => ("rejected", None, None, false),
        Decision::Withdrawn => ("rejected", Some("withdrawn"), None, false),
    };
    transaction
        .prepare_cached(
            "UPDATE change SET state = ?2, stage = ?3, sequence = ?4, solo = ?5, reviewer = ?6, reviewed_at = ?7,
                 reason = ?8, claimed_by = NULL, claimed_until = NULL WHERE id = ?1",
        )?
        .execute((
            id.0,
            state,
            stage,
            sequence,
            solo,
            review.reviewer.to_string(),
            review.at.as_millisecond(),
            review.reason.as_str(),
        ))?;
    looks::forget(transaction, id)
}
