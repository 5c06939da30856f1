//! What entries are when they are answered with: records with ids and names, and when they were vetted.

use jiff::Timestamp;

use crate::model::{
    CitationRole, Date, Response, ResponseId, SingleLine, Source, SourceId, Standing, Statement, StatementId,
};
use crate::store::records::entity_ref::EntityRef;

/// When a record was last vetted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vetted {
    /// The day, as precisely as it is known; `None`: it isn't.
    pub on: Option<Date>,
    /// The moment, where it was the approval of a change in this database.
    pub at: Option<Timestamp>,
}

impl Vetted {
    /// The later of the two; what isn't known is earlier than anything.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        let of = |vetted: &Self| (vetted.on.map(Date::last_day), vetted.at);
        if of(&other) > of(&self) { other } else { self }
    }
}

/// A source with its id and its publisher's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceView {
    /// Its id.
    pub id: SourceId,
    /// The source.
    pub source: Source,
    /// Who published it.
    pub publisher: EntityRef,
    /// How it stands.
    pub standing: Standing,
    /// When it was last vetted.
    pub vetted: Vetted,
    /// Since when its address counts as dead.
    pub dead_since: Option<Date>,
}

/// A source as cited by an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitationView {
    /// The source.
    pub source: SourceView,
    /// How it carries the entry.
    pub role: CitationRole,
    /// Where in the source.
    pub locator: Option<SingleLine>,
}

/// A response with its id and the names of those in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseView {
    /// Its id.
    pub id: ResponseId,
    /// The response.
    pub response: Response,
    /// Who answered.
    pub responder: EntityRef,
    /// The statements that it answers.
    pub answers: Vec<StatementId>,
    /// Its sources: originals first, then in the order given.
    pub citations: Vec<CitationView>,
    /// How it stands.
    pub standing: Standing,
    /// When it was last vetted.
    pub vetted: Vetted,
}

/// A statement with its id, the names of those in it, its sources and its responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// Its id.
    pub id: StatementId,
    /// The statement.
    pub statement: Statement,
    /// Who said it.
    pub speaker: EntityRef,
    /// What it is about, in order of name.
    pub about: Vec<EntityRef>,
    /// Its sources: originals first, then in the order given.
    pub citations: Vec<CitationView>,
    /// The responses to it, oldest first, undated ones last.
    pub responses: Vec<ResponseView>,
    /// How it stands.
    pub standing: Standing,
    /// When it or one of its responses was last vetted.
    pub vetted: Vetted,
}
