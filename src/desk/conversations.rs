//! What the last answer in each conversation leads on to. Kept in memory: it holds no words of
//! people beyond their last question, and is gone when the program ends.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::reply::Ask;

/// How many conversations are remembered; beyond that the longest silent one is forgotten.
const LIMIT: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Conversations {
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    next_pages: HashMap<String, (u64, Ask)>,
    clock: u64,
}

impl Conversations {
    /// The request for the page after the last answer.
    pub(super) fn next_page(&self, conversation: &str) -> Option<Ask> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.next_pages.get(conversation).map(|(_, ask)| ask.clone())
    }

    /// Remembers where the answer just given leads on to, or that it doesn't.
    pub(super) fn remember(&self, conversation: &str, next_page: Option<Ask>) {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ask) = next_page else {
            memory.next_pages.remove(conversation);
            return;
        };
        memory.clock += 1;
        let now = memory.clock;
        memory.next_pages.insert(conversation.to_owned(), (now, ask));
        if memory.next_pages.len() > LIMIT {
            let oldest = memory.next_pages.iter().min_by_key(|(_, (at, _))| *at).map(|(name, _)| name.clone());
            if let Some(oldest) = oldest {
                memory.next_pages.remove(&oldest);
            }
        }
    }
}
