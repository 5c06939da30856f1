//! What approved changes add up to: the rules by which an operation turns records into records.
//!
//! The rules stand here once. They work on anything that keeps records ([`Records`]): the tables of
//! the database, and [`Ledger`], which keeps them in memory.

mod broken_rule;
mod memory;

use std::collections::{BTreeSet, HashSet};

pub use broken_rule::BrokenRule;
pub use memory::Ledger;

use super::{
    Alias, Announcement, Date, Entity, EntityKind, HeldRecord, Key, Language, Operation, Record, RecordKey, RecordKind,
    ReferenceRole,
};

/// Something that keeps records.
pub trait Records {
    /// What can go wrong in keeping them.
    type Error;

    /// The record of this name, whatever its standing.
    ///
    /// # Errors
    /// When the records can't be read.
    fn get(&self, name: &RecordKey) -> Result<Option<HeldRecord>, Self::Error>;

    /// What the rules need to know of a record that another refers to.
    ///
    /// # Errors
    /// When the records can't be read.
    fn glance(&self, name: &RecordKey) -> Result<Option<RecordSummary>, Self::Error>;

    /// Keeps a record under its name, in place of what was there.
    ///
    /// # Errors
    /// When the record can't be written.
    fn put(&mut self, held: HeldRecord) -> Result<(), Self::Error>;

    /// The names of all records, whatever their standing, that refer to this one, in order.
    ///
    /// # Errors
    /// When the records can't be read.
    fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Self::Error>;

    /// Notes that an entity takes part in a merge.
    fn note_merged(&mut self, name: &RecordKey);

    /// Whether another entity was merged into this one, or either into the other and it was turned back since:
    /// the history of the one can't be told without the names of the other.
    ///
    /// # Errors
    /// When the records can't be read.
    fn was_merged(&self, name: &RecordKey) -> Result<bool, Self::Error>;

    /// Takes a record away for good.
    ///
    /// # Errors
    /// When the records can't be written.
    fn remove(&mut self, name: &RecordKey) -> Result<(), Self::Error>;
}

/// A record in brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSummary {
    /// The kind of an entity; `None` for other records.
    pub entity_kind: Option<EntityKind>,
    /// What it derives from: the whole that an entity is a part of, or the source that a source copies.
    pub derives_from: Option<Key>,
    /// Whether it is neither retracted nor merged away.
    pub in_force: bool,
}

impl RecordSummary {
    /// The record in brief.
    #[must_use]
    pub fn of(held: &HeldRecord) -> Self {
        let (entity_kind, derives_from) = match &held.record {
            Record::Entity(entity) => (Some(entity.kind()), entity.part_of.clone()),
            Record::Source(source) => (None, source.copy_of.clone()),
            Record::Statement(_) | Record::Response(_) => (None, None),
        };
        Self { entity_kind, derives_from, in_force: held.standing.is_in_force() }
    }
}

