//! Names that are near to what was typed: misspelt, begun, or a part of them.

use std::collections::{BTreeSet, HashSet};

use fst::{Automaton, IntoStreamer, Streamer};

use super::{NameTable, Names};
use crate::{
    model::EntityId,
    search::{
        spellings::without_article,
        titles::{telling, title},
        words::{joined, paired, words},
    },
};

/// How many words of what is no name are looked at for names to suggest.
const SUGGESTED_FROM: usize = 12;

impl Names {
    /// The entities whose names are nearest to a misspelt one: all at the least distance. How many
    /// edits are allowed grows with the length.
    pub(crate) fn nearest(&self, key: &str) -> Vec<EntityId> {
        nearest_in(&self.keys, key)
    }

    /// The entities one word of whose names is nearest to a misspelt one.
    pub(crate) fn with_word_near(&self, word: &str) -> Vec<EntityId> {
        nearest_in(&self.words, word)
    }

    /// The entities one of whose names begins so, those with the shortest names first, at most `limit`.
    #[must_use]
    pub fn beginning_with(&self, prefix: &str, limit: usize) -> Vec<EntityId> {
        let key = joined(&words(prefix));
        // Whoever has typed "St" may go on to a saint.
        let written_out = title(&key).filter(|whole| *whole != key).map(|whole| format!("{whole} "));
        self.with_prefixes(std::iter::once(key).chain(written_out), limit)
    }

    fn with_prefixes(&self, keys: impl Iterator<Item = String>, limit: usize) -> Vec<EntityId> {
        let mut found: Vec<(usize, EntityId)> = Vec::new();
        for key in keys {
            let automaton = fst::automaton::Str::new(&key).starts_with();
            let mut stream = self.keys.map.search(automaton).into_stream();
            while let Some((name, value)) = stream.next() {
                found.extend(self.keys.bearers_at(Some(value)).iter().map(|&id| (name.len(), id)));
            }
        }
        found.sort_unstable();
        let mut seen = HashSet::new();
        found.into_iter().map(|(_, id)| id).filter(|&id| seen.insert(id)).take(limit).collect()
    }

    /// The entities that a name may be meant for when it is none: misspelt, begun or part of
    /// another, the likeliest first.
    #[must_use]
    pub fn suggestions(&self, name: &str, limit: usize) -> Vec<EntityId> {
        let text = without_article(words(name));
        let key = joined(&text);
        if key.is_empty() {
            return Vec::new();
        }
        let mut ids = self.nearest(&key);
        ids.extend(self.beginning_with(&key, limit));
        ids.extend(self.with_all_words(&text));
        for word in paired(&text).iter().take(SUGGESTED_FROM) {
            ids.extend(self.with_word(&word.folded));
            ids.extend(self.with_word_near(&word.folded));
        }
        let mut seen = HashSet::new();
        ids.retain(|&id| seen.insert(id));
        ids.truncate(limit);
        ids
    }
}

fn nearest_in(table: &NameTable, key: &str) -> Vec<EntityId> {
    let values = table.letters.nearest(&table.map, key, edits_allowed(key));
    let ids: BTreeSet<EntityId> = values.into_iter().flat_map(|value| table.bearers_at(Some(value))).copied().collect();
    ids.into_iter().collect()
}

/// How many edits a name may be away from what was typed. A short name with a letter changed is
/// another name.
fn edits_allowed(key: &str) -> u8 {
    match telling(key).chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}
