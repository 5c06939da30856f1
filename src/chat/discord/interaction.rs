//! Slash commands, their completion, and the message command "Find sources". Each interaction is
//! acknowledged within 3 seconds (Discord, "Responding to an Interaction"): with the answer if it is
//! ready, else with a promise.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::all::{CommandDataOptionValue, CommandInteraction, CommandType, Interaction, Message, MessageFlags};

use super::{
    answer::{AnswerMessage, EPHEMERAL, Showing, silent},
    bot::DiscordBot,
    content,
    conversation::ASK_INSTEAD,
    escape::{literal, short},
    members::{GuildMember, Holds},
    packing::TEXT_DISPLAY,
    places::{community, place_of, presence},
    register::{PRIVATE, identity_of},
    rest::RestError,
};
use crate::{
    commands::calls,
    config::MessageLayout,
    desk::{Invocation, Request},
    frontend::{
        Admitted, AnswerPlace, ChatEvent, ChatPlace, EventKind, Presence, QuotedMessage, ReasonStep, SeenBy, admit,
        completed, lacks_reason, reason_step, request, settle, turned_call,
    },
    model::{Identity, Platform},
    reply::{CommandCall, Reply, Text},
};

/// How long an answer is waited for before it is promised.
const PROMPT: Duration = Duration::from_millis(1_200);

/// The kinds of callbacks (Discord, "Interaction Callback Type").
pub(super) const MESSAGE: u64 = 4;
pub(super) const MESSAGE_LATER: u64 = 5;
pub(super) const UPDATE_LATER: u64 = 6;
pub(super) const UPDATE: u64 = 7;
const CHOICES: u64 = 8;

/// How an interaction is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct InteractionReply<'a> {
    pub(super) id: u64,
    pub(super) token: &'a str,
    /// Whether a new message answers it, or the message that it came from is changed.
    pub(super) new: bool,
    pub(super) private: bool,
}

/// An interaction that is to be answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReceivedInteraction<'a> {
    pub(super) id: u64,
    pub(super) token: &'a str,
}

impl<'a> ReceivedInteraction<'a> {
    /// How it is answered.
    pub(super) fn way(self, place: AnswerPlace, seen_by: SeenBy) -> InteractionReply<'a> {
        let (new, private) = (place == AnswerPlace::New, seen_by == SeenBy::AskerAlone);
        InteractionReply { id: self.id, token: self.token, new, private }
    }

    /// How something is said to the one who acts; where others are, to nobody else.
    pub(super) fn to_one(self, guild: Option<u64>, presence: Presence) -> InteractionReply<'a> {
        let is_among_others = guild.is_some() || presence == Presence::Guest;
        let seen_by = if is_among_others { SeenBy::AskerAlone } else { SeenBy::Everyone };
        self.way(AnswerPlace::New, seen_by)
    }

    /// How something is shown that is no message.
    pub(super) fn aside(self) -> InteractionReply<'a> {
        self.way(AnswerPlace::New, SeenBy::AskerAlone)
    }
}

/// What someone asks by an interaction.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    pub(super) kind: EventKind,
    pub(super) facts: GuildMember<'a>,
    pub(super) invocation: Invocation,
    /// What is said in place of an answer, where what is asked can't be.
    pub(super) told: Option<Reply>,
    /// Which part of a message is read.
    pub(super) read: Option<Text>,
    /// What the bot is where they ask.
    pub(super) presence: Presence,
    /// What stands above the answer: which message was checked.
    pub(super) about: Option<String>,
}

/// Which part of a page is asked for, and whose answer it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) asker: u64,
    pub(super) number: usize,
    /// The message whose page is turned, if one is.
    pub(super) of: Option<PageOf>,
}

impl Part {
    /// The first part of an answer that is one's own.
    pub(super) const fn first(asker: u64) -> Self {
        Self { asker, number: 0, of: None }
    }
}

/// The message that a page is turned in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageOf {
    /// Whether its answer can still be posted from there.
    pub(super) posting: Posting,
    /// What it is made of, and so how its parts are counted.
    pub(super) make: Make,
}

/// Whether an answer that its asker alone sees is still offered to be posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Posting {
    /// It is, where all may see it.
    Offered,
    /// It was posted, or never could be.
    Over,
}

/// What a message of the bot's is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Make {
    /// What it is made of by itself.
    Of(MessageLayout),
    /// Words alone, where embeds are not allowed.
    Words,
}

