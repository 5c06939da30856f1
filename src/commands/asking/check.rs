//! `check`: whether a message repeats or speaks of something on record.

use crate::commands::{
    Arguments, ChatUse, CommandError, CommandSpec, Context, Effect, MessageUse, Parameter, ParameterKind,
    ParameterPlace,
    asking::present::{self, EntryDetail},
};
use crate::{
    model::Role,
    reply::{Outcome, Reply, Text},
    search::part_read,
};

/// What is checked.
pub(in crate::commands) const MESSAGE: Parameter = Parameter {
    name: "message",
    aliases: &[],
    summary: "The message to check, as it is",
    kind: ParameterKind::Message,
    place: ParameterPlace::Rest,
    required: true,
};

pub(in crate::commands) static SPEC: CommandSpec = CommandSpec {
    name: "check",
    aliases: &["c"],
    summary: "Look for vetted entries that match a whole message",
    details: &[
        "Paste the message as it is. An entry is shown only when it really matches, at most three, the best first; \
         otherwise the answer says that none does.",
        "In a chat, reply to a message with this command to check that message.",
    ],
    examples: &["check There is a Chinese police station in Dublin, on Capel Street"],
    parameters: &[MESSAGE],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { message: MessageUse::RepliedTo, ..ChatUse::PLAIN },
    run,
};

/// How many entries are shown at most.
const SHOWN: usize = 3;

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let message = arguments.text("message").unwrap_or_default();
    let matches = context.search.check(message, SHOWN)?;
    if matches.is_empty() {
        let reply = Reply::new(Outcome::NothingFound).heading("No vetted entry matches this message.");
        return Ok(only_read(reply, message)
            .hint(Text::from("To look for something in it by name or by words: ").syntax("source QUESTION")));
    }
    let number = matches.len();
    let heading = match number {
        1 => "One vetted entry matches this message.".to_owned(),
        _ => format!("{number} vetted entries match this message, the best first."),
    };
    let mut reply = only_read(Reply::new(Outcome::Answered).heading(heading), message);
    for found in matches {
        if let Some(view) = context.records.entry(found.statement)? {
            reply = reply.entry(present::statement(&view, EntryDetail::Brief));
            reply.records.push(present::json_statement(&view));
        }
    }
    Ok(reply.hint("A match means that the entry is about the same; what it says is the speaker's, not a rating."))
}

/// Says how much of a long message was read, where it wasn't all.
fn only_read(reply: Reply, message: &str) -> Reply {
    let read = part_read(message);
    if read.len() == message.len() {
        return reply;
    }
    let (first, all) = (read.chars().count(), message.chars().count());
    reply.warning(format!(
        "Only the first {first} of the message's {all} characters were read. Check the rest as a message of its own."
    ))
}
