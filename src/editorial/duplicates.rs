//! Entries on record that a new one may repeat.

use std::collections::BTreeMap;

use crate::{
    model::{RecordId, Statement},
    search::{SearchError, Snapshot},
    store::{Reader, StoreError},
};

/// From which share on a statement of someone else in other sources is likely the same: it must be
/// nearly so, as two speakers may well say the same. Set by hand.
const NEARLY_THE_SAME: f64 = 0.75;

/// How many likely duplicates are shown.
const SHOWN: usize = 3;

/// How many statements are looked at, whoever said them.
const LOOKED_AT: usize = 20;

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

/// The statements that a new one may repeat, the likest first: alike and of the same speaker
/// (`speaker` is the number) or from the same source, or nearly the same.
pub(super) fn likely(
    records: &Reader<'_>,
    search: &Snapshot,
    statement: &Statement,
    speaker: Option<i64>,
) -> Result<Vec<(RecordId, String)>, LookError> {
    let text = statement.text.as_str();
    let mut likeness: BTreeMap<i64, f64> = BTreeMap::new();
    if speaker.is_some() {
        for checked in search.similar(text, speaker, SHOWN)? {
            likeness.insert(checked.statement, checked.share());
        }
    }
    for checked in search.similar(text, None, LOOKED_AT)? {
        if checked.share() >= NEARLY_THE_SAME || cites_one_of(records, checked.statement, statement)? {
            likeness.insert(checked.statement, checked.share());
        }
    }
    let mut nearest: Vec<_> = likeness.into_iter().collect();
    nearest.sort_by(|(one, left), (other, right)| right.total_cmp(left).then(one.cmp(other)));
    let mut all = Vec::new();
    for (number, _) in nearest.into_iter().take(SHOWN) {
        let view = records.entry(number)?;
        all.extend(view.map(|view| (view.id, view.statement.text.to_string())));
    }
    Ok(all)
}

/// Whether a statement on record cites a source that the new one cites.
fn cites_one_of(records: &Reader<'_>, number: i64, new: &Statement) -> Result<bool, StoreError> {
    let Some(view) = records.entry(number)? else { return Ok(false) };
    let known = &view.statement.citations;
    Ok(new.citations.iter().any(|citation| known.iter().any(|other| other.source == citation.source)))
}
