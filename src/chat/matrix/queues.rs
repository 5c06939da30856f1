//! The bot's queues: one for each room, in order, so that a slow room delays itself alone.

use std::{
    cell::Cell,
    collections::{HashMap, VecDeque},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use matrix_sdk::{Room, ruma::OwnedRoomId};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::{bot::Bot, event::RoomEvent, lookback::Gap, progress::Task};
use crate::model::Platform;

/// How many events of a room may wait; what doesn't fit is dropped and counted.
const QUEUE: usize = 256;

/// How many rooms are worked on at once.
const AT_ONCE: usize = 64;

/// How long the homeserver may take for something before the place among those at work goes to another room. It
/// answers in tenths of a second, unless it has the bot wait.
const SLOW: Duration = Duration::from_secs(2);

/// How long answers in flight are waited for at the end.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

tokio::task_local! {
    /// The place among those at work that a room's work has, until it is given up.
    static PLACE: Cell<Option<OwnedSemaphorePermit>>;
}

/// Something to do in a room.
#[derive(Debug)]
pub(super) enum Job {
    /// An event.
    RoomEvent(RoomEvent),
    /// Events that a sync left out.
    Gap(Gap),
    /// A message whose key came after it, and what it holds for the bot.
    Late { events: Vec<RoomEvent>, message: String },
    /// Perhaps nobody else is there any more.
    Alone,
}

/// What waits in each room, and who is at work.
#[derive(Debug)]
pub(super) struct Queues {
    /// The rooms that have something to do, with what waits there.
    rooms: Mutex<HashMap<OwnedRoomId, VecDeque<(Job, Task)>>>,
    idle: Notify,
    at_work: Arc<Semaphore>,
    shed: AtomicU64,
}

impl Default for Queues {
    fn default() -> Self {
        Self {
            rooms: Mutex::default(),
            idle: Notify::new(),
            at_work: Arc::new(Semaphore::new(AT_ONCE)),
            shed: AtomicU64::new(0),
        }
    }
}

impl Queues {
    /// What waits next in a room; when nothing does, its place in the table is given up.
    fn next(&self, id: &OwnedRoomId) -> Option<(Job, Task)> {
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

impl Bot {
    /// Takes something in for a room, if there is room in its queue.
    pub(super) fn take(self: &Arc<Self>, room: &Room, job: Job, task: Task) {
        let id = room.room_id().to_owned();
        let mut rooms = self.queues.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        match rooms.get_mut(&id) {
            Some(waiting) if waiting.len() < QUEUE => waiting.push_back((job, task)),
            Some(_) => {
                self.handle.desk().metrics().dropped(Platform::Matrix);
                let shed = self.queues.shed.fetch_add(1, Ordering::Relaxed) + 1;
                // One line for each power of two tells enough.
                if shed.is_power_of_two() {
                    tracing::warn!(
                        matrix.shed = shed,
                        "too many events at once in a room; what didn't fit was dropped"
                    );
                }
            }
            None => {
                rooms.insert(id.clone(), VecDeque::new());
                drop(rooms);
                tokio::spawn(work_off(Arc::clone(self), room.clone(), id, (job, task)));
            }
        }
    }

    /// Waits until what was begun is done, for some time.
    pub(super) async fn finish(&self) {
        let idle = async {
            loop {
                let idle = self.queues.idle.notified();
                if self.queues.rooms.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                    return;
                }
                idle.await;
            }
        };
        if tokio::time::timeout(SHUTDOWN_GRACE, idle).await.is_err() {
            tracing::warn!(
                "some answers were not finished in time; the questions are taken up again at the next start"
            );
        }
    }
}

/// Waits for the homeserver. If that takes long, as where it has the bot wait its turn, the place among those at work
/// is given up, so that rooms that wait don't keep others from being answered.
pub(super) async fn unhurried<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    match tokio::time::timeout(SLOW, &mut work).await {
        Ok(done) => done,
        Err(_) => {
            // Work that has no place has none to give up.
            let _ = PLACE.try_with(Cell::take);
            work.await
        }
    }
}

/// Does what there is to do in a room, one thing after the other, and ends.
async fn work_off(bot: Arc<Bot>, room: Room, id: OwnedRoomId, first: (Job, Task)) {
    let mut next = Some(first);
    while let Some((job, task)) = next {
        if let Ok(place) = Arc::clone(&bot.queues.at_work).acquire_owned().await {
            let (at_work, there) = (Arc::clone(&bot), room.clone());
            // A task of its own, so that a panic costs one event and not the room.
            let work = async move { at_work.work(&there, job).await };
            if tokio::spawn(PLACE.scope(Cell::new(Some(place)), work)).await.is_err() {
                tracing::error!("an event was given up");
            }
        }
        drop(task);
        next = bot.queues.next(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_for_the_homeserver_gives_the_place_to_others_and_is_still_answered() {
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let (answer, answered) = tokio::sync::oneshot::channel();
        let waiting = tokio::spawn(PLACE.scope(Cell::new(Some(place)), unhurried(answered)));
        let other = tokio::time::timeout(SLOW * 10, places.acquire()).await;
        assert!(other.is_ok(), "the place was not given up");
        answer.send("here").unwrap();
        assert_eq!(waiting.await.unwrap(), Ok("here"));
    }
}
