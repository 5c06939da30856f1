//! Looking at what the bot did: messages, requests, registered commands; and waiting for it
//! without sleeping.

use std::time::Duration;

use super::FakeDiscord;
use super::ids::{ChannelId, GuildId, InteractionId, MessageId, UserId};
use super::interactions::{Interaction, InteractionView};
use super::record::RequestRecord;
use super::state::{Deed, State};
use super::view::{Message, view};
use super::world::StoredMessage;

/// What the waiting helpers hand out one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Watched {
    Channel(ChannelId),
    Private(UserId),
    Edits(MessageId),
    Requests(String),
}

impl FakeDiscord {
    /// The public messages of a channel, in order.
    pub(crate) fn messages(&self, channel: ChannelId) -> Vec<Message> {
        let state = self.shared.look();
        let all = state.world.channel(channel).messages.iter().map(|id| state.world.message(*id));
        all.filter(|it| it.is_public()).map(|it| view(&state, it)).collect()
    }

    /// The private messages that somebody has got, in order.
    pub(crate) fn private_messages(&self, user: UserId) -> Vec<Message> {
        let state = self.shared.look();
        let own = state.world.messages.values();
        let own = own.filter(|it| it.audience == Some(user) && !it.deleted);
        let mut own: Vec<_> = own.map(|it| view(&state, it)).collect();
        own.sort_by_key(|it| it.id);
        own
    }

    /// A message as it stands.
    pub(crate) fn message(&self, id: MessageId) -> Message {
        let state = self.shared.look();
        view(&state, state.world.message(id))
    }

    /// How an interaction stands.
    pub(crate) fn interaction(&self, id: InteractionId) -> InteractionView {
        let state = self.shared.look();
        let found = state.interactions.get(id).map(Interaction::view);
        found.unwrap_or_else(|| panic!("there is no interaction {id}"))
    }

    /// The interactions that were acknowledged too late.
    pub(crate) fn late_acknowledgements(&self) -> Vec<InteractionId> {
        self.shared.look().log.late.clone()
    }

    /// Waits for the bot's next public message in a channel. Each is handed out once; an answer
    /// that was only promised counts when it is there.
    ///
    /// # Panics
    /// If none comes in time.
    pub(crate) async fn next_message_in(&self, channel: ChannelId) -> Message {
        let posted = self.wait_for(Watched::Channel(channel), |state| {
            posts(state).filter(|it| it.channel == channel && it.audience.is_none()).map(of).collect()
        });
        self.message(self.in_time(posted.await, &format!("a message in {channel}")))
    }

    /// Waits for the bot's next private message to somebody. Each is handed out once.
    ///
    /// # Panics
    /// If none comes in time.
    pub(crate) async fn next_private(&self, user: UserId) -> Message {
        let posted = self.wait_for(Watched::Private(user), |state| {
            posts(state).filter(|it| it.audience == Some(user)).map(of).collect()
        });
        self.message(self.in_time(posted.await, &format!("a private message to {user}")))
    }

    /// Waits for the bot's next edit of a message and gives the message as it stands then.
    ///
    /// # Panics
    /// If none comes in time.
    pub(crate) async fn next_edit_of(&self, message: MessageId) -> Message {
        let edited = self.wait_for(Watched::Edits(message), |state| {
            let deeds = state.deeds.iter().map(|(_, deed)| *deed);
            deeds.filter(|deed| *deed == Deed::Edited(message)).map(|_| message).collect()
        });
        self.message(self.in_time(edited.await, &format!("an edit of {message}")))
    }

    /// Waits until a message is gone.
    ///
    /// # Panics
    /// If it is still there after the patience has run out.
    pub(crate) async fn deletion_of(&self, message: MessageId) {
        self.until(&format!("the deletion of {message}"), |fake| fake.message(message).deleted.then_some(())).await;
    }

    /// Waits for an interaction's answer: the message it was given, with its content there.
    ///
    /// # Panics
    /// If none comes in time.
    pub(crate) async fn answer_to(&self, interaction: InteractionId) -> Message {
        self.until(&format!("an answer to interaction {interaction}"), |fake| {
            let state = fake.shared.look();
            let original = state.world.message(state.interactions.get(interaction)?.original?);
            (!original.is_loading()).then(|| view(&state, original))
        })
        .await
    }

    /// Waits for the next request of an operation, such as `create_message`. Each is handed out
    /// once.
    ///
    /// # Panics
    /// If none comes in time.
    pub(crate) async fn next_request_to(&self, operation: &str) -> RequestRecord {
        let made = self.wait_for(Watched::Requests(operation.to_owned()), |state| {
            let requests = state.log.requests.iter();
            requests.filter(|it| it.operation.as_deref() == Some(operation)).cloned().collect()
        });
        self.in_time(made.await, &format!("a request to {operation}"))
    }

