//! Marks piled on a letter: as many as a script needs, and no tower over the lines above.

use unicode_normalization::char::is_combining_mark;

/// The most marks on one letter. The limit is ours: Vietnamese needs two, pointed Hebrew four, Tibetan
/// stacks up to seven.
const MOST: usize = 8;

/// Counts the marks of a text from its start to its end. Marks that a text begins with would stand on
/// whatever is before it, and are too many.
#[derive(Debug)]
pub struct Marks(usize);

impl Default for Marks {
    fn default() -> Self {
        Self(MOST)
    }
}

impl Marks {
    /// Whether the next character is shown. Joiners begin no letter, and spaces carry no marks.
    #[must_use]
    pub fn take(&mut self, character: char) -> bool {
        if is_combining_mark(character) {
            self.0 += 1;
        } else if character.is_whitespace() {
            self.0 = MOST;
        } else if !matches!(character, '\u{200c}' | '\u{200d}') {
            self.0 = 0;
        }
        self.0 <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_as_far_as_scripts_need_them() {
        let shown = |text: &str| {
            let mut marks = Marks::default();
            text.chars().filter(|&character| marks.take(character)).collect::<String>()
        };
        for text in ["Việt e\u{302}\u{323}", "שָׁלוֹם", "नमस्ते", "བསྒྲུབས", "1️⃣ 👩‍👩‍👧"]
        {
            assert_eq!(shown(text), text);
        }
        assert_eq!(
            shown(&format!("a{}b\u{301}", "\u{301}".repeat(400))),
            format!("a{}b\u{301}", "\u{301}".repeat(MOST))
        );
        assert_eq!(shown(&format!("a{}", "\u{301}\u{200d}".repeat(40))).matches('\u{301}').count(), MOST);
    }
}
