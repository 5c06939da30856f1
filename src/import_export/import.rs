//! Taking packs into the database: what would change, and the change itself.

use jiff::Timestamp;

use super::{
    checks::{PackRemarks, look},
    faults::{Faults, PackError},
    read::{Located, Pack},
    step::{PlannedStep, StepKind},
};
use crate::{
    model::{
        Announcement, Approved, Authority, ChangeId, Date, Identity, Operation, Proposal, RecordKind, ReferenceRole,
        Review, Sequence, SingleLine, Standing, ledger::BrokenRule,
    },
    store::{Failure, Reader, Refusal, Store, StoreError, Submission},
};

/// What an import would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Each record of the pack, in its order.
    pub steps: Vec<PlannedStep>,
    /// What a reviewer must look at, though it is taken in.
    pub warnings: Vec<PackError>,
    operations: Vec<Operation>,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// How many records have this step.
    #[must_use]
    pub fn count(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind).count()
    }

    fn step(&mut self, located: &Located, kind: StepKind) {
        self.steps.push(PlannedStep { name: located.record.record_key(), kind });
    }
}

/// In whose names an import is recorded.
#[derive(Debug, Clone)]
pub struct Attribution {
    /// Who brings it in.
    pub author: Identity,
    /// Who reviewed it.
    pub reviewer: Identity,
    /// What it is for.
    pub summary: SingleLine,
    /// Why it was approved.
    pub reason: SingleLine,
    /// When.
    pub at: Timestamp,
}

/// Why an import was refused. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Something is wrong in the packs.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Pack(Vec<PackError>),
    /// The store can't take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failure> for ImportError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into())
    }
}

/// What importing `pack` would do to the records that `reader` sees.
///
/// # Errors
/// When a record of the pack contradicts what is on record, or the records can't be read.
pub fn plan(reader: &Reader<'_>, pack: &Pack) -> Result<Plan, ImportError> {
    let mut plan = Plan::default();
    let mut faults = Faults::default();
    for located in pack.records() {
        let name = located.record.record_key();
        let Some(held) = reader.held(&name)? else {
            plan.step(located, StepKind::Create);
            plan.operations
                .push(Operation::Create { record: located.record.clone(), standing: located.standing.clone() });
            continue;
        };
        // A day alone is no news: what is the same is left as it is.
        if held.record == located.record && held.standing.says_the_same_as(&located.standing) {
            plan.step(located, StepKind::Unchanged);
            continue;
        }
        if !held.standing.is_in_force() {
            plan.step(located, StepKind::LeftAlone);
            continue;
        }
        let Some(corrections) = added_corrections(&held.standing, &located.standing) else {
            let message = "corrections that are on record can't be taken back, only added to".to_owned();
            faults.add(|| pack.error_at(located, "corrections", None, message));
            plan.step(located, StepKind::LeftAlone);
            continue;
        };
        let mut kind = StepKind::Unchanged;
        if held.record != located.record || !corrections.is_empty() {
            kind = StepKind::Edit;
            let vetted = located.standing.vetted;
            plan.operations.push(Operation::Edit { record: located.record.clone(), corrections, vetted });
        }
        if let Some(notice) = &located.standing.retracted {
            kind = StepKind::Retract;
            plan.operations.push(Operation::Retract { target: name, announcement: notice.clone().into() });
        } else if let Some(into) = &located.standing.merged_into {
            kind = StepKind::Merge;
            plan.operations.push(Operation::Merge { from: name.key, into: into.clone() });
        }
        plan.step(located, kind);
    }
    if faults.is_empty() { Ok(plan) } else { Err(ImportError::Pack(faults.into_errors())) }
}

/// The corrections of `new` that `held` doesn't have yet; `None` when it lacks some that `held` has.
fn added_corrections(held: &Standing, new: &Standing) -> Option<Vec<Announcement>> {
    let added = new.corrections.strip_prefix(held.corrections.as_slice())?;
    Some(added.iter().cloned().map(Announcement::from).collect())
}

/// Up to how many broken_rules of the ledger are counted.
const MOST_COUNTED: usize = 10_000;

/// How often an import is planned anew where others change the records between the plan and the writing.
const ATTEMPTS: usize = 5;

/// Imports `pack` as one reviewed change. Returns what was done, and the change, if there was
/// anything to do.
///
/// The pack is read, planned and checked beside whoever writes; the writer is held for the applying alone, and takes
/// the plan only where the records are still those that it was made for.
///
/// # Errors
/// When the pack breaks a rule of the records or is not what the forms would take, or the store can't take it; then
/// nothing is written.
pub fn import(
    store: &Store,
    pack: &Pack,
    attribution: Attribution,
) -> Result<(Plan, Option<(ChangeId, Approved)>), ImportError> {
    for _ in 0..ATTEMPTS {
        let (mut plan, seen) = checked(&store.reader()?.without_deadline(), pack, attribution.at)?;
        if plan.is_empty() {
            return Ok((plan, None));
        }
        let (proposal, review) = change(&mut plan, attribution.clone());
        let applied = store.submit_reviewed_after(proposal, review, seen).map_err(|error| placed_in(pack, error))?;
        if applied.is_some() {
            return Ok((plan, applied));
        }
    }
    Err(Failure::Busy.into())
}

