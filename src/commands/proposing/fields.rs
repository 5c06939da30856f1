//! The fields of a record as reviewers read them: each that a change sets, under the name that people give it, with
//! names and ids in the place of keys. A field without a name of its own is shown as JSON has it.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value};

use crate::commands::{CommandError, Context, asking::present};
use crate::{
    editorial::{WordingPart, word_difference},
    model::{FieldConflict, Key, Operation, Record, RecordKey, RecordKind},
    reply::{Fact, Text},
};

/// The name of a field, by its place in JSON, in the order in which fields are shown.
const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("name.title", "Headline"),
    ("name.description", "Our description"),
    ("kind", "Kind"),
    ("speaker", "Speaker"),
    ("responder", "Responder"),
    ("speaker_role", "Role then"),
    ("to", "Answers"),
    ("text", "Wording"),
    ("quote", "Quote"),
    ("quote.text", "Quote"),
    ("quote.language", "Language of the quote"),
    ("said", "Said"),
    ("about", "About"),
    ("citations", "Sources"),
    ("url", "Address"),
    ("archive_url", "Archived copy"),
    ("publisher", "Publisher"),
    ("published", "Published"),
    ("language", "Language"),
    ("authors", "Authors"),
    ("accessed", "Last read"),
    ("seen", "Read"),
    ("note", "Remark"),
    ("aliases", "Other names"),
    ("part_of", "Part of"),
    ("description", "Description"),
    ("role", "Office"),
    ("affiliation", "Affiliation"),
    ("key", "Key"),
];

/// Fields of text that people write, in which single words differ.
const PROSE: &[&str] =
    &["name", "name.title", "name.description", "speaker_role", "text", "quote.text", "note", "description", "role"];

const GONE: &str = "[-";
const GONE_END: &str = "-]";
const NEW: &str = "{+";
const NEW_END: &str = "+}";

/// The values of a record by their places in JSON: `quote.text` is the text of the quote. What is empty isn't there.
type Fields = BTreeMap<String, Value>;

fn fields_of(record: &Record) -> Fields {
    let Ok(Value::Object(whole)) = serde_json::to_value(record) else { return Fields::new() };
    let mut fields = Fields::new();
    if let Some((_, Value::Object(inner))) = whole.into_iter().next() {
        gather("", inner, &mut fields);
    }
    fields
}

fn gather(place: &str, object: Map<String, Value>, fields: &mut Fields) {
    for (name, value) in object {
        let place = if place.is_empty() { name } else { format!("{place}.{name}") };
        match value {
            Value::Null => {}
            Value::Array(items) if items.is_empty() => {}
            Value::Object(inner) => gather(&place, inner, fields),
            value => {
                fields.insert(place, value);
            }
        }
    }
}

/// Puts names in the place of keys.
#[derive(Clone, Copy)]
pub(in crate::commands) struct Names<'a> {
    pub(in crate::commands) context: &'a Context<'a>,
    /// The change that is shown: what it brings has no id yet.
    pub(in crate::commands) operations: &'a [Operation],
}

