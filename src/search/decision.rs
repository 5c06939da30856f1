//! Whether a message matches an entry, is only near it, or neither, where a model says what both mean.
//!
//! One logistic function over what words, grams and meaning found, how far the entry stands out among the others, and how
//! much the message claims at all. Its constants are fitted by `tools/evaluate` (`fitted_meaning.rs`); docs/retrieval.md has
//! the curve that both thresholds were chosen on.

use super::{
    checked::{Checked, MatchVerdict},
    fitted_meaning::MEANING_WEIGHTS,
};

/// How many content words a message has at least that claims something: a word or two, a name alone or small talk is no
/// claim, whatever share of it is found.
const LEAST_CLAIMED: usize = 3;

/// Rates candidates by all evidence, and puts the likeliest first. `claimed`: how many content words the message has; one
/// that claims nothing repeats nothing, with a likelihood of 0.
pub(super) fn decide(checked: &mut Vec<Checked>, claimed: usize) {
    let weights = MEANING_WEIGHTS;
    checked.retain(|checked| checked.meaning.is_some());
    let of = |checked: &Checked| (checked.likeness, checked.meaning.unwrap_or_default());
    let place = |checked: &Checked| weights.place(&checked.likeness, &of(checked).1);
    checked.sort_by(|left, right| place(right).total_cmp(&place(left)).then(left.statement.cmp(&right.statement)));
    let evidence = weights.evidence(&checked.iter().map(of).collect::<Vec<_>>());
    for (checked, evidence) in checked.iter_mut().zip(&evidence) {
        checked.likelihood = if claimed < LEAST_CLAIMED { 0.0 } else { weights.likelihood(evidence) };
        checked.verdict = verdict(checked.likelihood);
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
