//! What people are told when something fails inside, and how the operator finds it again.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;

use super::cannot_answer;
use crate::{
    reply::{Reply, Text},
    search::SearchError,
    store::Failure,
};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The reply to a request that the store could not serve. People see no insides: the log has them, under the same id.
pub(super) fn failed(command: &str, failure: &Failure, now: Timestamp) -> Reply {
    match failure {
        Failure::Busy => cannot_answer("Too much is asked at once. Ask again in a moment."),
        Failure::Deadline => too_long(),
        Failure::Full => unwritable("The disk of the bot's database is full"),
        Failure::ReadOnly => unwritable("The bot's database can only be read at present"),
        Failure::Disk(reason) => {
            tracing::error!(command, reason, "the disk failed");
            unwritable("The disk of the bot's database fails")
        }
        Failure::Displaced(_) => displaced(),
        Failure::Damaged(_) => damaged(),
        Failure::Empty | Failure::Unreadable(_) | Failure::Sqlite(_) => incident(command, failure, now),
    }
}

/// The reply to a request that the index could not serve.
pub(super) fn search_failed(command: &str, error: &SearchError, now: Timestamp) -> Reply {
    match error {
        SearchError::Deadline => too_long(),
        error => incident(command, error, now),
    }
}

/// What is said of a question that has passed its deadline.
fn too_long() -> Reply {
    cannot_answer("The question takes too long to answer. Narrow it: add a place, a name or a date.")
}

/// What is said of a fault that only the operator can look into, by its id in the log.
fn incident(command: &str, error: &dyn std::error::Error, now: Timestamp) -> Reply {
    let id = incident_id(now);
    tracing::error!(incident.id = id, command, %error, "a request failed");
    cannot_answer(format!(
        "Something failed inside; nothing was changed. Ask again later, and if it lasts tell the operator: incident {id}."
    ))
}

/// What is said while nothing can be written. Whoever asked can do nothing about it but tell.
fn unwritable(what: &str) -> Reply {
    cannot_answer(format!("{what}, so this could not be done."))
        .paragraph("Nothing was changed. What is on record is safe, and questions are answered as before.")
        .hint("Tell the operator, and try again later: the bot goes on by itself as soon as the disk does.")
}

/// What is said while the database isn't where the program opened it: what it would write goes with the process.
fn displaced() -> Reply {
    cannot_answer(
        "The bot's database was moved, deleted or replaced while the bot has it open, so this could not be done.",
    )
    .paragraph("Nothing was changed. Questions are answered from the database as the bot opened it.")
    .hint(
        Text::from(
            "Tell the operator: put the file back where it was, and the bot goes on by itself; or stop the bot and put              the newest backup back with ",
        )
        .syntax("onrecord restore FILE")
        .plain(". The log names the file."),
    )
}

/// What is said once the database was found damaged: what is read from it may be wrong.
fn damaged() -> Reply {
    cannot_answer("The bot's database is damaged, so nothing is answered from it any more.")
        .paragraph("Nothing was changed.")
        .hint(
            Text::from("Tell the operator: stop the bot and put the newest backup back with ")
                .syntax("onrecord restore FILE")
                .plain(". The damaged file is kept."),
        )
}

/// An id that is unique enough within a log and can be read out: the second, and a count.
fn incident_id(now: Timestamp) -> String {
    let count = COUNT.fetch_add(1, Ordering::Relaxed) % 1_000;
    format!("{:X}-{count:03}", now.as_second())
}
