//! An answer as the content of an event: a notice, which no bot answers, that mentions nobody.

use serde_json::{Value, json};

use super::packing::message_parts;
use crate::{
    commands::calls,
    desk::deliveries::Shown,
    frontend::{AnswerPart, PartOfCall},
    layout::{escape, page_and_part},
    reply::{CommandCall, Page, Reply, ReviewedChange},
};

/// The reactions under an answer that turn its pages.
pub(super) const PREVIOUS: &str = "◀";
pub(super) const NEXT: &str = "▶";

/// The reactions under a review that decide on it.
pub(super) const APPROVE: &str = "✅";
pub(super) const REJECT: &str = "❌";

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct AnswerEvent {
    /// The content, without relations.
    pub(super) content: Value,
    /// What it shows of the records.
    pub(super) records: Shown,
    /// The call for the page that it shows, where it answers one, and the part of it.
    pub(super) here: Option<PartOfCall>,
    /// What comes before it.
    pub(super) previous: Option<PartOfCall>,
    /// What comes after it.
    pub(super) next: Option<PartOfCall>,
    /// The change that can be decided on under it, and which version of it this is.
    pub(super) review: Option<ReviewedChange>,
}

/// Shows a part of the reply to the call `here`; a number that is too high means the last part.
pub(super) fn show(reply: &Reply, here: Option<&CommandCall>, part: usize, prefix: &str) -> AnswerEvent {
    let parts = message_parts(reply, prefix);
    let part = AnswerPart::new(reply, here, part, parts.len());
    let (previous, next) = (part.previous(), part.next());
    let mut message = parts.get(part.number()).cloned().unwrap_or_default();
    if part.review().is_some() {
        let how = format!("{APPROVE} under this message approves it, {REJECT} rejects it.");
        message.html.push_str(&format!("<p>{}</p>", escape(&how)));
        message.plain.push_str(&format!("\n\n{how}"));
    }
    if let Some(footer) = footer(reply.page.as_deref(), part.number(), parts.len(), next.is_some(), prefix) {
        message.html.push_str(&format!("<p><sub>{}</sub></p>", escape(&footer)));
        message.plain.push_str(&format!("\n\n{footer}"));
    }
    AnswerEvent {
        content: notice(&message.plain, &message.html),
        records: Shown::of(reply),
        review: part.review().cloned(),
        here: part.here(),
        previous,
        next,
    }
}

fn footer(page: Option<&Page>, part: usize, parts: usize, more: bool, prefix: &str) -> Option<String> {
    let mut words = page_and_part(page, part, parts);
    if more {
        words.push(format!("{prefix}{} or {NEXT} goes on", calls::more().as_str()));
    }
    (!words.is_empty()).then(|| words.join(" · "))
}

/// A notice that mentions nobody.
pub(super) fn notice(plain: &str, html: &str) -> Value {
    json!({
        "msgtype": "m.notice",
        "body": plain,
        "format": "org.matrix.custom.html",
        "formatted_body": html,
        "m.mentions": {},
    })
}

/// The content as an answer to a message, in its thread if it is in one.
pub(super) fn replying(mut content: Value, question: &str, thread: Option<&str>) -> Value {
    let reply = json!({"event_id": question});
    content["m.relates_to"] = match thread {
        Some(thread) => {
            json!({"rel_type": "m.thread", "event_id": thread, "is_falling_back": false, "m.in_reply_to": reply})
        }
        None => json!({"m.in_reply_to": reply}),
    };
    content
}

/// The content in place of that of an earlier answer (Matrix specification, "Event replacements").
pub(super) fn replacing(content: Value, answer: &str) -> Value {
    let mut edit = json!({
        "msgtype": "m.notice",
        "body": format!("* {}", content["body"].as_str().unwrap_or_default()),
        "m.mentions": {},
        "m.relates_to": {"rel_type": "m.replace", "event_id": answer},
    });
    edit["format"] = content["format"].clone();
    edit["formatted_body"] = format!("* {}", content["formatted_body"].as_str().unwrap_or_default()).into();
    edit["m.new_content"] = content;
    edit
}
