//! The shipped packs against the dataset that they began as: no record, field or citation is lost, and what was corrected
//! since is listed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use onrecord::{
    import_export::shipped_pack,
    model::{Key, Nature, Record, SourceName},
};
use serde_json::Value;

use super::{rendered::rendered, support::World};

const FILES: [&str; 2] = [
    include_str!("../fixtures/dataset/overseas-police-stations.json"),
    include_str!("../fixtures/dataset/japan-russia-consuls-2022.json"),
];

/// Entities that both files describe, where the second knows more: its text stands in the packs.
const DESCRIBED_TWICE: [(&str, &str); 2] = [("japan", "description"), ("japan-foreign-ministry", "part_of")];

fn dataset(array: &str) -> impl Iterator<Item = Value> {
    FILES.into_iter().flat_map(move |file| {
        let file: Value = serde_json::from_str(file).unwrap();
        file[array].as_array().unwrap().clone()
    })
}

fn records() -> BTreeMap<(String, Key), Record> {
    let pack = shipped_pack().unwrap();
    pack.records()
        .iter()
        .map(|located| ((located.record.kind().to_string(), located.record.key().clone()), located.record.clone()))
        .collect()
}

fn text(value: Option<&impl ToString>) -> Value {
    value.map_or(Value::Null, |value| Value::String(value.to_string()))
}

/// An empty text in the dataset says nothing, as an absent one does.
fn field(record: &Value, name: &str) -> Value {
    match &record[name] {
        Value::String(text) if text.is_empty() => Value::Null,
        value => value.clone(),
    }
}

fn keys<'a>(found: impl IntoIterator<Item = &'a Key>) -> Value {
    found.into_iter().map(|key| Value::String(key.to_string())).collect()
}

/// What stands otherwise in the packs than in the dataset, a line each. Corrections are made by review; a field that
/// changed without one shows here.
#[derive(Default)]
struct Corrected(String);

impl Corrected {
    fn hold(&mut self, key: &Key, name: &str, found: &Value, wanted: &Value) {
        if found != wanted {
            writeln!(self.0, "{key}.{name}").unwrap();
        }
    }

    /// As [`Self::hold`] for lists, which may have got longer.
    fn hold_each(&mut self, key: &Key, name: &str, found: &Value, wanted: &Value) {
        let found = found.as_array().unwrap();
        for lost in wanted.as_array().unwrap().iter().filter(|wanted| !found.contains(wanted)) {
            let lost = lost.as_str().or_else(|| lost["source"].as_str()).unwrap_or_default();
            writeln!(self.0, "{key}.{name}: {lost}").unwrap();
        }
    }
}

#[test]
fn every_record_of_the_dataset_is_in_the_packs() {
    let records = records();
    let mut counts = String::new();
    for (array, kind) in
        [("entities", "entity"), ("sources", "source"), ("statements", "statement"), ("responses", "response")]
    {
        let in_dataset: BTreeSet<String> =
            dataset(array).map(|record| record["key"].as_str().unwrap().to_owned()).collect();
        let in_packs: BTreeSet<String> =
            records.keys().filter(|(found, _)| found == kind).map(|(_, key)| key.to_string()).collect();
        let lost: Vec<&String> = in_dataset.difference(&in_packs).collect();
        assert!(lost.is_empty(), "{array}: {lost:?}");
        writeln!(counts, "{array} {}, of the dataset {}", in_packs.len(), in_dataset.len()).unwrap();
    }
    let citations: usize = records.values().map(|record| record.citations().len()).sum();
    writeln!(counts, "citations {citations}").unwrap();
    insta::assert_snapshot!(counts);
}

