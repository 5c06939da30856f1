//! Where links begin and end in a text. Whoever looks for the page wants all of an address, whoever reads the text wants
//! no word to be lost with it; so an end is found in two ways. Where links lead is the matter of `links.rs`.

use unicode_script::{Script, UnicodeScript};

use crate::model::{WebAddress, is_invisible};

/// How a link begins, within a word too: people paste them without a space before.
const BEGINNINGS: &[&str] = &["http://", "https://", "www.", "pic.twitter.com/", "t.co/"];

/// Whether there is a link in a text.
pub(super) fn has_link(text: &str) -> bool {
    text.split_whitespace().any(|word| beginning(word).is_some())
}

/// What of a word without white space is no link, in order.
pub(super) fn around_links(word: &str) -> impl Iterator<Item = &str> {
    let mut left = Some(word);
    std::iter::from_fn(move || {
        let word = left?;
        let Some(start) = beginning(word) else {
            left = None;
            return Some(word);
        };
        let (before, link) = word.split_at_checked(start)?;
        let after = link.get(surest(link, before.ends_with('('))..).unwrap_or_default();
        left = Some(after).filter(|after| !after.is_empty());
        Some(before)
    })
}

/// Where the first link of a word begins.
fn beginning(word: &str) -> Option<usize> {
    (0..word.len()).find(|&at| word.get(at..).is_some_and(|rest| start(rest) > 0))
}

/// How long the beginning of a link is that stands at the start of a text; 0 where none does.
fn start(text: &str) -> usize {
    let begins = |link: &&&str| {
        let start = text.as_bytes().get(..link.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(link.as_bytes()))
    };
    BEGINNINGS.iter().find(begins).map_or(0, |link| link.len())
}

/// Where the first link begins that is written with `https://` or `www.`.
pub(super) fn first_written(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| {
        let begins =
            |word: &str| bytes.get(at..at + word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes()));
        let after_a_sign =
            || at == 0 || bytes.get(at - 1).is_some_and(|before| !before.is_ascii_alphanumeric() && *before != b'.');
        begins("https://") || begins("http://") || (begins("www.") && after_a_sign())
    })
}

/// How long the link at the start of a text is, if all that may be of it is. Whoever looks for a page tries what is
/// shorter, too.
pub(super) fn longest(text: &str) -> usize {
    let ends = |(at, sign): &(usize, char)| {
        sign.is_whitespace()
            || is_invisible(*sign)
            || "<>\"`|\\“”„«»‹›「」『』（）【】《》〈〉，。、；：！？…".contains(*sign)
            || text.get(*at..).is_some_and(|rest| rest.starts_with("]("))
    };
    let mut link = text.char_indices().find(ends).and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    // No address is so long, and no bracket of it needs a counterpart.
    if link.len() > WebAddress::MAX_LENGTH {
        return link.len();
    }
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_', '~']);
        let count = |sign: char| shorter.matches(sign).count();
        let pairs = [('(', ')'), ('[', ']'), ('{', '}')];
        // A bracket that closes what was opened before the link.
        let unopened = pairs.iter().any(|&(open, close)| shorter.ends_with(close) && count(close) > count(open));
        let shorter = if unopened { shorter.get(..shorter.len() - 1).unwrap_or_default() } else { shorter };
        if shorter.len() == link.len() {
            return link.len();
        }
        link = shorter;
    }
}

/// How much of the start of a word is surely a link; `in_brackets` where an opening one stands before it.
///
/// Addresses with letters of other alphabets are pasted as they are, so these belong to them. Scripts that are written
/// without spaces don't, nor full-width marks and quotation marks: what stands right behind an address in them is text
/// that goes on. Of an address with such a path its last words are then read as text, which does less harm.
fn surest(link: &str, in_brackets: bool) -> usize {
    let mut open = 0_usize;
    let mut in_host = false;
    let skipped = start(link);
    let rest = link.get(skipped..).unwrap_or_default();
    for (at, character) in rest.char_indices() {
        let ends = match character {
            '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}' => true,
            '(' => {
                open += 1;
                false
            }
            ')' if open > 0 => {
                open -= 1;
                false
            }
            ')' => in_brackets,
            // A host of such a script is an address as a whole.
            character => !character.is_ascii() && at > 0 && !in_host && ends_a_link(character),
        };
        if ends {
            return skipped + at;
        }
        in_host |= at == 0 && !character.is_ascii();
    }
    link.len()
}

/// Whether a character that isn't ASCII is none of an address.
fn ends_a_link(character: char) -> bool {
    if character.is_alphanumeric() {
        return matches!(
            character.script(),
            Script::Han
                | Script::Hangul
                | Script::Hiragana
                | Script::Katakana
                | Script::Bopomofo
                | Script::Khmer
                | Script::Lao
                | Script::Myanmar
                | Script::Thai
                | Script::Tibetan
        ) || matches!(character, 'ー' | 'ｰ' | '\u{FF01}'..='\u{FF5E}');
    }
    // Marks that are put on the letter before belong to it; all other signs (quotation marks, dashes, full-width
    // marks, emoji) are no part of an address.
    !unicode_normalization::char::is_combining_mark(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> String {
        text.split_whitespace().flat_map(around_links).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_link_ends_where_text_goes_on_without_a_space() {
        for (text, expected) in [
            ("https://t.co/abc 渡輪沉沒", "渡輪沉沒"),
            ("https://t.co/abc渡輪沉沒", "渡輪沉沒"),
            ("看https://t.co/abc，https://t.co/def谢谢", "看 ， 谢谢"),
            ("https://t.co/abcフェリーが", "フェリーが"),
            ("https://t.co/abcー", "ー"),
            ("https://t.co/abc에서", "에서"),
            ("https://t.co/abcเรือ", "เรือ"),
            ("https://t.co/abc（全文）", "（全文）"),
            ("https://t.co/abc”", "”"),
            ("https://t.co/abc…more", "…more"),
            ("https://t.co/abc🚢sank", "🚢sank"),
            ("<https://t.co/abc>sank", "< >sank"),
            ("[x](https://t.co/a_(b))sank", "[x]( )sank"),
            ("(https://t.co/abc)", "( )"),
            ("||https://t.co/abc||sank", "|| ||sank"),
            ("https://ru.wikipedia.org/wiki/Дублин sank", "sank"),
            ("https://ar.wikipedia.org/wiki/دبلن", ""),
            ("https://de.wikipedia.org/wiki/Köln", ""),
            ("https://de.wikipedia.org/wiki/Ko\u{308}ln", ""),
            ("https://hi.wikipedia.org/wiki/डबलिन", ""),
            ("https://bücher.example.org/a", ""),
            ("https://例え.jp/abc next", "next"),
            ("https://zh.wikipedia.org/wiki/悉尼", "悉尼"),
            ("now.WWW.example.org/a?b渡", "now. 渡"),
            ("https://t.co/abcpic.twitter.com/xyz yes", "yes"),
            ("http://", ""),
            ("none", "none"),
        ] {
            assert_eq!(left(text), expected, "{text}");
        }
        assert!(has_link("a HTTPS://x.org") && !has_link("a b"));
    }
}
