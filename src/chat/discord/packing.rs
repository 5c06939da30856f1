//! Packing a document into messages within Discord's limits: "Embed Limits" (10 embeds, 4,096
//! characters each, 6,000 in all), "Create Message" (2,000 characters without embeds) and "Component
//! Reference" (40 components in all, however deep, with 4,000 characters of text).

use serde_json::{Value, json};

use super::markup::{Section, SectionKind, length, sections};
use crate::{config::MessageLayout, reply::Reply};

const PLAIN: usize = 1_900;

/// How much of a document a message takes.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// The longest text of a box.
    text: usize,
    /// How much text there may be in all; there is a footer beside it.
    whole: usize,
    /// How many boxes.
    boxes: usize,
}

impl Room {
    const fn of(layout: MessageLayout) -> Self {
        match layout {
            MessageLayout::Embeds => Self { text: 4_000, whole: 5_700, boxes: 10 },
            // With the separators between them, the footer, and the rows with five buttons and a menu it is 38 components.
            MessageLayout::Components => Self { text: 3_800, whole: 3_800, boxes: 14 },
        }
    }
}

/// What one message shows of a document: texts that are set apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MessageTexts(Vec<(SectionKind, String)>);

/// A document as messages, at least one.
pub(super) fn message_parts(reply: &Reply, prefix: &str, layout: MessageLayout) -> Vec<MessageTexts> {
    let room = Room::of(layout);
    let mut parts: Vec<MessageTexts> = Vec::new();
    let mut open = MessageTexts::default();
    for section in sections(reply, prefix, layout) {
        let boxes = boxes(section, room.text);
        let whole: usize = boxes.iter().map(|(_, text)| length(text)).sum();
        // What belongs together goes to the next message rather than being parted, if it fits there.
        let is_parted = whole > room.whole;
        if !is_parted && !open.takes(whole, boxes.len(), room) && !open.0.is_empty() {
            parts.push(std::mem::take(&mut open));
        }
        for (kind, text) in boxes {
            if !open.takes(length(&text), 1, room) {
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

impl MessageTexts {
    fn takes(&self, more: usize, boxes: usize, room: Room) -> bool {
        let used: usize = self.0.iter().map(|(_, text)| length(text)).sum();
        used + more <= room.whole && self.0.len() + boxes <= room.boxes
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

    /// One container: the texts, divided by separators, then the footer and the rows of buttons and menus. It has no
    /// colour: that an entry is retracted or was corrected is said in its words.
    pub(super) fn container(&self, footer: Option<&str>, rows: &Value) -> Value {
        let separator = || json!({"type": SEPARATOR, "divider": true, "spacing": 1});
        let mut inner: Vec<Value> = Vec::new();
        for (_, text) in &self.0 {
            if !inner.is_empty() {
                inner.push(separator());
            }
            inner.push(json!({"type": TEXT_DISPLAY, "content": text}));
        }
        let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
        if !inner.is_empty() && (footer.is_some() || !rows.is_empty()) {
            inner.push(separator());
        }
        inner.extend(footer.map(|footer| json!({"type": TEXT_DISPLAY, "content": format!("-# {footer}")})));
        inner.extend(rows.iter().cloned());
        // A container of nothing is refused.
        if inner.is_empty() { json!([]) } else { json!([{"type": CONTAINER, "components": inner}]) }
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

/// Discord's numbers of components.
pub(super) const TEXT_DISPLAY: u64 = 10;
pub(super) const SEPARATOR: u64 = 14;
pub(super) const CONTAINER: u64 = 17;

/// A section in boxes that are short enough, parted between lines.
fn boxes(section: Section, longest: usize) -> Vec<(SectionKind, String)> {
    let mut boxes = Vec::new();
    let mut open = String::new();
    for line in section.lines {
        if !open.is_empty() && length(&open) + length(&line) + 1 > longest {
            boxes.push((section.kind, std::mem::take(&mut open)));
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(&line);
    }
    // An embed or a text of nothing is refused.
    if !open.trim().is_empty() {
        boxes.push((section.kind, open));
    }
    boxes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::answer::{Showing, show};
    use super::*;
    use crate::{
        commands::calls,
        reply::{Entry, EntryExtent, EntryKind, Outcome, Page, Text},
    };

    /// A document of entries whose texts have so many sentences.
    fn document(sentences: &[usize], extent: EntryExtent) -> Reply {
        let mut reply = Reply::new(Outcome::Answered).heading("Everything").paragraph("x".repeat(9_000));
        for (number, sentences) in sentences.iter().enumerate() {
            let mut entry = Entry::new(EntryKind::Statement, format!("S{number}"), Text::from("Someone"));
            entry.text = "A sentence about * many _ things. ".repeat(*sentences);
            entry.extent = extent;
            reply = reply.entry(entry);
        }
        reply
    }

    #[test]
    fn whatever_the_size_no_limit_is_passed_and_no_line_is_lost() {
        let reply = document(&(0..30).map(|number| number * 8 + 1).collect::<Vec<_>>(), EntryExtent::Whole);
        for layout in [MessageLayout::Embeds, MessageLayout::Components] {
            let parts = message_parts(&reply, "!", layout);
            let all: String = parts.iter().flat_map(|part| &part.0).map(|(_, text)| text.as_str()).collect();
            assert!((0..30).all(|number| all.contains(&format!("`S{number}`"))));
            assert_eq!(all.matches("A sentence about").count(), (0..30).map(|number| number * 8 + 1).sum::<usize>());
        }
        for part in message_parts(&reply, "!", MessageLayout::Embeds) {
            assert!(part.0.len() <= 10 && part.0.iter().all(|(_, text)| length(text) <= 4_096));
            assert!(part.0.iter().map(|(_, text)| length(text)).sum::<usize>() <= 5_900);
            assert!(length(&part.plain(Some("Page 1 of 2"))) <= 2_000);
        }
    }

    /// A component with all that is in it.
    fn flatten(component: &Value) -> Vec<&Value> {
        let inner = component["components"].as_array().into_iter().flatten().flat_map(flatten);
        std::iter::once(component).chain(inner).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_message_of_components_keeps_discords_limits(
            sentences in prop::collection::vec(0_usize..60, 0..40),
            in_short: bool,
            may_be_posted: bool,
            actions in 0_usize..8,
            number in 1_usize..100_000,
        ) {
            let extent = if in_short { EntryExtent::InShort } else { EntryExtent::Whole };
            let mut reply = document(&sentences, extent);
            for action in 0..actions {
                reply = reply.action("y".repeat(action * 20 + 1), calls::show(format!("S{action}")));
            }
            let here = calls::source("everything");
            let reply = reply.on_page(Page::new(number, number + 1, here.clone()));
            let (prefix, layout) = ("!", MessageLayout::Components);
            let mut said = 0;
            for part in 0..message_parts(&reply, prefix, layout).len() {
                let body = show(&reply, Some(&here), Showing { asker: u64::MAX, prefix, part, may_be_posted, layout }).body;
                prop_assert_eq!(body["flags"].as_u64(), Some(1 << 15));
                prop_assert!(body.get("content").is_none() && body.get("embeds").is_none());
                let components = body["components"].as_array().unwrap();
                prop_assert_eq!(components.len(), 1);
                let all = flatten(&components[0]);
                prop_assert!(all.len() <= 40, "{} components", all.len());
                let texts: Vec<&str> = all.iter().filter_map(|one| one["content"].as_str()).collect();
                prop_assert!(texts.iter().all(|text| !text.trim().is_empty()));
                prop_assert!(texts.iter().map(|text| length(text)).sum::<usize>() <= 4_000);
                said += texts.iter().map(|text| text.matches("A sentence about").count()).sum::<usize>();
            }
            prop_assert_eq!(said, sentences.iter().sum::<usize>());
        }
    }
}
