//! The form of a pack file: TOML tables `[[entity]]`, `[[source]]`, `[[statement]]` and
//! `[[response]]`, and how each becomes a record.

use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, de::DeserializeOwned};
use serde_spanned::Spanned;

use crate::model::{
    Alias, AnsweredStatements, CatalogueEntry, Citation, CitationRole, Citations, Date, Entity, EntityKind, Gist, Key,
    Language, Nature, Quote, Record, RecordNotice, Response, ResponseKind, SameAs, Seen, ShortWording, SingleLine,
    Source, SourceKind, SourceName, Standing, Statement, WebAddress,
};

/// A pack of records, written by people.
#[derive(Debug, JsonSchema)]
#[schemars(title = "Onrecord pack", deny_unknown_fields)]
#[expect(dead_code, reason = "its form is published; records are read one by one")]
pub struct PackFile {
    /// When the records of this file were reviewed, as precisely as it is known; a record may say otherwise.
    #[serde(default)]
    pub(super) vetted: Option<Date>,
    /// Places, organisations, people and topics.
    #[schemars(default)]
    pub(super) entity: Vec<EntityRow>,
    /// Publications.
    #[schemars(default)]
    pub(super) source: Vec<SourceRow>,
    /// What speakers are reported to have said.
    #[schemars(default)]
    pub(super) statement: Vec<StatementRow>,
    /// What parties answered.
    #[schemars(default)]
    pub(super) response: Vec<ResponseRow>,
}

/// The JSON Schema of a pack file.
#[must_use]
pub fn pack_schema() -> Schema {
    schemars::schema_for!(PackFile)
}

/// A record read from a pack, with the place of its key in the file.
pub(super) struct RecordRow {
    pub(super) key_offset: usize,
    pub(super) record: Record,
    pub(super) standing: Standing,
}

/// A record that the file's form allows but the model doesn't.
pub(super) struct RowError {
    pub(super) key_offset: usize,
    pub(super) field: &'static str,
    pub(super) message: String,
}

/// A record as a pack has it.
pub(super) trait Row: DeserializeOwned {
    /// The word of its heading.
    const WORD: &'static str;
    /// The fields that it can't do without.
    const REQUIRED: &'static [&'static str];

    /// The record, or all that is wrong with it.
    fn into_record(self) -> Result<RecordRow, Vec<RowError>>;
}

/// A key, with where it stands in the file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct PlacedKey(#[schemars(with = "Key")] Spanned<Key>);

impl PlacedKey {
    fn offset(&self) -> usize {
        self.0.span().start
    }

    fn into_key(self) -> Key {
        self.0.into_inner()
    }
}

/// Something that has a name: a place, an organisation, a person or a topic.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Entity")]
pub(super) struct EntityRow {
    /// The stable key.
    key: PlacedKey,
    /// What kind of entity it is.
    kind: EntityKind,
    /// The name in English.
    name: SingleLine,
    /// Its other names: in other languages and scripts, and short forms.
    #[serde(default)]
    aliases: Vec<AliasRow>,
    /// The key of the place or organisation that it lies in or belongs to: the nearest one.
    part_of: Option<Key>,
    /// What it is, in a few neutral words.
    description: Option<SingleLine>,
    /// The office that a person holds, as last known.
    role: Option<SingleLine>,
    /// The key of the organisation that a person acts for.
    affiliation: Option<Key>,
    /// The addresses of its entries in Wikidata and GeoNames: at most eight. No other entity has the same.
    #[serde(default)]
    same_as: BTreeSet<CatalogueEntry>,
    /// The key of the entity that this one was merged into.
    merged_into: Option<Key>,
    /// When the record was reviewed, as precisely as it is known. Leave it out where it isn't.
    vetted: Option<Date>,
    /// Set when the record was retracted.
    retracted: Option<NoticeRow>,
    /// The corrections made to it, oldest first.
    #[serde(default)]
    corrections: Vec<NoticeRow>,
}

/// Another name of an entity.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Alias")]
struct AliasRow {
    /// The name.
    name: SingleLine,
    /// The language in which the entity is called so.
    language: Language,
}

/// When and why a record was corrected or retracted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Notice")]
struct NoticeRow {
    /// The day on which it was decided.
    on: Date,
    /// The reason, in words for readers.
    reason: SingleLine,
}

