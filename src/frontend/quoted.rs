//! The message that someone replies to, or reacts to, so that it is checked.

use super::verdict::AnswerSubject;
use crate::{
    commands::calls,
    desk::Invocation,
    reply::{Outcome, Reply, Text},
};

/// An answer with what belongs to it by what was asked. Where words of a reply say something of their own, the message
/// that they reply to may have been meant all the same.
#[must_use]
pub fn completed(reply: Reply, subject: AnswerSubject) -> Reply {
    if subject != AnswerSubject::BesideMessageRepliedTo {
        return reply;
    }
    let check = calls::check_replied_to();
    reply.hint(Text::from("To check the message that you replied to, reply to it with ").ask(check).plain(" alone."))
}

/// A message that a request is about, as far as the bot can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuotedMessage {
    /// Its words.
    Words(String),
    /// It has none: a picture without a caption.
    Wordless,
    /// It is encrypted, and the bot has no key for it.
    Undecrypted,
    /// It isn't there, or not for the bot.
    Missing,
}

impl QuotedMessage {
    /// A message with this text.
    #[must_use]
    pub fn of(text: String) -> Self {
        if text.trim().is_empty() { Self::Wordless } else { Self::Words(text) }
    }

    /// The request to check it, or why it can't be checked.
    ///
    /// # Errors
    /// When it can't be read; the reply says so.
    pub fn check(self) -> Result<Invocation, Box<Reply>> {
        let sentence = match self {
            Self::Words(text) => return Ok(Invocation::Call(calls::check(&text))),
            Self::Wordless => "There are no words in that message to check.",
            Self::Undecrypted => {
                "I have no key for that message: it was sent before I was here. Write check and its words."
            }
            Self::Missing => "I can't see that message. Write check and its words.",
        };
        Err(Box::new(Reply::new(Outcome::Misused).heading(sentence)))
    }
}
