//! The bot's parts, and its queues: one for each room, in order, so that a slow room delays itself alone.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use matrix_sdk::{
    Client, Room,
    ruma::{OwnedRoomId, OwnedUserId, UserId},
};
use tokio::sync::{Notify, Semaphore};

use super::{
    asked::{Manner, read},
    event::{Event, Said},
    invites::Invitations,
    lookback::Gap,
    progress::{Progress, Task},
    reviews::Reviews,
    undecrypted::Undecrypted,
};
use crate::{
    config::MatrixConfig,
    desk::{
        Desk, Invocation, Origin, Request,
        deliveries::{Delivery, MemoryError},
        front::Front,
    },
    model::{Identity, Platform},
};

/// How many events of a room may wait; what doesn't fit is dropped and counted.
const QUEUE: usize = 256;

/// How many rooms are worked on at once.
const AT_ONCE: usize = 64;

/// How many entries a page has.
const PAGE_SIZE: usize = 3;

/// How long answers in flight are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(10);

/// The power level from which one may set how the bot behaves in a room: that of moderators, by the
/// convention that the specification's defaults for kicking and banning set.
const MODERATOR: i64 = 50;

/// Something to do in a room.
#[derive(Debug)]
pub(super) enum Job {
    /// An event.
    Event(Event),
    /// Events that a sync left out.
    Gap(Gap),
    /// A message whose key came after it, and what it holds for the bot.
    Late { events: Vec<Event>, message: String },
    /// Perhaps nobody else is there any more.
    Alone,
}

/// The bot, signed in.
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) client: Client,
    pub(super) front: Front,
    pub(super) config: MatrixConfig,
    /// The bot's own whole user id.
    pub(super) id: OwnedUserId,
    /// The bot's display name, which clients put in place of its id.
    pub(super) name: Mutex<Option<String>>,
    pub(super) progress: Arc<Progress>,
    pub(super) undecrypted: Undecrypted,
    pub(super) invitations: Invitations,
    pub(super) reviews: Reviews,
    /// The rooms that have something to do, with what waits there.
    rooms: Mutex<HashMap<OwnedRoomId, VecDeque<(Job, Task)>>>,
    idle: Notify,
    at_work: Semaphore,
    shed: AtomicU64,
}

impl Bot {
    pub(super) fn new(client: Client, front: Front, config: MatrixConfig, id: OwnedUserId) -> Arc<Self> {
        Arc::new(Self {
            client,
            front,
            config,
            id,
            name: Mutex::default(),
            progress: Arc::default(),
            undecrypted: Undecrypted::default(),
            invitations: Invitations::default(),
            reviews: Reviews::default(),
            rooms: Mutex::default(),
            idle: Notify::new(),
            at_work: Semaphore::new(AT_ONCE),
            shed: AtomicU64::new(0),
        })
    }

