//! A reply drawn for a terminal: ids in the gutter, hanging indents, and empty lines between what stands by itself.

use unicode_width::UnicodeWidthStr;

use super::{
    canvas::Canvas,
    clean::clean,
    flow::Run,
    footer::{footer, table},
    markup::{StyledLine, style_of, styled},
    settings::Settings,
    style::Style,
};
use crate::{
    layout::{BlockKind, EntryState, Inline, LaidOutBlock, Line, LineKind, lay_out, line_of_text},
    model::WebAddress,
    reply::{Reply, Text},
};

/// The least and the most columns between the left edge and an entry's text.
const GUTTER: (usize, usize) = (5, 9);

/// How far in the text of entries stands whose ids aren't shown.
const INDENT: usize = 2;

/// Draws a reply. Each line ends in a line break; none is wider than the terminal but for an address,
/// which is never broken. Without colours and links there is no escape sequence, and with them there
/// are none but ours.
#[must_use]
pub fn render(reply: &Reply, settings: &Settings) -> String {
    let mut canvas = Canvas::new(settings);
    let blocks = lay_out(reply);
    let gutter = gutter(&blocks);
    let mut before = None;
    for block in &blocks {
        if !before.is_some_and(|before| follows_closely(before, block)) {
            canvas.blank();
        }
        before = Some(block);
        draw_block(&mut canvas, block, gutter);
    }
    footer(&mut canvas, reply);
    canvas.finish()
}

/// Draws one text, as the console's opening line is.
pub(super) fn render_text(text: &Text, settings: &Settings) -> String {
    let mut canvas = Canvas::new(settings);
    let line = styled(&mut canvas, &line_of_text(text), Style::Plain);
    draw(&mut canvas, 0, 0, line);
    canvas.finish()
}

/// Whether a block follows on the one before it so closely that no empty line parts them.
fn follows_closely(before: &LaidOutBlock<'_>, block: &LaidOutBlock<'_>) -> bool {
    match (before.kind, block.kind) {
        (_, BlockKind::Entry) => false,
        (_, BlockKind::Quote | BlockKind::Details | BlockKind::Answers)
        | (BlockKind::Heading, BlockKind::Paragraph | BlockKind::List | BlockKind::Facts)
        | (BlockKind::Heading | BlockKind::Hint | BlockKind::Warning, BlockKind::Hint | BlockKind::Warning) => true,
        (BlockKind::Paragraph, BlockKind::List) => ends_with_colon(before),
        (_, BlockKind::Heading | BlockKind::Paragraph | BlockKind::List | BlockKind::Facts)
        | (_, BlockKind::Hint | BlockKind::Warning) => false,
    }
}

fn ends_with_colon(block: &LaidOutBlock<'_>) -> bool {
    let last = block.lines.last().and_then(|line| line.inlines.last());
    matches!(last, Some(Inline::Text(words) | Inline::Strong(words)) if words.trim_end().ends_with(':'))
}

fn draw_block(canvas: &mut Canvas<'_>, block: &LaidOutBlock<'_>, gutter: usize) {
    let indent = match block.kind {
        BlockKind::Entry | BlockKind::Quote | BlockKind::Details | BlockKind::Answers => gutter + 2 * block.depth,
        BlockKind::Facts => return draw_facts(canvas, &block.lines),
        BlockKind::Heading | BlockKind::Paragraph | BlockKind::List | BlockKind::Hint | BlockKind::Warning => 0,
    };
    // A source's addresses come after what is said of the source.
    let mut addresses = (0, Vec::new());
    for line in &block.lines {
        if !matches!(line.kind, LineKind::Notice(_)) {
            draw_addresses(canvas, &mut addresses);
        }
        draw_line(canvas, block, line, indent, &mut addresses);
    }
    draw_addresses(canvas, &mut addresses);
}

