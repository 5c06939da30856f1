//! The messages that wait for their keys, in memory.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use matrix_sdk::{
    Room,
    ruma::{OwnedRoomId, RoomId, events::AnySyncTimelineEvent, serde::Raw},
};

/// How many messages wait for their keys at most; the oldest give way.
const KEPT: usize = 1_000;

/// How often a room is told at most.
const QUIET: Duration = Duration::from_secs(24 * 60 * 60);

/// A message without a key.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) room: Room,
    /// The id of the key.
    pub(super) session: String,
    pub(super) id: String,
    pub(super) event: Raw<AnySyncTimelineEvent>,
    /// The message that it replies to.
    pub(super) reply_to: Option<String>,
    /// When it was written, by our clock.
    pub(super) at: Timestamp,
}

#[derive(Debug, Default)]
pub(super) struct Undecrypted {
    waiting: Mutex<Vec<Message>>,
    told: Mutex<HashMap<OwnedRoomId, Instant>>,
    /// The rooms that are about to be told.
    pub(super) watched: Mutex<HashSet<OwnedRoomId>>,
}

impl Undecrypted {
    pub(super) fn keep(&self, messages: Vec<Message>, oldest: Timestamp) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|message| message.at >= oldest);
        for message in messages {
            // After a restart the same may come from the homeserver and from the record.
            if waiting.iter().all(|other| other.id != message.id) {
                waiting.push(message);
            }
        }
        let over = waiting.len().saturating_sub(KEPT);
        waiting.drain(..over);
    }

    /// The messages that wait, as far as they fit.
    pub(super) fn those(&self, fits: impl Fn(&Message) -> bool) -> Vec<Message> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().filter(|message| fits(message)).cloned().collect()
    }

    /// Takes a message out; whether it was there.
    pub(super) fn take(&self, id: &str) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = waiting.len();
        waiting.retain(|message| message.id != id);
        waiting.len() < before
    }

    /// Whether a room is to be told now.
    pub(super) fn is_news(&self, room: &RoomId, now: Instant) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| now.duration_since(*at) < QUIET);
        told.insert(room.to_owned(), now).is_none()
    }
}
