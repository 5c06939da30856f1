//! Which entities a whole message names, so that whoever finds no entry that says it can ask for them.

use super::{Snapshot, clean::clean, words::words};
use crate::model::EntityId;

impl Snapshot {
    /// The entities that a message names, in the order in which it does, at most `limit`. What several go by is nobody's
    /// name here.
    #[must_use]
    pub fn named_in(&self, message: &str, limit: usize) -> Vec<EntityId> {
        let mut named: Vec<EntityId> = Vec::new();
        for name in self.names.find_in(&words(&clean(message).body)) {
            if let [only] = name.entities.as_slice()
                && !named.contains(only)
            {
                named.push(*only);
            }
        }
        named.truncate(limit);
        named
    }
}
