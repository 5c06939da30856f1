//! What comes of a message for each statement that it may repeat.

use tantivy::DocAddress;

use super::{
    fitted::WEIGHTS,
    likeness::{Likeness, MeaningLikeness},
};
use crate::model::{ResponseId, StatementId};

/// From which likelihood on a statement is given as an answer. docs/retrieval.md has the curve that it
/// was chosen on.
pub const THRESHOLD: f64 = 0.5;

/// How a message stands to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchVerdict {
    /// It repeats the entry or speaks of it.
    Match,
    /// The entry is among the nearest, and may say something else.
    Near,
    /// It has nothing to do with the entry, as far as can be told.
    Unlike,
}

/// A statement that a message may repeat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checked {
    /// The statement's number.
    pub statement: StatementId,
    /// What of the message was found in it.
    pub likeness: Likeness,
    /// How likely it is, from 0 to 1, that the message repeats or speaks of it.
    pub likelihood: f64,
    /// How near it comes by meaning; `None` without a model.
    pub meaning: Option<MeaningLikeness>,
    /// The response to it that comes nearest, where none of its own words does.
    pub response: Option<ResponseId>,
    /// How the message stands to it.
    pub verdict: MatchVerdict,
    pub(super) address: DocAddress,
}

impl Checked {
    /// Notes that the message can't repeat it: with a likelihood of 0.
    pub(super) const fn rule_out(&mut self) {
        self.likelihood = 0.0;
        self.verdict = MatchVerdict::Unlike;
    }

    /// Which share of the message was found in the statement, from 0 to about 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        WEIGHTS.share(&self.likeness)
    }
}
