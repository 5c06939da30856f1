//! The records that forms make.

use std::collections::BTreeSet;

use super::{
    duplicates::LookError,
    fill::{FieldReader, Given},
};
use crate::model::{
    AnsweredStatements, Citations, Entity, EntityKind, Key, Nature, Quote, Record, RecordKind, Response, Seen, Source,
    SourceKind, SourceName, Statement,
};

/// The record that a form makes, of what was given and what is on record (`before`); `None` where
/// something is missing, which is said.
pub(super) fn record(
    fill: &mut FieldReader<'_>,
    key: &Key,
    before: Option<&Record>,
) -> Result<Option<Record>, LookError> {
    match fill.block.form.kind {
        RecordKind::Entity => entity(fill, key, before),
        RecordKind::Source => source(fill, key, before),
        RecordKind::Statement => statement(fill, key, before),
        RecordKind::Response => response(fill, key, before),
    }
}

const SPEAKERS: &[EntityKind] = &[EntityKind::Person, EntityKind::Organisation];
const ORGANISATIONS: &[EntityKind] = &[EntityKind::Organisation];

fn entity(fill: &mut FieldReader<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Entity(entity)) => Some(entity.clone()),
        _ => None,
    };
    let given = fill.line("name");
    let name = fill.required("name", given, before.as_ref().map(|old| old.name.clone()));
    let given = fill.word::<EntityKind>("kind");
    let kind = fill.required("kind", given, before.as_ref().map(Entity::kind));
    let part_of = fill.entity("part-of", EntityKind::ALL)?.or(before.as_ref().and_then(|old| old.part_of.clone()));
    let aliases = fill.aliases("aliases").or(before.as_ref().map(|old| old.aliases.clone())).unwrap_or_default();
    let description = fill.line("description").or(before.as_ref().and_then(|old| old.description.clone()));
    let (old_role, old_affiliation) = match before.map(|old| old.nature) {
        Some(Nature::Person { role, affiliation }) => (role, affiliation),
        _ => (None, None),
    };
    let role = fill.line("role").or(old_role);
    let affiliation = fill.entity("affiliation", ORGANISATIONS)?.or(old_affiliation);
    let (Some(name), Some(kind)) = (name, kind) else { return Ok(None) };
    if kind != EntityKind::Person && (role.is_some() || affiliation.is_some()) {
        fill.wrong("role", format!("only a person has an office or an affiliation, and this is a {kind}"));
    }
    let nature = match kind {
        EntityKind::Place => Nature::Place,
        EntityKind::Organisation => Nature::Organisation,
        EntityKind::Topic => Nature::Topic,
        EntityKind::Person => Nature::Person { role, affiliation },
    };
    Ok(Some(Record::Entity(Entity { key: key.clone(), nature, name, aliases, part_of, description })))
}

fn source(fill: &mut FieldReader<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Source(source)) => Some(source.clone()),
        _ => None,
    };
    let old = before.as_ref();
    let url = fill.address("url").or(old.and_then(|old| old.url.clone()));
    let archive_url = fill.address("archive").or(old.and_then(|old| old.archive_url.clone()));
    let given = fill.entity("publisher", ORGANISATIONS)?;
    let publisher = fill.required("publisher", given, old.map(|old| old.publisher.clone()));
    let given = fill.language("language");
    let language = fill.required("language", given, old.map(|old| old.language.clone()));
    let published = fill.date("published").or(old.and_then(|old| old.published));
    let accessed = fill.date("accessed").or(old.and_then(|old| old.accessed));
    let kind = fill.word("kind").or(old.map(|old| old.kind)).unwrap_or(SourceKind::NewsArticle);
    let seen = fill.word("seen").or(old.map(|old| old.seen)).unwrap_or(Seen::Full);
    let authors = fill.lines("authors").or(old.map(|old| old.authors.clone())).unwrap_or_default();
    let note = fill.line("remark").or(old.and_then(|old| old.note.clone()));
    let name = match (fill.line("title"), fill.line("description")) {
        (Given::Set(title), _) => Some(SourceName::Title(title)),
        (_, Given::Set(description)) => Some(SourceName::Description(description)),
        (Given::Kept, Given::Kept) => old.map(|old| old.name.clone()),
        (_, _) => None,
    };
    if name.is_none() && fill.block.get("title").is_none() {
        fill.wrong("title", "it is missing: give the headline as published, or a description where it was not seen");
    }
    let (Some(publisher), Some(language), Some(name)) = (publisher, language, name) else { return Ok(None) };
    Ok(Some(Record::Source(Source {
        key: key.clone(),
        kind,
        name,
        url,
        archive_url,
        publisher,
        authors,
        published,
        language,
        accessed,
        seen,
        note,
    })))
}

