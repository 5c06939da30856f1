//! A document as lines of Discord's Markdown. Lengths are counted in UTF-16 units, the stricter of
//! the ways in which Discord counts.

use std::collections::HashSet;

use super::escape::{boxed, link, literal, short, strong};
use crate::{
    layout::one_line,
    model::Date,
    reply::{
        Block, Entry, EntryKind, NO_ADDRESS, NO_DATE, Notice, Quoted, Reply, SourceLine, SourceOrigin, Span, Text,
        Weight,
    },
};

/// A text longer than this is taken apart at the borders of its sentences.
const LONGEST_TEXT: usize = 1_200;

/// A part of a document that stands together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// Its lines.
    pub(super) lines: Vec<String>,
    /// What it is.
    pub(super) kind: SectionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SectionKind {
    /// Headings, paragraphs, lists and notes.
    Frame,
    /// An entry in force.
    Entry,
    /// An entry that is retracted or was corrected, or a warning.
    Alert,
}

/// How long Discord takes a text to be.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Writes a document; `prefix` stands before requests.
pub(super) fn sections(reply: &Reply, prefix: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for block in &reply.blocks {
        let (kind, lines) = match block {
            Block::Entry(entry) => {
                let mut lines = Vec::new();
                write_entry(&mut lines, entry, prefix, "", &mut HashSet::new());
                let kind = if entry.notices.is_empty() { SectionKind::Entry } else { SectionKind::Alert };
                sections.push(Section { lines, kind });
                continue;
            }
            Block::Heading(text) => {
                let stands_out = text.0.iter().any(|span| matches!(span, Span::Strong(_) | Span::Ask(_)));
                let line = write_text(text, prefix);
                let bare = stands_out || line.trim().is_empty();
                (SectionKind::Frame, vec![if bare { line } else { format!("**{}**", line.trim()) }])
            }
            Block::Paragraph(text) => (SectionKind::Frame, broken(text, prefix)),
            Block::List(items) => {
                (SectionKind::Frame, items.iter().map(|item| format!("- {}", write_text(item, prefix))).collect())
            }
            Block::Facts(facts) => {
                let fact = |fact: &crate::reply::Fact| {
                    format!("**{}:** {}", literal(&fact.label), write_text(&fact.value, prefix))
                };
                (SectionKind::Frame, facts.iter().map(fact).collect())
            }
            Block::Note(note) => match note.weight {
                Weight::Hint => (SectionKind::Frame, vec![format!("-# {}", write_text(&note.text, prefix))]),
                Weight::Warning => (SectionKind::Alert, vec![format!("⚠️ {}", write_text(&note.text, prefix))]),
            },
        };
        match sections.last_mut() {
            Some(last) if last.kind == kind && kind != SectionKind::Entry => last.lines.extend(lines),
            _ => sections.push(Section { lines, kind }),
        }
    }
    sections
}

fn write_text(text: &Text, prefix: &str) -> String {
    text.0.iter().map(|span| write_span(span, prefix)).collect()
}

fn write_span(span: &Span, prefix: &str) -> String {
    match span {
        Span::Plain(text) => spaced(text, literal),
        Span::Strong(text) => spaced(text, strong),
        Span::Id(id) => boxed(id),
        Span::Ask(ask) => boxed(&format!("{prefix}{}", ask.as_str())),
        Span::Syntax(words) => boxed(words),
        Span::Link { text, address } => link(text, address),
        Span::Date(date) => write_date(*date),
    }
}

/// Spaces at the ends part a span from its neighbours.
fn spaced(text: &str, write: impl Fn(&str) -> String) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return if text.is_empty() { String::new() } else { " ".to_owned() };
    }
    let before = if text.starts_with(char::is_whitespace) { " " } else { "" };
    let after = if text.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{before}{}{after}", write(inner))
}

/// A day as each reader's own client writes it; less than a day as it is on record. At 10:00 UTC it
/// is the same day from Hawaii to New Zealand.
fn write_date(date: Date) -> String {
    if date.is_day()
        && let Ok(moment) = jiff::tz::TimeZone::UTC.to_timestamp(date.first_day().at(10, 0, 0, 0))
    {
        return format!("<t:{}:D>", moment.as_second());
    }
    date.to_string()
}

/// A paragraph; one of a single plain text may be of any length.
fn broken(text: &Text, prefix: &str) -> Vec<String> {
    match text.0.as_slice() {
        [Span::Plain(only)] => sentences(only).iter().map(|part| literal(part)).collect(),
        _ => vec![write_text(text, prefix)],
    }
}

fn write_entry<'a>(lines: &mut Vec<String>, entry: &'a Entry, prefix: &str, lead: &str, named: &mut HashSet<&'a str>) {
    let mut first = format!("{lead}{} {}", boxed(&entry.id), write_text(&entry.byline, prefix));
    match (entry.date, entry.kind) {
        (Some(date), _) => first.push_str(&format!(" · {}", write_date(date))),
        (None, EntryKind::Change) => {}
        (None, EntryKind::Statement | EntryKind::Response | EntryKind::Source) => {
            first.push_str(&format!(" · {NO_DATE}"));
        }
    }
    lines.push(first);
    write_notices(lines, &entry.notices);
    lines.extend(sentences(&entry.text).iter().map(|part| literal(part)));
    if let Some(quote) = &entry.quote {
        write_quote(lines, quote);
    }
    lines.extend(entry.details.iter().map(|detail| format!("-# {}", write_text(detail, prefix))));
    for source in &entry.sources {
        // Named once in an entry, a source isn't spelt out again for each response that cites it.
        write_source(lines, source, entry, !named.insert(&source.id));
    }
    left_out(lines, entry, entry.more_sources, ("source", "sources"), prefix);
    for response in &entry.responses {
        lines.push(String::new());
        write_entry(lines, response, prefix, "↳ ", named);
    }
    left_out(lines, entry, entry.more_responses, ("response", "responses"), prefix);
}

