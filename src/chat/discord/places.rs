//! What the bot has to ask Discord about places and people, as it keeps no picture of them: the
//! channel that a thread belongs to, and whether someone manages a server.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{bot::Bot, rest::RestError};

const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_GUILD: u64 = 1 << 5;
const MANAGE_MESSAGES: u64 = 1 << 13;

/// How many channels are remembered.
const KEPT: usize = 10_000;

/// The channels that threads belong to; other channels belong to themselves.
#[derive(Debug, Default)]
pub(super) struct Places(Mutex<HashMap<u64, u64>>);

impl Places {
    fn get(&self, channel: u64) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&channel).copied()
    }

    fn put(&self, channel: u64, home: u64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(channel, home);
    }
}

impl Bot {
    /// The channel that a thread belongs to; of any other channel, itself.
    pub(super) async fn home(&self, channel: u64) -> u64 {
        if let Some(home) = self.places.get(channel) {
            return home;
        }
        match self.rest.get(&format!("/channels/{channel}")).await {
            Ok(found) => {
                let is_thread = matches!(found["type"].as_u64(), Some(10..=12));
                let parent = found["parent_id"].as_str().and_then(|id| id.parse().ok());
                let home = parent.filter(|_| is_thread).unwrap_or(channel);
                self.places.put(channel, home);
                home
            }
            Err(_) => channel,
        }
    }

    /// Whether a member with these roles may manage the server.
    pub(super) async fn manages(&self, guild: u64, user: u64, roles: &[u64]) -> Result<bool, RestError> {
        let found = self.rest.get(&format!("/guilds/{guild}")).await?;
        if found["owner_id"].as_str() == Some(&user.to_string()) {
            return Ok(true);
        }
        let empty = Vec::new();
        let held = found["roles"].as_array().unwrap_or(&empty).iter().filter(|role| {
            let id = role["id"].as_str().and_then(|id| id.parse::<u64>().ok());
            // Everyone's role has the server's own id.
            id.is_some_and(|id| id == guild || roles.contains(&id))
        });
        let permissions = held
            .filter_map(|role| role["permissions"].as_str()?.parse::<u64>().ok())
            .fold(0, |all, permissions| all | permissions);
        Ok(may_manage(permissions))
    }
}

/// Whether these permissions let someone manage a server.
pub(super) const fn may_manage(permissions: u64) -> bool {
    permissions & (ADMINISTRATOR | MANAGE_GUILD) != 0
}

/// Whether these permissions make someone a moderator of a channel.
pub(super) const fn may_moderate(permissions: u64) -> bool {
    permissions & (ADMINISTRATOR | MANAGE_MESSAGES) != 0
}
