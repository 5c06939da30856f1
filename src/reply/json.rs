//! A reply as JSON, for programs. The schema is published: `onrecord schema reply` prints it.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use super::{Outcome, Reply};
use crate::model::{
    CatalogueEntry, CitationRole, Date, EntityKind, Key, Language, ResponseKind, Seen, SourceKind, WebAddress,
};

/// A reply.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Onrecord reply")]
pub struct JsonReply<'a> {
    /// What became of the request.
    outcome: JsonOutcome,
    /// Which page of how many this is; absent when all of it is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<JsonPage>,
    /// What the question was understood to mean; absent where none was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    understood: Option<&'a JsonUnderstood>,
    /// The records that answer the request, in order.
    records: &'a [JsonRecord],
    /// What else the reply says, as plain text: headings, notes, hints.
    text: Vec<String>,
}

/// What became of a request.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum JsonOutcome {
    /// It was answered.
    Answered,
    /// Nothing on record answers it.
    NothingFound,
    /// It was put wrongly.
    Misused,
    /// It can't be answered now.
    Failed,
}

/// A place among pages.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonPage {
    /// This page's number, from 1.
    number: usize,
    /// How many pages there are.
    of: usize,
}

/// What a question was understood to mean.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonUnderstood {
    /// The names that stand in it, filters first.
    pub names: Vec<JsonNamed>,
    /// The places that it names and that aren't on record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places_not_on_record: Vec<JsonElsewhere>,
}

/// A place in a question that isn't on record.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonElsewhere {
    /// The name as typed.
    pub typed: String,
    /// The place in words, with what it lies in.
    pub place: String,
}

/// A name in a question, and what it was taken for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonNamed {
    /// The name as typed.
    pub typed: String,
    /// The entities that it may mean; usually one.
    pub entities: Vec<JsonName>,
    /// Whether what was typed is none of their names but near to one.
    pub misspelt: bool,
    /// Whether what concerns it is left out.
    pub excluded: bool,
}

/// One record of a reply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum JsonRecord {
    /// A statement with its responses and sources.
    Statement(JsonStatement),
    /// A response with its sources.
    Response(JsonResponse),
    /// A source.
    Source(JsonSource),
    /// An entity.
    Entity(JsonEntity),
    /// A change.
    Change(JsonChange),
}

/// The id and the name of an entity.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonName {
    /// Its id, like E9.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// When and why a record was corrected or retracted.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonNotice {
    /// The day.
    pub on: Date,
    /// The reason.
    pub reason: String,
}

/// A speaker's own words.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonQuote {
    /// The words.
    pub text: String,
    /// Their language; absent: that of the cited source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// How a record stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonStanding {
    /// The corrections made to it, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<JsonNotice>,
    /// Set while it is retracted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retracted: Option<JsonNotice>,
    /// When it was last vetted, as precisely as it is known; absent where it isn't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vetted: Option<Date>,
    /// The moment (RFC 3339), where it was vetted by an approval in this database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vetted_at: Option<String>,
}

/// What one speaker is reported to have said.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonStatement {
    /// Its id, like S12.
    pub id: String,
    /// Its stable key.
    pub key: Key,
    /// Who said it.
    pub speaker: JsonName,
    /// The role that the speaker held at the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker_role: Option<String>,
    /// Our neutral wording.
    pub text: String,
    /// The same in short, as it stands among others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short: Option<String>,
    /// The speaker's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<JsonQuote>,
    /// When it was said; absent where that is not on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Date>,
    /// What it is about.
    pub about: Vec<JsonName>,
    /// The responses to it, oldest first.
    pub responses: Vec<JsonResponse>,
    /// Its sources, originals first.
    pub citations: Vec<JsonCitation>,
    /// How it stands.
    #[serde(flatten)]
    pub standing: JsonStanding,
    /// In an answer to `check` that a model took part in: how the message stands to it.
    #[serde(flatten)]
    pub checked: Option<JsonChecked>,
}

/// How a message that was checked stands to a statement.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct JsonChecked {
    /// Whether the message matches it or only comes near.
    pub verdict: JsonVerdict,
    /// How likely it is, from 0 to 1, that the message repeats it or speaks of it.
    pub likelihood: f64,
}

/// Whether a message matches a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JsonVerdict {
    /// It repeats it or speaks of it.
    Match,
    /// It is among the nearest on record, and is said to be no match.
    Near,
}