impl DiscordBot {
    pub(super) async fn interaction(&self, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => self.command(&command).await,
            Interaction::Autocomplete(command) => self.complete(&command).await,
            Interaction::Component(component) => self.pressed(&component).await,
            Interaction::Modal(modal) => self.filled_in(&modal).await,
            _ => {}
        }
    }

    async fn command(&self, command: &CommandInteraction) {
        let user = command.user.id.get();
        let guild = command.guild_id.map(|guild| guild.get());
        let channel = command.channel_id.get();
        let (mut invocation, wish) = asked(command);
        let (mut told, mut read) = (None, None);
        if command.data.kind == CommandType::Message {
            match self.targeted(command, channel).await.check() {
                Ok(check) => (invocation, read) = (check.invocation, check.read),
                Err(reply) => told = Some(*reply),
            }
        }
        if self.opens_form(command, &invocation).await {
            return;
        }
        let holds = Holds::Permissions(permissions(command.member.as_deref()));
        let facts = GuildMember { bot: self, guild, channel, user, holds };
        let presence = presence(&command.authorizing_integration_owners, command.context);
        let about = about(command);
        let asking = Asking { kind: EventKind::Commanded { wish }, facts, invocation, told, read, presence, about };
        let call = ReceivedInteraction { id: command.id.get(), token: &command.token };
        self.answer_interaction(asking, call, Part::first(user)).await;
    }

    /// The message in whose menu a command was chosen.
    async fn targeted(&self, command: &CommandInteraction, channel: u64) -> QuotedMessage {
        match command.data.resolved.messages.values().next() {
            Some(message) => self.quoted(channel, message.id.get(), content::of_message(message)).await,
            None => QuotedMessage::Missing,
        }
    }

    /// Answers a request of an interaction: at once, or as promised.
    pub(super) async fn answer_interaction(&self, asking: Asking<'_>, call: ReceivedInteraction<'_>, part: Part) {
        let Asking { kind, facts, invocation, told, read, presence, about } = asking;
        let place = ChatPlace { presence, ..place_of(facts.guild, facts.channel) };
        let event = ChatEvent { kind, place };
        let settled = settle(self.handle.desk(), event, invocation.command(), &facts).await;
        let decision = invocation.call().filter(|call| kind == EventKind::Opened && lacks_reason(call));
        let here = turned_call(&invocation);
        let here = here.as_ref();
        let user = facts.user.to_string();
        let Some(request) = request(Platform::Discord, &user, settled.origin, invocation) else { return };
        let refusal = match decision {
            Some(decision) => match self.reason_step(&decision, &request).await {
                // It is counted when it is given.
                ReasonStep::Ask => return self.ask_for_reason(call, &decision).await,
                ReasonStep::Refuse(refusal) => Some(*refusal),
            },
            None => told,
        };
        let community_id = facts.guild.map(community);
        // What is typed is seen by the bot only where it is a member.
        let prefix = match presence {
            Presence::Member => self.prefix_in(community_id.as_deref()),
            Presence::Guest => None,
        };
        let prefix = prefix.unwrap_or_else(|| "/".to_owned());
        let asker = part.asker;
        let layout = match part.of.map(|of| of.make) {
            Some(Make::Of(layout)) => layout,
            Some(Make::Words) => MessageLayout::Embeds,
            None => self.layout,
        };
        let showing = Showing { asker, prefix: &prefix, part: part.number, may_be_posted: false, layout };
        let permit = match admit(self.handle.desk(), &request, settled.verdict, ASK_INSTEAD) {
            Admitted::Granted(permit) => permit,
            Admitted::Told(reply) => {
                let shown = self.show(&reply, here, showing).await;
                self.call_back(call.way(AnswerPlace::New, SeenBy::AskerAlone), shown.body).await;
                return;
            }
            Admitted::Silent => return,
        };
        // A page keeps the one whose it is, also when a moderator turns it.
        let asker = if permit.place == AnswerPlace::InPlace { asker } else { facts.user };
        let of = part.of.filter(|_| permit.place == AnswerPlace::InPlace);
        let is_posted = of.is_some_and(|of| of.posting == Posting::Over);
        let showing = Showing { asker, may_be_posted: settled.may_be_posted && !is_posted, ..showing };
        let made = |mut shown: AnswerMessage| {
            // A message keeps what it is made of: embeds can't be put where they are not allowed, and would leave the
            // words of the page before standing.
            match (of.map(|of| of.make), &about, layout) {
                (Some(Make::Words), _, _) => shown.body = shown.plain.take().unwrap_or(shown.body),
                (_, Some(about), MessageLayout::Embeds) => shown.body["content"] = about.as_str().into(),
                // Words stand in no other place than in the container.
                (_, Some(about), MessageLayout::Components) => {
                    if let Some(inner) = shown.body["components"][0]["components"].as_array_mut() {
                        inner.insert(0, json!({"type": TEXT_DISPLAY, "content": about}));
                    }
                }
                (_, None, _) => {}
            }
            shown
        };
        let way = call.way(permit.place, permit.seen_by);
        if let Some(refusal) = refusal {
            let shown = self.show(&refusal, None, showing).await;
            return self.call_back_with(way, shown).await;
        }
        let answering = async { completed(self.handle.answer(request).await, permit.subject, read) };
        let mut answering = std::pin::pin!(answering);
        match tokio::time::timeout(PROMPT, &mut answering).await {
            Ok(reply) => {
                let shown = made(self.show(&reply, here, showing).await);
                self.call_back_with(way, shown).await;
            }
            Err(_) => {
                if !self.promise(way).await {
                    return;
                }
                let reply: Reply = answering.await;
                let shown = made(self.show(&reply, here, showing).await);
                self.keep_promise(way, shown).await;
            }
        }
    }

    /// What becomes of a decision that lacks its reason. What isn't known in time is asked for: the command looks again.
    async fn reason_step(&self, decision: &CommandCall, request: &Request) -> ReasonStep {
        let (decision, actor) = (decision.clone(), request.actor.clone());
        let found = self.handle.run(move |desk| reason_step(desk, &decision, &actor));
        match tokio::time::timeout(PROMPT, found).await {
            Ok(Ok(Ok(step))) => step,
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => ReasonStep::Ask,
        }
    }

    /// Answers an interaction with this message.
    pub(super) async fn call_back(&self, way: InteractionReply<'_>, body: Value) -> Option<Value> {
        let mut body = body;
        if way.private && way.new {
            body["flags"] = (body["flags"].as_u64().unwrap_or_default() | EPHEMERAL).into();
        }
        let kind = if way.new { MESSAGE } else { UPDATE };
        self.acknowledge(way, &json!({"type": kind, "data": body})).await
    }

    /// As [`DiscordBot::call_back`]; what everyone sees is remembered, so that a correction reaches it.
    pub(super) async fn call_back_with(&self, way: InteractionReply<'_>, shown: AnswerMessage) {
        let sent = self.call_back(way, shown.body).await;
        if let Some(sent) = sent
            && !way.private
        {
            self.delivered_unasked(&sent["resource"]["message"], shown.records);
        }
    }

    async fn promise(&self, way: InteractionReply<'_>) -> bool {
        let body = match (way.new, way.private) {
            (true, true) => promised_to_one(),
            (true, false) => json!({"type": MESSAGE_LATER}),
            (false, _) => json!({"type": UPDATE_LATER}),
        };
        self.acknowledge(way, &body).await.is_some()
    }

    async fn keep_promise(&self, way: InteractionReply<'_>, shown: AnswerMessage) {
        let Some(application) = self.application.get() else { return };
        let path = format!("/webhooks/{application}/{}/messages/@original", way.token);
        match self.rest.patch(&path, &shown.body).await {
            Ok(sent) if !way.private => self.delivered_unasked(&sent, shown.records),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a promised answer could not be given"),
        }
    }

    /// What Discord says to an answer; `None` if it didn't take it.
    pub(super) async fn acknowledge(&self, way: InteractionReply<'_>, body: &Value) -> Option<Value> {
        let is_public_message = !way.private && matches!(body["type"].as_u64(), Some(MESSAGE | UPDATE));
        let wanted = if is_public_message { "?with_response=true" } else { "" };
        let path = format!("/interactions/{}/{}/callback{wanted}", way.id, way.token);
        match self.rest.post(&path, body).await {
            Ok(answer) => Some(answer),
            // The connection broke after Discord had taken it.
            Err(RestError::Refused { code: 40_060, .. }) => Some(Value::Null),
            Err(error) => {
                tracing::warn!(%error, "an interaction could not be answered");
                None
            }
        }
    }

    /// Acknowledges what someone does who isn't heard: Discord would show it as a failure of the bot's. Nothing is said.
    pub(super) async fn turn_away(&self, interaction: &Interaction) {
        let (id, token, body) = match interaction {
            Interaction::Autocomplete(typing) => {
                (typing.id, &typing.token, json!({"type": CHOICES, "data": {"choices": []}}))
            }
            Interaction::Component(pressed) => (pressed.id, &pressed.token, json!({"type": UPDATE_LATER})),
            Interaction::Command(command) => (command.id, &command.token, promised_to_one()),
            Interaction::Modal(modal) => (modal.id, &modal.token, promised_to_one()),
            _ => return,
        };
        let way = ReceivedInteraction { id: id.get(), token }.aside();
        let taken = self.acknowledge(way, &body).await;
        // A promise would stand there until it lapses.
        if let (Some(_), Some(MESSAGE_LATER), Some(application)) =
            (taken, body["type"].as_u64(), self.application.get())
        {
            let path = format!("/webhooks/{application}/{token}/messages/@original");
            if let Err(error) = self.rest.delete(&path).await {
                tracing::debug!(%error, "a promise could not be taken back");
            }
        }
    }

    async fn complete(&self, command: &CommandInteraction) {
        let Some(option) = command.data.autocomplete() else { return };
        let mut seen = std::collections::HashSet::new();
        let (name, option, typed) = (command.data.name.clone(), option.name.to_owned(), option.value.to_owned());
        let Ok(actor) = Identity::new(Platform::Discord, &command.user.id.to_string()) else { return };
        // A busy desk completes nothing: what is typed can still be sent.
        let found =
            self.handle.run(move |desk| desk.complete_option(&name, &option, &typed, &actor)).await.unwrap_or_default();
        let choices: Vec<Value> = found
            .into_iter()
            // A value that can't be given whole would be another.
            .filter(|completion| {
                completion.replacement.chars().count() <= 100 && seen.insert(completion.replacement.clone())
            })
            .take(25)
            .map(|completion| json!({"name": short(&completion.label, 100), "value": completion.replacement}))
            .collect();
        let way = ReceivedInteraction { id: command.id.get(), token: &command.token }.aside();
        self.acknowledge(way, &json!({"type": CHOICES, "data": {"choices": choices}})).await;
    }
}

