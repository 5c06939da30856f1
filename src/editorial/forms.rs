//! The forms: which fields each kind of record has, how they are asked for, and what they take.

use crate::model::{CitationRole, EntityKind, RecordKind, ResponseKind, Seen, SourceKind};

/// One form.
#[derive(Debug)]
pub struct Form {
    /// Its name, as in `add statement`.
    pub name: &'static str,
    /// What kind of record it makes.
    pub kind: RecordKind,
    /// Its title, at most 45 characters (Discord, "Modal").
    pub title: &'static str,
    /// Its fields, in the order in which they are asked for: those that most entries have first. A
    /// front end that shows few at a time (Discord: five) takes them in this order.
    pub fields: &'static [Field],
}

/// One field of a form.
#[derive(Debug)]
pub struct Field {
    /// Its name, as in `speaker: NAME`.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it is, at most 45 characters (Discord, "Text Input").
    pub label: &'static str,
    /// What is to be given, as a question or an example, at most 100 characters (Discord, "Text Input").
    pub help: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether a new record can't do without it.
    pub required: bool,
    /// The most characters that it takes.
    pub longest: usize,
    /// Whether it takes several values, one on a line.
    pub several: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Words,
    /// A date, as precisely as it is known.
    Date,
    /// A language, by its code or English name.
    Language,
    /// The name or id of an entity of one of these kinds.
    Entity(&'static [EntityKind]),
    /// The id of a statement.
    Statement,
    /// A source by its address or id; then, if need be, how it carries the entry, and where in it.
    Citation,
    /// A web address.
    Address,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A name with its language in brackets: `悉尼 (zh)`.
    Alias,
    /// `yes`, to confirm what looks like a mistake.
    Confirmation,
    /// The number of a suggestion.
    Number,
}

const SPEAKERS: &[EntityKind] = &[EntityKind::Person, EntityKind::Organisation];
const ORGANISATIONS: &[EntityKind] = &[EntityKind::Organisation];
const ANY: &[EntityKind] = EntityKind::ALL;

const fn field(name: &'static str, label: &'static str, help: &'static str, kind: FieldKind) -> Field {
    Field { name, aliases: &[], label, help, kind, required: false, longest: 1_000, several: false }
}

impl Field {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn several(mut self) -> Self {
        self.several = true;
        self
    }

    const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn at_most(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }

    /// Whether the field goes by this name, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        std::iter::once(&self.name).chain(self.aliases).any(|known| known.eq_ignore_ascii_case(name))
    }
}

const TEXT: Field =
    field("text", "Wording", "What was said, in neutral words of ours: “It was said that …”", FieldKind::Words)
        .required()
        .also(&["wording"])
        .at_most(2_000);
const SOURCE: Field = field(
    "source",
    "Sources, one a line",
    "An address or an id like D3; then original, republication or cites; then where in it",
    FieldKind::Citation,
)
.required()
.several()
.also(&["sources", "url", "cite"])
.at_most(4_000);
const SAID: Field =
    field("said", "Date it was said", "As precisely as it is known: 2022, 2022-10 or 2022-10-26", FieldKind::Date)
        .also(&["date", "on"]);
const QUOTE: Field =
    field("quote", "In their own words", "The words as the source has them, without quotation marks", FieldKind::Words)
        .at_most(2_000);
const QUOTE_LANGUAGE: Field =
    field("quote-language", "Language of the quote", "Its code or English name, like nl or Dutch", FieldKind::Language)
        .also(&["quote-lang"]);
const CORRECTION: Field = field(
    "correction",
    "What readers must be told",
    "Of an edit: what was wrong, for readers of the earlier version; nothing if the sense is the same",
    FieldKind::Words,
);
const NOTE: Field =
    field("note", "Note to the reviewer", "Why, and what to look at; readers don't see it", FieldKind::Words)
        .also(&["why", "reason"]);
const SUGGESTION: Field =
    field("suggestion", "Suggestion taken up", "The number of the suggestion, from the queue", FieldKind::Number);
const CONFIRM: Field =
    field("confirm", "Confirmation", "yes, where something looks like a mistake and isn't", FieldKind::Confirmation);

static STATEMENT: &[Field] = &[
    field("speaker", "Speaker", "Who said it: a person or an organisation, by name or id", FieldKind::Entity(SPEAKERS))
        .required()
        .also(&["by"]),
    TEXT,
    SOURCE,
    SAID,
    field(
        "about",
        "About, one a line",
        "What it is about: places, organisations, people, topics",
        FieldKind::Entity(ANY),
    )
    .several(),
    field("speaker-role", "Role of the speaker then", "The office held when it was said", FieldKind::Words)
        .also(&["role"]),
    QUOTE,
    QUOTE_LANGUAGE,
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];