/// Why operations were not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError<E> {
    /// An operation breaks a rule.
    #[error(transparent)]
    Refused(#[from] BrokenRule),
    /// The records can't be read or written.
    #[error("the records can't be read or written")]
    Records(#[source] E),
}

/// Applies operations in order, as decided on the day `on`, and returns the names of all records
/// that they touched, each once, in order of name.
///
/// # Errors
/// When an operation breaks a rule or the records fail. The records may then be half changed: the
/// caller keeps them in a transaction, or throws them away.
pub fn apply<R: Records>(
    records: &mut R,
    operations: &[Operation],
    on: Date,
) -> Result<Vec<RecordKey>, ApplyError<R::Error>> {
    let mut fold = Fold { records, on, touched: BTreeSet::new() };
    for operation in operations {
        fold.operation(operation)?;
    }
    match fold.broken_references(1).map_err(ApplyError::Records)?.into_iter().next() {
        Some(refusal) => Err(refusal.into()),
        None => Ok(fold.touched.into_iter().collect()),
    }
}

/// Which rules the operations break, at most so many broken_rules: those of single operations, then those of what all
/// of them add up to without these. None means that [`apply`] would apply them.
///
/// # Errors
/// When the records fail. They are half changed in any case: the caller throws them away.
pub fn broken_rules<R: Records>(
    records: &mut R,
    operations: &[Operation],
    on: Date,
    most: usize,
) -> Result<Vec<BrokenRule>, R::Error> {
    let mut fold = Fold { records, on, touched: BTreeSet::new() };
    let mut broken_rules = Vec::new();
    for operation in operations {
        match fold.operation(operation) {
            Ok(()) => {}
            Err(ApplyError::Refused(_)) if broken_rules.len() >= most => break,
            Err(ApplyError::Refused(refusal)) => broken_rules.push(refusal),
            Err(ApplyError::Records(error)) => return Err(error),
        }
    }
    broken_rules.extend(fold.broken_references(most.saturating_sub(broken_rules.len()))?);
    Ok(broken_rules)
}

/// Applies operations that were approved long ago to some of the records, without asking again
/// whether they may: what they refer to may be left out here, or purged since. Operations on records
/// that aren't here have no effect but that of a merge on those that named its entity.
///
/// # Errors
/// When the records fail.
pub fn replay<R: Records>(records: &mut R, operations: &[Operation], on: Date) -> Result<(), R::Error> {
    let mut fold = Fold { records, on, touched: BTreeSet::new() };
    for operation in operations {
        let done = match (fold.operation(operation), operation) {
            (Err(ApplyError::Refused(_)), Operation::Merge { from, into }) => {
                let name = RecordKey::new(RecordKind::Entity, from.clone());
                let referrers = fold.records.referrers(&name)?;
                fold.point_to(referrers, from, into)
            }
            (done, _) => done,
        };
        if let Err(ApplyError::Records(error)) = done {
            return Err(error);
        }
    }
    Ok(())
}

struct Fold<'a, R> {
    records: &'a mut R,
    on: Date,
    touched: BTreeSet<RecordKey>,
}

