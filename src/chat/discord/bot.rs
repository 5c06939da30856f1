//! The bot's parts, and how much it takes on: what doesn't fit is shed in order of arrival and counted.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::Value;
use serenity::all::Interaction;
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore, SemaphorePermit,
        mpsc::{self, error::TrySendError},
    },
};

use super::{
    answer::{Answer, Showing, show},
    conversation::Incoming,
    outbox::work_off_outbox,
    places::Places,
    recent::RecentQuestions,
    rest::Rest,
};
use crate::{
    desk::{
        ChatOrigin, Desk, Invocation, Request,
        deliveries::{Delivery, MemoryError, Shown},
        worker_pool::DeskHandle,
    },
    frontend::{self, FOLLOWS},
    model::{Identity, Platform},
    reply::{CommandCall, Reply},
};

/// How many events are in hand at once: waiting, being answered, or answered and waiting for the limit
/// of their channel. At the 50 messages a second that Discord lets a bot post, they are 10 seconds' work.
const IN_HAND: usize = 512;

/// How many events are being answered at once. An answer that waits for its channel isn't counted, so
/// that a busy channel doesn't delay a quiet one.
const AT_ONCE: usize = 64;

/// How long an event may wait until its turn comes: who asks doesn't look for an answer any more.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// As [`MAX_WAIT`], for interactions, which Discord lets be answered for 3 seconds.
const MAX_INTERACTION_WAIT: Duration = Duration::from_millis(2_500);

/// How many answers may wait to be remembered.
const DELIVERIES: usize = 1_024;

/// How many entries a page has.
const PAGE_SIZE: usize = 3;

/// How long answers in flight are waited for at the end.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// What the bot has to do.
#[derive(Debug)]
pub(super) enum Job {
    Message(Incoming),
    Edited(Incoming),
    Deleted { channel: u64, message: u64 },
    Interaction(Box<Interaction>),
    Register,
}

/// The bot.
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) handle: DeskHandle,
    pub(super) rest: Rest,
    /// What stands before commands where a community has set nothing else.
    pub(super) prefix: Option<String>,
    /// The bot's own id; known once Discord has said it.
    pub(super) id: OnceLock<u64>,
    /// The application's id.
    pub(super) application: OnceLock<u64>,
    pub(super) recent: RecentQuestions,
    pub(super) places: Places,
    /// Written many at a time: a commit waits for the disk.
    deliveries: mpsc::Sender<Delivery>,
    waiting: Arc<AtomicUsize>,
    open: AtomicBool,
    shed: AtomicU64,
    in_hand: Arc<Semaphore>,
    at_work: Semaphore,
    started: Instant,
    /// Where events are worked on: they come from the gateway's own threads.
    runtime: Handle,
}

impl Bot {
    /// A bot, with the tasks that remember its answers and that go round for corrections and posts,
    /// with so long a pause between rounds.
    pub(super) fn start(handle: DeskHandle, rest: Rest, prefix: Option<String>, rounds: Duration) -> Arc<Self> {
        let (deliveries, delivered) = mpsc::channel(DELIVERIES);
        let waiting = Arc::new(AtomicUsize::new(0));
        tokio::spawn(remember(handle.clone(), Arc::clone(&waiting), delivered));
        let bot = Arc::new(Self {
            handle,
            rest,
            prefix,
            id: OnceLock::new(),
            application: OnceLock::new(),
            recent: RecentQuestions::default(),
            places: Places::default(),
            deliveries,
            waiting,
            open: AtomicBool::new(true),
            shed: AtomicU64::new(0),
            in_hand: Arc::new(Semaphore::new(IN_HAND)),
            at_work: Semaphore::new(AT_ONCE),
            started: Instant::now(),
            runtime: Handle::current(),
        });
        tokio::spawn(work_off_outbox(Arc::downgrade(&bot), rounds));
        bot
    }

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

