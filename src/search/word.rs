//! A word of a text, as search knows it.

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The word folded: compatibility forms, case and accents removed.
    pub(crate) folded: String,
    /// The word in lower case with its accents, as stemmers want it.
    pub(crate) lower: String,
    /// Where it begins in the text, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// Whether it is one character of a script that is written without spaces, or a part of such a text.
    pub(crate) dense: bool,
    /// Whether nothing that is seen stands between it and the word before it.
    pub(crate) touches: bool,
    /// Whether every letter of it is a capital, and there are at least two.
    pub(crate) capitals: bool,
    /// Whether it begins with a capital.
    pub(crate) capitalised: bool,
}