/// One publication. It has a title, or a description where its headline was not seen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Source")]
pub(super) struct SourceRow {
    /// The stable key.
    key: PlacedKey,
    /// What kind of publication it is.
    kind: SourceKind,
    /// The headline as published. Never invent one: leave it out and write a description.
    title: Option<SingleLine>,
    /// What the source is, in our words, where its headline was not seen.
    description: Option<SingleLine>,
    /// The address. Leave it out where it is not on record.
    url: Option<WebAddress>,
    /// The address of an archived copy.
    archive_url: Option<WebAddress>,
    /// The key of the organisation that published it.
    publisher: Key,
    /// The key of the source that it copies: whose text it carries again, in the same language or another.
    copy_of: Option<Key>,
    /// The authors as named by the publisher.
    #[serde(default)]
    authors: Vec<SingleLine>,
    /// When it was published.
    published: Option<Date>,
    /// The language it is written in.
    language: Language,
    /// When it was last read.
    accessed: Option<Date>,
    /// How it was read: whole, in part, or only named by another source.
    seen: Seen,
    /// What editors must know about it; readers don't see it.
    note: Option<SingleLine>,
    /// When the record was reviewed, as precisely as it is known. Leave it out where it isn't.
    vetted: Option<Date>,
    /// Set when the record was retracted.
    retracted: Option<NoticeRow>,
    /// The corrections made to it, oldest first.
    #[serde(default)]
    corrections: Vec<NoticeRow>,
}

/// What ties an entry to a source.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Citation")]
struct CitationRow {
    /// The key of the source.
    source: Key,
    /// Whether the source published it first, carries it again, or mentions it.
    role: CitationRole,
    /// Where in the source: a page, a paragraph, a timecode.
    locator: Option<SingleLine>,
}

/// What one speaker is reported to have said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Statement")]
pub(super) struct StatementRow {
    /// The stable key.
    key: PlacedKey,
    /// The key of the person or organisation who said it.
    speaker: Key,
    /// The role that the speaker held at the time.
    speaker_role: Option<SingleLine>,
    /// What was said, in our neutral words.
    text: SingleLine,
    /// The wording in short, where it is long: at most 150 characters, and no part of its sense may go.
    short: Option<ShortWording>,
    /// The speaker's own words, as read in a source.
    quote: Option<SingleLine>,
    /// The language of the quote; left out: that of the cited source.
    quote_language: Option<Language>,
    /// When it was said.
    said: Option<Date>,
    /// The keys of the entities that it is about.
    #[serde(default)]
    about: BTreeSet<Key>,
    /// The sources that it rests on: at least one.
    citations: Vec<CitationRow>,
    /// When the record was reviewed, as precisely as it is known. Leave it out where it isn't.
    vetted: Option<Date>,
    /// Set when the record was retracted.
    retracted: Option<NoticeRow>,
    /// The corrections made to it, oldest first.
    #[serde(default)]
    corrections: Vec<NoticeRow>,
}

/// What a party answered on the record to one or more statements.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Response")]
pub(super) struct ResponseRow {
    /// The stable key.
    key: PlacedKey,
    /// The keys of the statements that it answers: at least one.
    to: BTreeSet<Key>,
    /// The key of the person or organisation who answered.
    responder: Key,
    /// What kind of answer it was.
    kind: ResponseKind,
    /// What was answered, in our neutral words.
    text: SingleLine,
    /// What was answered in a few words that follow the responder's name: at most 40 characters.
    gist: Option<Gist>,
    /// The responder's own words, as read in a source.
    quote: Option<SingleLine>,
    /// The language of the quote; left out: that of the cited source.
    quote_language: Option<Language>,
    /// When it was said.
    said: Option<Date>,
    /// The sources that it rests on: at least one.
    citations: Vec<CitationRow>,
    /// When the record was reviewed, as precisely as it is known. Leave it out where it isn't.
    vetted: Option<Date>,
    /// Set when the record was retracted.
    retracted: Option<NoticeRow>,
    /// The corrections made to it, oldest first.
    #[serde(default)]
    corrections: Vec<NoticeRow>,
}