/// Hands `pack` in as a proposal: someone else approves it. Returns what it would do, and the change,
/// if there is anything to do.
///
/// # Errors
/// As [`import`]; and when the author may not propose.
pub fn propose(
    store: &Store,
    pack: &Pack,
    attribution: &Attribution,
    authority: &Authority,
) -> Result<(Plan, Option<ChangeId>), ImportError> {
    let (mut plan, seen) = checked(&store.reader()?.without_deadline(), pack, attribution.at)?;
    if plan.is_empty() {
        return Ok((plan, None));
    }
    let (mut proposal, _) = change(&mut plan, attribution.clone());
    // Whoever approves it reviews it, on that day.
    for operation in &mut proposal.operations {
        match operation {
            Operation::Create { standing, .. } => standing.vetted = None,
            Operation::Edit { vetted, .. } => *vetted = None,
            _ => {}
        }
    }
    let submission = Submission { proposal, based_on: seen, note: None, suggestion: None, again: false };
    let id = store.submit(submission, authority).map_err(|error| placed_in(pack, error))?;
    Ok((plan, Some(id)))
}

/// Does all that [`import`] does, and takes it back: what would be done, or why it would be refused.
///
/// # Errors
/// As [`import`].
pub fn rehearse(store: &Store, pack: &Pack, attribution: Attribution) -> Result<Plan, ImportError> {
    let (mut plan, _) = checked(&store.reader()?.without_deadline(), pack, attribution.at)?;
    if !plan.is_empty() {
        let (proposal, review) = change(&mut plan, attribution);
        store.rehearse(proposal, review).map_err(|error| placed_in(pack, error))?;
    }
    Ok(plan)
}

/// The plan of a pack, and the place in the history that it was made at. All that is wrong with the pack is told at
/// once: what it would break of the rules of the records, and what the forms would refuse.
fn checked(reader: &Reader<'_>, pack: &Pack, now: Timestamp) -> Result<(Plan, Sequence), ImportError> {
    let mut plan = plan(reader, pack)?;
    let PackRemarks { mut wrong, odd } = look(reader, pack, &plan.steps, now)?;
    for refusal in reader.broken_rules(&plan.operations, Date::of(now), MOST_COUNTED)? {
        match placed(pack, &refusal) {
            Some(error) => wrong.add(|| error),
            None if wrong.is_empty() => return Err(StoreError::Refused(Refusal::Rule(refusal)).into()),
            None => {}
        }
    }
    if !wrong.is_empty() {
        return Err(ImportError::Pack(wrong.into_errors()));
    }
    plan.warnings = odd.into_errors();
    Ok((plan, reader.latest_sequence()?))
}

/// The change that a plan becomes; its operations are taken out of it.
fn change(plan: &mut Plan, attribution: Attribution) -> (Proposal, Review) {
    let Attribution { author, reviewer, summary, reason, at } = attribution;
    let proposal = Proposal { summary, author, proposed_at: at, operations: std::mem::take(&mut plan.operations) };
    (proposal, Review { reviewer, at, reason })
}

/// Turns a refusal of the ledger into an error that names the place in the pack.
fn placed_in(pack: &Pack, error: StoreError) -> ImportError {
    let StoreError::Refused(Refusal::Rule(refusal)) = error else { return error.into() };
    match placed(pack, &refusal) {
        Some(error) => ImportError::Pack(vec![error]),
        None => StoreError::Refused(Refusal::Rule(refusal)).into(),
    }
}

/// The place in the pack of what the ledger refuses; `None` where the pack has none.
fn placed(pack: &Pack, refusal: &BrokenRule) -> Option<PackError> {
    let (name, field, value) = match refusal {
        BrokenRule::UnknownReference { referrer, role, target }
        | BrokenRule::UnfitReference { referrer, role, target, .. } => {
            (referrer, field_of(*role), Some(target.key.as_str()))
        }
        BrokenRule::Circle(name) if name.kind == RecordKind::Source => (name, "copy_of", None),
        BrokenRule::Circle(name) => (name, "part_of", None),
        BrokenRule::StillNeeded { target, .. } => (target, "retracted", None),
        BrokenRule::Exists(name)
        | BrokenRule::Missing(name)
        | BrokenRule::NotInForce(name)
        | BrokenRule::NotRetracted(name) => (name, "key", None),
        BrokenRule::Unmergeable { .. }
        | BrokenRule::PurgeNeeded { .. }
        | BrokenRule::Merged(_)
        | BrokenRule::Purged => {
            return None;
        }
    };
    pack.find(name).map(|located| pack.error_at(located, field, value, refusal.to_string()))
}

/// The field of a pack that holds a reference of this role.
const fn field_of(role: ReferenceRole) -> &'static str {
    match role {
        ReferenceRole::Whole => "part_of",
        ReferenceRole::Affiliation => "affiliation",
        ReferenceRole::Publisher => "publisher",
        ReferenceRole::Speaker => "speaker",
        ReferenceRole::Responder => "responder",
        ReferenceRole::Subject => "about",
        ReferenceRole::Answered => "to",
        ReferenceRole::Cited => "citations",
        ReferenceRole::Copied => "copy_of",
        ReferenceRole::Successor => "merged_into",
    }
}
