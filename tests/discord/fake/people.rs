//! Acting as the people on Discord: they write, reply, edit, react, use context menus, press
//! buttons and fill in forms. What a person could not do in Discord's client fails the test.

use serde_json::{Map, Value, json};

use super::FakeDiscord;
use super::components::flatten;
use super::ids::{ChannelId, InteractionId, MessageId, UserId};
use super::interactions::Kind;
use super::openapi;
use super::payloads;
use super::slash::offered;
use super::state::State;
use super::world::StoredMessage;

const MESSAGE_COMMAND: u64 = 3;

impl FakeDiscord {
    /// Posts a message.
    pub(crate) fn say(&self, channel: ChannelId, user: UserId, content: &str) -> MessageId {
        self.shared.change(|state| {
            let mut message = state.draft(channel, user);
            content.clone_into(&mut message.content);
            state.post(message)
        })
    }

    /// Posts a message with more than its words, as Discord's message object has it: a forward, a poll, a card, files.
    ///
    /// # Panics
    /// If Discord's description knows no such message.
    pub(crate) fn send(&self, channel: ChannelId, user: UserId, more: Value) -> MessageId {
        self.shared.change(|state| {
            let mut message = state.draft(channel, user);
            let list = |name: &str| more[name].as_array().cloned().unwrap_or_default();
            message.content = more["content"].as_str().unwrap_or_default().to_owned();
            message.flags = more["flags"].as_u64().unwrap_or_default();
            (message.embeds, message.components) = (list("embeds"), list("components"));
            message.attachments = list("attachments");
            message.more = more;
            let mut whole = payloads::message(&state.world, &message, false);
            // The description knows replies alone, and Discord's documentation forwards, too.
            if whole["message_reference"]["type"] == 1 {
                whole["message_reference"]["type"] = 0.into();
            }
            let complaints = openapi::complaints_about("MessageResponse", &whole);
            assert!(complaints.is_empty(), "Discord sends no such message: {complaints:?}");
            state.post(message)
        })
    }

    /// Posts many messages in one go, as fast as the gateway takes them.
    pub(crate) fn say_many<'a>(
        &self,
        channel: ChannelId,
        messages: impl IntoIterator<Item = (UserId, &'a str)>,
    ) -> Vec<MessageId> {
        self.shared.change(|state| {
            let post = |(user, content): (UserId, &str)| {
                let mut message = state.draft(channel, user);
                content.clone_into(&mut message.content);
                state.post(message)
            };
            messages.into_iter().map(post).collect()
        })
    }

    /// Replies to a message, mentioning its author as Discord's client does by default.
    pub(crate) fn reply_to(&self, message: MessageId, user: UserId, content: &str) -> MessageId {
        self.shared.change(|state| {
            let channel = state.world.message(message).channel;
            let mut reply = state.draft(channel, user);
            content.clone_into(&mut reply.content);
            reply.reference = Some(message);
            reply.kind = 19;
            state.post(reply)
        })
    }

    /// Posts a system message of a type, such as 7 for somebody joining.
    pub(crate) fn system_message(&self, channel: ChannelId, user: UserId, kind: u8) -> MessageId {
        self.shared.change(|state| {
            let mut message = state.draft(channel, user);
            message.kind = kind;
            state.post(message)
        })
    }

    /// Edits a person's own message.
    pub(crate) fn edit_message(&self, message: MessageId, content: &str) {
        self.shared.change(|state| {
            state.edit(message, |message| content.clone_into(&mut message.content));
        });
    }

    /// Deletes a message, as its author or a moderator does.
    pub(crate) fn delete_message(&self, message: MessageId) {
        self.shared.change(|state| state.delete(message));
    }

    /// Reacts with an emoji, or with a custom one written `name:id`.
    pub(crate) fn react(&self, message: MessageId, user: UserId, emoji: &str) {
        self.shared.change(|state| state.react(message, user, emoji, true));
    }

    /// Takes a reaction back.
    pub(crate) fn unreact(&self, message: MessageId, user: UserId, emoji: &str) {
        self.shared.change(|state| state.react(message, user, emoji, false));
    }

    /// Uses a command from a message's context menu ("Apps").
    ///
    /// # Panics
    /// If no such command is registered or offered.
    pub(crate) fn context_menu(
        &self,
        channel: ChannelId,
        user: UserId,
        command: &str,
        target: MessageId,
    ) -> InteractionId {
        self.shared.change(|state| {
            let guild = state.world.guild_of(channel);
            let registered = state.commands.find(guild, command, MESSAGE_COMMAND);
            let registered = registered.unwrap_or_else(|| panic!("no message command {command:?}"));
            assert!(offered(state, channel, user, registered), "{command:?} is not offered");
            let target = state.world.message(target);
            let message = payloads::message(&state.world, target, false);
            let data = json!({
                "id": registered.id.to_string(),
                "name": command,
                "type": MESSAGE_COMMAND,
                "target_id": target.id.to_string(),
                "resolved": {"messages": {target.id.to_string(): message}},
            });
            let shown = format!("uses Apps → {command}");
            state.interact(Kind::Command, (user, channel), shown, None, data)
        })
    }

