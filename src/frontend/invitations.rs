//! Which invitations to a place are taken up, on platforms where a bot is invited.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::door::{hears, hears_community};
use crate::{desk::Desk, model::Platform};

/// The stretch of time that invitations are counted in.
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// How many invitations of one person are taken up in it. The limit is ours.
const PERSON: usize = 10;

/// An invitation.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Who invites, on their platform.
    pub inviter: &'a str,
    /// The community that the place is or belongs to.
    pub community: &'a str,
    /// The community that it follows on, where the bot is already.
    pub follows_on: Option<&'a str>,
}

/// Why an invitation isn't taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwelcome {
    /// Who invites, or the place, isn't heard.
    Unheard,
    /// Who invites is none of those whom the operator lets invite.
    Unlisted,
    /// Who invites has invited often of late.
    TooMany,
}

impl Unwelcome {
    /// What is said to who invites.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unheard => "An administrator has blocked you or this room; ask whoever runs this bot.",
            Self::Unlisted => "Whoever runs this bot lets only certain people and servers invite it; ask them.",
            Self::TooMany => "You have invited this bot to many rooms just now; invite it again in ten minutes.",
        }
    }
}

/// Whether an invitation is welcome. One to where a place that the bot is in goes on always is; any other by who invites,
/// as the operator has set it. Whoever isn't heard invites nobody, and a place that isn't heard doesn't become another by
/// going on elsewhere.
///
/// # Errors
/// When it isn't: why.
pub fn welcome(
    desk: &Desk,
    platform: Platform,
    invitation: Invitation<'_>,
    is_listed: impl FnOnce(&str) -> bool,
) -> Result<(), Unwelcome> {
    let Invitation { inviter, community, follows_on } = invitation;
    let is_heard = hears(desk, platform, inviter, None)
        && hears_community(desk, community)
        && follows_on.is_none_or(|old| hears_community(desk, old));
    if !is_heard {
        Err(Unwelcome::Unheard)
    } else if follows_on.is_some() || is_listed(inviter) {
        Ok(())
    } else {
        Err(Unwelcome::Unlisted)
    }
}

/// The invitations of late, by who invited.
#[derive(Debug, Default)]
pub struct InvitationLimit(Mutex<HashMap<String, VecDeque<Instant>>>);

impl InvitationLimit {
    /// Counts an invitation, unless who invites has reached the limit; whether it was counted.
    #[must_use]
    pub fn admit(&self, inviter: &str, now: Instant) -> bool {
        let mut accepted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.retain(|_, times| {
            times.retain(|&at| now.duration_since(at) < WINDOW);
            !times.is_empty()
        });
        let times = accepted.entry(inviter.to_owned()).or_default();
        let admitted = times.len() < PERSON;
        if admitted {
            times.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_invites_ten_times_in_ten_minutes() {
        let (limit, start) = (InvitationLimit::default(), Instant::now());
        assert_eq!((0..12).filter(|_| limit.admit("@ana:example.org", start)).count(), 10);
        assert!(limit.admit("@bo:example.org", start) && limit.admit("@ana:example.org", start + WINDOW));
    }
}
