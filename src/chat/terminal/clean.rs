//! Text made safe to draw: one line, without control characters, escapes or bidirectional controls.
//!
//! The model refuses such characters already; this holds even where it would not have.

use crate::{layout::Marks, model::is_invisible};

/// The text as one line. Line breaks, tabs and runs of spaces become one space, spaces at the ends
/// go, and characters that can't be seen are left out, as are marks that make towers.
pub(super) fn clean(text: &str) -> String {
    keep_ends(text).trim_matches(' ').to_owned()
}

/// As [`clean`], but a space at either end stays: the text is a part of a longer one.
pub(super) fn keep_ends(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut marks = Marks::default();
    for character in text.chars() {
        let character = if breaks_line(character) { ' ' } else { character };
        if is_invisible(character) || (character == ' ' && cleaned.ends_with(' ')) || !marks.take(character) {
            continue;
        }
        cleaned.push(character);
    }
    cleaned
}

/// Characters that part words where a text has several lines or columns.
fn breaks_line(character: char) -> bool {
    matches!(character, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_left_out() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m"), "[31mred[0m");
        assert_eq!(clean("a\u{9b}2Jb\u{202e}c\u{7}\u{feff}"), "a2Jbc");
        assert_eq!(clean("  one\r\n\ttwo   three "), "one two three");
        assert_eq!(clean("a \u{200b} b"), "a b");
    }

    #[test]
    fn joiners_and_emoji_stay() {
        for text in ["نمی‌خواهم", "👩‍👩‍👧", "悉尼　墨尔本", "❤️"] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn a_part_of_a_text_keeps_the_spaces_at_its_ends() {
        assert_eq!(keep_ends(", and  "), ", and ");
    }
}
