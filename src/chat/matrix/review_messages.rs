//! The bot's messages under which one may decide on a change.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::desk::reviews::ReviewMessage;

/// The bot's messages under which one may decide, in memory, as every reaction of every room is held against them.
#[derive(Debug, Default)]
pub(super) struct Reviews(Mutex<HashMap<String, ReviewMessage>>);

impl Reviews {
    pub(super) fn get(&self, message: &str) -> Option<ReviewMessage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(message).cloned()
    }

    pub(super) fn put(&self, message: ReviewMessage) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(message.message.clone(), message);
    }

    pub(super) fn take(&self, message: &str) -> Option<ReviewMessage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(message)
    }
}
