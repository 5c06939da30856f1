//! Records kept in memory.

use std::collections::BTreeMap;

use super::{
    super::{Held, RecordKey, RecordKind},
    Glance, Records,
};

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
