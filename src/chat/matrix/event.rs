//! Events of a room, read from their JSON as far as they matter. What is malformed is nothing; no
//! event can do more harm than not be answered.

use serde_json::Value;

/// Something that happened in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RoomEvent {
    /// Someone said something.
    Said(Said),
    /// Someone changed what they had said.
    Edited { original: String, said: Said },
    /// An event was taken back.
    Redacted { event: String },
    /// Someone reacted to a message.
    Reacted { id: String, sender: String, message: String, key: String, age: Option<u64> },
    /// The room goes on elsewhere.
    Upgraded { sender: String, successor: String },
}

/// A message of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) id: String,
    /// The sender's whole user id; a display name proves nothing.
    pub(super) sender: String,
    /// The words, without the quotation that replies used to begin with.
    pub(super) body: String,
    /// The same as HTML, where the client gives it.
    pub(super) formatted: Option<String>,
    /// The users it mentions; `None` where the sender's client doesn't say.
    pub(super) mentions: Option<Vec<String>>,
    /// The message that it replies to.
    pub(super) reply_to: Option<String>,
    /// The first message of the thread that it is in.
    pub(super) thread: Option<String>,
    /// How old it is, in milliseconds, as far as that is known.
    pub(super) age: Option<u64>,
}

/// Reads an event; `None` when nothing is to be done about it. `now` is in milliseconds since 1970.
pub(super) fn read(event: &Value, now: u64) -> Option<RoomEvent> {
    let content = &event["content"];
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let (id, sender) = (text(&event["event_id"])?, text(&event["sender"])?);
    match event["type"].as_str()? {
        "m.room.message" => {
            let relation = &content["m.relates_to"];
            if relation["rel_type"] == "m.replace" {
                // What the edit itself relates to is what the original does.
                let new = &content["m.new_content"];
                let said = said(new, &Value::Null, id, sender, age(event, now))?;
                return Some(RoomEvent::Edited { original: text(&relation["event_id"])?, said });
            }
            said(content, relation, id, sender, age(event, now)).map(RoomEvent::Said)
        }
        "m.room.redaction" => {
            // From room version 11 on the event is named in the content.
            let event = text(&content["redacts"]).or_else(|| text(&event["redacts"]))?;
            Some(RoomEvent::Redacted { event })
        }
        "m.reaction" => {
            let relation = &content["m.relates_to"];
            let (message, key) = (text(&relation["event_id"])?, text(&relation["key"])?);
            Some(RoomEvent::Reacted { id, sender, message, key, age: age(event, now) })
        }
        "m.room.tombstone" if event["state_key"] == "" => {
            Some(RoomEvent::Upgraded { sender, successor: text(&content["replacement_room"])? })
        }
        _ => None,
    }
}

fn said(content: &Value, relation: &Value, id: String, sender: String, age: Option<u64>) -> Option<Said> {
    // Bots speak in notices, and bots are not answered.
    if content["msgtype"] != "m.text" {
        return None;
    }
    let string = |value: &Value| value.as_str().map(str::to_owned);
    let threaded = relation["rel_type"] == "m.thread";
    // In a thread, a reply that is there for old clients only replies to nothing.
    let falls_back = threaded && relation["is_falling_back"] == true;
    let reply_to = string(&relation["m.in_reply_to"]["event_id"]).filter(|_| !falls_back);
    let mentions = content["m.mentions"].is_object().then(|| {
        content["m.mentions"]["user_ids"].as_array().into_iter().flatten().filter_map(string).take(100).collect()
    });
    Some(Said {
        id,
        sender,
        body: without_quotation(content["body"].as_str()?).to_owned(),
        formatted: string(&content["formatted_body"]).filter(|_| content["format"] == "org.matrix.custom.html"),
        mentions,
        reply_to,
        thread: if threaded { string(&relation["event_id"]) } else { None },
        age,
    })
}

/// How old an event is. The homeserver's own word comes first: clocks differ.
fn age(event: &Value, now: u64) -> Option<u64> {
    event["unsigned"]["age"]
        .as_u64()
        .or_else(|| event["origin_server_ts"].as_u64().map(|written| now.saturating_sub(written)))
}

