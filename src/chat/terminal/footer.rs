//! What can be asked next, below an answer: other pages, an entry whole, what the reply suggests.

use std::collections::HashSet;

use super::{ask::typed, canvas::Canvas, clean::clean, flow::Run, settings::Surface, style::Style};
use crate::{
    commands::calls,
    layout::{entries_to_open, page_and_part},
    reply::{Page, Reply},
};

/// A line of the footer: its label, and its runs.
type Row = (String, Vec<Run>);

/// Draws the footer; nothing where there is nothing to ask next.
pub(super) fn footer(canvas: &mut Canvas<'_>, reply: &Reply) {
    let mut rows = Vec::new();
    let mut said = HashSet::new();
    if let Some(page) = &reply.page {
        rows.push(page_row(canvas, page, &mut said));
    }
    if let [first, others @ ..] = entries_to_open(reply).as_slice() {
        let ask = calls::show(first);
        let mut runs = vec![Run::new(typed(canvas.settings, &ask), Style::Ask)];
        runs.extend(others.iter().map(|id| Run::new(format!(", {}", clean(id)), Style::Id)));
        rows.push((if others.is_empty() { "Whole entry" } else { "Whole entries" }.to_owned(), runs));
        said.insert(ask.as_str().to_owned());
    }
    for action in &reply.actions {
        if said.insert(action.ask.as_str().to_owned()) {
            rows.push((clean(&action.label), vec![Run::new(typed(canvas.settings, &action.ask), Style::Ask)]));
        }
    }
    if !rows.is_empty() {
        canvas.blank();
        canvas.rule(usize::MAX);
        table(canvas, rows);
    }
}

/// Which page this is, and how the others are asked for.
fn page_row(canvas: &Canvas<'_>, page: &Page, said: &mut HashSet<String>) -> Row {
    let mut runs = Vec::new();
    let mut part = |words: &str, style: Style| runs.push(Run::new(words, style));
    if let Some(next) = page.next() {
        let more = calls::more();
        part("next: ", Style::Plain);
        match canvas.settings.place {
            Surface::Console => {
                part(&typed(canvas.settings, &more), Style::Ask);
                part(" or Enter, or ", Style::Plain);
            }
            Surface::Pipe => {
                part(&typed(canvas.settings, &more), Style::Ask);
                part(", or ", Style::Plain);
            }
            Surface::CommandLine => {}
        }
        part(&typed(canvas.settings, &next), Style::Ask);
        said.extend([next.as_str().to_owned(), more.as_str().to_owned()]);
    } else if let Some(previous) = page.previous() {
        part("the last; the one before: ", Style::Plain);
        part(&typed(canvas.settings, &previous), Style::Ask);
        said.insert(previous.as_str().to_owned());
    }
    (page_and_part(Some(page), 0, 1).concat(), runs)
}

/// Draws labels in one column and what they are for in the next.
pub(super) fn table(canvas: &mut Canvas<'_>, rows: Vec<Row>) {
    let widest = rows.iter().map(|(label, _)| unicode_width::UnicodeWidthStr::width(label.as_str())).max();
    let column = widest.unwrap_or_default().min(canvas.settings.measure() / 3) + 2;
    for (label, mut runs) in rows {
        let pad = column.saturating_sub(unicode_width::UnicodeWidthStr::width(label.as_str())).max(2);
        runs.insert(0, Run::new(format!("{label}{}", " ".repeat(pad)), Style::Dim));
        canvas.flow(0, column, &runs);
    }
}
