//! The history of approved changes: its chain and seals, what follows from it, and what a purge takes from it.

pub(in crate::store) mod chain;
pub(in crate::store) mod changes;
pub(in crate::store) mod derived;
pub(in crate::store) mod hash;
pub(in crate::store) mod heads;
pub(in crate::store) mod of_record;
pub(in crate::store) mod purge;
pub(in crate::store) mod seals;
pub(in crate::store) mod tombstone;
pub(in crate::store) mod traces;
pub(in crate::store) mod verification;
