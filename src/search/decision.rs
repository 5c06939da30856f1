//! Whether a message matches an entry, is only near it, or neither, where a model says what both mean.
//!
//! One logistic function over what words, grams and meaning found, how far the entry stands out among the others, and how
//! much the message claims at all. Its constants are fitted by `tools/evaluate` (`fitted_meaning.rs`); docs/retrieval.md has
//! the curve that both thresholds were chosen on.

use super::{
    checked::{Checked, MatchVerdict},
    fitted_meaning::MEANING_WEIGHTS,
};

/// Rates candidates by all evidence, and puts the likeliest first. What has no vector yet stays as its words rated it.
pub(super) fn decide(all: &mut Vec<Checked>) {
    let weights = MEANING_WEIGHTS;
    let (mut checked, by_words): (Vec<Checked>, Vec<Checked>) =
        all.drain(..).partition(|checked| checked.meaning.is_some());
    let of = |checked: &Checked| (checked.likeness, checked.meaning.unwrap_or_default());
    let place = |checked: &Checked| weights.place(&checked.likeness, &of(checked).1);
    checked.sort_by(|left, right| place(right).total_cmp(&place(left)).then(left.statement.cmp(&right.statement)));
    let evidence = weights.evidence(&checked.iter().map(of).collect::<Vec<_>>());
    for (checked, evidence) in checked.iter_mut().zip(&evidence) {
        checked.likelihood = weights.likelihood(evidence);
        checked.verdict = verdict(checked.likelihood);
    }
    all.append(&mut checked);
    if !by_words.is_empty() {
        all.extend(by_words);
        // Stable: of those rated by the same evidence the order stays.
        all.sort_by(|left, right| right.likelihood.total_cmp(&left.likelihood));
    }
}

const fn verdict(likelihood: f64) -> MatchVerdict {
    if likelihood >= MEANING_WEIGHTS.matching {
        MatchVerdict::Match
    } else if likelihood >= MEANING_WEIGHTS.near {
        MatchVerdict::Near
    } else {
        MatchVerdict::Unlike
    }
}