    /// Takes something in for a room, if there is room in its queue.
    pub(super) fn take(self: &Arc<Self>, room: &Room, job: Job, task: Task) {
        let id = room.room_id().to_owned();
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        match rooms.get_mut(&id) {
            Some(waiting) if waiting.len() < QUEUE => waiting.push_back((job, task)),
            Some(_) => {
                self.front.desk().metrics().dropped(Platform::Matrix);
                let shed = self.shed.fetch_add(1, Ordering::Relaxed) + 1;
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

    async fn work(self: &Arc<Self>, room: &Room, job: Job) {
        match job {
            Job::Event(event) => self.happened(room, event).await,
            Job::Gap(gap) => self.look_back(room, gap).await,
            Job::Late { events, message } => {
                for event in events {
                    self.happened(room, event).await;
                }
                // What could not be said, as the session has ended, comes again from the record.
                if !self.progress.is_halted() {
                    self.forget_keyless(message).await;
                }
            }
            Job::Alone => self.leave_if_alone(room).await,
        }
    }

    /// Works on one event.
    pub(super) async fn happened(&self, room: &Room, event: Event) {
        match event {
            Event::Said(said) if self.is_reason(room, &said) => self.reason_given(room, &said).await,
            Event::Said(said) => self.asked(room, said).await,
            Event::Edited { original, said } => self.edited(room, original, said).await,
            Event::Redacted { event } => self.redacted(room, event).await,
            Event::Reacted { id, sender, message, key, age: _ } if self.is_decision(&message, &key) => {
                self.decided(room, &id, &sender, &message, &key).await;
            }
            Event::Reacted { id, sender, message, key, age: _ } => self.reacted(room, id, sender, message, key).await,
            Event::Upgraded { sender, successor } => self.upgraded(room, &sender, &successor).await,
        }
    }

    /// Whether an event is for the bot at all; answered from memory, as every event of every room comes
    /// by here.
    pub(super) fn concerns(&self, room: &Room, event: &Event) -> bool {
        let recent = |age: Option<u64>| age.is_none_or(|age| u128::from(age) <= self.config.max_age.as_millis());
        match event {
            Event::Said(Said { sender, .. })
            | Event::Edited { said: Said { sender, .. }, .. }
            | Event::Reacted { sender, .. }
                if !self.hears(room, sender) =>
            {
                false
            }
            Event::Said(said) if self.is_reason(room, said) => recent(said.age),
            Event::Said(said) | Event::Edited { said, .. } => {
                said.sender != self.id && recent(said.age) && self.line(room, said).is_some()
            }
            Event::Redacted { .. } => true,
            Event::Reacted { sender, key, age, message, .. } => {
                let asks = self.press(key).is_some() || self.is_decision(message, key);
                *sender != self.id && recent(*age) && asks
            }
            Event::Upgraded { .. } => !self.front.desk().ignores_community(&community_id(room.room_id().as_str())),
        }
    }

    /// Whether someone is heard at all: looked at in memory, before anything is done for an event.
    pub(super) fn hears(&self, room: &Room, user: &str) -> bool {
        let community = community(room);
        Identity::new(Platform::Matrix, user)
            .is_ok_and(|actor| !self.front.desk().ignores(&actor, community.as_deref()))
    }

    /// The line that a message asks; `None` when it isn't for the bot.
    pub(super) fn line(&self, room: &Room, said: &Said) -> Option<String> {
        let direct = is_direct(room);
        let prefix = self.prefix_in(community(room).as_deref());
        let name = self.name.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let manner = Manner { prefix: prefix.as_deref(), bot: self.id.as_str(), name: name.as_deref(), direct };
        read(said, manner)
    }

    /// A request as the desk takes it.
    pub(super) fn request(&self, room: &Room, user: &str, ask: Invocation, manages: bool) -> Option<Request> {
        let actor = Identity::new(Platform::Matrix, user).ok()?;
        let channel = room.room_id().to_string();
        let conversation = format!("matrix:{channel}:{user}");
        let origin = Origin {
            community: community(room),
            channel,
            may_manage_community: manages,
            may_moderate_channel: manages,
        };
        Some(Request { actor, conversation, invocation: ask, origin: Some(origin), page_size: PAGE_SIZE })
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

    /// What stands before commands in a community.
    pub(super) fn prefix_in(&self, community: Option<&str>) -> Option<String> {
        let default = self.config.prefix.clone();
        community.and_then(|id| self.front.desk().community(id).prefix).or(default)
    }

    /// The same for what is shown: without a prefix the bot's name stands before a request.
    pub(super) fn shown_prefix(&self, room: &Room) -> String {
        if is_direct(room) && self.config.prefix.is_none() {
            return String::new();
        }
        self.prefix_in(community(room).as_deref()).unwrap_or_else(|| format!("{} ", self.id))
    }

    /// The answer that an event got.
    pub(super) async fn delivery(&self, event: &str) -> Option<Delivery> {
        let event = event.to_owned();
        self.front.run(move |desk| desk.delivery(Platform::Matrix, &event)).await.ok()?.ok()?
    }

    /// Remembers a message of the bot's own.
    pub(super) async fn delivered(&self, room: &Room, question: &str, answer: &str, entries: Vec<String>) {
        let delivery = Delivery {
            platform: Platform::Matrix,
            question: question.to_owned(),
            channel: room.room_id().to_string(),
            answer: answer.to_owned(),
            entries,
            at: Timestamp::now(),
        };
        self.write(move |desk| desk.delivered(vec![delivery])).await;
    }

    /// Writes something that answers can do without: a failure is logged.
    pub(super) async fn write(&self, work: impl FnOnce(&Desk) -> Result<(), MemoryError> + Send + 'static) {
        match self.front.run(work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what belongs to an answer was not kept"),
            Err(error) => tracing::warn!(%error, "what belongs to an answer was not kept"),
        }
    }

    /// Waits until what was begun is done, for some time.
    pub(super) async fn finish(&self) {
        let idle = async {
            loop {
                let idle = self.idle.notified();
                if self.rooms.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
                    return;
                }
                idle.await;
            }
        };
        if tokio::time::timeout(FAREWELL, idle).await.is_err() {
            tracing::warn!(
                "some answers were not finished in time; the questions are taken up again at the next start"
            );
        }
    }

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

/// Does what there is to do in a room, one thing after the other, and ends.
async fn work_off(bot: Arc<Bot>, room: Room, id: OwnedRoomId, first: (Job, Task)) {
    let mut next = Some(first);
    while let Some((job, task)) = next {
        if let Ok(permit) = bot.at_work.acquire().await {
            let (at_work, there) = (Arc::clone(&bot), room.clone());
            // A task of its own, so that a panic costs one event and not the room.
            let done = tokio::spawn(async move { at_work.work(&there, job).await }).await;
            if done.is_err() {
                tracing::error!("an event was given up");
            }
            drop(permit);
        }
        drop(task);
        next = bot.next(&id);
    }
}

/// The name of a room in the store, as a community of its own; none in a private conversation.
pub(super) fn community(room: &Room) -> Option<String> {
    (!is_direct(room)).then(|| community_id(room.room_id().as_str()))
}

/// The name of the room with this id in the store.
pub(super) fn community_id(room: &str) -> String {
    format!("matrix:{room}")
}

/// Whether only one person and the bot are in a room that nobody has named: then whatever is said is said
/// to the bot.
pub(super) fn is_direct(room: &Room) -> bool {
    room.active_members_count() <= 2 && room.name().is_none() && room.canonical_alias().is_none()
}
