//! Texts from anywhere, as they may be shown: on one line, without what can't be seen.

use super::marks::Marks;
use crate::model::is_invisible;

/// A text without line breaks, without characters that can't be seen, and without towers of marks.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = Marks::default();
    for character in text.chars() {
        let character = if character.is_whitespace() { ' ' } else { character };
        if is_invisible(character) || (character == ' ' && out.ends_with(' ')) || !marks.take(character) {
            continue;
        }
        out.push(character);
    }
    out
}
