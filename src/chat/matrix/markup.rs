//! Blocks as HTML and as plain text beside each other. The HTML uses only what the Matrix specification allows
//! ("m.room.message msgtypes", `org.matrix.custom.html`), and every part is whole in itself, so that they can be parted
//! anywhere.

use crate::{
    layout::{BlockKind, HtmlMarkup, LaidOutBlock, Line, PlainMarkup, lay_out, ways_on, write_lines},
    reply::Reply,
};

/// How many lines about an entry are kept together.
const TOGETHER: usize = 8;

/// How many requests are suggested under an answer.
const MOST_WAYS_ON: usize = 10;

/// A part of a document, in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct HtmlAndPlain {
    pub(super) html: String,
    pub(super) plain: String,
    /// Whether it belongs to the part before it.
    pub(super) continues: bool,
}

/// Writes a document, and below it what can be asked next, to be typed: Matrix has no buttons. `prefix` stands before
/// requests.
pub(super) fn written(reply: &Reply, prefix: &str) -> Vec<HtmlAndPlain> {
    let blocks = lay_out(reply);
    let mut parts = Vec::new();
    for block in &blocks {
        write_block(&mut parts, block, prefix);
    }
    for block in ways_on(reply, &blocks, MOST_WAYS_ON) {
        write_block(&mut parts, &block, prefix);
    }
    parts
}

fn write_block(parts: &mut Vec<HtmlAndPlain>, block: &LaidOutBlock<'_>, prefix: &str) {
    let together = match block.kind {
        // Item by item, as a list may be long.
        BlockKind::List => 1,
        BlockKind::Details | BlockKind::Answers => TOGETHER,
        BlockKind::Heading
        | BlockKind::Paragraph
        | BlockKind::Facts
        | BlockKind::Hint
        | BlockKind::Warning
        | BlockKind::Entry
        | BlockKind::Quote => block.lines.len().max(1),
    };
    for (index, lines) in block.lines.chunks(together).enumerate() {
        parts.push(both(block.kind, lines, block.continues || index > 0, prefix));
    }
}

fn both(kind: BlockKind, lines: &[Line<'_>], continues: bool, prefix: &str) -> HtmlAndPlain {
    let mut html = HtmlMarkup::new(prefix, None);
    write_lines(kind, lines, &mut html);
    let mut plain = PlainMarkup::new(prefix);
    write_lines(kind, lines, &mut plain);
    HtmlAndPlain { html: html.finish(), plain: plain.finish(), continues }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Outcome;

    #[test]
    fn what_the_document_says_already_is_not_suggested_again() {
        let reply = Reply::new(Outcome::Answered)
            .hint(crate::reply::Text::from("Ask ").ask("help"))
            .action("Help", "help")
            .action("About it", "about it");
        let parts = written(&reply, "!");
        let plain: Vec<&str> = parts.iter().map(|part| part.plain.as_str()).collect();
        assert_eq!(plain, ["Ask !help", "• About it: !about it"]);
        assert_eq!(parts[1].html, "<ul><li>About it: <code>!about it</code></li></ul>");
    }
}
