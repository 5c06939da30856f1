//! Letters that people type for each other, as one: case, accents, width, the characters of Han by their simplified
//! form, the letters of the Arabic script, the digits of all scripts.

use unicode_normalization::UnicodeNormalization;

use super::{arabic, han, seen::shows_nothing};

/// Folds a text whole, white space included.
pub(crate) fn fold(text: &str) -> String {
    plain_letters(&lower(text))
}

/// Compatibility forms and case folded (Unicode, NFKC and default case folding), characters that show nothing dropped.
pub(super) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let shown = text.chars().filter(|&character| !shows_nothing(character));
    caseless::default_case_fold_str(&shown.nfkc().collect::<String>()).nfkc().collect()
}

/// A text in lower case without the accents of alphabets, each letter as the one that is typed for it. Of the marks
/// that other scripts are spelt with nothing is removed.
pub(super) fn plain_letters(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.nfd() {
        match character {
            // Combining diacritical marks; vowel points of Hebrew.
            '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' => {}
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ħ' => plain.push('h'),
            'ı' => plain.push('i'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            other if arabic::is_dropped(other) => {}
            other => plain.push(digit(other).unwrap_or_else(|| han::simplified(arabic::letter(other)))),
        }
    }
    plain.nfc().collect()
}

/// The noughts of the scripts that have digits of their own and are typed with them; the other digits follow in order.
const NOUGHTS: &[char] = &[
    '\u{0660}', '\u{06F0}', '\u{07C0}', '\u{0966}', '\u{09E6}', '\u{0A66}', '\u{0AE6}', '\u{0B66}', '\u{0BE6}',
    '\u{0C66}', '\u{0CE6}', '\u{0D66}', '\u{0E50}', '\u{0ED0}', '\u{0F20}', '\u{1040}', '\u{1090}', '\u{17E0}',
    '\u{1810}',
];

/// A digit of another script as the one that is written everywhere.
pub(super) fn digit(character: char) -> Option<char> {
    if !('\u{0660}'..='\u{1819}').contains(&character) {
        return None;
    }
    let values = NOUGHTS.iter().filter_map(|nought| u32::from(character).checked_sub(u32::from(*nought)));
    values.min().and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_typed_for_each_other_are_one() {
        for (left, right) in [
            ("中國", "中国"),
            ("溫州", "温州"),
            ("東京", "东京"),
            ("広島", "廣島"),
            ("廣島", "广岛"),
            ("橫濱", "横浜"),
            ("القـــاهرة", "القاهره"),
            ("أحمد", "احمد"),
            ("آزادی", "ازادي"),
            ("كرج", "کرج"),
            ("يزد", "یزد"),
            ("مؤتمر", "موتمر"),
            ("هيئة", "هييه"),
            ("مُحَمَّد", "محمد"),
            ("۱۴۰۱ ٢٠٢٢", "1401 2022"),
            ("၁၂ ๓๔ ४", "12 34 4"),
            ("ｶﾞﾅ", "ガナ"),
        ] {
            assert_eq!(fold(left), fold(right), "{left} {right}");
        }
        for (left, right) in [("گرج", "کرج"), ("大阪", "大坂"), ("か", "が"), ("พา", "พ่า")] {
            assert_ne!(fold(left), fold(right), "{left} {right}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_folded_stays_so(text in r"(\PC|\p{Han}|\p{Arabic}|\p{Hangul}|\p{Thai}|\p{M}){0,40}") {
            let folded = fold(&text);
            proptest::prop_assert_eq!(fold(&folded), folded);
        }
    }
}
