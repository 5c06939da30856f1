//! One line of text that people wrote: a name, a wording, a title, a reason.

use std::{borrow::Cow, fmt, str::FromStr};

/// Text of one line: no white space at its ends, not empty, no control or other invisible
/// formatting characters, at most [`SingleLine::MAX_CHARS`] characters.
///
/// Zero-width joiner and non-joiner are kept, as several scripts need them; bidirectional controls
/// and the other characters of Unicode's category Cf are refused, because a stored text must look
/// the same wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SingleLine(String);

/// Which rule of [`SingleLine`] a text breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// White space at the start or the end.
    #[error("the text begins or ends with white space")]
    OuterSpace,
    /// Longer than [`SingleLine::MAX_CHARS`].
    #[error("the text has {length} characters; at most {max} are kept", max = SingleLine::MAX_CHARS)]
    TooLong {
        /// The length found, in characters.
        length: usize,
    },
    /// A line break, a control character or an invisible formatting character.
    #[error("the text has a character that can't be seen (U+{code:04X}); write it without", code = u32::from(*.character))]
    Invisible {
        /// The character found.
        character: char,
    },
}

impl SingleLine {
    /// The longest line, in characters. The limit is ours: one wording fits in one chat message.
    pub const MAX_CHARS: usize = 2_000;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character has no visible form of its own and may change how its neighbours look. Public for the tools:
/// `tools/evaluate` makes records of any text, and `tools/picture` draws any.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}'
            | '\u{08E2}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A pasted text without what carries nothing of it: soft hyphens, direction marks, zero-width spaces and control
/// characters. SingleLine breaks stay, those of other systems as `\n`; the joiners that scripts need stay, and so does what
/// [`SingleLine`] refuses though it can be seen in some scripts.
#[must_use]
pub(crate) fn without_invisible(text: &str) -> Cow<'_, str> {
    let is_seen = |character: char| {
        matches!(character, '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{08E2}' | '\u{110BD}')
    };
    let goes = |character: char| is_invisible(character) && character != '\n' && !is_seen(character);
    if !text.contains(goes) {
        return Cow::Borrowed(text);
    }
    let unified = text.replace("\r\n", "\n");
    let kept = unified.chars().filter_map(|character| match character {
        '\r' | '\u{000B}' | '\u{000C}' | '\u{0085}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        other => (!goes(other)).then_some(other),
    });
    Cow::Owned(kept.collect())
}

/// A sentence as it goes on after a colon.
#[must_use]
pub(crate) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

impl FromStr for SingleLine {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        if text.trim().is_empty() {
            return Err(LineError::Empty);
        }
        if text.trim() != text {
            return Err(LineError::OuterSpace);
        }
        if let Some(character) = text.chars().find(|&character| is_invisible(character)) {
            return Err(LineError::Invisible { character });
        }
        let length = text.chars().count();
        if length > Self::MAX_CHARS {
            return Err(LineError::TooLong { length });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for SingleLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

super::serde_as_text!(SingleLine);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_refuses_what_cannot_be_seen_and_keeps_the_joiners_of_scripts() {
        assert!("नमस्ते می‌خواهم 悉尼 👩‍👩‍👧".parse::<SingleLine>().is_ok());
        for (text, rule) in [
            (" ", LineError::Empty),
            ("a ", LineError::OuterSpace),
            ("a\nb", LineError::Invisible { character: '\n' }),
            ("a\u{202e}b", LineError::Invisible { character: '\u{202e}' }),
            ("a\u{200b}b", LineError::Invisible { character: '\u{200b}' }),
            ("a\u{3164}b", LineError::Invisible { character: '\u{3164}' }),
        ] {
            assert_eq!(text.parse::<SingleLine>(), Err(rule));
        }
        assert_eq!("x".repeat(2_001).parse::<SingleLine>(), Err(LineError::TooLong { length: 2_001 }));
    }
}
