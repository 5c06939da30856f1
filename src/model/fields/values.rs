//! A record as the values of its fields, by their places in its JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{HeldField, held};
use crate::model::{Key, Record, RecordKind};

/// The values of a record's fields. Unlike a record it may be incomplete.
#[derive(Debug, Clone)]
pub struct FieldValues {
    kind: RecordKind,
    values: Map<String, Value>,
}

impl FieldValues {
    /// The values of a record to be, of which only the key is known.
    #[must_use]
    pub fn new(kind: RecordKind, key: &Key) -> Self {
        Self { kind, values: Map::from_iter([("key".to_owned(), Value::from(key.as_str()))]) }
    }

    /// The values of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let values = match serde_json::to_value(record) {
            Ok(Value::Object(whole)) => match whole.into_iter().next() {
                Some((_, Value::Object(values))) => values,
                _ => Map::new(),
            },
            _ => Map::new(),
        };
        Self { kind: record.kind(), values }
    }

    /// The value of a field; `None` where there is none, or an empty list.
    #[must_use]
    pub fn get(&self, held: &HeldField) -> Option<&Value> {
        self.at(held.place)
    }

    /// What stands at a place; `None` where nothing does, or an empty list.
    #[must_use]
    pub fn at(&self, place: &str) -> Option<&Value> {
        let value = match place.split_once('.') {
            None => self.values.get(place),
            Some((whole, part)) => self.values.get(whole).and_then(|whole| whole.get(part)),
        };
        value.filter(|value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()))
    }

    /// The value of a field as text, where it is one.
    #[must_use]
    pub fn text(&self, held: &HeldField) -> Option<&str> {
        self.get(held).and_then(Value::as_str)
    }

    /// Gives a field a value, or takes it away.
    pub fn set(&mut self, held: &HeldField, value: Option<Value>) {
        if value.is_some()
            && let Some(other) = held.instead_of
        {
            self.put(other, None);
        }
        self.put(held.place, value);
    }

    fn put(&mut self, place: &str, value: Option<Value>) {
        let (object, name) = match place.split_once('.') {
            None => (&mut self.values, place),
            Some((whole, part)) => {
                let whole = self.values.entry(whole).or_insert(Value::Null);
                if !whole.is_object() {
                    *whole = Value::Object(Map::new());
                }
                let Value::Object(parts) = whole else { return };
                (parts, part)
            }
        };
        match value {
            Some(value) => object.insert(name.to_owned(), value),
            None => object.remove(name),
        };
    }

    /// All values by their places. What is empty isn't there.
    #[must_use]
    pub fn places(&self) -> BTreeMap<String, Value> {
        let mut places = BTreeMap::new();
        gather("", &self.values, &mut places);
        places
    }

    /// The record that these are the values of.
    ///
    /// # Errors
    /// When a value that it can't do without is missing, or isn't what its field takes.
    pub fn into_record(mut self) -> Result<Record, serde_json::Error> {
        for (field, of) in held(self.kind) {
            if of.rests_on.is_some_and(|needed| self.at(needed).is_none()) {
                self.put(of.place, None);
            }
            if field.several && self.get(&of).is_none() {
                self.put(of.place, Some(Value::Array(Vec::new())));
            }
        }
        self.values.retain(|_, value| value.as_object().is_none_or(|parts| !parts.is_empty()));
        let whole = Map::from_iter([(self.kind.word().to_owned(), Value::Object(self.values))]);
        serde_json::from_value(Value::Object(whole))
    }
}

/// Puts the values of an object under their places, those of objects within it under places like `quote.text`.
pub(crate) fn gather(place: &str, object: &Map<String, Value>, places: &mut BTreeMap<String, Value>) {
    for (name, value) in object {
        let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        match value {
            Value::Null => {}
            Value::Array(items) if items.is_empty() => {}
            Value::Object(inner) => gather(&place, inner, places),
            value => {
                places.insert(place, value.clone());
            }
        }
    }
}