/// What a command asks, and who is to see the answer. What a message says that one was chosen for is read apart.
pub(super) fn asked(command: &CommandInteraction) -> (Invocation, SeenBy) {
    if command.data.kind == CommandType::Message {
        return (Invocation::Call(calls::check("")), SeenBy::AskerAlone);
    }
    let mut wish = SeenBy::Everyone;
    let mut picked = None;
    let mut options = Vec::new();
    for option in &command.data.options {
        match &option.value {
            CommandDataOptionValue::Boolean(true) if option.name == PRIVATE => wish = SeenBy::AskerAlone,
            CommandDataOptionValue::String(text) => options.push((option.name.clone(), text.clone())),
            CommandDataOptionValue::User(id) => picked = Some(id.to_string()),
            CommandDataOptionValue::Integer(number) => options.push((option.name.clone(), number.to_string())),
            _ => {}
        }
    }
    if let Some((id, whom)) = picked.zip(identity_of(&command.data.name)) {
        options.retain(|(name, _)| name != whom);
        options.push((whom.to_owned(), format!("{}:{id}", Platform::Discord.word())));
    }
    (Invocation::Options { command: command.data.name.clone(), options }, wish)
}

/// The promise of an answer for one alone.
fn promised_to_one() -> Value {
    json!({"type": MESSAGE_LATER, "data": {"flags": EPHEMERAL}})
}

/// Which message is checked, by name and link: the answer stands away from it.
fn about(command: &CommandInteraction) -> Option<String> {
    if command.data.kind != CommandType::Message {
        return None;
    }
    let message = command.data.resolved.messages.values().next()?;
    let author = message.author.global_name.as_deref().unwrap_or(&message.author.name);
    // Discord's address of direct messages has a word in place of the server.
    let server = command.guild_id.map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
    let (channel, id) = (command.channel_id, message.id);
    let author = literal(&short(author, 40));
    Some(format!("On a message by {author}: https://discord.com/channels/{server}/{channel}/{id}"))
}

/// The permissions that Discord sends along with an interaction; none in a direct message.
pub(super) fn permissions(member: Option<&serenity::all::Member>) -> u64 {
    member.and_then(|member| member.permissions).map_or(0, |permissions| permissions.bits())
}

/// Whether one person alone sees a message of the bot's.
pub(super) fn is_for_one(message: &Message) -> bool {
    message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

/// An answer without anything in it, for what needs no desk.
pub(super) fn said(text: &str) -> Value {
    let mut body = silent();
    body["content"] = text.into();
    body
}
