//! What people are told when something fails inside, and how the operator finds it again.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;

use super::cannot_answer;
use crate::{commands::CommandError, reply::Reply, store::StoreError};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The reply to a request that failed. People see no insides: the log has them, under the same id.
pub(super) fn failed(command: &str, error: &CommandError, now: Timestamp) -> Reply {
    match error {
        CommandError::Store(StoreError::Busy) => cannot_answer("Too much is asked at once. Ask again in a moment."),
        CommandError::Store(StoreError::Deadline) => {
            cannot_answer("The question takes too long to answer. Narrow it: add a place, a name or a date.")
        }
        CommandError::Usage(_) | CommandError::Store(_) | CommandError::Search(_) => {
            let id = incident_id(now);
            tracing::error!(incident.id = id, command, error = %error, "a request failed");
            cannot_answer(format!(
                "Something failed inside; nothing was changed. Ask again later, and if it lasts tell the operator: incident {id}."
            ))
        }
    }
}

/// An id that is unique enough within a log and can be read out: the second, and a count.
fn incident_id(now: Timestamp) -> String {
    let count = COUNT.fetch_add(1, Ordering::Relaxed) % 1_000;
    format!("{:X}-{count:03}", now.as_second())
}
