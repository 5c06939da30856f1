//! Everything the stand-in remembers, under one lock, and the signal that something changed.
//! The lock is never held across an await.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::commands::CommandStore;
use super::faults::Faults;
use super::interactions::Interactions;
use super::limits::Limits;
use super::observe::Watched;
use super::record::Log;
use super::sessions::{Order, Scope, Sessions, intents};
use super::world::{ChannelKind, World};
use super::{ChannelId, MessageId};

/// How the stand-in behaves. `Settings::default()` is a Discord at its kindest.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The bot's token, without the `Bot ` prefix.
    pub(crate) token: String,
    /// The bot's user name.
    pub(crate) bot_name: String,
    /// How often the client has to send a heartbeat. Discord: 41.25 s.
    pub(crate) heartbeat_interval: Duration,
    /// How many shards `/gateway/bot` recommends.
    pub(crate) recommended_shards: u32,
    /// With fewer shards than this IDENTIFY is closed with 4011.
    pub(crate) least_shards: u32,
    /// How many sessions may identify at once.
    pub(crate) max_concurrency: u32,
    /// Intents that were not enabled for the application: IDENTIFY with one is closed with 4014.
    pub(crate) disallowed_intents: u64,
    /// How long an interaction waits for its acknowledgement. Discord: 3 s.
    pub(crate) acknowledge_within: Duration,
    /// How long an interaction's token lives. Discord: 15 min.
    pub(crate) follow_up_within: Duration,
    /// Whether every message, edit, follow-up and callback must forbid all mentions.
    pub(crate) mentions_nobody: bool,
    /// How long the waiting helpers wait before they fail the test.
    pub(crate) patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token: "MTIzNDU2.fake.token-of-the-stand-in".to_owned(),
            bot_name: "onrecord".to_owned(),
            heartbeat_interval: Duration::from_millis(41_250),
            recommended_shards: 1,
            least_shards: 1,
            max_concurrency: 1,
            disallowed_intents: 0,
            acknowledge_within: Duration::from_secs(3),
            follow_up_within: Duration::from_secs(15 * 60),
            mentions_nobody: true,
            patience: Duration::from_secs(10),
        }
    }
}

/// The bot's own posts, edits and deletions in the order in which they became visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Posted(MessageId),
    Edited(MessageId),
    Deleted(MessageId),
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) gateway_url: String,
    pub(super) world: World,
    pub(super) gateway: Sessions,
    pub(super) commands: CommandStore,
    pub(super) interactions: Interactions,
    pub(super) limits: Limits,
    pub(super) faults: Faults,
    pub(super) log: Log,
    /// What the bot's messages have gone through, in order.
    pub(super) deeds: Vec<(ChannelId, Deed)>,
    /// The channels in which the bot has shown that it is typing, in order.
    pub(super) typing: Vec<ChannelId>,
    /// How much of each thing the waiting helpers have handed out already.
    pub(super) handed_out: HashMap<Watched, usize>,
    /// The messages that were posted with a nonce.
    pub(super) nonces: HashMap<(ChannelId, String), MessageId>,
}

impl State {
    pub(super) fn new(settings: Settings, gateway_url: String) -> Self {
        Self {
            world: World::new(&settings.bot_name),
            settings,
            gateway_url,
            gateway: Sessions::default(),
            commands: CommandStore::default(),
            interactions: Interactions::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            log: Log::default(),
            deeds: Vec::new(),
            typing: Vec::new(),
            handed_out: HashMap::new(),
            nonces: HashMap::new(),
        }
    }

    /// Notes a broken rule, by where it was broken.
    pub(super) fn violation(&mut self, place: &str, what: impl Into<String>) {
        self.log.violations.push(format!("{place}: {}", what.into()));
    }

    /// Orders one gateway connection closed.
    pub(super) fn close(&mut self, connection: u64, code: u16) {
        let reason = match code {
            4001 => "Unknown opcode.",
            4002 => "Error while decoding payload.",
            4003 => "Not authenticated.",
            4004 => "Authentication failed.",
            4005 => "Already authenticated.",
            4007 => "Invalid seq.",
            4008 => "Rate limited.",
            4009 => "Session timed out.",
            4010 => "Invalid shard.",
            4011 => "Sharding required.",
            4013 => "Invalid intent(s).",
            4014 => "Disallowed intent(s).",
            _ => "",
        };
        if let Some(connection) = self.gateway.connections.get(&connection) {
            connection.order(Order::Close(code, reason));
        }
    }

    /// The scope of an event in a channel: which shard, and which intent opens it.
    pub(super) fn scope(&self, channel: ChannelId, in_guild: u64, in_dm: u64) -> Scope {
        let guild = self.world.guild_of(channel);
        let dm = self.world.channel(channel).kind == ChannelKind::Dm;
        Scope { guild, intents: if dm { in_dm } else { in_guild } }
    }

    /// The scope of a message event.
    pub(super) fn message_scope(&self, channel: ChannelId) -> Scope {
        self.scope(channel, intents::GUILD_MESSAGES, intents::DIRECT_MESSAGES)
    }
}

/// The state with its lock and its signal.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Shared {
    pub(super) fn new(state: State) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(state), changed: watch::Sender::new(0) })
    }

    /// Looks at the state. A test that panicked while looking harms no other look.
    pub(super) fn look(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes whoever waits for something.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.look());
        self.changed.send_modify(|version| *version += 1);
        result
    }

    /// A signal that comes with every change.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until the state answers a question, or gives up after a while.
    pub(super) async fn wait<T>(
        &self,
        patience: Duration,
        mut question: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let mut changed = self.subscribe();
        let asking = async {
            loop {
                changed.borrow_and_update();
                if let Some(answer) = question(&mut self.look()) {
                    return answer;
                }
                // The sender lives in `self`, so this can't end early.
                let _ = changed.changed().await;
            }
        };
        tokio::time::timeout(patience, asking).await.ok()
    }
}
