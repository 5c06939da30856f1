//! People with clients, and what they do.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::homeserver::{Harness, Seen};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Someone with a client.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The name of the client, different for each test.
    pub(crate) who: String,
    /// The whole user id.
    pub(crate) user: String,
}

/// A name that no other test has.
pub(crate) fn unique(name: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Makes an account and gives its user id.
pub(crate) async fn register(server: &str, user: &str) -> String {
    let request = json!({"op": "register", "server": server, "user": user, "password": PASSWORD});
    Harness::get().perform(request).await;
    format!("@{user}:localhost")
}

impl Person {
    /// Someone new on a homeserver.
    pub(crate) async fn new(server: &str, name: &str) -> Self {
        let who = unique(name);
        register(server, &who).await;
        let request = json!({"op": "person", "server": server, "who": who, "user": who, "password": PASSWORD});
        let entered = Harness::get().perform(request).await;
        Self { who, user: entered["user"].as_str().unwrap().to_owned() }
    }

    /// Another client of an account that is there.
    pub(crate) async fn of(server: &str, user: &str) -> Self {
        let local = user.trim_start_matches('@').split(':').next().unwrap();
        let who = unique("owner");
        let request = json!({"op": "person", "server": server, "who": who, "user": local, "password": PASSWORD});
        Harness::get().perform(request).await;
        Self { who, user: user.to_owned() }
    }

    /// Has the client do something.
    pub(crate) async fn perform(&self, op: &str, mut more: Value) -> Value {
        more["op"] = op.into();
        more["who"] = self.who.as_str().into();
        Harness::get().perform(more).await
    }

    /// Asks the homeserver directly.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let more = json!({"method": method, "path": format!("/_matrix/client/v3/{path}"), "body": body});
        let said = self.perform("call", more).await;
        assert_eq!(said["status"], 200, "{method} {path}: {said}");
        said["body"].clone()
    }

    /// A new room with these people invited.
    pub(crate) async fn room(&self, name: &str, encrypted: bool, invited: &[&str]) -> String {
        let mut body = json!({"preset": "private_chat", "invite": invited});
        if !name.is_empty() {
            body["name"] = name.into();
        }
        if encrypted {
            body["initial_state"] = json!([{"type": "m.room.encryption", "state_key": "",
                                            "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]);
        }
        let room = self.call("POST", "createRoom", body).await["room_id"].as_str().unwrap().to_owned();
        let own = room.clone();
        let me = self.user.clone();
        self.until("my own room", move |seen| (seen.room == own && membership(seen, &me) == "join").then_some(()))
            .await;
        room
    }

    pub(crate) async fn join(&self, room: &str) {
        self.call("POST", &format!("join/{room}"), json!({})).await;
        let (own, me) = (room.to_owned(), self.user.clone());
        self.until("a room that I joined", move |seen| {
            (seen.room == own && membership(seen, &me) == "join").then_some(())
        })
        .await;
    }

    /// Waits until someone is in a room, as this client sees it.
    pub(crate) async fn sees(&self, user: &str, state: &str, room: &str) {
        self.until(&format!("{user} to {state}"), |seen| {
            (seen.room == room && membership(seen, user) == state).then_some(())
        })
        .await;
    }

    /// Sends an event and gives its id.
    pub(crate) async fn send(&self, room: &str, kind: &str, content: Value) -> String {
        let sent = self.perform("send", json!({"room": room, "type": kind, "content": content})).await;
        sent["event_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn say(&self, room: &str, text: &str) -> String {
        self.send(room, "m.room.message", json!({"msgtype": "m.text", "body": text, "m.mentions": {}})).await
    }

    pub(crate) async fn reply(&self, room: &str, to: &str, text: &str) -> String {
        let relation = json!({"m.in_reply_to": {"event_id": to}});
        self.send(room, "m.room.message", json!({"msgtype": "m.text", "body": text, "m.relates_to": relation})).await
    }

    pub(crate) async fn edit(&self, room: &str, event: &str, text: &str) -> String {
        let new = json!({"msgtype": "m.text", "body": text});
        let relation = json!({"rel_type": "m.replace", "event_id": event});
        let body = format!("* {text}");
        let content = json!({"msgtype": "m.text", "body": body, "m.new_content": new, "m.relates_to": relation});
        self.send(room, "m.room.message", content).await
    }

    pub(crate) async fn react(&self, room: &str, event: &str, key: &str) -> String {
        let relation = json!({"rel_type": "m.annotation", "event_id": event, "key": key});
        self.send(room, "m.reaction", json!({"m.relates_to": relation})).await
    }

    pub(crate) async fn redact(&self, room: &str, event: &str) {
        let path = format!("rooms/{room}/redact/{event}/{}", unique("redaction"));
        self.call("PUT", &path, json!({})).await;
    }

    /// Sets the state of a room.
    pub(crate) async fn set(&self, room: &str, kind: &str, content: Value) {
        self.call("PUT", &format!("rooms/{room}/state/{kind}/"), content).await;
    }

    /// Waits until the client sees something.
    pub(crate) async fn until<T>(&self, what: &str, find: impl Fn(&Seen) -> Option<T>) -> T {
        Harness::get().until(what, |all| all.iter().filter(|seen| seen.who == self.who).find_map(&find)).await
    }

    /// Waits for the answer to a message.
    pub(crate) async fn answer_to(&self, message: &str) -> Seen {
        self.until("an answer", |seen| {
            (seen.reply_to() == Some(message) && seen.content()["msgtype"] == "m.notice" && seen.replaces().is_none())
                .then(|| seen.clone())
        })
        .await
    }

    /// Waits for an answer to be edited so that it has this in it.
    pub(crate) async fn edit_of(&self, answer: &str, text: &str) -> Seen {
        self.until(&format!("an edit with {text:?}"), |seen| {
            let fits = seen.replaces() == Some(answer) && seen.body().contains(text);
            fits.then(|| seen.clone())
        })
        .await
    }

    /// Waits until an event was taken back.
    pub(crate) async fn redaction_of(&self, event: &str) {
        self.until("a redaction", |seen| {
            let redacted = seen.kind() == "m.room.redaction"
                && (seen.event["redacts"] == event || seen.content()["redacts"] == event);
            redacted.then_some(())
        })
        .await;
    }

    /// How many answers a message has.
    pub(crate) fn answers(&self, to: &str) -> usize {
        let answers = |seen: &Seen| {
            seen.who == self.who
                && seen.sender() != self.user
                && seen.reply_to() == Some(to)
                && seen.replaces().is_none()
        };
        Harness::get().all(answers).len()
    }

    /// What this client has seen in a room, as text.
    pub(crate) fn transcript(&self, room: &str) -> String {
        let mut lines = Vec::new();
        let seen = Harness::get().all(|seen| seen.who == self.who && seen.room == room);
        let name = |user: &str| user.trim_start_matches('@').split([':', '-']).next().unwrap_or_default().to_owned();
        let author = |id: &str| seen.iter().find(|seen| seen.id() == id).map(|seen| name(seen.sender()));
        for event in &seen {
            let who = name(event.sender());
            let content = event.content();
            let line = match event.kind() {
                "m.room.message" if event.replaces().is_some() => {
                    format!("{who} edits:\n{}", indented(content["m.new_content"]["body"].as_str().unwrap_or_default()))
                }
                "m.room.message" if content["body"].is_string() => {
                    let kind = if content["msgtype"] == "m.notice" { " (notice)" } else { "" };
                    let to =
                        event.reply_to().and_then(author).map(|to| format!(" replies to {to}")).unwrap_or_default();
                    let thread = if content["m.relates_to"]["rel_type"] == "m.thread" { " in the thread" } else { "" };
                    format!("{who}{kind}{to}{thread}:\n{}", indented(event.body()))
                }
                "m.reaction" => {
                    format!("{who} reacts: {}", content["m.relates_to"]["key"].as_str().unwrap_or_default())
                }
                "m.room.redaction" => format!("{who} takes a message back"),
                _ => continue,
            };
            lines.push(line);
        }
        lines.join("\n\n")
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// What an event says of someone's being in the room.
pub(crate) fn membership<'a>(seen: &'a Seen, user: &str) -> &'a str {
    let about = seen.kind() == "m.room.member" && seen.event["state_key"] == user;
    seen.content()["membership"].as_str().filter(|_| about).unwrap_or_default()
}
