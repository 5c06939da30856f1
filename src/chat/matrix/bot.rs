//! The bot's parts, and what it does with each thing that happens in a room.

use std::sync::{Arc, Mutex};

use matrix_sdk::{
    Client, Room,
    ruma::{OwnedUserId, UserId},
};

use super::{
    event::RoomEvent,
    heard::{RoomMember, place_of},
    invites::Invitations,
    progress::Progress,
    queues::{Job, Queues},
    reviews::Reviews,
    undecrypted::Undecrypted,
};
use crate::{
    config::MatrixConfig,
    desk::{ChatOrigin, Invocation, Request, worker_pool::DeskHandle},
    frontend::{Admitted, ChatEvent, EventKind, Verdict, admit, settle},
    model::{Identity, Platform},
};

/// How many entries a page has.
const PAGE_SIZE: usize = 3;

/// The power level from which one may set how the bot behaves in a room: that of moderators, by the
/// convention that the specification's defaults for kicking and banning set.
const MODERATOR: i64 = 50;

/// The bot, signed in.
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) client: Client,
    pub(super) handle: DeskHandle,
    pub(super) config: MatrixConfig,
    /// The bot's own whole user id.
    pub(super) id: OwnedUserId,
    /// The bot's display name, which clients put in place of its id.
    pub(super) name: Mutex<Option<String>>,
    pub(super) progress: Arc<Progress>,
    pub(super) undecrypted: Undecrypted,
    pub(super) invitations: Invitations,
    pub(super) reviews: Reviews,
    pub(super) queues: Queues,
}

impl Bot {
    pub(super) fn new(client: Client, handle: DeskHandle, config: MatrixConfig, id: OwnedUserId) -> Arc<Self> {
        Arc::new(Self {
            client,
            handle,
            config,
            id,
            name: Mutex::default(),
            progress: Arc::default(),
            undecrypted: Undecrypted::default(),
            invitations: Invitations::default(),
            reviews: Reviews::default(),
            queues: Queues::default(),
        })
    }

    pub(super) async fn work(self: &Arc<Self>, room: &Room, job: Job) {
        match job {
            Job::RoomEvent(event) => self.happened(room, event).await,
            Job::Gap(gap) => self.look_back(room, gap).await,
            Job::Late { events, message } => {
                for event in events {
                    self.happened(room, event).await;
                }
                // What could not be said, as the session has ended, comes again from the record.
                if !self.progress.is_halted() {
                    self.forget_undecryptable(message).await;
                }
            }
            Job::Alone => self.leave_if_alone(room).await,
        }
    }

    /// Works on one event.
    pub(super) async fn happened(&self, room: &Room, event: RoomEvent) {
        match event {
            RoomEvent::Said(said) if self.is_reason(room, &said) => self.reason_given(room, &said).await,
            RoomEvent::Said(said) => self.asked(room, said).await,
            RoomEvent::Edited { original, said } => self.edited(room, original, said).await,
            RoomEvent::Redacted { event } => self.redacted(room, event).await,
            RoomEvent::Reacted { id, sender, message, key, age: _ } if self.is_decision(&message, &key) => {
                self.decided(room, &id, &sender, &message, &key).await;
            }
            RoomEvent::Reacted { id, sender, message, key, age: _ } => {
                self.reacted(room, id, sender, message, key).await
            }
            RoomEvent::Upgraded { sender, successor } => self.upgraded(room, &sender, &successor).await,
        }
    }

    /// Decides on what someone did in a room, and makes the request of it. `None` where the id is none.
    pub(super) async fn settle(
        &self,
        room: &Room,
        user: &str,
        kind: EventKind,
        ask: Invocation,
    ) -> Option<(Verdict, Request)> {
        let event = ChatEvent { kind, place: place_of(room) };
        let facts = RoomMember { bot: self, room, user };
        let settled = settle(self.handle.desk(), event, ask.command(), &facts).await;
        Some((settled.verdict, request(user, ask, settled.origin)?))
    }

    /// What becomes of a request by the limits.
    pub(super) fn admit(&self, request: &Request, verdict: Verdict) -> Admitted {
        let instead = format!("Ask in a chat of your own with {}.", self.id);
        admit(self.handle.desk(), request, verdict, instead)
    }

    /// Whether someone has a moderator's power in a room.
    pub(super) async fn moderates(&self, room: &Room, user: &str) -> bool {
        let Ok(user) = UserId::parse(user) else { return false };
        match room.get_user_power_level(&user).await {
            Ok(level) => level >= matrix_sdk::ruma::Int::from(MODERATOR as i32),
            Err(error) => {
                tracing::warn!(%error, "a power level could not be read");
                false
            }
        }
    }
}

/// A request as the desk takes it.
pub(super) fn request(user: &str, ask: Invocation, origin: ChatOrigin) -> Option<Request> {
    let actor = Identity::new(Platform::Matrix, user).ok()?;
    let conversation = format!("matrix:{}:{user}", origin.channel);
    Some(Request { actor, conversation, invocation: ask, origin: Some(origin), page_size: PAGE_SIZE })
}
