//! Working on what happens in rooms: taken in room by room, and done one thing after the other.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError},
};

use matrix_sdk::{Room, ruma::OwnedRoomId};

use super::{bot::MatrixBot, event::RoomEvent, progress::Task, queues::RoomJob, turn::with_place};
use crate::{frontend::SHUTDOWN_GRACE, model::Platform};

/// How many events of a room may wait; what doesn't fit is dropped and counted.
const QUEUE: usize = 256;

impl MatrixBot {
    /// Takes something in for a room, if there is room in its queue.
    pub(super) fn take(self: &Arc<Self>, room: &Room, job: RoomJob, task: Task) {
        let id = room.room_id().to_owned();
        let mut rooms = self.queues.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        match rooms.get_mut(&id) {
            Some(waiting) if waiting.len() < QUEUE => waiting.push_back((job, task)),
            Some(_) => {
                if let Some(shed) = self.queues.shed.count(self.handle.desk(), Platform::Matrix) {
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

    pub(super) async fn work(self: &Arc<Self>, room: &Room, job: RoomJob) {
        match job {
            RoomJob::RoomEvent(event) => self.happened(room, event).await,
            RoomJob::Gap(gap) => self.look_back(room, gap).await,
            RoomJob::Late { events, message } => {
                for event in events {
                    self.happened(room, event).await;
                }
                // What could not be said, as the session has ended, comes again from the record.
                if !self.progress.is_halted() {
                    self.forget_undecryptable(message).await;
                }
            }
            RoomJob::Alone => self.leave_if_alone(room).await,
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
}

/// Does what there is to do in a room, one thing after the other, and ends.
async fn work_off(bot: Arc<MatrixBot>, room: Room, id: OwnedRoomId, first: (RoomJob, Task)) {
    let mut next = Some(first);
    while let Some((job, task)) = next {
        if let Ok(place) = Arc::clone(&bot.queues.at_work).acquire_owned().await {
            let (at_work, there) = (Arc::clone(&bot), room.clone());
            // A task of its own, so that a panic costs one event and not the room.
            let work = async move { at_work.work(&there, job).await };
            if tokio::spawn(with_place(place, work)).await.is_err() {
                tracing::error!("an event was given up");
            }
        }
        drop(task);
        next = bot.queues.next(&id);
    }
}
