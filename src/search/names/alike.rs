//! Which of many keys are few edits away from a text: told by their lengths and letters first, which rules nearly all of
//! them out, and only then letter by letter. An automaton of what was typed would take longer to make than that.

use fst::Map;

/// How many edits away a key may be at most.
pub(super) const MOST_EDITS: u8 = 2;

/// The width of the diagonal of a table of distances outside which more than [`MOST_EDITS`] edits lie.
const BAND: usize = 2 * MOST_EDITS as usize + 1;

/// A distance that is more than any that is looked for.
const FAR: u8 = u8::MAX / 2;

/// The lengths and letters of all keys of a table.
#[derive(Debug)]
pub(super) struct KeyLetters {
    /// The letters of each key and its value, the shorter keys first.
    keys: Vec<(Letters, u64)>,
    /// Where the keys of each length in characters begin, and where the last end.
    lengths: Vec<usize>,
}

/// Which letters a text has, in 32 classes: a bit for those that it has and one for those that it has more than once. An
/// edit takes at most one bit away and adds at most one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letters(u64);

impl Letters {
    fn of(text: &str) -> Self {
        const CLASSES: u32 = 32;
        let mut letters = 0;
        for letter in text.chars() {
            let once = 1_u64 << (u32::from(letter) % CLASSES);
            letters |= once | (letters & once) << CLASSES;
        }
        Self(letters)
    }

    /// Whether so many edits may make one of the other.
    fn may_be_near(self, other: Self, edits: u8) -> bool {
        let few = |mut letters: u64| {
            for _ in 0..edits {
                letters &= letters.wrapping_sub(1);
            }
            letters == 0
        };
        few(self.0 & !other.0) && few(other.0 & !self.0)
    }
}

impl KeyLetters {
    /// Of keys, each with its value.
    pub(super) fn of<'a>(keys: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut by_length: Vec<(usize, Letters, u64)> =
            keys.map(|(key, value)| (key.chars().count(), Letters::of(key), value)).collect();
        by_length.sort_by_key(|(length, ..)| *length);
        let longest = by_length.last().map_or(0, |(length, ..)| *length);
        let lengths =
            (0..=longest + 1).map(|length| by_length.partition_point(|(other, ..)| *other < length)).collect();
        Self { keys: by_length.into_iter().map(|(_, letters, value)| (letters, value)).collect(), lengths }
    }

    /// The values of the keys that are nearest to a text, at most so many edits away. What is one edit away counts as
    /// much as the text itself.
    pub(super) fn nearest(&self, keys: &Map<Vec<u8>>, text: &str, edits: u8) -> Vec<u64> {
        let edits = edits.min(MOST_EDITS);
        if edits == 0 {
            return Vec::new();
        }
        let typed: Vec<char> = text.chars().collect();
        let letters = Letters::of(text);
        let start = |length: usize| self.lengths.get(length).copied().unwrap_or(self.keys.len());
        let from = start(typed.len().saturating_sub(edits.into()));
        let to = start(typed.len() + usize::from(edits) + 1);
        let mut least = edits;
        let mut nearest = Vec::new();
        let mut key = Vec::new();
        let mut other = Vec::new();
        for (of_key, value) in self.keys.get(from..to).unwrap_or_default() {
            if !letters.may_be_near(*of_key, least) {
                continue;
            }
            key.clear();
            if !keys.as_fst().get_key_into(*value, &mut key) {
                continue;
            }
            other.clear();
            other.extend(std::str::from_utf8(&key).unwrap_or_default().chars());
            let Some(distance) = distance(&typed, &other, least).map(|distance| distance.max(1)) else { continue };
            if distance < least {
                least = distance;
                nearest.clear();
            }
            nearest.push(*value);
        }
        nearest
    }
}