static RESPONSE: &[Field] = &[
    field("to", "Answers, one a line", "The statements that it answers, by id: S12", FieldKind::Statement)
        .required()
        .several(),
    field(
        "responder",
        "Responder",
        "Who answered: a person or an organisation, by name or id",
        FieldKind::Entity(SPEAKERS),
    )
    .required()
    .also(&["by"]),
    field(
        "kind",
        "Kind of answer",
        "denial, rejection, confirmation, no_comment, …",
        FieldKind::Choice(ResponseKind::WORDS),
    )
    .required(),
    TEXT,
    SOURCE,
    SAID,
    QUOTE,
    QUOTE_LANGUAGE,
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];

static SOURCES: &[Field] = &[
    field("url", "Address", "The address of the report, as its publisher writes it", FieldKind::Address)
        .also(&["address", "link"])
        .at_most(2_000),
    field("title", "Headline", "The headline as published; never made up", FieldKind::Words).also(&["headline"]),
    field(
        "publisher",
        "Publisher",
        "The organisation that published it, by name or id",
        FieldKind::Entity(ORGANISATIONS),
    )
    .required(),
    field("published", "Date of publication", "As precisely as it is known: 2022-10-26", FieldKind::Date)
        .also(&["date"]),
    field("language", "Language", "The language it is written in, like en or Dutch", FieldKind::Language)
        .required()
        .also(&["lang"]),
    field("kind", "Kind of publication", "news_article if nothing is given", FieldKind::Choice(SourceKind::WORDS)),
    field("description", "Description", "What it is, where its headline was not seen", FieldKind::Words),
    field("authors", "Authors, one a line", "As the publisher names them", FieldKind::Words)
        .several()
        .also(&["author"]),
    field("archive", "Archived copy", "The address of an archived copy", FieldKind::Address)
        .also(&["archive-url"])
        .at_most(2_000),
    field("accessed", "Last read", "When it was last read", FieldKind::Date),
    field("seen", "How it was read", "full if nothing is given, excerpt, or cited", FieldKind::Choice(Seen::WORDS)),
    field(
        "remark",
        "Remark for editors",
        "What other editors must know about it; readers don't see it",
        FieldKind::Words,
    ),
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];

static ENTITY: &[Field] = &[
    field("name", "Name", "The name in English", FieldKind::Words).required().at_most(200),
    field("kind", "Kind", "place, organisation, person or topic", FieldKind::Choice(EntityKind::WORDS)).required(),
    field("part-of", "Part of", "The place or organisation that it lies in or belongs to", FieldKind::Entity(ANY))
        .also(&["in"]),
    field("aliases", "Other names, one a line", "Each with its language: 悉尼 (zh)", FieldKind::Alias)
        .several()
        .also(&["alias"]),
    field("description", "Description", "What it is, in a few words of ours", FieldKind::Words),
    field("role", "Office of a person", "The office held, as last known", FieldKind::Words),
    field(
        "affiliation",
        "Organisation of a person",
        "The organisation that the person acts for",
        FieldKind::Entity(ORGANISATIONS),
    ),
    NOTE,
    CORRECTION,
    SUGGESTION,
    CONFIRM,
];

/// All forms.
pub static FORMS: &[Form] = &[
    Form { name: "statement", kind: RecordKind::Statement, title: "A statement", fields: STATEMENT },
    Form { name: "response", kind: RecordKind::Response, title: "A response", fields: RESPONSE },
    Form { name: "source", kind: RecordKind::Source, title: "A source", fields: SOURCES },
    Form { name: "entity", kind: RecordKind::Entity, title: "A place, organisation, person or topic", fields: ENTITY },
];

/// How sources carry an entry, as words.
pub(super) const ROLES: &[&str] = CitationRole::WORDS;

/// The form for records of this kind.
#[must_use]
pub fn form(kind: RecordKind) -> &'static Form {
    match kind {
        RecordKind::Statement => &FORMS[0],
        RecordKind::Response => &FORMS[1],
        RecordKind::Source => &FORMS[2],
        RecordKind::Entity => &FORMS[3],
    }
}

impl Form {
    /// The form of this name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.name.eq_ignore_ascii_case(name))
    }

    /// The field of this name or alias, in any case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is_called(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_fits_the_chats_limits_and_its_names_are_unique() {
        for form in FORMS {
            assert_eq!(super::form(form.kind).name, form.name);
            assert!(form.title.chars().count() <= 45);
            let mut names = std::collections::HashSet::new();
            for field in form.fields {
                assert!(field.label.chars().count() <= 45, "{}", field.label);
                assert!(field.help.chars().count() <= 100, "{}", field.help);
                assert!(field.longest <= 4_000);
                for name in std::iter::once(&field.name).chain(field.aliases) {
                    assert!(names.insert(*name), "{} has {name} twice", form.name);
                }
            }
        }
    }
}
