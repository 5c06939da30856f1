//! A change as a reviewer reads it: each operation, field by field, word by word where texts differ.

use serde_json::Value;

use super::{CommandError, Context, present};
use crate::{
    editorial::{Part, word_difference},
    model::{Announcement, Key, Operation, Record, RecordKey, RecordKind, SourceName, WebAddress, differing},
    reply::{Fact, Reply, Span, Text},
};

/// How many operations of one change are shown whole.
const SHOWN: usize = 12;

/// Adds the operations of a change to a reply; `before` gives what a record was before it.
pub(super) fn show(
    context: &Context<'_>,
    mut reply: Reply,
    operations: &[Operation],
    before: &dyn Fn(&RecordKey) -> Result<Option<Record>, CommandError>,
) -> Result<Reply, CommandError> {
    let names = Names { context, operations };
    for operation in operations.iter().take(SHOWN) {
        let target = operation.target();
        let id = context.records.record_id(&target)?;
        let called = id.map_or_else(|| target.kind.word().to_owned(), |id| id.to_string());
        let (heading, facts) = match operation {
            Operation::Create { record, .. } => {
                (format!("New {}", target.kind.word()), names.facts(&of_nothing(record))?)
            }
            Operation::Edit { record, corrections } => {
                let old = before(&target)?;
                let fields = old.map_or_else(|| of_nothing(record), |old| differing(&old, record));
                let mut facts = names.facts(&fields)?;
                facts.extend(corrections.iter().map(told));
                (format!("Edit of {called}"), facts)
            }
            Operation::Retract { announcement, .. } => (format!("Retraction of {called}"), vec![told(announcement)]),
            Operation::Restore { .. } => (format!("{called} is put in force again"), Vec::new()),
            Operation::Purge { announcement, .. } => {
                (format!("Purge of {called}: its content goes for good"), vec![told(announcement)])
            }
            Operation::Removed { .. } => (format!("{called}: the content was purged"), Vec::new()),
            Operation::Merge { from, into } => {
                (format!("{} becomes part of {}", names.entity(from)?, names.entity(into)?), Vec::new())
            }
        };
        reply = reply.paragraph(Text::new().strong(heading)).facts(facts);
    }
    if operations.len() > SHOWN {
        reply = reply.paragraph(format!("and {} more operations", operations.len() - SHOWN));
    }
    let sources = names.sources()?;
    if !sources.is_empty() {
        reply = reply.paragraph("Sources to open:").list(sources);
    }
    Ok(reply)
}

fn told(announcement: &Announcement) -> Fact {
    Fact { label: "Readers are told", value: announcement.reason.as_str().into() }
}

/// A record's fields as those of a new one: nothing before, the value after.
fn of_nothing(record: &Record) -> Vec<(String, Value, Value)> {
    let Ok(Value::Object(whole)) = serde_json::to_value(record) else { return Vec::new() };
    let fields = whole.into_iter().next().map(|(_, fields)| fields);
    let Some(Value::Object(fields)) = fields else { return Vec::new() };
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    fields
        .into_iter()
        .filter(|(name, value)| name != "key" && !empty(value))
        .map(|(name, value)| (name, Value::Null, value))
        .collect()
}

/// The label of a field, as JSON names it, in the order in which fields are shown.
const LABELS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("kind", "Kind"),
    ("speaker", "Speaker"),
    ("responder", "Responder"),
    ("speaker_role", "Role then"),
    ("to", "Answers"),
    ("text", "Wording"),
    ("quote", "Quote"),
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
];

/// Puts names in the place of keys.
struct Names<'a> {
    context: &'a Context<'a>,
    operations: &'a [Operation],
}