#[test]
fn every_field_of_every_entity_is_kept() {
    let records = records();
    let mut corrected = Corrected::default();
    for wanted in dataset("entities") {
        let key: Key = wanted["key"].as_str().unwrap().parse().unwrap();
        let Record::Entity(found) = &records[&("entity".to_owned(), key.clone())] else { unreachable!() };
        let (role, affiliation) = match &found.nature {
            Nature::Person { role, affiliation } => (role.as_ref(), affiliation.as_ref()),
            _ => (None, None),
        };
        for (name, value) in [
            ("kind", text(Some(&found.kind()))),
            ("name", text(Some(&found.name))),
            ("part_of", text(found.part_of.as_ref())),
            ("description", text(found.description.as_ref())),
            ("role", text(role)),
            ("affiliation", text(affiliation)),
        ] {
            if !DESCRIBED_TWICE.contains(&(key.as_str(), name)) {
                corrected.hold(&key, name, &value, &field(&wanted, name));
            }
        }
        for alias in wanted["aliases"].as_array().unwrap() {
            let kept = found
                .aliases
                .iter()
                .any(|found| alias["name"] == found.name.as_str() && alias["lang"] == found.language.as_str());
            if !kept {
                writeln!(corrected.0, "{key}.aliases: {alias}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(corrected.0);
}

#[test]
fn every_field_of_every_source_is_kept() {
    let records = records();
    let mut corrected = Corrected::default();
    for wanted in dataset("sources") {
        let key: Key = wanted["key"].as_str().unwrap().parse().unwrap();
        let Record::Source(found) = &records[&("source".to_owned(), key.clone())] else { unreachable!() };
        let (title, description) = match &found.name {
            SourceName::Title(title) => (Some(title), None),
            SourceName::Description(description) => (None, Some(description)),
        };
        for (name, value) in [
            ("kind", text(Some(&found.kind))),
            ("title", text(title)),
            ("description", text(description)),
            ("url", text(found.url.as_ref())),
            ("archive_url", text(found.archive_url.as_ref())),
            ("publisher", text(Some(&found.publisher))),
            ("authors", found.authors.iter().map(|author| Value::String(author.to_string())).collect()),
            ("published", text(found.published.as_ref())),
            ("language", text(Some(&found.language))),
            ("accessed", text(found.accessed.as_ref())),
            ("seen", text(Some(&found.seen))),
            ("note", text(found.note.as_ref())),
        ] {
            corrected.hold(&key, name, &value, &field(&wanted, name));
        }
    }
    insta::assert_snapshot!(corrected.0);
}

#[test]
fn every_field_of_every_statement_and_response_is_kept() {
    let records = records();
    let mut corrected = Corrected::default();
    let citations = |record: &Record| -> Value {
        let citation = |citation: &onrecord::model::Citation| {
            serde_json::json!({
                "source": citation.source.as_str(),
                "role": citation.role.word(),
                "locator": text(citation.locator.as_ref()),
            })
        };
        record.citations().iter().map(citation).collect()
    };
    for wanted in dataset("statements") {
        let key: Key = wanted["key"].as_str().unwrap().parse().unwrap();
        let record = &records[&("statement".to_owned(), key.clone())];
        let Record::Statement(found) = record else { unreachable!() };
        let quote = found.quote.as_ref();
        for (name, value) in [
            ("speaker", text(Some(&found.speaker))),
            ("speaker_role_at_time", text(found.speaker_role.as_ref())),
            ("text", text(Some(&found.text))),
            ("quote", text(quote.map(|quote| &quote.text))),
            ("quote_language", text(quote.and_then(|quote| quote.language.as_ref()))),
            ("said", text(found.said.as_ref())),
        ] {
            corrected.hold(&key, name, &value, &field(&wanted, name));
        }
        corrected.hold_each(&key, "about", &keys(&found.about), &wanted["about"]);
        corrected.hold_each(&key, "citations", &citations(record), &wanted["citations"]);
    }
    for wanted in dataset("responses") {
        let key: Key = wanted["key"].as_str().unwrap().parse().unwrap();
        let record = &records[&("response".to_owned(), key.clone())];
        let Record::Response(found) = record else { unreachable!() };
        for (name, value) in [
            ("responder", text(Some(&found.responder))),
            ("kind", text(Some(&found.kind))),
            ("text", text(Some(&found.text))),
            ("quote", text(found.quote.as_ref().map(|quote| &quote.text))),
            ("said", text(found.said.as_ref())),
        ] {
            corrected.hold(&key, name, &value, &field(&wanted, name));
        }
        corrected.hold_each(&key, "to", &keys(found.to.iter()), &wanted["to"]);
        corrected.hold_each(&key, "citations", &citations(record), &wanted["citations"]);
    }
    insta::assert_snapshot!(corrected.0);
}

/// A field that the dataset has and this file doesn't compare would go unnoticed.
#[test]
fn the_dataset_has_no_field_that_is_not_compared() {
    let compared = "affiliation aliases about accessed archive_url authors citations description key kind language name \
                    note part_of published publisher quote quote_language responder role said seen speaker \
                    speaker_role_at_time text title to url";
    let compared: BTreeSet<&str> = compared.split_whitespace().collect();
    for array in ["entities", "sources", "statements", "responses"] {
        for record in dataset(array) {
            for name in record.as_object().unwrap().keys() {
                assert!(compared.contains(name.as_str()), "{array}: {name}");
            }
        }
    }
}

#[test]
fn every_shipped_name_is_understood_as_its_entity() {
    let world = World::shipped();
    let snapshot = world.app.search.snapshot();
    let mut wrong = Vec::new();
    for record in records().into_values() {
        let Record::Entity(entity) = record else { continue };
        for alias in &entity.aliases {
            let known = snapshot.names().exactly(alias.name.as_str());
            let found = known.iter().filter_map(|&id| snapshot.names().entity(id));
            if !found.into_iter().any(|found| found.name == entity.name.as_str()) {
                wrong.push(format!("{}: {}", entity.key, alias.name));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_name_is_written_once_and_shared_only_by_those_who_are_called_so() {
    let mut bearers: BTreeMap<String, BTreeSet<Key>> = BTreeMap::new();
    for record in records().into_values() {
        let Record::Entity(entity) = record else { continue };
        let own: Vec<_> = entity.aliases.iter().map(|alias| (&alias.name, &alias.language)).collect();
        assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len(), "{} has a name twice", entity.key);
        let names = entity.aliases.iter().map(|alias| &alias.name).chain([&entity.name]);
        for name in names {
            bearers.entry(name.as_str().to_lowercase()).or_default().insert(entity.key.clone());
        }
    }
    let shared: Vec<String> = bearers
        .into_iter()
        .filter(|(_, keys)| keys.len() > 1)
        .map(|(name, keys)| format!("{name}: {}", keys.iter().map(Key::as_str).collect::<Vec<_>>().join(", ")))
        .collect();
    insta::assert_snapshot!(shared.join("\n"));
}

#[test]
fn of_many_names_the_first_in_each_language_are_shown_english_first() {
    let card = rendered(&World::shipped().ask("about government of china"));
    let names = card.lines().find(|line| line.contains("Also called")).unwrap();
    for shown in ["Chinese authorities", "gobierno chino (Spanish)", "中国政府 (Chinese)", " more"] {
        assert!(names.contains(shown), "{shown}: {names}");
    }
    assert!(!names.contains("autorità cinesi"), "{names}");
}
