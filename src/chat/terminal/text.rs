//! A text of a document as styled runs.

use super::{
    ask::typed,
    clean::{clean, keep_ends},
    flow::Run,
    sheet::Sheet,
    style::Style,
};
use crate::{
    model::WebAddress,
    reply::{Span, Text},
};

/// Text ready to be drawn, and the addresses that must be printed after it where links can't be
/// followed, each with its label.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) runs: Vec<Run>,
    pub(super) addresses: Vec<(String, WebAddress)>,
}

/// Prepares a text; what has no meaning of its own is in the style `base`.
pub(super) fn prepare(sheet: &mut Sheet<'_>, text: &Text, base: Style) -> Prepared {
    let mut prepared = Prepared::default();
    let links = text.0.iter().filter(|span| matches!(span, Span::Link { .. })).count();
    for (index, span) in text.0.iter().enumerate() {
        let amid = index > 0;
        let run = match span {
            Span::Plain(words) => Run::new(keep_ends(words), base),
            Span::Strong(words) => Run::new(keep_ends(words), stronger(base)),
            Span::Id(id) => Run::new(clean(id), Style::Id),
            Span::Ask(ask) => Run::new(set_off(sheet, typed(sheet.settings, ask), amid), Style::Ask),
            Span::Syntax(form) => Run::new(set_off(sheet, clean(form), amid), Style::Ask),
            Span::Date(date) => Run::new(date.to_string(), base),
            Span::Link { text, address } => {
                let run = sheet.link(&clean(text), address);
                if run.link.is_none() {
                    let mark = if links > 1 { format!("[{}]", prepared.addresses.len() + 1) } else { String::new() };
                    prepared.runs.push(Run::new(run.text, base));
                    let label = if mark.is_empty() { String::new() } else { format!("{mark} ") };
                    prepared.addresses.push((label, address.clone()));
                    Run::new(if mark.is_empty() { mark } else { format!(" {mark}") }, Style::Dim)
                } else {
                    run
                }
            }
        };
        prepared.runs.push(run);
    }
    if let Some(first) = prepared.runs.first_mut() {
        first.text = first.text.trim_start_matches(' ').to_owned();
    }
    prepared
}

/// Draws a prepared text, and its addresses below it.
pub(super) fn draw(sheet: &mut Sheet<'_>, first: usize, hang: usize, prepared: &Prepared) {
    sheet.flow(first, hang, &prepared.runs);
    for (label, address) in &prepared.addresses {
        sheet.address(hang, label, address);
    }
}

/// Without colours, several words to type need something that sets them off from the sentence they
/// stand in; what a text begins with stands apart by itself.
fn set_off(sheet: &Sheet<'_>, words: String, amid: bool) -> String {
    if amid && !sheet.settings.colour && words.contains(' ') { format!("`{words}`") } else { words }
}

const fn stronger(base: Style) -> Style {
    match base {
        Style::Plain | Style::Dim => Style::Strong,
        Style::Strong | Style::Heading | Style::Id | Style::Ask | Style::Link | Style::Warning | Style::Alarm => base,
    }
}
