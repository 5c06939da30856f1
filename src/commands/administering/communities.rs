//! Where a request comes from, and what its community has set: kept in memory, as every message of
//! every community is held against it.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use jiff::Timestamp;

use crate::{
    model::Identity,
    store::{CommunitySettings, Failure, Store},
};

/// Where in a chat a request comes from, and what the platform says of the one who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatOrigin {
    /// The community, `platform:id`; `None` in a private conversation.
    pub community: Option<String>,
    /// The channel or thread, by its id on the platform.
    pub channel: String,
    /// The channel that it is a thread of, where that had to be known.
    pub parent: Option<String>,
    /// Whether the one who asks may change the community's settings. It gives no rights over the
    /// records.
    pub may_manage_community: bool,
    /// Whether the one who asks moderates the channel, and may so have it told of what is watched. It gives
    /// no rights over the records or the community's settings.
    pub may_moderate_channel: bool,
    /// Who sees the answer.
    pub seen_by: SeenBy,
}

/// Who sees an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenBy {
    /// Everyone in its place.
    Everyone,
    /// The one who asked for it.
    AskerAlone,
}

impl ChatOrigin {
    /// The channel that a place counts as: of a thread, the one that it belongs to, where that had to be known.
    #[must_use]
    pub fn home(&self) -> &str {
        self.parent.as_deref().unwrap_or(&self.channel)
    }
}

/// The settings of all communities.
#[derive(Debug, Default)]
pub struct Communities(RwLock<HashMap<String, CommunitySettings>>);

impl Communities {
    /// Reads them from the store.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn load(&self, store: &Store) -> Result<(), Failure> {
        let read = store.reader()?.communities()?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(())
    }

    /// The settings of a community; the defaults where it has none.
    #[must_use]
    pub fn of(&self, id: &str) -> CommunitySettings {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned().unwrap_or_default()
    }

    /// Writes a community's settings, and has them in force from now on.
    ///
    /// # Errors
    /// When they can't be written; then the old ones are in force.
    pub fn change(
        &self,
        store: &Store,
        id: &str,
        settings: CommunitySettings,
        by: &Identity,
        at: Timestamp,
    ) -> Result<(), Failure> {
        store.set_community(id, &settings, by, at)?;
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), settings);
        Ok(())
    }
}
