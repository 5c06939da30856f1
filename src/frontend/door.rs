//! Who is let in: the one place where chats ask whether someone is heard, and how often.

use super::{
    FOR_THE_ASKER_ALONE,
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

/// Whether what was typed can be the answer to a question of a form: whatever is no command can, where only the bot
/// is spoken to. Then it is the command that gives the answer.
#[must_use]
pub fn answers_form(desk: &Desk, conversation: &str, typed: &str) -> Option<Invocation> {
    let is_command = commands::find(commands::split_command(typed).0).is_some();
    (!is_command && desk.dialogue_waits(conversation)).then(|| Invocation::Call(calls::answer(typed)))
}
