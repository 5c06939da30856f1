//! What approved changes add up to: the rules by which an operation turns records into records.
//!
//! The rules stand here once. They work on anything that keeps records ([`Records`]): the tables of
//! the database, and [`Ledger`], which keeps them in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Alias, Announcement, Date, Entity, EntityKind, Held, Key, Language, Operation, Record, RecordKey, RecordKind,
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
    fn get(&self, name: &RecordKey) -> Result<Option<Held>, Self::Error>;

    /// What the rules need to know of a record that another refers to.
    ///
    /// # Errors
    /// When the records can't be read.
    fn glance(&self, name: &RecordKey) -> Result<Option<Glance>, Self::Error>;

    /// Keeps a record under its name, in place of what was there.
    ///
    /// # Errors
    /// When the record can't be written.
    fn put(&mut self, held: Held) -> Result<(), Self::Error>;

    /// The names of all records, whatever their standing, that refer to this one, in order.
    ///
    /// # Errors
    /// When the records can't be read.
    fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Self::Error>;

    /// Whether another entity was merged into this one.
    ///
    /// # Errors
    /// When the records can't be read.
    fn is_successor(&self, name: &RecordKey) -> Result<bool, Self::Error>;

    /// Takes a record away for good.
    ///
    /// # Errors
    /// When the records can't be written.
    fn remove(&mut self, name: &RecordKey) -> Result<(), Self::Error>;
}

/// A record in brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// The kind of an entity; `None` for other records.
    pub entity_kind: Option<EntityKind>,
    /// The whole that an entity is a part of.
    pub part_of: Option<Key>,
    /// Whether it is neither retracted nor merged away.
    pub in_force: bool,
}

impl Glance {
    /// The record in brief.
    #[must_use]
    pub fn of(held: &Held) -> Self {
        let (entity_kind, part_of) = match &held.record {
            Record::Entity(entity) => (Some(entity.kind()), entity.part_of.clone()),
            Record::Source(_) | Record::Statement(_) | Record::Response(_) => (None, None),
        };
        Self { entity_kind, part_of, in_force: held.standing.is_in_force() }
    }
}

/// Which rule an operation breaks. Nothing of its change is applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A record of that name is there already.
    #[error("there is a {0} already")]
    Exists(RecordKey),
    /// There is no record of that name.
    #[error("there is no {0}")]
    Missing(RecordKey),
    /// A retracted or merged record can't be changed.
    #[error("the {0} is retracted or merged away; restore it first")]
    NotInForce(RecordKey),
    /// A record that is in force can't be restored.
    #[error("the {0} is not retracted")]
    NotRetracted(RecordKey),
    /// Something still refers to the record.
    #[error("the {target} can't be retracted while the {referrer} refers to it")]
    StillNeeded {
        /// The record to be retracted.
        target: RecordKey,
        /// A record that refers to it.
        referrer: RecordKey,
    },
    /// A record refers to one that isn't there or isn't in force.
    #[error("the {referrer} names the {target} as {role}, which is not on record or not in force")]
    UnknownReference {
        /// The record that refers.
        referrer: RecordKey,
        /// The part that the missing record should play.
        role: ReferenceRole,
        /// The record referred to.
        target: RecordKey,
    },
    /// A record refers to one that can't play that part.
    #[error("the {referrer} names the {target} as {role}, and {role} must be {allowed}")]
    UnfitReference {
        /// The record that refers.
        referrer: RecordKey,
        /// The part that the other record should play.
        role: ReferenceRole,
        /// The record referred to.
        target: RecordKey,
        /// What can play that part.
        allowed: &'static str,
    },
    /// Something refers to a record that is to be purged, whether in force or not.
    #[error("the {target} can't be purged while the {referrer} refers to it; purge or edit that one first")]
    PurgeNeeded {
        /// The record to be purged.
        target: RecordKey,
        /// A record that refers to it.
        referrer: RecordKey,
    },
    /// An entity that took part in a merge can't be purged: others have its names.
    #[error("the {0} took part in a merge and can't be purged; edit its names instead")]
    Merged(RecordKey),
    /// The operation's content was purged.
    #[error("the content was purged; nothing is left to be applied")]
    Purged,
    /// An entity would be a part of itself.
    #[error("the {0} would be a part of itself")]
    Circle(RecordKey),
    /// An edit may not turn a record into one of another kind.
    #[error("two entities can be merged only if they are different and of one kind: {from} and {into} are not")]
    Unmergeable {
        /// The entity that was to go.
        from: Key,
        /// The entity that was to stay.
        into: Key,
    },
}

