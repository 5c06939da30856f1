//! Fits the constants of the decision with a model on judged messages, and says by cross-validation what they are worth.
//!
//! How much the cosine counts in the order is a conditional logit, the likelihood a logistic regression on the first
//! candidates of each message, as in `fit.rs`. Candidates whose facts are others are left out of that: facts are compared
//! after the decision, and to it these look like matches.

use onrecord::search::{MEANING_WEIGHTS, MeaningWeights, WEIGHTS};

use crate::{
    bootstrap::Random,
    fit::FOLDS,
    messages::{Candidate, Looked},
    newton,
};

/// How many first candidates of a message the logistic regression sees, and an answer has.
const FIRSTS: usize = 3;

/// The weight of the quadratic penalty.
const PENALTY: f64 = 0.01;

const SEED: u64 = 20;

/// What a cosine is multiplied by for the fit, so that the penalty weighs on it as on the score.
const COSINE_UNIT: f64 = 100.0;

/// Which share of the matches has to be right.
const PRECISION: f64 = 0.97;

/// Which share of small talk may be shown anything near at most.
const SMALL_TALK: f64 = 0.02;

/// The steps that thresholds are chosen from.
const STEPS: u32 = 100;

/// How a message's first candidates were rated.
pub type Rated = Vec<RatedCandidate>;

/// How likely a candidate was said to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatedCandidate {
    /// The likelihood.
    pub likelihood: f64,
    /// Whether it answers the message.
    pub right: bool,
    /// Whether its facts are others.
    pub contradicted: bool,
}

/// Constants fitted on all messages, and the first candidates of each as constants fitted on others rate them.
#[derive(Debug)]
pub struct MeaningFit {
    /// The constants, with thresholds chosen on what was held out.
    pub weights: MeaningWeights,
    /// Each message's first candidates, rated without it.
    pub held_out: Vec<Rated>,
}

/// What comes of a threshold, for matches, and for what is shown, as a match or near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeaningPoint {
    /// From which likelihood on something is a match, or shown.
    pub threshold: f64,
    /// Of the messages that something on record answers, the share that it matches.
    pub right: f64,
    /// Of the messages that anything matches, the share that nothing right does.
    pub wrong: f64,
    /// Of the messages near the topic, the share that anything matches.
    pub near_topic: f64,
    /// Of small talk, the share that anything matches.
    pub small_talk: f64,
    /// Of the messages that something on record answers, the share that is shown it.
    pub shown_right: f64,
    /// Of small talk, the share that is shown anything.
    pub small_talk_shown: f64,
}

/// Fits on these messages.
#[must_use]
pub fn fit_meaning(looked: &[Looked]) -> MeaningFit {
    let mut random = Random(SEED);
    let folds: Vec<usize> = looked.iter().map(|_| random.below(FOLDS)).collect();
    let of_folds: Vec<MeaningWeights> = (0..FOLDS)
        .map(|fold| {
            let others = looked.iter().zip(&folds).filter(|(_, of)| **of != fold);
            fit_on(&others.map(|(looked, _)| looked).collect::<Vec<_>>())
        })
        .collect();
    let held_out: Vec<Rated> =
        looked.iter().zip(&folds).filter_map(|(looked, fold)| Some(rated(looked, of_folds.get(*fold)?))).collect();
    let mut weights = fit_on(&looked.iter().collect::<Vec<_>>());
    let points = curve(looked, &held_out);
    // The lowest threshold from which on all are good enough.
    let from = |good: &dyn Fn(&MeaningPoint) -> bool| {
        points.iter().rev().take_while(|point| good(point)).last().map_or(1.0, |point| point.threshold)
    };
    weights.matching = from(&|point| point.wrong <= 1.0 - PRECISION);
    weights.near = from(&|point| point.small_talk_shown <= SMALL_TALK).min(weights.matching);
    MeaningFit { weights, held_out }
}

/// A message's first candidates in the order of these constants, as they rate them.
#[must_use]
pub fn rated(looked: &Looked, weights: &MeaningWeights) -> Rated {
    let ordered = ordered(looked, weights);
    let pairs: Vec<_> = ordered.iter().map(|candidate| (candidate.likeness, candidate.meaning)).collect();
    let evidence = weights.evidence(&pairs);
    let likelihood = |evidence| if looked.claims { weights.likelihood(evidence) } else { 0.0 };
    let rate = |(evidence, of): (_, &Candidate)| RatedCandidate {
        likelihood: likelihood(evidence),
        right: of.right,
        contradicted: of.contradicted,
    };
    evidence.iter().zip(&ordered).take(FIRSTS).map(rate).collect()
}

