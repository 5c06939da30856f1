//! Records of any kind, and how a record stands: in force, corrected, retracted or merged away.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    AnsweredStatements, Citation, Citations, Date, Entity, Key, Nature, RecordKind, Response, SingleLine, Source,
    Statement,
};

/// Names one record by kind and key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordKey {
    /// The record's kind.
    pub kind: RecordKind,
    /// Its key among the records of that kind.
    pub key: Key,
}

impl RecordKey {
    /// The name of the record of this kind and key.
    #[must_use]
    pub const fn new(kind: RecordKind, key: Key) -> Self {
        Self { kind, key }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.kind.word(), self.key)
    }
}

/// A record's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A place, organisation, person or topic.
    Entity(Entity),
    /// A publication.
    Source(Source),
    /// What a speaker is reported to have said.
    Statement(Statement),
    /// What a party answered.
    Response(Response),
}

/// What part one record plays in another that refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceRole {
    /// The whole that an entity is a part of.
    Whole,
    /// The organisation that a person acts for.
    Affiliation,
    /// The publisher of a source.
    Publisher,
    /// The speaker of a statement.
    Speaker,
    /// The responder of a response.
    Responder,
    /// What a statement is about.
    Subject,
    /// A statement that a response answers.
    Answered,
    /// A source that an entry cites.
    Cited,
    /// The source that a source copies.
    Copied,
    /// The entity that an entity was merged into.
    Successor,
}

impl fmt::Display for ReferenceRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Whole => "the whole it is part of",
            Self::Affiliation => "affiliation",
            Self::Publisher => "publisher",
            Self::Speaker => "speaker",
            Self::Responder => "responder",
            Self::Subject => "subject",
            Self::Answered => "statement answered",
            Self::Cited => "source",
            Self::Copied => "the source it copies",
            Self::Successor => "the entity it was merged into",
        })
    }
}

impl Record {
    /// The record's kind.
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Entity(_) => RecordKind::Entity,
            Self::Source(_) => RecordKind::Source,
            Self::Statement(_) => RecordKind::Statement,
            Self::Response(_) => RecordKind::Response,
        }
    }

    /// The record's key.
    #[must_use]
    pub const fn key(&self) -> &Key {
        match self {
            Self::Entity(entity) => &entity.key,
            Self::Source(source) => &source.key,
            Self::Statement(statement) => &statement.key,
            Self::Response(response) => &response.key,
        }
    }

    /// The record's name.
    #[must_use]
    pub fn record_key(&self) -> RecordKey {
        RecordKey::new(self.kind(), self.key().clone())
    }

    /// Every other record that this one refers to, with the part it plays.
    #[must_use]
    pub fn references(&self) -> Vec<(ReferenceRole, RecordKey)> {
        let entity = |role, key: &Key| (role, RecordKey::new(RecordKind::Entity, key.clone()));
        let cited = |citations: &Citations| {
            citations
                .iter()
                .map(|citation| (ReferenceRole::Cited, RecordKey::new(RecordKind::Source, citation.source.clone())))
                .collect::<Vec<_>>()
        };
        match self {
            Self::Entity(record) => {
                let affiliation = match &record.nature {
                    Nature::Person { affiliation, .. } => affiliation.as_ref(),
                    Nature::Place | Nature::Organisation | Nature::Topic => None,
                };
                let whole = record.part_of.iter().map(|key| entity(ReferenceRole::Whole, key));
                whole.chain(affiliation.map(|key| entity(ReferenceRole::Affiliation, key))).collect()
            }
            Self::Source(record) => std::iter::once(entity(ReferenceRole::Publisher, &record.publisher))
                .chain(
                    record
                        .copy_of
                        .iter()
                        .map(|key| (ReferenceRole::Copied, RecordKey::new(RecordKind::Source, key.clone()))),
                )
                .collect(),
            Self::Statement(record) => std::iter::once(entity(ReferenceRole::Speaker, &record.speaker))
                .chain(record.about.iter().map(|key| entity(ReferenceRole::Subject, key)))
                .chain(cited(&record.citations))
                .collect(),
            Self::Response(record) => std::iter::once(entity(ReferenceRole::Responder, &record.responder))
                .chain(
                    record
                        .to
                        .iter()
                        .map(|key| (ReferenceRole::Answered, RecordKey::new(RecordKind::Statement, key.clone()))),
                )
                .chain(cited(&record.citations))
                .collect(),
        }
    }

    /// The same record with each mention of the entity `from` turned into one of `into`.
    #[must_use]
    pub fn with_entity_replaced(mut self, from: &Key, into: &Key) -> Self {
        let replace = |key: &mut Key| {
            if key == from {
                *key = into.clone();
            }
        };
        match &mut self {
            Self::Entity(record) => {
                record.part_of.as_mut().map(replace);
                if let Nature::Person { affiliation, .. } = &mut record.nature {
                    affiliation.as_mut().map(replace);
                }
            }
            Self::Source(record) => replace(&mut record.publisher),
            Self::Statement(record) => {
                replace(&mut record.speaker);
                if record.about.remove(from) {
                    record.about.insert(into.clone());
                }
            }
            Self::Response(record) => replace(&mut record.responder),
        }
        self
    }

    /// The citations of a statement or a response.
    #[must_use]
    pub fn citations(&self) -> &[Citation] {
        match self {
            Self::Entity(_) | Self::Source(_) => &[],
            Self::Statement(record) => record.citations.as_slice(),
            Self::Response(record) => record.citations.as_slice(),
        }
    }

    /// The statements that a response answers.
    #[must_use]
    pub const fn answered(&self) -> Option<&AnsweredStatements> {
        match self {
            Self::Response(record) => Some(&record.to),
            Self::Entity(_) | Self::Source(_) | Self::Statement(_) => None,
        }
    }
}

/// What readers of an entry must be told about it: when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordNotice {
    /// The day on which it was decided.
    pub on: Date,
    /// The reason, in words for readers.
    pub reason: SingleLine,
}

/// How a record stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// The corrections made to it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<RecordNotice>,
    /// Set while it is retracted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<RecordNotice>,
    /// The entity that this entity was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<Key>,
    /// When it was reviewed, as the pack says that brought this version; `None` where the approval of the change that
    /// brought it was the review, or where the pack doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vetted: Option<Date>,
}

impl Standing {
    /// Whether the record is in force: neither retracted nor merged away.
    #[must_use]
    pub const fn is_in_force(&self) -> bool {
        self.retracted.is_none() && self.merged_into.is_none()
    }

    /// Whether nothing at all is to be said about the record's standing.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.is_in_force() && self.corrections.is_empty() && self.vetted.is_none()
    }

    /// Whether the same is to be said of the records, whenever they were reviewed.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { corrections, retracted, merged_into, vetted: _ } = self;
        (corrections, retracted, merged_into) == (&other.corrections, &other.retracted, &other.merged_into)
    }
}

/// A record as it is held: content, standing, and how often it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRecord {
    /// The content.
    pub record: Record,
    /// How it stands.
    pub standing: Standing,
    /// 1 when created, one more with each approved operation on it.
    pub revision: u32,
}

impl HeldRecord {
    /// Every other record that this one refers to, by its content or by how it stands.
    #[must_use]
    pub fn references(&self) -> Vec<(ReferenceRole, RecordKey)> {
        let mut references = self.record.references();
        let successor = self.standing.merged_into.iter();
        references
            .extend(successor.map(|key| (ReferenceRole::Successor, RecordKey::new(RecordKind::Entity, key.clone()))));
        references
    }
}
