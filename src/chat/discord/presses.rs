//! Buttons and menus under the bot's answers.

use serde_json::{Value, json};
use serenity::all::{ComponentInteraction, ComponentInteractionDataKind, MessageFlags};

use super::{
    answer::{Showing, silent},
    bot::{Bot, community},
    button::{Button, Carried, shown},
    interaction::{InteractionReply, said},
    places::{may_manage, may_moderate},
};
use crate::desk::{ChatOrigin, Invocation};

impl Bot {
    pub(super) async fn pressed(&self, component: &ComponentInteraction) {
        let user = component.user.id.get();
        let is_private = component.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
        let in_guild = component.guild_id.is_some();
        let way = InteractionReply { id: component.id.get(), token: &component.token, new: true, private: in_guild };
        let permissions =
            component.member.as_ref().and_then(|member| member.permissions).map_or(0, |permissions| permissions.bits());
        let (carried, part, way) = match Button::read(&component.data.custom_id) {
            Some(Button::Turn { asker, part, call }) => {
                // Others get a page of their own, and the one who asked keeps theirs.
                let own = is_private || asker == user || may_moderate(permissions) || !in_guild;
                (call, part, if own { InteractionReply { new: false, private: is_private, ..way } } else { way })
            }
            Some(Button::Open(call)) => (call, 0, way),
            Some(Button::Choose) => match chosen(component) {
                Some(call) => (call, 0, way),
                None => return,
            },
            Some(Button::Publish(carried)) => {
                let Some(shown) = self.line_of(carried).await.and_then(|line| shown(&line)) else {
                    self.call_back(way, said("This answer is no longer kept. Ask again.")).await;
                    return;
                };
                let way = InteractionReply { private: false, ..way };
                if let Some(sent) = self.call_back(way, published(component)).await {
                    self.delivered_unasked(&sent["resource"]["message"], shown);
                }
                return;
            }
            None => {
                self.call_back(way, said("This button is from another version of the bot. Ask again.")).await;
                return;
            }
        };
        let Some(line) = self.line_of(carried).await else {
            self.call_back(way, said("This question is no longer kept. Ask again.")).await;
            return;
        };
        let invocation = Invocation::of_line(&line);
        let here = invocation.call();
        if self.asks_for_reason(way, here.as_ref()).await {
            return;
        }
        let community_id = component.guild_id.map(|guild| community(guild.get()));
        let channel = component.channel_id.get();
        let origin = ChatOrigin {
            community: community_id.clone(),
            channel: channel.to_string(),
            may_manage_community: may_manage(permissions),
            may_moderate_channel: may_moderate(permissions),
        };
        let Some(request) = self.request(user, channel, origin, invocation) else { return };
        let prefix = self.prefix_in(community_id.as_deref()).unwrap_or_else(|| "/".to_owned());
        // A page keeps the one whose it is, also when a moderator turns it.
        let asker = match (Button::read(&component.data.custom_id), way.new) {
            (Some(Button::Turn { asker, .. }), false) => asker,
            (_, _) => user,
        };
        let showing = Showing { asker, prefix: &prefix, part, private: way.private && in_guild };
        self.answer_interaction(request, here, way, showing).await;
    }

    /// The line that a button carries; `None` where it is kept no longer.
    async fn line_of(&self, carried: Carried) -> Option<String> {
        match carried {
            Carried::Here(line) => Some(line),
            Carried::Kept(id) => self.handle.run(move |desk| desk.kept_ask(&id)).await.ok()?.ok()?,
        }
    }
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
