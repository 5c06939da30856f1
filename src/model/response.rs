//! Responses: what a party answered on the record.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Citations, Date, Gist, Key, Quote, SingleLine};

super::vocabulary! {
    /// What kind of answer it was.
    pub enum ResponseKind {
        /// Says that it is not so.
        Denial = "denial",
        /// Turns the matter or the demand away.
        Rejection = "rejection",
        /// Says that it is so.
        Confirmation = "confirmation",
        /// Explains or adds to it.
        Clarification = "clarification",
        /// Answered that there is no comment.
        NoComment = "no_comment",
        /// Was asked and would not comment.
        RefusedToComment = "refused_to_comment",
        /// Was asked and did not answer.
        DidNotRespond = "did_not_respond",
        /// Looks into it.
        Investigation = "investigation",
        /// Did something about it.
        Action = "action",
        /// Corrected what it had said or published.
        Correction = "correction",
    }
}

impl ResponseKind {
    /// Whether the kind alone says what was answered. That someone explained or did something says nothing without what.
    #[must_use]
    pub const fn speaks_for_itself(self) -> bool {
        self.is_silence() || matches!(self, Self::Denial | Self::Rejection | Self::Confirmation)
    }

    /// The kind in the words that people are shown.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Denial => "denial",
            Self::Rejection => "rejection",
            Self::Confirmation => "confirmation",
            Self::Clarification => "clarification",
            Self::NoComment => "no comment",
            Self::RefusedToComment => "refused to comment",
            Self::DidNotRespond => "did not respond",
            Self::Investigation => "investigation",
            Self::Action => "action",
            Self::Correction => "correction",
        }
    }

    /// Whether whoever was asked said nothing.
    #[must_use]
    pub const fn is_silence(self) -> bool {
        matches!(self, Self::NoComment | Self::RefusedToComment | Self::DidNotRespond)
    }
}

/// The statements that a response answers: at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeSet<Key>", into = "BTreeSet<Key>")]
pub struct AnsweredStatements(BTreeSet<Key>);

impl TryFrom<BTreeSet<Key>> for AnsweredStatements {
    type Error = AnswersNothing;

    fn try_from(statements: BTreeSet<Key>) -> Result<Self, AnswersNothing> {
        if statements.is_empty() { Err(AnswersNothing) } else { Ok(Self(statements)) }
    }
}

/// A response was given no statement that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the response answers no statement; name at least one")]
pub struct AnswersNothing;

impl From<AnsweredStatements> for BTreeSet<Key> {
    fn from(statements: AnsweredStatements) -> Self {
        statements.0
    }
}

impl AnsweredStatements {
    /// The statements' keys, in order.
    pub fn iter(&self) -> std::collections::btree_set::Iter<'_, Key> {
        self.0.iter()
    }
}

/// What a party answered on the record to one or more statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The stable key.
    pub key: Key,
    /// The statements that it answers.
    pub to: AnsweredStatements,
    /// The person or organisation who answered.
    pub responder: Key,
    /// What kind of answer it was.
    pub kind: ResponseKind,
    /// Our neutral wording.
    pub text: SingleLine,
    /// What was answered in a few words, for where it stands in a line beside the responder's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gist: Option<Gist>,
    /// The responder's own words.
    pub quote: Option<Quote>,
    /// When it was said.
    pub said: Option<Date>,
    /// The sources that it rests on.
    pub citations: Citations,
}
