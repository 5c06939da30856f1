//! The marks by which chats make text bold, slanted, struck out, hidden or code. A reader doesn't see them, so inside a
//! word they part nothing.

use std::ops::Range;

/// The marks, and how many of each in a row mean something. A single `_` inside a word is no mark in any chat.
const MARKS: [(u8, &[usize]); 5] =
    [(b'*', &[1, 2, 3]), (b'_', &[2, 3]), (b'~', &[2]), (b'|', &[2]), (b'`', &[1, 2, 3])];

/// The longest row of marks that means something.
const LONGEST: usize = 3;

/// The marks of emphasis of a text, in order. Only those that come in pairs are some: what is opened before a character
/// and closed behind one, within a paragraph. What stands behind a backslash is meant as it is.
pub(super) fn emphasis(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| place(*byte).is_some()) {
        return Vec::new();
    }
    let mut open: [[Option<usize>; LONGEST + 1]; MARKS.len()] = Default::default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\n' && bytes.get(at + 1) == Some(&b'\n') {
            open = Default::default();
        }
        let Some(kind) = place(byte) else {
            at += if byte == b'\\' { 2 } else { 1 };
            continue;
        };
        let count = bytes.get(at..).unwrap_or_default().iter().take_while(|next| **next == byte).count();
        let row = at..at + count;
        at = row.end;
        let means_something = MARKS.get(kind).is_some_and(|(_, counts)| counts.contains(&count));
        let Some(opened) = open.get_mut(kind).and_then(|kind| kind.get_mut(count)).filter(|_| means_something) else {
            continue;
        };
        let is_space = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
        match *opened {
            Some(start) if !is_space(row.start.checked_sub(1).and_then(|before| bytes.get(before))) => {
                found.extend([start..start + count, row]);
                *opened = None;
            }
            Some(_) | None if !is_space(bytes.get(row.end)) => *opened = Some(row.start),
            Some(_) | None => {}
        }
    }
    found.sort_unstable_by_key(|mark| mark.start);
    found
}

fn place(byte: u8) -> Option<usize> {
    MARKS.iter().position(|(mark, _)| *mark == byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_in_pairs() {
        for (text, without) in [
            ("Chi**nese** po*li*ce", "Chinese police"),
            ("__Syd__ney ~~a~~ ||b|| `c`", "Sydney a b c"),
            ("**a *b* c**", "a b c"),
            ("overseas_police_station", "overseas_police_station"),
            ("2 * 3 * 4, a** b", "2 * 3 * 4, a** b"),
            (r"Chi\*nese\*", r"Chi\*nese\*"),
            ("*a\n\nb*", "*a\n\nb*"),
            ("* point\n* point", "* point\n* point"),
            ("||||", "||||"),
            ("", ""),
        ] {
            let mut left = text.to_owned();
            for mark in emphasis(text).into_iter().rev() {
                left.replace_range(mark, "");
            }
            assert_eq!(left, without);
        }
    }
}
