//! Whether a whole message repeats or speaks of an entry.
//!
//! In two steps: the index gives the statements that share the most telling content words with the
//! message, and those are weighed by their words and their grams of four characters (`likeness`).

use super::{
    SearchError, Snapshot,
    asked::{Asked, CANDIDATES, MOST_BYTES, beginning, in_order},
    checked::{Checked, MatchVerdict},
    clean::{clean, clean_with_quotation},
    decision::decide,
    likeness::MeaningLikeness,
    meant::Meanings,
};
use crate::model::StatementId;

impl Snapshot {
    /// As [`Snapshot::check`], and where nothing matches what comes near.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn check(&self, message: &str, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let mut checked = self.candidates(message, limit)?;
        let wanted = if checked.iter().any(|checked| checked.verdict == MatchVerdict::Match) {
            MatchVerdict::Match
        } else {
            MatchVerdict::Near
        };
        checked.retain(|checked| checked.verdict == wanted);
        Ok(checked)
    }

    /// The statements that come nearest to a whole message, the likeliest first, at most `limit`,
    /// however unlikely they are. Public for `tools/evaluate`, which looks further down than an answer goes.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn candidates(&self, message: &str, limit: usize) -> Result<Vec<Checked>, SearchError> {
        let message = beginning(message, MOST_BYTES);
        let cleaned = if self.meanings.is_some() { clean_with_quotation(message) } else { clean(message) };
        let asked = Asked::message(self, &cleaned)?;
        let mut checked = asked.weigh(self)?;
        match &self.meanings {
            Some(meanings) if self.add_meaning(meanings, &cleaned.body, &asked, &mut checked)? => {
                decide(&mut checked);
            }
            Some(_) | None => in_order(&mut checked),
        }
        checked.truncate(limit);
        if !asked.claims() {
            // What claims nothing repeats nothing.
            checked.iter_mut().for_each(Checked::rule_out);
        }
        Ok(checked)
    }

    /// Adds what is near by meaning, and how near all are. Says whether that could be done: while there are no vectors yet,
    /// and where the model fails, words alone decide.
    fn add_meaning(
        &self,
        meanings: &Meanings,
        message: &str,
        asked: &Asked,
        checked: &mut Vec<Checked>,
    ) -> Result<bool, SearchError> {
        let sought = match meanings.message(message) {
            Ok(sought) => sought,
            Err(error) => {
                tracing::warn!(%error, "the model failed; a message is checked by its words alone");
                return Ok(false);
            }
        };
        let by_words: Vec<StatementId> = checked.iter().map(|checked| checked.statement).collect();
        let near = sought.near(&by_words);
        let nearest = near.nearest(CANDIDATES);
        let numbers = nearest.iter().map(|nearness| nearness.statement);
        let others: Vec<StatementId> = numbers.filter(|number| !by_words.contains(number)).collect();
        checked.extend(asked.weigh_these(self, &others)?);
        for checked in checked {
            if let Some(nearness) = near.of(checked.statement) {
                let meaning = MeaningLikeness {
                    cosine: f64::from(nearness.cosine),
                    mean: f64::from(near.mean),
                    deviation: f64::from(near.deviation),
                };
                checked.meaning = Some(meaning);
                checked.response = nearness.response;
            }
        }
        Ok(!nearest.is_empty())
    }
}
