//! What is asked of a pack: how strictly its records are looked at.

use crate::model::Authority;

/// What is asked of the records of a pack beyond their form.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The most characters that a quote may have.
    pub quote_limit: usize,
    /// Whether someone has looked at what the checks find and takes the pack in nevertheless: then that is told and
    /// refuses nothing.
    pub confirmed: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { quote_limit: Authority::QUOTE_LIMIT, confirmed: false }
    }
}