fn ordered(looked: &Looked, weights: &MeaningWeights) -> Vec<Candidate> {
    let place = |candidate: &Candidate| weights.place(&candidate.likeness, &candidate.meaning);
    let mut ordered = looked.candidates.clone();
    ordered.sort_by(|left, right| place(right).total_cmp(&place(left)));
    ordered
}

fn fit_on(looked: &[&Looked]) -> MeaningWeights {
    let measures = |candidate: &Candidate| [WEIGHTS.score(&candidate.likeness), COSINE_UNIT * candidate.meaning.cosine];
    let choices: Vec<newton::Choice<2>> = looked
        .iter()
        .filter_map(|looked| {
            let chosen = looked.candidates.iter().position(|candidate| candidate.right)?;
            Some(newton::Choice { chosen, among: looked.candidates.iter().map(measures).collect() })
        })
        .collect();
    let [score, cosine] = newton::conditional_logit(&choices, PENALTY);
    let ratio = if score > 0.0 { cosine / score } else { 1.0 };
    let mut weights = MeaningWeights { cosine: COSINE_UNIT * ratio, ..MEANING_WEIGHTS };
    let mut rows = Vec::new();
    for looked in looked.iter().filter(|looked| looked.claims) {
        let ordered = ordered(looked, &weights);
        let pairs: Vec<_> = ordered.iter().map(|candidate| (candidate.likeness, candidate.meaning)).collect();
        for (evidence, candidate) in weights.evidence(&pairs).iter().zip(&ordered).take(FIRSTS) {
            if candidate.contradicted {
                continue;
            }
            let measures = [1.0, evidence.score, evidence.standing, evidence.lead, evidence.claimed];
            rows.push((measures, candidate.right));
        }
    }
    [weights.constant, weights.score, weights.standing, weights.lead, weights.claimed] =
        newton::logistic(&rows, PENALTY);
    weights
}

#[expect(clippy::cast_precision_loss, reason = "a judged set has far fewer than 2^52 messages")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What comes of each threshold from 0.01 to 1.
#[must_use]
pub fn curve(looked: &[Looked], rated: &[Rated]) -> Vec<MeaningPoint> {
    (1..=STEPS)
        .map(|step| {
            let threshold = f64::from(step) / f64::from(STEPS);
            let shown = |rated: &RatedCandidate| rated.likelihood >= threshold;
            let matches = |rated: &RatedCandidate| shown(rated) && !rated.contradicted;
            let is_right = |rated: &RatedCandidate| rated.right;
            let all = looked.iter().zip(rated);
            let count =
                |of: &dyn Fn(&RatedCandidate) -> bool| rated.iter().filter(|rated| rated.iter().any(of)).count();
            let of_kind = |kind: &str, is: &dyn Fn(&RatedCandidate) -> bool| {
                let of: Vec<&Rated> =
                    all.clone().filter(|(looked, _)| looked.kind == kind).map(|(_, rated)| rated).collect();
                share(of.iter().filter(|rated| rated.iter().any(is)).count(), of.len())
            };
            let answerable = looked.iter().filter(|looked| looked.answerable).count();
            let matched = count(&matches);
            let right = count(&|rated| matches(rated) && is_right(rated));
            MeaningPoint {
                threshold,
                right: share(right, answerable),
                wrong: share(matched - right, matched),
                near_topic: of_kind("near-topic", &matches),
                small_talk: of_kind("small-talk", &matches),
                shown_right: share(count(&|rated| shown(rated) && is_right(rated)), answerable),
                small_talk_shown: of_kind("small-talk", &shown),
            }
        })
        .collect()
}

/// The constants as `src/search/fitted_meaning.rs` has them.
#[must_use]
pub fn source_of(weights: &MeaningWeights, provenance: &str) -> String {
    let MeaningWeights { cosine, constant, score, standing, lead, claimed, matching, near } = weights;
    format!(
        "//! The constants of `check` with a model; not to be edited by hand. This is written by\n\
         //! `cargo run --release --example evaluate -- --model MODEL --messages FOLDER --force --fit-meaning src/search/fitted_meaning.rs`.\n\
         \n\
         use super::evidence::MeaningWeights;\n\
         \n\
         /// Where the constants come from.\n\
         pub const MEANING_FITTED: &str = {provenance:?};\n\
         \n\
         /// The constants.\n\
         pub const MEANING_WEIGHTS: MeaningWeights = MeaningWeights {{\n    \
             cosine: {cosine:.1},\n    \
             constant: {constant:.3},\n    \
             score: {score:.3},\n    \
             standing: {standing:.3},\n    \
             lead: {lead:.3},\n    \
             claimed: {claimed:.3},\n    \
             matching: {matching:.2},\n    \
             near: {near:.2},\n\
         }};\n"
    )
}
