//! Wikidata's entities as JSON: a document of `entities`, as Special:EntityData and wbgetentities give it, or entities by
//! themselves, in an array or one a line, as its dumps have them.
//!
//! The form is that of <https://www.wikidata.org/wiki/Special:EntityData> and
//! <https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html>, as of 2026-11. An empty map is written there as
//! an empty array.

use std::{
    fmt,
    io::{self, BufRead, Read},
    marker::PhantomData,
};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    extract::{Extract, NameRole},
    languages::language_of,
};
use crate::{
    files::{BoundedLines, LineRead, MIB},
    model::{Catalogue, CatalogueEntry},
};

/// The most that is held of a file: a line of it, or all of it where a document goes over several lines. The largest
/// entities have some 4 MiB.
const MOST_HELD: u64 = 64 * MIB;

/// Reads the entities of a file.
///
/// Where one of the first two lines is JSON by itself each line is, and one that is broken costs itself alone. Otherwise the
/// file is one document over many lines.
pub(super) fn read(input: impl BufRead, extract: &mut Extract) -> io::Result<()> {
    let mut lines = BoundedLines::new(input, MOST_HELD);
    let mut head: Vec<(usize, Vec<u8>)> = Vec::new();
    while head.len() < 2
        && let Some((number, line)) = lines.next_line()?
    {
        match line {
            LineRead::Whole(line) if after_separators(line).is_empty() && head.is_empty() => {}
            LineRead::Whole(line) => head.push((number, line.to_vec())),
            LineRead::TooLong => extract.break_at(number, too_long()),
        }
    }
    if head.len() < 2 || head.iter().any(|(_, line)| is_whole(line)) {
        for (number, line) in head {
            take_all(&line, number, extract);
        }
        while let Some((number, line)) = lines.next_line()? {
            match line {
                LineRead::Whole(line) => take_all(line, number, extract),
                LineRead::TooLong => extract.break_at(number, too_long()),
            }
        }
        return Ok(());
    }
    let first = head.first().map_or(1, |(number, _)| *number);
    let mut document = Vec::new();
    for (_, line) in head {
        document.extend_from_slice(&line);
        document.push(b'\n');
    }
    lines.into_rest().take(MOST_HELD + 1).read_to_end(&mut document)?;
    if u64::try_from(document.len()).is_ok_and(|length| length > MOST_HELD) {
        extract.break_at(first, too_long());
    } else {
        take_all(&document, first, extract);
    }
    Ok(())
}

fn too_long() -> String {
    format!("is longer than {} MiB, which is the most that is held; write one entity a line", MOST_HELD / MIB)
}

/// A text from where something else stands than what parts the entities of an array.
fn after_separators(text: &[u8]) -> &[u8] {
    let parts = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'[' | b']');
    text.get(text.iter().take_while(|byte| parts(byte)).count()..).unwrap_or_default()
}

/// Whether a line is JSON by itself, with at least one document in it.
fn is_whole(line: &[u8]) -> bool {
    let mut rest = after_separators(line);
    let any = !rest.is_empty();
    while !rest.is_empty() {
        let mut documents = serde_json::Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
        match documents.next() {
            Some(Ok(_)) => rest = after_separators(rest.get(documents.byte_offset()..).unwrap_or_default()),
            Some(Err(_)) | None => return false,
        }
    }
    any
}

/// Takes the names of all entities in a text that begins at this line of the file, up to where it is broken.
fn take_all(text: &[u8], first: usize, extract: &mut Extract) {
    let line_at = |rest: &[u8]| {
        let before = text.get(..text.len() - rest.len()).unwrap_or_default();
        first + before.iter().filter(|&&byte| byte == b'\n').count()
    };
    let mut rest = after_separators(text);
    while !rest.is_empty() {
        let mut documents = serde_json::Deserializer::from_slice(rest).into_iter::<Document>();
        match documents.next() {
            Some(Ok(document)) => {
                let line = line_at(rest);
                rest = after_separators(rest.get(documents.byte_offset()..).unwrap_or_default());
                if !take(document, extract) {
                    extract.break_at(line, "has no entity of Wikidata in it");
                }
            }
            Some(Err(error)) => {
                // It counts from where this document begins, and the end of a line as the column before the next.
                let passed = if error.column() == 0 { 2 } else { 1 };
                extract.break_at(line_at(rest) + error.line().saturating_sub(passed), what_is_wrong(&error));
                return;
            }
            None => return,
        }
    }
}

