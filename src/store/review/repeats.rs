//! Whether someone hands the very same in a second time, by a second press or a message that came twice.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde_json::Value;

use crate::model::{ChangeId, Operation, Proposal};
use crate::store::{acts::people, failure::Failure, history::changes::on_record, records::load::rows};

/// The open change of the same person that does the very same, under whichever of their identities it was proposed.
pub(in crate::store) fn repeated(connection: &Connection, proposal: &Proposal) -> Result<Option<ChangeId>, Failure> {
    let mut new = None;
    for identity in people::identities_of(connection, &proposal.author)? {
        // Only those of as many operations are read.
        let waiting = rows(
            connection,
            "SELECT id FROM change WHERE state = 'pending' AND author = ?1
                 AND (SELECT count(*) FROM operation WHERE change = change.id) = ?2 ORDER BY id",
            (identity.to_string(), proposal.operations.len()),
            |row| row.get(0).map(ChangeId),
        )?;
        for id in waiting {
            let new = match &new {
                Some(new) => new,
                None => new.insert(essence(&proposal.operations)?),
            };
            if essence(&on_record(connection, id)?.proposal.operations)? == *new {
                return Ok(Some(id));
            }
        }
    }
    Ok(None)
}

/// What operations do, without the keys of the records that they bring: those are ours, and another each time.
fn essence(operations: &[Operation]) -> Result<Value, Failure> {
    let mut keys = BTreeMap::new();
    for (position, operation) in operations.iter().enumerate() {
        if let Operation::Create { record, .. } = operation {
            keys.insert(record.key().to_string(), format!("new {position}"));
        }
    }
    let mut value = serde_json::to_value(operations).map_err(|error| Failure::Unreadable(error.to_string()))?;
    rename(&mut value, &keys);
    Ok(value)
}

fn rename(value: &mut Value, keys: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = keys.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, keys)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, keys)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
