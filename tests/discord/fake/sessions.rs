//! The gateway's sessions: who is connected, what each session was sent, and which session an
//! event belongs to. It reads no frame; `gateway` does.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Instant;

use axum::extract::ws::Utf8Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::ids::GuildId;

/// Gateway intents, by Discord's bits.
pub(crate) mod intents {
    /// Guilds, channels, roles and threads coming and going.
    pub(crate) const GUILDS: u64 = 1;
    /// Members coming and going. Privileged.
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    /// Messages in guilds.
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    /// Reactions in guilds.
    pub(crate) const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    /// Direct messages.
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    /// Reactions in direct messages.
    pub(crate) const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    /// What people write, beyond mentions and direct messages. Privileged.
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Every bit that Discord knows.
    pub(crate) const KNOWN: u64 = 0b11_0011_0001_1111_1111_1111_1111;
}

/// How many sent events a session keeps for RESUME.
const KEPT_FOR_RESUME: usize = 20_000;

/// What a connection's task is told to do.
#[derive(Debug)]
pub(super) enum Order {
    /// Send a text frame.
    Frame(Utf8Bytes),
    /// Send a close frame and end.
    Close(u16, &'static str),
    /// Reset the TCP connection.
    Cut,
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) orders: UnboundedSender<Order>,
    pub(super) session: Option<String>,
    /// Nothing is answered or sent any more, though the connection stands.
    pub(super) frozen: bool,
    pub(super) frames_in: VecDeque<Instant>,
    pub(super) heartbeats: usize,
}

impl Connection {
    /// Sends a payload that is no dispatched event.
    pub(super) fn control(&self, op: u8, data: &Value) {
        let frame = json!({"op": op, "d": data, "s": null, "t": null}).to_string();
        self.order(Order::Frame(frame.into()));
    }

    /// A connection that has ended hears nothing more.
    pub(super) fn order(&self, order: Order) {
        if !self.frozen {
            let _ = self.orders.send(order);
        }
    }
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) shard: (u32, u32),
    pub(super) intents: u64,
    pub(super) sequence: u64,
    pub(super) sent: VecDeque<(u64, Utf8Bytes)>,
    pub(super) connection: Option<u64>,
}

/// Which sessions an event is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// The guild decides the shard; without one, shard 0 is meant.
    pub(super) guild: Option<GuildId>,
    /// One of these intents is needed; 0 stands for none.
    pub(super) intents: u64,
}

/// What a session has said it is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PresenceUpdate {
    /// The shard that said so.
    pub(crate) shard: u32,
    /// `online`, `idle`, `dnd` or `invisible`.
    pub(crate) status: String,
    /// The activities' names; of a custom status what it says.
    pub(crate) activities: Vec<String>,
}

/// A session's beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identify {
    /// The shard and how many there are.
    pub(crate) shard: (u32, u32),
    /// The intents asked for.
    pub(crate) intents: u64,
}

/// All connections and sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    pub(super) connections: BTreeMap<u64, Connection>,
    pub(super) sessions: HashMap<String, Session>,
    pub(super) presences: Vec<PresenceUpdate>,
    pub(super) identifies: Vec<Identify>,
    pub(super) resumes: usize,
    pub(super) heartbeats: usize,
    /// How many already delivered events each RESUME brings again.
    pub(super) replay_again: usize,
    counter: u64,
}

impl Sessions {
    pub(super) fn open(&mut self, orders: UnboundedSender<Order>) -> u64 {
        self.counter += 1;
        let frames_in = VecDeque::new();
        let connection = Connection { orders, session: None, frozen: false, frames_in, heartbeats: 0 };
        self.connections.insert(self.counter, connection);
        self.counter
    }

    /// Forgets a connection. Its session waits for RESUME unless the client ended it.
    pub(super) fn closed(&mut self, connection: u64, ended: bool) {
        let session = self.connections.remove(&connection).and_then(|it| it.session);
        let Some(id) = session else { return };
        if ended {
            self.sessions.remove(&id);
        } else if let Some(session) = self.sessions.get_mut(&id)
            && session.connection == Some(connection)
        {
            session.connection = None;
        }
    }

    /// Begins a session on a connection and gives its id.
    pub(super) fn begin(&mut self, connection: u64, shard: (u32, u32), intents: u64) -> String {
        self.counter += 1;
        let id = format!("{:032x}", self.counter);
        self.sessions.insert(
            id.clone(),
            Session { shard, intents, sequence: 0, sent: VecDeque::new(), connection: Some(connection) },
        );
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.session = Some(id.clone());
        }
        self.identifies.push(Identify { shard, intents });
        id
    }

    /// Moves a session to the connection that resumes it. The client may not have closed the one
    /// before yet; nothing is sent or asked there any more.
    pub(super) fn resume(&mut self, connection: u64, id: &str) {
        let Some(session) = self.sessions.get_mut(id) else { return };
        let before = session.connection.replace(connection);
        if let Some(before) = before.and_then(|it| self.connections.get_mut(&it)) {
            before.session = None;
        }
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.session = Some(id.to_owned());
        }
        self.resumes += 1;
    }

    /// Sends a session one event, or keeps it for RESUME while it is not connected.
    pub(super) fn send(&mut self, session: &str, name: &str, data: &str) {
        let Some(session) = self.sessions.get_mut(session) else {
            return;
        };
        session.sequence += 1;
        let sequence = session.sequence;
        let frame = format!(r#"{{"op":0,"s":{sequence},"t":"{name}","d":{data}}}"#);
        let frame = Utf8Bytes::from(frame);
        if session.sent.len() == KEPT_FOR_RESUME {
            session.sent.pop_front();
        }
        session.sent.push_back((sequence, frame.clone()));
        let connection = session.connection.and_then(|id| self.connections.get(&id));
        if let Some(connection) = connection {
            connection.order(Order::Frame(frame));
        }
    }

    /// Sends an event to every session it concerns. `data` is made once with and once without
    /// what the message-content intent opens, each only if somebody gets it.
    pub(super) fn dispatch(&mut self, name: &str, scope: Scope, data: impl Fn(bool) -> Value) {
        let concerned = self.sessions.iter().filter(|(_, it)| it.concerns(scope));
        let concerned: Vec<_> = concerned.map(|(id, it)| (id.clone(), it.intents)).collect();
        let mut texts: [Option<String>; 2] = [None, None];
        for (id, wanted) in concerned {
            let open = wanted & intents::MESSAGE_CONTENT != 0;
            let text = texts[usize::from(open)].get_or_insert_with(|| data(open).to_string());
            self.send(&id, name, text);
        }
    }

    /// The connections that have a session.
    pub(super) fn live(&mut self) -> impl Iterator<Item = (u64, &mut Connection)> {
        self.connections.iter_mut().filter(|(_, it)| it.session.is_some()).map(|(id, it)| (*id, it))
    }
}

impl Session {
    /// Whether this session's shard is the one that hears of a guild, or of direct messages.
    pub(super) fn has_guild(&self, guild: Option<GuildId>) -> bool {
        let (shard, shards) = self.shard;
        let due = guild.map_or(0, |guild| (guild.0 >> 22) % u64::from(shards));
        due == u64::from(shard)
    }

    fn concerns(&self, scope: Scope) -> bool {
        let wanted = scope.intents == 0 || self.intents & scope.intents != 0;
        wanted && self.has_guild(scope.guild)
    }
}