fn quote(fill: &mut FieldReader<'_>, before: Option<&Quote>) -> Option<Quote> {
    let words = fill.line("quote");
    let language = fill.language("quote-language").or(before.and_then(|quote| quote.language.clone()));
    let text = words.or(before.map(|quote| quote.text.clone()))?;
    // Outer quotation marks are the form's, not the speaker's.
    let bare = text.as_str().trim_matches(['"', '“', '”', '„', '«', '»']).trim();
    Some(Quote { text: bare.parse().unwrap_or(text), language })
}

fn citations(fill: &mut FieldReader<'_>, before: Option<&Citations>) -> Result<Option<Citations>, LookError> {
    let given = fill.citations("source")?;
    let given_any = !matches!(given, Given::Kept);
    let list = fill.required("source", given, before.map(|citations| citations.as_slice().to_vec()));
    let Some(list) = list.filter(|list| !list.is_empty() || !given_any) else { return Ok(None) };
    match Citations::try_from(list) {
        Ok(citations) => Ok(Some(citations)),
        Err(error) => {
            fill.wrong("source", error.to_string());
            Ok(None)
        }
    }
}

fn statement(fill: &mut FieldReader<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Statement(statement)) => Some(statement.clone()),
        _ => None,
    };
    let old = before.as_ref();
    let given = fill.entity("speaker", SPEAKERS)?;
    let speaker = fill.required("speaker", given, old.map(|old| old.speaker.clone()));
    let given = fill.line("text");
    let text = fill.required("text", given, old.map(|old| old.text.clone()));
    let citations = citations(fill, old.map(|old| &old.citations))?;
    let said = fill.date("said").or(old.and_then(|old| old.said));
    let about = fill.entities("about", EntityKind::ALL)?;
    let about = match about {
        Given::Kept => old.map(|old| old.about.clone()).unwrap_or_default(),
        Given::Cleared => BTreeSet::new(),
        Given::Set(keys) => keys.into_iter().collect(),
    };
    let speaker_role = fill.line("speaker-role").or(old.and_then(|old| old.speaker_role.clone()));
    let quote = quote(fill, old.and_then(|old| old.quote.as_ref()));
    let (Some(speaker), Some(text), Some(citations)) = (speaker, text, citations) else { return Ok(None) };
    let key = key.clone();
    Ok(Some(Record::Statement(Statement { key, speaker, speaker_role, text, quote, said, about, citations })))
}

fn response(fill: &mut FieldReader<'_>, key: &Key, before: Option<&Record>) -> Result<Option<Record>, LookError> {
    let before = match before {
        Some(Record::Response(response)) => Some(response.clone()),
        _ => None,
    };
    let old = before.as_ref();
    let given = fill.statements("to")?;
    let to = fill.required("to", given, old.map(|old| old.to.iter().cloned().collect()));
    let given = fill.entity("responder", SPEAKERS)?;
    let responder = fill.required("responder", given, old.map(|old| old.responder.clone()));
    let given = fill.word("kind");
    let kind = fill.required("kind", given, old.map(|old| old.kind));
    let given = fill.line("text");
    let text = fill.required("text", given, old.map(|old| old.text.clone()));
    let citations = citations(fill, old.map(|old| &old.citations))?;
    let said = fill.date("said").or(old.and_then(|old| old.said));
    let quote = quote(fill, old.and_then(|old| old.quote.as_ref()));
    let (Some(to), Some(responder), Some(kind), Some(text), Some(citations)) = (to, responder, kind, text, citations)
    else {
        return Ok(None);
    };
    let Ok(to) = AnsweredStatements::try_from(to.into_iter().collect::<BTreeSet<Key>>()) else { return Ok(None) };
    Ok(Some(Record::Response(Response { key: key.clone(), to, responder, kind, text, quote, said, citations })))
}
