//! Proposals on their way to a decision: submitted, claimed, sent back, changed, taken back; and
//! fitted to what others changed in the meantime.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::model::{
    Authority, Change, ChangeId, Date, Identity, Operation, Proposal, Review, Role, Sequence, Sight, SingleLine,
    SuggestionId,
    ledger::{ApplyError, apply},
};
use crate::store::{
    Reader, Store,
    acts::people,
    database::values::get_optional,
    error::StoreError,
    failure::Failure,
    history::changes::{find_with, insert, insert_operations, open},
    history::seals::{self, Subject},
    outbox::due_posts,
    records::load::rows,
    records::tables::TableRecords,
    refusal::Refusal,
    review::decisions::{self, Decision, decide},
    review::fitting::fitted,
    review::looks,
    review::repeats,
    review::suggestions,
};

/// How long a reviewer has a change to themselves. The limit is ours: time to read a source.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(30);

/// A proposal as someone hands it in.
#[derive(Debug, Clone)]
pub struct Submission {
    /// What is proposed.
    pub proposal: Proposal,
    /// The place in the history that the proposer saw.
    pub based_on: Sequence,
    /// What the proposer has to say to the reviewer.
    pub note: Option<SingleLine>,
    /// The suggestion that it takes up.
    pub suggestion: Option<SuggestionId>,
    /// Whether the proposer means it also where they have proposed the very same, and it waits.
    pub again: bool,
}

/// A change that waits, in brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The change, without its operations.
    pub change: Change,
    /// How many operations it has.
    pub operations: usize,
    /// Who works on it, as long as the claim stands.
    pub claimed_by: Option<Identity>,
}

impl Store {
    /// Records a proposal as pending, and announces it where reviews are announced.
    ///
    /// # Errors
    /// When the author may not propose (by now), has too much that waits or the very same, or its operations break a
    /// rule of the records as they are now; then nothing is recorded.
    pub fn submit(&self, submission: Submission, authority: &Authority) -> Result<ChangeId, StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            let Submission { proposal, based_on, note, suggestion, again } = submission;
            may_propose(transaction, &authority, &proposal.author, &proposal.operations)?;
            if !again && let Some(same) = repeats::repeated(transaction, &proposal)? {
                return Err(StoreError::Refused(Refusal::Repeated(same)));
            }
            has_room(transaction, &proposal.author, authority.limits.open_proposals)?;
            try_out(transaction, &proposal.operations, proposal.proposed_at)?;
            let id = insert(transaction, &proposal, Some(based_on))?;
            transaction
                .execute("UPDATE change SET note = ?2 WHERE id = ?1", (id.0, note.as_ref().map(SingleLine::as_str)))?;
            seals::lay(transaction, &Subject::Change(id.0))?;
            if let Some(suggestion) = suggestion {
                suggestions::take(transaction, suggestion, id, &proposal.author)?;
            }
            due_posts::announce(transaction, id, proposal.proposed_at, &authority.review_channels)?;
            Ok(id)
        })
    }

    /// Puts another proposal in the place of an open one of the same author.
    ///
    /// # Errors
    /// When it is decided, someone else's, or as [`Store::submit`]; then it is as before.
    pub fn amend(&self, id: ChangeId, submission: Submission, authority: &Authority) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            let Submission { proposal, based_on, note, .. } = submission;
            let change = open(transaction, id)?;
            if !people::same_person(transaction, &change.proposal.author, &proposal.author)? {
                return Err(StoreError::Refused(Refusal::NotAuthor(id)));
            }
            may_propose(transaction, &authority, &proposal.author, &proposal.operations)?;
            try_out(transaction, &proposal.operations, proposal.proposed_at)?;
            transaction.execute("DELETE FROM operation WHERE change = ?1", [id.0])?;
            insert_operations(transaction, id, &proposal.operations)?;
            transaction.execute(
                // Whoever wrote what stands there now is its author, under whichever of their accounts: accounts that
                // are linked today may be two people's tomorrow.
                "UPDATE change SET summary = ?2, proposed_at = ?3, based_on = ?4, note = coalesce(?5, note), author = ?6,
                     stage = NULL, claimed_by = NULL, claimed_until = NULL WHERE id = ?1",
                (
                    id.0,
                    proposal.summary.as_str(),
                    proposal.proposed_at.as_millisecond(),
                    based_on,
                    note.as_ref().map(SingleLine::as_str),
                    proposal.author.to_string(),
                ),
            )?;
            seals::lay(transaction, &Subject::Change(id.0))?;
            Ok(due_posts::announce(transaction, id, proposal.proposed_at, &authority.review_channels)?)
        })
    }

    /// Sends a pending change back to its author, with what is to be changed.
    ///
    /// # Errors
    /// When it is decided, the reviewer's own, isn't what the reviewer looked at, or the reviewer may not.
    pub fn request_changes(
        &self,
        id: ChangeId,
        reviewer: Identity,
        request: SingleLine,
        sight: Sight,
        authority: &Authority,
    ) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            let change = open(transaction, id)?;
            decisions::may_decide_on_anothers(transaction, &authority, &change, &reviewer)?;
            let fitted = fitted(transaction, &change)?;
            looks::require(transaction, &change, &fitted, &reviewer, &sight, looks::Extent::Any)?;
            transaction.execute(
                "UPDATE change SET stage = 'author', request = ?2, claimed_by = NULL, claimed_until = NULL
                 WHERE id = ?1",
                (id.0, request.as_str()),
            )?;
            Ok(seals::lay(transaction, &Subject::Change(id.0))?)
        })
    }

    /// Has a reviewer work on a change for the time of a [`CLAIM`]; says until when.
    ///
    /// # Errors
    /// When it is decided, the reviewer's own, claimed by someone else, or the reviewer may not.
    pub fn claim(
        &self,
        id: ChangeId,
        reviewer: Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<Timestamp, StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            let change = open(transaction, id)?;
            decisions::may_decide_on_anothers(transaction, &authority, &change, &reviewer)?;
            if let Some(other) = claimed_by(transaction, id, at)?
                && !people::same_person(transaction, &other, &reviewer)?
            {
                return Err(StoreError::Refused(Refusal::Claimed(id, other)));
            }
            let until = at + CLAIM;
            transaction.execute(
                "UPDATE change SET claimed_by = ?2, claimed_until = ?3 WHERE id = ?1",
                (id.0, reviewer.to_string(), until.as_millisecond()),
            )?;
            seals::lay(transaction, &Subject::Change(id.0))?;
            Ok(until)
        })
    }

    /// Takes an open change back, on its author's word.
    ///
    /// # Errors
    /// When it is decided or someone else's.
    pub fn withdraw(&self, id: ChangeId, review: Review) -> Result<(), StoreError> {
        self.writer()?.write(move |transaction| {
            let change = open(transaction, id)?;
            if !people::same_person(transaction, &change.proposal.author, &review.reviewer)? {
                return Err(StoreError::Refused(Refusal::NotAuthor(id)));
            }
            decide(transaction, id, Decision::Withdrawn, &review)?;
            Ok(seals::lay(transaction, &Subject::Change(id.0))?)
        })
    }
}