    /// Presses a button by its `custom_id`.
    ///
    /// # Panics
    /// If the message has no such button, or not for this person.
    pub(crate) fn press(&self, message: MessageId, user: UserId, custom_id: &str) -> InteractionId {
        self.press_where(message, user, custom_id, |it| it["custom_id"] == custom_id)
    }

    /// Presses a button by its label.
    ///
    /// # Panics
    /// If the message has no such button, or not for this person.
    pub(crate) fn press_label(&self, message: MessageId, user: UserId, label: &str) -> InteractionId {
        self.press_where(message, user, label, |it| it["label"] == label)
    }

    /// Chooses from a menu.
    ///
    /// # Panics
    /// If the message has no such menu with such values, or not for this person.
    pub(crate) fn select(&self, message: MessageId, user: UserId, custom_id: &str, values: &[&str]) -> InteractionId {
        self.shared.change(|state| {
            let stored = reachable(state, message, user);
            let menu = component(stored, |it| it["custom_id"] == custom_id);
            let menu = menu.unwrap_or_else(|| panic!("{message} has no menu {custom_id:?}"));
            let offered = menu["options"].as_array().cloned().unwrap_or_default();
            for value in values {
                let there = menu["type"] != 3 || offered.iter().any(|it| it["value"] == *value);
                assert!(there, "the menu {custom_id:?} has no value {value:?}");
            }
            let data = json!({
                "custom_id": custom_id,
                "component_type": menu["type"],
                "id": menu["id"],
                "values": values,
            });
            let shown = format!("chooses {custom_id} → {}", values.join(", "));
            let place = (user, stored.channel);
            state.interact(Kind::Component, place, shown, Some(message), data)
        })
    }

    /// Fills in and sends the modal that an interaction opened, field by field.
    ///
    /// # Panics
    /// If the interaction opened none, or a field is not in it.
    pub(crate) fn submit_modal(&self, opened_by: InteractionId, values: &[(&str, &str)]) -> InteractionId {
        self.shared.change(|state| {
            let opener = state.interactions.get(opened_by);
            let opener = opener.unwrap_or_else(|| panic!("no interaction {opened_by}")).clone();
            let modal = opener.modal.unwrap_or_else(|| panic!("{opened_by} opened no modal"));
            let mut components = modal["components"].clone();
            for (id, value) in values {
                assert!(fill_in(&mut components, id, value), "the modal has no field {id:?}");
            }
            let answers = submitted(&components);
            let data = json!({"custom_id": modal["custom_id"], "components": answers});
            let shown = format!("submits “{}”", modal["title"].as_str().unwrap_or_default());
            let place = (opener.asker, opener.channel);
            state.interact(Kind::Modal, place, shown, opener.source, data)
        })
    }

    fn press_where(
        &self,
        message: MessageId,
        user: UserId,
        named: &str,
        meant: impl Fn(&Value) -> bool,
    ) -> InteractionId {
        self.shared.change(|state| {
            let stored = reachable(state, message, user);
            let button = component(stored, |it| it["type"] == 2 && meant(it));
            let button = button.unwrap_or_else(|| panic!("{message} has no button {named:?}"));
            assert!(button["disabled"] != true, "the button {named:?} is disabled");
            assert!(button["custom_id"].is_string(), "the button {named:?} is a link");
            let data = json!({
                "custom_id": button["custom_id"],
                "component_type": 2,
                "id": button["id"],
            });
            let shown = format!("presses [{}]", button["label"].as_str().unwrap_or(named));
            let place = (user, stored.channel);
            state.interact(Kind::Component, place, shown, Some(message), data)
        })
    }
}

/// A message that somebody can see.
fn reachable(state: &State, message: MessageId, user: UserId) -> &StoredMessage {
    let stored = state.world.message(message);
    assert!(!stored.deleted, "{message} is deleted");
    assert!(stored.audience.is_none_or(|it| it == user), "{message} is private to another");
    stored
}

fn component(message: &StoredMessage, meant: impl Fn(&Value) -> bool) -> Option<&Value> {
    flatten(&message.components).into_iter().find(|it| meant(it))
}

fn fill_in(components: &mut Value, id: &str, text: &str) -> bool {
    match components {
        Value::Array(items) => items.iter_mut().any(|item| fill_in(item, id, text)),
        Value::Object(map) if map.get("custom_id").is_some_and(|it| it == id) => {
            map.insert("value".to_owned(), text.into());
            true
        }
        Value::Object(map) => ["components", "component"]
            .into_iter()
            .any(|nest| map.get_mut(nest).is_some_and(|inner| fill_in(inner, id, text))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// What Discord sends of a filled-in form: ids and values, no labels.
fn submitted(components: &Value) -> Value {
    let items = components.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |item: &Value| {
        let mut kept = Map::new();
        for key in ["type", "id", "custom_id", "value", "values"] {
            if let Some(value) = item.get(key) {
                kept.insert(key.to_owned(), value.clone());
            }
        }
        if item["type"] == 4 && item.get("value").is_none() {
            kept.insert("value".to_owned(), "".into());
        }
        if item["components"].is_array() {
            kept.insert("components".to_owned(), submitted(&item["components"]));
        }
        if item["component"].is_object() {
            let inner = submitted(&Value::Array(vec![item["component"].clone()]));
            kept.insert("component".to_owned(), inner[0].clone());
        }
        Value::Object(kept)
    };
    items.iter().map(one).collect()
}