fn what_is_wrong(error: &serde_json::Error) -> String {
    let place = match error.column() {
        0 => "at its end".to_owned(),
        column => format!("from column {column} on"),
    };
    if error.is_eof() {
        return "breaks off before its JSON ends".to_owned();
    }
    if error.is_data() {
        return format!("isn't as Wikidata writes its entities {place}");
    }
    format!("is no JSON {place}")
}

/// Takes the names of a document; says whether it has entities at all.
fn take(document: Document, extract: &mut Extract) -> bool {
    let Document { entities, id, labels, aliases } = document;
    let any = entities.is_some() || id.is_some();
    for (key, entity) in entities.into_iter().flat_map(|entities| entities.0) {
        take_entity(Some(&key), &entity, extract);
    }
    take_entity(None, &Entity { id, labels, aliases }, extract);
    any
}

/// Takes the names of an entity. One that was merged into another since goes by both ids.
fn take_entity(key: Option<&str>, entity: &Entity, extract: &mut Extract) {
    let of = |id: &str| CatalogueEntry::of(Catalogue::Wikidata, id);
    let by_key = key.and_then(of);
    let by_id = entity.id.as_deref().and_then(of).filter(|entry| Some(*entry) != by_key);
    for entry in by_key.into_iter().chain(by_id) {
        if !extract.meet(entry) {
            continue;
        }
        for (code, label) in &entity.labels.0 {
            extract.take(entry, &label.value, label.language.as_ref().unwrap_or(code), NameRole::Own);
        }
        for (code, aliases) in &entity.aliases.0 {
            for alias in aliases {
                extract.take(entry, &alias.value, alias.language.as_ref().unwrap_or(code), NameRole::Other);
            }
        }
    }
}

/// What stands at the top of a document: entities by their ids, or the parts of one. An [`Entity`] flattened into it would
/// have all that isn't wanted held, too.
#[derive(Deserialize)]
struct Document {
    entities: Option<EntitiesById>,
    id: Option<String>,
    #[serde(default)]
    labels: ByLanguage<Term>,
    #[serde(default)]
    aliases: ByLanguage<Vec<Term>>,
}

#[derive(Deserialize)]
struct Entity {
    id: Option<String>,
    #[serde(default)]
    labels: ByLanguage<Term>,
    #[serde(default)]
    aliases: ByLanguage<Vec<Term>>,
}

/// A name, in the language that it really is in: where there is none in the one that was asked for, another's is given.
#[derive(Deserialize)]
struct Term {
    language: Option<String>,
    value: String,
}

struct EntitiesById(Vec<(String, Entity)>);

/// What there is in the languages whose names are taken.
struct ByLanguage<T>(Vec<(String, T)>);

impl<T> Default for ByLanguage<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de> Deserialize<'de> for EntitiesById {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor { is_taken: |_| true, value: PhantomData }).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByLanguage<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(MapVisitor { is_taken: |code| language_of(code).is_some(), value: PhantomData })
            .map(Self)
    }
}

/// Reads a map, which is an array where it is empty, and holds what is wanted of it alone.
struct MapVisitor<T> {
    is_taken: fn(&str) -> bool,
    value: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = Vec<(String, T)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if (self.is_taken)(&key) {
                found.push((key, map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        match items.next_element::<IgnoredAny>()? {
            None => Ok(Vec::new()),
            Some(_) => Err(serde::de::Error::custom("an array with something in it")),
        }
    }
}
