//! Packing a document into messages within Discord's limits: "Embed Limits" (10 embeds, 4,096
//! characters each, 6,000 in all) and "Create Message" (2,000 characters without embeds).

use serde_json::{Value, json};

use super::markup::{Section, SectionKind, length, sections};
use crate::reply::Reply;

const EMBED: usize = 4_000;
const MESSAGE: usize = 5_700;
const EMBEDS: usize = 10;
const PLAIN: usize = 1_900;

/// What one message shows of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MessageEmbeds(Vec<(SectionKind, String)>);

/// A document as messages, at least one.
pub(super) fn message_parts(reply: &Reply, prefix: &str) -> Vec<MessageEmbeds> {
    let mut parts: Vec<MessageEmbeds> = Vec::new();
    let mut open = MessageEmbeds::default();
    for section in sections(reply, prefix) {
        let boxes = boxes(section);
        let whole: usize = boxes.iter().map(|(_, text)| length(text)).sum();
        // What belongs together goes to the next message rather than being parted, if it fits there.
        let is_parted = whole > MESSAGE;
        if !is_parted && !open.takes(whole, boxes.len()) && !open.0.is_empty() {
            parts.push(std::mem::take(&mut open));
        }
        for (kind, text) in boxes {
            if !open.takes(length(&text), 1) {
                parts.push(std::mem::take(&mut open));
            }
            open.0.push((kind, text));
        }
    }
    if !open.0.is_empty() || parts.is_empty() {
        parts.push(open);
    }
    parts
}

impl MessageEmbeds {
    fn takes(&self, more: usize, boxes: usize) -> bool {
        let used: usize = self.0.iter().map(|(_, text)| length(text)).sum();
        used + more <= MESSAGE && self.0.len() + boxes <= EMBEDS
    }

    /// The embeds, with a footer under the last.
    pub(super) fn embeds(&self, footer: Option<&str>) -> Value {
        let last = self.0.len().saturating_sub(1);
        let embed = |(index, (kind, text)): (usize, &(SectionKind, String))| {
            let colour = match kind {
                SectionKind::Frame => 0x4F_5B_66,
                SectionKind::Entry => 0x2F_6F_DE,
                SectionKind::Alert => 0xD9_8E_04,
            };
            let mut embed = json!({"description": text, "color": colour});
            if let Some(footer) = footer.filter(|_| index == last) {
                embed["footer"] = json!({"text": footer});
            }
            embed
        };
        self.0.iter().enumerate().map(embed).collect()
    }

    /// The same as far as a message without embeds holds it.
    pub(super) fn plain(&self, footer: Option<&str>) -> String {
        let lines = self.0.iter().flat_map(|(_, text)| text.lines().chain(std::iter::once("")));
        let mut out = String::new();
        for line in lines {
            if length(&out) + length(line) + 1 > PLAIN {
                out.push_str("-# The rest doesn't fit here without the permission Embed Links.\n");
                break;
            }
            out.push_str(line);
            out.push('\n');
        }
        if let Some(footer) = footer {
            out.push_str(&format!("-# {footer}"));
        }
        out.trim().to_owned()
    }
}

/// A section in boxes that are short enough, parted between lines.
fn boxes(section: Section) -> Vec<(SectionKind, String)> {
    let mut boxes = Vec::new();
    let mut open = String::new();
    for line in section.lines {
        if !open.is_empty() && length(&open) + length(&line) + 1 > EMBED {
            boxes.push((section.kind, std::mem::take(&mut open)));
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(&line);
    }
    // An embed of nothing is refused.
    if !open.trim().is_empty() {
        boxes.push((section.kind, open));
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::{Entry, EntryKind, Outcome, Text};

    #[test]
    fn whatever_the_size_no_limit_is_passed_and_no_line_is_lost() {
        let mut reply = Reply::new(Outcome::Answered).heading("Everything").paragraph("x".repeat(9_000));
        for number in 0..30 {
            let mut entry = Entry::new(EntryKind::Statement, format!("S{number}"), Text::from("Someone"));
            entry.text = "A sentence about * many _ things. ".repeat(number * 8 + 1);
            reply = reply.entry(entry);
        }
        let parts = message_parts(&reply, "!");
        let all: String = parts.iter().flat_map(|part| &part.0).map(|(_, text)| text.as_str()).collect();
        assert!((0..30).all(|number| all.contains(&format!("`S{number}`"))));
        assert_eq!(all.matches("A sentence about").count(), (0..30).map(|number| number * 8 + 1).sum::<usize>());
        for part in &parts {
            assert!(part.0.len() <= 10 && part.0.iter().all(|(_, text)| length(text) <= 4_096));
            assert!(part.0.iter().map(|(_, text)| length(text)).sum::<usize>() <= 5_900);
            assert!(length(&part.plain(Some("Page 1 of 2"))) <= 2_000);
        }
    }
}
