//! Entries that were read lately, kept for as long as nothing new is approved.
//!
//! While a rumour spreads, everyone asks for the same few entries, and each takes a dozen small queries and more to put
//! together. What is on record changes by approved changes and by nothing else, so an entry read at one place in the
//! history is the entry at that place.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;

use crate::model::{Sequence, StatementId};
use crate::store::records::entry_views::EntryView;

/// How many entries are kept: some ten megabytes of them. (That it isn't zero is found out by the compiler.)
const KEPT: NonZeroUsize = NonZeroUsize::new(2_048).unwrap();

#[derive(Debug)]
pub(in crate::store) struct EntryCache(Mutex<Held>);

#[derive(Debug)]
struct Held {
    /// The place in the history at which all of them were read.
    sequence: Sequence,
    entries: LruCache<StatementId, Arc<EntryView>>,
}

impl Default for EntryCache {
    fn default() -> Self {
        Self(Mutex::new(Held { sequence: Sequence::BEGINNING, entries: LruCache::new(KEPT) }))
    }
}

impl EntryCache {
    /// The statement of this id as it stood at this place in the history, if it was read there.
    pub(in crate::store) fn get(&self, id: StatementId, sequence: Sequence) -> Option<Arc<EntryView>> {
        self.at(sequence, |held| held.entries.get(&id).cloned()).flatten()
    }

    /// Keeps what was read at this place in the history.
    pub(in crate::store) fn keep(&self, id: StatementId, sequence: Sequence, entry: &Arc<EntryView>) {
        // What gives its place is handed out, so that it is taken apart after the lock is given back.
        self.at(sequence, |held| held.entries.push(id, Arc::clone(entry)));
    }

    /// The first who comes from a later place throws away what is from before: what was purged meanwhile is gone
    /// from here, too. Who still reads at an earlier place goes without.
    fn at<T>(&self, sequence: Sequence, work: impl FnOnce(&mut Held) -> T) -> Option<T> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.sequence < sequence {
            held.entries.clear();
            held.sequence = sequence;
        }
        (held.sequence == sequence).then(|| work(&mut held))
    }
}
