//! The sentences that the terminal adds of its own.

use super::line::LEAVING;
use crate::{
    commands::calls,
    reply::{CommandCall, Text},
};

/// The line that the console opens with.
#[must_use]
pub fn intro(statements: usize, responses: usize, sources: usize) -> Text {
    let count = |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    Text::new()
        .strong("Onrecord")
        .plain(format!(
            ": {}, {} and {} on record. Ask with ",
            count(statements, "statement", "statements"),
            count(responses, "response", "responses"),
            count(sources, "source", "sources"),
        ))
        .ask(calls::source("NAME"))
        .plain("; ")
        .ask(calls::help(None))
        .plain(" says what else can be asked; ")
        // No command: the console itself understands it.
        .ask(CommandCall::new(LEAVING[0], Vec::new(), LEAVING[0].to_owned()))
        .plain(" or Ctrl-D leaves.")
}

/// Said once, when Ctrl-C is pressed.
pub(super) const INTERRUPTED: &str = "The line is cleared. Ctrl-D or exit leaves.";

/// For a line that isn't UTF-8.
pub(super) fn not_utf8(number: usize) -> String {
    format!("Line {number} is not UTF-8 text and was not read. Save the file as UTF-8 and ask again.")
}

/// For a line of a pipe that is too long.
pub(super) fn too_long(number: usize, limit: usize) -> String {
    format!("Line {number} is longer than {limit} bytes and was not read. A question is a line or two: shorten it.")
}

/// For a line of the console that is too long.
pub(super) fn too_long_here(limit: usize) -> String {
    format!("That is longer than {limit} bytes and was not read. A question is a line or two: shorten it.")
}
