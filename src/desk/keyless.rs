//! Which messages a chat could not read yet, as their key hadn't come.

use jiff::Timestamp;

use super::Desk;
use crate::model::Platform;
pub use crate::store::KeylessMessage;
use crate::store::StoreError as MemoryError;

impl Desk {
    /// The messages that wait for their key, oldest first.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn keyless(&self, platform: Platform, account: &str) -> Result<Vec<KeylessMessage>, MemoryError> {
        self.store.reader()?.keyless(platform, account)
    }

    /// Keeps messages that wait for their key, and forgets those that were written before `oldest`.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn keep_keyless(
        &self,
        platform: Platform,
        account: String,
        messages: Vec<KeylessMessage>,
        oldest: Timestamp,
    ) -> Result<(), MemoryError> {
        self.store.keep_keyless(platform, account, messages, oldest)
    }

    /// Forgets a message that waits no longer.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_keyless(&self, platform: Platform, account: String, message: String) -> Result<(), MemoryError> {
        self.store.forget_keyless(platform, account, message)
    }
}
