//! The calls that front ends make by themselves: under an entry, for a reaction, at an empty line.

use std::fmt::Display;

use super::{
    CommandSpec,
    definitions::{asking, proposing, reviewing},
    with_value,
};
use crate::{
    model::{ChangeId, ChangeVersion},
    reply::CommandCall,
};

/// Opens a record or a change.
#[must_use]
pub fn show(id: impl Display) -> CommandCall {
    asking::SHOW.call(&[(&asking::ID, &id)])
}

/// A change as a reviewer reads it.
pub(super) fn review(change: ChangeId) -> CommandCall {
    reviewing::REVIEW.call(&[(&reviewing::CHANGE, &change)])
}

/// Takes one's own proposal back.
pub(super) fn withdraw(change: ChangeId) -> CommandCall {
    reviewing::WITHDRAW.call(&[(&reviewing::CHANGE, &change)])
}

/// Every approved change of a record.
pub(super) fn history(id: impl Display) -> CommandCall {
    asking::HISTORY.call(&[(&asking::ID, &id)])
}

/// What was added and corrected last.
#[must_use]
pub fn recent() -> CommandCall {
    asking::RECENT.call(&[])
}

/// What waits for review.
#[must_use]
pub fn queue() -> CommandCall {
    reviewing::QUEUE.call(&[])
}

/// The next page of the last answer.
#[must_use]
pub fn more() -> CommandCall {
    asking::MORE.call(&[])
}

/// Help on all commands, or on one.
#[must_use]
pub fn help(command: Option<&str>) -> CommandCall {
    match command {
        Some(command) => asking::HELP.call(&[(&asking::COMMAND, &command)]),
        None => asking::HELP.call(&[]),
    }
}

/// What is on record about these words.
#[must_use]
pub fn source(question: &str) -> CommandCall {
    asking::SOURCE.call(&[(&asking::QUESTION, &question)])
}

/// What the entity of this name is.
pub(super) fn about(name: &str) -> CommandCall {
    asking::ABOUT.call(&[(&asking::ENTITY_NAME, &name)])
}

/// The request for what concerns the entity of this name and no other words.
pub(super) fn ask_for(name: &str) -> CommandCall {
    if name.contains(char::is_whitespace) { source(&format!("\"{name}\"")) } else { source(name) }
}

/// Looks for what a message says.
#[must_use]
pub fn check(message: &str) -> CommandCall {
    asking::CHECK.call(&[(&asking::MESSAGE, &message)])
}

/// Checks the message that is replied to, as it is typed in a reply.
#[must_use]
pub fn check_replied_to() -> CommandCall {
    asking::CHECK.call(&[])
}

/// Answers the question of a form.
#[must_use]
pub fn answer(text: &str) -> CommandCall {
    proposing::ANSWER.call(&[(&proposing::ANSWER_TEXT, &text)])
}

/// Approves a version of a change.
#[must_use]
pub fn approve(change: ChangeId, seen: &ChangeVersion) -> CommandCall {
    decision(&reviewing::APPROVE, change, seen)
}

/// Turns a version of a change down; the reason may be given later.
#[must_use]
pub fn reject(change: ChangeId, seen: &ChangeVersion, reason: Option<&str>) -> CommandCall {
    let call = decision(&reviewing::REJECT, change, seen);
    reason.map_or_else(|| call.clone(), |reason| with_value(&call, &proposing::REASON, reason))
}

/// How a rejection is typed.
#[must_use]
pub fn reject_typed(change: ChangeId) -> CommandCall {
    reviewing::REJECT.typed(&format!("{change} REASON"))
}

/// How a change is sent back.
pub(super) fn request_changes_typed(change: ChangeId) -> CommandCall {
    reviewing::REQUEST.typed(&format!("{change} REASON"))
}

/// How a change of one's own is changed while it waits.
pub(super) fn amend_typed(change: ChangeId) -> CommandCall {
    proposing::AMEND.typed(&change.to_string())
}

/// How a question is typed.
pub(super) fn source_typed() -> CommandCall {
    source("QUESTION")
}

/// A decision on a version of a change.
pub(super) fn decision(spec: &'static CommandSpec, change: ChangeId, seen: &ChangeVersion) -> CommandCall {
    spec.call(&[(&reviewing::CHANGE, &change), (&reviewing::SEEN, &seen)])
}
