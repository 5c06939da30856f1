//! What a typed line means before it is a request: the prefix that isn't needed here, and the words
//! that leave.

/// What a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConsoleInput<'a> {
    /// Nothing: there is nothing on it but perhaps the prefix.
    Nothing,
    /// To leave.
    Leave,
    /// A request, without the prefix.
    Request(&'a str),
}

/// Reads a line. The prefix may stand before it as in any chat, also in its full-width form.
pub(super) fn read<'a>(line: &'a str, prefix: &str) -> ConsoleInput<'a> {
    let words = line.get(prefix_length(line, prefix)..).unwrap_or_default().trim();
    if words.is_empty() {
        ConsoleInput::Nothing
    } else if LEAVING.iter().any(|word| words.eq_ignore_ascii_case(word)) {
        ConsoleInput::Leave
    } else {
        ConsoleInput::Request(words)
    }
}

/// How a line was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypedForm {
    /// With the prefix before it: a request, even while a question waits for its answer.
    Prefixed,
    /// Without it.
    Bare,
}

impl TypedForm {
    /// How a line was typed.
    pub(super) fn of(line: &str, prefix: &str) -> Self {
        let skipped = line.get(..prefix_length(line, prefix)).unwrap_or_default();
        if skipped.trim().is_empty() { Self::Bare } else { Self::Prefixed }
    }
}

/// A line that ends so goes on with the next.
pub(super) const GOES_ON: char = '\\';

/// The words that leave.
pub(super) const LEAVING: [&str; 2] = ["exit", "quit"];

/// How many bytes of a line come before the request: white space, the prefix, white space.
pub(super) fn prefix_length(line: &str, prefix: &str) -> usize {
    let trimmed = line.trim_start();
    let mut rest = trimmed;
    for mark in [prefix.trim(), "!", "！"] {
        if let Some(after) = trimmed.strip_prefix(mark).filter(|_| !mark.is_empty()) {
            rest = after.trim_start();
            break;
        }
    }
    line.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_is_optional_and_two_words_leave() {
        for line in ["source sydney", "!source sydney", " ! source sydney ", "！source sydney"] {
            assert_eq!(read(line, "!"), ConsoleInput::Request("source sydney"));
        }
        for line in ["exit", "!quit", " EXIT "] {
            assert_eq!(read(line, "!"), ConsoleInput::Leave);
        }
        for line in ["", "  ", "!", "\u{3000}"] {
            assert_eq!(read(line, "!"), ConsoleInput::Nothing);
        }
        assert_eq!(read("?source sydney", "?"), ConsoleInput::Request("source sydney"));
        assert_eq!(read("exit strategy", "!"), ConsoleInput::Request("exit strategy"));
    }
}
