//! What a request is of, for those who have to know before it is answered.

use crate::{
    commands::{self, CommandSpec},
    desk::Invocation,
};

/// The command that a request gives.
#[must_use]
pub fn command_of(invocation: &Invocation) -> Option<&'static CommandSpec> {
    match invocation {
        Invocation::Text(line) => commands::find(commands::split_command(line).0),
        Invocation::Words(words) => commands::find(words.first()?),
        Invocation::Call(call) => commands::find(call.command()),
        Invocation::Options { command, .. } => commands::find(command),
    }
}
