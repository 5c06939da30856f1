//! A reply drawn for a terminal.

use unicode_width::UnicodeWidthStr;

use super::{
    clean::clean,
    entry::entry,
    flow::Run,
    footer::{footer, table},
    settings::Settings,
    sheet::Sheet,
    style::Style,
    text::{draw, prepare},
};
use crate::reply::{Block, Fact, Note, Reply, Text, Weight};

/// The least and the most columns between the left edge and an entry's text.
const GUTTER: (usize, usize) = (5, 9);

/// Draws a reply. Each line ends in a line break; none is wider than the terminal but for an address,
/// which is never broken. Without colours and links there is no escape sequence, and with them there
/// are none but ours.
#[must_use]
pub fn render(reply: &Reply, settings: &Settings) -> String {
    let mut sheet = Sheet::new(settings);
    let gutter = gutter(reply);
    let mut before = None;
    for part in &reply.blocks {
        if !before.is_some_and(|before| belongs(before, part)) {
            sheet.blank();
        }
        before = Some(part);
        block(&mut sheet, part, gutter);
    }
    footer(&mut sheet, reply);
    sheet.finish()
}

/// Draws one text, as the console's opening line is.
pub(super) fn render_text(text: &Text, settings: &Settings) -> String {
    let mut sheet = Sheet::new(settings);
    let prepared = prepare(&mut sheet, text, Style::Plain);
    draw(&mut sheet, 0, 0, &prepared);
    sheet.finish()
}

/// Whether a part follows on the one before it so closely that no empty line parts them.
fn belongs(before: &Block, part: &Block) -> bool {
    match (before, part) {
        (Block::Heading(_), Block::Paragraph(_) | Block::List(_) | Block::Facts(_) | Block::Note(_))
        | (Block::Note(_), Block::Note(_)) => true,
        (Block::Paragraph(text), Block::List(_)) => text.to_plain("").trim_end().ends_with(':'),
        (Block::Heading(_), Block::Heading(_) | Block::Entry(_))
        | (Block::Paragraph(_) | Block::Entry(_) | Block::List(_) | Block::Facts(_) | Block::Note(_), _) => false,
    }
}

fn block(sheet: &mut Sheet<'_>, block: &Block, gutter: usize) {
    match block {
        Block::Heading(text) => heading(sheet, text),
        Block::Paragraph(text) => {
            let prepared = prepare(sheet, text, Style::Plain);
            draw(sheet, 0, 0, &prepared);
        }
        Block::Entry(shown) => entry(sheet, shown, gutter),
        Block::List(items) => list(sheet, items),
        Block::Facts(items) => facts(sheet, items),
        Block::Note(shown) => note(sheet, shown),
    }
}

/// Draws a heading, underlined so that it is one without colours too.
fn heading(sheet: &mut Sheet<'_>, text: &Text) {
    let prepared = prepare(sheet, text, Style::Heading);
    let length = prepared.runs.iter().map(|run| run.text.width()).sum();
    draw(sheet, 0, 0, &prepared);
    sheet.rule(length);
}

fn list(sheet: &mut Sheet<'_>, items: &[Text]) {
    for item in items {
        let mut prepared = prepare(sheet, item, Style::Plain);
        prepared.runs.insert(0, Run::new(sheet.sign("• ", "- "), Style::Dim));
        draw(sheet, 0, 2, &prepared);
    }
}

fn facts(sheet: &mut Sheet<'_>, items: &[Fact]) {
    let mut addresses = Vec::new();
    let mut rows = Vec::new();
    for fact in items {
        let mut prepared = prepare(sheet, &fact.value, Style::Plain);
        addresses.append(&mut prepared.addresses);
        rows.push((format!("{}:", clean(&fact.label)), prepared.runs));
    }
    table(sheet, rows);
    for (label, address) in &addresses {
        sheet.address(0, label, address);
    }
}

fn note(sheet: &mut Sheet<'_>, note: &Note) {
    match note.weight {
        Weight::Hint => {
            let prepared = prepare(sheet, &note.text, Style::Dim);
            draw(sheet, 0, 0, &prepared);
        }
        Weight::Warning => {
            let mut prepared = prepare(sheet, &note.text, Style::Plain);
            prepared.runs.insert(0, Run::new("! ", Style::Warning));
            draw(sheet, 0, 2, &prepared);
        }
    }
}

/// The gutter that the ids of the reply's entries fit in, if they are as long as ids are.
fn gutter(reply: &Reply) -> usize {
    let ids = reply.blocks.iter().filter_map(|block| match block {
        Block::Entry(entry) => Some(clean(&entry.id).width()),
        Block::Heading(_) | Block::Paragraph(_) | Block::List(_) | Block::Facts(_) | Block::Note(_) => None,
    });
    ids.max().map_or(GUTTER.0, |widest| (widest + 2).clamp(GUTTER.0, GUTTER.1))
}
