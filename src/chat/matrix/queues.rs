//! The bot's queues: one for each room, in order, so that a slow room delays itself alone.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use matrix_sdk::ruma::OwnedRoomId;
use tokio::sync::{Notify, Semaphore};

use super::{event::RoomEvent, progress::Task};
use crate::frontend::Shed;

/// How many rooms are worked on at once.
const AT_ONCE: usize = 64;

/// Something to do in a room.
#[derive(Debug)]
pub(super) enum RoomJob {
    /// An event.
    RoomEvent(RoomEvent),
    /// Events that a sync left out.
    Gap(Gap),
    /// A message whose key came after it, and what it holds for the bot.
    Late { events: Vec<RoomEvent>, message: String },
    /// Perhaps nobody else is there any more.
    Alone,
}

/// A gap between two syncs.
#[derive(Debug)]
pub(super) struct Gap {
    /// Where it ends, for the homeserver.
    pub(super) from: String,
    /// Where it begins, if that is known.
    pub(super) to: Option<String>,
}

/// What waits in each room, and who is at work.
#[derive(Debug)]
pub(super) struct Queues {
    /// The rooms that have something to do, with what waits there.
    pub(super) rooms: Mutex<HashMap<OwnedRoomId, VecDeque<(RoomJob, Task)>>>,
    pub(super) idle: Notify,
    pub(super) at_work: Arc<Semaphore>,
    pub(super) shed: Shed,
}

impl Default for Queues {
    fn default() -> Self {
        Self {
            rooms: Mutex::default(),
            idle: Notify::new(),
            at_work: Arc::new(Semaphore::new(AT_ONCE)),
            shed: Shed::default(),
        }
    }
}

impl Queues {
    /// What waits next in a room; when nothing does, its place in the table is given up.
    pub(super) fn next(&self, id: &OwnedRoomId) -> Option<(RoomJob, Task)> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let next = rooms.get_mut(id).and_then(VecDeque::pop_front);
        if next.is_none() {
            rooms.remove(id);
            if rooms.is_empty() {
                self.idle.notify_waiters();
            }
        }
        next
    }
}
