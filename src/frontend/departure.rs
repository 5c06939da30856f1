//! Who may send the bot away from a place, by a word that is no command: only places can be left.

use super::{event::ChatPlace, facts::Facts};
use crate::reply::{Outcome, Reply};

/// What becomes of the word that sends the bot away.
#[derive(Debug, Clone)]
pub enum Departure {
    /// The bot leaves.
    Leave,
    /// This is said instead.
    Refuse(Box<Reply>),
    /// Nothing is said.
    Ignore,
}

/// What is said at last.
pub const FAREWELL: &str = "I leave. Invite me again at any time.";

/// What becomes of the word: where only the bot is spoken to whoever speaks may send it away, elsewhere those who
/// moderate. `moderators` is what they are called on the platform.
pub async fn departure(place: &ChatPlace, facts: &impl Facts, moderators: &str) -> Departure {
    if facts.is_ignored().await {
        Departure::Ignore
    } else if place.community.is_none() || facts.rights().await.moderate_channel {
        Departure::Leave
    } else {
        let refusal = Reply::new(Outcome::Misused)
            .heading(format!("Only {moderators} can send me away."))
            .hint("Anyone can ignore me: I answer nobody who doesn't ask.");
        Departure::Refuse(Box::new(refusal))
    }
}

#[cfg(all(test, any(feature = "discord", feature = "matrix")))]
mod tests {
    use super::*;
    use crate::frontend::{Parent, PlatformRights, Presence};

    /// Someone who may do this much.
    #[derive(Debug, Clone, Copy)]
    struct Someone {
        moderates: bool,
        ignored: bool,
    }

    impl Facts for Someone {
        async fn parent(&self) -> Option<String> {
            None
        }

        async fn rights(&self) -> PlatformRights {
            PlatformRights { manage_community: self.moderates, moderate_channel: self.moderates }
        }

        async fn is_ignored(&self) -> bool {
            self.ignored
        }
    }

    #[tokio::test]
    async fn the_bot_is_sent_away_by_who_moderates_or_is_alone_with_it() {
        for (community, moderates, ignored, wanted) in [
            (None, false, false, "leave"),
            (None, false, true, "nothing"),
            (Some("matrix:!a:b"), true, false, "leave"),
            (Some("matrix:!a:b"), false, false, "refused"),
            (Some("matrix:!a:b"), true, true, "nothing"),
        ] {
            let (community, channel) = (community.map(str::to_owned), "!a:b".to_owned());
            let place = ChatPlace { community, channel, parent: Parent::None, presence: Presence::Member };
            let someone = Someone { moderates, ignored };
            let found = match departure(&place, &someone, "moderators").await {
                Departure::Leave => "leave",
                Departure::Refuse(_) => "refused",
                Departure::Ignore => "nothing",
            };
            assert_eq!(found, wanted, "{place:?} {someone:?}");
        }
    }
}
