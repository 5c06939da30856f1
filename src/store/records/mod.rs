//! Records in their tables: written, read back, looked up, and put together as entries.

pub(in crate::store) mod browse;
pub(in crate::store) mod entity_ref;
pub(in crate::store) mod entries;
pub(in crate::store) mod entry_cache;
pub(in crate::store) mod entry_views;
pub(in crate::store) mod feed;
pub(in crate::store) mod gaps;
pub(in crate::store) mod load;
pub(in crate::store) mod lookup;
pub(in crate::store) mod save;
pub(in crate::store) mod tables;
pub(in crate::store) mod versions;
