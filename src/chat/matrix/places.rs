//! What rooms are called in the records, and which are private conversations.

use matrix_sdk::Room;

use crate::frontend::{ChatPlace, Parent, Presence};

/// The place that a room is. Threads on Matrix are of messages and not of rooms.
pub(super) fn place_of(room: &Room) -> ChatPlace {
    ChatPlace {
        community: community(room),
        channel: room.room_id().to_string(),
        parent: Parent::None,
        presence: Presence::Member,
    }
}

/// The name of a room in the store, as a community of its own; none in a private conversation.
pub(super) fn community(room: &Room) -> Option<String> {
    (!is_direct(room)).then(|| community_id(room.room_id().as_str()))
}

/// The name of the room with this id in the store.
pub(super) fn community_id(room: &str) -> String {
    format!("matrix:{room}")
}

/// Whether only one person and the bot are in a room that nobody has named: then whatever is said is said
/// to the bot.
pub(super) fn is_direct(room: &Room) -> bool {
    room.active_members_count() <= 2 && room.name().is_none() && room.canonical_alias().is_none()
}
