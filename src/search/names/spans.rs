//! The spans of words that begin at one place of a text, as keys of names. One walk reads them all: the key of a span goes
//! on where that of the span before it ended, and it ends where no name on record goes on and the world's places have none
//! as long.

use std::ops::Range;

use fst::raw::{CompiledAddr, Fst, Output};

use crate::{
    gazetteer::{Bearers, Gazetteer, KeyHash},
    search::{
        inflected::{BaseForm, base_forms},
        titles::written_out,
        words::Word,
    },
};

/// The most words of a name that is looked for among the world's places.
pub(super) const LONGEST_OF_PLACES: usize = 8;

/// The words of a text in the forms in which they stand in keys, made once.
pub(super) struct KeyWords<'a> {
    words: Vec<KeyWord<'a>>,
    base_forms: Vec<BaseForm<'a>>,
}

/// A word as it stands in keys.
struct KeyWord<'a> {
    alone: &'a str,
    /// Before other words of a name.
    before: &'a str,
    /// As the last of several words of a name.
    last: &'a str,
    /// Its forms without the ending of a case, by their place among those of all words.
    base_forms: Range<usize>,
}

/// How far a key was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyRead {
    /// Where that is among the names on record; `None` where none begins so.
    among_names: Option<(CompiledAddr, Output)>,
    hash: KeyHash,
}

impl<'a> KeyWords<'a> {
    pub(super) fn of(text: &'a [Word]) -> Self {
        let mut all = Vec::new();
        let words = text.iter().map(|word| {
            let from = all.len();
            // Scripts without spaces have no such endings.
            if !word.dense {
                all.extend(base_forms(&word.folded));
            }
            KeyWord {
                alone: &word.folded,
                before: written_out(&word.folded, 0, 2),
                last: written_out(&word.folded, 1, 2),
                base_forms: from..all.len(),
            }
        });
        Self { words: words.collect(), base_forms: all }
    }

    /// The span of so many words, of whose keys those that begin there are given, with each form that its last word may
    /// have by itself.
    pub(super) fn read_base_forms(
        &self,
        first: usize,
        count: usize,
        names: &Fst<Vec<u8>>,
        keys: &[KeyRead],
    ) -> impl Iterator<Item = (KeyRead, BaseForm<'a>)> {
        let range = self.words.get(first + count - 1).map(|word| word.base_forms.clone());
        let forms = range.and_then(|range| self.base_forms.get(range)).unwrap_or_default();
        let lead = match count.checked_sub(2) {
            Some(before) => keys.get(before).map(|before| before.and(names, " ")),
            None => Some(KeyRead::nothing(names)),
        };
        forms.iter().filter_map(move |&(stem, ending)| {
            let read = lead?.and(names, stem).and(names, ending);
            Some((read, (stem, ending)))
        })
    }

    /// Reads the keys of the spans of one word and more that begin at a place: all that may be a name's.
    pub(super) fn read_from(&self, first: usize, names: &Fst<Vec<u8>>, keys: &mut Vec<KeyRead>) {
        keys.clear();
        let mut before = KeyRead::nothing(names);
        for (word, count) in self.words.get(first..).unwrap_or_default().iter().zip(1..) {
            if count > LONGEST_OF_PLACES && before.among_names.is_none() {
                break;
            }
            let read = before.and(names, if count == 1 { word.alone } else { word.last });
            keys.push(read);
            // What is abbreviated stands for something else before another word.
            let same = word.before == if count == 1 { word.alone } else { word.last };
            before = if same { read } else { before.and(names, word.before) }.and(names, " ");
        }
    }
}

impl KeyRead {
    /// Nothing read yet.
    pub(super) fn nothing(names: &Fst<Vec<u8>>) -> Self {
        Self { among_names: Some((names.root().addr(), Output::zero())), hash: KeyHash::EMPTY }
    }

    /// With what follows.
    pub(super) fn and(self, names: &Fst<Vec<u8>>, text: &str) -> Self {
        let go_on = |(at, mut output): (CompiledAddr, Output)| {
            let mut node = names.node(at);
            for byte in text.bytes() {
                let transition = node.transition(node.find_input(byte)?);
                output = output.cat(transition.out);
                node = names.node(transition.addr);
            }
            Some((node.addr(), output))
        };
        Self { among_names: self.among_names.and_then(go_on), hash: self.hash.and(text) }
    }

    /// The value of the name on record that was read.
    pub(super) fn value(self, names: &Fst<Vec<u8>>) -> Option<u64> {
        let (at, output) = self.among_names?;
        let node = names.node(at);
        node.is_final().then(|| output.cat(node.final_output()).value())
    }

    /// The world's places that go by what was read.
    pub(super) fn places(self) -> Option<Bearers> {
        Gazetteer::shipped().named_by(self.hash)
    }

    /// Whether what was read is a name, on record or of one of the world's places.
    pub(super) fn is_a_name(self, names: &Fst<Vec<u8>>, count: usize) -> bool {
        let is_a_place = || count <= LONGEST_OF_PLACES && Gazetteer::shipped().knows(self.hash);
        self.value(names).is_some() || is_a_place()
    }
}

#[cfg(test)]
mod tests {
    use fst::Map;

    use super::*;
    use crate::search::words::{joined, words};

    /// What was read of the keys that begin at each place, against what the look-up of each finds.
    fn check(text: &str, names: &Map<Vec<u8>>) -> Result<(), proptest::test_runner::TestCaseError> {
        let text = words(text);
        let key_words = KeyWords::of(&text);
        let mut keys = Vec::new();
        for first in 0..text.len() {
            key_words.read_from(first, names.as_fst(), &mut keys);
            for count in 1..=text.len() - first {
                let key = joined(&text[first..first + count]);
                let read = keys.get(count - 1).copied();
                proptest::prop_assert_eq!(read.and_then(|read| read.value(names.as_fst())), names.get(&key), "{}", key);
                proptest::prop_assert!(count > LONGEST_OF_PLACES || read.is_some());
                let Some(read) = read else { continue };
                proptest::prop_assert_eq!(read.hash, KeyHash::of(&key), "{}", key);
                let lead = joined(&text[first..first + count - 1]);
                for (read, (stem, ending)) in key_words.read_base_forms(first, count, names.as_fst(), &keys) {
                    let key = format!("{lead} {stem}{ending}");
                    let key = key.trim_start();
                    proptest::prop_assert_eq!(read.value(names.as_fst()), names.get(key), "{}", key);
                    proptest::prop_assert_eq!(read.hash, KeyHash::of(key), "{}", key);
                }
            }
        }
        Ok(())
    }

    proptest::proptest! {
        #[test]
        fn keys_are_read_as_they_are_looked_up(text in "((st|mt|ab|a|悉|尼|x|parizu|праге) ?){0,14}") {
            let names = [
                "a", "a b", "a pariz", "a saint", "a st", "ab mount ab", "ab street", "mount x", "saint a street", "saint saint street",
                "st", "st ab", "x x x x x x x x x", "прага", "悉 尼",
            ];
            let names = Map::from_iter(names.iter().zip(0_u64..)).unwrap();
            check(&text, &names)?;
        }
    }
}