impl<R: Records> Fold<'_, R> {
    fn operation(&mut self, operation: &Operation) -> Result<(), ApplyError<R::Error>> {
        match operation {
            Operation::Create { record, standing } => {
                let name = record.record_key();
                if self.glance(&name)?.is_some() {
                    return Err(BrokenRule::Exists(name).into());
                }
                self.put(HeldRecord { record: record.clone(), standing: standing.clone(), revision: 1 })
            }
            Operation::Edit { record, corrections, vetted } => {
                let mut held = self.in_force(&record.record_key())?;
                held.record = record.clone();
                held.revision += 1;
                let notices = corrections.iter().map(|correction| correction.approved_on(self.on));
                held.standing.corrections.extend(notices);
                held.standing.vetted = *vetted;
                self.put(held)
            }
            Operation::Retract { target, announcement } => self.retract(target, announcement),
            Operation::Restore { target } => {
                let mut held = self.get(target)?;
                // Of an entity that was merged away: it stands alone again, and nothing points to it yet.
                let was_gone = held.standing.retracted.take().is_some() | held.standing.merged_into.take().is_some();
                if !was_gone {
                    return Err(BrokenRule::NotRetracted(target.clone()).into());
                }
                held.revision += 1;
                held.standing.vetted = None;
                self.put(held)
            }
            Operation::Purge { target, .. } => self.purge(target),
            Operation::Removed { .. } => Err(BrokenRule::Purged.into()),
            Operation::Merge { from, into } => self.merge(from, into),
        }
    }

    fn purge(&mut self, target: &RecordKey) -> Result<(), ApplyError<R::Error>> {
        let held = self.get(target)?;
        if let Some(referrer) = self.records.referrers(target).map_err(ApplyError::Records)?.into_iter().next() {
            return Err(BrokenRule::PurgeNeeded { target: target.clone(), referrer }.into());
        }
        if held.standing.merged_into.is_some() || self.records.was_merged(target).map_err(ApplyError::Records)? {
            return Err(BrokenRule::Merged(target.clone()).into());
        }
        self.touched.remove(target);
        self.records.remove(target).map_err(ApplyError::Records)
    }

    fn retract(&mut self, target: &RecordKey, announcement: &Announcement) -> Result<(), ApplyError<R::Error>> {
        let mut held = self.in_force(target)?;
        // A response to a retracted statement stays and says so; an entity or a source that others
        // rest on can't go from under them.
        if matches!(target.kind, RecordKind::Entity | RecordKind::Source) {
            for referrer in self.records.referrers(target).map_err(ApplyError::Records)? {
                if self.glance(&referrer)?.is_some_and(|glance| glance.in_force) {
                    return Err(BrokenRule::StillNeeded { target: target.clone(), referrer }.into());
                }
            }
        }
        held.standing.retracted = Some(announcement.approved_on(self.on));
        held.standing.vetted = None;
        held.revision += 1;
        self.put(held)
    }

    fn merge(&mut self, from: &Key, into: &Key) -> Result<(), ApplyError<R::Error>> {
        let name = |key: &Key| RecordKey::new(RecordKind::Entity, key.clone());
        let mut gone = self.in_force(&name(from))?;
        let mut kept = self.in_force(&name(into))?;
        let (Record::Entity(gone_entity), Record::Entity(kept_entity)) = (&gone.record, &mut kept.record) else {
            return Err(BrokenRule::Missing(name(from)).into());
        };
        if from == into || gone_entity.kind() != kept_entity.kind() {
            return Err(BrokenRule::Unmergeable { from: from.clone(), into: into.clone() }.into());
        }
        take_over_names(kept_entity, gone_entity);
        kept.revision += 1;
        kept.standing.vetted = None;
        gone.standing.vetted = None;
        gone.standing.merged_into = Some(into.clone());
        gone.revision += 1;
        self.records.note_merged(&name(from));
        self.records.note_merged(&name(into));
        let referrers = self.records.referrers(&name(from)).map_err(ApplyError::Records)?;
        self.put(gone)?;
        self.put(kept)?;
        self.point_to(referrers, from, into)
    }

    /// Has records name `into` where they named `from`.
    fn point_to(&mut self, referrers: Vec<RecordKey>, from: &Key, into: &Key) -> Result<(), ApplyError<R::Error>> {
        for referrer in referrers {
            let mut held = self.get(&referrer)?;
            held.record = held.record.with_entity_replaced(from, into);
            held.revision += 1;
            self.put(held)?;
        }
        Ok(())
    }

    /// Looks, when all operations are through, for what was touched and refers to what isn't there, at most so many
    /// times. A record out of force may refer to anything that exists.
    fn broken_references(&self, most: usize) -> Result<Vec<BrokenRule>, R::Error> {
        let mut broken = Vec::new();
        let mut ending = HashSet::new();
        for name in &self.touched {
            if broken.len() >= most {
                break;
            }
            let Some(held) = self.records.get(name)? else { continue };
            for (role, target) in held.references() {
                broken.extend(self.broken_reference(&held, name, role, target)?);
            }
            if matches!(name.kind, RecordKind::Entity | RecordKind::Source) {
                broken.extend(self.circle(name, &mut ending)?);
            }
        }
        broken.truncate(most);
        Ok(broken)
    }

    fn broken_reference(
        &self,
        held: &HeldRecord,
        name: &RecordKey,
        role: ReferenceRole,
        target: RecordKey,
    ) -> Result<Option<BrokenRule>, R::Error> {
        let part = Part::of(role, &held.record);
        let known = self.records.glance(&target)?.filter(|glance| {
            glance.in_force
                || role == ReferenceRole::Answered
                || (role != ReferenceRole::Successor && !held.standing.is_in_force())
        });
        let referrer = name.clone();
        Ok(match known {
            None => Some(BrokenRule::UnknownReference { referrer, role, target }),
            Some(glance) if !(part.fits)(glance.entity_kind) => {
                Some(BrokenRule::UnfitReference { referrer, role, target, allowed: part.allowed })
            }
            Some(_) => None,
        })
    }

    /// The circle of wholes that an entity lies in or leads to, or of copies that a source does. `ending` has those that
    /// are known to come to an end, or to a circle that was told: each is walked once, however deep what was touched lies.
    fn circle(&self, name: &RecordKey, ending: &mut HashSet<RecordKey>) -> Result<Option<BrokenRule>, R::Error> {
        let mut walked = HashSet::new();
        let mut next = Some(name.clone());
        let mut found = None;
        while let Some(name) = next {
            if ending.contains(&name) {
                break;
            }
            if !walked.insert(name.clone()) {
                found = Some(BrokenRule::Circle(name));
                break;
            }
            let above = self.records.glance(&name)?.and_then(|glance| glance.derives_from);
            next = above.map(|key| RecordKey::new(name.kind, key));
        }
        ending.extend(walked);
        Ok(found)
    }

    fn get(&self, name: &RecordKey) -> Result<HeldRecord, ApplyError<R::Error>> {
        let held = self.records.get(name).map_err(ApplyError::Records)?;
        held.ok_or_else(|| BrokenRule::Missing(name.clone()).into())
    }

    fn in_force(&self, name: &RecordKey) -> Result<HeldRecord, ApplyError<R::Error>> {
        let held = self.get(name)?;
        if held.standing.is_in_force() { Ok(held) } else { Err(BrokenRule::NotInForce(name.clone()).into()) }
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<RecordSummary>, ApplyError<R::Error>> {
        self.records.glance(name).map_err(ApplyError::Records)
    }

    fn put(&mut self, held: HeldRecord) -> Result<(), ApplyError<R::Error>> {
        self.touched.insert(held.record.record_key());
        self.records.put(held).map_err(ApplyError::Records)
    }
}

