//! Entries on record that a new one may repeat.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::RecordId,
    search::{SearchError, Snapshot, folded_words},
    store::{Reader, StoreError},
};

/// From which share of common words on two wordings are alike. Set by hand.
const ALIKE: f64 = 0.5;

/// How many likely duplicates are shown.
const SHOWN: usize = 3;

/// Why duplicates can't be looked for.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The records can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index can't be read.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// The statements that a new one may repeat, the likest first: of the same speaker or from the same
/// source, with like words; or found by their words alone, if they are very like.
pub(super) fn likely(
    records: &Reader<'_>,
    search: &Snapshot,
    text: &str,
    speaker: Option<i64>,
    sources: &[i64],
) -> Result<Vec<(RecordId, String)>, LookError> {
    let words = word_set(text);
    let mut candidates: BTreeMap<RecordId, (String, f64)> = BTreeMap::new();
    let mut close = Vec::new();
    if let Some(speaker) = speaker {
        close.extend(records.statements_by(speaker)?);
    }
    for source in sources {
        close.extend(records.statements_citing(*source)?);
    }
    for (id, wording) in close {
        let likeness = likeness(&words, &word_set(&wording));
        if likeness >= ALIKE {
            candidates.insert(id, (wording, likeness));
        }
    }
    for found in search.check(text, SHOWN)? {
        let Some(view) = records.entry(found.statement)? else { continue };
        let wording = view.statement.text.to_string();
        let likeness = likeness(&words, &word_set(&wording));
        // What only the index finds is of someone else and elsewhere: it must be nearly the same.
        if likeness >= (1.0 + ALIKE) / 2.0 {
            candidates.entry(view.id).or_insert((wording, likeness));
        }
    }
    let mut all: Vec<_> = candidates.into_iter().collect();
    all.sort_by(|(one, (_, left)), (other, (_, right))| right.total_cmp(left).then(one.cmp(other)));
    all.truncate(SHOWN);
    Ok(all.into_iter().map(|(id, (wording, _))| (id, wording)).collect())
}

fn word_set(text: &str) -> BTreeSet<String> {
    folded_words(text).into_iter().collect()
}

/// The share of the words of both that both have (Jaccard's index).
fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    #[expect(clippy::cast_precision_loss, reason = "counts of words of one text")]
    let share = common as f64 / all.max(1) as f64;
    share
}
