//! A text as the model sees it: its letters and digits in small letters, accents and all. Texts that differ only in
//! their marks then have one vector, and change no places.

use sha2::{Digest, Sha256};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::super::remarks::adds_nothing;

/// What tells texts apart: the beginning of the SHA-256 of what the model sees.
pub(super) type SeenKey = [u8; KEY];

/// How many bytes a key has.
pub(super) const KEY: usize = 16;

/// How many parts of a message are looked at beside the whole. Each costs as much as a message of its length.
const MOST_PARTS: usize = 4;

/// From how many words on a sentence may be a claim of its own.
const LEAST_WORDS: usize = 4;

/// From how many characters on it may be one in scripts without spaces.
const LEAST_CHARACTERS: usize = 8;

/// What the model sees of a text.
pub(super) fn seen(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut parted = false;
    for character in text.nfkc() {
        if !character.is_alphanumeric() && !is_combining_mark(character) {
            parted = true;
            continue;
        }
        if parted && !seen.is_empty() {
            seen.push(' ');
        }
        parted = false;
        seen.extend(character.to_lowercase());
    }
    seen
}

/// The key of what the model sees.
pub(super) fn key(seen: &str) -> SeenKey {
    let mut key = SeenKey::default();
    for (place, byte) in key.iter_mut().zip(Sha256::digest(seen.as_bytes())) {
        *place = byte;
    }
    key
}

/// A message as the model sees it: the whole first, then the sentences that may be claims of their own, where there are
/// several. Sentences that say nothing of their own are left out.
pub(super) fn parts(message: &str) -> Vec<String> {
    let sentences: Vec<&str> = sentences(message).filter(|sentence| !adds_nothing(sentence)).collect();
    let whole = seen(&sentences.join(" "));
    if whole.is_empty() {
        return Vec::new();
    }
    let own: Vec<String> = sentences.iter().map(|sentence| seen(sentence)).filter(|seen| may_claim(seen)).collect();
    let mut parts = vec![whole];
    if own.len() > 1 {
        parts.extend(own.into_iter().take(MOST_PARTS));
    }
    parts
}

fn may_claim(seen: &str) -> bool {
    let dense = seen.chars().filter(|character| *character >= '\u{2E80}').count();
    seen.split(' ').count() >= LEAST_WORDS || dense >= LEAST_CHARACTERS
}

/// The sentences of a text, as far as marks at their ends tell.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends = |character: char| matches!(character, '!' | '?' | '。' | '！' | '？' | '؟' | '…' | '\n');
    text.split(ends).flat_map(|part| part.split(". ")).filter(|part| !part.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_sees_letters_and_digits() {
        assert_eq!(seen("“Ｔhe Café” – 12,000 «straße»!"), "the café 12 000 straße");
        assert_eq!(seen("?! …"), "");
        assert_eq!(key(&seen("It’s so.")), key(&seen("it's SO")));
        assert_ne!(key("a"), key("b"));
    }

    #[test]
    fn sentences_that_may_be_claims_are_seen_apart() {
        assert_eq!(parts("The ferry of Port Ellery sank. Is this true?"), ["the ferry of port ellery sank"]);
        let two = parts("The ferry of Port Ellery sank! The mayor said that nobody drowned.");
        assert_eq!(two.len(), 3);
        assert_eq!(two[1], "the ferry of port ellery sank");
        assert_eq!(parts("渡輪昨天晚上沉沒了。市長說沒有人淹死。").len(), 3);
        assert_eq!(parts("🙃"), Vec::<String>::new());
    }
}