/// The message that an event answers; it isn't encrypted along with what is said.
pub(super) fn answers(event: &Value) -> Option<&str> {
    event["content"]["m.relates_to"]["m.in_reply_to"]["event_id"].as_str()
}

/// Whether an event invites someone.
pub(super) fn invites(event: &Value, user: &str) -> bool {
    event["type"] == "m.room.member" && event["state_key"] == user && event["content"]["membership"] == "invite"
}

/// The display name that someone has in a room by an event of their own membership.
pub(super) fn own_name<'a>(event: &'a Value, user: &str) -> Option<&'a str> {
    let is_own = event["type"] == "m.room.member" && event["state_key"] == user && event["sender"] == user;
    event["content"]["displayname"].as_str().filter(|_| is_own)
}

/// The first message of the thread that a message is in.
pub(super) fn thread(event: &Value) -> Option<&str> {
    let relation = &event["content"]["m.relates_to"];
    relation["event_id"].as_str().filter(|_| relation["rel_type"] == "m.thread")
}

/// A body without the quotation of what it replies to, as clients before version 1.13 of the
/// specification write it: lines that begin with `> <@user:server>`, and an empty one.
pub(super) fn without_quotation(body: &str) -> &str {
    if !body.starts_with("> <") && !body.starts_with("> * <") {
        return body;
    }
    let mut rest = body;
    while rest.starts_with('>') {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest.trim_start_matches('\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message(content: Value) -> Value {
        json!({"type": "m.room.message", "event_id": "$1", "sender": "@a:b", "origin_server_ts": 5, "content": content})
    }

    #[test]
    fn what_people_say_is_read_and_what_bots_say_is_not() {
        let Some(RoomEvent::Said(said)) = read(&message(json!({"msgtype": "m.text", "body": "hi"})), 9) else {
            panic!()
        };
        assert_eq!((said.body.as_str(), said.age, said.mentions), ("hi", Some(4), None));
        for kind in ["m.notice", "m.emote", "m.bad.encrypted"] {
            assert_eq!(read(&message(json!({"msgtype": kind, "body": "hi"})), 9), None);
        }
    }

    #[test]
    fn malformed_events_are_nothing() {
        for content in [
            json!(null),
            json!([]),
            json!({"msgtype": "m.text"}),
            json!({"msgtype": "m.text", "body": 7}),
            json!({"msgtype": ["m.text"], "body": "x"}),
            json!({"m.relates_to": {"rel_type": "m.replace"}, "m.new_content": {"msgtype": "m.text", "body": "x"}}),
        ] {
            assert_eq!(read(&message(content), 9), None);
        }
        for event in [json!(1), json!({}), json!({"type": "m.reaction", "event_id": "$1", "sender": "@a:b"})] {
            assert_eq!(read(&event, 9), None);
        }
        let odd = json!({"msgtype": "m.text", "body": "x", "m.mentions": 3, "m.relates_to": "y"});
        assert!(matches!(read(&message(odd), 9), Some(RoomEvent::Said(said)) if said.mentions.is_none()));
    }

    #[test]
    fn relations_are_told_apart() {
        let thread = json!({"rel_type": "m.thread", "event_id": "$t", "is_falling_back": true,
                            "m.in_reply_to": {"event_id": "$r"}});
        let content = json!({"msgtype": "m.text", "body": "x", "m.relates_to": thread});
        let Some(RoomEvent::Said(said)) = read(&message(content), 9) else { panic!() };
        assert_eq!((said.thread.as_deref(), said.reply_to), (Some("$t"), None));
        let reply = json!({"msgtype": "m.text", "body": "> <@a:b> old\n> lines\n\n!check",
                           "m.relates_to": {"m.in_reply_to": {"event_id": "$r"}}});
        let Some(RoomEvent::Said(said)) = read(&message(reply), 9) else { panic!() };
        assert_eq!((said.body.as_str(), said.reply_to.as_deref()), ("!check", Some("$r")));
    }
}
