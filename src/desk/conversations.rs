//! What the last answer in each conversation leads on to. Kept in memory: it holds no words of
//! people beyond their last question, and is gone when the program ends.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;

use crate::reply::CommandCall;

/// How many conversations are remembered; beyond that the longest silent one is forgotten. (That it isn't zero is found
/// out by the compiler.)
const LIMIT: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

#[derive(Debug)]
pub(super) struct Conversations(Mutex<LruCache<String, CommandCall>>);

impl Default for Conversations {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(LIMIT)))
    }
}

impl Conversations {
    /// The call for the page after the last answer.
    pub(super) fn next_page(&self, conversation: &str) -> Option<CommandCall> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(conversation).cloned()
    }

    /// Remembers where the answer just given leads on to, or that it doesn't.
    pub(super) fn remember(&self, conversation: &str, next_page: Option<CommandCall>) {
        let mut conversations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match next_page {
            Some(ask) => conversations.put(conversation.to_owned(), ask),
            None => conversations.pop(conversation),
        };
    }
}
