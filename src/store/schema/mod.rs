//! The schema: the migrations that make it, and what is compared with it.

pub(in crate::store) mod comparison;
pub(in crate::store) mod migrations;
pub(in crate::store) mod tally;
