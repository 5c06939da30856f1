//! The tables as a keeper of records: what the rules of the ledger read and write.
//!
//! Writes are gathered and carried out together at the end of a change, so that records of one
//! change may refer to each other in any order.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::model::{
    ChangeId, EntityKind, HeldRecord, Key, RecordId, RecordKey, RecordKind,
    ledger::{RecordSummary, Records},
};
use crate::store::{
    database::values::Stored,
    failure::Failure,
    records::load::{id_of, key_of, load},
    records::save::Writing,
};

/// For a record, those that refer to it.
type Referring = HashMap<RecordKey, BTreeSet<RecordKey>>;

/// The records of a database, with what the present change has made of them so far.
pub(in crate::store) struct TableRecords<'connection> {
    connection: &'connection Connection,
    pending: HashMap<RecordKey, HeldRecord>,
    /// Which of the pending records refer to a record, so that a change of many records finds them at once.
    /// `None` until it is first asked for: most changes never do.
    referring: RefCell<Option<Referring>>,
    /// The entities that others were merged into by what is pending.
    successors: BTreeSet<Key>,
    /// What the change has purged; its rows go when its content goes.
    removed: BTreeSet<RecordKey>,
    /// The records that the change creates, in order: the order in which they get their ids.
    created: Vec<RecordKey>,
    /// What takes part in a merge of the change.
    merged: BTreeSet<RecordKey>,
}

impl<'connection> TableRecords<'connection> {
    pub(in crate::store) fn new(connection: &'connection Connection) -> Self {
        Self {
            connection,
            pending: HashMap::new(),
            referring: RefCell::default(),
            successors: BTreeSet::new(),
            removed: BTreeSet::new(),
            created: Vec::new(),
            merged: BTreeSet::new(),
        }
    }

    /// Takes what a pending record refers to out of the table of who refers to what.
    fn forget_references(&mut self, name: &RecordKey) {
        let (Some(referring), Some(held)) = (self.referring.get_mut(), self.pending.get(name)) else { return };
        for (_, target) in held.record.references() {
            if let Some(referrers) = referring.get_mut(&target) {
                referrers.remove(name);
            }
        }
    }

    /// Writes what is pending as the work of `change`.
    pub(in crate::store) fn write(self, transaction: &Transaction<'_>, change: ChangeId) -> Result<(), Failure> {
        let mut next = HashMap::new();
        let mut new_ids = HashMap::new();
        for name in &self.created {
            let number = match next.get(&name.kind) {
                Some(number) => *number,
                None => transaction.query_row(
                    "SELECT coalesce(max(id), 0) + 1 FROM record WHERE kind = ?1",
                    [name.kind.word()],
                    |row| row.get(0),
                )?,
            };
            new_ids.insert(name.clone(), number);
            next.insert(name.kind, number + 1);
        }
        let writing = Writing { transaction, new_ids: &new_ids, change };
        let known = self.pending.keys().filter(|name| !new_ids.contains_key(name)).collect::<BTreeSet<_>>();
        for name in self.created.iter().chain(known) {
            if let Some(held) = self.pending.get(name) {
                writing.record(held)?;
            }
        }
        Ok(())
    }
}

fn note_references(referring: &mut Referring, held: &HeldRecord) {
    for (_, target) in held.record.references() {
        referring.entry(target).or_default().insert(held.record.record_key());
    }
}

