//! What someone in a room asks for, and what the platform lets them do there.

use matrix_sdk::{Room, ruma::UserId};

use super::{bot::MatrixBot, places::place_of};
use crate::{
    desk::{Invocation, Request},
    frontend::{
        Admitted, ChatEvent, Departure, EventKind, Facts, PlatformRights, Verdict, admit, departure, request, settle,
    },
    model::Platform,
};

/// The power level from which one may set how the bot behaves in a room: that of moderators, by the
/// convention that the specification's defaults for kicking and banning set.
const MODERATOR: i64 = 50;

/// Someone in a room.
#[derive(Debug, Clone, Copy)]
struct RoomMember<'a> {
    bot: &'a MatrixBot,
    room: &'a Room,
    user: &'a str,
}

impl Facts for RoomMember<'_> {
    async fn parent(&self) -> Option<String> {
        None
    }

    async fn rights(&self) -> PlatformRights {
        let is_moderator = self.bot.moderates(self.room, self.user).await;
        PlatformRights { manage_community: is_moderator, moderate_channel: is_moderator }
    }

    async fn is_ignored(&self) -> bool {
        match UserId::parse(self.user) {
            Ok(user) => self.bot.client.is_user_ignored(&user).await,
            Err(_) => true,
        }
    }
}

impl MatrixBot {
    /// Decides on what someone did in a room, and makes the request of it. `None` where the id is none.
    pub(super) async fn settle(
        &self,
        room: &Room,
        user: &str,
        kind: EventKind,
        ask: Invocation,
    ) -> Option<(Verdict, Request)> {
        let event = ChatEvent { kind, place: place_of(room) };
        let facts = RoomMember { bot: self, room, user };
        let settled = settle(self.handle.desk(), event, ask.command(), &facts).await;
        Some((settled.verdict, request(Platform::Matrix, user, settled.origin, ask)?))
    }

    /// What becomes of the word that sends the bot away from a room.
    pub(super) async fn departure(&self, room: &Room, user: &str) -> Departure {
        let moderators = format!("those with a power level of {MODERATOR} or more");
        departure(&place_of(room), &RoomMember { bot: self, room, user }, &moderators).await
    }

    /// What becomes of a request by the limits.
    pub(super) fn admit(&self, request: &Request, verdict: Verdict) -> Admitted {
        let instead = format!("Ask in a chat of your own with {}.", self.id);
        admit(self.handle.desk(), request, verdict, instead)
    }

    /// Whether someone has a moderator's power in a room.
    pub(super) async fn moderates(&self, room: &Room, user: &str) -> bool {
        let Ok(user) = UserId::parse(user) else { return false };
        match room.get_user_power_level(&user).await {
            Ok(level) => level >= matrix_sdk::ruma::Int::from(MODERATOR as i32),
            Err(error) => {
                tracing::warn!(%error, "a power level could not be read");
                false
            }
        }
    }
}
