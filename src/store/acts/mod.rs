//! Administrative acts: their chain, and the roles, links, blocks and settings that they add up to.

pub(in crate::store) mod block_list;
pub(in crate::store) mod communities;
pub(in crate::store) mod community_settings;
pub(in crate::store) mod deeds;
pub(in crate::store) mod journal;
pub(in crate::store) mod people;
pub(in crate::store) mod replay;
pub(in crate::store) mod take_over;
