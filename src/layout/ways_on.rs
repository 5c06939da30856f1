//! What can be asked next, for front ends that have no buttons, and the place among pages.

use std::{borrow::Cow, collections::HashSet};

use super::{BlockKind, Inline, LaidOutBlock, Line, LineKind, block::typed};
use crate::commands::{calls, for_people};
use crate::reply::{Action, Entry, EntryExtent, Offered, Page, Reply};

/// What a reply suggests to ask next: how its entries are opened, then a list of at most `most` items. What its blocks say
/// already isn't said again.
#[must_use]
pub fn ways_on<'a>(reply: &'a Reply, blocks: &[LaidOutBlock<'_>], most: usize) -> Vec<LaidOutBlock<'a>> {
    let inlines = blocks.iter().flat_map(|block| &block.lines).flat_map(|line| &line.inlines);
    let said: HashSet<&str> = inlines
        .filter_map(|inline| match inline {
            Inline::Call(words) => Some(words.as_ref()),
            _ => None,
        })
        .collect();
    let line = |action: &'a Action| {
        // What was looked at is remembered, and numbers that only programs read are typed by nobody.
        let call = Inline::Call(Cow::Owned(for_people(&action.ask)));
        Line::new(LineKind::Item, vec![Inline::Text(Cow::Borrowed(&action.label)), ": ".into(), call])
    };
    let to_open = entries_to_open(reply);
    let to_type = reply.actions.iter().filter(|action| action.offered != Offered::AsButton);
    let is_said =
        |action: &Action| said.contains(typed(&action.ask).as_ref()) || said.contains(for_people(&action.ask).as_str());
    let unsaid = to_type.filter(|action| !is_said(action));
    let lines: Vec<Line<'a>> = unsaid.take(most).map(line).collect();
    let whole = (!to_open.is_empty()).then(|| LaidOutBlock::new(BlockKind::Hint, vec![whole_entries(&to_open)]));
    let list = (!lines.is_empty()).then(|| LaidOutBlock::new(BlockKind::List, lines));
    whole.into_iter().chain(list).collect()
}

/// The ids of the entries that the reply shows in short, in their order.
#[must_use]
pub fn entries_to_open(reply: &Reply) -> Vec<&str> {
    let is_part = |entry: &&Entry| entry.extent == EntryExtent::InShort;
    let mut ids: Vec<&str> = reply.entries().filter(is_part).map(|entry| entry.id.as_str()).collect();
    ids.dedup();
    ids
}

/// How those are opened: the first in full, the others by their ids.
fn whole_entries<'a>(ids: &[&'a str]) -> Line<'a> {
    let label = if ids.len() == 1 { "Whole entry: " } else { "Whole entries: " };
    let mut words = vec![label.into()];
    for (at, id) in ids.iter().enumerate() {
        words.push(match at {
            0 => Inline::Call(Cow::Owned(calls::show(id).as_str().to_owned())),
            _ => Inline::Id(id),
        });
        if at + 1 < ids.len() {
            words.push(", ".into());
        }
    }
    Line::new(LineKind::Hint, words)
}

impl From<&'static str> for Inline<'_> {
    fn from(words: &'static str) -> Self {
        Self::Text(Cow::Borrowed(words))
    }
}

/// "Page 2 of 3" and "part 1 of 2", where there are several; `part` counts from 0.
#[must_use]
pub fn page_and_part(page: Option<&Page>, part: usize, parts: usize) -> Vec<String> {
    let page = page.map(|page| format!("Page {} of {}", page.number, page.of));
    let part = (parts > 1).then(|| format!("part {} of {parts}", part + 1));
    page.into_iter().chain(part).collect()
}