    /// Makes sure that the bot posts nothing in a channel for a while.
    ///
    /// # Panics
    /// If it does.
    pub(crate) async fn stays_silent_in(&self, channel: ChannelId, long: Duration) {
        let posted = |state: &State| posts(state).filter(|it| it.channel == channel && it.audience.is_none()).count();
        let before = posted(&self.shared.look());
        let broken = self.shared.wait(long, |state| (posted(state) > before).then_some(()));
        assert!(broken.await.is_none(), "a message:\n{}", self.transcript(channel));
    }

    /// Waits until no request has come for a while and none is being answered.
    ///
    /// # Panics
    /// If requests keep coming until the patience has run out.
    pub(crate) async fn quiet(&self, long: Duration) {
        let patience = self.shared.look().settings.patience;
        let pause = async {
            loop {
                let busy = |state: &State| state.log.in_flight + state.log.requests.len();
                let before = busy(&self.shared.look());
                let stirred = self.shared.wait(long, |state| (busy(state) != before).then_some(()));
                if stirred.await.is_none() && self.shared.look().log.in_flight == 0 {
                    break;
                }
            }
        };
        let rest = tokio::time::timeout(patience, pause).await;
        assert!(rest.is_ok(), "requests kept coming for {patience:?}");
    }

    /// Waits until a question about the stand-in has an answer.
    ///
    /// # Panics
    /// If it has none in time; `what` is named then.
    pub(crate) async fn until<T>(&self, what: &str, mut question: impl FnMut(&Self) -> Option<T>) -> T {
        let patience = self.shared.look().settings.patience;
        let mut changed = self.shared.subscribe();
        let asking = async {
            loop {
                changed.borrow_and_update();
                if let Some(answer) = question(self) {
                    return answer;
                }
                // The sender lives as long as `self`, so this can't end early.
                let _ = changed.changed().await;
            }
        };
        let answer = tokio::time::timeout(patience, asking).await.ok();
        self.in_time(answer, what)
    }

    /// All requests so far, in the order in which they were answered.
    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.shared.look().log.requests.clone()
    }

    /// The requests of one operation so far.
    pub(crate) fn requests_to(&self, operation: &str) -> Vec<RequestRecord> {
        let state = self.shared.look();
        let all = state.log.requests.iter();
        all.filter(|it| it.operation.as_deref() == Some(operation)).cloned().collect()
    }

    /// How many requests have arrived and are not answered yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.shared.look().log.in_flight
    }

    /// How many requests have been answered so far.
    pub(crate) fn request_count(&self) -> usize {
        self.shared.look().log.requests.len()
    }

    /// The requests that were refused (4xx) though no test had ordered it.
    pub(crate) fn refusals(&self) -> Vec<RequestRecord> {
        let state = self.shared.look();
        let refused = |it: &&RequestRecord| (400..500).contains(&it.status) && it.trouble.is_none();
        state.log.requests.iter().filter(refused).cloned().collect()
    }

    /// Records requests without their bodies from now on, for load tests.
    pub(crate) fn record_without_bodies(&self) {
        self.shared.change(|state| state.log.without_bodies = true);
    }

    /// The channels in which the bot has shown that it is typing.
    pub(crate) fn typing(&self) -> Vec<ChannelId> {
        self.shared.look().typing.clone()
    }

    /// The names of the registered commands of a guild, or of the global ones.
    pub(crate) fn command_names(&self, guild: Option<GuildId>) -> Vec<String> {
        let state = self.shared.look();
        state.commands.of(guild).map(|it| it.name().to_owned()).collect()
    }

    async fn wait_for<T: Clone>(&self, watched: Watched, all: impl Fn(&State) -> Vec<T>) -> Option<T> {
        let patience = self.shared.look().settings.patience;
        self.shared
            .wait(patience, |state| {
                let handed_out = state.handed_out.get(&watched).copied().unwrap_or(0);
                let next = all(state).get(handed_out).cloned()?;
                state.handed_out.insert(watched.clone(), handed_out + 1);
                Some(next)
            })
            .await
    }

    fn in_time<T>(&self, found: Option<T>, what: &str) -> T {
        found.unwrap_or_else(|| {
            let state = self.shared.look();
            let last = state.log.requests.iter().rev().take(10).rev();
            let last = last.map(|it| format!("  {} {} → {}\n", it.method, it.path, it.status));
            let violations = state.log.violations.join("\n  ");
            panic!(
                "no {what} within {:?}\nlast requests:\n{}violations:\n  {violations}",
                state.settings.patience,
                last.collect::<String>(),
            )
        })
    }
}

/// The bot's messages in the order in which they could be read.
fn posts(state: &State) -> impl Iterator<Item = &StoredMessage> {
    state.deeds.iter().filter_map(|(_, deed)| match deed {
        Deed::Posted(id) => Some(state.world.message(*id)),
        Deed::Edited(_) | Deed::Deleted(_) => None,
    })
}

fn of(message: &StoredMessage) -> MessageId {
    message.id
}
