//! Stable keys for new records, made of what they are called.

use std::collections::HashSet;

use crate::{
    model::{Key, RecordKey, RecordKind},
    search::fold,
    store::{Failure, Reader},
};

/// How many characters of a name go into a key.
const LONGEST: usize = 80;

/// A text as it can stand in a key: folded as search folds it, so that "Ørsted" begins with its o; empty where it is of
/// no alphabet with Latin letters.
fn slug(text: &str) -> String {
    let folded = fold(text);
    let groups = folded.split(|character: char| !character.is_ascii_alphanumeric()).filter(|group| !group.is_empty());
    let slug: String = groups.collect::<Vec<_>>().join("-").chars().take(LONGEST).collect();
    slug.trim_end_matches('-').to_owned()
}

/// Gives keys that no record and no proposal has yet.
#[derive(Debug, Default)]
pub(super) struct Keys(HashSet<RecordKey>);

impl Keys {
    pub(super) fn free(&mut self, reader: &Reader<'_>, kind: RecordKind, parts: &[&str]) -> Result<Key, Failure> {
        let words: Vec<String> = parts.iter().map(|part| slug(part)).filter(|part| !part.is_empty()).collect();
        let stem = if words.is_empty() { kind.word().to_owned() } else { words.join("-") };
        let stem: String = stem.chars().take(LONGEST).collect();
        let stem = stem.trim_end_matches('-');
        let mut number = 1;
        loop {
            let text = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
            // Slugs are lower-case letters and digits in groups joined by single hyphens.
            let key: Key = text.parse().map_err(|_| Failure::Unreadable(format!("{text:?} is no key")))?;
            let name = RecordKey::new(kind, key.clone());
            if !self.0.contains(&name) && !reader.key_is_taken(&name)? {
                self.0.insert(name);
                return Ok(key);
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_letters_and_digits_in_groups() {
        for (text, slug_of_it) in [
            ("São Paulo", "sao-paulo"),
            ("  A.B. & C!", "a-b-c"),
            ("悉尼", ""),
            ("Ｆｕｌｌ ２", "full-2"),
            ("Ørsted", "orsted"),
            ("Łódź, Straße 1", "lodz-strasse-1"),
            ("Москва 2022", "2022"),
        ] {
            assert_eq!(slug(text), slug_of_it);
        }
    }
}
