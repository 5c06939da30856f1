//! Lines as Discord's Markdown. Lengths are counted in UTF-16 units, the stricter of the ways in which Discord counts.

use super::escape::{boxed, link, literal, strong};
use crate::{
    config::MessageLayout,
    layout::{BlockKind, EntryState, LaidOutBlock, Line, LineKind, Markup, lay_out, one_line, write_line},
    model::{Date, Identity, Platform, WebAddress},
    reply::{EntryExtent, Reply},
};

/// A text longer than this is taken apart at the borders of its sentences.
const LONGEST_TEXT: usize = 1_200;

/// A line longer than this goes on in the next, so that it fits in an embed or a text display.
const LONGEST_LINE: usize = 3_500;

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
pub(super) fn sections(reply: &Reply, prefix: &str, layout: MessageLayout) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let is_of_entries = reply.entries().any(|entry| entry.extent == EntryExtent::InShort);
    let mut before = None;
    for block in lay_out(reply) {
        let mut markup = DiscordMarkup::new(prefix, layout);
        if block.continues && block.kind == BlockKind::Entry {
            markup.lines.push(String::new());
        }
        // Right under the heading of entries in short stands how many there are.
        let counts = is_of_entries && block.kind == BlockKind::Paragraph && before == Some(BlockKind::Heading);
        for line in &block.lines {
            match layout {
                MessageLayout::Components if counts => {
                    write_line(&Line { kind: LineKind::Hint, ..line.clone() }, &mut markup);
                }
                MessageLayout::Components | MessageLayout::Embeds => write_line(line, &mut markup),
            }
        }
        before = Some(block.kind);
        let kind = match (kind(&block), layout) {
            // There is no colour that would part a warning from what it stands beside.
            (SectionKind::Alert, MessageLayout::Components) if block.kind == BlockKind::Warning => SectionKind::Frame,
            (kind, MessageLayout::Components | MessageLayout::Embeds) => kind,
        };
        let begins_entry = block.kind == BlockKind::Entry && !block.continues;
        match sections.last_mut() {
            Some(last) if block.continues || (last.kind == kind && !begins_entry && kind != SectionKind::Entry) => {
                last.lines.extend(markup.lines);
            }
            _ => sections.push(Section { lines: markup.lines, kind }),
        }
    }
    sections
}

const fn kind(block: &LaidOutBlock<'_>) -> SectionKind {
    match (block.kind, block.state) {
        (BlockKind::Warning, _)
        | (
            BlockKind::Entry | BlockKind::Quote | BlockKind::Details | BlockKind::Answers,
            EntryState::Corrected | EntryState::Retracted,
        ) => SectionKind::Alert,
        (BlockKind::Entry | BlockKind::Quote | BlockKind::Details | BlockKind::Answers, EntryState::InForce) => {
            SectionKind::Entry
        }
        (BlockKind::Heading | BlockKind::Paragraph | BlockKind::List | BlockKind::Facts | BlockKind::Hint, _) => {
            SectionKind::Frame
        }
    }
}

/// Lines as Markdown.
#[derive(Debug)]
struct DiscordMarkup<'a> {
    prefix: &'a str,
    layout: MessageLayout,
    lines: Vec<String>,
    /// The line that is being written.
    line: String,
    kind: LineKind,
}

impl<'a> DiscordMarkup<'a> {
    const fn new(prefix: &'a str, layout: MessageLayout) -> Self {
        Self { prefix, layout, lines: Vec::new(), line: String::new(), kind: LineKind::Prose }
    }

    /// What each line of a kind begins with, also when it goes on.
    const fn start(&self, kind: LineKind) -> &'static str {
        match (kind, self.layout) {
            (LineKind::Heading { .. }, MessageLayout::Components) => "### ",
            (LineKind::Quote | LineKind::Answer, _) => "> ",
            _ if kind.is_small() => "-# ",
            _ => "",
        }
    }

    /// Adds what is escaped already; to the next line, if this one would be too long.
    fn add(&mut self, written: &str) {
        if length(&self.line) + length(written) > LONGEST_LINE && self.line.len() > self.start(self.kind).len() {
            self.go_on();
        }
        self.line.push_str(written);
    }

    /// Goes on in a line of the same kind.
    fn go_on(&mut self) {
        self.end_line(self.kind);
        self.line.push_str(self.start(self.kind));
    }
}

impl Markup for DiscordMarkup<'_> {
    fn begin_line(&mut self, kind: LineKind) {
        self.kind = kind;
        self.line.push_str(if kind == LineKind::Item { "- " } else { self.start(kind) });
        self.line.push_str(kind.sign());
    }

    fn end_line(&mut self, kind: LineKind) {
        let line = std::mem::take(&mut self.line);
        // The signs of a heading alone would be shown.
        if line.trim().is_empty() || (matches!(kind, LineKind::Heading { .. }) && line == self.start(kind)) {
            return;
        }
        let is_whole = kind == (LineKind::Heading { is_marked: false }) && self.layout == MessageLayout::Embeds;
        self.lines.push(if is_whole { format!("**{}**", line.trim()) } else { line });
    }

    fn text(&mut self, words: &str) {
        if length(words) <= LONGEST_TEXT {
            return self.add(&spaced(words, literal));
        }
        for (index, part) in sentences(words).iter().enumerate() {
            if index > 0 {
                self.go_on();
            }
            self.add(&literal(part));
        }
    }

    fn strong(&mut self, words: &str) {
        // All of a heading stands out.
        if matches!(self.kind, LineKind::Heading { .. }) && self.layout == MessageLayout::Components {
            return self.add(&spaced(words, literal));
        }
        self.add(&spaced(words, strong));
    }

    fn code(&mut self, words: &str) {
        self.add(&boxed(words));
    }

    fn call(&mut self, words: &str) {
        self.code(&format!("{}{words}", self.prefix));
    }

    fn link(&mut self, words: &str, address: &WebAddress) {
        self.add(&link(words, address));
    }

    fn date(&mut self, date: Date) {
        self.add(&write_date(date));
    }

    fn person(&mut self, who: &Identity) {
        match mention(who) {
            Some(mention) => self.add(&mention),
            None => self.text(&who.to_string()),
        }
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
    date.in_words()
}

/// Somebody of Discord as Discord shows people; no message lets anyone be told of it.
fn mention(who: &Identity) -> Option<String> {
    let is_number = (15..=20).contains(&who.account().len()) && who.account().bytes().all(|byte| byte.is_ascii_digit());
    (who.platform() == Platform::Discord && is_number).then(|| format!("<@{}>", who.account()))
}

/// A text in parts that are short enough for a line, parted between sentences, else between words.
fn sentences(text: &str) -> Vec<String> {
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
    fn somebody_of_discord_is_mentioned_and_nobody_else() {
        let shown = |who: &str| mention(&who.parse().unwrap());
        assert_eq!(shown("discord:80351110224678912").as_deref(), Some("<@80351110224678912>"));
        for other in ["matrix:@ana:example.org", "terminal:80351110224678912", "discord:everyone", "discord:7"] {
            assert_eq!(shown(other), None, "{other}");
        }
    }

    #[test]
    fn a_day_is_a_timestamp_and_less_is_not() {
        assert_eq!(write_date("2022-10-26".parse().unwrap()), "<t:1666778400:D>");
        assert_eq!(write_date("2022-10".parse().unwrap()), "Oct 2022");
    }
}
