//! Entities: places, organisations, people and topics.

use serde::{Deserialize, Serialize};

use super::{Key, Language, SameAs, SingleLine};

super::vocabulary! {
    /// The four kinds of entity.
    pub enum EntityKind {
        /// A city, a region, a country.
        Place = "place",
        /// A body that speaks, answers, publishes or is spoken of.
        Organisation = "organisation",
        /// A human being.
        Person = "person",
        /// A matter under discussion.
        Topic = "topic",
    }
}

/// What an entity is, with what only that kind has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Nature {
    /// A city, a region, a country.
    Place,
    /// A body that speaks, answers, publishes or is spoken of.
    Organisation,
    /// A human being.
    Person {
        /// The office held, as last known.
        role: Option<SingleLine>,
        /// The organisation the person acts for.
        affiliation: Option<Key>,
    },
    /// A matter under discussion.
    Topic,
}

impl Nature {
    /// The kind without what belongs to it.
    #[must_use]
    pub const fn kind(&self) -> EntityKind {
        match self {
            Self::Place => EntityKind::Place,
            Self::Organisation => EntityKind::Organisation,
            Self::Person { .. } => EntityKind::Person,
            Self::Topic => EntityKind::Topic,
        }
    }
}

/// Another name of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alias {
    /// The name.
    pub name: SingleLine,
    /// The language in which the entity is called so.
    pub language: Language,
}

/// Something that has a name: a place, an organisation, a person or a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// The stable key.
    pub key: Key,
    /// What it is.
    #[serde(flatten)]
    pub nature: Nature,
    /// The name in English.
    pub name: SingleLine,
    /// Its other names, in the order in which they are shown.
    pub aliases: Vec<Alias>,
    /// The place or organisation that it lies in or belongs to.
    pub part_of: Option<Key>,
    /// What it is, in a few words of ours.
    pub description: Option<SingleLine>,
    /// What it is in public catalogues.
    #[serde(default, skip_serializing_if = "SameAs::is_empty")]
    pub same_as: SameAs,
}

impl Entity {
    /// What kind of entity it is.
    #[must_use]
    pub const fn kind(&self) -> EntityKind {
        self.nature.kind()
    }
}
