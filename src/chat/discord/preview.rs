//! What a person sees of an answer, without Discord: for documentation and for tests.

use serde_json::Value;

use super::answer::{Showing, show};
use crate::{commands::calls, config::MessageLayout, reply::Reply};

/// One message of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscordPreview {
    /// The text of each embed or text display, in Discord's Markdown, and what stands under the last.
    pub texts: Vec<String>,
    /// The rows of buttons and menus: `[Next]`, `<Open an entry: S1 … | S2 …>`.
    pub controls: Vec<String>,
}

/// Shows a reply, message by message; `prefix` stands before requests.
#[must_use]
pub fn preview(reply: &Reply, prefix: &str, layout: MessageLayout) -> Vec<DiscordPreview> {
    let parts = super::packing::message_parts(reply, prefix, layout).len();
    // Where a button leads can't be seen.
    let here = calls::more();
    (0..parts)
        .map(|part| {
            let showing = Showing { asker: 1, prefix, part, may_be_posted: false, layout };
            let body = show(reply, Some(&here), showing).body;
            let components = match layout {
                MessageLayout::Embeds => &body["components"],
                MessageLayout::Components => &body["components"][0]["components"],
            };
            let displays = list(components).filter_map(|component| component["content"].as_str());
            DiscordPreview {
                texts: list(&body["embeds"]).flat_map(texts).chain(displays.map(str::to_owned)).collect(),
                controls: list(components).filter(|component| component["type"] == 1).map(row).collect(),
            }
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(embed: &Value) -> impl Iterator<Item = String> {
    let text = embed["description"].as_str().map(str::to_owned);
    text.into_iter().chain(embed["footer"]["text"].as_str().map(str::to_owned))
}

fn row(row: &Value) -> String {
    let control = |control: &Value| match control["label"].as_str() {
        Some(label) => format!("[{label}]"),
        None => {
            let labels: Vec<&str> = list(&control["options"]).filter_map(|option| option["label"].as_str()).collect();
            format!("<{}: {}>", control["placeholder"].as_str().unwrap_or_default(), labels.join(" | "))
        }
    };
    list(&row["components"]).map(control).collect::<Vec<_>>().join(" ")
}
