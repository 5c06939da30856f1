//! Copies of the database: made, put back, and left behind.

pub(in crate::store) mod copies;
pub(in crate::store) mod leftovers;
pub(in crate::store) mod replication;