impl Records for TableRecords<'_> {
    type Error = Failure;

    fn get(&self, name: &RecordKey) -> Result<Option<HeldRecord>, Failure> {
        if let Some(held) = self.pending.get(name) {
            return Ok(Some(held.clone()));
        }
        if self.removed.contains(name) {
            return Ok(None);
        }
        match id_of(self.connection, name)? {
            Some(id) => load(self.connection, id).map(Some),
            None => Ok(None),
        }
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<RecordSummary>, Failure> {
        if let Some(held) = self.pending.get(name) {
            return Ok(Some(RecordSummary::of(held)));
        }
        if self.removed.contains(name) {
            return Ok(None);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT entity.kind, above.key, record.retracted_on IS NULL AND entity.merged_into IS NULL
             FROM record
             LEFT JOIN entity ON record.kind = 'entity' AND entity.id = record.id
             LEFT JOIN source ON record.kind = 'source' AND source.id = record.id
             LEFT JOIN record AS above ON above.kind = record.kind AND above.id = coalesce(entity.part_of, source.copy_of)
             WHERE record.kind = ?1 AND record.key = ?2 AND record.purged_on IS NULL",
        )?;
        let glance = statement.query_row((name.kind.word(), name.key.as_str()), |row| {
            let kind: Option<String> = row.get(0)?;
            let above: Option<Stored<Key>> = row.get(1)?;
            Ok(RecordSummary {
                entity_kind: kind.as_deref().and_then(EntityKind::from_word),
                derives_from: above.map(|stored| stored.0),
                in_force: row.get(2)?,
            })
        });
        Ok(glance.optional()?)
    }

    fn put(&mut self, held: HeldRecord) -> Result<(), Failure> {
        let name = held.record.record_key();
        if held.revision == 1 && !self.pending.contains_key(&name) && id_of(self.connection, &name)?.is_none() {
            self.created.push(name.clone());
        }
        self.forget_references(&name);
        if let Some(referring) = self.referring.get_mut() {
            note_references(referring, &held);
        }
        self.successors.extend(held.standing.merged_into.clone());
        self.pending.insert(name, held);
        Ok(())
    }

    fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Failure> {
        let mut found = BTreeSet::new();
        if let Some(id) = id_of(self.connection, name)? {
            let mut statement = self.connection.prepare_cached(match name.kind {
                RecordKind::Entity => {
                    "SELECT 'entity', id FROM entity WHERE part_of = ?1 OR affiliation = ?1
                     UNION SELECT 'source', id FROM source WHERE publisher = ?1
                     UNION SELECT 'statement', id FROM statement WHERE speaker = ?1
                     UNION SELECT 'statement', statement FROM statement_about WHERE entity = ?1
                     UNION SELECT 'response', id FROM response WHERE responder = ?1"
                }
                RecordKind::Source => {
                    "SELECT entry_kind, entry_id FROM citation WHERE source = ?1
                     UNION SELECT 'source', id FROM source WHERE copy_of = ?1"
                }
                RecordKind::Statement => "SELECT 'response', response FROM response_to WHERE statement = ?1",
                RecordKind::Response => "SELECT NULL, NULL WHERE ?1 IS NULL",
            })?;
            let ids = statement
                .query_map([id.number], |row| Ok(RecordId::new(row.get::<_, Stored<_>>(0)?.0, row.get(1)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for id in ids {
                found.insert(RecordKey::new(id.kind, key_of(self.connection, id)?));
            }
        }
        // What the change has rewritten may refer to other records by now.
        found.retain(|referrer| !self.pending.contains_key(referrer) && !self.removed.contains(referrer));
        let mut referring = self.referring.borrow_mut();
        let referring = referring.get_or_insert_with(|| {
            let mut referring = Referring::new();
            self.pending.values().for_each(|held| note_references(&mut referring, held));
            referring
        });
        found.extend(referring.get(name).into_iter().flatten().cloned());
        Ok(found.into_iter().collect())
    }

    fn note_merged(&mut self, name: &RecordKey) {
        self.merged.insert(name.clone());
    }

    fn was_merged(&self, name: &RecordKey) -> Result<bool, Failure> {
        if name.kind != RecordKind::Entity {
            return Ok(false);
        }
        if self.merged.contains(name) || self.successors.contains(&name.key) {
            return Ok(true);
        }
        let Some(id) = id_of(self.connection, name)? else { return Ok(false) };
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM entity WHERE merged_into = ?1)
                 OR EXISTS (SELECT 1 FROM operation JOIN change ON change.id = operation.change
                            WHERE json_extract(content, '$.operation') = 'merge' AND change.sequence IS NOT NULL
                                AND ?2 IN (json_extract(content, '$.from'), json_extract(content, '$.into')))",
        )?;
        Ok(statement.query_row((id.number, name.key.as_str()), |row| row.get(0))?)
    }

    fn remove(&mut self, name: &RecordKey) -> Result<(), Failure> {
        // What one change both touches and purges has nothing left to be written.
        self.forget_references(name);
        self.pending.remove(name);
        self.created.retain(|created| created != name);
        self.removed.insert(name.clone());
        Ok(())
    }
}