/// Why operations were not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError<E> {
    /// An operation breaks a rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
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
    fold.check_references()?;
    Ok(fold.touched.into_iter().collect())
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
                    return Err(Refusal::Exists(name).into());
                }
                self.put(Held { record: record.clone(), standing: standing.clone(), revision: 1 })
            }
            Operation::Edit { record, corrections } => {
                let mut held = self.in_force(&record.record_key())?;
                held.record = record.clone();
                held.revision += 1;
                let notices = corrections.iter().map(|correction| correction.approved_on(self.on));
                held.standing.corrections.extend(notices);
                self.put(held)
            }
            Operation::Retract { target, announcement } => self.retract(target, announcement),
            Operation::Restore { target } => {
                let mut held = self.get(target)?;
                if held.standing.retracted.take().is_none() {
                    return Err(Refusal::NotRetracted(target.clone()).into());
                }
                held.revision += 1;
                self.put(held)
            }
            Operation::Purge { target, .. } => self.purge(target),
            Operation::Removed { .. } => Err(Refusal::Purged.into()),
            Operation::Merge { from, into } => self.merge(from, into),
        }
    }

    fn purge(&mut self, target: &RecordKey) -> Result<(), ApplyError<R::Error>> {
        let held = self.get(target)?;
        if let Some(referrer) = self.records.referrers(target).map_err(ApplyError::Records)?.into_iter().next() {
            return Err(Refusal::PurgeNeeded { target: target.clone(), referrer }.into());
        }
        if held.standing.merged_into.is_some() || self.records.is_successor(target).map_err(ApplyError::Records)? {
            return Err(Refusal::Merged(target.clone()).into());
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
                    return Err(Refusal::StillNeeded { target: target.clone(), referrer }.into());
                }
            }
        }
        held.standing.retracted = Some(announcement.approved_on(self.on));
        held.revision += 1;
        self.put(held)
    }

    fn merge(&mut self, from: &Key, into: &Key) -> Result<(), ApplyError<R::Error>> {
        let name = |key: &Key| RecordKey::new(RecordKind::Entity, key.clone());
        let mut gone = self.in_force(&name(from))?;
        let mut kept = self.in_force(&name(into))?;
        let (Record::Entity(gone_entity), Record::Entity(kept_entity)) = (&gone.record, &mut kept.record) else {
            return Err(Refusal::Missing(name(from)).into());
        };
        if from == into || gone_entity.kind() != kept_entity.kind() {
            return Err(Refusal::Unmergeable { from: from.clone(), into: into.clone() }.into());
        }
        take_over_names(kept_entity, gone_entity);
        kept.revision += 1;
        gone.standing.merged_into = Some(into.clone());
        gone.revision += 1;
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

    /// Checks, when all operations are through, that what was touched refers to what is there. A
    /// record out of force may refer to anything that exists.
    fn check_references(&self) -> Result<(), ApplyError<R::Error>> {
        for name in &self.touched {
            let held = self.get(name)?;
            for (role, target) in held.references() {
                let part = Part::of(role, &held.record);
                let glance = self.glance(&target)?;
                let known = glance.filter(|glance| {
                    glance.in_force
                        || role == ReferenceRole::Answered
                        || (role != ReferenceRole::Successor && !held.standing.is_in_force())
                });
                let Some(glance) = known else {
                    return Err(Refusal::UnknownReference { referrer: name.clone(), role, target }.into());
                };
                if !(part.fits)(glance.entity_kind) {
                    return Err(Refusal::UnfitReference {
                        referrer: name.clone(),
                        role,
                        target,
                        allowed: part.allowed,
                    }
                    .into());
                }
            }
            if name.kind == RecordKind::Entity {
                self.check_circle(name)?;
            }
        }
        Ok(())
    }

    fn check_circle(&self, name: &RecordKey) -> Result<(), ApplyError<R::Error>> {
        let mut seen = std::collections::HashSet::from([name.key.clone()]);
        let mut whole = self.glance(name)?.and_then(|glance| glance.part_of);
        while let Some(key) = whole {
            if !seen.insert(key.clone()) {
                return Err(Refusal::Circle(name.clone()).into());
            }
            whole = self.glance(&RecordKey::new(RecordKind::Entity, key))?.and_then(|glance| glance.part_of);
        }
        Ok(())
    }

    fn get(&self, name: &RecordKey) -> Result<Held, ApplyError<R::Error>> {
        let held = self.records.get(name).map_err(ApplyError::Records)?;
        held.ok_or_else(|| Refusal::Missing(name.clone()).into())
    }

    fn in_force(&self, name: &RecordKey) -> Result<Held, ApplyError<R::Error>> {
        let held = self.get(name)?;
        if held.standing.is_in_force() { Ok(held) } else { Err(Refusal::NotInForce(name.clone()).into()) }
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<Glance>, ApplyError<R::Error>> {
        self.records.glance(name).map_err(ApplyError::Records)
    }

    fn put(&mut self, held: Held) -> Result<(), ApplyError<R::Error>> {
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
            ReferenceRole::Cited => Self { allowed: "a source", fits: |_| true },
        }
    }
}

