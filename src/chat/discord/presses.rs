//! Buttons and menus under the bot's answers.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use serenity::all::{ComponentInteraction, ComponentInteractionDataKind, MessageFlags};

use super::{
    answer::{Showing, silent},
    bot::{Bot, community},
    interaction::{Way, said},
    places::{may_manage, may_moderate},
    press::{Press, Words, choice},
};
use crate::{
    desk::{
        ChatOrigin, Invocation,
        deliveries::{AsOf, Shown},
    },
    model::{RecordId, RecordKind, Reference},
};

impl Bot {
    pub(super) async fn pressed(&self, component: &ComponentInteraction) {
        let user = component.user.id.get();
        let is_private = component.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
        let in_guild = component.guild_id.is_some();
        let way = Way { id: component.id.get(), token: &component.token, new: true, private: in_guild };
        let permissions =
            component.member.as_ref().and_then(|member| member.permissions).map_or(0, |permissions| permissions.bits());
        let (words, part, way) = match Press::read(&component.data.custom_id) {
            Some(Press::Turn { asker, part, ask }) => {
                // Others get a page of their own, and the one who asked keeps theirs.
                let own = is_private || asker == user || may_moderate(permissions) || !in_guild;
                (ask, part, if own { Way { new: false, private: is_private, ..way } } else { way })
            }
            Some(Press::Open(ask)) => (ask, 0, way),
            Some(Press::Choose) => match chosen(component) {
                Some(ask) => (ask, 0, way),
                None => return,
            },
            Some(Press::Publish) => {
                let body = published(component);
                let way = Way { private: false, ..way };
                let shown = Shown { entries: ids_in(&body), as_of: Some(AsOf::Time(written(component))) };
                if let Some(sent) = self.call_back(way, body).await {
                    self.delivered_unasked(&sent["resource"]["message"], shown);
                }
                return;
            }
            None => {
                self.call_back(way, said("This button is from another version of the bot. Ask again.")).await;
                return;
            }
        };
        let Some(ask) = self.words(words).await else {
            self.call_back(way, said("This question is no longer kept. Ask again.")).await;
            return;
        };
        if self.asks_for_reason(way, &ask).await {
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
        let Some(request) = self.request(user, channel, origin, Invocation::Text(ask.clone())) else { return };
        let prefix = self.prefix_in(community_id.as_deref()).unwrap_or_else(|| "/".to_owned());
        // A page keeps the one whose it is, also when a moderator turns it.
        let asker = match (Press::read(&component.data.custom_id), way.new) {
            (Some(Press::Turn { asker, .. }), false) => asker,
            (_, _) => user,
        };
        let showing = Showing { asker, prefix: &prefix, part, private: way.private && in_guild };
        self.answer_interaction(request, &ask, way, showing).await;
    }

    async fn words(&self, words: Words) -> Option<String> {
        match words {
            Words::Here(ask) => Some(ask),
            Words::Kept(id) => self.handle.run(move |desk| desk.kept_ask(&id)).await.ok()?.ok()?,
        }
    }
}

/// The ids of the entries that a message of the bot shows: they stand in it as code.
fn ids_in(body: &Value) -> Vec<String> {
    let embeds = body["embeds"].as_array().into_iter().flatten();
    let texts = embeds.filter_map(|embed| embed["description"].as_str());
    let code = texts.flat_map(|text| text.split('`').skip(1).step_by(2));
    let ids: BTreeSet<_> = code.filter_map(entry).collect();
    // A statement shows its responses with it.
    let has_statement = ids.iter().any(|id| id.kind == RecordKind::Statement);
    ids.into_iter().filter(|id| !has_statement || id.kind == RecordKind::Statement).map(|id| id.to_string()).collect()
}

fn entry(code: &str) -> Option<RecordId> {
    match code.parse().ok()? {
        Reference::Record(id) if matches!(id.kind, RecordKind::Statement | RecordKind::Response) => Some(id),
        Reference::Record(_) | Reference::Change(_) => None,
    }
}

fn chosen(component: &ComponentInteraction) -> Option<Words> {
    match &component.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map(|value| choice(value)),
        _ => None,
    }
}

/// When the answer that is posted got its words.
fn written(component: &ComponentInteraction) -> Timestamp {
    let message = &component.message;
    let at = message.edited_timestamp.unwrap_or(message.timestamp);
    Timestamp::from_second(at.unix_timestamp()).unwrap_or_default()
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
            let id = button["custom_id"].as_str().and_then(Press::read);
            matches!(id, Some(Press::Turn { .. } | Press::Open(_)))
        })
        .map(|button| json!({"type": 2, "style": 2, "label": button["label"], "custom_id": button["custom_id"]}))
        .collect();
    if !buttons.is_empty() {
        body["components"] = json!([{"type": 1, "components": buttons}]);
    }
    body
}
