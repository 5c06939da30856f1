//! Fitting a proposed edit to what others changed in the meantime, field by field.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    Record, RecordKey,
    fields::{Field, at_place},
};

/// A field that a proposal and someone else have both changed, to different things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} of the {record} is another by now than it was when this was proposed", .field.as_deref().unwrap_or("something"))]
pub struct FieldConflict {
    /// The record.
    pub record: RecordKey,
    /// The field, as JSON names it; `None` where the fields, each fitted by itself, make no record together.
    pub field: Option<String>,
    /// What was proposed.
    pub proposed: Value,
    /// What is on record by now.
    pub current: Value,
}

/// The record that `proposed` makes of `current`, where it was written on the ground of `base`.
///
/// A field that the proposal left as it was keeps what is on record now.
///
/// # Errors
/// The fields that both have changed, to different things; or the record as a whole, where the fields
/// don't go together.
pub fn rebase(base: &Record, current: &Record, proposed: &Record) -> Result<Record, Vec<FieldConflict>> {
    let conflict = |field: Option<&String>, proposed: Value, current: Value| FieldConflict {
        record: base.record_key(),
        field: field.cloned(),
        proposed,
        current,
    };
    let (Some((kind, base_fields)), Some((_, current_fields)), Some((_, proposed_fields))) =
        (values(base), values(current), values(proposed))
    else {
        return Ok(proposed.clone());
    };
    let names: BTreeSet<&String> =
        base_fields.keys().chain(current_fields.keys()).chain(proposed_fields.keys()).collect();
    let mut merged = Map::new();
    let mut conflicts = Vec::new();
    for name in names {
        let of = |fields: &Map<String, Value>| fields.get(name).cloned().unwrap_or(Value::Null);
        let (before, now, wanted) = (of(&base_fields), of(&current_fields), of(&proposed_fields));
        let value = if wanted == before {
            now
        } else if now == before || now == wanted {
            wanted
        } else if at_place(base.kind(), name).is_some_and(Field::is_set) {
            merged_set(&before, &now, &wanted)
        } else {
            conflicts.push(conflict(Some(name), wanted, now));
            continue;
        };
        merged.insert(name.clone(), value);
    }
    if !conflicts.is_empty() {
        return Err(conflicts);
    }
    let whole = Value::Object(Map::from_iter([(kind, Value::Object(merged))]));
    serde_json::from_value(whole).map_err(|_| {
        let of = |record: &Record| serde_json::to_value(record).unwrap_or_default();
        vec![conflict(None, of(proposed), of(current))]
    })
}

fn values(record: &Record) -> Option<(String, Map<String, Value>)> {
    let Ok(Value::Object(whole)) = serde_json::to_value(record) else { return None };
    let (kind, Value::Object(fields)) = whole.into_iter().next()? else { return None };
    Some((kind, fields))
}

fn merged_set(before: &Value, now: &Value, wanted: &Value) -> Value {
    let members = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (before, now, wanted) = (members(before), members(now), members(wanted));
    let mut merged: Vec<Value> =
        now.into_iter().filter(|member| !before.contains(member) || wanted.contains(member)).collect();
    for member in wanted {
        if !before.contains(&member) && !merged.contains(&member) {
            merged.push(member);
        }
    }
    Value::Array(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Entity, Nature, SameAs};

    fn entity(name: &str, description: Option<&str>, part_of: Option<&str>) -> Record {
        Record::Entity(Entity {
            key: "e".parse().unwrap(),
            nature: Nature::Place,
            name: name.parse().unwrap(),
            aliases: Vec::new(),
            part_of: part_of.map(|key| key.parse().unwrap()),
            description: description.map(|text| text.parse().unwrap()),
            same_as: SameAs::default(),
        })
    }

    #[test]
    fn changes_of_different_fields_go_together_and_of_the_same_field_do_not() {
        let base = entity("Old", None, None);
        let current = entity("Old", Some("A town."), None);
        assert_eq!(rebase(&base, &current, &entity("New", None, None)), Ok(entity("New", Some("A town."), None)));
        let conflicts = rebase(&base, &current, &entity("Old", Some("A city."), Some("x"))).unwrap_err();
        assert_eq!(conflicts.len(), 1);
        let FieldConflict { record, field, proposed, current: now } = &conflicts[0];
        assert_eq!((record.to_string(), field.as_deref()), ("entity e".to_owned(), Some("description")));
        assert_eq!((proposed, now), (&Value::from("A city."), &Value::from("A town.")));
        assert_eq!(rebase(&base, &current, &current), Ok(current.clone()), "the same change twice is no conflict");
    }
}
