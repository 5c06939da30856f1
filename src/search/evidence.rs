//! What speaks for a candidate where a model says what texts mean, and how likely that makes a match.

use super::{
    fitted::WEIGHTS,
    likeness::{Likeness, MeaningLikeness},
};

/// The least deviation that cosines are standardised by: with a single entry there is none.
const LEAST_DEVIATION: f64 = 0.001;

/// The fitted constants of the decision with a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeaningWeights {
    /// How much the cosine counts beside the score of words and grams in the order.
    pub cosine: f64,
    /// The logistic function's constant.
    pub constant: f64,
    /// What a unit of the score of words and grams adds to it.
    pub score: f64,
    /// What a unit of the standardised cosine adds to it.
    pub standing: f64,
    /// What a unit of the lead over the next candidate adds to it.
    pub lead: f64,
    /// What the message's claiming much adds to it.
    pub claimed: f64,
    /// From which likelihood on a message matches an entry.
    pub matching: f64,
    /// From which on an entry is near.
    pub near: f64,
}

/// What speaks for a candidate, as the logistic function takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The score of words and grams.
    pub score: f64,
    /// The cosine standardised over all wordings on record.
    pub standing: f64,
    /// How far it is before the next one in the order; of those behind the first, how far behind the first, below 0.
    pub lead: f64,
    /// The logarithm of what the message's content words weigh.
    pub claimed: f64,
}

impl MeaningWeights {
    /// By how much candidates are ordered.
    #[must_use]
    pub fn place(&self, likeness: &Likeness, meaning: &MeaningLikeness) -> f64 {
        WEIGHTS.score(likeness) + self.cosine * meaning.cosine
    }

    /// What speaks for each of these candidates, which are in order, the best first.
    #[must_use]
    pub fn evidence(&self, candidates: &[(Likeness, MeaningLikeness)]) -> Vec<Evidence> {
        let place = |candidate: &(Likeness, MeaningLikeness)| self.place(&candidate.0, &candidate.1);
        let best = candidates.first().map_or(0.0, place);
        let second = candidates.get(1).map_or(best, place);
        let evidence = candidates.iter().enumerate().map(|(rank, candidate)| {
            let (likeness, meaning) = candidate;
            Evidence {
                score: WEIGHTS.score(likeness),
                standing: (meaning.cosine - meaning.mean) / meaning.deviation.max(LEAST_DEVIATION),
                lead: place(candidate) - if rank == 0 { second } else { best },
                claimed: likeness.words_in_all.ln_1p(),
            }
        });
        evidence.collect()
    }

    /// How likely it is, from 0 to 1, that the message repeats or speaks of the candidate.
    #[must_use]
    pub fn likelihood(&self, evidence: &Evidence) -> f64 {
        let sum = self.constant
            + self.score * evidence.score
            + self.standing * evidence.standing
            + self.lead * evidence.lead
            + self.claimed * evidence.claimed;
        1.0 / (1.0 + (-sum).exp())
    }
}
