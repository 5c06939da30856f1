//! The bot's parts, and how much it takes on: what doesn't fit is shed in order of arrival and counted. What it does
//! with an event is in `work`.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use jiff::Timestamp;
use serde_json::Value;
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore,
        mpsc::{self, error::TrySendError},
    },
};

use super::{
    answer::{AnswerMessage, Showing, show},
    places::{Places, community},
    posted::PostedAnswers,
    recent::RecentQuestions,
    rest::Rest,
};
use crate::{
    config::MessageLayout,
    desk::{
        deliveries::{Delivery, Shown},
        worker_pool::DeskHandle,
    },
    frontend::{self, Shed},
    model::Platform,
    reply::{CommandCall, Reply},
};

/// How many events are in hand at once: waiting, being answered, or answered and waiting for the limit
/// of their channel. At the 50 messages a second that Discord lets a bot post, they are 10 seconds' work.
pub(super) const IN_HAND: usize = 512;

/// How many events are being answered at once. An answer that waits for its channel isn't counted, so
/// that a busy channel doesn't delay a quiet one.
const AT_ONCE: usize = 64;

/// How many answers may wait to be remembered.
const DELIVERIES: usize = 1_024;

/// The bot.
#[derive(Debug)]
pub(super) struct DiscordBot {
    pub(super) handle: DeskHandle,
    pub(super) rest: Rest,
    /// What stands before commands where a community has set nothing else.
    pub(super) prefix: Option<String>,
    /// What new messages are made of.
    pub(super) layout: MessageLayout,
    /// The bot's own id; known once Discord has said it.
    pub(super) id: OnceLock<u64>,
    /// The application's id.
    pub(super) application: OnceLock<u64>,
    pub(super) recent: RecentQuestions,
    pub(super) places: Places,
    pub(super) posted: PostedAnswers,
    /// Written many at a time: a commit waits for the disk.
    deliveries: mpsc::Sender<Delivery>,
    pub(super) waiting: Arc<AtomicUsize>,
    pub(super) open: AtomicBool,
    shed: Shed,
    pub(super) in_hand: Arc<Semaphore>,
    pub(super) at_work: Semaphore,
    pub(super) started: Instant,
    /// Where events are worked on: they come from the gateway's own threads.
    pub(super) runtime: Handle,
}

impl DiscordBot {
    /// A bot, with the task that remembers its answers.
    pub(super) fn start(handle: DeskHandle, rest: Rest, prefix: Option<String>, layout: MessageLayout) -> Arc<Self> {
        let (deliveries, delivered) = mpsc::channel(DELIVERIES);
        let waiting = Arc::new(AtomicUsize::new(0));
        tokio::spawn(remember(handle.clone(), Arc::clone(&waiting), delivered));
        Arc::new(Self {
            handle,
            rest,
            prefix,
            layout,
            id: OnceLock::new(),
            application: OnceLock::new(),
            recent: RecentQuestions::default(),
            places: Places::default(),
            posted: PostedAnswers::default(),
            deliveries,
            waiting,
            open: AtomicBool::new(true),
            shed: Shed::default(),
            in_hand: Arc::new(Semaphore::new(IN_HAND)),
            at_work: Semaphore::new(AT_ONCE),
            started: Instant::now(),
            runtime: Handle::current(),
        })
    }

    /// Counts an event that is not answered because there are too many.
    pub(super) fn shed(&self) {
        if let Some(shed) = self.shed.count(self.handle.desk(), Platform::Discord) {
            tracing::warn!(discord.shed = shed, "too many events at once; what didn't fit was dropped");
        }
    }

    /// Whether someone is heard at all: looked at in memory, before anything is done for an event.
    pub(super) fn hears(&self, user: u64, guild: Option<u64>) -> bool {
        let community = guild.map(community);
        frontend::hears(self.handle.desk(), Platform::Discord, &user.to_string(), community.as_deref())
    }

    /// Shows a reply; keeps what its buttons need.
    pub(super) async fn show(&self, reply: &Reply, here: Option<&CommandCall>, showing: Showing<'_>) -> AnswerMessage {
        let answer = show(reply, here, showing);
        if !answer.kept.is_empty() {
            let kept = answer.kept.clone();
            self.handle.write(move |desk| desk.memory().keep_asks(kept, Timestamp::now())).await;
        }
        answer
    }

    /// As [`DiscordBot::show`], for a message that is there: in both layouts, as it keeps the one that it has.
    pub(super) async fn show_again(
        &self,
        reply: &Reply,
        here: Option<&CommandCall>,
        showing: Showing<'_>,
    ) -> AnswerMessage {
        let shown = self.show(reply, here, showing).await;
        let otherwise = self.show(reply, here, Showing { layout: showing.layout.other(), ..showing }).await;
        AnswerMessage { otherwise: Some(Box::new(otherwise)), ..shown }
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
