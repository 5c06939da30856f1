//! What a command is, how it is called, and what may be given to it.

pub(in crate::commands) mod arguments;
pub(in crate::commands) mod bounds;
pub(in crate::commands) mod chat_use;
pub(in crate::commands) mod codec;
pub(in crate::commands) mod invocation;
pub(in crate::commands) mod period;
pub(in crate::commands) mod spec;
pub(in crate::commands) mod typed;
pub(in crate::commands) mod usage_error;
