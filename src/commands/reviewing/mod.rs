//! Commands by which proposals are looked at and decided on.

pub(in crate::commands) mod decide;
pub(in crate::commands) mod gaps;
pub(in crate::commands) mod review;
