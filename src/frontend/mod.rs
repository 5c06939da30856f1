//! What is the same for every chat: what becomes of an event, by the settings of its community and the definition of
//! its command.
//!
//! An adapter makes a [`ChatEvent`] of what its platform sends, has it settled, and carries the [`Verdict`] out: it
//! knows how something is said on its platform, and nothing of whether it is to be said.

mod addressed;
mod ages;
mod door;
mod event;
mod facts;
mod form_target;
mod quoted;
mod verdict;

pub use addressed::Addressed;
pub use ages::{FOLLOWS, LATE};
pub use door::{Admitted, admit, answers_form, hears, hears_community, prefix_of};
pub use event::{Asker, ChatEvent, ChatPlace, EventKind, Parent, SeenBy, TypedLine};
pub use facts::{Facts, PlatformRights, Settled, settle};
pub use form_target::FormTarget;
pub use quoted::{QuotedMessage, offering_the_message};
pub use verdict::{AnswerPlace, AnswerSubject, MissingFact, OnRefusal, Permit, Verdict, decide, may_be_posted};

/// What is said where answers are shown to the asker alone, and this one would be seen by all.
pub const FOR_THE_ASKER_ALONE: &str = "Answers here are shown to the asker alone.";