impl Reader<'_> {
    /// The open changes, oldest first, from `offset` on; and how many there are in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn waiting(&self, at: Timestamp, offset: usize, limit: usize) -> Result<(Vec<Waiting>, usize), StoreError> {
        let connection = self.connection()?;
        let found = rows(
            connection,
            "SELECT id, (SELECT count(*) FROM operation WHERE change = change.id) AS operations
             FROM change WHERE state = 'pending' ORDER BY stage IS NOT NULL, id LIMIT ?2 OFFSET ?1",
            (offset, limit),
            |row| Ok((ChangeId(row.get(0)?), row.get::<_, usize>(1)?)),
        )?;
        let mut waiting = Vec::with_capacity(found.len());
        for (id, operations) in found {
            let change = find_with(connection, id, Vec::new())?.ok_or(Refusal::NoSuchChange(id))?;
            waiting.push(Waiting { change, operations, claimed_by: claimed_by(connection, id, at)? });
        }
        let total =
            connection.query_row("SELECT count(*) FROM change WHERE state = 'pending'", [], |row| row.get(0))?;
        Ok((waiting, total))
    }

    /// Who works on a change, as long as the claim stands.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn claimed_by(&self, id: ChangeId, at: Timestamp) -> Result<Option<Identity>, Failure> {
        claimed_by(self.connection()?, id, at)
    }

    /// Whether operations keep the rules of the records as they are now.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with the rule that is broken.
    pub fn would_apply(&self, operations: &[Operation], at: Timestamp) -> Result<(), StoreError> {
        try_out(self.connection()?, operations, at)
    }
}

fn claimed_by(connection: &Connection, id: ChangeId, at: Timestamp) -> Result<Option<Identity>, Failure> {
    let found = rows(
        connection,
        "SELECT claimed_by FROM change WHERE id = ?1 AND claimed_until > ?2",
        (id.0, at.as_millisecond()),
        |row| get_optional(row, "claimed_by"),
    )?;
    Ok(found.into_iter().next().flatten())
}

fn may_propose(
    connection: &Connection,
    authority: &Authority,
    author: &Identity,
    operations: &[Operation],
) -> Result<(), StoreError> {
    let purges = operations.iter().any(|operation| matches!(operation, Operation::Purge { .. }));
    people::require(connection, authority, author, if purges { Role::Admin } else { Role::Contributor })
}

/// Applies operations to what is on record without writing anything.
fn try_out(connection: &Connection, operations: &[Operation], at: Timestamp) -> Result<(), StoreError> {
    let mut records = TableRecords::new(connection);
    match apply(&mut records, operations, Date::of(at)) {
        Ok(_) => Ok(()),
        Err(ApplyError::Refused(refusal)) => Err(StoreError::Refused(Refusal::Rule(refusal))),
        Err(ApplyError::Records(error)) => Err(error.into()),
    }
}

/// Refuses those of whom as much waits as one person may have.
fn has_room(connection: &Connection, author: &Identity, limit: usize) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM change WHERE state = 'pending' AND author = ?1")?;
    let mut waiting = 0_usize;
    for identity in people::identities_of(connection, author)? {
        waiting += statement.query_row([identity.to_string()], |row| row.get::<_, usize>(0))?;
    }
    if waiting < limit { Ok(()) } else { Err(StoreError::Refused(Refusal::TooManyProposals(waiting))) }
}
