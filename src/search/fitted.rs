//! The constants of `check`; not to be edited by hand. This is written by
//! `cargo run --release --example evaluate -- FOLDER --force --fit src/search/fitted.rs`.

use super::likeness::Weights;

/// Where the constants come from.
pub const FITTED: &str = "fitted on 2026-11-24 on 997 queries of checkthat-2020 (dev, train)";

/// The constants.
pub const WEIGHTS: Weights = Weights { grams: 0.264, constant: -3.819, score: 0.377, share: 4.199 };
