//! The forms in which names are written, and the words that are names only where they are written so.

use unicode_normalization::UnicodeNormalization;

use super::{
    british::{american_name, british_name},
    words::{Word, words},
};

/// After these the name of a place is to be expected.
pub(super) const PREPOSITIONS: &[&str] =
    &["in", "at", "near", "from", "to", "en", "a", "aus", "bei", "nach", "te", "naar", "da"];

/// English words that are also names of places or people, and far more often no names.
const COMMON_WORDS: &[&str] = &[
    "bath", "battle", "best", "boston", "brown", "buffalo", "cork", "deal", "faith", "gary", "grace", "grant", "green",
    "hope", "hull", "lens", "mark", "mobile", "nancy", "nice", "normal", "orange", "police", "pope", "reading", "rose",
    "rugby", "sale", "sandwich", "smart", "split", "story", "strange", "tours", "trust", "victor", "white", "why",
    "will", "wells", "young",
];

/// Whether a folded word is a common one besides being a name.
pub(super) fn is_common_word(key: &str) -> bool {
    COMMON_WORDS.contains(&key)
}

/// A name in the forms in which people use it: whole, without what stands in brackets, without the
/// article before it, as it is spelt in Britain and in America.
pub(super) fn variants(name: &str) -> Vec<Vec<Word>> {
    let mut variants = vec![words(name)];
    if let Some(bracket) = name.find(['(', '（']) {
        variants.push(words(name.get(..bracket).unwrap_or_default()));
    }
    let bare: Vec<_> = variants.iter().map(|variant| without_article(variant.clone())).collect();
    variants.extend(bare);
    let spelt_out: Vec<_> = std::iter::once(name).filter_map(with_umlauts_spelt_out).map(|name| words(&name)).collect();
    variants.extend(spelt_out);
    let both: [fn(&str) -> String; 2] = [american_name, british_name];
    let respelt: Vec<_> =
        variants.iter().flat_map(|name| both.into_iter().filter_map(|spell| respelt(name, spell))).collect();
    variants.extend(respelt);
    variants
}

/// A name in another spelling, where it has one.
fn respelt(name: &[Word], spell: fn(&str) -> String) -> Option<Vec<Word>> {
    let respelt: Vec<Word> = name.iter().map(|word| Word { folded: spell(&word.folded), ..word.clone() }).collect();
    (respelt != name).then_some(respelt)
}

/// A name as it is typed where the keyboard has no umlauts: "Koeln" beside "Köln", which without its
/// marks is "Koln" already.
fn with_umlauts_spelt_out(name: &str) -> Option<String> {
    let mut spelt_out = String::with_capacity(name.len() + 4);
    for character in name.nfc() {
        match character {
            'ä' | 'Ä' => spelt_out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => spelt_out.push_str("oe"),
            'ü' | 'Ü' => spelt_out.push_str("ue"),
            'å' | 'Å' => spelt_out.push_str("aa"),
            other => spelt_out.push(other),
        }
    }
    (spelt_out != name).then_some(spelt_out)
}

/// Without the article before it.
pub(super) fn without_article(mut text: Vec<Word>) -> Vec<Word> {
    let article = text.len() - without_leading_article(&text).len();
    text.drain(..article);
    text
}

/// The same of words that are kept.
pub(super) fn without_leading_article(text: &[Word]) -> &[Word] {
    match text {
        [first, rest @ ..] if first.folded == "the" && !rest.is_empty() => rest,
        _ => text,
    }
}
