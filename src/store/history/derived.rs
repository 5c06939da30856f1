//! What stands beside the records and follows from the history: their ids, which change touched them, what stands in
//! place of purged ones, and the order of what they list. It is computed from the changes and compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};

use rusqlite::Connection;

use crate::model::{
    ChangeId, HeldRecord, Key, Operation, RecordId, RecordKey, RecordKind, RecordNotice,
    ledger::{Ledger, RecordSummary, Records, replay},
};
use crate::store::{
    database::values::get, failure::Failure, history::changes::parsed, history::tombstone::tombstone_key,
    records::load::rows, records::versions::decided_on,
};

/// What all approved changes add up to.
pub(in crate::store) struct Derived {
    /// The records.
    pub(in crate::store) records: Ledger,
    /// Where what stands beside them is something else.
    pub(in crate::store) problems: Vec<String>,
}

/// How many differences of a kind are named.
const NAMED: usize = 20;

/// A ledger that notes what is put into it.
#[derive(Default)]
struct Noting {
    ledger: Ledger,
    /// By the change at work.
    touched: BTreeSet<RecordKey>,
    /// In order.
    created: Vec<RecordKey>,
}

impl Records for Noting {
    type Error = Infallible;

    fn get(&self, name: &RecordKey) -> Result<Option<HeldRecord>, Infallible> {
        self.ledger.get(name)
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<RecordSummary>, Infallible> {
        self.ledger.glance(name)
    }

    fn put(&mut self, held: HeldRecord) -> Result<(), Infallible> {
        let name = held.record.record_key();
        if self.ledger.get(&name)?.is_none() {
            self.created.push(name.clone());
        }
        self.touched.insert(name);
        self.ledger.put(held)
    }

    fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Infallible> {
        self.ledger.referrers(name)
    }

    fn note_merged(&mut self, name: &RecordKey) {
        self.ledger.note_merged(name);
    }

    fn was_merged(&self, name: &RecordKey) -> Result<bool, Infallible> {
        self.ledger.was_merged(name)
    }

    fn remove(&mut self, name: &RecordKey) -> Result<(), Infallible> {
        self.touched.remove(name);
        self.ledger.remove(name)
    }
}

/// What stands in place of a purged record: which change purged it, and what readers are told.
type Tomb = (i64, RecordNotice);

/// Replays all approved changes, and compares what stands beside the records with them.
pub(in crate::store) fn verify(connection: &Connection) -> Result<Derived, Failure> {
    let mut problems = Vec::new();
    let mut noting = Noting::default();
    let mut touched: BTreeMap<i64, BTreeSet<RecordKey>> = BTreeMap::new();
    let mut tombs: BTreeMap<RecordKey, Tomb> = BTreeMap::new();
    let changes: Vec<i64> =
        rows(connection, "SELECT id FROM change WHERE sequence IS NOT NULL ORDER BY sequence", [], |row| row.get(0))?;
    for change in changes {
        let on = decided_on(connection, change)?;
        let mut operations = Vec::new();
        let found = rows(
            connection,
            "SELECT position, record_kind, record_key, content FROM operation WHERE change = ?1 ORDER BY position",
            [change],
            |row| {
                let about: (String, String) = (row.get(1)?, row.get(2)?);
                Ok((row.get::<_, usize>(0)?, about, row.get::<_, String>(3)?))
            },
        )?;
        for ((position, (kind, key), content), place) in found.into_iter().zip(0..) {
            let operation = parsed(&content)?;
            let target = operation.target();
            if position != place || kind != target.kind.word() || key != target.key.as_str() {
                problems.push(format!("{}: what its operation {} is about was altered", ChangeId(change), place + 1));
            }
            if let Operation::Purge { target, announcement } = &operation {
                tombs.insert(target.clone(), (change, announcement.approved_on(on)));
            }
            operations.push(operation);
        }
        let Ok(()) = replay(&mut noting, &operations, on);
        touched.insert(change, std::mem::take(&mut noting.touched));
    }
    problems.extend(of_touched(connection, touched)?);
    problems.extend(of_ids(connection, &noting, &tombs)?);
    problems.extend(of_purged(connection, &tombs)?);
    problems.extend(of_lists(connection)?);
    Ok(Derived { records: noting.ledger, problems })
}

/// Which change touched which record, and which touched it last. What touched a purged record before its purge can't be
/// told any more, and is under the seals of the changes.
fn of_touched(connection: &Connection, mut said: BTreeMap<i64, BTreeSet<RecordKey>>) -> Result<Vec<String>, Failure> {
    let mut held: BTreeMap<i64, BTreeSet<RecordKey>> = BTreeMap::new();
    let found = rows(
        connection,
        "SELECT touched.change, record.kind, record.key, record.purged_on IS NOT NULL AS purged, record.changed_in,
             change.sequence
         FROM touched JOIN record USING (kind, id) JOIN change ON change.id = touched.change
         ORDER BY record.kind, record.key, change.sequence",
        [],
        |row| {
            let name = RecordKey::new(get(row, "kind")?, get(row, "key")?);
            let last: (i64, i64) = (row.get("change")?, row.get("changed_in")?);
            Ok((name, last, row.get::<_, bool>("purged")?, row.get::<_, Option<i64>>("sequence")?))
        },
    )?;
    let mut problems = Vec::new();
    let mut last: Option<(RecordKey, (i64, i64))> = None;
    let mut compare = |last: Option<(RecordKey, (i64, i64))>| {
        if let Some((name, (change, changed_in))) = last
            && change != changed_in
        {
            problems.push(format!(
                "the {name} was touched last by {}, not by {}",
                ChangeId(change),
                ChangeId(changed_in)
            ));
        }
    };
    let mut undecided = BTreeSet::new();
    for (name, (change, changed_in), purged, sequence) in found {
        if sequence.is_none() {
            undecided.insert(change);
        }
        if last.as_ref().is_some_and(|(before, _)| *before != name) {
            compare(last.take());
        }
        last = Some((name.clone(), (change, changed_in)));
        if !purged {
            held.entry(change).or_default().insert(name);
        }
    }
    compare(last);
    said.retain(|_, names| !names.is_empty());
    held.retain(|_, names| !names.is_empty());
    let changes: BTreeSet<i64> = said.keys().chain(held.keys()).copied().collect();
    let different = changes.into_iter().filter(|change| said.get(change) != held.get(change));
    problems.extend(
        different
            .chain(undecided)
            .map(|change| format!("{}: which records it touched is not what the history says", ChangeId(change))),
    );
    problems.truncate(NAMED);
    Ok(problems)
}

/// Ids are given in order of creation, and none is given twice or left out.
fn of_ids(connection: &Connection, noting: &Noting, tombs: &BTreeMap<RecordKey, Tomb>) -> Result<Vec<String>, Failure> {
    let mut created: BTreeMap<RecordKind, Vec<&RecordKey>> = BTreeMap::new();
    // The same name may have been created, purged, and created again; the last of its kind is what is there.
    let mut seen = BTreeSet::new();
    for name in noting.created.iter().rev().filter(|name| seen.insert((*name).clone())) {
        created.entry(name.kind).or_default().push(name);
    }
    let found = rows(connection, "SELECT kind, id, key FROM record ORDER BY kind, id", [], |row| {
        Ok((get::<RecordKind>(row, "kind")?, row.get::<_, i64>("id")?, get::<Key>(row, "key")?))
    })?;
    let mut problems = Vec::new();
    let mut next: BTreeMap<RecordKind, i64> = BTreeMap::new();
    for (kind, id, key) in found {
        let place = next.entry(kind).or_insert(1);
        let name = RecordKey::new(kind, key);
        let is_tomb = tombs.contains_key(&name) && name.key.as_str() == tombstone_key(RecordId::new(kind, id));
        if id != *place || (!is_tomb && created.get_mut(&kind).and_then(Vec::pop) != Some(&name)) {
            problems.push(format!("the {name} has the id {}, which is not its own", RecordId::new(kind, id)));
        }
        *place = id + 1;
    }
    problems.truncate(NAMED);
    Ok(problems)
}

/// What stands in place of purged records is what their purges say, and nothing else is left of them.
fn of_purged(connection: &Connection, tombs: &BTreeMap<RecordKey, Tomb>) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    let held: BTreeMap<RecordKey, Tomb> = rows(
        connection,
        "SELECT kind, key, changed_in, purged_on, purged_reason FROM record WHERE purged_on IS NOT NULL",
        [],
        |row| {
            let notice = RecordNotice { on: get(row, "purged_on")?, reason: get(row, "purged_reason")? };
            Ok((RecordKey::new(get(row, "kind")?, get(row, "key")?), (row.get("changed_in")?, notice)))
        },
    )?
    .into_iter()
    .collect();
    let names: BTreeSet<&RecordKey> = held.keys().chain(tombs.keys()).collect();
    let different = names.into_iter().filter(|name| held.get(name) != tombs.get(name));
    problems.extend(different.map(|name| format!("when and why the {name} was purged is not what the history says")));
    for (table, of) in [
        ("entity", "record.kind = 'entity' AND record.id = entity.id"),
        ("alias", "record.kind = 'entity' AND record.id = alias.entity"),
        ("same_as", "record.kind = 'entity' AND record.id = same_as.entity"),
        ("source", "record.kind = 'source' AND record.id = source.id"),
        ("source_author", "record.kind = 'source' AND record.id = source_author.source"),
        ("statement", "record.kind = 'statement' AND record.id = statement.id"),
        ("statement_about", "record.kind = 'statement' AND record.id = statement_about.statement"),
        ("response", "record.kind = 'response' AND record.id = response.id"),
        ("response_to", "record.kind = 'response' AND record.id = response_to.response"),
        ("citation", "record.kind = citation.entry_kind AND record.id = citation.entry_id"),
        ("correction", "record.kind = correction.kind AND record.id = correction.id"),
    ] {
        let left: bool = connection.query_row(
            &format!("SELECT EXISTS (SELECT 1 FROM record JOIN {table} ON {of} WHERE record.purged_on IS NOT NULL)"),
            [],
            |row| row.get(0),
        )?;
        if left {
            problems.push(format!("the table {table} holds something of a record that was purged"));
        }
    }
    Ok(problems)
}

/// What a record lists is numbered from 0 on.
fn of_lists(connection: &Connection) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for (table, of) in [
        ("alias", "entity"),
        ("source_author", "source"),
        ("correction", "kind, id"),
        ("citation", "entry_kind, entry_id"),
    ] {
        let broken: bool = connection.query_row(
            &format!(
                "SELECT EXISTS (SELECT 1 FROM (
                     SELECT position, row_number() OVER (PARTITION BY {of} ORDER BY position) - 1 AS place FROM {table}
                 ) WHERE position <> place)"
            ),
            [],
            |row| row.get(0),
        )?;
        if broken {
            problems.push(format!("the table {table} has gaps in the order of what a record lists"));
        }
    }
    Ok(problems)
}
