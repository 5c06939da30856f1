//! Messages that came before their key. They wait, and where they are is on record, so that they wait on
//! after a restart; when the key comes each is worked on once, and when it doesn't come the room is told,
//! once a day.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use matrix_sdk::{
    Room, RoomState,
    deserialized_responses::{TimelineEvent, TimelineEventKind, UnableToDecryptReason, WithheldCode},
    ruma::{EventId, OwnedRoomId, RoomId, api::error::ErrorKind},
};

use super::{bot::MatrixBot, places::is_direct, queues::RoomJob, send::Cause, undecrypted::Message};
use crate::{
    desk::undecryptable::UndecryptableMessage,
    frontend::{MissingKey, Unreadable},
    model::Platform,
};

/// How long a key may be on its way before the room is told.
const GRACE: Duration = Duration::from_secs(10);

/// How long after a start the messages that waited before are tried again, if they could not be fetched.
const PAUSE: Duration = Duration::from_secs(5);

/// Why a message can't be decrypted, as its sender's app has said.
async fn missing_key(message: &Message) -> MissingKey {
    let decrypted = message.room.decrypt_event(message.event.cast_ref_unchecked(), None).await;
    let reason = match decrypted.map(|decrypted| decrypted.kind) {
        Ok(TimelineEventKind::UnableToDecrypt { utd_info, .. }) => utd_info.reason,
        Ok(_) | Err(_) => return MissingKey::Late,
    };
    match reason {
        UnableToDecryptReason::MissingMegolmSession { withheld_code: Some(code) } => match code {
            WithheldCode::Unverified => MissingKey::Unverified,
            WithheldCode::Blacklisted => MissingKey::ShutOut,
            WithheldCode::Unauthorised | WithheldCode::HistoryNotShared => MissingKey::SentBefore,
            WithheldCode::NoOlm => MissingKey::NoChannel,
            _ => MissingKey::Late,
        },
        UnableToDecryptReason::UnknownMegolmMessageIndex => MissingKey::SentBefore,
        _ => MissingKey::Late,
    }
}

