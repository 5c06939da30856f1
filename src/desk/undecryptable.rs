//! Which messages a chat could not read yet, as their key hadn't come.

use jiff::Timestamp;

use super::ChatMemory;
use crate::model::Platform;
use crate::store::Failure as MemoryError;
pub use crate::store::UndecryptableMessage;

impl ChatMemory<'_> {
    /// The messages that wait for their key, oldest first.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn undecryptable(&self, platform: Platform, account: &str) -> Result<Vec<UndecryptableMessage>, MemoryError> {
        self.store.reader()?.undecryptable(platform, account)
    }

    /// Keeps messages that wait for their key, and forgets those that were written before `oldest`.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn keep_undecryptable(
        &self,
        platform: Platform,
        account: String,
        messages: Vec<UndecryptableMessage>,
        oldest: Timestamp,
    ) -> Result<(), MemoryError> {
        self.store.keep_undecryptable(platform, account, messages, oldest)
    }

    /// Forgets a message that waits no longer.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_undecryptable(
        &self,
        platform: Platform,
        account: String,
        message: String,
    ) -> Result<(), MemoryError> {
        self.store.forget_undecryptable(platform, account, message)
    }
}
