//! Who is let in: the one place where chats ask whether someone is heard, and how often.

use super::{
    FOR_THE_ASKER_ALONE, NO_MEMBER,
    event::EventKind,
    verdict::{OnRefusal, Permit, Verdict},
};
use crate::{
    commands::{self, calls},
    desk::{Admission, Desk, Invocation, Request},
    model::{Identity, Platform},
    reply::{Outcome, Reply, Text},
};

/// What becomes of a request at the door.
#[derive(Debug, Clone)]
pub enum Admitted {
    /// It is to be answered, so.
    Granted(Permit),
    /// This is to be said instead.
    Told(Box<Reply>),
    /// Nothing is to be said.
    Silent,
}

/// Counts a request against the limits, and says what becomes of it. `instead` is how to ask where everyone would see
/// what is for the asker alone.
#[must_use]
pub fn admit(desk: &Desk, request: &Request, verdict: Verdict, instead: impl Into<Text>) -> Admitted {
    let (refusal, admitted) = match verdict {
        Verdict::Ignore | Verdict::Needs(_) => return Admitted::Silent,
        Verdict::AskInPrivate(refusal) => {
            let reply = Reply::new(Outcome::Misused).heading(FOR_THE_ASKER_ALONE).hint(instead);
            (refusal, Admitted::Told(Box::new(reply)))
        }
        Verdict::NoMember => {
            (OnRefusal::SayAlways, Admitted::Told(Box::new(Reply::new(Outcome::Misused).heading(NO_MEMBER))))
        }
        Verdict::Answer(permit) => (permit.refusal, Admitted::Granted(permit)),
    };
    match (desk.admit(request), refusal) {
        (Admission::Granted, _) => admitted,
        (Admission::Refused, OnRefusal::SayOnce | OnRefusal::SayAlways)
        | (Admission::RefusedAgain, OnRefusal::SayAlways) => Admitted::Told(Box::new(Desk::refusal())),
        (Admission::Refused | Admission::RefusedAgain, _) => Admitted::Silent,
    }
}

/// Whether someone is heard at all: looked at in memory, before anything is done for an event.
#[must_use]
pub fn hears(desk: &Desk, platform: Platform, user: &str, community: Option<&str>) -> bool {
    Identity::new(platform, user).is_ok_and(|actor| !desk.ignores(&actor, community))
}

/// Whether a community as such is heard.
#[must_use]
pub fn hears_community(desk: &Desk, community: &str) -> bool {
    !desk.ignores_community(community)
}

/// What a community has set to stand before commands; `None` where it has set nothing.
#[must_use]
pub fn prefix_of(desk: &Desk, community: Option<&str>) -> Option<String> {
    community.and_then(|id| desk.community(id).prefix)
}

/// What someone typed is to a form that is being filled in where they typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormAnswer {
    /// The answer to its question.
    Given(Invocation),
    /// An edit of an answer that was given: it would be taken for the answer to the next question.
    GivenBefore,
}

/// Whether what someone typed can be an answer to the question of a form: where only the bot is spoken to, whatever is
/// no command can. Known without asking the records.
#[must_use]
pub fn may_answer_form(request: &Request, prefix: Option<&str>, typed: &str) -> bool {
    let is_direct = request.origin.as_ref().is_some_and(|origin| origin.community.is_none());
    let line = prefix.and_then(|prefix| typed.trim_start().strip_prefix(prefix)).unwrap_or(typed);
    is_direct && commands::find(commands::split_command(line).0).is_none()
}

/// What someone typed that can be an answer is to the form that is being filled in there; `None` where none is.
#[must_use]
pub fn form_answer(desk: &Desk, kind: EventKind, conversation: &str, typed: &str) -> Option<FormAnswer> {
    desk.dialogue_waits(conversation).then(|| match kind {
        EventKind::Edited(_) => FormAnswer::GivenBefore,
        _ => FormAnswer::Given(Invocation::Call(calls::answer(typed.trim()))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{ChatOrigin, SeenBy};

    #[test]
    fn what_answers_a_form_is_no_command_and_said_to_the_bot_alone() {
        for (community, prefix, typed, may) in [
            (None, Some("!"), "Lena Quist", true),
            (None, Some("!"), "!", true),
            (None, Some("!"), "!cranes", true),
            (None, Some("!"), "about cranes", false),
            (None, Some("!"), " !about cranes", false),
            (None, None, "!about cranes", true),
            (None, None, "about cranes", false),
            (Some("discord:1"), Some("!"), "Lena Quist", false),
        ] {
            let origin = ChatOrigin {
                community: community.map(str::to_owned),
                channel: "2".to_owned(),
                parent: None,
                may_manage_community: false,
                may_moderate_channel: false,
                seen_by: SeenBy::Everyone,
            };
            let request = super::super::request(Platform::Discord, "3", origin, Invocation::Text(typed.to_owned()));
            assert_eq!(may_answer_form(&request.unwrap(), prefix, typed), may, "{community:?} {prefix:?} {typed}");
        }
    }
}