/// What a party answered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonResponse {
    /// Its id, like R7.
    pub id: String,
    /// Its stable key.
    pub key: Key,
    /// The statements that it answers.
    pub to: Vec<String>,
    /// Who answered.
    pub responder: JsonName,
    /// What kind of answer it was.
    pub kind: ResponseKind,
    /// Our neutral wording.
    pub text: String,
    /// What was answered in a few words that follow the responder's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gist: Option<String>,
    /// The responder's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<JsonQuote>,
    /// When it was said; absent where that is not on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Date>,
    /// Its sources, originals first.
    pub citations: Vec<JsonCitation>,
    /// How it stands.
    #[serde(flatten)]
    pub standing: JsonStanding,
}

/// A source as cited by an entry.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonCitation {
    /// Whether the source published it first, carries it again, or mentions it.
    pub role: CitationRole,
    /// Where in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// The source.
    pub source: JsonSource,
}

/// One publication.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonSource {
    /// Its id, like D3.
    pub id: String,
    /// Its stable key.
    pub key: Key,
    /// What kind of publication it is.
    pub kind: SourceKind,
    /// The headline; absent where it was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the source is, where its headline was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The address; absent where it is not on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<WebAddress>,
    /// The address of an archived copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_url: Option<WebAddress>,
    /// Since when the address counts as dead; then the archived copy is to be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_since: Option<Date>,
    /// Who published it.
    pub publisher: JsonName,
    /// The key of the source whose text it carries again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<Key>,
    /// The authors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// The language it is written in.
    pub language: Language,
    /// How it was read.
    pub seen: Seen,
    /// What editors noted on it; for them alone, and where one source is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How it stands.
    #[serde(flatten)]
    pub standing: JsonStanding,
}

/// An entity, with how much there is about it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonEntity {
    /// Its id, like E9.
    pub id: String,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// Its name.
    pub name: String,
    /// How many statements there are about it or its parts, by it, or answered by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<i64>,
    /// How many sources of its are on record, where those were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<i64>,
    /// The addresses of its entries in Wikidata and GeoNames, where it is shown by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<CatalogueEntry>,
}

/// An approved change.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JsonChange {
    /// Its id, like C41.
    pub id: String,
    /// What it was for.
    pub summary: String,
    /// Who proposed it.
    pub author: String,
    /// Who decided on it; absent while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// When it was decided (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    /// Why it was decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl<'a> JsonReply<'a> {
    /// The reply as JSON.
    #[must_use]
    pub fn of(reply: &'a Reply) -> Self {
        Self {
            outcome: match reply.outcome {
                Outcome::Answered => JsonOutcome::Answered,
                Outcome::NothingFound => JsonOutcome::NothingFound,
                Outcome::Misused => JsonOutcome::Misused,
                Outcome::Failed => JsonOutcome::Failed,
            },
            page: reply.page.as_ref().map(|page| JsonPage { number: page.number, of: page.of }),
            understood: reply.understood.as_deref(),
            records: &reply.records,
            text: reply.blocks.iter().flat_map(plain_lines).collect(),
        }
    }
}

/// The words of a block that isn't a record, without a prefix before requests.
fn plain_lines(block: &super::Block) -> Vec<String> {
    use super::Block;
    match block {
        Block::Heading(text) | Block::Paragraph(text) => vec![text.to_plain("")],
        Block::Note(note) => vec![note.text.to_plain("")],
        Block::List(items) => items.iter().map(|item| item.to_plain("")).collect(),
        Block::Facts(facts) => {
            facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value.to_plain(""))).collect()
        }
        Block::Entry(_) => Vec::new(),
    }
}

/// The JSON Schema of a reply.
#[must_use]
pub fn reply_schema() -> Schema {
    // As replies are written, not as they would be read: what may be left out is not required.
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<JsonReply<'_>>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RecordKind, fields::held};

    #[test]
    fn replies_have_every_field_but_those_that_are_kept_out() {
        fn check<T: JsonSchema>(kind: RecordKind) {
            let schema = serde_json::to_value(schemars::schema_for!(T)).unwrap();
            let has = |name: &str| schema["properties"].get(name).is_some();
            for (field, held) in held(kind) {
                // A quote is an object in replies, a source's name one of two fields.
                let name = if held.place.starts_with("quote.") { "quote" } else { held.pack };
                assert_eq!(has(name), held.in_replies, "the {} of a {kind}", field.name);
            }
        }
        check::<JsonStatement>(RecordKind::Statement);
        check::<JsonResponse>(RecordKind::Response);
        check::<JsonSource>(RecordKind::Source);
        check::<JsonEntity>(RecordKind::Entity);
    }
}
