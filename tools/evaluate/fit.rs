//! Fits the constants of `check` on judged messages, and says by cross-validation what they are worth.
//!
//! How much grams count beside words maximises the likelihood that each query's relevant statement is
//! the one chosen among its candidates (conditional logit, McFadden 1974). The constants of the
//! likelihood are a logistic regression on the first candidates of each query. Both have a small
//! quadratic penalty, so that they exist for any data.

use onrecord::search::{Likeness, Weights};

use crate::{bootstrap::Random, evaluation::Asked, newton};

/// How many parts the queries are cut into: each is judged by constants fitted on the others.
pub const FOLDS: usize = 5;

/// How many first candidates of a query the logistic regression sees. Those behind are never answers.
const FIRSTS: usize = 3;

/// The weight of the quadratic penalty.
const PENALTY: f64 = 0.01;

const SEED: u64 = 20;

/// Constants fitted on all queries, and what constants fitted on other queries make of each.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The constants.
    pub weights: Weights,
    /// The queries as constants fitted without them order and rate what was found.
    pub held_out: Vec<Asked>,
}

/// Fits on these queries.
#[must_use]
pub fn fit(asked: &[&Asked]) -> Fit {
    let mut random = Random(SEED);
    let folds: Vec<usize> = asked.iter().map(|_| random.below(FOLDS)).collect();
    let mut held_out: Vec<Option<Asked>> = vec![None; asked.len()];
    for fold in 0..FOLDS {
        let others: Vec<&Asked> =
            asked.iter().zip(&folds).filter(|(_, of)| **of != fold).map(|(asked, _)| *asked).collect();
        let weights = fit_on(&others);
        for ((asked, of), place) in asked.iter().zip(&folds).zip(&mut held_out) {
            if *of == fold {
                *place = Some(reordered(asked, &weights));
            }
        }
    }
    Fit { weights: fit_on(asked), held_out: held_out.into_iter().flatten().collect() }
}

/// A query's candidates as these constants order and rate them.
fn reordered(asked: &Asked, weights: &Weights) -> Asked {
    let mut rated: Vec<_> = asked.found.iter().cloned().zip(asked.relevant.iter().copied()).collect();
    rated.sort_by(|left, right| weights.score(&right.0.likeness).total_cmp(&weights.score(&left.0.likeness)));
    for (found, _) in &mut rated {
        found.likelihood = weights.likelihood(&found.likeness);
    }
    let (found, relevant) = rated.into_iter().unzip();
    Asked { found, relevant, ..asked.clone() }
}

fn fit_on(asked: &[&Asked]) -> Weights {
    let measures = |likeness: &Likeness| [likeness.words, likeness.grams];
    let choices: Vec<newton::Choice<2>> = asked
        .iter()
        .filter_map(|asked| {
            let chosen = asked.relevant.iter().position(|relevant| *relevant)?;
            Some(newton::Choice { chosen, among: asked.found.iter().map(|found| measures(&found.likeness)).collect() })
        })
        .collect();
    let [words, grams] = newton::conditional_logit(&choices, PENALTY);
    let mut weights =
        Weights { grams: if words > 0.0 { grams / words } else { 1.0 }, constant: 0.0, score: 0.0, share: 0.0 };
    let mut rows = Vec::new();
    for asked in asked {
        let ordered = reordered(asked, &weights);
        for (found, relevant) in ordered.found.iter().zip(&ordered.relevant).take(FIRSTS) {
            rows.push(([1.0, weights.score(&found.likeness), weights.share(&found.likeness)], *relevant));
        }
    }
    [weights.constant, weights.score, weights.share] = newton::logistic(&rows, PENALTY);
    weights
}

/// The constants as `src/search/fitted.rs` has them.
#[must_use]
pub fn source_of(weights: &Weights, provenance: &str) -> String {
    format!(
        "//! The constants of `check`; not to be edited by hand. This is written by\n\
         //! `cargo run --release --example evaluate -- FOLDER --force --fit src/search/fitted.rs`.\n\
         \n\
         use super::likeness::Weights;\n\
         \n\
         /// Where the constants come from.\n\
         pub const FITTED: &str = {provenance:?};\n\
         \n\
         /// The constants.\n\
         pub const WEIGHTS: Weights = \
         Weights {{ grams: {:.3}, constant: {:.3}, score: {:.3}, share: {:.3} }};\n",
        weights.grams, weights.constant, weights.score, weights.share
    )
}
