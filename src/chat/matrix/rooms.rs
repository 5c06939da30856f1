//! Leaving rooms, and following them where they go.

use matrix_sdk::{
    Room,
    ruma::{
        OwnedServerName, RoomId, RoomOrAliasId, UserId,
        api::client::{membership::get_member_events, state::get_state_event_for_key},
        events::{StateEventType, room::member::MembershipState},
    },
};
use serde_json::Value;

use super::{bot::MatrixBot, places::community_id};
use crate::model::{Identity, Platform};

impl MatrixBot {
    /// Leaves a room and lets the homeserver forget that the bot was there.
    pub(super) async fn leave(&self, room: &Room) {
        if let Err(error) = room.leave().await {
            tracing::warn!(matrix.room = %room.room_id(), %error, "a room could not be left");
            return;
        }
        if let Err(error) = room.forget().await {
            tracing::debug!(matrix.room = %room.room_id(), %error, "a room was left but not forgotten");
        }
    }

    /// Leaves a room in which nobody else is and to which nobody is invited.
    pub(super) async fn leave_if_alone(&self, room: &Room) {
        let mut request = get_member_events::v3::Request::new(room.room_id().to_owned());
        request.not_membership = Some(MembershipState::Leave);
        let members = match self.client.send(request).await {
            Ok(response) => response.chunk,
            Err(error) => {
                tracing::info!(matrix.room = %room.room_id(), %error, "who is in a room could not be read; the bot stays");
                return;
            }
        };
        let is_other = |member: &Value| {
            // Who knocks can be let in by nobody then.
            member["state_key"] != self.id.as_str()
                && !matches!(member["content"]["membership"].as_str(), Some("ban" | "knock"))
        };
        if members.iter().any(|member| serde_json::from_str(member.json().get()).is_ok_and(|member| is_other(&member)))
        {
            return;
        }
        tracing::info!(matrix.room = %room.room_id(), "left a room that everyone else has left");
        self.leave(room).await;
    }

    /// A room was upgraded: the bot goes along, if the new room says that it follows on the old one.
    pub(super) async fn upgraded(&self, room: &Room, sender: &str, successor: &str) {
        let (Ok(new), Ok(sender)) = (RoomId::parse(successor), UserId::parse(sender)) else { return };
        if self.client.get_room(&new).is_some_and(|known| known.state() == matrix_sdk::RoomState::Joined) {
            return;
        }
        let via: Vec<OwnedServerName> = vec![sender.server_name().to_owned()];
        let joined = self.client.join_room_by_id_or_alias(<&RoomOrAliasId>::from(&*new), &via).await;
        match joined {
            Ok(there) if self.follows_on(&new, room.room_id()).await => self.moved(room, &there, &sender).await,
            Ok(there) => {
                tracing::warn!(matrix.room = %new, "a room was said to follow on another, and doesn't say so itself; it was left");
                self.leave(&there).await;
            }
            // Then someone has to invite the bot, which is always accepted.
            Err(error) => {
                tracing::info!(matrix.room = %new, %error, "the room that follows on another can't be entered")
            }
        }
    }

    /// Takes along what was set in the old room, and leaves it.
    pub(super) async fn moved(&self, old: &Room, new: &Room, by: &UserId) {
        tracing::info!(matrix.room = %old.room_id(), matrix.successor = %new.room_id(), "followed a room that was upgraded");
        let (from, to) = (community_id(old.room_id().as_str()), community_id(new.room_id().as_str()));
        if let Ok(by) = Identity::new(Platform::Matrix, by.as_str()) {
            self.handle.write(move |desk| desk.moved(&from, &to, &by)).await;
        }
        self.leave(old).await;
    }

    /// The room that the bot is in and that this one follows on.
    pub(super) fn predecessor(&self, successor: &RoomId) -> Option<Room> {
        let leads_here = |room: &Room| room.successor_room().is_some_and(|next| next.room_id == successor);
        self.client.joined_rooms().into_iter().find(leads_here)
    }

    async fn follows_on(&self, new: &RoomId, old: &RoomId) -> bool {
        let request =
            get_state_event_for_key::v3::Request::new(new.to_owned(), StateEventType::RoomCreate, String::new());
        match self.client.send(request).await {
            Ok(response) => {
                let create: Value = serde_json::from_str(response.event_or_content.get()).unwrap_or_default();
                let content = create.get("content").filter(|content| content.is_object()).unwrap_or(&create);
                content["predecessor"]["room_id"] == old.as_str()
            }
            Err(error) => {
                tracing::warn!(%error, "where a room comes from could not be read");
                false
            }
        }
    }
}
