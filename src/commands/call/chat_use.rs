//! What a front end has to know of a command to handle it, as data: no front end goes by a command's name.

/// Whether a command changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It answers from the records.
    Reads,
    /// It shows something and notes who looked at it. Done again, it shows the same.
    Notes,
    /// It writes something down.
    Writes,
}

/// What chats do with a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatUse {
    /// What it is about, and so whose permissions count.
    pub scope: CommandScope,
    /// What it does with the message that it replies to.
    pub message: MessageUse,
    /// The form that it opens where it is given no fields.
    pub form: FormUse,
    /// What it follows on.
    pub continuation: Continuation,
    /// Whom its answer is for.
    pub audience: AnswerAudience,
    /// Where it is of use.
    pub reach: CommandReach,
}

impl ChatUse {
    /// A command about the records, of which there is nothing else to know.
    pub const PLAIN: Self = Self {
        scope: CommandScope::Records,
        message: MessageUse::Nothing,
        form: FormUse::Nothing,
        continuation: Continuation::Nothing,
        audience: AnswerAudience::Place,
        reach: CommandReach::Members,
    };
}

/// Where a command is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandReach {
    /// Where the bot is a member.
    Members,
    /// Anywhere: also where someone has the bot with them and it is no member.
    Anywhere,
}

/// Whom an answer is for, where a platform can show it to one person among many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerAudience {
    /// Everyone in the place where it was asked.
    Place,
    /// Whoever asked.
    Asker,
}

/// What a command is about: it says which permissions of the platform count for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandScope {
    /// The records: roles of our own count, and no permission of the platform.
    Records,
    /// How the bot behaves in the community: those who manage it may change it, everywhere in it.
    Community,
    /// What a channel is told of: those who moderate it decide.
    Channel,
}

/// What a command does with the message that it replies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageUse {
    /// Nothing.
    Nothing,
    /// Where no text is given, or none that says anything of its own, that message is checked.
    RepliedTo,
}

/// The form that a command opens where it is given no fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormUse {
    /// None.
    Nothing,
    /// An empty one, of the kind that is named.
    New,
    /// The one of a record, filled in with what is on record.
    OnRecord,
}

/// What a command follows on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// Nothing: it says all by itself.
    Nothing,
    /// The last answer that its asker got, whose next page it gives.
    NextPage,
}
