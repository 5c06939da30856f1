//! A text as a reader sees it: without the characters that show nothing, its letters composed and in their plain
//! forms. What is cut into words is this, and each word still knows where it stands in the text as it was written.

use std::{borrow::Cow, ops::Range};

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfkc_quick};

use super::emphasis::emphasis;
use crate::model::is_invisible;

/// Stands for a picture that is made of a letter or digit. No word has it.
const PICTURE: char = '\u{FFFC}';

/// The sign by which a character is shown as a picture, and the key drawn around a digit.
const AS_PICTURE: [char; 2] = ['\u{FE0F}', '\u{20E3}'];

/// A text as it is seen.
#[derive(Debug)]
pub(super) struct SeenText<'a> {
    text: Cow<'a, str>,
    /// The parts in order, each with where it stands in the text as written; none where the two are the same.
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    seen: Range<usize>,
    written: Range<usize>,
    /// Whether the part is written just as it is seen, byte for byte.
    same: bool,
}

impl<'a> SeenText<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let marks = emphasis(text);
        let plain = |byte: u8| byte.is_ascii() && (byte.is_ascii_whitespace() || !byte.is_ascii_control());
        if marks.is_empty() && text.bytes().all(plain) {
            return Self { text: Cow::Borrowed(text), parts: Vec::new() };
        }
        let mut seen = Self { text: Cow::Owned(String::with_capacity(text.len())), parts: Vec::new() };
        let mut marks = marks.into_iter().peekable();
        // The mark that a place lies in; places are asked for in order.
        let mut in_mark = |at: usize| {
            while marks.next_if(|mark| mark.end <= at).is_some() {}
            marks.peek().is_some_and(|mark| mark.contains(&at))
        };
        let mut characters = text.char_indices().peekable();
        let mut letter = String::new();
        while let Some((start, first)) = characters.next() {
            if in_mark(start) || shows_nothing(first) {
                continue;
            }
            let mut end = start + first.len_utf8();
            let followed_by = |next: Option<&(usize, char)>| next.is_some_and(|(_, next)| AS_PICTURE.contains(next));
            if is_drawn(first) && followed_by(characters.peek()) {
                seen.push(&PICTURE.to_string(), start..end, text);
                continue;
            }
            letter.clear();
            letter.push(first);
            while let Some((at, next)) = characters.next_if(|(_, next)| continues(*next) || shows_nothing(*next)) {
                if !shows_nothing(next) {
                    letter.push(combining(next));
                    end = at + next.len_utf8();
                }
            }
            let belongs = first.is_alphanumeric() || is_combining_mark(first);
            if belongs && !letter.is_ascii() && is_nfkc_quick(letter.chars()) != IsNormalized::Yes {
                let composed: String = letter.nfkc().collect();
                seen.push(&composed, start..end, text);
            } else {
                seen.push(&letter, start..end, text);
            }
        }
        seen
    }

    fn push(&mut self, shown: &str, written: Range<usize>, text: &str) {
        let from = self.text.len();
        self.text.to_mut().push_str(shown);
        let seen = from..self.text.len();
        let same = text.get(written.clone()) == Some(shown);
        match self.parts.last_mut() {
            Some(last) if last.same && same && last.written.end == written.start => {
                last.seen.end = seen.end;
                last.written.end = written.end;
            }
            _ => self.parts.push(Part { seen, written, same }),
        }
    }

    /// What is seen.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where something that is seen from here on begins in the text as written.
    pub(super) fn written_start(&self, at: usize) -> usize {
        match self.parts.get(self.parts.partition_point(|part| part.seen.end <= at)) {
            Some(part) if part.same => part.written.start + at.saturating_sub(part.seen.start),
            Some(part) => part.written.start,
            None => at,
        }
    }

    /// Where something that is seen up to here ends in the text as written.
    pub(super) fn written_end(&self, at: usize) -> usize {
        match self.parts.get(self.parts.partition_point(|part| part.seen.end < at)) {
            Some(part) if part.same => part.written.start + at.saturating_sub(part.seen.start),
            Some(part) => part.written.end,
            None => at,
        }
    }
}

