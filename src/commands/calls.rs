//! The calls that front ends make by themselves: under an entry, for a reaction, at an empty line.

use std::fmt::Display;

use super::{CommandSpec, asking, proposing, reviewing, with_value};
use crate::{
    model::{ChangeId, ChangeVersion},
    reply::CommandCall,
};

/// Opens a record or a change.
#[must_use]
pub fn show(id: impl Display) -> CommandCall {
    asking::show::SPEC.call(&[(&asking::show::ID, &id)])
}

/// A change as a reviewer reads it.
pub(super) fn review(change: ChangeId) -> CommandCall {
    reviewing::review::REVIEW.call(&[(&reviewing::review::CHANGE, &change)])
}

/// Takes one's own proposal back.
pub(super) fn withdraw(change: ChangeId) -> CommandCall {
    reviewing::decide::WITHDRAW.call(&[(&reviewing::review::CHANGE, &change)])
}

/// Every approved change of a record.
pub(super) fn history(id: impl Display) -> CommandCall {
    asking::history::SPEC.call(&[(&asking::show::ID, &id)])
}

/// What was added and corrected last.
#[must_use]
pub fn recent() -> CommandCall {
    asking::recent::SPEC.call(&[])
}

/// What waits for review.
#[must_use]
pub fn queue() -> CommandCall {
    reviewing::review::QUEUE.call(&[])
}

/// The next page of the last answer.
#[must_use]
pub fn more() -> CommandCall {
    asking::more::SPEC.call(&[])
}

/// Help on all commands, or on one.
#[must_use]
pub fn help(command: Option<&str>) -> CommandCall {
    match command {
        Some(command) => asking::help::SPEC.call(&[(&asking::help::COMMAND, &command)]),
        None => asking::help::SPEC.call(&[]),
    }
}

/// What is on record about these words.
#[must_use]
pub fn source(question: &str) -> CommandCall {
    asking::source::SPEC.call(&[(&asking::source::QUESTION, &question)])
}

/// Looks for what a message says.
#[must_use]
pub fn check(message: &str) -> CommandCall {
    asking::check::SPEC.call(&[(&asking::check::MESSAGE, &message)])
}

/// Checks the message that is replied to, as it is typed in a reply.
#[must_use]
pub fn check_replied_to() -> CommandCall {
    asking::check::SPEC.call(&[])
}

/// Answers the question of a form.
#[must_use]
pub fn answer(text: &str) -> CommandCall {
    proposing::dialogue::ANSWER.call(&[(&proposing::dialogue::TEXT, &text)])
}

/// Approves a version of a change.
#[must_use]
pub fn approve(change: ChangeId, seen: &ChangeVersion) -> CommandCall {
    decision(&reviewing::decide::APPROVE, change, seen)
}

/// Turns a version of a change down; the reason may be given later.
#[must_use]
pub fn reject(change: ChangeId, seen: &ChangeVersion, reason: Option<&str>) -> CommandCall {
    let call = decision(&reviewing::decide::REJECT, change, seen);
    reason.map_or_else(|| call.clone(), |reason| with_value(&call, &proposing::propose::REASON, reason))
}

/// How a rejection is typed, without its reason.
#[must_use]
pub fn reject_typed(change: ChangeId) -> CommandCall {
    reviewing::decide::REJECT.call(&[(&reviewing::review::CHANGE, &change)])
}

/// A decision on a version of a change.
pub(super) fn decision(spec: &'static CommandSpec, change: ChangeId, seen: &ChangeVersion) -> CommandCall {
    spec.call(&[(&reviewing::review::CHANGE, &change), (&reviewing::decide::SEEN, &seen)])
}
