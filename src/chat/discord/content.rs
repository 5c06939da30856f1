//! What a message of Discord's holds, read from its JSON (Discord, "Message Object"): words stand in more places than in
//! its `content`.

use serde_json::Value;
use serenity::all::Message;

use crate::frontend::{MessageContent, MessagePart, Unread};

/// The flag of a message that is spoken.
const VOICE: u64 = 1 << 13;

/// The kinds of components that hold text ("Component Reference").
const TEXT_DISPLAY: u64 = 10;
const MEDIA_GALLERY: u64 = 12;

/// How deep components may stand in one another, by Discord's rules less than this.
const DEPTH: usize = 8;

/// What a message holds that came with an event. Serenity leaves out what it doesn't know, as texts of layouts are.
pub(super) fn of_message(message: &Message) -> MessageContent {
    serde_json::to_value(message).map(|message| read(&message)).unwrap_or_default()
}

/// What a message holds.
pub(super) fn read(message: &Value) -> MessageContent {
    let mut content = MessageContent::default();
    let is_voice = message["flags"].as_u64().is_some_and(|flags| flags & VOICE != 0);
    let attachments = list(&message["attachments"]);
    content.beside.extend(attachments.iter().map(|file| kind_of(file, is_voice)));
    content.beside.extend(list(&message["sticker_items"]).iter().map(|_| Unread::Sticker));
    let own = if attachments.is_empty() { MessagePart::Own } else { MessagePart::Caption };
    content.add(own, text(&message["content"]));
    for snapshot in list(&message["message_snapshots"]) {
        content.forward(read(snapshot.get("message").unwrap_or(snapshot)));
    }
    for embed in list(&message["embeds"]) {
        add_embed(&mut content, embed);
    }
    add_poll(&mut content, &message["poll"]);
    for component in list(&message["components"]) {
        add_component(&mut content, component, 0);
    }
    for file in attachments {
        content.add(MessagePart::AltText, text(&file["description"]));
    }
    content
}

/// A card, or the preview of a link: Discord makes the latter itself.
fn add_embed(content: &mut MessageContent, embed: &Value) {
    let kind = embed["type"].as_str().unwrap_or("rich");
    let part = if kind == "rich" { MessagePart::Embed } else { MessagePart::Preview };
    let mut words = vec![text(&embed["title"]), text(&embed["description"])];
    for field in list(&embed["fields"]) {
        words.extend([text(&field["name"]), text(&field["value"])]);
    }
    words.retain(|words| !words.trim().is_empty());
    content.add(part, &words.join("\n"));
    if words.is_empty() && matches!(kind, "image" | "gifv") {
        content.beside.push(Unread::Picture);
    }
}

fn add_poll(content: &mut MessageContent, poll: &Value) {
    let answers = list(&poll["answers"]).iter().map(|answer| text(&answer["poll_media"]["text"]));
    let words: Vec<&str> = std::iter::once(text(&poll["question"]["text"])).chain(answers).collect();
    content.add(MessagePart::Poll, words.join("\n").trim());
}

fn add_component(content: &mut MessageContent, component: &Value, depth: usize) {
    if depth >= DEPTH {
        return;
    }
    match component["type"].as_u64() {
        Some(TEXT_DISPLAY) => content.add(MessagePart::Layout, text(&component["content"])),
        Some(MEDIA_GALLERY) => {
            for item in list(&component["items"]) {
                content.beside.push(Unread::Picture);
                content.add(MessagePart::AltText, text(&item["description"]));
            }
        }
        _ => {}
    }
    for inner in list(&component["components"]) {
        add_component(content, inner, depth + 1);
    }
}

fn kind_of(file: &Value, is_voice: bool) -> Unread {
    let kind = file["content_type"].as_str().unwrap_or_default();
    if is_voice {
        Unread::Voice
    } else if kind.starts_with("image/") || (kind.is_empty() && file["width"].is_number()) {
        Unread::Picture
    } else if kind.starts_with("video/") {
        Unread::Video
    } else {
        Unread::File
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_found_wherever_discord_keeps_them() {
        let picture = json!({"filename": "a.png", "content_type": "image/png", "description": "a pier"});
        for (message, words, beside) in [
            (json!({"content": "a"}), &[(MessagePart::Own, "a")][..], &[][..]),
            (
                json!({"content": "a", "attachments": [picture]}),
                &[(MessagePart::Caption, "a"), (MessagePart::AltText, "a pier")],
                &[Unread::Picture],
            ),
            (
                json!({"content": "", "message_snapshots": [{"message": {"content": "a", "embeds": [{"type": "article", "title": "b"}]}}]}),
                &[(MessagePart::Forwarded, "a"), (MessagePart::Forwarded, "b")],
                &[],
            ),
            (
                json!({"embeds": [{"type": "rich", "title": "a", "description": "b", "fields": [{"name": "c", "value": "d"}]},
                                  {"type": "link", "description": "e"}, {"type": "gifv"}]}),
                &[(MessagePart::Embed, "a\nb\nc\nd"), (MessagePart::Preview, "e")],
                &[Unread::Picture],
            ),
            (
                json!({"poll": {"question": {"text": "a"}, "answers": [{"poll_media": {"text": "b"}}, {"poll_media": {}}]}}),
                &[(MessagePart::Poll, "a\nb")],
                &[],
            ),
            (
                json!({"components": [{"type": 17, "components": [{"type": 9, "components": [{"type": 10, "content": "a"}],
                       "accessory": {"type": 2, "label": "x"}}, {"type": 12, "items": [{"description": "b"}]}]}]}),
                &[(MessagePart::Layout, "a"), (MessagePart::AltText, "b")],
                &[Unread::Picture],
            ),
            (json!({"flags": 8192, "attachments": [{"content_type": "audio/ogg"}]}), &[], &[Unread::Voice]),
            (json!({"sticker_items": [{"name": "wave"}]}), &[], &[Unread::Sticker]),
            (json!([]), &[], &[]),
            (json!({"content": 7, "poll": [], "components": [[]], "embeds": "x"}), &[], &[]),
        ] {
            let found = read(&message);
            let of: Vec<(MessagePart, &str)> =
                found.words.iter().map(|(part, words)| (*part, words.as_str())).collect();
            assert_eq!((of.as_slice(), found.beside.as_slice()), (words, beside), "{message}");
        }
    }
}
