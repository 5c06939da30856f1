//! Slash commands, their completion, and the message command "Find sources". Each interaction is
//! acknowledged within 3 seconds (Discord, "Responding to an Interaction"): with the answer if it is
//! ready, else with a promise.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::all::{CommandDataOptionValue, CommandInteraction, CommandType, Interaction};

use super::{
    answer::{Answer, EPHEMERAL, Showing, silent},
    bot::{Bot, community},
    escape::short,
    places::{may_manage, may_moderate},
    register::PRIVATE,
    rest::RestError,
};
use crate::{
    commands::calls,
    desk::{Admission, ChatOrigin, Desk, Invocation, Request},
    reply::{CommandCall, Reply},
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

impl Bot {
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
        let community_id = guild.map(community);
        let settings = community_id.as_deref().map(|id| self.handle.desk().community(id)).unwrap_or_default();
        let channel = command.channel_id.get();
        let home = if settings.channels.is_empty() { channel } else { self.home(channel).await };
        let permissions =
            command.member.as_ref().and_then(|member| member.permissions).map_or(0, |permissions| permissions.bits());
        let origin = ChatOrigin {
            community: community_id.clone(),
            channel: home.to_string(),
            may_manage_community: may_manage(permissions),
            may_moderate_channel: may_moderate(permissions),
        };
        let mut private = settings.private
            || (!settings.channels.is_empty() && !settings.channels.contains(&home.to_string()))
            || command.data.name == "settings";
        let (invocation, wants_private) = asked(command);
        private |= wants_private;
        // In a private conversation everything is.
        private &= guild.is_some();
        if self.opens_form(command, &invocation).await {
            return;
        }
        let here = invocation.call();
        let Some(request) = self.request(user, channel, origin, invocation) else { return };
        let way = InteractionReply { id: command.id.get(), token: &command.token, new: true, private };
        let prefix = self.prefix_in(community_id.as_deref()).unwrap_or_else(|| "/".to_owned());
        let showing = Showing { asker: user, prefix: &prefix, part: 0, private };
        self.answer_interaction(request, here, way, showing).await;
    }

    /// Answers a request of an interaction: at once, or as promised.
    pub(super) async fn answer_interaction(
        &self,
        request: Request,
        here: Option<CommandCall>,
        way: InteractionReply<'_>,
        showing: Showing<'_>,
    ) {
        let here = here.as_ref();
        if self.handle.desk().admit(&request) != Admission::Granted {
            let shown = self.show(&Desk::refusal(), here, Showing { private: false, ..showing }).await;
            let way = InteractionReply { new: true, private: true, ..way };
            self.call_back(way, shown.body).await;
            return;
        }
        let mut answering = std::pin::pin!(self.handle.answer(request));
        match tokio::time::timeout(PROMPT, &mut answering).await {
            Ok(reply) => {
                let shown = self.show(&reply, here, showing).await;
                self.call_back_with(way, shown).await;
            }
            Err(_) => {
                if !self.promise(way).await {
                    return;
                }
                let reply: Reply = answering.await;
                let shown = self.show(&reply, here, showing).await;
                self.keep_promise(way, shown).await;
            }
        }
    }

    /// Answers an interaction with this message.
    pub(super) async fn call_back(&self, way: InteractionReply<'_>, body: Value) -> Option<Value> {
        let mut body = body;
        if way.private && way.new {
            body["flags"] = EPHEMERAL.into();
        }
        let kind = if way.new { MESSAGE } else { UPDATE };
        self.acknowledge(way, &json!({"type": kind, "data": body})).await
    }

    /// As [`Bot::call_back`]; what everyone sees is remembered, so that a correction reaches it.
    pub(super) async fn call_back_with(&self, way: InteractionReply<'_>, shown: Answer) {
        let sent = self.call_back(way, shown.body).await;
        if let Some(sent) = sent
            && !way.private
        {
            self.delivered_unasked(&sent["resource"]["message"], shown.records);
        }
    }

    async fn promise(&self, way: InteractionReply<'_>) -> bool {
        let body = match (way.new, way.private) {
            (true, true) => json!({"type": MESSAGE_LATER, "data": {"flags": EPHEMERAL}}),
            (true, false) => json!({"type": MESSAGE_LATER}),
            (false, _) => json!({"type": UPDATE_LATER}),
        };
        self.acknowledge(way, &body).await.is_some()
    }

    async fn keep_promise(&self, way: InteractionReply<'_>, shown: Answer) {
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

    async fn complete(&self, command: &CommandInteraction) {
        let Some(option) = command.data.autocomplete() else { return };
        let mut seen = std::collections::HashSet::new();
        let (name, option, typed) = (command.data.name.clone(), option.name.to_owned(), option.value.to_owned());
        // A busy desk completes nothing: what is typed can still be sent.
        let found = self.handle.run(move |desk| desk.complete_option(&name, &option, &typed)).await.unwrap_or_default();
        let choices: Vec<Value> = found
            .into_iter()
            // A value that can't be given whole would be another.
            .filter(|completion| {
                completion.replacement.chars().count() <= 100 && seen.insert(completion.replacement.clone())
            })
            .take(25)
            .map(|completion| json!({"name": short(&completion.label, 100), "value": completion.replacement}))
            .collect();
        let way = InteractionReply { id: command.id.get(), token: &command.token, new: true, private: true };
        self.acknowledge(way, &json!({"type": CHOICES, "data": {"choices": choices}})).await;
    }
}

/// What a command asks, and whether it asks to be answered in private.
pub(super) fn asked(command: &CommandInteraction) -> (Invocation, bool) {
    if command.data.kind == CommandType::Message {
        let text = command.data.resolved.messages.values().next().map(|message| message.content.clone());
        return (Invocation::Call(calls::check(&text.unwrap_or_default())), true);
    }
    let mut private = false;
    let mut options = Vec::new();
    for option in &command.data.options {
        match &option.value {
            CommandDataOptionValue::Boolean(wanted) if option.name == PRIVATE => private |= *wanted,
            CommandDataOptionValue::String(text) => options.push((option.name.clone(), text.clone())),
            CommandDataOptionValue::Integer(number) => options.push((option.name.clone(), number.to_string())),
            _ => {}
        }
    }
    (Invocation::Options { command: command.data.name.clone(), options }, private)
}

/// An answer without anything in it, for what needs no desk.
pub(super) fn said(text: &str) -> Value {
    let mut body = silent();
    body["content"] = text.into();
    body
}