impl Row for EntityRow {
    const WORD: &'static str = "entity";
    const REQUIRED: &'static [&'static str] = &["key", "kind", "name"];

    fn into_record(self) -> Result<RecordRow, Vec<RowError>> {
        let key_offset = self.key.offset();
        let nature = match self.kind {
            EntityKind::Person => Nature::Person { role: self.role, affiliation: self.affiliation },
            EntityKind::Place | EntityKind::Organisation | EntityKind::Topic => {
                let only_for_people = |field| RowError {
                    key_offset,
                    field,
                    message: format!("only a person has it, and this one is of the kind {}", self.kind.word()),
                };
                let given = [("role", self.role.is_some()), ("affiliation", self.affiliation.is_some())];
                let errors: Vec<RowError> =
                    given.into_iter().filter(|(_, given)| *given).map(|(field, _)| only_for_people(field)).collect();
                if !errors.is_empty() {
                    return Err(errors);
                }
                match self.kind {
                    EntityKind::Place => Nature::Place,
                    EntityKind::Organisation => Nature::Organisation,
                    EntityKind::Topic | EntityKind::Person => Nature::Topic,
                }
            }
        };
        let aliases = self.aliases.into_iter().map(|row| Alias { name: row.name, language: row.language }).collect();
        let same_as = SameAs::try_from(self.same_as)
            .map_err(|error| vec![RowError { key_offset, field: "same_as", message: error.to_string() }])?;
        let record = Entity {
            key: self.key.into_key(),
            nature,
            name: self.name,
            aliases,
            part_of: self.part_of,
            description: self.description,
            same_as,
        };
        let standing = standing(self.corrections, self.retracted, self.merged_into, self.vetted);
        Ok(RecordRow { key_offset, record: Record::Entity(record), standing })
    }
}

impl Row for SourceRow {
    const WORD: &'static str = "source";
    const REQUIRED: &'static [&'static str] = &["key", "kind", "publisher", "language", "seen"];

    fn into_record(self) -> Result<RecordRow, Vec<RowError>> {
        let key_offset = self.key.offset();
        let name = match (self.title, self.description) {
            (Some(title), None) => SourceName::Title(title),
            (None, Some(description)) => SourceName::Description(description),
            (None, None) => {
                let message = "write the headline, or a description where it was not seen".to_owned();
                return Err(vec![RowError { key_offset, field: "title", message }]);
            }
            (Some(_), Some(_)) => {
                let message = "a source with a title has no description of ours; keep one of them".to_owned();
                return Err(vec![RowError { key_offset, field: "description", message }]);
            }
        };
        let record = Source {
            key: self.key.into_key(),
            kind: self.kind,
            name,
            url: self.url,
            archive_url: self.archive_url,
            publisher: self.publisher,
            copy_of: self.copy_of,
            authors: self.authors,
            published: self.published,
            language: self.language,
            accessed: self.accessed,
            seen: self.seen,
            note: self.note,
        };
        let standing = standing(self.corrections, self.retracted, None, self.vetted);
        Ok(RecordRow { key_offset, record: Record::Source(record), standing })
    }
}

impl Row for StatementRow {
    const WORD: &'static str = "statement";
    const REQUIRED: &'static [&'static str] = &["key", "speaker", "text", "citations"];

    fn into_record(self) -> Result<RecordRow, Vec<RowError>> {
        let key_offset = self.key.offset();
        let mut errors = Vec::new();
        let quote = right(quote(key_offset, self.quote, self.quote_language), &mut errors);
        let citations = right(citations(key_offset, self.citations), &mut errors);
        let (Some(quote), Some(citations)) = (quote, citations) else { return Err(errors) };
        let record = Statement {
            key: self.key.into_key(),
            speaker: self.speaker,
            speaker_role: self.speaker_role,
            text: self.text,
            short: self.short,
            quote,
            said: self.said,
            about: self.about,
            citations,
        };
        let standing = standing(self.corrections, self.retracted, None, self.vetted);
        Ok(RecordRow { key_offset, record: Record::Statement(record), standing })
    }
}

