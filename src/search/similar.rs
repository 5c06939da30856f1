//! What is near a statement that is on record, or one that is about to be: more like this, and likely
//! duplicates.

use crate::model::{EntityId, StatementId};
use std::{collections::BTreeSet, sync::LazyLock};

use super::{Checked, SearchError, Snapshot, asked::Asked, content::content, folded_words, stems::is_empty_word};

/// From which share of a statement's own words and grams on another is related to it.
const RELATED: f64 = 0.2;

/// How many candidates are looked at beyond those that are given.
const SPARE: usize = 20;

/// The folded words of a text that carry something, or all where none does.
#[must_use]
pub fn telling_words(text: &str) -> BTreeSet<String> {
    let all: BTreeSet<String> = folded_words(text).into_iter().collect();
    let telling: BTreeSet<String> = all.iter().filter(|word| !is_empty_word(word)).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Our wording of what someone said, and what in it tells nothing of that.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The wording.
    pub text: &'a str,
    /// The names of whoever said it: whose words they are is compared for itself.
    pub speaker: &'a [String],
    /// The names of what it is about: what is said of the same may be anything.
    pub about: &'a [String],
}

/// Words that say that something was said, as stems: every second wording has some.
static REPORTING: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let words = "say said says saying tell told tells state stated states stating statement claim claimed claims claiming \
                 report reported reports reporting reportedly accord according announce announced announces announcing \
                 declare declared declares explain explained explains describe described describes add added adds \
                 note noted notes comment commented comments remark remarked remarks assert asserted asserts speak \
                 spoke spoken speaks write wrote written writes mention mentioned mentions quote quoted";
    content(words, "en").into_iter().collect()
});

/// Which share of their telling words two wordings have in common, from 0 to 1: Dice's coefficient over the stems of all
/// words but function words, those of reporting, the speaker's names, and the names that both are about. Where neither
/// has any, over all their words.
#[must_use]
pub fn shared_words(one: Wording<'_>, other: Wording<'_>) -> f64 {
    let stems = |texts: &[String]| -> BTreeSet<String> { texts.iter().flat_map(|text| content(text, "en")).collect() };
    let telling = |wording: Wording<'_>| -> BTreeSet<String> {
        let speaker = stems(wording.speaker);
        let all = content(wording.text, "en").into_iter();
        all.filter(|word| !REPORTING.contains(word) && !speaker.contains(word)).collect()
    };
    let (mut ones, mut others) = (telling(one), telling(other));
    let about: BTreeSet<String> = stems(one.about).union(&stems(other.about)).cloned().collect();
    let common: Vec<String> = ones.intersection(&others).filter(|word| about.contains(*word)).cloned().collect();
    for word in &common {
        ones.remove(word);
        others.remove(word);
    }
    if ones.is_empty() && others.is_empty() {
        ones = folded_words(one.text).into_iter().collect();
        others = folded_words(other.text).into_iter().collect();
    }
    let all = ones.len() + others.len();
    if all == 0 { 0.0 } else { 2.0 * ones.intersection(&others).count() as f64 / all as f64 }
}

impl Snapshot {
    /// The statements nearest to one on record, the nearest first, at most `limit`: `text` is its wording,
    /// `about` what it is about. The statement itself is left out.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn related(
        &self,
        statement: StatementId,
        text: &str,
        about: &[EntityId],
        limit: usize,
    ) -> Result<Vec<Checked>, SearchError> {
        let mut found = Asked::wording(self, text, about)?.ranked(self, limit + SPARE)?;
        found.retain(|checked| checked.statement != statement && checked.share() >= RELATED);
        found.truncate(limit);
        Ok(found)
    }

    /// The statements on record that may be the same as one that is proposed, the nearest first, at most `limit`; with
    /// `speaker` only those of this speaker. For the desk where editors propose, which holds their wordings against each
    /// other: two speakers may well say the same, one speaker is rarely to be on record with it twice.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn similar(&self, text: &str, speaker: Option<EntityId>, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let found = Asked::wording(self, text, &[])?.ranked(self, limit + SPARE)?;
        let by_speaker = |checked: &Checked| speaker.is_none() || self.speaker_of(checked) == speaker;
        Ok(found.into_iter().filter(|checked| checked.share() >= RELATED && by_speaker(checked)).take(limit).collect())
    }

    fn speaker_of(&self, checked: &Checked) -> Option<EntityId> {
        let columns = self.columns.of(checked.address.segment_ord)?;
        columns.speaker.first(checked.address.doc_id).and_then(|number| i64::try_from(number).ok()).map(EntityId)
    }
}

#[cfg(test)]
mod tests {
    use super::Wording;

    fn shared_words(one: &str, other: &str) -> f64 {
        let wording = |text| Wording { text, speaker: &[], about: &[] };
        super::shared_words(wording(one), wording(other))
    }

    #[test]
    fn who_spoke_and_of_what_tells_nothing_of_what_was_said() {
        let names = |names: &[&str]| -> Vec<String> { names.iter().map(|&name| name.to_owned()).collect() };
        let (ana, harbour) = (names(&["Ana Silva", "ana silva"]), names(&["Harbour Town"]));
        let shared = |one, other| {
            let wording = |text| Wording { text, speaker: &ana, about: &harbour };
            super::shared_words(wording(one), wording(other))
        };
        let said = "Ana Silva said that the ferry of Harbour Town is free.";
        assert_eq!(shared(said, "Ana Silva said that the market of Harbour Town is shut."), 0.0);
        assert_eq!(shared("Ana Silva said that it rains.", "Ana Silva said that whales came by."), 0.0);
        assert_eq!(shared(said, "It was reported that the ferries of Harbour Town are free"), 1.0);
        // Another place is another claim, even where all else is the same.
        assert!(shared(said, "Ana Silva said that the ferry of Gull Bay is free.") < 0.6);
    }

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
