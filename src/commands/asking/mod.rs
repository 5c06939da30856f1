//! Commands that answer from the records, and how records are presented.

pub(in crate::commands) mod about;
pub(in crate::commands) mod absent;
pub(in crate::commands) mod as_typed;
pub(in crate::commands) mod browse;
pub(in crate::commands) mod check;
mod elsewhere;
pub(in crate::commands) mod help;
pub(in crate::commands) mod history;
mod in_short;
mod link_state;
pub(in crate::commands) mod linked;
pub(in crate::commands) mod more;
mod nearest;
pub(in crate::commands) mod notices;
pub(in crate::commands) mod overview;
mod parts;
pub(in crate::commands) mod past;
pub(in crate::commands) mod present;
pub(in crate::commands) mod recent;
pub(in crate::commands) mod related;
pub(in crate::commands) mod show;
pub(in crate::commands) mod source;
pub(in crate::commands) mod sources;
pub(in crate::commands) mod version;
