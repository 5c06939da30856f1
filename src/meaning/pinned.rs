//! The one model that is known: its name, its sum, its licence.

/// A model's file that is known by its sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinnedModel {
    /// What it is called.
    pub name: &'static str,
    /// The SHA-256 of its file, in hexadecimal digits.
    pub sha256: &'static str,
    /// How many bytes its file has.
    pub bytes: u64,
    /// What it may be used under.
    pub licence: &'static str,
}

/// The model that `check` was fitted with.
pub const PINNED: PinnedModel = PinnedModel {
    name: "multilingual-e5-small, 4 bits",
    sha256: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    bytes: 71_622_400,
    licence: "MIT",
};
