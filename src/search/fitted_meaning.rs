//! The constants of `check` with a model; not to be edited by hand. This is written by
//! `cargo run --release --example evaluate -- --model MODEL --messages FOLDER --force --fit-meaning src/search/fitted_meaning.rs`.

use super::evidence::MeaningWeights;

/// Where the constants come from.
pub const MEANING_FITTED: &str = "fitted on 2026-11-30 on 313 messages of the part for fitting";

/// The constants.
pub const MEANING_WEIGHTS: MeaningWeights = MeaningWeights {
    cosine: 100.0,
    constant: -9.045,
    score: 0.267,
    standing: 1.108,
    lead: 0.427,
    claimed: 1.590,
    matching: 0.70,
    near: 0.05,
};
