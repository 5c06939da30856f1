//! Stable keys for new records, made of what they are called.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::{
    model::{Key, RecordKey, RecordKind},
    store::{Failure, Reader},
};

/// How many characters of a name go into a key.
const LONGEST: usize = 80;

/// A text as it can stand in a key; empty where nothing of it can.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.nfkd() {
        let lower = character.to_ascii_lowercase();
        if lower.is_ascii_alphanumeric() {
            slug.push(lower);
        } else if !slug.ends_with('-') && !slug.is_empty() && !unicode_normalization::char::is_combining_mark(character)
        {
            slug.push('-');
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
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
            ("Ørsted", "rsted"),
        ] {
            assert_eq!(slug(text), slug_of_it);
        }
    }
}
