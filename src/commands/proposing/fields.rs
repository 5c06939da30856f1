//! The fields of a record as reviewers read them: each that a change sets, under the name that people give it, with
//! names and ids in the place of keys. A field without a name of its own is shown as JSON has it.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value};

use crate::commands::{CommandError, Context, asking::present};
use crate::{
    editorial::{WordingPart, word_difference},
    model::{
        FieldConflict, Key, Operation, Record, RecordKey, RecordKind,
        fields::{Field, FieldKind, FieldValues, as_shown, at_place, gather, held},
    },
    reply::{Fact, Text},
};

const GONE: &str = "[-";
const GONE_END: &str = "-]";
const NEW: &str = "{+";
const NEW_END: &str = "+}";

/// The values of a record by their places in JSON: `quote.text` is the text of the quote. What is empty isn't there.
type Fields = BTreeMap<String, Value>;

fn fields_of(record: &Record) -> Fields {
    FieldValues::of(record).places()
}

/// A field of a record of this kind, by its place in JSON. What the table of fields lacks is shown as JSON has it.
#[derive(Clone, Copy)]
struct At<'a> {
    kind: RecordKind,
    place: &'a str,
}

impl At<'_> {
    fn field(self) -> Option<&'static Field> {
        at_place(self.kind, self.place)
    }

    /// What it is called. A part of a record that has parts of its own is called by its place.
    fn label(self) -> Cow<'static, str> {
        if let Some(held) = self.field().and_then(|field| field.held) {
            return Cow::Borrowed(held.title);
        }
        let has_parts = |place: &str| place.split_once('.').is_some_and(|(whole, _)| whole == self.place);
        let is_known = self.place == KEY || held(self.kind).any(|(_, held)| has_parts(held.place));
        Cow::Owned(if is_known { upper_first(self.place) } else { self.place.to_owned() })
    }
}

/// The place of a record's key, which is in no form.
const KEY: &str = "key";

fn upper_first(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Puts names in the place of keys.
#[derive(Clone, Copy)]
pub(in crate::commands) struct ReferenceNames<'a> {
    pub(in crate::commands) context: &'a Context<'a>,
    /// The change that is shown: what it brings has no id yet.
    pub(in crate::commands) operations: &'a [Operation],
}

