//! What outlives a restart: how far a chat was worked through, which page each answer shows, and what
//! a community has set when it moves to another room.

use super::{ChatMemory, Desk};
pub use crate::store::AnswerPage;
use crate::store::Failure as MemoryError;
use crate::{
    model::{Identity, Platform},
    store::CommunitySettings,
};

impl ChatMemory<'_> {
    /// The place in a platform's events up to which everything is done.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn chat_position(&self, platform: Platform, account: &str) -> Result<Option<String>, MemoryError> {
        self.store.reader()?.chat_position(platform, account)
    }

    /// Notes up to where everything is done.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn reached(&self, platform: Platform, account: String, position: String) -> Result<(), MemoryError> {
        self.store.set_chat_position(platform, account, position, self.now)
    }

    /// The page that an answer shows.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn page(&self, platform: Platform, answer: &str) -> Result<Option<AnswerPage>, MemoryError> {
        self.store.reader()?.answer_page(platform, answer)
    }

    /// The last page that someone was shown in a channel.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn last_page(&self, platform: Platform, channel: &str, asker: &str) -> Result<Option<AnswerPage>, MemoryError> {
        self.store.reader()?.last_page(platform, channel, asker)
    }

    /// Notes which page an answer shows.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep_page(&self, page: AnswerPage) -> Result<(), MemoryError> {
        self.store.keep_page(page)
    }

    /// Forgets the page of an answer.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_page(&self, platform: Platform, answer: String) -> Result<(), MemoryError> {
        self.store.forget_page(platform, answer)
    }
}

impl Desk {
    /// Gives a community that has moved what was set where it was, unless it has set something itself.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn moved(&self, from: &str, to: &str, by: &Identity) -> Result<(), MemoryError> {
        let settings = self.communities.of(from);
        if settings == CommunitySettings::default() || self.communities.of(to) != CommunitySettings::default() {
            return Ok(());
        }
        self.communities.change(&self.store, to, settings, by, self.clock.now())
    }
}
