//! What the desk remembers of the answers that chats were given: which message answers which, which
//! entries it shows, and the long questions behind its buttons. No words of anyone beyond those.

use jiff::Timestamp;

use super::Desk;
use crate::model::Platform;
pub use crate::store::{Delivery, StoreError as MemoryError, ask_id};

impl Desk {
    /// The answer that a message got.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn delivery(&self, platform: Platform, question: &str) -> Result<Option<Delivery>, MemoryError> {
        self.store.reader()?.delivery(platform, question)
    }

    /// Remembers answers, all or none, and forgets those of long ago.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn delivered(&self, deliveries: Vec<Delivery>) -> Result<(), MemoryError> {
        self.store.delivered(deliveries)
    }

    /// Forgets an answer that was taken away.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn forget_delivery(&self, platform: Platform, question: &str) -> Result<(), MemoryError> {
        self.store.forget_delivery(platform, question)
    }

    /// Keeps long requests for buttons, and forgets those of long ago.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn keep_asks(&self, words: Vec<String>, at: Timestamp) -> Result<(), MemoryError> {
        self.store.keep_asks(words, at)
    }

    /// The words of a long request.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn kept_ask(&self, id: &str) -> Result<Option<String>, MemoryError> {
        self.store.reader()?.ask(id)
    }
}
