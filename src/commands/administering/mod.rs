//! Commands about people, communities and the bot itself.

pub(in crate::commands) mod block;
pub(in crate::commands) mod communities;
pub(in crate::commands) mod people;
pub(in crate::commands) mod settings;
pub(in crate::commands) mod status;
pub(in crate::commands) mod watch;
