//! `check`: whether a message repeats or speaks of something on record.

use crate::commands::{
    Arguments, ChatUse, CommandError, CommandSpec, Context, Effect, MessageUse, Parameter, ParameterKind,
    ParameterPlace,
    asking::present::{self, EntryDetail},
};
use crate::{
    model::Role,
    reply::{Outcome, Reply, Text},
    search::speaks_of_another,
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
        "In a chat, reply to a message with this command to check that message. Words that only ask about it, as “is \
         this true?”, may stand behind it. Of a message that quotes another and only asks about it, the quotation is \
         checked.",
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
    // "check is this true?", and no message that it replies to: an entry with these words would be a wrong one.
    if speaks_of_another(message) {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading("These words claim nothing that could be looked for.")
            .hint(
                Text::from("To check someone's message, reply to it with ")
                    .ask(SPEC.call(&[]))
                    .plain(", or write its words behind the command."),
            ));
    }
    let matches = context.search.check(message, SHOWN)?;
    if matches.is_empty() {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading("No vetted entry matches this message.")
            .hint(Text::from("To look for something in it by name or by words: ").syntax("source QUESTION")));
    }
    let number = matches.len();
    let heading = match number {
        1 => "One vetted entry matches this message.".to_owned(),
        _ => format!("{number} vetted entries match this message, the best first."),
    };
    let mut reply = Reply::new(Outcome::Answered).heading(heading);
    for found in matches {
        if let Some(view) = context.records.entry(found.statement)? {
            reply = reply.entry(present::statement(&view, EntryDetail::Brief));
            reply.records.push(present::json_statement(&view));
        }
    }
    Ok(reply.hint("A match means that the entry is about the same; what it says is the speaker's, not a rating."))
}

#[cfg(test)]
mod tests {
    use crate::{commands::MAX_MESSAGE, search::MOST_BYTES};

    #[test]
    fn all_of_the_longest_message_is_read() {
        assert!(MAX_MESSAGE * char::MAX.len_utf8() <= MOST_BYTES);
    }
}