impl Names<'_> {
    fn facts(&self, fields: &[(String, Value, Value)]) -> Result<Vec<Fact>, CommandError> {
        let mut facts = Vec::new();
        for (name, label) in LABELS {
            let Some((_, before, after)) = fields.iter().find(|(field, _, _)| field == name) else { continue };
            let (old, new) = (self.value(name, before)?, self.value(name, after)?);
            let value = match (before.is_null(), after.is_null()) {
                (true, _) => new.into(),
                (false, true) => Text::from(format!("{GONE}{old}{GONE_END}")),
                (false, false) => difference(&old, &new),
            };
            facts.push(Fact { label, value });
        }
        Ok(facts)
    }

    fn value(&self, field: &str, value: &Value) -> Result<String, CommandError> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(match (field, value) {
            (_, Value::Null) => String::new(),
            ("speaker" | "responder" | "publisher" | "part_of" | "affiliation", Value::String(key)) => {
                self.entity_of(key)?
            }
            ("about", Value::Array(keys)) => {
                let names = keys.iter().map(|key| self.entity_of(&text(key))).collect::<Result<Vec<_>, _>>()?;
                names.join(", ")
            }
            ("to", Value::Array(keys)) => {
                let ids = keys.iter().map(|key| self.id_of(RecordKind::Statement, &text(key)));
                ids.collect::<Result<Vec<_>, _>>()?.join(", ")
            }
            ("citations", Value::Array(citations)) => {
                let mut all = Vec::new();
                for citation in citations {
                    let source = self.id_of(RecordKind::Source, &text(&citation["source"]))?;
                    let locator = citation["locator"].as_str().map(|at| format!(", {at}")).unwrap_or_default();
                    all.push(format!("{source} ({}{locator})", text(&citation["role"])));
                }
                all.join("; ")
            }
            ("quote", Value::Object(quote)) => {
                let language = quote.get("language").and_then(Value::as_str).unwrap_or("language not marked");
                format!("“{}” ({language})", quote.get("text").and_then(Value::as_str).unwrap_or_default())
            }
            ("name", Value::Object(name)) => {
                let inner = name.values().next().map(text).unwrap_or_default();
                if name.contains_key("title") { inner } else { format!("{inner} (our description)") }
            }
            ("aliases", Value::Array(aliases)) => {
                let all =
                    aliases.iter().map(|alias| format!("{} ({})", text(&alias["name"]), text(&alias["language"])));
                all.collect::<Vec<_>>().join(", ")
            }
            (_, Value::Array(items)) => items.iter().map(text).collect::<Vec<_>>().join(", "),
            ("kind" | "seen", Value::String(word)) => present::words_of(word),
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

    fn entity(&self, key: &Key) -> Result<String, CommandError> {
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
        Ok(id.map_or_else(|| format!("the new {kind}"), |id| id.to_string()))
    }

    /// The sources that the change rests on, each with a link.
    fn sources(&self) -> Result<Vec<Text>, CommandError> {
        let mut keys = Vec::new();
        for operation in self.operations {
            let record = match operation {
                Operation::Create { record, .. } | Operation::Edit { record, .. } => Some(record.clone()),
                _ => self.context.records.held(&operation.target())?.map(|held| held.record),
            };
            let Some(record) = record else { continue };
            if let Record::Source(source) = &record {
                keys.push(source.key.clone());
            }
            keys.extend(record.citations().iter().map(|citation| citation.source.clone()));
        }
        let mut seen = std::collections::HashSet::new();
        let mut items = Vec::new();
        for key in keys.into_iter().filter(|key| seen.insert(key.clone())).take(SHOWN) {
            let name = RecordKey::new(RecordKind::Source, key.clone());
            let new = self.operations.iter().find_map(|operation| match operation {
                Operation::Create { record: Record::Source(source), .. }
                | Operation::Edit { record: Record::Source(source), .. }
                    if source.key == key =>
                {
                    Some(source.clone())
                }
                _ => None,
            });
            let held = match (new, self.context.records.held(&name)?.map(|held| held.record)) {
                (Some(source), _) | (None, Some(Record::Source(source))) => source,
                (None, _) => continue,
            };
            let title = match &held.name {
                SourceName::Title(title) => title.to_string(),
                SourceName::Description(description) => description.to_string(),
            };
            let text = match self.context.records.record_id(&name)? {
                Some(id) => Text::new().id(id).plain(" "),
                None => Text::from("new: "),
            };
            items.push(match &held.url {
                Some(address) => {
                    text.span(Span::Link { text: link_text(&title), address: address.clone() }).plain(host(address))
                }
                None => text.plain(format!("{title} — {}", crate::reply::NO_ADDRESS)),
            });
        }
        Ok(items)
    }
}

fn host(address: &WebAddress) -> String {
    format!(" — {}", address.host())
}

/// The words of a link, which must not look like an address themselves.
fn link_text(title: &str) -> String {
    if title.contains("://") { "the report".to_owned() } else { title.to_owned() }
}

const GONE: &str = "[-";
const GONE_END: &str = "-]";

/// What differs between two texts, word by word: what goes in [-…-], what comes in {+…+} (the notation
/// of GNU wdiff). A text that is another altogether is shown after the one before.
pub(super) fn difference(before: &str, after: &str) -> Text {
    let mut text = Text::new();
    for part in word_difference(before, after) {
        text = match part {
            Part::Same(words) => text.plain(words),
            Part::Gone(words) => text.plain(format!("{GONE}{words}{GONE_END}")),
            Part::New(words) => text.strong(format!("{{+{words}+}}")),
        };
    }
    text
}
