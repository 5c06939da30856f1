//! What is to be looked at where records come back or become one: what an entity is in catalogues is that of it alone,
//! also where nobody fills in a form.

use std::collections::BTreeMap;

use super::{
    checks::{Finding, Severity, is_of_another},
    context::BuildContext,
};
use crate::{
    model::{Entity, Key, Operation, Record, RecordKey, RecordKind, SameAs},
    store::Failure,
};

impl BuildContext<'_> {
    /// The findings in an operation that restores or merges entities; none in any other. `all` are the operations of
    /// its change, as one may take from an entity what another gives back.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn findings_in_entities(&self, operation: &Operation, all: &[Operation]) -> Result<Vec<Finding>, Failure> {
        match operation {
            Operation::Restore { target } => match self.entity(target)? {
                Some(entity) => self.taken_meanwhile(&entity, all),
                None => Ok(Vec::new()),
            },
            Operation::Merge { from, into } => {
                let name = |key: &Key| RecordKey::new(RecordKind::Entity, key.clone());
                let (gone, kept) = (self.entity(&name(from))?, self.entity(&name(into))?);
                Ok(gone.zip(kept).and_then(|(gone, kept)| without_room(&gone, &kept)).into_iter().collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn entity(&self, name: &RecordKey) -> Result<Option<Entity>, Failure> {
        Ok(self.records.held(name)?.and_then(|held| match held.record {
            Record::Entity(entity) => Some(entity),
            Record::Source(_) | Record::Statement(_) | Record::Response(_) => None,
        }))
    }

    /// What another entity was given while this one was away.
    fn taken_meanwhile(&self, entity: &Entity, all: &[Operation]) -> Result<Vec<Finding>, Failure> {
        let edited: BTreeMap<&Key, &SameAs> = all
            .iter()
            .filter_map(|operation| match operation {
                Operation::Edit { record: Record::Entity(edited), .. } => Some((&edited.key, &edited.same_as)),
                _ => None,
            })
            .collect();
        let mut found = Vec::new();
        for entry in entity.same_as.iter() {
            let has_it_still = |key: &Key| edited.get(key).is_none_or(|kept| kept.iter().any(|other| other == entry));
            let others = self.records.entities_in_catalogue(*entry)?;
            let other = others.into_iter().find(|(_, key)| *key != entity.key && has_it_still(key));
            found.extend(other.map(|(id, _)| is_of_another(*entry, id)));
        }
        Ok(found)
    }
}

/// That an entity can't take over all that another is in catalogues.
fn without_room(gone: &Entity, kept: &Entity) -> Option<Finding> {
    let mut together = kept.same_as.clone();
    together.take_over(&gone.same_as);
    let left: Vec<String> = gone
        .same_as
        .iter()
        .filter(|entry| !together.iter().any(|other| other == *entry))
        .map(|entry| entry.called())
        .collect();
    let message = format!(
        "an entity has at most {} of these, so what stays doesn't take over {}; edit one of the two first to choose",
        SameAs::MOST,
        left.join(", ")
    );
    (!left.is_empty()).then_some(Finding { field: "same-as", weight: Severity::Warning, message })
}
