//! Statements: what one speaker is reported to have said.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Citations, Date, Key, Language, ShortWording, SingleLine};

/// The speaker's own words, as read in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words.
    pub text: SingleLine,
    /// Their language. Absent: that of the cited source.
    pub language: Option<Language>,
}

/// What one speaker is reported to have said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The stable key.
    pub key: Key,
    /// The person or organisation who said it.
    pub speaker: Key,
    /// The role that the speaker held at the time.
    pub speaker_role: Option<SingleLine>,
    /// Our neutral wording.
    pub text: SingleLine,
    /// The same in short, for where it stands among others. Absent: the wording stands there whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<ShortWording>,
    /// The speaker's own words.
    pub quote: Option<Quote>,
    /// When it was said.
    pub said: Option<Date>,
    /// The entities that it is about.
    pub about: BTreeSet<Key>,
    /// The sources that it rests on.
    pub citations: Citations,
}
