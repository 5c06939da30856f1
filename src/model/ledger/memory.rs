//! Records kept in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{HeldRecord, RecordKey, RecordKind},
    RecordSummary, Records,
};

/// Records kept in memory.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    records: BTreeMap<RecordKey, HeldRecord>,
    /// What took part in a merge.
    merged: BTreeSet<RecordKey>,
}

/// Two are the same that keep the same records, however they came to.
impl PartialEq for Ledger {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
    }
}

impl Eq for Ledger {}

impl Ledger {
    /// Takes the record of this name out.
    pub fn take(&mut self, name: &RecordKey) -> Option<HeldRecord> {
        self.records.remove(name)
    }

    /// The records, in order of name.
    pub fn iter(&self) -> impl Iterator<Item = &HeldRecord> {
        self.records.values()
    }
}

impl FromIterator<HeldRecord> for Ledger {
    fn from_iter<I: IntoIterator<Item = HeldRecord>>(held: I) -> Self {
        let records = held.into_iter().map(|held| (held.record.record_key(), held)).collect();
        Self { records, merged: BTreeSet::new() }
    }
}

impl Records for Ledger {
    type Error = std::convert::Infallible;

    fn get(&self, name: &RecordKey) -> Result<Option<HeldRecord>, Self::Error> {
        Ok(self.records.get(name).cloned())
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<RecordSummary>, Self::Error> {
        Ok(self.records.get(name).map(RecordSummary::of))
    }

    fn put(&mut self, held: HeldRecord) -> Result<(), Self::Error> {
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

    fn note_merged(&mut self, name: &RecordKey) {
        self.merged.insert(name.clone());
    }

    fn was_merged(&self, name: &RecordKey) -> Result<bool, Self::Error> {
        let into = |held: &HeldRecord| held.standing.merged_into.as_ref() == Some(&name.key);
        let is_successor = || name.kind == RecordKind::Entity && self.records.values().any(into);
        Ok(self.merged.contains(name) || is_successor())
    }

    fn remove(&mut self, name: &RecordKey) -> Result<(), Self::Error> {
        self.records.remove(name);
        Ok(())
    }
}
