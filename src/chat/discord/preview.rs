//! What a person sees of an answer, without Discord: for documentation and for tests.

use serde_json::Value;

use super::answer::{Showing, show};
use crate::{commands::calls, reply::Reply};

/// One message of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscordPreview {
    /// The text of each embed, in Discord's Markdown, and what stands under the last.
    pub embeds: Vec<String>,
    /// The rows of buttons and menus: `[Next]`, `<Open an entry: S1 … | S2 …>`.
    pub controls: Vec<String>,
}

/// Shows a reply, message by message; `prefix` stands before requests.
#[must_use]
pub fn preview(reply: &Reply, prefix: &str) -> Vec<DiscordPreview> {
    let parts = super::packing::message_parts(reply, prefix).len();
    // Where a button leads can't be seen.
    let here = calls::more();
    (0..parts)
        .map(|part| {
            let body = show(reply, Some(&here), Showing { asker: 1, prefix, part, may_be_posted: false }).body;
            DiscordPreview {
                embeds: list(&body["embeds"]).flat_map(texts).collect(),
                controls: list(&body["components"]).map(row).collect(),
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
