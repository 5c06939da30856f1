//! What becomes of an event: decided from what a community has set and from what a command is, and from nothing else.
//!
//! A thread counts as its channel, unless it is named itself.

use super::event::{Asker, ChatEvent, ChatPlace, EventKind, Parent, Presence, TypedLine, Voice};
use crate::{
    commands::{AnswerAudience, CommandScope, CommandSpec, Continuation, MessageUse, SeenBy},
    desk::CommunitySettings,
    model::Role,
};

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is done or said.
    Ignore,
    /// This has to be known first.
    Needs(MissingFact),
    /// That answers are for the asker alone here is all that is said.
    AskInPrivate(OnRefusal),
    /// That the bot is no member, and so nothing of the place is its business, is all that is said.
    NoMember,
    /// It is answered.
    Answer(Permit),
}

impl Verdict {
    /// The same, for what the request says and nothing beside it.
    #[must_use]
    pub fn as_given(self) -> Self {
        match self {
            Self::Answer(permit) => Self::Answer(Permit { subject: AnswerSubject::AsGiven, ..permit }),
            Self::Ignore | Self::Needs(_) | Self::AskInPrivate(_) | Self::NoMember => self,
        }
    }
}

/// What has to be asked for before an event can be decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingFact {
    /// The channel that the place is a thread of.
    Parent,
    /// Whether the one who acts moderates the channel.
    Moderation,
}

/// How an event is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    /// Who sees the answer.
    pub seen_by: SeenBy,
    /// Where it stands.
    pub place: AnswerPlace,
    /// What is asked.
    pub subject: AnswerSubject,
    /// What the command is about; it says which permissions of the platform have to be known for it.
    pub scope: CommandScope,
    /// What is said where it is more than is answered at once.
    pub refusal: OnRefusal,
}

/// Where an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerPlace {
    /// In a message of its own.
    New,
    /// In place of the answer that it was asked under.
    InPlace,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerSubject {
    /// What the request says.
    AsGiven,
    /// To check the message that it replies to.
    MessageRepliedTo,
    /// To check so many messages of the author of the message that it replies to, up to that one.
    MessagesOfAuthor(usize),
    /// What the request says; and that the message that it replies to can be checked is offered.
    BesideMessageRepliedTo,
    /// What follows on the last answer.
    NextPage,
}

/// What is said to someone who asks more often than is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRefusal {
    /// That they do, once in a while.
    SayOnce,
    /// That they do, each time: the platform shows a failure where nothing is said, and nobody else sees it.
    SayAlways,
    /// Nothing.
    Silent,
}