    /// Counts an event that is not answered because there are too many.
    pub(super) fn shed(&self) {
        self.handle.desk().metrics().dropped(Platform::Discord);
        let shed = self.shed.fetch_add(1, Ordering::Relaxed) + 1;
        // One line for each power of two tells enough.
        if shed.is_power_of_two() {
            tracing::warn!(discord.shed = shed, "too many events at once; what didn't fit was dropped");
        }
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
            Job::Message(message) => self.recent.in_turn(message.id, self.message(message, false)).await,
            Job::Edited(message) => self.recent.in_turn(message.id, self.message(message, true)).await,
            Job::Deleted { channel, message } => self.recent.in_turn(message, self.deleted(channel, message)).await,
            Job::Interaction(interaction) => {
                let Some(_turn) = self.turn(MAX_INTERACTION_WAIT).await else { return };
                self.interaction(*interaction).await;
            }
            Job::Register => self.register().await,
        }
    }

    /// Answers a message in its turn; what comes of it waits for the channel without keeping the turn.
    async fn message(&self, message: Incoming, edited: bool) {
        let answered = {
            let Some(_turn) = self.turn(MAX_WAIT).await else { return };
            self.asked(&message, edited).await
        };
        match answered {
            Some((shown, Some(answer))) => self.correct(&message, answer, shown).await,
            Some((shown, None)) => self.post(&message, shown).await,
            None => {}
        }
    }

    /// Whether someone is heard at all: looked at in memory, before anything is done for an event.
    pub(super) fn hears(&self, user: u64, guild: Option<u64>) -> bool {
        let community = guild.map(community);
        frontend::hears(self.handle.desk(), Platform::Discord, &user.to_string(), community.as_deref())
    }

    /// A request as the desk takes it.
    pub(super) fn request(
        &self,
        user: u64,
        channel: u64,
        origin: ChatOrigin,
        invocation: Invocation,
    ) -> Option<Request> {
        let actor = Identity::new(Platform::Discord, &user.to_string()).ok()?;
        let conversation = format!("discord:{channel}:{user}");
        Some(Request { actor, conversation, invocation, origin: Some(origin), page_size: PAGE_SIZE })
    }

    /// Shows a reply; keeps what its buttons need.
    pub(super) async fn show(&self, reply: &Reply, here: Option<&CommandCall>, showing: Showing<'_>) -> Answer {
        let answer = show(reply, here, showing);
        if !answer.kept.is_empty() {
            let kept = answer.kept.clone();
            self.write(move |desk| desk.memory().keep_asks(kept, Timestamp::now())).await;
        }
        answer
    }

    /// Remembers a message of the bot's own.
    pub(super) fn delivered(&self, question: u64, channel: u64, sent: &Value, shown: Shown) {
        let Some(answer) = sent["id"].as_str().map(str::to_owned) else { return };
        if let Ok(answer) = answer.parse() {
            self.recent.answered(question, answer);
        }
        let delivery = Delivery {
            platform: Platform::Discord,
            question: question.to_string(),
            channel: channel.to_string(),
            answer,
            entries: shown.entries,
            as_of: shown.as_of,
            at: Timestamp::now(),
        };
        self.waiting.fetch_add(1, Ordering::AcqRel);
        if let Err(TrySendError::Full(delivery) | TrySendError::Closed(delivery)) = self.deliveries.try_send(delivery) {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            self.handle.desk().hold(vec![delivery]);
        }
    }

    /// Writes something that answers can do without: a failure is logged.
    pub(super) async fn write(&self, work: impl FnOnce(&Desk) -> Result<(), MemoryError> + Send + 'static) {
        match self.handle.run(work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what belongs to an answer was not kept"),
            Err(error) => tracing::warn!(%error, "what belongs to an answer was not kept"),
        }
    }

    /// What stands before commands in a community.
    pub(super) fn prefix_in(&self, community: Option<&str>) -> Option<String> {
        // Where the operator has switched the text form off, messages are not even received.
        let default = self.prefix.clone()?;
        Some(frontend::prefix_of(self.handle.desk(), community).unwrap_or(default))
    }
}

/// Writes deliveries down, as many at a time as there are. Ends with the bot.
async fn remember(handle: DeskHandle, waiting: Arc<AtomicUsize>, mut queue: mpsc::Receiver<Delivery>) {
    let mut some = Vec::new();
    loop {
        let Some(first) = queue.recv().await else { return };
        some.push(first);
        while some.len() < 100
            && let Ok(next) = queue.try_recv()
        {
            some.push(next);
        }
        let batch = std::mem::take(&mut some);
        let count = batch.len();
        if let Err(error) = handle.remember(batch).await {
            tracing::warn!(%error, "answers were not remembered");
        }
        waiting.fetch_sub(count, Ordering::Release);
    }
}

/// The name of a community of Discord's in the store.
pub(super) fn community(guild: u64) -> String {
    format!("discord:{guild}")
}
