//! Lines that are short enough to stand among others: what a compact answer shows in place of a whole wording.

use std::{fmt, str::FromStr};

use super::{LineError, SingleLine};

/// A line of at most `LONGEST` characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BriefLine<const LONGEST: usize>(SingleLine);

/// The wording of a statement in short: two lines of a terminal of 80 columns.
pub type ShortWording = BriefLine<150>;

/// What was answered, in a few words that stand beside the responder's name in one line.
pub type Gist = BriefLine<40>;

/// Which rule of [`BriefLine`] a text breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BriefLineError {
    /// It is no line at all.
    #[error(transparent)]
    Line(#[from] LineError),
    /// It isn't short.
    #[error("the text has {length} characters; in short it has at most {longest}")]
    TooLong {
        /// The length found, in characters.
        length: usize,
        /// The most that there may be.
        longest: usize,
    },
}

impl<const LONGEST: usize> BriefLine<LONGEST> {
    /// The most characters that it has. The limit is ours.
    pub const LONGEST: usize = LONGEST;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<const LONGEST: usize> FromStr for BriefLine<LONGEST> {
    type Err = BriefLineError;

    fn from_str(text: &str) -> Result<Self, BriefLineError> {
        let line: SingleLine = text.parse()?;
        let length = text.chars().count();
        if length > LONGEST {
            return Err(BriefLineError::TooLong { length, longest: LONGEST });
        }
        Ok(Self(line))
    }
}

impl<const LONGEST: usize> fmt::Display for BriefLine<LONGEST> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

super::serde_as_text!(ShortWording);
super::serde_as_text!(Gist);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gist_has_at_most_forty_characters_of_any_script() {
        assert!("关".repeat(40).parse::<Gist>().is_ok());
        assert_eq!("关".repeat(41).parse::<Gist>(), Err(BriefLineError::TooLong { length: 41, longest: 40 }));
        assert_eq!("two\nlines".parse::<Gist>(), Err(BriefLineError::Line(LineError::Invisible { character: '\n' })));
    }
}
