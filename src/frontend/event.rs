//! What happens in a chat, as far as it matters for whether and how it is answered.

use crate::commands::SeenBy;

/// How many messages of one author are checked together at most. The limit is ours: more is a conversation.
pub const MOST_TOGETHER: usize = 10;

/// Something that someone did in a chat that is meant for the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatEvent {
    /// What they did.
    pub kind: EventKind,
    /// Where.
    pub place: ChatPlace,
}

/// What someone did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// They wrote a line to the bot.
    Wrote(TypedLine),
    /// They edited a message into such a line.
    Edited(TypedLine),
    /// They gave a command that the platform offers, as a slash command or in a message's menu.
    Commanded {
        /// Who is to see the answer, as far as the one who asks may choose.
        wish: SeenBy,
    },
    /// They pressed a button or chose from a menu what opens another answer.
    Opened,
    /// They pressed a button that turns the page of an answer.
    Turned {
        /// Who sees that answer.
        seen_by: SeenBy,
        /// Whose answer it is.
        by: Asker,
    },
    /// They pressed the button that posts an answer which only they see.
    Posted,
    /// They filled in a form and sent it.
    FilledIn,
    /// They put the reaction on a message that asks to check it.
    ReactedToCheck {
        /// Whether they may write there themselves.
        voice: Voice,
    },
    /// They put a reaction on an answer that turns its page.
    ReactedToTurn {
        /// Whose answer it is.
        by: Asker,
    },
    /// They decided on a change by a reaction, or gave the reason that they were asked for then.
    Decided,
}

/// How a line was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedLine {
    /// In reply to nothing.
    Whole,
    /// In reply to another message, with words that only speak of it, or with none after the command's name.
    BareReply,
    /// In reply to another message, with a number: so many of its author's messages are meant, up to that one.
    CountingReply(usize),
    /// In reply to another message, with words that claim or ask something of their own.
    TellingReply,
}

impl TypedLine {
    /// How a line was typed; `replied_to` is what its message replies to, if it does.
    #[must_use]
    pub fn of<M>(line: &str, replied_to: Option<&M>) -> Self {
        let (_, rest) = crate::commands::split_command(line);
        if replied_to.is_none() {
            Self::Whole
        } else if let Some(number) = number(rest) {
            if number == 1 { Self::BareReply } else { Self::CountingReply(number) }
        } else if crate::commands::speaks_of_another(rest) {
            Self::BareReply
        } else {
            Self::TellingReply
        }
    }
}

/// The number that words are and nothing else, as far as so many are checked together.
fn number(words: &str) -> Option<usize> {
    let number: usize = words.trim().parse().ok()?;
    (number >= 1).then(|| number.min(MOST_TOGETHER))
}

/// Whether someone may write in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// They may.
    Heard,
    /// They may not.
    Mute,
}

/// Who acts on an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The one who asked for it.
    Themselves,
    /// Someone else, who moderates the channel.
    Moderator,
    /// Someone else, who doesn't.
    Other,
    /// Someone else; whether they moderate the channel has to be asked for.
    Unknown,
}

/// Where something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatPlace {
    /// The community, `platform:id`; `None` in a conversation with one person, where nothing can be set.
    pub community: Option<String>,
    /// The channel, or the thread itself.
    pub channel: String,
    /// The channel that it is a thread of.
    pub parent: Parent,
    /// What the bot is there.
    pub presence: Presence,
}

/// What the bot is in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// One of those who are there.
    Member,
    /// Not there: the one who acts has it with them, and nobody there has asked for it.
    Guest,
}

/// The channel that a place is a thread of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// It is no thread.
    None,
    /// Whether it is one has to be asked for.
    Unknown,
    /// This one.
    Channel(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_reply_is_told_by_what_stands_behind_its_command() {
        for (line, typed) in [
            ("check", TypedLine::BareReply),
            ("check is this true?", TypedLine::BareReply),
            ("check 1", TypedLine::BareReply),
            ("check 3", TypedLine::CountingReply(3)),
            ("source 3", TypedLine::CountingReply(3)),
            ("check 300", TypedLine::CountingReply(MOST_TOGETHER)),
            ("check 3 stations", TypedLine::TellingReply),
            ("check the moon is cheese", TypedLine::TellingReply),
        ] {
            assert_eq!(TypedLine::of(line, Some(&())), typed, "{line}");
            assert_eq!(TypedLine::of::<()>(line, None), TypedLine::Whole, "{line}");
        }
    }
}
