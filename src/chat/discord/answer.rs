//! An answer as the body of a message: embeds or layout components, buttons and menus, as JSON. Every body forbids all
//! mentions and previews.

use serde_json::{Map, Value, json};

use super::{
    button::{Button, Carried, OTHER, TURN, written},
    escape::short,
    packing::message_parts,
};
use crate::{
    commands::calls,
    config::MessageLayout,
    desk::deliveries::Shown,
    frontend::{AnswerPart, PartOfCall},
    layout::page_and_part,
    reply::{CommandCall, Entry, EntryExtent, Reply},
};

/// Discord's flags of a message.
const SUPPRESS_EMBEDS: u64 = 1 << 2;
pub(super) const EPHEMERAL: u64 = 1 << 6;
pub(super) const COMPONENTS: u64 = 1 << 15;

/// How an answer is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Showing<'a> {
    /// Who asked.
    pub(super) asker: u64,
    /// What stands before requests.
    pub(super) prefix: &'a str,
    /// Which part of a page that doesn't fit in one message; too high means the last.
    pub(super) part: usize,
    /// Whether only the asker sees it, who may post it for all to see.
    pub(super) may_be_posted: bool,
    /// What the message is made of.
    pub(super) layout: MessageLayout,
}

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct AnswerMessage {
    /// The message.
    pub(super) body: Value,
    /// The message for where embeds are not allowed; components need no permission.
    pub(super) plain: Option<Value>,
    /// The same in the other layout, for a message of which it isn't known which one it has.
    pub(super) otherwise: Option<Box<Self>>,
    /// Lines that its buttons only name; to be kept before it is sent.
    pub(super) kept: Vec<String>,
    /// What it shows of the records.
    pub(super) records: Shown,
}

/// Shows the reply to the call `here`; to what is none where it was put wrongly.
pub(super) fn show(reply: &Reply, here: Option<&CommandCall>, showing: Showing<'_>) -> AnswerMessage {
    let parts = message_parts(reply, showing.prefix, showing.layout);
    let part = AnswerPart::new(reply, here, showing.part, parts.len());
    let mut kept = Vec::new();
    let rows = rows(reply, part, showing, &mut kept);
    let footer = footer(reply, part.number(), parts.len());
    let message = parts.get(part.number()).cloned().unwrap_or_default();
    let mut body = silent();
    let plain = match showing.layout {
        MessageLayout::Embeds => {
            body["embeds"] = message.embeds(footer.as_deref());
            body["components"] = rows.clone();
            let mut plain = silent();
            plain["content"] = message.plain(footer.as_deref()).into();
            plain["components"] = rows;
            plain["flags"] = SUPPRESS_EMBEDS.into();
            Some(plain)
        }
        MessageLayout::Components => {
            body["flags"] = COMPONENTS.into();
            body["components"] = message.container(footer.as_deref(), &rows);
            None
        }
    };
    AnswerMessage { body, plain, otherwise: None, kept, records: Shown::of(reply) }
}

/// The body of a message that mentions nobody.
pub(super) fn silent() -> Value {
    let mut body = Map::new();
    body.insert("allowed_mentions".to_owned(), json!({"parse": [], "replied_user": false}));
    Value::Object(body)
}

fn footer(reply: &Reply, part: usize, parts: usize) -> Option<String> {
    let words = page_and_part(reply.page.as_deref(), part, parts);
    (!words.is_empty()).then(|| words.join(" · "))
}

/// The buttons that turn pages, those that lead on, and a menu of entries or of many ways on.
fn rows(reply: &Reply, part: AnswerPart<'_>, showing: Showing<'_>, kept: &mut Vec<String>) -> Value {
    let mut buttons = Vec::new();
    let mut turn = |label: &str, mark: char, to: Option<PartOfCall>| {
        let (call, part) = to?;
        let call = Carried::call(&call, TURN, kept);
        let id = Button::Turn { asker: showing.asker, part, call }.write(mark);
        Some(json!({"type": 2, "style": 2, "label": label, "custom_id": id}))
    };
    buttons.extend(turn("Previous", 'p', part.previous()));
    buttons.extend(turn("Next", 'n', part.next()));
    let mut choices: Vec<(String, CommandCall)> = Vec::new();
    let shown: Vec<&Entry> = reply.entries().collect();
    if shown.len() > 1 {
        choices.extend(shown.iter().map(|entry| (entry_label(entry), calls::show(&entry.id))));
    } else if let Some(entry) = shown.first()
        && (entry.extent == EntryExtent::InShort || entry.more_responses + entry.more_sources > 0)
    {
        choices.push((entry_label(entry), calls::show(&entry.id)));
    }
    let room = 4usize.saturating_sub(buttons.len());
    let actions: Vec<_> = part.actions().collect();
    if actions.len() > room {
        choices.extend(actions.iter().map(|action| (action.label.clone(), action.ask.clone())));
    } else {
        for (action, mark) in actions.into_iter().zip('a'..) {
            let id = Button::Open(Carried::call(&action.ask, OTHER, kept)).write(mark);
            buttons.push(json!({"type": 2, "style": 2, "label": short(&action.label, 80), "custom_id": id}));
        }
    }
    if showing.may_be_posted && part.is_worth_posting() {
        let publish = Button::Publish(Carried::line(&written(&Shown::of(reply)), OTHER, kept)).write('a');
        buttons.push(json!({"type": 2, "style": 1, "label": "Post here", "custom_id": publish}));
    }
    let mut rows = Vec::new();
    if !buttons.is_empty() {
        rows.push(json!({"type": 1, "components": buttons}));
    }
    let mut seen = std::collections::HashSet::new();
    choices.retain(|(_, call)| seen.insert(call.clone()));
    choices.truncate(25);
    if !choices.is_empty() {
        let options: Vec<Value> = choices
            .iter()
            .map(|(label, call)| json!({"label": short(label, 100), "value": Carried::call(call, 0, kept).write()}))
            .collect();
        let placeholder = if shown.is_empty() { "Which one?" } else { "Open an entry" };
        let menu =
            json!({"type": 3, "custom_id": Button::Choose.write('a'), "placeholder": placeholder, "options": options});
        rows.push(json!({"type": 1, "components": [menu]}));
    }
    Value::Array(rows)
}

fn entry_label(entry: &Entry) -> String {
    format!("{} {}", entry.id, entry.byline.to_plain(""))
}
