//! The blocks of an entry: who and when, what was said, where it was reported, and what was answered.

use std::{borrow::Cow, collections::HashSet};

use super::{
    BlockKind, EntryState, Inline, LaidOutBlock, Line, LineKind,
    block::{in_language, inlines},
    source::{Naming, source_line},
};
use crate::{
    commands::calls,
    reply::{Entry, EntryExtent, EntryKind, NO_DATE, Notice},
};

/// The ids of the sources that were named so far in an entry and its responses.
type Named<'a> = HashSet<&'a str>;

/// Adds an entry with its responses.
pub(super) fn lay_out_entry<'a>(blocks: &mut Vec<LaidOutBlock<'a>>, entry: &'a Entry) {
    add(blocks, entry, 0, &mut Named::new());
}

fn add<'a>(blocks: &mut Vec<LaidOutBlock<'a>>, entry: &'a Entry, depth: usize, named: &mut Named<'a>) {
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
    match entry.extent {
        EntryExtent::Whole => {
            for response in &entry.responses {
                add(blocks, response, depth + 1, named);
            }
        }
        EntryExtent::InShort => {
            let answers: Vec<Line<'a>> = entry.responses.iter().flat_map(answer).collect();
            if !answers.is_empty() {
                blocks.push(LaidOutBlock { depth: depth + 1, ..part(BlockKind::Details, answers) });
            }
        }
    }
    if let Some(line) = left_out(entry, entry.more_responses, ("response", "responses")) {
        blocks.push(part(BlockKind::Details, vec![line]));
    }
}

fn state(notices: &[Notice]) -> EntryState {
    notices.iter().map(state_of).max().unwrap_or(EntryState::InForce)
}

const fn state_of(notice: &Notice) -> EntryState {
    match notice {
        Notice::Retracted { .. } => EntryState::Retracted,
        Notice::Corrected { .. } => EntryState::Corrected,
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

/// A response in a line: who, what in a few words, when; below it that it was corrected or is retracted.
fn answer(response: &Entry) -> impl Iterator<Item = Line<'_>> {
    let mut words = inlines(&response.byline);
    words.extend(response.date.into_iter().flat_map(|date| [Inline::Separator, Inline::Date(date)]));
    std::iter::once(Line::new(LineKind::Answer, words)).chain(response.notices.iter().map(notice))
}

fn notice(notice: &Notice) -> Line<'_> {
    let (word, on, reason) = match notice {
        Notice::Retracted { on, reason } => ("RETRACTED", on, reason),
        Notice::Corrected { on, reason } => ("CORRECTED", on, reason),
    };
    Line {
        kind: LineKind::Notice(state_of(notice)),
        lead: Some(Inline::Strong(Cow::Owned(format!("{word} {on}:")))),
        inlines: vec![Inline::Text(Cow::Borrowed(reason))],
    }
}

fn left_out<'a>(entry: &Entry, count: usize, (one, several): (&str, &str)) -> Option<Line<'a>> {
    let noun = if count == 1 { one } else { several };
    (count > 0).then(|| {
        let call = Inline::Call(Cow::Owned(calls::show(&entry.id).as_str().to_owned()));
        Line::new(LineKind::LeftOut, vec![Inline::Aside(Cow::Owned(format!("{count} more {noun}: "))), call])
    })
}
