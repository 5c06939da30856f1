//! Buttons and menus under the bot's answers.

use serde_json::{Value, json};
use serenity::all::{ComponentInteraction, ComponentInteractionDataKind, MessageFlags};

use super::{
    answer::silent,
    bot::DiscordBot,
    button::{Button, Carried, shown},
    interaction::{Asking, Part, ReceivedInteraction, permissions, said},
    members::{GuildMember, Holds},
    places::place_of,
};
use crate::{
    desk::Invocation,
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
        let own = Part { asker: user, number: 0 };
        let (kind, carried, part) = match Button::read(&component.data.custom_id) {
            Some(Button::Turn { asker, part, call }) => {
                let by = if asker == user { Asker::Themselves } else { Asker::Unknown };
                (EventKind::Turned { seen_by: seen_by(component), by }, call, Part { asker, number: part })
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
        let asking = Asking { kind, facts, invocation: Invocation::of_line(&line) };
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
        if let Some(sent) = self.call_back(call.way(permit.place, permit.seen_by), published(component)).await {
            self.delivered_unasked(&sent["resource"]["message"], shown);
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
    let turning =
        components.as_array().into_iter().flatten().flat_map(|row| row["components"].as_array().into_iter().flatten());
    let buttons: Vec<Value> = turning
        .filter(|button| {
            let id = button["custom_id"].as_str().and_then(Button::read);
            matches!(id, Some(Button::Turn { .. } | Button::Open(_)))
        })
        .map(|button| json!({"type": 2, "style": 2, "label": button["label"], "custom_id": button["custom_id"]}))
        .collect();
    if !buttons.is_empty() {
        body["components"] = json!([{"type": 1, "components": buttons}]);
    }
    body
}
