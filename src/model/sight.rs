//! What a reviewer has looked at: which version of a change, and on whose word.

use std::{fmt, str::FromStr};

/// Which version of a change someone was shown: a digest of all that it would do, as things are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChangeVersion(String);

impl ChangeVersion {
    /// How many hexadecimal digits it has. Nobody can make two proposals that share 128 bits of a SHA-256.
    pub const DIGITS: usize = 32;

    /// The version with these digits, or that a button of an earlier program carries: whatever it is, it is the version
    /// of a change only if it is the same word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self(word.to_owned())
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChangeVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for ChangeVersion {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::of(text))
    }
}

/// What a reviewer decides on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// What they were shown last, under whichever of their identities: the store remembers it.
    Remembered,
    /// This version: a button or a reaction under it says so.
    Of(ChangeVersion),
}
