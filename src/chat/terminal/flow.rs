//! Styled text broken into lines, by the line-breaking rules of Unicode (UAX #14) and by the columns
//! that characters take. Knows nothing of replies.

use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::style::{LinkTarget, Style};

/// A stretch of text of one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
    /// Whether it stays on one line where it fits on one.
    pub(super) whole: bool,
    /// Where it leads, with the number that joins the parts of one link.
    pub(super) link: Option<(LinkTarget, usize)>,
}

impl Run {
    pub(super) fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, whole: style == Style::Ask, link: None }
    }

    /// Text that stays on one line where it fits on one. A space it begins with is where it may be
    /// parted from what comes before.
    pub(super) fn whole(text: impl Into<String>, style: Style) -> Self {
        Self { whole: true, ..Self::new(text, style) }
    }
}

/// Breaks text into lines of at most `first` and then `rest` columns. A run that is to stay whole does
/// where it fits on a line, and else breaks at its spaces. A word that is longer than a whole line is
/// broken between characters as readers see them; every other one stays whole.
pub(super) fn wrap(runs: &[Run], first: usize, rest: usize) -> Vec<Vec<Run>> {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let pattern: String = runs.iter().map(|run| pattern(run, rest)).collect();
    let lines = line_ranges(&text, &pattern, first, rest);
    lines.into_iter().map(|range| part(runs, &without_end_spaces(&text, range))).collect()
}

/// The text in which breaks are looked for: the run's own, byte for byte as long, but with letters
/// wherever a break is not wanted or can't be found.
fn pattern(run: &Run, room: usize) -> String {
    let fits = run.text.width() <= room;
    let lead = run.text.len() - run.text.trim_start_matches(' ').len();
    let hidden = |at: usize, character: char| {
        if run.whole { at >= lead && (fits || character != ' ') } else { needs_dictionary(character) }
    };
    let letter = |character: char| match character.len_utf8() {
        1 => 'a',
        2 => 'é',
        3 => 'ᐁ',
        _ => '𐐀',
    };
    run.text
        .char_indices()
        .map(|(at, character)| if hidden(at, character) { letter(character) } else { character })
        .collect()
}

/// Scripts that are written without spaces and whose words only a dictionary tells: Thai, Lao,
/// Burmese, Khmer and their kin (UAX #14, class SA). Their phrases are kept whole, as the standard
/// has it for programs without one.
const fn needs_dictionary(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1950}'..='\u{19DF}'
        | '\u{1A20}'..='\u{1AAF}' | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AADF}' | '\u{11700}'..='\u{1174F}')
}

/// Where the lines of `text` lie in it.
fn line_ranges(text: &str, pattern: &str, first: usize, rest: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut line = 0..0;
    let mut at = 0;
    for word in WordSeparator::UnicodeBreakProperties.find_words(pattern) {
        let start = at;
        let end = start + word.word.len();
        at = end + word.whitespace.len();
        let room = if lines.is_empty() { first } else { rest };
        if columns(text, line.start..end) <= room {
            line.end = end;
            continue;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        line = start..end;
        if columns(text, line.clone()) > rest {
            break_word(text, &mut line, &mut lines, first, rest);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Takes lines off the front of a word that is longer than a line.
fn break_word(text: &str, word: &mut Range<usize>, lines: &mut Vec<Range<usize>>, first: usize, rest: usize) {
    let whole = text.get(word.clone()).unwrap_or_default();
    let offset = word.start;
    for (index, cluster) in whole.grapheme_indices(true) {
        let (start, end) = (offset + index, offset + index + cluster.len());
        let room = if lines.is_empty() { first } else { rest };
        if start > word.start && columns(text, word.start..end) > room {
            lines.push(word.start..start);
            word.start = start;
        }
    }
}

/// A line without the spaces at its end, which a word may have before a mark that can't begin a line.
fn without_end_spaces(text: &str, line: Range<usize>) -> Range<usize> {
    let spaces = text.get(line.clone()).map_or(0, |line| line.len() - line.trim_end_matches(' ').len());
    line.start..line.end - spaces
}

fn columns(text: &str, range: Range<usize>) -> usize {
    text.get(range).unwrap_or_default().width()
}

/// The parts of the runs that lie in `range` of their joined text.
fn part(runs: &[Run], range: &Range<usize>) -> Vec<Run> {
    let mut parts = Vec::new();
    let mut offset = 0;
    for run in runs {
        let start = range.start.max(offset) - offset;
        let end = range.end.min(offset + run.text.len()).saturating_sub(offset);
        offset += run.text.len();
        if let Some(text) = run.text.get(start..end).filter(|text| !text.is_empty()) {
            parts.push(Run { text: text.to_owned(), ..run.clone() });
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, first: usize, rest: usize) -> Vec<String> {
        wrap(&[Run::new(text, Style::Plain)], first, rest)
            .into_iter()
            .map(|line| line.into_iter().map(|run| run.text).collect())
            .collect()
    }

    #[test]
    fn words_stay_whole_and_spaces_at_breaks_go() {
        assert_eq!(lines("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(lines("", 7, 5), Vec::<String>::new());
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_its_full_stop() {
        assert_eq!(lines("悉尼的联络点。", 12, 12), ["悉尼的联络", "点。"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_between_visible_characters() {
        assert_eq!(lines("see aaaaaaaaaa b", 6, 4), ["see", "aaaa", "aaaa", "aa b"]);
        assert_eq!(lines("e\u{301}e\u{301}e\u{301}", 2, 2), ["e\u{301}e\u{301}", "e\u{301}"]);
        assert_eq!(lines("👩‍👩‍👧👩‍👩‍👧e\u{301}e\u{301}", 3, 3), ["👩‍👩‍👧", "👩‍👩‍👧", "e\u{301}e\u{301}"]);
    }

    #[test]
    fn what_is_to_be_typed_stays_whole_where_it_can() {
        let sentence = |ask: &str| [Run::new("ask: ", Style::Plain), Run::new(ask, Style::Ask)];
        let lines = |ask: &str, columns| -> Vec<String> {
            let lines = wrap(&sentence(ask), columns, columns);
            lines.into_iter().map(|line| line.into_iter().map(|run| run.text).collect()).collect()
        };
        assert_eq!(lines("!show S1", 12), ["ask:", "!show S1"]);
        assert_eq!(lines("!source by:悉尼的联络点 page:2", 18), ["ask: !source", "by:悉尼的联络点", "page:2"]);
    }

    #[test]
    fn scripts_whose_words_need_a_dictionary_break_at_spaces_or_between_characters() {
        assert_eq!(lines("สถานี ตำรวจ", 8, 8), ["สถานี", "ตำรวจ"]);
        assert_eq!(lines("สถานีตำรวจ", 4, 4).concat(), "สถานีตำรวจ");
    }

    #[test]
    fn styles_keep_to_their_text() {
        let runs = [Run::new("by ", Style::Plain), Run::new("Laura Harth", Style::Strong)];
        assert_eq!(
            wrap(&runs, 9, 9),
            [
                vec![Run::new("by ", Style::Plain), Run::new("Laura", Style::Strong)],
                vec![Run::new("Harth", Style::Strong)],
            ]
        );
    }
}
