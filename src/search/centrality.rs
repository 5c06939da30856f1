//! How central a statement is, by what is on record: what a question is answered with first.
//!
//! A part of it is the statement's own, and is computed when it is indexed: who responded to it, and who told it. The
//! rest depends on what is asked: how the statement concerns it, and what else the statement is about. All are weights
//! on one scale, in thousandths, on which one and the same share more of responses is always worth the same. docs/order.md
//! says what each is for.

use std::collections::HashMap;

use super::names::Names;
use crate::{model::EntityId, store::StatementText};

/// How much a party counts that only kept silent, beside one that answered.
const SILENT: f64 = 0.5;

/// How much publishers who told it count, beside those who responded.
const TELLERS: f64 = 0.25;

/// What it is worth that all places of a statement lie in the place that is asked about.
const OWN_PLACE: f64 = 1.0;

/// How much it counts against a statement that its places are rare among those found, where no place is asked about.
const ELSEWHERE: f64 = 0.5;

/// What it costs that what is asked about only responded.
const RESPONDED_ONLY: i64 = 1_500;

/// What it costs that what is asked about neither said it, nor is its subject, nor responded.
const OTHERWISE: i64 = 2_500;

/// What the best match of words is worth before one that has next to none of them.
const WORDS: f64 = 6.0;

/// How central a statement is by itself.
pub(super) fn of_itself(statement: &StatementText) -> u64 {
    let silent = number(statement.silent.len());
    let answered = number(statement.responders.len()) - silent;
    let parties = answered + silent * SILENT;
    thousandths(parties.ln_1p() + TELLERS * number(statement.tellers.len()).ln_1p()).unsigned_abs()
}

/// How a statement concerns what is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    /// It is by or about it, or a part of it.
    Own,
    /// It, or a part of it, responded.
    Responded,
    /// In another way: it published a source, or the text has its name.
    Otherwise,
}

impl Concern {
    /// What it costs.
    pub(super) const fn cost(self) -> i64 {
        match self {
            Self::Own => 0,
            Self::Responded => RESPONDED_ONLY,
            Self::Otherwise => OTHERWISE,
        }
    }
}

/// One thing that is asked about: entities of which any is meant.
#[derive(Debug, Default)]
pub(super) struct AskedFor {
    /// The entities themselves.
    own: Vec<u64>,
    /// They and their parts, in order.
    family: Vec<u64>,
    /// What they lie in.
    wholes: Vec<u64>,
    is_place: bool,
}

impl AskedFor {
    pub(super) fn new(names: &Names, entities: &[EntityId]) -> Self {
        let plain = |id: EntityId| id.0.unsigned_abs();
        let mut family: Vec<u64> = entities.iter().flat_map(|&id| names.family(id)).map(plain).collect();
        family.sort_unstable();
        family.dedup();
        let wholes = entities.iter().flat_map(|&id| names.wholes(id)).map(|whole| plain(whole.id)).collect();
        let is_place = entities.iter().any(|&id| is_place(names, plain(id)));
        let own = entities.iter().map(|&id| plain(id)).collect();
        Self { own, family, wholes, is_place }
    }

    /// Whether it is one of the entities, or what one of them lies in.
    pub(super) fn is_or_lies_in(&self, id: u64) -> bool {
        self.own.contains(&id) || self.wholes.contains(&id)
    }

    pub(super) fn has(&self, id: u64) -> bool {
        self.family.binary_search(&id).is_ok()
    }
}

fn is_place(names: &Names, id: u64) -> bool {
    i64::try_from(id).is_ok_and(|id| names.is_place(EntityId(id)))
}

/// What statements that were found are about, to set each beside the others.
pub(super) struct Together<'a> {
    names: &'a Names,
    asked: &'a [AskedFor],
    asks_for_a_place: bool,
    /// How many of them are about each place, where something is asked about that is no place.
    places: HashMap<u64, usize>,
    all: usize,
}

impl<'a> Together<'a> {
    pub(super) fn new(names: &'a Names, asked: &'a [AskedFor]) -> Self {
        let asks_for_a_place = asked.iter().any(|asked| asked.is_place);
        Self { names, asked, asks_for_a_place, places: HashMap::new(), all: 0 }
    }

    /// Whether what one of them is worth depends on the others, which have to be added first.
    pub(super) const fn minds_others(&self) -> bool {
        !self.asked.is_empty() && !self.asks_for_a_place
    }

    /// Adds the subjects of one of them.
    pub(super) fn add(&mut self, subjects: impl Iterator<Item = u64>) {
        self.all += 1;
        for id in subjects.filter(|&id| is_place(self.names, id)) {
            *self.places.entry(id).or_default() += 1;
        }
    }

    /// What the subjects of one of them are worth.
    pub(super) fn worth(&self, subjects: impl Iterator<Item = u64>) -> i64 {
        if self.asks_for_a_place {
            return self.own(subjects);
        }
        let rarest = if self.places.is_empty() { None } else { subjects.filter_map(|id| self.places.get(&id)).min() };
        rarest.map_or(0, |&rarest| -thousandths(ELSEWHERE * (number(self.all) / number(rarest)).ln()))
    }

    /// Which share of the places that it is about lies in each place asked about. What that lies in says nothing.
    fn own(&self, subjects: impl Iterator<Item = u64>) -> i64 {
        let places: Vec<u64> = subjects.filter(|&id| is_place(self.names, id)).collect();
        let asked = self.asked.iter().filter(|asked| asked.is_place);
        let shares = asked.map(|asked| {
            let own = places.iter().filter(|&&id| asked.has(id)).count();
            let all = places.iter().filter(|id| !asked.wholes.contains(id)).count();
            // A whole is none of its own parts, so that what is its own is among all.
            if all == 0 { 0.0 } else { number(own) / number(all) }
        });
        thousandths(OWN_PLACE * shares.sum::<f64>())
    }
}

/// What a match of words is worth beside the best.
pub(super) fn of_words(score: f32, best: f32) -> i64 {
    if best > 0.0 { thousandths(WORDS * f64::from(score / best)) } else { 0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a statement, and of statements that are ranked, are small")]
const fn number(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "logarithms of counts, and shares, are small")]
fn thousandths(worth: f64) -> i64 {
    (worth * 1_000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(responders: usize, silent: usize, tellers: usize) -> StatementText {
        let ids = |count: usize| (1..).take(count).map(EntityId).collect();
        StatementText {
            responders: ids(responders),
            silent: ids(silent),
            tellers: ids(tellers),
            ..StatementText::default()
        }
    }

    #[test]
    fn each_party_counts_and_silence_counts_half() {
        assert_eq!(of_itself(&statement(0, 0, 0)), 0);
        assert!(of_itself(&statement(2, 0, 1)) > of_itself(&statement(2, 1, 1)));
        assert!(of_itself(&statement(2, 1, 1)) > of_itself(&statement(1, 0, 1)));
        assert_eq!(of_itself(&statement(2, 2, 0)), of_itself(&statement(1, 0, 0)));
        assert!(of_itself(&statement(1, 0, 3)) > of_itself(&statement(1, 0, 1)));
    }

    #[test]
    fn twice_the_responses_are_worth_less_than_a_clearly_better_match() {
        let more = of_itself(&statement(7, 0, 1)) - of_itself(&statement(3, 0, 1));
        assert!(i64::try_from(more).unwrap() < of_words(1.0, 1.0) - of_words(0.8, 1.0));
        assert_eq!(of_words(0.0, 0.0), 0);
    }
}
