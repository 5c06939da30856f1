//! The measures of a ranking, as evaluations of retrieval define them, and how long it took.

use std::time::Duration;

use crate::{bootstrap::Estimate, evaluation::Asked};

/// The measures of one query. Means over queries give MAP, MRR and so on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    values: [f64; 7],
}

impl Measures {
    /// What the values are called once they are means, in order.
    pub const NAMES: [&'static str; 7] = ["MAP@1", "MAP@3", "MAP@5", "MAP@10", "MRR@10", "P@1", "R@10"];

    /// The measures of a query; all are 0 for one to which nothing is relevant.
    #[must_use]
    pub fn of(asked: &Asked) -> Self {
        let relevant = &asked.relevant;
        let all = asked.relevant_in_all;
        Self {
            values: [
                average_precision(relevant, all, 1),
                average_precision(relevant, all, 3),
                average_precision(relevant, all, 5),
                average_precision(relevant, all, 10),
                reciprocal_rank(relevant, 10),
                if relevant.first() == Some(&true) { 1.0 } else { 0.0 },
                recall(relevant, all, 10),
            ],
        }
    }

    /// The values in the order of [`Measures::NAMES`].
    #[must_use]
    pub const fn values(&self) -> [f64; 7] {
        self.values
    }
}

/// The measures of a set's queries with their intervals.
#[must_use]
pub fn measured(asked: &[&Asked]) -> Vec<(&'static str, Estimate)> {
    let all: Vec<Measures> = asked.iter().map(|asked| Measures::of(asked)).collect();
    Measures::NAMES
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let values: Vec<f64> = all.iter().map(|measures| measures.values()[place]).collect();
            (*name, Estimate::of(&values))
        })
        .collect()
}

/// The middle and the 99th percentile of how long the queries took.
#[must_use]
pub fn latencies<'a>(asked: impl IntoIterator<Item = &'a Asked>) -> (Duration, Duration) {
    let mut all: Vec<Duration> = asked.into_iter().map(|asked| asked.took).collect();
    all.sort_unstable();
    let at = |share: usize| all.get((all.len() * share / 100).min(all.len().saturating_sub(1))).copied();
    (at(50).unwrap_or_default(), at(99).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "ranks and counts are small")]
const fn real(number: usize) -> f64 {
    number as f64
}

/// The mean of the precisions at the ranks of the relevant ones among the first `depth` (average
/// precision cut at a depth, over the relevant ones that could be there).
fn average_precision(relevant: &[bool], all: usize, depth: usize) -> f64 {
    let mut found = 0;
    let mut sum = 0.0;
    for (rank, _) in (1..).zip(relevant.iter().take(depth)).filter(|(_, relevant)| **relevant) {
        found += 1;
        sum += real(found) / real(rank);
    }
    if all == 0 { 0.0 } else { sum / real(all.min(depth)) }
}

fn reciprocal_rank(relevant: &[bool], depth: usize) -> f64 {
    relevant.iter().take(depth).position(|relevant| *relevant).map_or(0.0, |rank| 1.0 / real(rank + 1))
}

fn recall(relevant: &[bool], all: usize, depth: usize) -> f64 {
    let found = relevant.iter().take(depth).filter(|relevant| **relevant).count();
    if all == 0 { 0.0 } else { real(found) / real(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(relevant: &[bool], all: usize) -> [f64; 7] {
        Measures::of(&Asked {
            query: String::new(),
            found: Vec::new(),
            relevant: relevant.to_vec(),
            relevant_in_all: all,
            took: Duration::ZERO,
        })
        .values()
    }

    #[test]
    fn the_measures_are_those_of_the_textbook() {
        assert_eq!(of(&[true], 1), [1.0; 7]);
        assert_eq!(of(&[], 1), [0.0; 7]);
        assert_eq!(of(&[false, false], 0), [0.0; 7]);
        // Second of two relevant ones at rank 4: (1/1 + 2/4) / 2.
        assert_eq!(of(&[true, false, false, true], 2), [1.0, 0.5, 0.75, 0.75, 1.0, 1.0, 1.0]);
        // The only relevant one at rank 4: not among the first three.
        assert_eq!(of(&[false, false, false, true], 1), [0.0, 0.0, 0.25, 0.25, 0.25, 0.0, 1.0]);
    }
}
