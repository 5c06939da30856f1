//! What a test does to the connection and to the requests: cut, close, freeze, replay, fail.

use serde_json::Value;

use super::FakeDiscord;
use super::faults::Fault;
use super::ids::{GuildId, InteractionId};
use super::limits::Allowance;
use super::sessions::{Identify, Order, PresenceUpdate, Scope};

impl FakeDiscord {
    /// Asks every session to reconnect and resume (op 7).
    pub(crate) fn ask_to_reconnect(&self) {
        self.shared.change(|state| state.gateway.live().for_each(|(_, it)| it.control(7, &Value::Null)));
    }

    /// Declares every session invalid (op 9). Unless it is resumable, RESUME will fail too.
    pub(crate) fn invalidate_sessions(&self, resumable: bool) {
        self.shared.change(|state| {
            state.gateway.live().for_each(|(_, it)| it.control(9, &Value::Bool(resumable)));
            if !resumable {
                state.gateway.sessions.clear();
            }
        });
    }

    /// Forgets every session without a word, so that RESUME is answered with op 9.
    pub(crate) fn forget_sessions(&self) {
        self.shared.change(|state| state.gateway.sessions.clear());
    }

    /// Closes every connection with a code.
    pub(crate) fn close_gateway(&self, code: u16) {
        self.shared.change(|state| {
            state.gateway.connections.values().for_each(|it| it.order(Order::Close(code, "")));
        });
    }

    /// Resets every gateway connection, as a lost network does. The sessions can be resumed.
    pub(crate) fn drop_gateway(&self) {
        self.shared.change(|state| {
            state.gateway.connections.values().for_each(|it| it.order(Order::Cut));
        });
    }

    /// Leaves the connections standing and answers nothing on them any more, heartbeats least
    /// of all. New connections are well.
    pub(crate) fn freeze_gateway(&self) {
        self.shared.change(|state| state.gateway.live().for_each(|(_, it)| it.frozen = true));
    }

    /// Sends every session a frame as it is: malformed, or of an unknown kind.
    pub(crate) fn send_raw(&self, frame: &str) {
        self.shared.change(|state| {
            state.gateway.live().for_each(|(_, it)| it.order(Order::Frame(frame.into())));
        });
    }

    /// Sends an event with whatever data: of an unknown name, or with fields missing. The guild
    /// decides the shard.
    pub(crate) fn send_event(&self, guild: Option<GuildId>, name: &str, data: &Value) {
        let scope = Scope { guild, intents: 0 };
        self.shared.change(|state| state.gateway.dispatch(name, scope, |_| data.clone()));
    }

    /// Lets every RESUME bring again so many events that were delivered before.
    pub(crate) fn replay_again(&self, events: usize) {
        self.shared.change(|state| state.gateway.replay_again = events);
    }

    /// Orders a trouble for requests to come. What was ordered first comes first.
    pub(crate) fn fault(&self, fault: Fault) {
        self.shared.change(|state| state.faults.order(fault));
    }

    /// Takes back all ordered troubles that have not happened yet.
    pub(crate) fn clear_faults(&self) {
        self.shared.change(|state| state.faults.clear());
    }

    /// Enforces limits as they have been observed on Discord, the global one included.
    pub(crate) fn enforce_limits(&self) {
        self.shared.change(|state| state.limits.enforced = true);
    }

    /// Enforces a limit of one's own on one operation, per channel.
    pub(crate) fn limit(&self, operation: &str, allowance: Allowance) {
        self.shared.change(|state| {
            state.limits.overridden.insert(operation.to_owned(), allowance);
        });
    }

    /// Lets an interaction's time run out at once: the acknowledgement comes too late (10062),
    /// and if it was acknowledged, so do the follow-ups (10015).
    pub(crate) fn expire(&self, interaction: InteractionId) {
        self.shared.change(|state| {
            if let Some(interaction) = state.interactions.get_mut(interaction) {
                interaction.expired = true;
            }
        });
    }

    /// How the sessions began so far.
    pub(crate) fn identifies(&self) -> Vec<Identify> {
        self.shared.look().gateway.identifies.clone()
    }

    /// How many times a session was resumed.
    pub(crate) fn resumes(&self) -> usize {
        self.shared.look().gateway.resumes
    }

    /// How many heartbeats have arrived.
    pub(crate) fn heartbeats(&self) -> usize {
        self.shared.look().gateway.heartbeats
    }

    /// What the sessions have said they are doing, IDENTIFY included.
    pub(crate) fn presences(&self) -> Vec<PresenceUpdate> {
        self.shared.look().gateway.presences.clone()
    }

    /// Waits until so many shards are connected.
    ///
    /// # Panics
    /// If they are not in time.
    pub(crate) async fn connected(&self, shards: usize) {
        self.until(&format!("{shards} connected shards"), |fake| {
            let state = fake.shared.look();
            let live = state.gateway.sessions.values().filter(|it| it.connection.is_some());
            (live.count() >= shards).then_some(())
        })
        .await;
    }

    /// Waits until no gateway connection is left, as after a graceful shutdown.
    ///
    /// # Panics
    /// If one is left after the patience has run out.
    pub(crate) async fn disconnected(&self) {
        self.until("no gateway connection", |fake| fake.shared.look().gateway.connections.is_empty().then_some(()))
            .await;
    }

    /// Waits until the client has read everything sent so far: on each connection that stays, it
    /// answers a heartbeat that was asked for after all else.
    ///
    /// # Panics
    /// If it does not in time.
    pub(crate) async fn drained(&self) {
        let asked: Vec<_> = self.shared.change(|state| {
            let live = state.gateway.live();
            live.map(|(id, it)| {
                it.control(1, &Value::Null);
                (id, it.heartbeats + 1)
            })
            .collect()
        });
        self.until("an answer to a heartbeat", |fake| {
            let connections = &fake.shared.look().gateway.connections;
            let answered = |(id, due): &(u64, usize)| connections.get(id).is_none_or(|it| it.heartbeats >= *due);
            asked.iter().all(answered).then_some(())
        })
        .await;
    }
}