impl ReferenceNames<'_> {
    /// All fields of a record.
    pub(in crate::commands) fn all(&self, record: &Record) -> Result<Vec<Fact>, CommandError> {
        self.facts(record.kind(), &Fields::new(), &fields_of(record))
    }

    /// The fields of a record that is on record, and known by its id.
    pub(in crate::commands) fn as_it_stands(&self, record: &Record) -> Result<Vec<Fact>, CommandError> {
        let mut fields = fields_of(record);
        fields.remove(KEY);
        self.facts(record.kind(), &Fields::new(), &fields)
    }

    /// The fields in which two versions of a record differ: what goes as [-so-], what comes as {+so+}.
    pub(in crate::commands) fn differing(&self, before: &Record, after: &Record) -> Result<Vec<Fact>, CommandError> {
        let kind = after.kind();
        let (mut before, mut after) = (fields_of(before), fields_of(after));
        before.retain(|place, value| match after.get(place) {
            Some(other) if other == value => {
                after.remove(place);
                false
            }
            _ => true,
        });
        self.facts(kind, &before, &after)
    }

    fn facts(&self, kind: RecordKind, before: &Fields, after: &Fields) -> Result<Vec<Fact>, CommandError> {
        let named = as_shown(kind).into_iter().map(|(_, held)| held.place).chain([KEY]);
        let others = before.keys().chain(after.keys()).map(String::as_str);
        let mut facts: Vec<Fact> = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for place in named.chain(others) {
            if done.contains(&place) {
                continue;
            }
            done.push(place);
            let at = At { kind, place };
            let value = match (before.get(place), after.get(place)) {
                (None, None) => continue,
                (None, Some(after)) => self.value(at, after)?.into(),
                (Some(before), None) => gone(&self.value(at, before)?),
                (Some(before), Some(after)) => self.difference(at, before, after)?,
            };
            facts.push(Fact { label: at.label(), value });
        }
        Ok(facts)
    }

    fn difference(&self, at: At<'_>, before: &Value, after: &Value) -> Result<Text, CommandError> {
        if let (Value::Array(before), Value::Array(after)) = (before, after) {
            return self.set_difference(at, before, after);
        }
        let (old, new) = (self.value(at, before)?, self.value(at, after)?);
        if at.field().is_some_and(Field::is_prose) {
            return Ok(word_by_word(&old, &new));
        }
        Ok(gone(&old).plain(" ").strong(format!("{NEW}{new}{NEW_END}")))
    }

    /// What differs between two sets, member by member; where only the order differs, both orders.
    fn set_difference(&self, place: At<'_>, before: &[Value], after: &[Value]) -> Result<Text, CommandError> {
        let is_reordered = before.len() == after.len() && before.iter().all(|member| after.contains(member));
        if is_reordered {
            let (old, new) = (self.members(place, before)?, self.members(place, after)?);
            return Ok(gone(&old).plain(" ").strong(format!("{NEW}{new}{NEW_END}")));
        }
        let all = before.iter().chain(after.iter().filter(|member| !before.contains(member)));
        let mut text = Text::new();
        for (at, member) in all.enumerate() {
            let words = self.member(place, member)?;
            text = text.plain(if at == 0 { "" } else { "; " });
            text = match (before.contains(member), after.contains(member)) {
                (true, true) => text.plain(words),
                (true, false) => text.plain(format!("{GONE}{words}{GONE_END}")),
                (false, _) => text.strong(format!("{NEW}{words}{NEW_END}")),
            };
        }
        Ok(text)
    }

    fn value(&self, at: At<'_>, value: &Value) -> Result<String, CommandError> {
        Ok(match value {
            Value::Null => "nothing".to_owned(),
            Value::Array(members) if members.is_empty() => "nothing".to_owned(),
            Value::Array(members) => self.members(at, members)?,
            single => self.member(at, single)?,
        })
    }

    fn members(&self, at: At<'_>, members: &[Value]) -> Result<String, CommandError> {
        let members = members.iter().map(|member| self.member(at, member)).collect::<Result<Vec<_>, _>>()?;
        Ok(members.join("; "))
    }

    /// One value of a field.
    fn member(&self, at: At<'_>, member: &Value) -> Result<String, CommandError> {
        Ok(match (at.field().map(|field| field.kind), member) {
            (Some(FieldKind::Entity(_)), Value::String(key)) => self.entity_of(key)?,
            (Some(FieldKind::Statement), Value::String(key)) => self.id_of(RecordKind::Statement, key)?,
            (Some(FieldKind::Source), Value::String(key)) => self.id_of(RecordKind::Source, key)?,
            (Some(FieldKind::Quote), Value::String(text)) => format!("“{text}”"),
            (Some(FieldKind::Choice(_)), Value::String(word)) => present::words_of(word),
            (Some(FieldKind::Citation), Value::Object(citation)) => {
                let mut rest = citation.clone();
                let source = self.id_of(RecordKind::Source, &take(&mut rest, "source"))?;
                let role = present::words_of(&take(&mut rest, "role"));
                format!("{source} ({})", comma_separated([role, take(&mut rest, "locator")], &rest))
            }
            (Some(FieldKind::Alias), Value::Object(alias)) => {
                let mut rest = alias.clone();
                let name = take(&mut rest, "name");
                format!("{name} ({})", comma_separated([take(&mut rest, "language")], &rest))
            }
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        })
    }

    fn entity_of(&self, key: &str) -> Result<String, CommandError> {
        match key.parse() {
            Ok(key) => self.entity(&key),
            Err(_) => Ok(key.to_owned()),
        }
    }

    /// An entity by its name and id.
    pub(in crate::commands) fn entity(&self, key: &Key) -> Result<String, CommandError> {
        let name = RecordKey::new(RecordKind::Entity, key.clone());
        if let Some(held) = self.context.records.held(&name)?
            && let Record::Entity(entity) = held.record
        {
            let id = self.context.records.record_id(&name)?.map(|id| format!(" ({id})")).unwrap_or_default();
            return Ok(format!("{}{id}", entity.name));
        }
        let new = self.operations.iter().find_map(|operation| match operation {
            Operation::Create { record: Record::Entity(entity), .. } if entity.key == *key => {
                Some(entity.name.to_string())
            }
            _ => None,
        });
        Ok(new.map_or_else(|| key.to_string(), |name| format!("{name} (new)")))
    }

    fn id_of(&self, kind: RecordKind, key: &str) -> Result<String, CommandError> {
        let Ok(parsed) = key.parse() else { return Ok(key.to_owned()) };
        let id = self.context.records.record_id(&RecordKey::new(kind, parsed))?;
        // Several may be new.
        Ok(id.map_or_else(|| format!("the new {kind} {key}"), |id| id.to_string()))
    }

    /// A conflict in the words of those who decide: the field, the record's id, and both values.
    pub(in crate::commands) fn conflict(&self, conflict: &FieldConflict) -> Result<Text, CommandError> {
        let FieldConflict { record, field, proposed, current } = conflict;
        let text = match self.context.records.record_id(record)? {
            Some(id) => Text::new().id(id),
            None => Text::from(format!("the new {}", record.kind)),
        };
        let Some(field) = field else {
            return Ok(text.plain(": what is proposed and what is on record by now don't go together in one record"));
        };
        let at = At { kind: record.kind, place: field };
        let (proposed, current) = (self.whole(at, proposed)?, self.whole(at, current)?);
        Ok(text.plain(format!(" — {}: proposed is {proposed}; on record is now {current}", at.label())))
    }

    /// A value that may have parts.
    fn whole(&self, at: At<'_>, value: &Value) -> Result<String, CommandError> {
        let Value::Object(parts) = value else { return self.value(at, value) };
        let mut fields = Fields::new();
        gather(at.place, parts, &mut fields);
        let parts = self.facts(at.kind, &Fields::new(), &fields)?;
        let parts = parts.into_iter().map(|fact| format!("{}: {}", fact.label, fact.value.to_plain("")));
        Ok(parts.collect::<Vec<_>>().join(", "))
    }
}

fn take(object: &mut Map<String, Value>, name: &str) -> String {
    object.remove(name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What has words of its own, and whatever else there is as JSON has it.
fn comma_separated<const KNOWN: usize>(known: [String; KNOWN], rest: &Map<String, Value>) -> String {
    let known = known.into_iter().filter(|part| !part.is_empty());
    let rest = rest.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| format!("{name}: {value}"));
    known.chain(rest).collect::<Vec<_>>().join(", ")
}

fn gone(text: &str) -> Text {
    Text::from(format!("{GONE}{text}{GONE_END}"))
}

/// What differs between two texts, word by word: what goes in [-…-], what comes in {+…+} (the notation
/// of GNU wdiff). A text that is another altogether is shown after the one before.
fn word_by_word(before: &str, after: &str) -> Text {
    let mut text = Text::new();
    for part in word_difference(before, after) {
        text = match part {
            WordingPart::Same(words) => text.plain(words),
            WordingPart::Gone(words) => text.plain(format!("{GONE}{words}{GONE_END}")),
            WordingPart::New(words) => text.strong(format!("{NEW}{words}{NEW_END}")),
        };
    }
    text
}
