//! What is near a statement that is on record, or one that is about to be: more like this, and likely
//! duplicates.

use std::collections::BTreeSet;

use super::{Checked, SearchError, Snapshot, check::Asked, folded_words, stems::is_empty_word};

/// From which share of a statement's own words and grams on another is related to it.
const RELATED: f64 = 0.2;

/// From which share on it is likely the same. Two wordings of one claim share half of what they weigh
/// and more.
const SAME: f64 = 0.45;

/// How many candidates are looked at beyond those that are given.
const SPARE: usize = 20;

/// Which share of their words two texts have in common, from 0 to 1: Dice's coefficient over the words that carry
/// something, or over all where none does. For texts that are in no index.
#[must_use]
pub fn shared_words(one: &str, other: &str) -> f64 {
    let content = |text: &str| -> BTreeSet<String> {
        let all: BTreeSet<String> = folded_words(text).into_iter().collect();
        let telling: BTreeSet<String> = all.iter().filter(|word| !is_empty_word(word)).cloned().collect();
        if telling.is_empty() { all } else { telling }
    };
    let (one, other) = (content(one), content(other));
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { 2.0 * one.intersection(&other).count() as f64 / all as f64 }
}

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
        let by_speaker = |checked: &Checked| speaker.is_none() || self.speaker_of(checked) == speaker;
        Ok(found.into_iter().filter(|checked| checked.share() >= SAME && by_speaker(checked)).take(limit).collect())
    }

    fn speaker_of(&self, checked: &Checked) -> Option<i64> {
        let columns = self.columns.of(checked.address.segment_ord)?;
        columns.speaker.first(checked.address.doc_id).and_then(|number| i64::try_from(number).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::shared_words;

    #[test]
    fn words_are_shared_in_any_case_and_without_those_that_carry_nothing() {
        let old = "It was said that the old pier would be closed in winter.";
        assert!((shared_words(old, old) - 1.0).abs() < 1e-9);
        assert!(shared_words(old, "THE OLD PIER WILL BE CLOSED IN THE WINTER") > 0.8);
        assert!(shared_words(old, "It was said that the new lighthouse opens in May.") < 0.4);
        assert!(shared_words("警方說碼頭關閉", "警方說碼頭關閉了") > 0.7);
        assert_eq!(shared_words("", "pier"), 0.0);
        assert!((shared_words("it was", "It was!") - 1.0).abs() < 1e-9);
    }
}
