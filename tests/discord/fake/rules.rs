//! The rules for messages that Discord's specification does not spell out: lengths in all,
//! emptiness, what goes together, and this bot's own promise that it mentions nobody.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::components;
use super::world::{COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_EMBEDS};

/// Discord counts Unicode code points (discord/discord-api-docs#1315).
const CONTENT: usize = 2000;
const EMBEDS_IN_ALL: usize = 6000;
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
const VOICE: u64 = 1 << 13;

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Discord refuses the request.
    Refused(String),
    /// Discord refuses it as an empty message, which has a code of its own.
    Empty,
    /// Discord refuses it, as the message that is edited was made with embeds and this is of layout components, or the
    /// other way round. A bot may try: of a message that it made long ago it can't know.
    OtherLayout(String),
    /// Discord takes it; the bot has promised otherwise, or can't have meant it.
    Unwise(String),
}

impl Finding {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Refused(text) | Self::Unwise(text) | Self::OtherLayout(text) => text,
            Self::Empty => "an empty message",
        }
    }
}

/// What is being done with a message body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Circumstances {
    /// An edit, which may leave out what stays as it is.
    pub(super) edit: bool,
    /// An interaction's answer, which may be private.
    pub(super) interaction: bool,
    /// The message as it stands already has layout components.
    pub(super) already_v2: bool,
    /// The message as it stands has content or embeds, which stand beside no layout components.
    pub(super) has_legacy: bool,
    /// How many files came with the body.
    pub(super) files: usize,
    /// Whether the bot has promised to mention nobody.
    pub(super) mentions_nobody: bool,
}

/// Checks a message body.
pub(super) fn message(body: &Value, circumstances: Circumstances) -> Vec<Finding> {
    let mut found = Vec::new();
    let empty = Map::new();
    let body = body.as_object().unwrap_or(&empty);
    let flags = body.get("flags").and_then(Value::as_u64).unwrap_or(0);
    let v2 = flags & COMPONENTS_V2 != 0 || circumstances.already_v2;

    let content = body.get("content").and_then(Value::as_str).unwrap_or_default();
    let length = content.chars().count();
    if length > CONTENT {
        found.push(Finding::Refused(format!("content of {length} characters, {CONTENT} allowed")));
    }
    embeds(list(body, "embeds"), &mut found);
    components::check(list(body, "components"), v2, &mut found);
    if v2 {
        for part in ["content", "embeds", "poll", "sticker_ids"] {
            if filled(body, part) {
                let text = format!("{part} beside layout components (flag 1 << 15)");
                let is_of_other = circumstances.already_v2 && flags & COMPONENTS_V2 == 0;
                found.push(if is_of_other { Finding::OtherLayout(text) } else { Finding::Refused(text) });
            }
        }
    }
    // What stood there isn't taken away by what is left out.
    if circumstances.edit && circumstances.has_legacy && flags & COMPONENTS_V2 != 0 {
        found.push(Finding::OtherLayout("flag 1 << 15 for a message with content or embeds".to_owned()));
    }
    if is_empty(body, circumstances) {
        found.push(Finding::Empty);
    }
    check_flags(flags, circumstances, &mut found);
    if circumstances.mentions_nobody {
        mentions(body.get("allowed_mentions"), &mut found);
    }
    found
}

/// Whether a part of the body is there and has something in it.
pub(super) fn filled(body: &Map<String, Value>, part: &str) -> bool {
    match body.get(part) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => true,
    }
}

/// A part of the body that is a list; empty if it isn't there.
pub(super) fn list<'a>(body: &'a Map<String, Value>, part: &str) -> &'a [Value] {
    body.get(part).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn is_empty(body: &Map<String, Value>, circumstances: Circumstances) -> bool {
    let parts = ["content", "embeds", "components", "attachments", "sticker_ids", "poll"];
    let forward = body.get("message_reference").is_some_and(|it| it["type"] == 1);
    let nothing = !parts.iter().any(|part| filled(body, part)) && circumstances.files == 0;
    // An edit is judged by what remains of the message; see `messages::rewrite`.
    nothing && !forward && !circumstances.edit
}

