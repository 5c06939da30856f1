//! What a message of a room holds, read from its event as it is now: words stand in more places than in a body.

use serde_json::Value;

use super::{event::without_quotation, html::text_of};
use crate::frontend::{MessageContent, MessagePart, Unread};

/// The poll of a message, as of the specification and as clients send it.
const POLLS: [&str; 2] = ["m.poll", "org.matrix.msc3381.poll.start"];

/// Text in events of any kind, as of the specification and as clients send it.
const TEXTS: [&str; 2] = ["m.text", "org.matrix.msc1767.text"];

/// What a message holds: the caption of a file, the question and the answers of a poll, the text of the last edit.
pub(super) fn read(event: &Value) -> MessageContent {
    let mut content = MessageContent::default();
    let now = latest(event);
    match event["type"].as_str() {
        Some("m.room.message") => read_message(&mut content, now),
        Some("m.poll.start" | "org.matrix.msc3381.poll.start") => add_poll(&mut content, now),
        Some("m.sticker") => content.beside.push(Unread::Sticker),
        // Kinds of later versions carry their words in this way.
        Some(_) => content.add(MessagePart::Own, &text(now)),
        None => {}
    }
    content
}

/// The content of an event's last edit, else its own. Only the author's own edit counts.
fn latest(event: &Value) -> &Value {
    let edit = &event["unsigned"]["m.relations"]["m.replace"];
    let edited = (edit["sender"] == event["sender"]).then(|| &edit["content"]["m.new_content"]);
    let has_words =
        |content: &&Value| content["body"].is_string() || POLLS.iter().any(|poll| content[*poll].is_object());
    edited.filter(has_words).unwrap_or(&event["content"])
}

fn read_message(content: &mut MessageContent, message: &Value) {
    let body = message["body"].as_str().unwrap_or_default();
    let words = without_quotation(body).trim();
    let file = match message["msgtype"].as_str() {
        Some("m.image") => Unread::Picture,
        Some("m.video") => Unread::Video,
        Some("m.audio") if is_spoken(message) => Unread::Voice,
        Some("m.audio" | "m.file") => Unread::File,
        Some("m.location") => {
            content.beside.push(Unread::Location);
            return content.add(MessagePart::Own, words);
        }
        Some(_) | None => {
            let has_words = words.contains(char::is_alphanumeric);
            let formatted = message["formatted_body"].as_str().filter(|_| !has_words).map(text_of);
            return content.add(MessagePart::Own, formatted.as_deref().unwrap_or(words));
        }
    };
    content.beside.push(file);
    // A caption is a body that isn't the file's name (Matrix specification, "Media captions").
    if message["filename"].as_str().is_some_and(|name| name != body) {
        content.add(MessagePart::Caption, words);
    }
}

fn is_spoken(message: &Value) -> bool {
    ["m.voice", "org.matrix.msc3245.voice"].iter().any(|mark| message[*mark].is_object())
}

fn add_poll(content: &mut MessageContent, event: &Value) {
    let poll = POLLS.iter().map(|name| &event[*name]).find(|poll| poll.is_object());
    let Some(poll) = poll else { return content.add(MessagePart::Poll, &text(event)) };
    let answers = poll["answers"].as_array().into_iter().flatten().map(text);
    let words: Vec<String> = std::iter::once(text(&poll["question"])).chain(answers).collect();
    content.add(MessagePart::Poll, words.join("\n").trim());
}