/// What becomes of an event, of the settings that its community has, and of the command that it gives.
#[must_use]
pub fn decide(event: &ChatEvent, settings: &CommunitySettings, spec: Option<&CommandSpec>) -> Verdict {
    let use_of = spec.map(|spec| spec.chat);
    let scope = use_of.map_or(CommandScope::Records, |chat| chat.scope);
    let is_guest = event.place.presence == Presence::Guest;
    if is_guest && scope != CommandScope::Records {
        return Verdict::NoMember;
    }
    let Some(counts) = channel_counts(&event.place, settings, scope) else {
        return Verdict::Needs(MissingFact::Parent);
    };
    let direct = event.place.community.is_none() && !is_guest;
    let in_public = direct || (counts && !settings.private);
    let for_one = if direct { SeenBy::Everyone } else { SeenBy::AskerAlone };
    let answer = Permit {
        seen_by: SeenBy::Everyone,
        place: AnswerPlace::New,
        subject: AnswerSubject::AsGiven,
        scope,
        refusal: OnRefusal::SayOnce,
    };
    match event.kind {
        EventKind::Edited(_) if spec.is_some_and(acts_or_is_of_editors) => Verdict::Ignore,
        EventKind::Wrote(typed) | EventKind::Edited(typed) => {
            let subject = match use_of {
                Some(chat) if chat.message == MessageUse::RepliedTo && typed != TypedLine::Whole => match typed {
                    TypedLine::BareReply => AnswerSubject::MessageRepliedTo,
                    TypedLine::CountingReply(number) => AnswerSubject::MessagesOfAuthor(number),
                    TypedLine::TellingReply | TypedLine::Whole => AnswerSubject::BesideMessageRepliedTo,
                },
                Some(chat) if chat.continuation == Continuation::NextPage => AnswerSubject::NextPage,
                Some(_) | None => AnswerSubject::AsGiven,
            };
            // The settings are changed by those who may, wherever they are: else nobody could lift them.
            if scope == CommandScope::Community {
                Verdict::Answer(answer)
            } else {
                aloud(Permit { subject, ..answer }, counts, in_public)
            }
        }
        // Who may not write there has nothing written there by the bot either.
        EventKind::ReactedToCheck { voice: Voice::Mute } => Verdict::Ignore,
        EventKind::ReactedToCheck { voice: Voice::Heard } => {
            aloud(Permit { subject: AnswerSubject::MessageRepliedTo, ..answer }, counts, in_public)
        }
        EventKind::Commanded { wish } => {
            let is_for_all = scope != CommandScope::Community && !spec.is_some_and(is_for_the_asker);
            let seen_by = if in_public && is_for_all && wish == SeenBy::Everyone { SeenBy::Everyone } else { for_one };
            Verdict::Answer(Permit { seen_by, refusal: OnRefusal::SayAlways, ..answer })
        }
        EventKind::Opened | EventKind::FilledIn => {
            Verdict::Answer(Permit { seen_by: for_one, refusal: OnRefusal::SayAlways, ..answer })
        }
        EventKind::Turned { seen_by: SeenBy::AskerAlone, .. } => Verdict::Answer(Permit {
            seen_by: SeenBy::AskerAlone,
            place: AnswerPlace::InPlace,
            refusal: OnRefusal::SayAlways,
            ..answer
        }),
        EventKind::Turned { by: Asker::Unknown, .. } | EventKind::ReactedToTurn { by: Asker::Unknown } => {
            Verdict::Needs(MissingFact::Moderation)
        }
        EventKind::Turned { seen_by: SeenBy::Everyone, by } => {
            let answer = Permit { refusal: OnRefusal::SayAlways, ..answer };
            if direct || (in_public && by != Asker::Other) {
                Verdict::Answer(Permit { place: AnswerPlace::InPlace, ..answer })
            } else {
                // Others get a page of their own, and the one who asked keeps theirs.
                Verdict::Answer(Permit { seen_by: SeenBy::AskerAlone, ..answer })
            }
        }
        EventKind::ReactedToTurn { by } => {
            if in_public && by != Asker::Other {
                Verdict::Answer(Permit { place: AnswerPlace::InPlace, refusal: OnRefusal::Silent, ..answer })
            } else {
                Verdict::Ignore
            }
        }
        EventKind::Posted if in_public => Verdict::Answer(Permit { refusal: OnRefusal::SayAlways, ..answer }),
        EventKind::Posted => Verdict::AskInPrivate(OnRefusal::SayAlways),
        EventKind::Decided => Verdict::Answer(Permit { refusal: OnRefusal::Silent, ..answer }),
    }
}

/// Whether an answer that only its asker sees may be posted for all to see; `false` where that can't be told yet.
#[must_use]
pub fn may_be_posted(place: &ChatPlace, settings: &CommunitySettings) -> bool {
    let event = ChatEvent { kind: EventKind::Posted, place: place.clone() };
    matches!(decide(&event, settings, None), Verdict::Answer(_))
}

/// What is said where everyone sees it.
const fn aloud(answer: Permit, counts: bool, in_public: bool) -> Verdict {
    match (counts, in_public) {
        (_, true) => Verdict::Answer(answer),
        (true, false) => Verdict::AskInPrivate(answer.refusal),
        (false, false) => Verdict::Ignore,
    }
}

/// Whether an answer is of no use to others in the place: help, and what editors do.
fn is_for_the_asker(spec: &CommandSpec) -> bool {
    spec.role > Role::Reader || spec.chat.audience == AnswerAudience::Asker
}

/// Whether a command is done once for a message, whatever becomes of its words: those that write would write again, and
/// what editors are shown is a step of their work.
fn acts_or_is_of_editors(spec: &CommandSpec) -> bool {
    spec.writes() || spec.role > Role::Reader
}

/// Whether questions are answered for all to see in a place; `None` where that depends on whether it is a thread. Who
/// changes the settings means the channel, wherever in it they are.
fn channel_counts(place: &ChatPlace, settings: &CommunitySettings, scope: CommandScope) -> Option<bool> {
    if place.presence == Presence::Guest {
        return Some(false);
    }
    let is_about_the_channel = scope == CommandScope::Community;
    if place.community.is_none() || (settings.channels.is_empty() && !is_about_the_channel) {
        return Some(true);
    }
    let is_named = |channel: &String| settings.channels.contains(channel);
    match &place.parent {
        _ if !is_about_the_channel && is_named(&place.channel) => Some(true),
        Parent::Unknown => None,
        Parent::None => Some(is_named(&place.channel)),
        Parent::Channel(parent) => Some(is_named(&place.channel) || is_named(parent)),
    }
}

#[cfg(test)]
#[path = "verdict_cases.rs"]
mod cases;
