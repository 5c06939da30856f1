//! What a community can set, and how that is told.

use std::fmt;

/// The settings of one community.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommunitySettings {
    /// What stands before a command in the text form; `None`: as the operator has it.
    pub prefix: Option<String>,
    /// Whether answers are shown to the asker alone.
    pub private: bool,
    /// The channels in which questions are answered for all to see; empty: everywhere.
    pub channels: Vec<String>,
    /// Whether its members can't hand in links.
    pub no_suggestions: bool,
}

/// What is said of the prefix of a community that has set none.
pub(in crate::store) const AS_THE_OPERATOR_HAS_IT: &str = "as the operator has it";

/// Settings as those are told of them who read what was set: of the channels, how many there are.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct ToldSettings<'a> {
    pub(in crate::store) prefix: Option<&'a str>,
    pub(in crate::store) private: bool,
    pub(in crate::store) channels: usize,
    pub(in crate::store) suggestions: bool,
}

impl fmt::Display for ToldSettings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "prefix {}, answers {}, {} channels, suggestions {}",
            self.prefix.unwrap_or(AS_THE_OPERATOR_HAS_IT),
            if self.private { "private" } else { "public" },
            self.channels,
            if self.suggestions { "on" } else { "off" }
        )
    }
}