/// The text of a part of an event: a string, or a list of one text in several forms, of which the plain one is taken.
fn text(value: &Value) -> String {
    let found = TEXTS.iter().find_map(|name| value.get(*name));
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(forms)) => {
            let is_plain = |form: &&Value| form["mimetype"].as_str().is_none_or(|kind| kind == "text/plain");
            let plain = forms.iter().find(is_plain).and_then(|form| form["body"].as_str());
            plain.unwrap_or_default().to_owned()
        }
        Some(_) | None => value["body"].as_str().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(content: Value) -> Value {
        json!({"type": "m.room.message", "event_id": "$1", "sender": "@a:b", "origin_server_ts": 5, "content": content})
    }

    fn words(event: &Value) -> Vec<(MessagePart, String)> {
        read(event).words
    }

    fn one(part: MessagePart, words: &str) -> Vec<(MessagePart, String)> {
        vec![(part, words.to_owned())]
    }

    #[test]
    fn a_message_is_checked_as_it_is_now() {
        let mut edited = message(json!({"msgtype": "m.text", "body": "old"}));
        let edit = |sender| {
            json!({"m.relations": {"m.replace": {"sender": sender,
                                   "content": {"m.new_content": {"msgtype": "m.text", "body": "new"}}}}})
        };
        edited["unsigned"] = edit("@a:b");
        assert_eq!(words(&edited), one(MessagePart::Own, "new"));
        edited["unsigned"] = edit("@evil:b");
        assert_eq!(words(&edited), one(MessagePart::Own, "old"));
    }

    #[test]
    fn words_are_found_wherever_clients_put_them() {
        let captioned = json!({"msgtype": "m.image", "body": "a caption", "filename": "a.png"});
        assert_eq!(words(&message(captioned)), one(MessagePart::Caption, "a caption"));
        let html = json!({"msgtype": "m.text", "body": "", "formatted_body": "<p>a</p><p>b</p>"});
        assert_eq!(words(&message(html)), one(MessagePart::Own, "a\nb"));
        let reply = json!({"msgtype": "m.text", "body": "> <@a:b> old\n\nnew"});
        assert_eq!(words(&message(reply)), one(MessagePart::Own, "new"));
        for poll in [
            json!({"type": "org.matrix.msc3381.poll.start", "content": {"org.matrix.msc1767.text": "fallback",
                   "org.matrix.msc3381.poll.start": {"question": {"org.matrix.msc1767.text": "a?"},
                   "answers": [{"id": "1", "org.matrix.msc1767.text": "b"}, {"id": "2", "org.matrix.msc1767.text": "c"}]}}}),
            json!({"type": "m.poll.start", "content": {"m.text": [{"body": "fallback"}],
                   "m.poll": {"question": {"m.text": [{"mimetype": "text/html", "body": "<b>a?</b>"}, {"body": "a?"}]},
                   "answers": [{"m.id": "1", "m.text": [{"body": "b"}]}, {"m.id": "2", "m.text": [{"body": "c"}]}]}}}),
        ] {
            assert_eq!(words(&poll), one(MessagePart::Poll, "a?\nb\nc"), "{poll}");
        }
        let later = json!({"type": "m.message", "content": {"m.text": [{"body": "a"}]}});
        assert_eq!(words(&later), one(MessagePart::Own, "a"));
    }

    #[test]
    fn what_has_no_words_is_told_apart() {
        for (content, beside) in [
            (json!({"msgtype": "m.image", "body": "a.png"}), Unread::Picture),
            (json!({"msgtype": "m.image", "body": "a.png", "filename": "a.png"}), Unread::Picture),
            (json!({"msgtype": "m.audio", "body": "v.ogg", "org.matrix.msc3245.voice": {}}), Unread::Voice),
            (json!({"msgtype": "m.audio", "body": "v.ogg"}), Unread::File),
            (json!({"msgtype": "m.video", "body": "v.mp4"}), Unread::Video),
            (json!({"msgtype": "m.file", "body": "v.pdf"}), Unread::File),
        ] {
            assert_eq!(read(&message(content)), MessageContent { words: Vec::new(), beside: vec![beside] });
        }
        let sticker = json!({"type": "m.sticker", "content": {"body": "a waving hand"}});
        assert_eq!(read(&sticker).beside, [Unread::Sticker]);
        for nothing in [message(json!({})), json!({"type": "m.room.message"}), json!([])] {
            assert!(read(&nothing).is_empty(), "{nothing}");
        }
    }
}
