//! The words of the project as types: entities, sources, statements, responses, citations, dates
//! and the changes that bring them into being.
//!
//! This module knows nothing of SQLite, files or chat. What it can't hold is not allowed: a value
//! that exists has been checked.

mod account;
mod address;
mod brief;
mod change;
mod citation;
mod date;
mod digest;
mod entity;
pub mod fields;
mod id;
mod identity;
mod key;
mod language;
pub mod ledger;
mod limits;
mod link;
mod look_alikes;
mod page;
mod platform;
mod rebase;
mod record;
mod response;
mod role;
mod same_as;
mod schema;
mod sight;
mod single_line;
mod source;
mod statement;

pub use address::{AddressError, WebAddress};
pub use brief::{BriefLine, BriefLineError, Gist, ShortWording};
pub use change::{Announcement, Approved, Change, ChangeState, Operation, Proposal, Review};
pub use citation::{Citation, CitationRole, Citations, CitationsError};
pub use date::{Date, DateError};
pub use digest::Digest;
pub use entity::{Alias, Entity, EntityKind, Nature};
pub use id::{
    ChangeId, DueEditId, EntityId, IdError, RecordId, RecordKind, Reference, ResponseId, Sequence, SourceId,
    StatementId, SuggestionId,
};
pub use identity::{Identity, IdentityError};
pub use key::{Key, KeyError};
pub use language::{Language, LanguageError};
pub use limits::Limits;
pub use link::{FAILURES_OF_THE_DEAD, LinkAnswer, LinkBearing, LinkOutcome, LinkState};
pub(crate) use look_alikes::{as_latin, look_alike};
pub use page::{bare_host, host_of_page, page_host, same_page};
pub use platform::Platform;
pub use rebase::{FieldConflict, rebase};
pub use record::{HeldRecord, Record, RecordKey, RecordNotice, ReferenceRole, Standing};
pub use response::{AnsweredStatements, AnswersNothing, Response, ResponseKind};
pub use role::{Authority, Role};
pub use same_as::{Catalogue, CatalogueEntry, CatalogueError, SameAs, TooManyEntries};
pub use sight::{ChangeVersion, Sight};
pub use single_line::{LineError, SingleLine, is_invisible};
pub(crate) use single_line::{lower_first, without_invisible};
pub use source::{Seen, Source, SourceKind, SourceName};
pub use statement::{Quote, Statement};

/// A closed set of words that stand in packs, in the database and in JSON: gives the enum its
/// `ALL`, `word()`, `from_word()` and serde in one place, so that no spelling stands twice.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
                 serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        $vis enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// The words of all values, in the order of [`Self::ALL`].
            $vis const WORDS: &'static [&'static str] = &[$($word),+];

            /// Every value, in the order in which people are shown them.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for this value in packs, in the database and in JSON.
            #[must_use]
            $vis const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value that `word` stands for; `None` for any other word.
            #[must_use]
            $vis fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::from_word(word).ok_or_else(|| $crate::model::UnknownWord::of(word, Self::WORDS))
            }
        }
    };
}
use vocabulary;

/// The most characters that the sign before commands in a chat may have. The limit is ours.
pub const MAX_PREFIX: usize = 5;

/// A word that stands for nothing in its closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is none of: {known}")]
pub struct UnknownWord {
    /// The word as given, shortened.
    pub word: String,
    /// The words that there are.
    pub known: String,
}

impl UnknownWord {
    pub(crate) fn of(word: &str, known: &[&str]) -> Self {
        Self { word: word.chars().take(40).collect(), known: known.join(", ") }
    }
}

/// Serde through `Display` and `TryFrom<String>`, for types whose only form is their text.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use serde_as_text;
