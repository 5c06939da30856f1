//! The few lines of an entry that stands among others: who and when, what was said, the one link, and a line for each who
//! answered. Ids stay out of reading: below the answer stands how an entry is opened.

use std::borrow::Cow;

use super::{
    BlockKind, Inline, LaidOutBlock, Line, LineKind,
    block::inlines,
    entry::left_out,
    notice::{notice, state},
    source::{NamedSources, Naming, short_source_line},
};
use crate::reply::{Entry, NO_DATE, NO_RESPONSE};

/// Adds an entry in short. A source that was named above is named by its publisher alone.
pub(super) fn lay_out_in_short<'a>(blocks: &mut Vec<LaidOutBlock<'a>>, entry: &'a Entry, named: &mut NamedSources<'a>) {
    let state = state(&entry.notices);
    let block = |kind, depth, continues, lines| LaidOutBlock { kind, depth, state, continues, lines };
    let mut lines = Vec::new();
    if !entry.follows {
        lines.push(byline(entry));
    }
    lines.extend(entry.notices.iter().map(notice));
    if !entry.text.trim().is_empty() {
        lines.push(Line::new(LineKind::Prose, vec![Inline::Text(Cow::Borrowed(&entry.text))]));
    }
    blocks.push(block(BlockKind::Entry, 0, entry.follows, lines));
    let mut lines: Vec<Line<'a>> =
        entry.details.iter().map(|detail| Line::new(LineKind::Detail, inlines(detail))).collect();
    for source in entry.sources.iter().filter(|_| !entry.follows) {
        let naming = if named.insert(&source.id) { Naming::First } else { Naming::Again };
        lines.push(short_source_line(source, entry, naming));
        lines.extend(source.notices.iter().map(notice));
    }
    lines.extend(left_out(entry, entry.more_sources, ("source", "sources")));
    if !lines.is_empty() {
        blocks.push(block(BlockKind::Details, 0, true, lines));
    }
    let mut answers: Vec<Line<'a>> = entry.responses.iter().flat_map(answer).collect();
    if !entry.answered_above.is_empty() {
        let names = format!("As above: {}", entry.answered_above.join("; "));
        answers.push(Line::new(LineKind::Answer, vec![Inline::Aside(Cow::Owned(names))]));
    }
    answers.extend(left_out(entry, entry.more_responses, ("response", "responses")));
    if answers.is_empty() {
        answers.push(Line::new(LineKind::Answer, vec![Inline::Aside(Cow::Borrowed(NO_RESPONSE))]));
    }
    blocks.push(block(BlockKind::Answers, 1, true, answers));
}

/// Who, in which role, and when.
fn byline(entry: &Entry) -> Line<'_> {
    let mut words = inlines(&entry.byline);
    words.push(", ".into());
    words.push(entry.date.map_or(Inline::Aside(Cow::Borrowed(NO_DATE)), Inline::Date));
    Line::new(LineKind::Byline { is_response: false }, words)
}

/// A response in a line: who, what in a few words, when; below it that it was corrected or is retracted.
fn answer(response: &Entry) -> impl Iterator<Item = Line<'_>> {
    let mut words = inlines(&response.byline);
    words.extend(response.date.into_iter().flat_map(|date| [", ".into(), Inline::Date(date)]));
    std::iter::once(Line::new(LineKind::Answer, words)).chain(response.notices.iter().map(notice))
}
