//! Whom the bot doesn't hear, held in memory: every message of every community is held against it before
//! anything is done for it.

use std::sync::{PoisonError, RwLock};

use jiff::Timestamp;

use super::Desk;
use crate::{
    model::Identity,
    store::{BlockList, Failure, Reader},
};

/// What is held; nothing before it was read for the first time.
#[derive(Debug, Default)]
pub(super) struct Blocks(RwLock<Option<BlockList>>);

impl Blocks {
    fn ignores(&self, actor: &Identity, community: Option<&str>, now: Timestamp) -> bool {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(block_list) = held.as_ref().filter(|block_list| !block_list.blocked.is_empty()) else { return false };
        let in_force =
            |subject: &str| block_list.blocked.get(subject).is_some_and(|until| until.is_none_or(|until| until > now));
        let actor = actor.to_string();
        (in_force(&actor) || community.is_some_and(in_force)) && !block_list.admins.contains(&actor)
    }
}

impl Desk {
    /// Whether someone isn't to be heard, or nobody of their community (`platform:id`) is. Costs no more than a
    /// look into memory, and comes before anything is done.
    #[must_use]
    pub fn ignores(&self, actor: &Identity, community: Option<&str>) -> bool {
        self.blocks.ignores(actor, community, self.clock.now())
    }

    /// Whether a community as such isn't to be heard.
    #[must_use]
    pub fn ignores_community(&self, community: &str) -> bool {
        let held = self.blocks.0.read().unwrap_or_else(PoisonError::into_inner);
        let until = held.as_ref().and_then(|block_list| block_list.blocked.get(community));
        until.is_some_and(|until| until.is_none_or(|until| until > self.clock.now()))
    }

    /// Reads whom not to hear, if admins have done anything since: here, on another platform or in another
    /// process.
    ///
    /// # Errors
    /// When it can't be read; then it is as it was.
    pub(super) fn refresh_blocks(&self, records: &Reader<'_>) -> Result<(), Failure> {
        let last = records.last_act()?;
        let is_known = |held: &Option<BlockList>| held.as_ref().is_some_and(|block_list| block_list.act == last);
        if !is_known(&self.blocks.0.read().unwrap_or_else(PoisonError::into_inner)) {
            self.read_blocks(records)?;
        }
        Ok(())
    }

    /// Reads whom not to hear.
    ///
    /// # Errors
    /// When it can't be read; then it is as it was.
    pub(super) fn read_blocks(&self, records: &Reader<'_>) -> Result<(), Failure> {
        let block_list = records.block_list(&self.authority())?;
        *self.blocks.0.write().unwrap_or_else(PoisonError::into_inner) = Some(block_list);
        Ok(())
    }
}
