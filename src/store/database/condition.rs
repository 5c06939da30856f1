//! What the disk lets the store do: everything, only read, or nothing, since the file is damaged.
//!
//! Files that aren't where they were opened any more are like a disk that fails: what is on record can be read, what is
//! written would be lost, and it passes if they are put back.
//!
//! A failure of the disk passes: reading goes on, writing is refused until it works again, which the
//! writer finds out by itself. Damage does not pass: whatever is read from a damaged file may be wrong,
//! so nothing is, until another process begins with a sound one.

use std::sync::{Mutex, PoisonError};

use crate::store::failure::Failure;

/// What the disk lets the store do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Condition {
    /// Reading and writing.
    #[default]
    Sound,
    /// Reading alone, for this reason. What is written is refused, and tried again.
    Unwritable(String),
    /// Reading alone, as this file isn't where it was opened any more. What is written is refused, and tried again.
    Displaced(String),
    /// Nothing: the file is damaged, as this says.
    Damaged(String),
}

/// The condition of one store, kept by all who work on it.
#[derive(Debug, Default)]
pub(in crate::store) struct Conditions(Mutex<Condition>);

impl Conditions {
    pub(in crate::store) fn now(&self) -> Condition {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(in crate::store) fn is_unwritable(&self) -> bool {
        let condition = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*condition, Condition::Unwritable(_) | Condition::Displaced(_))
    }

    /// Refuses everything once the file was found damaged.
    pub(in crate::store) fn check(&self) -> Result<(), Failure> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Condition::Damaged(reason) => Err(Failure::Damaged(reason.clone())),
            Condition::Sound | Condition::Unwritable(_) | Condition::Displaced(_) => Ok(()),
        }
    }

    /// Takes note of a failure. Each change of the condition is logged once.
    pub(in crate::store) fn note(&self, failure: &Failure) {
        let found = match failure {
            Failure::Full | Failure::Disk(_) | Failure::ReadOnly => Condition::Unwritable(failure.to_string()),
            Failure::Displaced(_) => Condition::Displaced(failure.to_string()),
            Failure::Damaged(reason) => Condition::Damaged(reason.clone()),
            _ => return,
        };
        let mut condition = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*condition, &found) {
            (Condition::Damaged(_), _)
            | (Condition::Displaced(_), Condition::Displaced(_) | Condition::Unwritable(_))
            | (Condition::Unwritable(_), Condition::Unwritable(_)) => return,
            (_, Condition::Damaged(reason)) => tracing::error!(
                reason,
                "the database is damaged and nothing is answered from it any more; stop the program and put the newest \
                 backup back: onrecord restore FILE"
            ),
            (_, Condition::Unwritable(reason)) => tracing::error!(
                reason,
                "the database can't be written; questions are answered, changes are refused until it can"
            ),
            (_, Condition::Displaced(reason)) => tracing::error!(
                reason,
                "questions are answered from the database as it was opened, changes are refused until it is back"
            ),
            (_, Condition::Sound) => {}
        }
        *condition = found;
    }

    /// Takes note that something was written.
    pub(in crate::store) fn wrote(&self) {
        let mut condition = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*condition, Condition::Unwritable(_) | Condition::Displaced(_)) {
            tracing::warn!("the database can be written again");
            *condition = Condition::Sound;
        }
    }
}