fn write_quote(lines: &mut Vec<String>, quote: &Quoted) {
    let parts = sentences(&quote.text);
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.iter().enumerate() {
        let open = if index == 0 { "“" } else { "" };
        let close = if index == last { "”" } else { "" };
        let language = match &quote.language {
            Some(language) if index == last => format!(" ({})", literal(language)),
            Some(_) | None => String::new(),
        };
        lines.push(format!("> {open}{}{close}{language}", literal(part)));
    }
}

fn write_notices(lines: &mut Vec<String>, notices: &[Notice]) {
    for notice in notices {
        let (word, on, reason) = match notice {
            Notice::Retracted { on, reason } => ("RETRACTED", on, reason),
            Notice::Corrected { on, reason } => ("CORRECTED", on, reason),
        };
        lines.push(format!("⚠️ **{word} {on}:** {}", literal(reason)));
    }
}

fn write_source(lines: &mut Vec<String>, source: &SourceLine, entry: &Entry, repeated: bool) {
    let own = entry.kind == EntryKind::Source && source.id == entry.id;
    let label = if own { String::new() } else { format!("{}: ", source.origin.label()) };
    let date = source.date.map_or_else(|| NO_DATE.to_owned(), write_date);
    let title = source.title.as_ref().filter(|_| !repeated);
    let name = title.map_or_else(|| source.publisher.clone(), |title| format!("“{}”", title.trim()));
    let name = source.address.as_ref().map_or_else(|| literal(&name), |address| link(&name, address));
    let mut line = if title.is_some() {
        format!("{name}, {}, {date}", literal(&short(&source.publisher, 200)))
    } else {
        format!("{name}, {date}")
    };
    if let Some(language) = source.language.as_ref().filter(|_| !repeated) {
        line.push_str(&format!(" ({})", literal(&short(language, 100))));
    }
    if let Some(locator) = &source.locator {
        line.push_str(&format!(", {}", literal(&short(locator, 200))));
    }
    match &source.address {
        _ if repeated => {}
        Some(address) => line.push_str(&format!(" · {}", literal(address.host()))),
        None => line.push_str(&format!(" · {NO_ADDRESS}")),
    }
    if let Some(archive) = source.archive.as_ref().filter(|_| !repeated) {
        line.push_str(&format!(" · {}", link("archived copy", archive)));
    }
    if !own {
        line.push_str(&format!(" · {}", boxed(&source.id)));
    }
    if repeated {
        line.push_str(", see above");
    }
    // What was published first stands out from what carries it.
    let size = match source.origin {
        SourceOrigin::Original => "",
        SourceOrigin::Carried => "-# ",
    };
    lines.push(format!("{size}{label}{line}"));
    write_notices(lines, &source.notices);
}

fn left_out(lines: &mut Vec<String>, entry: &Entry, count: usize, nouns: (&str, &str), prefix: &str) {
    if count > 0 {
        let noun = if count == 1 { nouns.0 } else { nouns.1 };
        lines.push(format!("-# {count} more {noun}: {}", boxed(&format!("{prefix}show {}", entry.id))));
    }
}

/// A text in parts that are short enough for a line, parted between sentences, else between words.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let text = one_line(text);
    let mut parts = Vec::new();
    let mut left = text.trim();
    while !left.is_empty() {
        if length(left) <= LONGEST_TEXT {
            parts.push(left.to_owned());
            break;
        }
        let end = border(left);
        let (part, rest) = left.split_at(end);
        parts.push(part.trim_end().to_owned());
        left = rest.trim_start();
    }
    parts
}

/// Where to part a text that is too long: after its last sentence that fits, else after the last
/// word, else wherever a character ends.
fn border(text: &str) -> usize {
    let (mut sentence, mut word, mut any) = (0, 0, 0);
    let mut taken = 0;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if taken + character.len_utf16() > LONGEST_TEXT {
            break;
        }
        taken += character.len_utf16();
        let end = at + character.len_utf8();
        if character == ' ' {
            word = end;
            if matches!(before, '.' | '!' | '?' | '”' | '"' | '…') {
                sentence = end;
            }
        }
        if matches!(character, '。' | '！' | '？') {
            sentence = end;
        }
        any = end;
        before = character;
    }
    if sentence > 0 {
        sentence
    } else if word > 0 {
        word
    } else {
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_parted_between_sentences_and_never_in_a_word() {
        let text = "This is a sentence of some length. ".repeat(100);
        let parts = sentences(&text);
        assert!(parts.len() > 2 && parts.iter().all(|part| length(part) <= LONGEST_TEXT && part.ends_with('.')));
        let words = "word ".repeat(1_000);
        assert!(sentences(&words).iter().all(|part| part.ends_with("word") && part.starts_with("word")));
        let cjk = "中文句子没有空格。".repeat(400);
        assert!(sentences(&cjk).iter().all(|part| part.ends_with('。')));
        assert_eq!(sentences(&"x".repeat(3_000)).len(), 3);
    }

    #[test]
    fn a_day_is_a_timestamp_and_less_is_not() {
        assert_eq!(write_date("2022-10-26".parse().unwrap()), "<t:1666778400:D>");
        assert_eq!(write_date("2022-10".parse().unwrap()), "2022-10");
    }
}
