//! Messages that came before their key. They wait in memory; when the key comes each is worked on once,
//! and when it doesn't come the room is told, once a day.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use matrix_sdk::{
    Room,
    deserialized_responses::TimelineEventKind,
    ruma::{EventId, OwnedRoomId, events::AnySyncTimelineEvent, serde::Raw},
};

use super::{
    bot::{Bot, Job},
    send::Cause,
};

/// How many messages wait for their keys at most; the oldest give way.
const KEPT: usize = 1_000;

/// How long a key may be on its way before the room is told.
const GRACE: Duration = Duration::from_secs(10);

/// How often a room is told at most.
const QUIET: Duration = Duration::from_secs(24 * 60 * 60);

/// A message without a key.
#[derive(Debug, Clone)]
pub(super) struct Message {
    room: Room,
    session: String,
    event: Raw<AnySyncTimelineEvent>,
}

impl Message {
    pub(super) fn new(room: &Room, session: &str, event: Raw<AnySyncTimelineEvent>) -> Self {
        Self { room: room.clone(), session: session.to_owned(), event }
    }

    fn id(&self) -> Option<String> {
        self.event.get_field("event_id").ok().flatten()
    }
}

#[derive(Debug, Default)]
pub(super) struct Undecrypted {
    waiting: Mutex<Vec<Message>>,
    told: Mutex<HashMap<OwnedRoomId, Instant>>,
    /// The rooms that are about to be told.
    watched: Mutex<HashSet<OwnedRoomId>>,
}

impl Undecrypted {
    fn keep(&self, message: Message) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= KEPT {
            waiting.remove(0);
        }
        waiting.push(message);
    }

    /// Takes the messages that a key belongs to.
    fn take(&self, room: &OwnedRoomId, session: &str) -> Vec<Message> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, rest) =
            waiting.drain(..).partition(|message| message.room.room_id() == room && message.session == session);
        *waiting = rest;
        found
    }

    /// The messages of a room that wait.
    fn of(&self, room: &OwnedRoomId) -> Vec<Message> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().filter(|message| message.room.room_id() == room).cloned().collect()
    }

    /// Whether a room is to be told now.
    fn is_news(&self, room: &OwnedRoomId, now: Instant) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| now.duration_since(*at) < QUIET);
        told.insert(room.clone(), now).is_none()
    }
}

impl Bot {
    /// A message came without its key.
    pub(super) fn could_not_read(self: &Arc<Self>, message: Message) {
        let room = message.room.room_id().to_owned();
        self.undecrypted.keep(message);
        if self.undecrypted.watched.lock().unwrap_or_else(PoisonError::into_inner).insert(room.clone()) {
            tokio::spawn(Arc::clone(self).watch(room));
        }
    }

    /// Gives the keys of a room's messages some time, then tells the room if any didn't come.
    async fn watch(self: Arc<Self>, room: OwnedRoomId) {
        // A key may have come between the message and its being noted.
        for pause in [Duration::ZERO, GRACE] {
            tokio::time::sleep(pause).await;
            for message in self.undecrypted.of(&room) {
                self.retry(message).await;
            }
        }
        self.undecrypted.watched.lock().unwrap_or_else(PoisonError::into_inner).remove(&room);
        let Some(message) = self.undecrypted.of(&room).pop() else { return };
        if self.undecrypted.is_news(&room, Instant::now()) {
            tracing::warn!(matrix.room = %room, "a message can't be decrypted: its key has not come");
            let sentence = "I could not decrypt a message here: its key has not reached me, mostly because it was \
                sent before the sender's app knew me. If it was for me, send it again.";
            let id = message.id().unwrap_or_default();
            self.say(&message.room, sentence, Cause { event: &id, way: "undecrypted" }).await;
        }
    }

    /// Follows the keys that come in. Ends with the client.
    pub(super) async fn follow_keys(self: Arc<Self>) {
        let Some(keys) = self.client.encryption().room_keys_received_stream().await else { return };
        let mut keys = std::pin::pin!(keys);
        while let Some(received) = keys.next().await {
            let messages = match received {
                Ok(keys) => keys.iter().flat_map(|key| self.undecrypted.take(&key.room_id, &key.session_id)).collect(),
                // Some were missed: all are tried.
                Err(_) => std::mem::take(&mut *self.undecrypted.waiting.lock().unwrap_or_else(PoisonError::into_inner)),
            };
            for message in messages {
                self.undecrypted.keep(message.clone());
                self.retry(message).await;
            }
        }
    }

    /// Tries a message that waits; what can be read now is worked on, and waits no longer.
    async fn retry(self: &Arc<Self>, message: Message) {
        let Ok(decrypted) = message.room.decrypt_event(message.event.cast_ref_unchecked(), None).await else { return };
        if matches!(decrypted.kind, TimelineEventKind::UnableToDecrypt { .. }) {
            return;
        }
        let Some(id) = message.id().filter(|id| EventId::parse(id).is_ok()) else { return };
        {
            let mut waiting = self.undecrypted.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let before = waiting.len();
            waiting.retain(|other| other.id().as_deref() != Some(&id));
            // Someone else was quicker.
            if waiting.len() == before {
                return;
            }
        }
        // The place in the events has gone on since; should the program end now, the key comes to a
        // program that doesn't know of the message.
        let task = self.progress.begin_late();
        for event in self.sort(&message.room, &[decrypted]).events {
            self.take(&message.room, Job::Event(event), task.another());
        }
    }
}
