//! What a platform has to be asked for before an event can be decided on, and asked for only then.

use super::{
    event::{Asker, ChatEvent, EventKind, Parent},
    verdict::{MissingFact, Verdict, decide},
};
use crate::{
    commands::{CommandScope, CommandSpec, SeenBy},
    desk::{ChatOrigin, CommunitySettings, Desk},
};

/// What someone may do on their platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlatformRights {
    /// Whether they may change the settings of the community.
    pub manage_community: bool,
    /// Whether they moderate the channel.
    pub moderate_channel: bool,
}

/// What the platform of an event can be asked for.
pub trait Facts: Sync {
    /// The channel that the place of the event is a thread of; `None` where it is none.
    fn parent(&self) -> impl Future<Output = Option<String>> + Send;

    /// What the one who acts may do there.
    fn rights(&self) -> impl Future<Output = PlatformRights> + Send;

    /// Whether the bot's account on the platform ignores the one who acts: then the bot does, too.
    fn is_ignored(&self) -> impl Future<Output = bool> + Send {
        std::future::ready(false)
    }
}

/// An event that was decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What becomes of it; all that had to be known is.
    pub verdict: Verdict,
    /// Where it comes from.
    pub origin: ChatOrigin,
    /// Whether its answer may be posted there: only its asker sees it, and others would be shown such answers.
    pub may_be_posted: bool,
}

/// Decides on an event, and asks its platform for what has to be known for that.
pub async fn settle(desk: &Desk, event: ChatEvent, spec: Option<&CommandSpec>, facts: &impl Facts) -> Settled {
    let settings = event.place.community.as_deref().map(|id| desk.community(id)).unwrap_or_default();
    settle_by(&settings, event, spec, facts).await
}

async fn settle_by(
    settings: &CommunitySettings,
    mut event: ChatEvent,
    spec: Option<&CommandSpec>,
    facts: &impl Facts,
) -> Settled {
    let ignored = facts.is_ignored().await;
    // What is missing is filled in at once, so that each fact is asked for once.
    let verdict = loop {
        if ignored {
            break Verdict::Ignore;
        }
        match decide(&event, settings, spec) {
            Verdict::Needs(MissingFact::Parent) => {
                event.place.parent = facts.parent().await.map_or(Parent::None, Parent::Channel);
            }
            Verdict::Needs(MissingFact::Moderation) => {
                let is_moderator = facts.rights().await.moderate_channel;
                let asker = if is_moderator { Asker::Moderator } else { Asker::Other };
                if let EventKind::Turned { by, .. } | EventKind::ReactedToTurn { by } = &mut event.kind {
                    *by = asker;
                }
            }
            verdict => break verdict,
        }
    };
    let rights = match verdict {
        Verdict::Answer(permit) if permit.scope != CommandScope::Records && event.place.community.is_some() => {
            facts.rights().await
        }
        _ => PlatformRights::default(),
    };
    let seen_by = match verdict {
        Verdict::Answer(permit) => permit.seen_by,
        Verdict::Ignore | Verdict::Needs(_) | Verdict::AskInPrivate(_) | Verdict::NoMember => SeenBy::Everyone,
    };
    let may_be_posted = seen_by == SeenBy::AskerAlone && super::may_be_posted(&event.place, settings);
    let origin = ChatOrigin {
        community: event.place.community,
        channel: event.place.channel,
        parent: match event.place.parent {
            Parent::Channel(parent) => Some(parent),
            Parent::None | Parent::Unknown => None,
        },
        may_manage_community: rights.manage_community,
        may_moderate_channel: rights.moderate_channel,
        seen_by,
    };
    Settled { verdict, origin, may_be_posted }
}

#[cfg(all(test, any(feature = "discord", feature = "matrix")))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::{
        commands::find,
        frontend::{ChatPlace, Presence, TypedLine},
    };

    /// A thread of the channel `1`, where everyone may do everything; counts how often it is asked.
    #[derive(Default)]
    struct Thread {
        parents: AtomicUsize,
        rights: AtomicUsize,
    }

    impl Facts for Thread {
        async fn parent(&self) -> Option<String> {
            self.parents.fetch_add(1, Ordering::Relaxed);
            Some("1".to_owned())
        }

        async fn rights(&self) -> PlatformRights {
            self.rights.fetch_add(1, Ordering::Relaxed);
            PlatformRights { manage_community: true, moderate_channel: true }
        }
    }

    #[tokio::test]
    async fn a_platform_is_asked_for_what_has_to_be_known_and_for_nothing_else() {
        let wrote = EventKind::Wrote(TypedLine::Whole);
        let turned = EventKind::Turned { seen_by: SeenBy::Everyone, by: Asker::Unknown };
        for (kind, command, channels, asked) in [
            (wrote, "about", &[][..], (0, 0)),
            (wrote, "about", &["1"], (1, 0)),
            (wrote, "about", &["2"], (0, 0)),
            (wrote, "settings", &[], (1, 1)),
            (wrote, "settings", &["1"], (1, 1)),
            (wrote, "settings", &["2"], (1, 1)),
            (wrote, "watch", &["3"], (1, 0)),
            (wrote, "watch", &[], (0, 1)),
            (turned, "about", &["1"], (1, 1)),
            (turned, "about", &[], (0, 1)),
        ] {
            let channels = channels.iter().map(|&channel| channel.to_owned()).collect();
            let settings = CommunitySettings { channels, ..CommunitySettings::default() };
            let place = ChatPlace {
                community: Some("discord:9".to_owned()),
                channel: "2".to_owned(),
                parent: Parent::Unknown,
                presence: Presence::Member,
            };
            let facts = Thread::default();
            let settled = settle_by(&settings, ChatEvent { kind, place }, find(command), &facts).await;
            let counted = (facts.parents.load(Ordering::Relaxed), facts.rights.load(Ordering::Relaxed));
            assert_eq!(counted, asked, "{command} {settings:?}");
            assert!(!matches!(settled.verdict, Verdict::Needs(_)));
        }
    }
}
