//! Runs of four characters, spaces and all: they meet where words don't, through endings, compounds,
//! typos and word order.

use crate::model::StatementId;
use std::collections::{HashMap, hash_map::Entry};

/// How many characters a gram has.
pub(super) const LENGTH: usize = 4;

/// Up to which statement every one has its grams in the index; beyond, one in [`EVERY`]. They are only
/// counted there, to know which are rare, and a sample of these sizes tells that as well as all.
const ALL_UP_TO: i64 = 50_000;
const EVERY: i64 = 20;

/// The term that every statement of the sample has.
pub(super) const SAMPLED: &str = "";

/// Whether the index counts the grams of this statement.
pub(super) const fn is_sampled(statement: StatementId) -> bool {
    statement.0 <= ALL_UP_TO || statement.0 % EVERY == 0
}

/// The grams of folded words with a space between, before and after them.
pub(super) fn grams(letters: &str) -> impl Iterator<Item = String> {
    let characters: Vec<char> = std::iter::once(' ').chain(letters.chars()).chain(std::iter::once(' ')).collect();
    let count = characters.len().saturating_sub(LENGTH - 1);
    (0..count).map(move |at| characters.get(at..at + LENGTH).unwrap_or_default().iter().collect())
}

/// A gram as a number: its characters' codes, 16 bits each. Only characters beyond Unicode's basic
/// plane, rare scripts that is, may share a number with others.
fn number_of(gram: &str) -> u64 {
    gram.chars().fold(0, slide)
}

/// From the number of a gram to that of the gram one character on. The first of four characters is shifted out.
fn slide(number: u64, next: char) -> u64 {
    (number << 16) ^ u64::from(u32::from(next))
}

/// The grams of a message, each with its weight, ready to be looked for in many texts.
#[derive(Debug, Default)]
pub(super) struct SoughtGrams {
    /// In the order of the message.
    weights: Vec<f64>,
    places: HashMap<u64, usize, std::hash::BuildHasherDefault<Mixer>>,
}

impl SoughtGrams {
    /// Adds a gram.
    pub(super) fn add(&mut self, gram: &str, weight: f64) {
        if let Entry::Vacant(place) = self.places.entry(number_of(gram)) {
            place.insert(self.weights.len());
            self.weights.push(weight);
        }
    }

    /// Whether a gram was added.
    pub(super) fn has(&self, gram: &str) -> bool {
        self.places.contains_key(&number_of(gram))
    }

    /// What the grams that a text has in common with the message weigh: BM25 (Robertson and Zaragoza
    /// 2009) with its usual constants, `mean` being how many grams a text has on average.
    pub(super) fn weigh(&self, letters: &str, mean: f64) -> f64 {
        const K1: f64 = 1.2;
        const B: f64 = 0.75;
        let mut counts = vec![0_u32; self.weights.len()];
        let mut length = 0_u32;
        let mut number = 0;
        for (at, character) in std::iter::once(' ').chain(letters.chars()).chain(std::iter::once(' ')).enumerate() {
            number = slide(number, character);
            if at + 1 < LENGTH {
                continue;
            }
            length += 1;
            if let Some(count) = self.places.get(&number).and_then(|&place| counts.get_mut(place)) {
                *count += 1;
            }
        }
        let norm = K1 * (1.0 - B + B * f64::from(length) / mean.max(1.0));
        // Added up in the order of the message, so that the sum is the same to the last bit every time.
        let found = self.weights.iter().zip(counts).filter(|(_, count)| *count > 0);
        found
            .map(|(weight, count)| {
                let count = f64::from(count);
                weight * count * (K1 + 1.0) / (count + norm)
            })
            .sum()
    }
}

/// Mixes the bits of a gram's number (the multiplier of splitmix64): quicker than a hash that must
/// withstand attackers, of whom a message of bounded length has no use for one.
#[derive(Debug, Default)]
struct Mixer(u64);

impl std::hash::Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        self.0 = mixed ^ (mixed >> 27);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_run_over_the_spaces() {
        assert_eq!(grams("a bc").collect::<Vec<_>>(), [" a b", "a bc", " bc "]);
        assert_eq!(grams("悉尼").collect::<Vec<_>>(), [" 悉尼 "]);
        assert_eq!(grams("").count(), 0);
    }

    #[test]
    fn what_is_shared_weighs_and_the_rest_does_not() {
        let mut sought = SoughtGrams::default();
        for gram in grams("port ellery") {
            sought.add(&gram, 2.0);
        }
        assert!(sought.weigh("the port ellery ferry", 20.0) > sought.weigh("the port of ely", 20.0));
        assert!(sought.weigh("zzzz", 20.0).abs() < f64::EPSILON);
        // A single shared gram in a text of mean length weighs what it was said to weigh.
        let mut one = SoughtGrams::default();
        one.add("port", 2.0);
        assert!((one.weigh("port", 3.0) - 2.0).abs() < 1e-9);
    }
}
