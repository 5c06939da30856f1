//! Buttons and menus under the bot's answers.

use serde_json::{Value, json};
use serenity::all::{ComponentInteraction, ComponentInteractionDataKind, MessageFlags};

use super::{
    answer::{COMPONENTS, EPHEMERAL, silent},
    bot::DiscordBot,
    button::{Button, Carried, shown},
    interaction::{Asking, InteractionReply, Part, ReceivedInteraction, UPDATE_LATER, permissions, said},
    members::{GuildMember, Holds},
    packing::{CONTAINER, SEPARATOR, TEXT_DISPLAY},
    places::place_of,
};
use crate::{
    config::MessageLayout,
    desk::{Invocation, deliveries::Shown},
    frontend::{
        ANSWER_NOT_KEPT, Asker, ChatEvent, EventKind, FOR_THE_ASKER_ALONE, QUESTION_NOT_KEPT, SeenBy, UNKNOWN_BUTTON,
        Verdict, settle,
    },
};

impl DiscordBot {
    pub(super) async fn pressed(&self, component: &ComponentInteraction) {
        let user = component.user.id.get();
        let guild = component.guild_id.map(|guild| guild.get());
        let call = ReceivedInteraction { id: component.id.get(), token: &component.token };
        let channel = component.channel_id.get();
        let permissions = permissions(component.member.as_ref());
        let facts = GuildMember { bot: self, guild, channel, user, holds: Holds::Permissions(permissions) };
        let own = Part::first(user);
        let (kind, carried, part) = match Button::read(&component.data.custom_id) {
            Some(Button::Turn { asker, part, call }) => {
                let by = if asker == user { Asker::Themselves } else { Asker::Unknown };
                (
                    EventKind::Turned { seen_by: seen_by(component), by },
                    call,
                    Part { asker, number: part, layout: Some(layout_of(component)) },
                )
            }
            Some(Button::Open(call)) => (EventKind::Opened, call, own),
            Some(Button::Choose) => match chosen(component) {
                Some(call) => (EventKind::Opened, call, own),
                None => return,
            },
            Some(Button::Publish(carried)) => return self.publish(component, call, carried, facts).await,
            None => {
                let way = call.to_one(guild);
                self.call_back(way, said(UNKNOWN_BUTTON)).await;
                return;
            }
        };
        let Some(line) = self.line_of(carried).await else {
            self.call_back(call.to_one(guild), said(QUESTION_NOT_KEPT)).await;
            return;
        };
        let asking = Asking { kind, facts, invocation: Invocation::of_line(&line), told: None, read: None };
        self.answer_interaction(asking, call, part).await;
    }

    /// Posts an answer that only one has seen so far, where all may see answers.
    async fn publish(
        &self,
        component: &ComponentInteraction,
        call: ReceivedInteraction<'_>,
        carried: Carried,
        facts: GuildMember<'_>,
    ) {
        let event = ChatEvent { kind: EventKind::Posted, place: place_of(facts.guild, facts.channel) };
        let settled = settle(self.handle.desk(), event, None, &facts).await;
        let Verdict::Answer(permit) = settled.verdict else {
            self.call_back(call.to_one(facts.guild), said(FOR_THE_ASKER_ALONE)).await;
            return;
        };
        let Some(shown) = self.line_of(carried).await.and_then(|line| shown(&line)) else {
            self.call_back(call.to_one(facts.guild), said(ANSWER_NOT_KEPT)).await;
            return;
        };
        match layout_of(component) {
            MessageLayout::Embeds => {
                let way = call.way(permit.place, permit.seen_by);
                if let Some(sent) = self.call_back(way, published(component)).await {
                    self.delivered_unasked(&sent["resource"]["message"], shown);
                }
            }
            MessageLayout::Components => self.publish_components(call.aside(), shown).await,
        }
    }

