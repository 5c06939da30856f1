//! Lines that are quoted from another message, and those that whoever writes adds to them.

/// A message's lines: its own, and what they are quoted with taken off, those of others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lines {
    /// What whoever wrote adds.
    pub(super) own: String,
    /// What is quoted, without the marks.
    pub(super) quoted: String,
}

impl Lines {
    /// Takes a message apart. A `>` quotes its line, `>>>` quotes all that follows.
    pub(super) fn of(message: &str) -> Self {
        let mut lines = Self::default();
        let mut to_the_end = false;
        for line in message.lines() {
            let bare = line.trim_start();
            if to_the_end {
                lines.quote(line);
            } else if let Some(rest) = bare.strip_prefix(">>>") {
                to_the_end = true;
                lines.quote(rest);
            } else if bare.starts_with('>') {
                lines.quote(bare.trim_start_matches(['>', ' ']));
            } else {
                lines.own.push_str(line);
                lines.own.push('\n');
            }
        }
        lines
    }

    fn quote(&mut self, line: &str) {
        self.quoted.push_str(line.trim_start_matches('>'));
        self.quoted.push('\n');
    }

    /// Whether there are words in what is quoted.
    pub(super) fn quotes_words(&self) -> bool {
        self.quoted.chars().any(char::is_alphanumeric)
    }
}

/// Whether a text quotes words of another message.
pub(crate) fn quotes_a_message(text: &str) -> bool {
    Lines::of(text).quotes_words()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_quotes_its_line_and_three_quote_the_rest() {
        for (message, own, quoted) in [
            ("a\n> b\nc", "a\nc\n", "b\n"),
            (">>> a\nb\n> c", "", " a\nb\n c\n"),
            ("> > a\n>b", "", "a\nb\n"),
            ("a\n  >>> b\nc", "a\n", " b\nc\n"),
            ("a > b", "a > b\n", ""),
            ("", "", ""),
        ] {
            let lines = Lines::of(message);
            assert_eq!((lines.own.as_str(), lines.quoted.as_str()), (own, quoted), "{message:?}");
        }
    }
}
