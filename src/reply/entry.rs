//! Entries of a document: a statement with its responses and sources, or one of these alone.

use super::Text;
use crate::model::{Date, WebAddress};

/// What an entry shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// What someone is reported to have said.
    Statement,
    /// What a party answered.
    Response,
    /// A publication.
    Source,
    /// A change of the records.
    Change,
}

/// How much of an entry is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryExtent {
    /// A few lines: who, when, what, one link, and each response in a line.
    InShort,
    /// All of it.
    Whole,
}

/// A statement, a response, a source or a change, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// How much of it is laid out.
    pub extent: EntryExtent,
    /// The record's id, like `S12`; `show S12` opens it.
    pub id: String,
    /// Who: the speaker or responder, the role held, the kind of response.
    pub byline: Text,
    /// When; `None` where the date is not on record.
    pub date: Option<Date>,
    /// What readers must be told first: that it is retracted or was corrected.
    pub notices: Vec<Notice>,
    /// Our wording; empty where there is none.
    pub text: String,
    /// The speaker's own words.
    pub quote: Option<Quoted>,
    /// Whether it goes on where the entry above it ended: the same speaker said it in the same report. Then neither is
    /// said again.
    pub follows: bool,
    /// What must be said of the original where the source of an entry in short is another.
    pub original: Option<Text>,
    /// Who answered with what stands under an entry above already.
    pub answered_above: Vec<String>,
    /// Further lines: what it is about, when it was vetted.
    pub details: Vec<Text>,
    /// The responses to a statement.
    pub responses: Vec<Entry>,
    /// Responses that are left out here for want of room; `show` has them.
    pub more_responses: usize,
    /// The sources: the originals first.
    pub sources: Vec<SourceLine>,
    /// Sources that are left out here for want of room; `show` has them.
    pub more_sources: usize,
}

impl Entry {
    /// An entry with nothing but its id and byline, whole.
    #[must_use]
    pub fn new(kind: EntryKind, id: impl ToString, byline: Text) -> Self {
        Self {
            kind,
            extent: EntryExtent::Whole,
            id: id.to_string(),
            byline,
            date: None,
            notices: Vec::new(),
            text: String::new(),
            quote: None,
            follows: false,
            original: None,
            answered_above: Vec::new(),
            details: Vec::new(),
            responses: Vec::new(),
            more_responses: 0,
            sources: Vec::new(),
            more_sources: 0,
        }
    }
}

/// The speaker's own words, with the name of their language where it is known and not English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The words.
    pub text: String,
    /// The language's English name.
    pub language: Option<String>,
}

/// What readers must be told about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It is retracted.
    Retracted {
        /// Since when.
        on: Date,
        /// Why.
        reason: String,
    },
    /// It was corrected.
    Corrected {
        /// When.
        on: Date,
        /// In what.
        reason: String,
    },
}

impl Notice {
    /// The notice in words: "Retracted 2026-11-01: the report was withdrawn."
    #[must_use]
    pub fn to_plain(&self) -> String {
        match self {
            Self::Retracted { on, reason } => format!("Retracted {}: {reason}", on.in_words()),
            Self::Corrected { on, reason } => format!("Corrected {}: {reason}", on.in_words()),
        }
    }
}

/// How a source carries an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceOrigin {
    /// Published it first: "original reporting".
    Original,
    /// Carries what another published: "also carried by".
    Carried,
    /// Speaks of it: "mentioned in".
    Mentioned,
}

impl SourceOrigin {
    /// The label before sources of this kind.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Original => "Original reporting",
            Self::Carried => "Also carried by",
            Self::Mentioned => "Mentioned in",
        }
    }
}

/// A source as an entry names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// How it carries the entry.
    pub origin: SourceOrigin,
    /// The source's id, like `D3`.
    pub id: String,
    /// The publisher's name.
    pub publisher: String,
    /// When it was published.
    pub date: Option<Date>,
    /// The headline; `None` where it was not seen: then publisher and date stand for it.
    pub title: Option<String>,
    /// The name of the language, where it isn't English.
    pub language: Option<String>,
    /// Where it is to be read; `None` where no address is on record, which must be said.
    pub address: Option<WebAddress>,
    /// The address of an archived copy. Where it is `address`, too, the page itself is gone.
    pub archive: Option<WebAddress>,
    /// Where in the source: a page, a paragraph.
    pub locator: Option<String>,
    /// That the source's record is retracted, or was corrected.
    pub notices: Vec<Notice>,
}

/// What is said in place of the original where none is on record.
pub const NO_ORIGINAL: &str = "original not on record";

/// What is said in place of responses where none is on record.
pub const NO_RESPONSE: &str = "No response on record";

/// What is said in place of a link where a source's address is not on record.
pub const NO_ADDRESS: &str = "address not on record";

/// What is said in place of a date that is not on record.
pub const NO_DATE: &str = "date not on record";
