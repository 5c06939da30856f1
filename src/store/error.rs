//! What comes of a change that isn't done: it was refused to a person, or the store failed.

use super::{failure::Failure, refusal::Refusal};
use crate::model::ledger::BrokenRule;

/// Why the store didn't do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It was refused to whoever asked.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It can't be done now, through nobody's fault who asks.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<BrokenRule> for StoreError {
    fn from(rule: BrokenRule) -> Self {
        Self::Refused(Refusal::Rule(rule))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What may come of something that is written: the writer has to know which of it is a failure.
pub(super) trait WriteError: From<Failure> + From<rusqlite::Error> + Send + 'static {
    /// The failure, unless it was refused.
    fn failure(&self) -> Option<&Failure>;
}

impl WriteError for Failure {
    fn failure(&self) -> Option<&Failure> {
        Some(self)
    }
}

impl WriteError for StoreError {
    fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Refused(_) => None,
            Self::Failed(failure) => Some(failure),
        }
    }
}
