//! What chats keep between one event and the next, and over restarts: how far they were worked through, what each of
//! the bot's messages shows, and what waits. Their own files say which is which; none of it is of the records.

use jiff::Timestamp;

use super::Desk;
use crate::store::Store;

/// What chats keep: for front ends that go on where they were.
#[derive(Debug, Clone, Copy)]
pub struct ChatMemory<'a> {
    pub(super) store: &'a Store,
    pub(super) now: Timestamp,
}

impl Desk {
    /// What chats keep.
    #[must_use]
    pub fn memory(&self) -> ChatMemory<'_> {
        ChatMemory { store: &self.store, now: self.clock.now() }
    }
}