impl MatrixBot {
    /// The time before which nothing is answered any more.
    fn oldest(&self) -> Timestamp {
        let age = SignedDuration::try_from(self.config.max_age).unwrap_or(SignedDuration::MAX);
        Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN)
    }

    /// Messages came without their key. Done when they are on record.
    pub(super) async fn could_not_read(self: &Arc<Self>, messages: Vec<Message>) {
        if messages.is_empty() {
            return;
        }
        let of = |message: &Message| UndecryptableMessage {
            channel: message.room.room_id().to_string(),
            message: message.id.clone(),
            at: message.at,
        };
        let (account, known, oldest) = (self.id.to_string(), messages.iter().map(of).collect(), self.oldest());
        self.handle.write(move |desk| desk.memory().keep_undecryptable(Platform::Matrix, account, known, oldest)).await;
        let rooms: HashSet<OwnedRoomId> = messages.iter().map(|message| message.room.room_id().to_owned()).collect();
        self.undecrypted.keep(messages, oldest);
        for room in rooms {
            if self.undecrypted.watched.lock().unwrap_or_else(PoisonError::into_inner).insert(room.clone()) {
                tokio::spawn(Arc::clone(self).watch(room));
            }
        }
    }

    /// Gives the keys of a room's messages some time, then tells the room if any didn't come.
    async fn watch(self: Arc<Self>, room: OwnedRoomId) {
        let of_room = |message: &Message| message.room.room_id() == room;
        // A key may have come between the message and its being noted.
        for pause in [Duration::ZERO, GRACE] {
            tokio::time::sleep(pause).await;
            for message in self.undecrypted.those(of_room) {
                self.retry(message).await;
            }
        }
        self.undecrypted.watched.lock().unwrap_or_else(PoisonError::into_inner).remove(&room);
        let mut likely = None;
        for message in self.undecrypted.those(of_room).into_iter().rev() {
            if likely.is_none() && self.unreadable(&message).await.is_likely_a_question() {
                likely = Some(message);
            }
        }
        let Some(message) = likely else { return };
        if self.undecrypted.is_news(&room, Instant::now()) {
            let why = missing_key(&message).await;
            tracing::warn!(matrix.room = %room, ?why, "a message can't be decrypted");
            self.say(&message.room, why.sentence(), Cause { event: &message.id, way: "undecrypted" }).await;
        }
    }

    /// What is known of a message that can't be decrypted: to whom it replies, whose name isn't encrypted.
    async fn unreadable(&self, message: &Message) -> Unreadable {
        let direct = is_direct(&message.room);
        let replied_to = message.reply_to.as_deref().filter(|_| !direct).and_then(|id| EventId::parse(id).ok());
        let answers_bot = match replied_to {
            Some(id) => match message.room.event(&id, None).await {
                Ok(event) => event.sender().is_some_and(|sender| sender == self.id),
                Err(_) => false,
            },
            None => false,
        };
        Unreadable { direct, answers_bot }
    }

    /// Follows the keys that come in. Ends with the client.
    pub(super) async fn follow_keys(self: Arc<Self>) {
        let Some(keys) = self.client.encryption().room_keys_received_stream().await else { return };
        let mut keys = std::pin::pin!(keys);
        while let Some(received) = keys.next().await {
            let messages = self.undecrypted.those(|message| match &received {
                Ok(keys) => {
                    keys.iter().any(|key| key.room_id == message.room.room_id() && key.session_id == message.session)
                }
                // Some were missed: all are tried.
                Err(_) => true,
            });
            for message in messages {
                self.retry(message).await;
            }
        }
    }

    /// Tries a message that waits; what can be read now is worked on, and waits no longer.
    async fn retry(self: &Arc<Self>, message: Message) {
        let Ok(decrypted) = message.room.decrypt_event(message.event.cast_ref_unchecked(), None).await else { return };
        let readable = !matches!(decrypted.kind, TimelineEventKind::UnableToDecrypt { .. });
        // Unless someone else was quicker.
        if readable && self.undecrypted.take(&message.id) {
            self.can_read(&message.room, message.id, message.at, &decrypted);
        }
    }

    /// The key of a message came late: it is worked on if it is still recent. It stays on record until then.
    fn can_read(self: &Arc<Self>, room: &Room, id: String, at: Timestamp, decrypted: &TimelineEvent) {
        let is_recent = at >= self.oldest();
        let events = if is_recent { self.sort(room, std::slice::from_ref(decrypted)).events } else { Vec::default() };
        self.take(room, RoomJob::Late { events, message: id }, self.progress.begin_late());
    }

    /// Forgets a message that waits no longer.
    pub(super) async fn forget_undecryptable(&self, message: String) {
        let account = self.id.to_string();
        self.handle.write(move |desk| desk.memory().forget_undecryptable(Platform::Matrix, account, message)).await;
    }

    /// Takes up the messages that waited for their keys when the bot ended.
    pub(super) async fn take_up_undecryptable(self: Arc<Self>) {
        let account = self.id.to_string();
        let read = self.handle.run(move |desk| desk.memory().undecryptable(Platform::Matrix, &account)).await;
        let Ok(Ok(mut waiting)) = read else {
            tracing::warn!("the messages that waited for their keys could not be read");
            return;
        };
        while !waiting.is_empty() {
            let mut later = Vec::new();
            for message in waiting {
                if !self.take_up(&message).await {
                    later.push(message);
                }
            }
            waiting = later;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Takes up one of them; whether that is done with.
    async fn take_up(self: &Arc<Self>, known: &UndecryptableMessage) -> bool {
        let (room, id) = match (RoomId::parse(&known.channel), EventId::parse(&known.message)) {
            (Ok(room), Ok(id)) if known.at >= self.oldest() => (room, id),
            _ => {
                self.forget_undecryptable(known.message.clone()).await;
                return true;
            }
        };
        // In a new session the rooms are known after the first sync.
        let Some(room) = self.client.get_room(&room) else { return false };
        let event = match room.event(&id, None).await {
            Ok(event) => event,
            Err(error) => {
                let gone = matches!(error.client_api_error_kind(), Some(ErrorKind::NotFound | ErrorKind::Forbidden));
                if gone || room.state() != RoomState::Joined {
                    self.forget_undecryptable(known.message.clone()).await;
                    return true;
                }
                tracing::info!(%error, "a message that waited for its key could not be fetched yet");
                return false;
            }
        };
        let waits = self.sort(&room, std::slice::from_ref(&event)).undecrypted;
        if waits.is_empty() {
            self.can_read(&room, known.message.clone(), known.at, &event);
        } else {
            self.could_not_read(waits).await;
        }
        true
    }
}
