//! The records that forms make.

use serde_json::Value;

use super::{
    duplicates::LookError,
    fill::{FieldReader, Given},
};
use crate::model::{
    EntityKind, Key, Record, RecordKind, Seen, SourceKind,
    fields::{self, Field, FieldValues, HeldField, WhenAsked},
};

/// The record that a form makes, of what was given and what is on record (`before`); `None` where
/// something is missing, which is said.
pub(super) fn record(
    fill: &mut FieldReader<'_>,
    key: &Key,
    before: Option<&Record>,
) -> Result<Option<Record>, LookError> {
    let kind = fill.block.form.kind;
    let before = before.filter(|record| record.kind() == kind);
    let mut values = before.map_or_else(|| FieldValues::new(kind, key), FieldValues::of);
    let (mut given, mut is_whole) = (Vec::new(), true);
    for (field, held) in fields::held(kind) {
        match fill.value(field)? {
            Given::Kept => {}
            Given::Cleared => values.set(&held, None),
            // Of two that stand for each other the first counts.
            Given::Set(_) if held.instead_of.is_some_and(|other| given.contains(&other)) => {}
            Given::Set(value) => {
                values.set(&held, Some(value));
                given.push(held.place);
            }
        }
        if values.get(&held).is_none() {
            match usual(kind, &held) {
                Some(value) => values.set(&held, Some(value)),
                None if field.required => {
                    fill.missing(field);
                    is_whole = false;
                }
                None => {}
            }
        }
    }
    if let Some(before) = before {
        let before = FieldValues::of(before);
        let is_stale = |(_, held): &(&Field, HeldField)| {
            held.condenses.is_some_and(|whole| before.at(whole) != values.at(whole))
                && values.get(held).is_some()
                && !given.contains(&held.place)
        };
        for (field, _) in fields::held(kind).filter(is_stale) {
            fill.wrong(field.name, "the wording changed, and this says it in short: give it anew, or - for none");
        }
    }
    if kind == RecordKind::Source && !has_a_name(fill, &values) {
        is_whole = false;
    }
    if let Some(kind) = values.at("kind").and_then(Value::as_str).map(str::to_owned) {
        only_of_their_kind(fill, &values, &kind);
    }
    if !is_whole {
        return Ok(None);
    }
    match values.into_record() {
        Ok(record) => Ok(Some(record)),
        Err(error) => {
            // Each value was read as what its field takes; what is left is what was said already.
            if fill.problems.is_empty() {
                fill.wrong_as_a_whole(error.to_string());
            }
            Ok(None)
        }
    }
}

/// What a field holds where nothing is given and nothing on record.
fn usual(kind: RecordKind, held: &HeldField) -> Option<Value> {
    match (kind, held.place) {
        (RecordKind::Source, "kind") => Some(SourceKind::NewsArticle.word().into()),
        (RecordKind::Source, "seen") => Some(Seen::Full.word().into()),
        _ => None,
    }
}

/// That a source has a headline or a description; where nothing was given for either, that is said.
fn has_a_name(fill: &mut FieldReader<'_>, values: &FieldValues) -> bool {
    if values.at("name.title").or_else(|| values.at("name.description")).is_some() {
        return true;
    }
    if fill.block.get("title").is_none_or(|title| title == "-") {
        fill.wrong("title", "it is missing: give the headline as published, or a description where it was not seen");
    }
    false
}

/// Says that an entity has what only another kind has.
fn only_of_their_kind(fill: &mut FieldReader<'_>, values: &FieldValues, kind: &str) {
    let foreign = |(field, held): &(&Field, HeldField)| {
        field.asked == WhenAsked::If("kind", EntityKind::Person.word()) && values.get(held).is_some()
    };
    if fill.block.form.kind == RecordKind::Entity
        && kind != EntityKind::Person.word()
        && fields::held(RecordKind::Entity).any(|row| foreign(&row))
    {
        fill.wrong("role", format!("only a person has an office or an affiliation, and this is a {kind}"));
    }
}