/// Whether a character shows nothing of its own, so that it neither parts a word nor belongs to it: what can't be
/// seen, joiners, and what only chooses or frames the form of the character before it.
pub(super) fn shows_nothing(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control() && !character.is_whitespace();
    }
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{180B}'..='\u{180F}' | '\u{20D0}'..='\u{20F0}')
        || (is_invisible(character) && !character.is_whitespace())
}

/// Whether a character is a letter or digit that is also drawn as a picture.
const fn is_drawn(character: char) -> bool {
    matches!(character, '0'..='9' | '\u{2100}'..='\u{214F}' | '\u{24C2}' | '\u{3297}' | '\u{3299}' | '\u{1F100}'..='\u{1F2FF}')
}

/// Whether a character may be composed with the one before it: marks, the vowels and ends of Hangul's syllables, and
/// the sound marks of Kana, each in all widths.
fn continues(character: char) -> bool {
    if character.is_ascii() {
        return false;
    }
    matches!(
        character,
        '\u{1160}'..='\u{11FF}'
            | '\u{309B}'
            | '\u{309C}'
            | '\u{314F}'..='\u{3163}'
            | '\u{3187}'..='\u{318E}'
            | '\u{D7B0}'..='\u{D7FF}'
            | '\u{FF9E}'
            | '\u{FF9F}'
            | '\u{FFC2}'..='\u{FFDC}'
    ) || is_combining_mark(character)
}

/// The sound marks of Kana that are typed as characters of their own, as those that are composed.
const fn combining(character: char) -> char {
    match character {
        '\u{309B}' => '\u{3099}',
        '\u{309C}' => '\u{309A}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_gone_and_letters_are_composed() {
        for (text, expected) in [
            ("Sydney, 12", "Sydney, 12"),
            ("syd\u{ad}\u{200b}\u{200c}\u{200d}ney", "sydney"),
            ("Chi**nese** ||po||lice", "Chinese police"),
            ("\u{1109}\u{1165}\u{110B}\u{116E}\u{11AF}", "서울"),
            ("\u{3147}\u{314F}", "아"),
            ("ﾄﾞｲﾂ ｶﾞ ハ゜リ か\u{3099}", "ドイツ ガ パリ が"),
            (
                "1\u{FE0F}\u{20E3} \u{26A0}\u{FE0F} \u{1F46E}\u{200D}\u{2642}\u{FE0F}",
                "\u{FFFC} \u{26A0} \u{1F46E}\u{2642}",
            ),
            ("Google™ ½", "Google™ 1\u{2044}2"),
        ] {
            assert_eq!(SeenText::read(text).text(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_seen_knows_where_it_is_written() {
        let text = "**e\u{301}** ﾄﾞ";
        let seen = SeenText::read(text);
        assert_eq!(seen.text(), "é ド");
        let written = |from, to| &text[seen.written_start(from)..seen.written_end(to)];
        assert_eq!(written(0, 2), "e\u{301}");
        assert_eq!(written(3, 6), "ﾄﾞ");
    }

    proptest::proptest! {
        #[test]
        fn letters_are_composed_one_by_one_as_in_the_whole(text in r"[\p{L}\p{M}]{0,40}") {
            let whole: String = text.chars().filter(|&character| !shows_nothing(character)).nfkc().collect();
            let seen = SeenText::read(&text);
            proptest::prop_assert_eq!(seen.text(), whole);
        }

        #[test]
        fn places_are_those_of_characters_in_order(text in "[ -~]{0,20}.{0,40}") {
            let seen = SeenText::read(&text);
            let mut last = 0;
            for (at, character) in seen.text().char_indices() {
                let (start, end) = (seen.written_start(at), seen.written_end(at + character.len_utf8()));
                proptest::prop_assert!(start < end && start >= last && text.get(start..end).is_some());
                last = start;
            }
        }
    }
}
