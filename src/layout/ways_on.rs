//! What can be asked next, for front ends that have no buttons, and the place among pages.

use std::{borrow::Cow, collections::HashSet};

use super::{BlockKind, Inline, LaidOutBlock, Line, LineKind, block::typed};
use crate::reply::{Offered, Page, Reply};

/// What a reply suggests to ask next, as a list of at most `most` items; `None` where there is nothing. What its blocks
/// say already isn't said again.
#[must_use]
pub fn ways_on<'a>(reply: &'a Reply, blocks: &[LaidOutBlock<'_>], most: usize) -> Option<LaidOutBlock<'a>> {
    let inlines = blocks.iter().flat_map(|block| &block.lines).flat_map(|line| &line.inlines);
    let said: HashSet<&str> = inlines
        .filter_map(|inline| match inline {
            Inline::Call(words) => Some(words.as_ref()),
            _ => None,
        })
        .collect();
    let line = |action: &'a crate::reply::Action| {
        let call = Inline::Call(typed(&action.ask));
        Line::new(LineKind::Item, vec![Inline::Text(Cow::Borrowed(&action.label)), ": ".into(), call])
    };
    let to_type = reply.actions.iter().filter(|action| action.offered != Offered::AsButton);
    let unsaid = to_type.filter(|action| !said.contains(typed(&action.ask).as_ref()));
    let lines: Vec<Line<'a>> = unsaid.take(most).map(line).collect();
    (!lines.is_empty()).then(|| LaidOutBlock::new(BlockKind::List, lines))
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
