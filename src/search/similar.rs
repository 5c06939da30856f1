//! What is near a statement that is on record, or one that is about to be: more like this, and likely
//! duplicates.

use super::{Checked, SearchError, Snapshot, check::Asked, fields::SPEAKER};

/// From which share of a statement's own words and grams on another is related to it.
const RELATED: f64 = 0.2;

/// From which share on it is likely the same. Two wordings of one claim share half of what they weigh
/// and more.
const SAME: f64 = 0.45;

/// How many candidates are looked at beyond those that are given.
const SPARE: usize = 20;

impl Snapshot {
    /// The statements nearest to one on record, the nearest first, at most `limit`: `text` is its wording,
    /// `about` what it is about. The statement itself is left out.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn related(
        &self,
        statement: i64,
        text: &str,
        about: &[i64],
        limit: usize,
    ) -> Result<Vec<Checked>, SearchError> {
        let mut found = Asked::wording(self, text, about)?.ranked(self, limit + SPARE)?;
        found.retain(|checked| checked.statement != statement && checked.share() >= RELATED);
        found.truncate(limit);
        Ok(found)
    }

    /// The statements on record that are likely the same as one that is proposed, the nearest first, at
    /// most `limit`; with `speaker` only those of this speaker. For the desk where editors propose: two
    /// speakers may well say the same, one speaker is rarely to be on record with it twice.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn similar(&self, text: &str, speaker: Option<i64>, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let found = Asked::wording(self, text, &[])?.ranked(self, limit + SPARE)?;
        let mut similar = Vec::new();
        for checked in found.into_iter().filter(|checked| checked.share() >= SAME) {
            if speaker.is_none() || self.speaker_of(&checked)? == speaker {
                similar.push(checked);
            }
        }
        similar.truncate(limit);
        Ok(similar)
    }

    fn speaker_of(&self, checked: &Checked) -> Result<Option<i64>, SearchError> {
        let column = self.searcher.segment_reader(checked.address.segment_ord).fast_fields().u64(SPEAKER)?;
        Ok(column.first(checked.address.doc_id).and_then(|number| i64::try_from(number).ok()))
    }
}
