//! What waits: forms, suggestions and proposals, on their way to a decision.

pub(in crate::store) mod decisions;
pub(in crate::store) mod fitting;
pub(in crate::store) mod looks;
pub(in crate::store) mod messages;
pub(in crate::store) mod open_forms;
pub(in crate::store) mod pending;
pub(in crate::store) mod proposals;
pub(in crate::store) mod repeats;
pub(in crate::store) mod suggestions;
