//! An entry: its id in the gutter, who and when, what was said, where it was reported, and what was
//! answered.

use super::{
    ask::typed,
    clean::clean,
    flow::Run,
    sheet::Sheet,
    source::{self, Shown},
    style::Style,
    text::{draw, prepare},
    wording,
};
use crate::reply::{Entry, EntryKind, NO_DATE, Notice, Quoted};

/// Draws an entry whose text begins at column `gutter`.
pub(super) fn entry(sheet: &mut Sheet<'_>, entry: &Entry, gutter: usize) {
    let id = clean(&entry.id);
    let pad = gutter.saturating_sub(unicode_width::UnicodeWidthStr::width(id.as_str())).max(1);
    let lead = vec![Run::new(id, Style::Id), Run::new(" ".repeat(pad), Style::Plain)];
    let mut shown = Shown::new();
    body(sheet, entry, lead, 0, gutter, &mut shown);
}

fn body(sheet: &mut Sheet<'_>, entry: &Entry, lead: Vec<Run>, first: usize, indent: usize, shown: &mut Shown) {
    byline(sheet, entry, lead, first, indent);
    source::notices(sheet, &entry.notices, indent);
    let retracted = entry.notices.iter().any(|notice| matches!(notice, Notice::Retracted { .. }));
    let style = if retracted { Style::Dim } else { Style::Plain };
    sheet.words(indent, &entry.text, style);
    if let Some(quoted) = &entry.quote {
        quote(sheet, quoted, indent + 2, style);
    }
    for detail in &entry.details {
        let prepared = prepare(sheet, detail, Style::Dim);
        draw(sheet, indent, indent + 2, &prepared);
    }
    source::sources(sheet, entry, indent, shown);
    left_out(sheet, entry, entry.more_sources, ("source", "sources"), indent);
    for response in &entry.responses {
        sheet.blank();
        answer(sheet, response, indent, shown);
    }
    left_out(sheet, entry, entry.more_responses, ("response", "responses"), indent);
}

/// Draws a response below what it answers.
fn answer(sheet: &mut Sheet<'_>, response: &Entry, indent: usize, shown: &mut Shown) {
    let arrow = sheet.sign("↳ ", "> ");
    let lead =
        vec![Run::new(arrow, Style::Dim), Run::new(clean(&response.id), Style::Id), Run::new("  ", Style::Plain)];
    body(sheet, response, lead, indent, indent + 2, shown);
}

/// Draws who and when.
fn byline(sheet: &mut Sheet<'_>, entry: &Entry, mut runs: Vec<Run>, first: usize, hang: usize) {
    let mut prepared = prepare(sheet, &entry.byline, Style::Plain);
    runs.append(&mut prepared.runs);
    let date = match (entry.date, entry.kind) {
        (Some(date), _) => Some(date.to_string()),
        (None, EntryKind::Statement | EntryKind::Response | EntryKind::Source) => Some(NO_DATE.to_owned()),
        // A change without a date is one that waits.
        (None, EntryKind::Change) => None,
    };
    if let Some(date) = date {
        runs.push(Run::whole(format!("{}{date}", sheet.sign(" · ", " - ")), Style::Dim));
    }
    prepared.runs = runs;
    draw(sheet, first, hang, &prepared);
}

fn quote(sheet: &mut Sheet<'_>, quoted: &Quoted, indent: usize, style: Style) {
    let (open, close) = (sheet.sign("“", "\""), sheet.sign("”", "\""));
    let mut runs = vec![Run::new(format!("{open}{}{close}", clean(&quoted.text)), style)];
    if let Some(language) = &quoted.language {
        runs.push(Run::whole(format!(" ({})", clean(language)), Style::Dim));
    }
    sheet.flow(indent, indent + 1, &runs);
}

fn left_out(sheet: &mut Sheet<'_>, entry: &Entry, count: usize, nouns: (&str, &str), indent: usize) {
    if count > 0 {
        let ask = crate::commands::calls::show(&entry.id);
        let runs = [
            Run::new(wording::left_out(count, nouns.0, nouns.1), Style::Dim),
            Run::new(typed(sheet.settings, &ask), Style::Ask),
        ];
        sheet.flow(indent, indent + 2, &runs);
    }
}
