//! Working on events, each in its turn: what is taken in, how long it may wait, and what is done with it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::sync::SemaphorePermit;

use super::{
    bot::{DiscordBot, IN_HAND},
    job::{Incoming, Job, MessageEvent},
};
use crate::frontend::{FOLLOWS, SHUTDOWN_GRACE};

/// How long an event may wait until its turn comes: who asks doesn't look for an answer any more.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// As [`MAX_WAIT`], for interactions, which Discord lets be answered for 3 seconds.
const MAX_INTERACTION_WAIT: Duration = Duration::from_millis(2_500);

impl DiscordBot {
    /// Takes an event in, if there is room.
    pub(super) fn take(self: &Arc<Self>, job: Job) {
        if !self.open.load(Ordering::Relaxed) {
            return;
        }
        let Ok(place) = Arc::clone(&self.in_hand).try_acquire_owned() else {
            return self.shed();
        };
        let bot = Arc::clone(self);
        self.runtime.spawn(async move {
            bot.work(job).await;
            drop(place);
        });
    }

    /// The turn to answer, given in order of arrival; `None` if it came too late.
    async fn turn(&self, fresh: Duration) -> Option<SemaphorePermit<'_>> {
        let arrived = Instant::now();
        // Nobody closes it.
        let turn = self.at_work.acquire().await.ok()?;
        if arrived.elapsed() > fresh {
            self.shed();
            return None;
        }
        Some(turn)
    }

    /// A message was deleted. Most were never answered, and end here.
    pub(super) fn take_deletion(self: &Arc<Self>, channel: u64, message: u64) {
        if self.recent.answer_to(message).is_some() || self.started.elapsed() < FOLLOWS {
            self.take(Job::Deleted { channel, message });
        }
    }

    /// Takes nothing in any more and waits until what was begun is done.
    pub(super) async fn finish(&self) {
        self.open.store(false, Ordering::Relaxed);
        let idle = async {
            let everything = u32::try_from(IN_HAND).unwrap_or(u32::MAX);
            let _ = self.in_hand.acquire_many(everything).await;
            while self.waiting.load(Ordering::Acquire) > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(SHUTDOWN_GRACE, idle).await.is_err() {
            tracing::warn!("some answers were not finished in time");
        }
    }

    async fn work(&self, job: Job) {
        match job {
            Job::Message(message) => {
                self.recent.in_turn(message.id, self.message(message, MessageEvent::Written)).await
            }
            Job::Edited(message) => self.recent.in_turn(message.id, self.message(message, MessageEvent::Edited)).await,
            Job::Deleted { channel, message } => self.recent.in_turn(message, self.deleted(channel, message)).await,
            Job::Interaction(interaction) => {
                let Some(_turn) = self.turn(MAX_INTERACTION_WAIT).await else { return };
                self.interaction(*interaction).await;
            }
            Job::Unheard(interaction) => {
                let Some(_turn) = self.turn(MAX_INTERACTION_WAIT).await else { return };
                self.turn_away(&interaction).await;
            }
        }
    }

    /// Answers a message in its turn; what comes of it waits for the channel without keeping the turn.
    async fn message(&self, message: Incoming, event: MessageEvent) {
        let answered = {
            let Some(_turn) = self.turn(MAX_WAIT).await else { return };
            self.asked(&message, event).await
        };
        match answered {
            Some((shown, Some(answer))) => self.correct(&message, answer, shown).await,
            Some((shown, None)) => self.post(&message, shown).await,
            None => {}
        }
    }
}