impl Row for ResponseRow {
    const WORD: &'static str = "response";
    const REQUIRED: &'static [&'static str] = &["key", "to", "responder", "kind", "text", "citations"];

    fn into_record(self) -> Result<RecordRow, Vec<RowError>> {
        let key_offset = self.key.offset();
        let mut errors = Vec::new();
        let quote = right(quote(key_offset, self.quote, self.quote_language), &mut errors);
        let citations = right(citations(key_offset, self.citations), &mut errors);
        let to = AnsweredStatements::try_from(self.to).map_err(|error| RowError {
            key_offset,
            field: "to",
            message: error.to_string(),
        });
        let to = right(to, &mut errors);
        let (Some(quote), Some(citations), Some(to)) = (quote, citations, to) else { return Err(errors) };
        let record = Response {
            key: self.key.into_key(),
            to,
            responder: self.responder,
            kind: self.kind,
            text: self.text,
            gist: self.gist,
            quote,
            said: self.said,
            citations,
        };
        let standing = standing(self.corrections, self.retracted, None, self.vetted);
        Ok(RecordRow { key_offset, record: Record::Response(record), standing })
    }
}

/// What is right; what isn't goes among the errors.
fn right<T>(read: Result<T, RowError>, errors: &mut Vec<RowError>) -> Option<T> {
    read.map_err(|error| errors.push(error)).ok()
}

fn quote(key_offset: usize, text: Option<SingleLine>, language: Option<Language>) -> Result<Option<Quote>, RowError> {
    match (text, language) {
        (Some(text), language) => Ok(Some(Quote { text, language })),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let message = "there is a language but no quote".to_owned();
            Err(RowError { key_offset, field: "quote_language", message })
        }
    }
}

fn citations(key_offset: usize, rows: Vec<CitationRow>) -> Result<Citations, RowError> {
    let citations = rows
        .into_iter()
        .map(|row| Citation { source: row.source, role: row.role, locator: row.locator })
        .collect::<Vec<_>>();
    Citations::try_from(citations).map_err(|error| RowError {
        key_offset,
        field: "citations",
        message: error.to_string(),
    })
}

fn standing(
    corrections: Vec<NoticeRow>,
    retracted: Option<NoticeRow>,
    merged_into: Option<Key>,
    vetted: Option<Date>,
) -> Standing {
    let notice = |row: NoticeRow| RecordNotice { on: row.on, reason: row.reason };
    Standing {
        corrections: corrections.into_iter().map(notice).collect(),
        retracted: retracted.map(notice),
        merged_into,
        vetted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        import_export::{read_texts, write_pack},
        model::{
            HeldRecord, RecordKind,
            fields::{held, samples},
        },
    };

    /// What packs say of a record beyond its fields.
    const STANDING: [&str; 5] = ["key", "vetted", "retracted", "corrections", "merged_into"];

    #[test]
    fn packs_have_every_field_and_write_what_they_read() {
        fn check<T: Row + JsonSchema>() {
            let kind = RecordKind::from_word(T::WORD).unwrap();
            let schema = serde_json::to_value(schemars::schema_for!(T)).unwrap();
            let read: BTreeSet<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            let read = read.into_iter().filter(|name| !STANDING.contains(name)).collect::<BTreeSet<_>>();
            let table: BTreeSet<&str> = held(kind).map(|(_, held)| held.pack).collect();
            assert_eq!(read, table, "what packs read of a {kind}, and the rows of its table");
        }
        check::<EntityRow>();
        check::<SourceRow>();
        check::<StatementRow>();
        check::<ResponseRow>();
        for record in samples::records() {
            let held = HeldRecord { record: record.clone(), standing: Standing::default(), revision: 1 };
            let text = write_pack("", [&held]);
            let pack = read_texts(vec![("a.toml".to_owned(), text.clone())]);
            let records: Vec<Record> = pack.unwrap().records().iter().map(|located| located.record.clone()).collect();
            assert_eq!(records, [record], "{text}");
        }
    }

    #[test]
    fn the_fields_that_are_told_as_missing_are_those_of_the_published_form() {
        fn check<T: Row + JsonSchema>() {
            let schema = serde_json::to_value(schemars::schema_for!(T)).unwrap();
            assert_eq!(schema["required"], serde_json::json!(T::REQUIRED), "{}", T::WORD);
        }
        check::<EntityRow>();
        check::<SourceRow>();
        check::<StatementRow>();
        check::<ResponseRow>();
    }
}