/// What may play a part in a record.
struct Part {
    allowed: &'static str,
    fits: fn(Option<EntityKind>) -> bool,
}

impl Part {
    fn of(role: ReferenceRole, referrer: &Record) -> Self {
        let is_place = matches!(referrer, Record::Entity(entity) if entity.kind() == EntityKind::Place);
        match role {
            ReferenceRole::Whole if is_place => {
                Self { allowed: "a place", fits: |kind| kind == Some(EntityKind::Place) }
            }
            ReferenceRole::Whole | ReferenceRole::Subject | ReferenceRole::Successor => {
                Self { allowed: "an entity", fits: |kind| kind.is_some() }
            }
            ReferenceRole::Affiliation | ReferenceRole::Publisher => {
                Self { allowed: "an organisation", fits: |kind| kind == Some(EntityKind::Organisation) }
            }
            ReferenceRole::Speaker | ReferenceRole::Responder => Self {
                allowed: "a person or an organisation",
                fits: |kind| matches!(kind, Some(EntityKind::Person | EntityKind::Organisation)),
            },
            ReferenceRole::Answered => Self { allowed: "a statement", fits: |_| true },
            ReferenceRole::Cited | ReferenceRole::Copied => Self { allowed: "a source", fits: |_| true },
        }
    }
}

/// Gives `kept` the names of `gone` that it doesn't have, and its entries of catalogues. Names of entities are English.
fn take_over_names(kept: &mut Entity, gone: &Entity) {
    let english = "en".parse::<Language>().ok();
    let own_name = english.map(|language| Alias { name: gone.name.clone(), language });
    for alias in own_name.into_iter().chain(gone.aliases.iter().cloned()) {
        if alias.name != kept.name && !kept.aliases.contains(&alias) {
            kept.aliases.push(alias);
        }
    }
    kept.same_as.take_over(&gone.same_as);
}
