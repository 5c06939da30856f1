//! Commands by which editors, and everyone with a link, propose changes.

pub(in crate::commands) mod add;
pub(in crate::commands) mod dialogue;
pub(in crate::commands) mod fields;
mod filled_in;
pub(in crate::commands) mod operations;
pub(in crate::commands) mod propose;
pub(in crate::commands) mod revert;
pub(in crate::commands) mod suggest;