    /// As [`DiscordBot::publish`], of layout components. The library that reads the gateway's events leaves them out, so
    /// the message is asked for: once the press is acknowledged, it is what the interaction answered with.
    async fn publish_components(&self, way: InteractionReply<'_>, shown: Shown) {
        let Some(application) = self.application.get() else { return };
        if self.acknowledge(way, &json!({"type": UPDATE_LATER})).await.is_none() {
            return;
        }
        let path = format!("/webhooks/{application}/{}", way.token);
        let posted = async {
            let private = self.rest.get(&format!("{path}/messages/@original")).await?;
            self.rest.post(&format!("{path}?wait=true"), &published_components(&private)).await
        };
        match posted.await {
            Ok(sent) => self.delivered_unasked(&sent, shown),
            Err(error) => {
                tracing::warn!(%error, "a private answer could not be posted");
                let mut told = said(ANSWER_NOT_KEPT);
                told["flags"] = EPHEMERAL.into();
                if let Err(error) = self.rest.post(&format!("{path}?wait=true"), &told).await {
                    tracing::info!(%error, "who wanted to post it could not be told either");
                }
            }
        }
    }

    /// The line that a button carries; `None` where it is kept no longer.
    async fn line_of(&self, carried: Carried) -> Option<String> {
        match carried {
            Carried::Here(line) => Some(line),
            Carried::Kept(id) => self.handle.run(move |desk| desk.memory().kept_ask(&id)).await.ok()?.ok()?,
        }
    }
}

/// Who sees the message that a button stands under.
fn seen_by(component: &ComponentInteraction) -> SeenBy {
    let is_ephemeral = component.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
    if is_ephemeral { SeenBy::AskerAlone } else { SeenBy::Everyone }
}

/// What the message that a button stands under is made of. Where it is components, the buttons are in their container,
/// which the library that reads events leaves out.
fn layout_of(component: &ComponentInteraction) -> MessageLayout {
    if component.message.components.is_empty() { MessageLayout::Components } else { MessageLayout::Embeds }
}

fn chosen(component: &ComponentInteraction) -> Option<Carried> {
    match &component.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map(|value| Carried::read(value)),
        _ => None,
    }
}

/// A private answer as everyone may see it: what the one who posts it has before them.
fn published(component: &ComponentInteraction) -> Value {
    let mut body = silent();
    let embeds = component.message.embeds.iter().map(|embed| {
        let mut out = json!({"description": embed.description, "color": embed.colour.map(|colour| colour.0)});
        if let Some(footer) = &embed.footer {
            out["footer"] = json!({"text": footer.text});
        }
        out
    });
    body["embeds"] = embeds.collect();
    let components = serde_json::to_value(&component.message.components).unwrap_or_default();
    let buttons = public_buttons(&components);
    if !buttons.is_empty() {
        body["components"] = json!([{"type": 1, "components": buttons}]);
    }
    body
}

/// As [`published`], of the message as Discord has it.
fn published_components(private: &Value) -> Value {
    let inner = &private["components"][0]["components"];
    let mut shown: Vec<Value> = Vec::new();
    for component in inner.as_array().into_iter().flatten() {
        match component["type"].as_u64() {
            Some(TEXT_DISPLAY) => shown.push(json!({"type": TEXT_DISPLAY, "content": component["content"]})),
            Some(SEPARATOR) => {
                let (divider, spacing) = (&component["divider"], &component["spacing"]);
                shown.push(json!({"type": SEPARATOR, "divider": divider, "spacing": spacing}));
            }
            _ => {}
        }
    }
    let buttons = public_buttons(inner);
    if !buttons.is_empty() {
        shown.push(json!({"type": 1, "components": buttons}));
    } else if shown.last().is_some_and(|last| last["type"] == SEPARATOR) {
        shown.pop();
    }
    let mut body = silent();
    body["flags"] = COMPONENTS.into();
    body["components"] = json!([{"type": CONTAINER, "components": shown}]);
    body
}

/// The buttons in some rows that are for everyone: those that turn pages and lead on.
fn public_buttons(rows: &Value) -> Vec<Value> {
    let buttons = rows.as_array().into_iter().flatten().filter_map(|row| row["components"].as_array()).flatten();
    let is_public = |button: &&Value| {
        let id = button["custom_id"].as_str().and_then(Button::read);
        matches!(id, Some(Button::Turn { .. } | Button::Open(_)))
    };
    let shown =
        |button: &Value| json!({"type": 2, "style": 2, "label": button["label"], "custom_id": button["custom_id"]});
    buttons.filter(is_public).map(shown).collect()
}
