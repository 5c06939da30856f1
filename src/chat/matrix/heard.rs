//! Which events are for the bot, and by what a room calls it.

use std::sync::PoisonError;

use matrix_sdk::Room;

use super::{
    asked::{RoomAddressing, read},
    bot::MatrixBot,
    event::{RoomEvent, Said},
    places::{community, community_id, is_direct},
};
use crate::{frontend, model::Platform};

/// How many display names of the bot's own are kept. The limit is ours.
const NAMES: usize = 16;

impl MatrixBot {
    /// Whether an event is for the bot at all; answered from memory, as every event of every room comes
    /// by here.
    pub(super) fn concerns(&self, room: &Room, event: &RoomEvent) -> bool {
        let recent = |age: Option<u64>| age.is_none_or(|age| u128::from(age) <= self.config.max_age.as_millis());
        match event {
            RoomEvent::Said(Said { sender, .. })
            | RoomEvent::Edited { said: Said { sender, .. }, .. }
            | RoomEvent::Reacted { sender, .. }
                if !self.hears(room, sender) =>
            {
                false
            }
            RoomEvent::Said(said) if self.is_reason(room, said) => recent(said.age),
            RoomEvent::Said(said) | RoomEvent::Edited { said, .. } => {
                said.sender != self.id && recent(said.age) && self.line(room, said).is_some()
            }
            RoomEvent::Redacted { .. } => true,
            RoomEvent::Reacted { sender, key, age, message, .. } => {
                let asks = self.press(key).is_some() || self.is_decision(message, key);
                *sender != self.id && recent(*age) && asks
            }
            RoomEvent::Upgraded { .. } => {
                frontend::hears_community(self.handle.desk(), &community_id(room.room_id().as_str()))
            }
        }
    }

    /// Whether someone is heard at all: looked at in memory, before anything is done for an event.
    pub(super) fn hears(&self, room: &Room, user: &str) -> bool {
        frontend::hears(self.handle.desk(), Platform::Matrix, user, community(room).as_deref())
    }

    /// The line that a message asks; `None` when it isn't for the bot.
    pub(super) fn line(&self, room: &Room, said: &Said) -> Option<String> {
        let direct = is_direct(room);
        let prefix = self.prefix_in(community(room).as_deref());
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner).clone();
        read(said, RoomAddressing { prefix: prefix.as_deref(), bot: self.id.as_str(), names: &names, direct })
    }

    /// Notes a display name of the bot's own, which may be one that it has in a room alone.
    pub(super) fn is_called(&self, name: &str) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if !name.trim().is_empty() && names.first().is_none_or(|latest| latest != name) {
            names.retain(|known| known != name);
            names.insert(0, name.to_owned());
            names.truncate(NAMES);
        }
    }

    /// What stands before commands in a community.
    pub(super) fn prefix_in(&self, community: Option<&str>) -> Option<String> {
        let default = self.config.prefix.clone();
        frontend::prefix_of(self.handle.desk(), community).or(default)
    }

    /// The same for what is shown: without a prefix the bot's name stands before a request.
    pub(super) fn shown_prefix(&self, room: &Room) -> String {
        if is_direct(room) && self.config.prefix.is_none() {
            return String::new();
        }
        self.prefix_in(community(room).as_deref()).unwrap_or_else(|| format!("{} ", self.id))
    }
}
