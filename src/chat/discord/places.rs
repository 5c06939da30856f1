//! What places are called, and which of them are threads as far as that is known.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serenity::all::{AuthorizingIntegrationOwner, AuthorizingIntegrationOwners, InteractionContext};

use crate::frontend::{ChatPlace, Parent, Presence};

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
    ChatPlace { community: guild.map(community), channel: channel.to_string(), parent, presence: Presence::Member }
}

/// What the bot is where an interaction comes from: with nobody there who has installed it but the one who acts, it is
/// no member; nor is it in what others say to one another in private.
pub(super) fn presence(owners: &AuthorizingIntegrationOwners, context: Option<InteractionContext>) -> Presence {
    let of_server = |owner: &AuthorizingIntegrationOwner| matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_));
    match context {
        Some(InteractionContext::PrivateChannel) => Presence::Guest,
        Some(InteractionContext::Guild) if !owners.0.is_empty() && !owners.0.iter().any(of_server) => Presence::Guest,
        _ => Presence::Member,
    }
}

/// The name of a community of Discord's in the store.
pub(super) fn community(guild: u64) -> String {
    format!("discord:{guild}")
}
