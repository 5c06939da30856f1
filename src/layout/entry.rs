//! The blocks of a whole entry: who and when, what was said, where it was reported, and what was answered.

use std::borrow::Cow;

use super::{
    BlockKind, Inline, LaidOutBlock, Line, LineKind,
    block::{in_language, inlines},
    notice::{notice, state},
    source::{NamedSources, Naming, source_line},
};
use crate::{
    commands::calls,
    reply::{Entry, EntryKind, NO_DATE},
};

/// Adds an entry with its responses.
pub(super) fn lay_out_entry<'a>(blocks: &mut Vec<LaidOutBlock<'a>>, entry: &'a Entry) {
    add(blocks, entry, 0, &mut NamedSources::new());
}

fn add<'a>(blocks: &mut Vec<LaidOutBlock<'a>>, entry: &'a Entry, depth: usize, named: &mut NamedSources<'a>) {
    let state = state(&entry.notices);
    let block = |kind, lines| LaidOutBlock { kind, depth, state, continues: depth > 0, lines };
    let part = |kind, lines| LaidOutBlock { continues: true, ..block(kind, lines) };
    let mut lines = vec![byline(entry, depth)];
    lines.extend(entry.notices.iter().map(notice));
    if !entry.text.trim().is_empty() {
        lines.push(Line::new(LineKind::Prose, vec![Inline::Text(Cow::Borrowed(&entry.text))]));
    }
    blocks.push(block(BlockKind::Entry, lines));
    if let Some(quote) = &entry.quote {
        let mut inlines = vec![Inline::Quoted { words: quote.text.trim(), address: None }];
        inlines.extend(quote.language.as_deref().map(in_language));
        blocks.push(part(BlockKind::Quote, vec![Line::new(LineKind::Quote, inlines)]));
    }
    let mut lines: Vec<Line<'a>> =
        entry.details.iter().map(|detail| Line::new(LineKind::Detail, inlines(detail))).collect();
    for source in &entry.sources {
        let naming = if named.insert(&source.id) { Naming::First } else { Naming::Again };
        lines.push(source_line(source, entry, naming));
        // That it is retracted or was corrected is said wherever it is named.
        lines.extend(source.notices.iter().map(notice));
    }
    lines.extend(left_out(entry, entry.more_sources, ("source", "sources")));
    if !lines.is_empty() {
        blocks.push(part(BlockKind::Details, lines));
    }
    for response in &entry.responses {
        add(blocks, response, depth + 1, named);
    }
    if let Some(line) = left_out(entry, entry.more_responses, ("response", "responses")) {
        blocks.push(part(BlockKind::Details, vec![line]));
    }
}

fn byline(entry: &Entry, depth: usize) -> Line<'_> {
    let mut inlines = inlines(&entry.byline);
    match (entry.date, entry.kind) {
        (Some(date), _) => inlines.extend([Inline::Separator, Inline::Date(date)]),
        // A change without a date is one that waits.
        (None, EntryKind::Change) => {}
        (None, EntryKind::Statement | EntryKind::Response | EntryKind::Source) => {
            inlines.extend([Inline::Separator, Inline::Aside(Cow::Borrowed(NO_DATE))]);
        }
    }
    Line { kind: LineKind::Byline { is_response: depth > 0 }, lead: Some(Inline::Id(&entry.id)), inlines }
}

/// How many of something are left out of an entry, and how they are to be had.
pub(super) fn left_out<'a>(entry: &Entry, count: usize, (one, several): (&str, &str)) -> Option<Line<'a>> {
    let noun = if count == 1 { one } else { several };
    (count > 0).then(|| {
        let call = Inline::Call(Cow::Owned(calls::show(&entry.id).as_str().to_owned()));
        Line::new(LineKind::LeftOut, vec![Inline::Aside(Cow::Owned(format!("{count} more {noun}: "))), call])
    })
}
