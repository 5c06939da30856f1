//! What the bot has to do: one job for each event that is for it.

use serenity::all::Interaction;

use crate::frontend::MessageContent;

/// What the bot has to do.
#[derive(Debug)]
pub(super) enum Job {
    Message(Incoming),
    Edited(Incoming),
    Deleted {
        channel: u64,
        message: u64,
    },
    Interaction(Box<Interaction>),
    /// Of someone who isn't heard.
    Unheard(Box<Interaction>),
}

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageEvent {
    /// It was written.
    Written,
    /// It was edited.
    Edited,
}

/// A message of a person, as far as it matters.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub(super) id: u64,
    pub(super) channel: u64,
    /// The server; `None` in a direct message.
    pub(super) guild: Option<u64>,
    pub(super) author: u64,
    pub(super) content: String,
    /// The roles of the author, for who may change settings.
    pub(super) roles: Vec<u64>,
    /// The message that this one replies to.
    pub(super) replied_to: Option<RepliedTo>,
}

/// The message that another replies to.
#[derive(Debug, Clone)]
pub(super) enum RepliedTo {
    /// It is there, and not read yet.
    Unread,
    /// It is there.
    Message(QuotedId, MessageContent),
    /// It was deleted.
    Deleted,
}

/// Which message another replies to.
#[derive(Debug, Clone, Copy)]
pub(super) struct QuotedId {
    pub(super) message: u64,
    pub(super) author: u64,
}
