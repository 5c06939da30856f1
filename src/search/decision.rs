//! Whether a message matches an entry, is only near it, or neither, where a model says what both mean.
//!
//! One logistic function over what words, grams and meaning found, how far the entry stands out among the others, and how
//! much the message claims at all. docs/retrieval.md has the curve that the constants and both thresholds were chosen on.

use super::{
    checked::{Checked, MatchVerdict},
    fitted::WEIGHTS,
    likeness::{Likeness, MeaningLikeness},
};

/// From which likelihood on a message matches an entry.
const MATCH: f64 = 0.7;

/// From which on an entry is near.
const NEAR: f64 = 0.05;

/// How many content words a message has at least that claims something: a word or two, a name alone or small talk is no
/// claim, whatever share of it is found.
const LEAST_CLAIMED: usize = 3;

/// How much the cosine counts beside words and grams in the order.
const COSINE: f64 = 100.0;

/// The logistic function's constants: fitted on the part of the judged messages that is for fitting, on 2026-11-30.
const CONSTANT: f64 = -9.045;
const SCORE: f64 = 0.267;
const STANDING: f64 = 1.108;
const LEAD: f64 = 0.427;
const CLAIMED: f64 = 1.59;

/// The least deviation that cosines are standardised by: with a single entry there is none.
const LEAST_DEVIATION: f64 = 0.001;

fn order(likeness: &Likeness, meaning: &MeaningLikeness) -> f64 {
    WEIGHTS.score(likeness) + COSINE * meaning.cosine
}

/// Rates candidates by all evidence, and puts the likeliest first. `claimed`: how many content words the message has.
pub(super) fn decide(checked: &mut Vec<Checked>, claimed: usize) {
    checked.retain(|checked| checked.meaning.is_some());
    let place = |checked: &Checked| order(&checked.likeness, &checked.meaning.unwrap_or_default());
    checked.sort_by(|left, right| place(right).total_cmp(&place(left)).then(left.statement.cmp(&right.statement)));
    let best = checked.first().map_or(0.0, place);
    let second = checked.get(1).map_or(best, place);
    for (rank, checked) in checked.iter_mut().enumerate() {
        let meaning = checked.meaning.unwrap_or_default();
        let lead = place(checked) - if rank == 0 { second } else { best };
        let standing = (meaning.cosine - meaning.mean) / meaning.deviation.max(LEAST_DEVIATION);
        let sum = CONSTANT
            + SCORE * WEIGHTS.score(&checked.likeness)
            + STANDING * standing
            + LEAD * lead
            + CLAIMED * checked.likeness.words_in_all.ln_1p();
        checked.likelihood = 1.0 / (1.0 + (-sum).exp());
        checked.verdict = match checked.likelihood {
            _ if claimed < LEAST_CLAIMED => MatchVerdict::Unlike,
            likelihood if likelihood >= MATCH => MatchVerdict::Match,
            likelihood if likelihood >= NEAR => MatchVerdict::Near,
            _ => MatchVerdict::Unlike,
        };
    }
}