fn draw_line(
    canvas: &mut Canvas<'_>,
    block: &LaidOutBlock<'_>,
    line: &Line<'_>,
    indent: usize,
    addresses: &mut (usize, Vec<(String, WebAddress)>),
) {
    let prose = if block.state == EntryState::Retracted { Style::Dim } else { Style::Plain };
    let (first, hang, base) = match line.kind {
        LineKind::Prose => (indent, indent, prose),
        LineKind::Heading { .. } => (0, 0, Style::Heading),
        LineKind::Hint => (0, 0, Style::Dim),
        LineKind::Warning | LineKind::Item | LineKind::Fact => (0, 2, Style::Plain),
        LineKind::Byline { is_response } => {
            (if is_response { indent.saturating_sub(2) } else { 0 }, indent, Style::Plain)
        }
        LineKind::Answer => (indent.saturating_sub(2), indent, Style::Plain),
        // Below a source, as far in as the source's own lines.
        LineKind::Notice(_) => {
            let at = if block.kind == BlockKind::Details { addresses.0 } else { indent };
            (at, at + 2, Style::Plain)
        }
        LineKind::Quote => (indent + 2, indent + 3, prose),
        LineKind::Detail | LineKind::LeftOut => (indent, indent + 2, Style::Dim),
        LineKind::Original | LineKind::Carried => (indent, indent + 2, Style::Plain),
        LineKind::ShortSource => (indent, indent + 2, Style::Dim),
        LineKind::OwnSource => (indent, indent, Style::Plain),
    };
    let StyledLine { mut runs, addresses: found } = styled(canvas, line, base);
    runs.splice(0..0, lead(canvas, line, indent));
    if matches!(line.kind, LineKind::Heading { .. }) {
        let length = runs.iter().map(|run| run.text.width()).sum();
        draw(canvas, first, hang, StyledLine { runs, addresses: found });
        return canvas.rule(length);
    }
    canvas.flow(first, hang, &runs);
    if !matches!(line.kind, LineKind::Notice(_)) {
        *addresses = (hang, found);
    }
}

/// What stands before a line's words.
fn lead(canvas: &Canvas<'_>, line: &Line<'_>, gutter: usize) -> Vec<Run> {
    match (line.kind, &line.lead) {
        (LineKind::Item, _) => vec![Run::new(canvas.sign("• ", "- "), Style::Dim)],
        (LineKind::Warning, _) => vec![Run::new("! ", Style::Warning)],
        (LineKind::Answer, _) => vec![Run::new(canvas.sign("↳ ", "> "), Style::Dim)],
        (LineKind::Byline { is_response: true }, Some(Inline::Id(id))) => vec![
            Run::new(canvas.sign("↳ ", "> "), Style::Dim),
            Run::new(clean(id), Style::Id),
            Run::new("  ", Style::Plain),
        ],
        (LineKind::Byline { is_response: false }, Some(Inline::Id(id))) => {
            let id = clean(id);
            let pad = gutter.saturating_sub(id.width()).max(1);
            vec![Run::new(id, Style::Id), Run::new(" ".repeat(pad), Style::Plain)]
        }
        (LineKind::Notice(state), Some(Inline::Strong(words))) => {
            vec![Run::new(clean(words), style_of(state)), Run::new(" ", Style::Plain)]
        }
        (_, _) => Vec::new(),
    }
}

fn draw_facts(canvas: &mut Canvas<'_>, lines: &[Line<'_>]) {
    let mut addresses = Vec::new();
    let mut rows = Vec::new();
    for line in lines {
        let mut value = styled(canvas, line, Style::Plain);
        addresses.append(&mut value.addresses);
        let label = match &line.lead {
            Some(Inline::Strong(words)) => clean(words),
            Some(_) | None => String::new(),
        };
        rows.push((label, value.runs));
    }
    table(canvas, rows);
    draw_addresses(canvas, &mut (0, addresses));
}

/// Draws a line, and its addresses below it.
fn draw(canvas: &mut Canvas<'_>, first: usize, hang: usize, line: StyledLine) {
    canvas.flow(first, hang, &line.runs);
    draw_addresses(canvas, &mut (hang, line.addresses));
}

fn draw_addresses(canvas: &mut Canvas<'_>, (indent, addresses): &mut (usize, Vec<(String, WebAddress)>)) {
    for (label, address) in addresses.drain(..) {
        canvas.address(*indent, &label, &address);
    }
}

/// The gutter that the ids of the reply's entries fit in, if they are as long as ids are; a small indent where none are
/// shown.
fn gutter(blocks: &[LaidOutBlock<'_>]) -> usize {
    let leads = blocks.iter().filter(|block| block.kind == BlockKind::Entry && block.depth == 0);
    let ids = leads.filter_map(|block| match block.lines.first()?.lead.as_ref()? {
        Inline::Id(id) => Some(clean(id).width()),
        _ => None,
    });
    ids.max().map_or(INDENT, |widest| (widest + 2).clamp(GUTTER.0, GUTTER.1))
}
