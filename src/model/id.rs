//! Record ids: short, typeable in chat, and given by one database.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

super::vocabulary! {
    /// The four kinds of record.
    pub enum RecordKind {
        /// A place, organisation, person or topic.
        Entity = "entity",
        /// One publication.
        Source = "source",
        /// What a speaker is reported to have said.
        Statement = "statement",
        /// What a party answered on the record.
        Response = "response",
    }
}

impl RecordKind {
    /// The letter before the number in an id: `S12`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Entity => 'E',
            Self::Source => 'D',
            Self::Statement => 'S',
            Self::Response => 'R',
        }
    }

    /// The word for several.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Entity => "entities",
            Self::Source => "sources",
            Self::Statement => "statements",
            Self::Response => "responses",
        }
    }
}

/// The id of a record within one database: `S12`, `R7`, `D3`, `E9`. Never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId {
    /// What kind of record it is.
    pub kind: RecordKind,
    /// Its number among the records of its kind, from 1.
    pub number: i64,
}

/// The number of a record of one kind, and the id that it is.
macro_rules! record_numbers {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
            pub struct $name(pub i64);

            impl From<$name> for RecordId {
                fn from(number: $name) -> Self {
                    Self::new(RecordKind::$kind, number.0)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    RecordId::from(*self).fmt(formatter)
                }
            }
        )+
    };
}

record_numbers! {
    /// The id of an entity within one database: `E9`.
    EntityId = Entity;
    /// The id of a source within one database: `D3`.
    SourceId = Source;
    /// The id of a statement within one database: `S12`.
    StatementId = Statement;
    /// The id of a response within one database: `R7`.
    ResponseId = Response;
}

/// The id of a change within one database: `C41`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChangeId(pub i64);

/// The number of a suggestion within one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SuggestionId(pub i64);

impl fmt::Display for SuggestionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The number of an edit that is due, within one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DueEditId(pub i64);

impl fmt::Display for DueEditId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A place in the history: how many changes were approved by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(pub i64);

impl Sequence {
    /// Before the first approved change.
    pub const BEGINNING: Self = Self(0);

    /// The place of the change that was approved before this one.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0 - 1)
    }

    /// How many changes were approved after `earlier` up to here; none where that is later.
    #[must_use]
    pub const fn changes_since(self, earlier: Self) -> i64 {
        if self.0 > earlier.0 { self.0 - earlier.0 } else { 0 }
    }

    /// The place of the change that is approved next.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Anything that an id can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// A record.
    Record(RecordId),
    /// A change.
    Change(ChangeId),
}

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no id: ids look like S12 (statement), R7 (response), D3 (source), E9 (entity) or C41 (change)")]
pub struct IdError {
    /// The text as given, shortened.
    pub text: String,
}

impl RecordId {
    /// The id of a record of this kind and number.
    #[must_use]
    pub const fn new(kind: RecordKind, number: i64) -> Self {
        Self { kind, number }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.kind.letter(), self.number)
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "C{}", self.0)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(id) => id.fmt(formatter),
            Self::Change(id) => id.fmt(formatter),
        }
    }
}

impl FromStr for Reference {
    type Err = IdError;

    /// Reads an id in either case, with or without a `#` before it.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError { text: text.chars().take(40).collect() };
        let bare = text.strip_prefix('#').unwrap_or(text);
        let mut characters = bare.chars();
        let letter = characters.next().ok_or_else(error)?.to_ascii_uppercase();
        let digits = characters.as_str();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        let number = digits.parse::<i64>().map_err(|_| error())?;
        if letter == 'C' {
            return Ok(Self::Change(ChangeId(number)));
        }
        RecordKind::ALL
            .iter()
            .find(|kind| kind.letter() == letter)
            .map(|&kind| Self::Record(RecordId { kind, number }))
            .ok_or_else(error)
    }
}

super::serde_as_text!(Reference);

impl serde::Serialize for RecordId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl serde::Serialize for ChangeId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_letter_and_a_number() {
        for (text, shown) in [("S12", "S12"), ("r7", "R7"), ("#d3", "D3"), ("E9", "E9"), ("c41", "C41")] {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), shown);
        }
        for bad in ["", "S", "12", "X1", "S-1", "S1.5", "S99999999999999999999", "S１２", "##S1"] {
            assert!(bad.parse::<Reference>().is_err(), "{bad:?} was taken for an id");
        }
    }
}
