//! What places are called, and which of them are threads as far as that is known.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::frontend::{ChatPlace, Parent};

/// How many channels are remembered.
const KEPT: usize = 10_000;

/// The channels that threads belong to; other channels belong to themselves.
#[derive(Debug, Default)]
pub(super) struct Places(Mutex<HashMap<u64, u64>>);

impl Places {
    pub(super) fn get(&self, channel: u64) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&channel).copied()
    }

    pub(super) fn put(&self, channel: u64, home: u64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(channel, home);
    }
}

/// The place of a channel, of which it isn't known yet whether it is a thread.
pub(super) fn place_of(guild: Option<u64>, channel: u64) -> ChatPlace {
    let parent = if guild.is_some() { Parent::Unknown } else { Parent::None };
    ChatPlace { community: guild.map(community), channel: channel.to_string(), parent }
}

/// The name of a community of Discord's in the store.
pub(super) fn community(guild: u64) -> String {
    format!("discord:{guild}")
}