/// Gives `kept` the names of `gone` that it doesn't have. Names of entities are English.
fn take_over_names(kept: &mut Entity, gone: &Entity) {
    let english = "en".parse::<Language>().ok();
    let own_name = english.map(|language| Alias { name: gone.name.clone(), language });
    for alias in own_name.into_iter().chain(gone.aliases.iter().cloned()) {
        if alias.name != kept.name && !kept.aliases.contains(&alias) {
            kept.aliases.push(alias);
        }
    }
}

/// Records kept in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    records: BTreeMap<RecordKey, Held>,
}

impl Ledger {
    /// Takes the record of this name out.
    pub fn take(&mut self, name: &RecordKey) -> Option<Held> {
        self.records.remove(name)
    }

    /// The records, in order of name.
    pub fn iter(&self) -> impl Iterator<Item = &Held> {
        self.records.values()
    }
}

impl FromIterator<Held> for Ledger {
    fn from_iter<I: IntoIterator<Item = Held>>(held: I) -> Self {
        Self { records: held.into_iter().map(|held| (held.record.record_key(), held)).collect() }
    }
}

impl Records for Ledger {
    type Error = std::convert::Infallible;

    fn get(&self, name: &RecordKey) -> Result<Option<Held>, Self::Error> {
        Ok(self.records.get(name).cloned())
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<Glance>, Self::Error> {
        Ok(self.records.get(name).map(Glance::of))
    }

    fn put(&mut self, held: Held) -> Result<(), Self::Error> {
        self.records.insert(held.record.record_key(), held);
        Ok(())
    }

    fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Self::Error> {
        Ok(self
            .records
            .values()
            .filter(|held| held.record.references().iter().any(|(_, target)| target == name))
            .map(|held| held.record.record_key())
            .collect())
    }
    fn is_successor(&self, name: &RecordKey) -> Result<bool, Self::Error> {
        let into = |held: &Held| held.standing.merged_into.as_ref() == Some(&name.key);
        Ok(name.kind == RecordKind::Entity && self.records.values().any(into))
    }

    fn remove(&mut self, name: &RecordKey) -> Result<(), Self::Error> {
        self.records.remove(name);
        Ok(())
    }
}
