//! Fitting a proposed edit to what others changed in the meantime, field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Record, RecordKey};

/// A field that a proposal and someone else have both changed, to different things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} of the {record}: proposed is {proposed}, on record is now {current}")]
pub struct FieldConflict {
    /// The record.
    pub record: RecordKey,
    /// The field, as JSON names it.
    pub field: String,
    /// What was proposed.
    pub proposed: String,
    /// What is on record by now.
    pub current: String,
}

/// Fields that are sets: members that were added or taken out are no conflict.
const SETS: &[&str] = &["about", "to"];

/// The record that `proposed` makes of `current`, where it was written on the ground of `base`.
///
/// A field that the proposal left as it was keeps what is on record now.
///
/// # Errors
/// The fields that both have changed, to different things; or the record as a whole, where the fields
/// don't go together.
pub fn rebase(base: &Record, current: &Record, proposed: &Record) -> Result<Record, Vec<FieldConflict>> {
    let conflict = |field: &str, proposed: &Value, current: &Value| FieldConflict {
        record: base.record_key(),
        field: field.to_owned(),
        proposed: shown(proposed),
        current: shown(current),
    };
    let (Some((kind, base_fields)), Some((_, current_fields)), Some((_, proposed_fields))) =
        (fields(base), fields(current), fields(proposed))
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
        } else if SETS.contains(&name.as_str()) {
            merged_set(&before, &now, &wanted)
        } else {
            conflicts.push(conflict(name, &wanted, &now));
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
        vec![conflict("the record as a whole", &of(proposed), &of(current))]
    })
}

/// The fields of a record that differ between two versions: name, before, after.
#[must_use]
pub fn differing(before: &Record, after: &Record) -> Vec<(String, Value, Value)> {
    let (Some((_, before)), Some((_, after))) = (fields(before), fields(after)) else { return Vec::new() };
    let mut all: BTreeMap<&String, (Value, Value)> = BTreeMap::new();
    for (name, value) in &before {
        all.entry(name).or_default().0 = value.clone();
    }
    for (name, value) in &after {
        all.entry(name).or_default().1 = value.clone();
    }
    all.into_iter()
        .filter(|(_, (before, after))| before != after)
        .map(|(name, (before, after))| (name.clone(), before, after))
        .collect()
}

fn fields(record: &Record) -> Option<(String, Map<String, Value>)> {
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

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Entity, Nature};

    fn entity(name: &str, description: Option<&str>, part_of: Option<&str>) -> Record {
        Record::Entity(Entity {
            key: "e".parse().unwrap(),
            nature: Nature::Place,
            name: name.parse().unwrap(),
            aliases: Vec::new(),
            part_of: part_of.map(|key| key.parse().unwrap()),
            description: description.map(|text| text.parse().unwrap()),
        })
    }

    #[test]
    fn changes_of_different_fields_go_together_and_of_the_same_field_do_not() {
        let base = entity("Old", None, None);
        let current = entity("Old", Some("A town."), None);
        assert_eq!(rebase(&base, &current, &entity("New", None, None)), Ok(entity("New", Some("A town."), None)));
        let conflicts = rebase(&base, &current, &entity("Old", Some("A city."), Some("x"))).unwrap_err();
        assert_eq!(conflicts.len(), 1);
        assert_eq!(
            conflicts[0].to_string(),
            "description of the entity e: proposed is “A city.”, on record is now “A town.”"
        );
        assert_eq!(rebase(&base, &current, &current), Ok(current.clone()), "the same change twice is no conflict");
    }
}
