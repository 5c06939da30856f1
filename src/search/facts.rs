//! Numbers, years and places that a message states, held against those of an entry: "202 centres" is another claim than
//! "102 stations", and one in Sydney another than one in Cape Town, however much else is the same.

use std::collections::BTreeSet;

use super::{
    Snapshot,
    clean::clean,
    content::with_numbers,
    names::Names,
    words::{Word, words},
};
use crate::{
    gazetteer::{Gazetteer, PlaceKind, PlaceNumber},
    model::EntityId,
};

/// The numbers that are years rather than counts.
const YEARS: std::ops::RangeInclusive<u64> = 1900..=2099;

/// Up to which number one says nothing much: "one of the two".
const SMALL: u64 = 2;

/// What a text states in numbers and places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatedFacts {
    numbers: BTreeSet<u64>,
    years: BTreeSet<u64>,
    places: BTreeSet<PlaceNumber>,
    /// The places that those lie in, as far as the records say so.
    wholes: BTreeSet<PlaceNumber>,
}

impl Snapshot {
    /// What a message as people write it states.
    #[must_use]
    pub fn facts_of_message(&self, message: &str) -> StatedFacts {
        self.facts(&[&clean(message).body], &[])
    }

    /// What the texts of an entry state, and the entities that it is about.
    #[must_use]
    pub fn facts(&self, texts: &[&str], about: &[EntityId]) -> StatedFacts {
        let mut facts = StatedFacts::default();
        for text in texts {
            let words = words(text);
            facts.add_numbers(&words);
            for name in self.names.find_in(&words) {
                match name.entities.first() {
                    Some(entity) => facts.add_entity(&self.names, *entity),
                    None => facts.places.extend(name.places.first()),
                }
            }
        }
        for entity in about {
            facts.add_entity(&self.names, *entity);
        }
        facts
    }
}

impl StatedFacts {
    fn add_numbers(&mut self, words: &[Word]) {
        for word in with_numbers(words) {
            match word.folded.parse::<u64>() {
                Ok(year) if YEARS.contains(&year) => self.years.insert(year),
                Ok(number) => self.numbers.insert(number),
                Err(_) => false,
            };
        }
    }

    fn add_entity(&mut self, names: &Names, entity: EntityId) {
        self.places.extend(names.places().place(entity));
        let wholes = names.wholes(entity).into_iter().filter_map(|whole| names.places().place(whole.id));
        self.wholes.extend(wholes);
    }

    /// Whether these, a message's, contradict those of an entry: a number, year or place that it hasn't, where it has
    /// another of the kind that the message hasn't. What only one of the two states contradicts nothing.
    #[must_use]
    pub fn contradict(&self, entry: &Self) -> bool {
        let differ = |own: &BTreeSet<u64>, others: &BTreeSet<u64>, least: u64| {
            own.iter().any(|number| *number > least && !others.contains(number))
                && others.iter().any(|number| !own.contains(number))
        };
        differ(&self.numbers, &entry.numbers, SMALL)
            || (self.years.is_disjoint(&entry.years) && differ(&self.years, &entry.years, 0))
            || self.places.iter().any(|place| self.is_elsewhere(*place, entry))
    }

    /// Whether one of these places is none of the entry's, which is at another of the same kind.
    fn is_elsewhere(&self, place: PlaceNumber, entry: &Self) -> bool {
        let gazetteer = Gazetteer::shipped();
        let Some(known) = gazetteer.place(place) else { return false };
        let of_entry = |other: PlaceNumber| entry.places.contains(&other) || entry.wholes.contains(&other);
        // Governments go by their capitals.
        let is_meant = of_entry(place)
            || entry.places.iter().any(|other| gazetteer.lies_in(*other, place))
            || (known.capital && gazetteer.country(place).is_some_and(of_entry));
        !is_meant
            && known.kind != PlaceKind::Continent
            && entry.places.iter().any(|other| {
                let is_of_the_kind = gazetteer.place(*other).is_some_and(|other| other.kind == known.kind);
                let is_the_message_s = self.places.contains(other) || self.wholes.contains(other);
                is_of_the_kind && !is_the_message_s && !gazetteer.lies_in(place, *other)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> StatedFacts {
        let mut facts = StatedFacts::default();
        facts.add_numbers(&words(text));
        facts
    }

    fn at(names: &[&str]) -> StatedFacts {
        let place = |name: &&str| Gazetteer::shipped().named(name).and_then(|bearers| bearers.places.first().copied());
        StatedFacts { places: names.iter().filter_map(place).collect(), ..StatedFacts::default() }
    }

    #[test]
    fn another_number_contradicts_and_a_missing_one_does_not() {
        let entry = numbers("In 2022 the report counted 102 stations in fifty-three countries.");
        for (message, contradicts) in [
            ("202 stations in 53 countries", true),
            ("102 stations in 53 countries", false),
            ("stations in fifty three countries", false),
            ("one of the two reports", false),
            ("in 2021 they counted 102 in 53", true),
            ("in 2022 they counted stations", false),
            ("they counted stations", false),
        ] {
            assert_eq!(numbers(message).contradict(&entry), contradicts, "{message}");
        }
        assert!(!numbers("202 stations").contradict(&StatedFacts::default()));
    }

    #[test]
    fn another_place_of_the_kind_contradicts() {
        for (message, entry, contradicts) in [
            (&["cork"][..], &["dublin"][..], true),
            (&["cork", "ireland"], &["dublin", "ireland"], true),
            (&["ireland"], &["dublin"], false),
            (&["dublin"], &["ireland"], false),
            (&["berlin"], &["germany", "france"], false),
            (&["germany"], &["france"], true),
            (&["germany"], &[], false),
        ] {
            assert_eq!(at(message).contradict(&at(entry)), contradicts, "{message:?} {entry:?}");
        }
    }
}
