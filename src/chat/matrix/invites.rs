//! Invitations: accepted by rule, and not too many at once.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use matrix_sdk::{
    Room, RoomState,
    ruma::{OwnedRoomId, OwnedUserId},
};
use tokio::sync::Semaphore;

use super::{bot::Bot, heard::community_id, progress::Task};
use crate::{
    frontend::{hears, hears_community},
    model::Platform,
};

/// The stretch of time that invitations are counted in.
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// How many invitations of one person are accepted in it.
const PERSON: usize = 10;

/// How many rooms are entered at once: entering a large room is work for a homeserver.
const AT_ONCE: usize = 4;

/// How often entering a room is tried.
const TRIES: u32 = 5;

/// The invitations of late.
#[derive(Debug)]
pub(super) struct Invitations {
    accepted: Mutex<HashMap<OwnedUserId, VecDeque<Instant>>>,
    open: Mutex<HashSet<OwnedRoomId>>,
    at_once: Semaphore,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { accepted: Mutex::default(), open: Mutex::default(), at_once: Semaphore::new(AT_ONCE) }
    }
}

impl Invitations {
    /// Counts an invitation, unless its sender has reached the limit.
    fn admit(&self, sender: &OwnedUserId, now: Instant) -> bool {
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.retain(|_, times| {
            times.retain(|&at| now.duration_since(at) < WINDOW);
            !times.is_empty()
        });
        let times = accepted.entry(sender.clone()).or_default();
        let admitted = times.len() < PERSON;
        if admitted {
            times.push_back(now);
        }
        admitted
    }
}

impl Bot {
    /// Takes up an invitation, beside everything else.
    pub(super) fn invited(self: &Arc<Self>, room: Room, task: Task) {
        let id = room.room_id().to_owned();
        let open = &self.invitations.open;
        if !open.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone()) {
            return;
        }
        let bot = Arc::clone(self);
        tokio::spawn(async move {
            if let Ok(_turn) = bot.invitations.at_once.acquire().await {
                bot.decide(&room).await;
            }
            bot.invitations.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            drop(task);
        });
    }

    async fn decide(&self, room: &Room) {
        let sender = match room.invite_details().await {
            Ok(details) => details.inviter_id,
            Err(error) => {
                tracing::warn!(%error, "an invitation could not be read");
                return;
            }
        };
        let predecessor = self.predecessor(room.room_id());
        let desk = self.handle.desk();
        // Nor does a room that isn't heard become another by being upgraded.
        let hears_room = |room: &Room| hears_community(desk, &community_id(room.room_id().as_str()));
        let ignored = !hears_room(room)
            || predecessor.as_ref().is_some_and(|old| !hears_room(old))
            || !hears(desk, Platform::Matrix, sender.as_str(), None);
        let welcome = !ignored && (predecessor.is_some() || self.config.invites.admit(sender.as_str()));
        if !welcome || !self.invitations.admit(&sender, Instant::now()) {
            tracing::info!(matrix.room = %room.room_id(), matrix.inviter = %sender, "an invitation was refused");
            if let Err(error) = room.leave().await {
                tracing::warn!(%error, "an invitation could not be refused");
            }
            return;
        }
        for attempt in 1..=TRIES {
            match room.join().await {
                Ok(()) => {
                    tracing::info!(matrix.room = %room.room_id(), matrix.inviter = %sender, "entered a room");
                    if let Some(old) = &predecessor {
                        self.moved(old, room, &sender).await;
                    }
                    return;
                }
                Err(error) if attempt == TRIES || room.state() != RoomState::Invited => {
                    tracing::warn!(matrix.room = %room.room_id(), %error, "a room could not be entered; invite the bot again");
                    let _ = room.leave().await;
                }
                // A room on another server may need a moment until it can be entered.
                Err(error) => {
                    tracing::info!(matrix.room = %room.room_id(), %error, "a room can't be entered yet");
                    tokio::time::sleep(Duration::from_secs(2_u64.pow(attempt))).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_invites_ten_times_in_ten_minutes() {
        let (invitations, start) = (Invitations::default(), Instant::now());
        let (ana, bo) = ("@ana:example.org".try_into().unwrap(), "@bo:example.org".try_into().unwrap());
        assert_eq!((0..12).filter(|_| invitations.admit(&ana, start)).count(), 10);
        assert!(invitations.admit(&bo, start) && invitations.admit(&ana, start + WINDOW));
    }
}