/// How many edits make one text of the other, where they are at most so many: a letter more, a letter less, another letter,
/// or two neighbours swapped, no letter twice.
fn distance(left: &[char], right: &[char], most: u8) -> Option<u8> {
    let (left, right) = without_common_ends(left, right);
    let most = most.min(MOST_EDITS);
    if left.len().abs_diff(right.len()) > most.into() {
        return None;
    }
    // Of the table of distances between the beginnings of both, the row of one letter of `left` after the other, as far
    // as it is near the diagonal.
    let middle = usize::from(MOST_EDITS);
    let mut before_last = [FAR; BAND];
    let mut last = [FAR; BAND];
    for (cell, count) in last.iter_mut().skip(middle).zip(0..) {
        *cell = count;
    }
    for (at, letter) in left.iter().enumerate() {
        let mut row = [FAR; BAND];
        for place in 0..BAND {
            // How many letters of `right` are read in this cell.
            let Some(read) = (at + 1 + place).checked_sub(middle).filter(|read| *read <= right.len()) else { continue };
            let cell = |row: &[u8; BAND], place: usize| row.get(place).copied().unwrap_or(FAR);
            let other = read.checked_sub(1).and_then(|read| right.get(read));
            let mut least = cell(&last, place + 1) + 1;
            if let Some(other) = other {
                least = least.min(cell(&last, place) + u8::from(other != letter));
                least = least.min(place.checked_sub(1).map_or(FAR, |place| cell(&row, place)) + 1);
                let swapped = at.checked_sub(1).and_then(|at| left.get(at)) == Some(other)
                    && read.checked_sub(2).and_then(|read| right.get(read)) == Some(letter);
                if swapped {
                    least = least.min(cell(&before_last, place) + 1);
                }
            }
            if let Some(cell) = row.get_mut(place) {
                *cell = least.min(FAR);
            }
        }
        if row.iter().all(|distance| *distance > most) && last.iter().all(|distance| *distance >= most) {
            return None;
        }
        (before_last, last) = (last, row);
    }
    let end = (middle + right.len()).checked_sub(left.len())?;
    last.get(end).copied().filter(|distance| *distance <= most)
}

/// Two texts without what both begin with and what both end in.
fn without_common_ends<'a>(left: &'a [char], right: &'a [char]) -> (&'a [char], &'a [char]) {
    let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let (left, right) = (left.get(same..).unwrap_or_default(), right.get(same..).unwrap_or_default());
    let same = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    (left.get(..left.len() - same).unwrap_or_default(), right.get(..right.len() - same).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::LazyLock};

    use fst::{IntoStreamer, Streamer};
    use levenshtein_automata::LevenshteinAutomatonBuilder;

    use super::*;

    #[test]
    fn edits_are_counted() {
        for (left, right, expected) in [
            ("sydney", "sydney", Some(0)),
            ("sydney", "sidney", Some(1)),
            ("sydney", "sydny", Some(1)),
            ("sydney", "sydnney", Some(1)),
            ("sydney", "syndey", Some(1)),
            ("sydney", "sindey", Some(2)),
            ("ca", "abc", None),
            ("", "ab", Some(2)),
            ("abc", "", None),
            ("悉尼", "尼悉", Some(1)),
        ] {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&letters(left), &letters(right), 2), expected, "{left} {right}");
        }
    }

    proptest::proptest! {
        /// The automata of the literature find the same.
        #[test]
        fn the_nearest_are_those_that_an_automaton_finds(
            keys in proptest::collection::btree_set("[abcé悉]{0,7}", 0..40),
            text in "[abcé悉]{0,7}",
            edits in 1_u8..=2,
        ) {
            static AUTOMATA: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
                LazyLock::new(|| [1, 2].map(|edits| LevenshteinAutomatonBuilder::new(edits, true)));
            let letters = KeyLetters::of(keys.iter().map(String::as_str).zip(0..));
            let keys = Map::from_iter(keys.iter().zip(0_u64..)).unwrap();
            let expected = AUTOMATA.iter().take(edits.into()).find_map(|automata| {
                let mut stream = keys.search(automata.build_dfa(&text)).into_stream();
                let mut values = BTreeSet::new();
                while let Some((_, value)) = stream.next() {
                    values.insert(value);
                }
                (!values.is_empty()).then_some(values)
            });
            let found: BTreeSet<u64> = letters.nearest(&keys, &text, edits).into_iter().collect();
            proptest::prop_assert_eq!(found, expected.unwrap_or_default());
        }
    }
}
