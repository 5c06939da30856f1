//! How long a request may be, and of how many parts: from the definition of its command, for every front end.

use crate::commands::{CommandSpec, ParameterKind, UsageError};

/// The most characters that a question may have. The limit is ours: a question is a line or two.
pub const MAX_QUESTION: usize = 2_000;

/// The most characters that a message to be checked may have: more than the longest message of
/// Discord (4,000) and than what people paste.
pub const MAX_MESSAGE: usize = 20_000;

/// The most characters of a reason. The limit is ours: it is shown beside the entry.
pub const MAX_SENTENCE: usize = 500;

/// The last page that can be asked for.
pub const MAX_PAGE: usize = 10_000;

/// How many values a request may give by name, filters above all. The limit is ours: what so many narrow is nothing.
pub const MAX_VALUES: usize = 16;

/// How many characters a request may have beyond its longest value: names of parameters, ids, a page. The limit is ours.
const BESIDE: usize = 200;

/// What is counted for a named option beside its name and its value: a colon, a space and quotation marks.
const AROUND: usize = 4;

impl ParameterKind {
    /// Whether what is given for it may have spaces in it.
    #[must_use]
    pub const fn is_in_words(self) -> bool {
        match self {
            Self::Question
            | Self::EntityName(_)
            | Self::PublisherName
            | Self::NamePrefix(_)
            | Self::Message
            | Self::Fields
            | Self::Sentence
            | Self::Identity
            | Self::Language => true,
            Self::CommandName
            | Self::Reference
            | Self::Date
            | Self::Page
            | Self::Prefix
            | Self::Number
            | Self::Version
            | Self::Period
            | Self::Choice(_) => false,
        }
    }

    /// The most characters that may be given for it.
    #[must_use]
    pub const fn longest(self) -> usize {
        match self {
            Self::Question | Self::EntityName(_) | Self::PublisherName | Self::NamePrefix(_) | Self::CommandName => {
                MAX_QUESTION
            }
            Self::Message | Self::Fields => MAX_MESSAGE,
            Self::Sentence => MAX_SENTENCE,
            Self::Reference
            | Self::Date
            | Self::Language
            | Self::Page
            | Self::Prefix
            | Self::Identity
            | Self::Number
            | Self::Version
            | Self::Period
            | Self::Choice(_) => BESIDE,
        }
    }
}

impl CommandSpec {
    /// The most characters that a request may have after the command's name, whatever they are given for.
    #[must_use]
    pub fn longest_request(&self) -> usize {
        let longest = self.parameters.iter().map(|parameter| parameter.kind.longest()).max();
        longest.unwrap_or_default().max(MAX_QUESTION) + BESIDE
    }

    /// Refuses words after the command's name that are longer than any request, before they are read.
    ///
    /// # Errors
    /// When they are.
    pub fn check_text(&self, rest: &str) -> Result<(), UsageError> {
        self.check_length(rest.chars().count())
    }

    /// As [`CommandSpec::check_text`], of words that are parted already.
    ///
    /// # Errors
    /// When they are longer together.
    pub fn check_words(&self, words: &[String]) -> Result<(), UsageError> {
        let spaces = words.len().saturating_sub(1);
        self.check_length(words.iter().map(|word| word.chars().count()).sum::<usize>() + spaces)
    }

    /// Refuses named options that would be too long as they'd be typed.
    ///
    /// # Errors
    /// When they are.
    pub fn check_options(&self, options: &[(String, String)]) -> Result<(), UsageError> {
        let typed = |(name, value): &(String, String)| name.chars().count() + value.chars().count() + AROUND;
        self.check_length(options.iter().map(typed).sum())
    }

    fn check_length(&self, length: usize) -> Result<(), UsageError> {
        let limit = self.longest_request();
        if length > limit { Err(UsageError::LongRequest { length, limit }) } else { Ok(()) }
    }
}
