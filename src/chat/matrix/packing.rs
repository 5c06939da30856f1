//! Packing a document into messages. An event may have 65,536 bytes (Matrix specification, "Size
//! limits"), a third more than its content once it is encrypted; people want less on one screen.

use super::markup::{HtmlAndPlain, written};
use crate::reply::Reply;

/// How many bytes both forms of a message may have together. Twice as much, for an edit has the content
/// twice, and a third for the encryption are still far from the limit.
const MESSAGE: usize = 16_000;

/// What one message shows of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MessageBody {
    pub(super) html: String,
    pub(super) plain: String,
}

impl MessageBody {
    fn size(&self) -> usize {
        self.html.len() + self.plain.len()
    }

    fn add(&mut self, piece: &HtmlAndPlain) {
        // Lists are written item by item; side by side they are one list.
        match (self.html.strip_suffix("</ul>"), piece.html.strip_prefix("<ul>")) {
            (Some(before), Some(item)) => self.html = format!("{before}{item}"),
            (_, _) => self.html.push_str(&piece.html),
        }
        if !self.plain.is_empty() {
            self.plain.push_str(if piece.continues { "\n" } else { "\n\n" });
        }
        self.plain.push_str(&piece.plain);
    }
}

/// A document as messages, at least one.
pub(super) fn message_parts(reply: &Reply, prefix: &str) -> Vec<MessageBody> {
    let written = written(reply, prefix);
    let mut parts = Vec::new();
    let mut open = MessageBody::default();
    let mut rest = written.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let together = 1 + others.iter().take_while(|piece| piece.continues).count();
        let (group, after) = rest.split_at(together);
        let size: usize = group.iter().map(size).sum();
        // What belongs together goes to the next message rather than being parted, if it fits there.
        if open.size() + size > MESSAGE && size <= MESSAGE && open.size() > 0 {
            parts.push(std::mem::take(&mut open));
        }
        for piece in std::iter::once(first).chain(&group[1..]) {
            if open.size() + self::size(piece) > MESSAGE && open.size() > 0 {
                parts.push(std::mem::take(&mut open));
            }
            open.add(piece);
        }
        rest = after;
    }
    if open.size() > 0 || parts.is_empty() {
        parts.push(open);
    }
    parts
}

fn size(piece: &HtmlAndPlain) -> usize {
    piece.html.len() + piece.plain.len() + 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::{Entry, EntryKind, Outcome, Text};

    #[test]
    fn whatever_the_size_no_limit_is_passed_and_nothing_is_lost() {
        let mut reply = Reply::new(Outcome::Answered).heading("Everything");
        for number in 0..60 {
            let mut entry = Entry::new(EntryKind::Statement, format!("S{number}"), Text::from("Someone"));
            entry.text = "A sentence about <many> things & more. ".repeat(number + 1);
            entry.responses = vec![entry.clone(); number % 7];
            reply = reply.entry(entry);
        }
        let expected: usize = (0..60).map(|number| (number + 1) * (1 + number % 7)).sum();
        let parts = message_parts(&reply, "!");
        let all: String = parts.iter().map(|part| part.plain.as_str()).collect();
        assert_eq!(all.matches("A sentence about <many>").count(), expected);
        for part in &parts {
            assert!(part.size() <= MESSAGE + 200, "{}", part.size());
            for tag in ["p", "ul", "li", "code", "sub", "strong"] {
                let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
                assert_eq!(part.html.matches(&open).count(), part.html.matches(&close).count());
            }
        }
    }
}
