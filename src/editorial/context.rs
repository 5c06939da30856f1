//! What a draft is read against, and what it names that isn't there.

use jiff::Timestamp;

use crate::{model::EntityKind, search::Snapshot, store::Reader};

/// What a draft is read against.
#[derive(Debug)]
pub struct BuildContext<'a> {
    /// The records.
    pub records: &'a Reader<'a>,
    /// The names and the index.
    pub search: &'a Snapshot,
    /// Now.
    pub now: Timestamp,
    /// The most characters that a quote may have.
    pub quote_limit: usize,
}

/// A name or an address that is not on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The form that names it.
    pub block: usize,
    /// The field.
    pub field: &'static str,
    /// The name or address.
    pub text: String,
    /// What it may be: kinds of entities; a source where there are none.
    pub kinds: Vec<EntityKind>,
    /// What is said of it, without how to add it: that it isn't on record, and which names are near.
    pub said: String,
}
