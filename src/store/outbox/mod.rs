//! What chats are owed: edits and posts that are due, and what must be known of messages for that.

pub(in crate::store) mod answer_pages;
pub(in crate::store) mod deliveries;
pub(in crate::store) mod delivery;
pub(in crate::store) mod due_edits;
pub(in crate::store) mod due_posts;
pub(in crate::store) mod undecryptable;
pub(in crate::store) mod watches;
