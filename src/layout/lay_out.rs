//! The blocks of a reply, one part of it after the other.

use std::borrow::Cow;

use super::{
    block::{BlockKind, Inline, LaidOutBlock, Line, LineKind},
    entry::lay_out_entry,
    in_short::lay_out_in_short,
    source::NamedSources,
};
use crate::reply::{Block, EntryExtent, Fact, Reply, Span, Text, Weight};

/// Lays out what a reply says. What can be asked next is beside it: [`super::ways_on()`].
#[must_use]
pub fn lay_out(reply: &Reply) -> Vec<LaidOutBlock<'_>> {
    let mut blocks = Vec::with_capacity(reply.blocks.len());
    let mut named = NamedSources::new();
    for block in &reply.blocks {
        match block {
            Block::Entry(entry) => match entry.extent {
                EntryExtent::InShort => lay_out_in_short(&mut blocks, entry, &mut named),
                EntryExtent::Whole => lay_out_entry(&mut blocks, entry),
            },
            Block::Heading(text) => {
                let is_marked = text.0.iter().any(|span| matches!(span, Span::Strong(_) | Span::Ask(_)));
                blocks.push(one(BlockKind::Heading, LineKind::Heading { is_marked }, text));
            }
            Block::Paragraph(text) => blocks.push(one(BlockKind::Paragraph, LineKind::Prose, text)),
            Block::List(items) => {
                let lines = items.iter().map(|item| Line::of(LineKind::Item, item)).collect();
                blocks.push(LaidOutBlock::new(BlockKind::List, lines));
            }
            Block::Facts(facts) => {
                blocks.push(LaidOutBlock::new(BlockKind::Facts, facts.iter().map(fact_line).collect()));
            }
            Block::Note(note) => blocks.push(match note.weight {
                Weight::Hint => one(BlockKind::Hint, LineKind::Hint, &note.text),
                Weight::Warning => one(BlockKind::Warning, LineKind::Warning, &note.text),
            }),
        }
    }
    blocks
}

fn one(kind: BlockKind, line: LineKind, text: &Text) -> LaidOutBlock<'_> {
    LaidOutBlock::new(kind, vec![Line::of(line, text)])
}

fn fact_line(fact: &Fact) -> Line<'_> {
    let label = Inline::Strong(Cow::Owned(format!("{}:", fact.label)));
    Line { lead: Some(label), ..Line::of(LineKind::Fact, &fact.value) }
}