impl Names<'_> {
    /// All fields of a record.
    pub(in crate::commands) fn all(&self, record: &Record) -> Result<Vec<Fact>, CommandError> {
        self.facts(&Fields::new(), &fields_of(record))
    }

    /// The fields of a record that is on record, and known by its id.
    pub(in crate::commands) fn as_it_stands(&self, record: &Record) -> Result<Vec<Fact>, CommandError> {
        let mut fields = fields_of(record);
        fields.remove("key");
        self.facts(&Fields::new(), &fields)
    }

    /// The fields in which two versions of a record differ: what goes as [-so-], what comes as {+so+}.
    pub(in crate::commands) fn differing(&self, before: &Record, after: &Record) -> Result<Vec<Fact>, CommandError> {
        let (mut before, mut after) = (fields_of(before), fields_of(after));
        before.retain(|place, value| match after.get(place) {
            Some(other) if other == value => {
                after.remove(place);
                false
            }
            _ => true,
        });
        self.facts(&before, &after)
    }

    fn facts(&self, before: &Fields, after: &Fields) -> Result<Vec<Fact>, CommandError> {
        let named = LABELS.iter().map(|(place, _)| *place);
        let others = before.keys().chain(after.keys()).map(String::as_str);
        let mut facts: Vec<Fact> = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for place in named.chain(others) {
            if done.contains(&place) {
                continue;
            }
            done.push(place);
            let value = match (before.get(place), after.get(place)) {
                (None, None) => continue,
                (None, Some(after)) => self.value(place, after)?.into(),
                (Some(before), None) => gone(&self.value(place, before)?),
                (Some(before), Some(after)) => self.difference(place, before, after)?,
            };
            facts.push(Fact { label: label(place), value });
        }
        Ok(facts)
    }

    fn difference(&self, place: &str, before: &Value, after: &Value) -> Result<Text, CommandError> {
        if let (Value::Array(before), Value::Array(after)) = (before, after) {
            return self.set_difference(place, before, after);
        }
        let (old, new) = (self.value(place, before)?, self.value(place, after)?);
        if PROSE.contains(&place) {
            return Ok(word_by_word(&old, &new));
        }
        Ok(gone(&old).plain(" ").strong(format!("{NEW}{new}{NEW_END}")))
    }

    /// What differs between two sets, member by member; where only the order differs, both orders.
    fn set_difference(&self, place: &str, before: &[Value], after: &[Value]) -> Result<Text, CommandError> {
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

    fn value(&self, place: &str, value: &Value) -> Result<String, CommandError> {
        Ok(match (place, value) {
            (_, Value::Null) => "nothing".to_owned(),
            (_, Value::Array(members)) if members.is_empty() => "nothing".to_owned(),
            (_, Value::Array(members)) => self.members(place, members)?,
            ("speaker" | "responder" | "publisher" | "part_of" | "affiliation", Value::String(key)) => {
                self.entity_of(key)?
            }
            ("quote.text", Value::String(text)) => format!("“{text}”"),
            ("kind" | "seen", Value::String(word)) => present::words_of(word),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        })
    }

    fn members(&self, place: &str, members: &[Value]) -> Result<String, CommandError> {
        let members = members.iter().map(|member| self.member(place, member)).collect::<Result<Vec<_>, _>>()?;
        Ok(members.join("; "))
    }

    fn member(&self, place: &str, member: &Value) -> Result<String, CommandError> {
        Ok(match (place, member) {
            ("about", Value::String(key)) => self.entity_of(key)?,
            ("to", Value::String(key)) => self.id_of(RecordKind::Statement, key)?,
            ("citations", Value::Object(citation)) => {
                let mut rest = citation.clone();
                let source = self.id_of(RecordKind::Source, &take(&mut rest, "source"))?;
                let role = present::words_of(&take(&mut rest, "role"));
                format!("{source} ({})", comma_separated([role, take(&mut rest, "locator")], &rest))
            }
            ("aliases", Value::Object(alias)) => {
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
        let (proposed, current) = (self.whole(field, proposed)?, self.whole(field, current)?);
        Ok(text.plain(format!(" — {}: proposed is {proposed}; on record is now {current}", label(field))))
    }

    /// A value that may have parts.
    fn whole(&self, place: &str, value: &Value) -> Result<String, CommandError> {
        let Value::Object(parts) = value else { return self.value(place, value) };
        let mut fields = Fields::new();
        gather(place, parts.clone(), &mut fields);
        let parts = self.facts(&Fields::new(), &fields)?;
        let parts = parts.into_iter().map(|fact| format!("{}: {}", fact.label, fact.value.to_plain("")));
        Ok(parts.collect::<Vec<_>>().join(", "))
    }
}

fn label(place: &str) -> Cow<'static, str> {
    let known = LABELS.iter().find(|(known, _)| *known == place);
    known.map_or_else(|| Cow::Owned(place.to_owned()), |(_, label)| Cow::Borrowed(*label))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{
        Alias, Citation, CitationRole, Entity, Nature, Quote, Response, ResponseKind, Seen, Source, SourceKind,
        SourceName, Statement,
    };

    /// A record of each kind with every field set: what is added to the model must be added here.
    fn records() -> Vec<Record> {
        let (key, line) = (|| "k".parse().unwrap(), || "A line".parse().unwrap());
        let date = Some("2022-10-26".parse().unwrap());
        let address = Some("https://example.org/a".parse().unwrap());
        let citation = Citation { source: key(), role: CitationRole::Original, locator: Some(line()) };
        let citations = vec![citation].try_into().unwrap();
        let quote = Some(Quote { text: line(), language: Some("nl".parse().unwrap()) });
        let source = |name| {
            Record::Source(Source {
                key: key(),
                kind: SourceKind::Report,
                name,
                url: address.clone(),
                archive_url: address.clone(),
                publisher: key(),
                authors: vec![line()],
                published: date,
                language: "nl".parse().unwrap(),
                accessed: date,
                seen: Seen::Full,
                note: Some(line()),
            })
        };
        let entity = Entity {
            key: key(),
            nature: Nature::Person { role: Some(line()), affiliation: Some(key()) },
            name: line(),
            aliases: vec![Alias { name: line(), language: "nl".parse().unwrap() }],
            part_of: Some(key()),
            description: Some(line()),
        };
        let statement = Statement {
            key: key(),
            speaker: key(),
            speaker_role: Some(line()),
            text: line(),
            quote: quote.clone(),
            said: date,
            about: BTreeSet::from([key()]),
            citations,
        };
        let response = Response {
            key: key(),
            to: BTreeSet::from([key()]).try_into().unwrap(),
            responder: key(),
            kind: ResponseKind::Denial,
            text: line(),
            quote,
            said: date,
            citations: statement.citations.clone(),
        };
        vec![
            Record::Entity(entity),
            source(SourceName::Title(line())),
            source(SourceName::Description(line())),
            Record::Statement(statement),
            Record::Response(response),
        ]
    }

    #[test]
    fn every_field_of_the_model_has_a_name_and_every_name_a_field() {
        let places: BTreeSet<String> = records().iter().flat_map(|record| fields_of(record).into_keys()).collect();
        let named: BTreeSet<&str> = LABELS.iter().map(|(place, _)| *place).collect();
        let nameless: Vec<&String> = places.iter().filter(|place| !named.contains(place.as_str())).collect();
        assert!(nameless.is_empty(), "reviewers would be shown {nameless:?} as JSON has it: name them in LABELS");
        // The quote as a whole is named in conflicts alone.
        let unknown: Vec<&&str> =
            named.iter().filter(|place| !places.contains(**place) && **place != "quote").collect();
        assert!(unknown.is_empty(), "no record has {unknown:?}");
    }
}
