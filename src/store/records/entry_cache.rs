//! Entries that were read lately, kept for as long as nothing new is approved.
//!
//! While a rumour spreads, everyone asks for the same few entries, and each takes a dozen small queries and more to put
//! together. What is on record changes by approved changes and by nothing else, so an entry read at one place in the
//! history is the entry at that place; and with an address that turns out dead or alive, which is counted, too.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;

use crate::model::StatementId;
use crate::store::{database::read_at::ReadAt, records::entry_views::EntryView};

/// How many entries are kept: some ten megabytes of them. (That it isn't zero is found out by the compiler.)
const KEPT: NonZeroUsize = NonZeroUsize::new(2_048).unwrap();

#[derive(Debug)]
pub(in crate::store) struct EntryCache(Mutex<Held>);

#[derive(Debug)]
struct Held {
    /// Where all of them were read.
    read_at: ReadAt,
    entries: LruCache<StatementId, Arc<EntryView>>,
}

impl Default for EntryCache {
    fn default() -> Self {
        Self(Mutex::new(Held { read_at: ReadAt::BEGINNING, entries: LruCache::new(KEPT) }))
    }
}

impl EntryCache {
    /// The statement of this id as it stood there, if it was read there.
    pub(in crate::store) fn get(&self, id: StatementId, read_at: ReadAt) -> Option<Arc<EntryView>> {
        self.at(read_at, |held| held.entries.get(&id).cloned()).flatten()
    }

    /// Keeps what was read there.
    pub(in crate::store) fn keep(&self, id: StatementId, read_at: ReadAt, entry: &Arc<EntryView>) {
        // What gives its place is handed out, so that it is taken apart after the lock is given back.
        self.at(read_at, |held| held.entries.push(id, Arc::clone(entry)));
    }

    /// The first who comes from a later place throws away what is from before: what was purged meanwhile is gone
    /// from here, too. Who still reads at an earlier place goes without.
    fn at<T>(&self, read_at: ReadAt, work: impl FnOnce(&mut Held) -> T) -> Option<T> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.read_at < read_at {
            held.entries.clear();
            held.read_at = read_at;
        }
        (held.read_at == read_at).then(|| work(&mut held))
    }
}
