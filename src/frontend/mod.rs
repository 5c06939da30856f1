//! What is the same for every chat: what becomes of an event, by the settings of its community and the definition of
//! its command.
//!
//! An adapter makes a [`ChatEvent`] of what its platform sends, has it settled, and carries the [`Verdict`] out: it
//! knows how something is said on its platform, and nothing of whether it is to be said.

mod addressed;
mod ages;
mod departure;
mod door;
mod event;
mod facts;
mod form_target;
mod invitations;
mod missing_key;
mod part;
mod quoted;
mod reason;
mod request;
mod shed;
mod verdict;

pub use crate::commands::SeenBy;
pub use addressed::{Addressed, BotNaming};
pub use ages::{FOLLOWS, LATE, SHUTDOWN_GRACE};
pub use departure::{Departure, FAREWELL, departure};
pub use door::{Admitted, FormAnswer, admit, form_answer, hears, hears_community, may_answer_form, prefix_of};
pub use event::{Asker, ChatEvent, ChatPlace, EventKind, MOST_TOGETHER, Parent, Presence, TypedLine, Voice};
pub use facts::{Facts, PlatformRights, Settled, settle};
pub use form_target::FormTarget;
pub use invitations::{Invitation, InvitationLimit, Unwelcome, welcome};
pub use missing_key::{MissingKey, Unreadable};
pub use part::{AnswerPart, PartOfCall, turned_call};
pub use quoted::{MessageCheck, MessageContent, MessagePart, QuotedMessage, Unread, completed};
pub use reason::{
    ReasonStep, WHO_READS_WHY, WHY, addressed_to, gives_reason, lacks_reason, reason_step, takes_decision, told_once,
    why_is_it_rejected, with_reason,
};
pub use request::request;
pub use shed::Shed;
pub use verdict::{AnswerPlace, AnswerSubject, MissingFact, OnRefusal, Permit, Verdict, decide, may_be_posted};

/// What is said where answers are shown to the asker alone, and this one would be seen by all.
pub const FOR_THE_ASKER_ALONE: &str = "Answers here are shown to the asker alone.";

/// What is said where the bot is no member and what is asked is about the place.
pub const NO_MEMBER: &str = "The bot is not a member here: nothing can be set or watched for this place.";

/// What is said where a button is pressed that this program doesn't know.
pub const UNKNOWN_BUTTON: &str = "This button is from another version of the bot. Ask again.";

/// The same of a form that was filled in.
pub const UNKNOWN_FORM: &str = "This form is from another version of the bot. Open it again.";

/// What is said where what a button asks was too long to be kept in it, and is kept no longer.
pub const QUESTION_NOT_KEPT: &str = "This question is no longer kept. Ask again.";

/// The same of an answer that is to be posted.
pub const ANSWER_NOT_KEPT: &str = "This answer is no longer kept. Ask again.";

/// What is said where an answer is posted a second time.
pub const POSTED_ALREADY: &str = "This answer is posted already.";

/// What is said where an answer could not be posted.
pub const NOT_POSTED: &str = "The answer could not be posted. Try again.";