fn embeds(embeds: &[Value], found: &mut Vec<Finding>) {
    let length = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    let mut all = 0;
    for embed in embeds {
        let fields = embed["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
        let fields = fields.iter().map(|it| length(&it["name"]) + length(&it["value"]));
        let outside = [&embed["title"], &embed["description"], &embed["footer"]["text"], &embed["author"]["name"]];
        all += fields.sum::<usize>() + outside.into_iter().map(length).sum::<usize>();
        if embed["fields"].as_array().is_some_and(|fields| fields.iter().any(is_blank_field)) {
            found.push(Finding::Refused("an embed field without name or value".to_owned()));
        }
        let parts = ["title", "description", "fields", "footer", "author", "image", "thumbnail"];
        if !embed.as_object().is_some_and(|map| parts.iter().any(|part| filled(map, part))) {
            found.push(Finding::Refused("an embed with nothing to show".to_owned()));
        }
    }
    if all > EMBEDS_IN_ALL {
        let text = format!("embeds of {all} characters in all, {EMBEDS_IN_ALL} allowed");
        found.push(Finding::Refused(text));
    }
}

fn is_blank_field(field: &Value) -> bool {
    let blank = |part: &Value| part.as_str().is_none_or(|text| text.trim().is_empty());
    blank(&field["name"]) || blank(&field["value"])
}

fn check_flags(flags: u64, circumstances: Circumstances, found: &mut Vec<Finding>) {
    let mut allowed = SUPPRESS_EMBEDS | COMPONENTS_V2;
    if !circumstances.edit {
        allowed |= SUPPRESS_NOTIFICATIONS | VOICE;
    }
    if circumstances.interaction {
        allowed |= EPHEMERAL;
    }
    if flags & !allowed & !LOADING != 0 {
        found.push(Finding::Unwise(format!("flags {} have no effect here", flags & !allowed)));
    }
}

/// The promise: `allowed_mentions` is there, and lets nothing through.
fn mentions(allowed: Option<&Value>, found: &mut Vec<Finding>) {
    let Some(allowed) = allowed.filter(|allowed| !allowed.is_null()) else {
        found.push(Finding::Unwise("no allowed_mentions: Discord would ping".to_owned()));
        return;
    };
    let parse = allowed["parse"].as_array();
    if parse.is_none_or(|parse| !parse.is_empty()) {
        let text = format!("allowed_mentions.parse is {}, not []", allowed["parse"]);
        found.push(Finding::Unwise(text));
    }
    let named: HashSet<_> = ["users", "roles"]
        .into_iter()
        .filter(|part| allowed[part].as_array().is_some_and(|named| !named.is_empty()))
        .collect();
    if !named.is_empty() || allowed["replied_user"] == true {
        found.push(Finding::Unwise(format!("allowed_mentions lets some through: {allowed}")));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const POSTING: Circumstances = Circumstances {
        edit: false,
        interaction: false,
        already_v2: false,
        has_legacy: false,
        files: 0,
        mentions_nobody: false,
    };

    fn texts(body: &Value, circumstances: Circumstances) -> Vec<String> {
        let found = message(body, circumstances);
        found.iter().map(|it| it.text().to_owned()).collect()
    }

    #[test]
    fn length_is_counted_in_code_points() {
        assert_eq!(texts(&json!({"content": "🦀".repeat(2000)}), POSTING), [""; 0]);
        let long = texts(&json!({"content": "🦀".repeat(2001)}), POSTING);
        assert_eq!(long, ["content of 2001 characters, 2000 allowed"]);
    }

    #[test]
    fn embeds_are_counted_together() {
        let embed = json!({"title": "t", "description": "d".repeat(2999)});
        assert_eq!(texts(&json!({"embeds": [embed, embed]}), POSTING), [""; 0]);
        let embeds = json!({"embeds": [embed, embed, {"description": "x"}]});
        assert_eq!(texts(&embeds, POSTING), ["embeds of 6001 characters in all, 6000 allowed"]);
    }

    #[test]
    fn a_message_is_not_empty_if_anything_is_in_it() {
        assert_eq!(texts(&json!({"content": " "}), POSTING), ["an empty message"]);
        assert_eq!(texts(&json!({}), Circumstances { files: 1, ..POSTING }), [""; 0]);
        assert_eq!(texts(&json!({}), Circumstances { edit: true, ..POSTING }), [""; 0]);
        assert_eq!(texts(&json!({"sticker_ids": ["1"]}), POSTING), [""; 0]);
    }

    #[test]
    fn layout_components_stand_alone() {
        let text = json!([{"type": 10, "content": "hello"}]);
        let body = json!({"flags": 1 << 15, "components": text, "content": "x"});
        let said = ["content beside layout components (flag 1 << 15)"];
        assert_eq!(texts(&body, POSTING), said);
        let edit = Circumstances { edit: true, already_v2: true, ..POSTING };
        assert_eq!(message(&json!({"content": "x"}), edit), [Finding::OtherLayout(said[0].to_owned())]);
        let body = json!({"flags": 1 << 15, "components": text});
        let edit = Circumstances { edit: true, has_legacy: true, ..POSTING };
        assert!(matches!(message(&body, edit)[..], [Finding::OtherLayout(_)]));
    }

    #[test]
    fn the_promise_to_mention_nobody_is_held() {
        let promised = Circumstances { mentions_nobody: true, ..POSTING };
        let with = |allowed: Value| json!({"content": "x", "allowed_mentions": allowed});
        assert_eq!(texts(&with(json!({"parse": []})), promised), [""; 0]);
        assert_eq!(texts(&json!({"content": "x"}), promised).len(), 1);
        assert_eq!(texts(&with(json!({"parse": ["users"]})), promised).len(), 1);
        assert_eq!(texts(&with(json!({"parse": [], "users": ["1"]})), promised).len(), 1);
        assert_eq!(texts(&with(json!({"parse": [], "replied_user": true})), promised).len(), 1);
        assert_eq!(texts(&with(json!({})), promised).len(), 1);
    }
}
