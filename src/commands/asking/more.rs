//! `more`: the next page of the last answer.

use crate::commands::{Arguments, CommandError, Context, calls, carry_out, definitions::asking::MORE, given_by};
use crate::reply::{Outcome, Reply, Text};

pub(in crate::commands) fn run(context: &Context<'_>, _: &Arguments) -> Result<Reply, CommandError> {
    let nothing = || Reply::new(Outcome::NothingFound).heading("The last answer here has no further page.");
    let Some((spec, given)) = context.next_page.and_then(given_by) else { return Ok(nothing()) };
    if spec.name == MORE.name {
        return Ok(nothing());
    }
    let arguments = Arguments::check(spec, &given)?;
    carry_out(spec, context, &arguments)
}

/// The reply of a command line to what follows on another answer: each command is a process of its own there, and
/// none knows what the one before answered. Nothing for all other commands.
pub(crate) fn needs_an_answer_before(command: &str) -> Option<Reply> {
    MORE.is_called(command).then(|| {
        Reply::new(Outcome::Misused)
            .heading("On a command line there is no last answer to go on with: each command stands alone.")
            .hint(Text::from("Ask for a page of the question itself: ").ask(calls::source("sydney").on_page(2)))
            .hint("In the console, which onrecord without a command opens, more works.")
    })
}
