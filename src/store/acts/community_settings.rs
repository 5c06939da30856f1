//! What a community can set, and how that is told.

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

/// Settings in words, for those who read what was set.
pub(in crate::store) fn in_words(prefix: Option<&str>, private: bool, channels: usize, suggestions: bool) -> String {
    format!(
        "prefix {}, answers {}, {channels} channels, suggestions {}",
        prefix.unwrap_or(AS_THE_OPERATOR_HAS_IT),
        if private { "private" } else { "public" },
        if suggestions { "on" } else { "off" }
    )
}
