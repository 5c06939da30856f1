//! The components of a message of the bot's as they are sent again: read off the message as Discord gives it, which says more
//! of them than it takes.

use serde_json::{Value, json};

use super::{
    button::Button,
    interaction::Posting,
    packing::{CONTAINER, SEPARATOR, TEXT_DISPLAY},
};

/// Discord's numbers of components.
const ROW: u64 = 1;
const BUTTON: u64 = 2;
const MENU: u64 = 3;

/// The components of a message, as they are sent; the button that posts it only where that is still offered.
pub(super) fn controls(components: &Value, posting: Posting) -> Value {
    let mut kept: Vec<Value> =
        components.as_array().into_iter().flatten().filter_map(|one| control(one, posting)).collect();
    if kept.last().is_some_and(|last| last["type"] == SEPARATOR) {
        kept.pop();
    }
    kept.into()
}

fn control(one: &Value, posting: Posting) -> Option<Value> {
    match one["type"].as_u64()? {
        kind @ (ROW | CONTAINER) => {
            let inner = controls(&one["components"], posting);
            inner.as_array().is_some_and(|inner| !inner.is_empty()).then(|| json!({"type": kind, "components": inner}))
        }
        kind @ BUTTON => {
            let style = match Button::read(one["custom_id"].as_str()?)? {
                Button::Publish(_) if posting == Posting::Over => return None,
                Button::Publish(_) => 1,
                Button::Turn { .. } | Button::Open(_) | Button::Choose => 2,
            };
            Some(json!({"type": kind, "style": style, "label": one["label"], "custom_id": one["custom_id"]}))
        }
        kind @ MENU => {
            let option = |option: &Value| json!({"label": option["label"], "value": option["value"]});
            let options: Vec<Value> = one["options"].as_array().into_iter().flatten().map(option).collect();
            let (id, placeholder) = (&one["custom_id"], &one["placeholder"]);
            Some(json!({"type": kind, "custom_id": id, "placeholder": placeholder, "options": options}))
        }
        kind @ TEXT_DISPLAY => Some(json!({"type": kind, "content": one["content"]})),
        kind @ SEPARATOR => Some(json!({"type": kind, "divider": one["divider"], "spacing": one["spacing"]})),
        _ => None,
    }
}
