//! A message as a test sees it: its parts, its buttons and menus, and the whole as text.

use serde_json::Value;

use super::components::flatten;
use super::ids::{ChannelId, MessageId, UserId};
use super::state::State;
use super::world::{SUPPRESS_EMBEDS, StoredMessage};

/// A message as it stands at the moment.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// Its number.
    pub(crate) id: MessageId,
    /// Where it is.
    pub(crate) channel: ChannelId,
    /// Who wrote it.
    pub(crate) author: UserId,
    /// Its text.
    pub(crate) content: String,
    /// Its embeds as Discord's JSON.
    pub(crate) embeds: Vec<Value>,
    /// Its components as Discord's JSON.
    pub(crate) components: Vec<Value>,
    /// The names of its attachments.
    pub(crate) attachments: Vec<String>,
    /// Its flags.
    pub(crate) flags: u64,
    /// What it replies to.
    pub(crate) reference: Option<MessageId>,
    /// The only one who sees it, if it is private.
    pub(crate) audience: Option<UserId>,
    /// How many times it was changed.
    pub(crate) edits: usize,
    /// Whether it is gone.
    pub(crate) deleted: bool,
    /// Its reactions: the emoji and who gave it.
    pub(crate) reactions: Vec<(String, Vec<UserId>)>,
    /// The whole as text, with names for numbers.
    pub(crate) text: String,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    /// What stands on it.
    pub(crate) label: String,
    /// What it sends; none for a link.
    pub(crate) custom_id: Option<String>,
    /// Where it leads, for a link.
    pub(crate) url: Option<String>,
    /// Whether it can't be pressed.
    pub(crate) disabled: bool,
}

impl Message {
    /// All buttons in reading order.
    pub(crate) fn buttons(&self) -> Vec<Button> {
        let buttons = flatten(&self.components).into_iter().filter(|it| it["type"] == 2);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        buttons
            .map(|it| Button {
                label: text(&it["label"]).unwrap_or_default(),
                custom_id: text(&it["custom_id"]),
                url: text(&it["url"]),
                disabled: it["disabled"] == true,
            })
            .collect()
    }

    /// The button with a label.
    pub(crate) fn button(&self, label: &str) -> Option<Button> {
        self.buttons().into_iter().find(|button| button.label == label)
    }

    /// The custom ids of the menus in reading order.
    pub(crate) fn menus(&self) -> Vec<String> {
        let menus = flatten(&self.components);
        let menus = menus.into_iter().filter(|it| matches!(it["type"].as_u64(), Some(3 | 5..=8)));
        menus.filter_map(|it| it["custom_id"].as_str().map(str::to_owned)).collect()
    }

    /// Whether link previews are hidden.
    pub(crate) fn hides_previews(&self) -> bool {
        self.flags & SUPPRESS_EMBEDS != 0
    }
}

/// A stored message as a test sees it.
pub(super) fn view(state: &State, message: &StoredMessage) -> Message {
    let names = message.attachments.iter().filter_map(|it| it["filename"].as_str());
    Message {
        id: message.id,
        channel: message.channel,
        author: message.author,
        content: message.content.clone(),
        embeds: message.embeds.clone(),
        components: message.components.clone(),
        attachments: names.map(str::to_owned).collect(),
        flags: message.flags,
        reference: message.reference,
        audience: message.audience,
        edits: message.edits,
        deleted: message.deleted,
        reactions: message.reactions.clone(),
        text: super::transcript::message(state, message),
    }
}
