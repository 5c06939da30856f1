//! What of a text carries something: its words without the function words, as stems, numbers in words
//! as digits. Both what is on record and a message are made into it, so that they meet.

use super::{
    clean::without_look_alikes,
    languages::is_function_word,
    stems::stem,
    words::{Word, paired, words},
};

/// The content words of a text that is in this language.
pub(super) fn content(text: &str, language: &str) -> Vec<String> {
    let words = with_numbers(&words(text));
    let telling = paired(&words).into_iter().filter(|word| !is_function_word(&word.folded, language));
    telling.map(|word| stem(&word, language).unwrap_or(word.folded)).collect()
}

/// The content words of a message, each in the forms it may have on record: its stem in the message's
/// language, if that was found out, and in English, which our wording is in.
pub(super) fn asked_content(words: &[Word], language: Option<&str>) -> Vec<Vec<String>> {
    let own = language.unwrap_or("en");
    // Each word's stem is made once where both are one language.
    let languages: &[&str] = if own == "en" { &["en"] } else { &[own, "en"] };
    let empty = |word: &Word| {
        is_function_word(&word.folded, own)
            // A foreign text may have content words that are function words in English ("die", "we").
            || (language.is_none_or(|language| language == "en") && is_function_word(&word.folded, "en"))
    };
    let words = with_numbers(words);
    let telling = paired(&words).into_iter().map(as_meant).filter(|word| !empty(word));
    telling
        .map(|word| {
            let mut forms: Vec<String> = Vec::with_capacity(2);
            for language in languages {
                let form = stem(&word, language).unwrap_or_else(|| word.folded.clone());
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
            forms
        })
        .collect()
}

fn as_meant(word: Word) -> Word {
    match without_look_alikes(&word.folded) {
        Some(folded) => Word { lower: folded.clone(), folded, ..word },
        None => word,
    }
}

/// All words of a text as letters to be cut into grams: folded, one space between, numbers in words
/// as they are.
pub(super) fn letters(words: &[Word], text: &mut String) {
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        match without_look_alikes(&word.folded) {
            Some(folded) => text.push_str(&folded),
            None => text.push_str(&word.folded),
        }
    }
}

/// Numbers of two and more that are written in English words, as digits: "twelve thousand" as 12000.
pub(super) fn with_numbers(words: &[Word]) -> Vec<Word> {
    let mut result: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        match number_at(words.get(at..).unwrap_or_default()) {
            Some((number, count)) if number >= 2 => {
                let digits = number.to_string();
                let end = words.get(at + count - 1).map_or(word.end, |last| last.end);
                result.push(Word { folded: digits.clone(), lower: digits, end, ..word.clone() });
                at += count;
            }
            Some(_) | None => {
                result.push(word.clone());
                at += 1;
            }
        }
    }
    result
}

/// The number that the first words say, and how many words say it.
fn number_at(words: &[Word]) -> Option<(u64, usize)> {
    let mut whole = 0_u64;
    let mut part = 0_u64;
    let mut count = 0;
    for word in words.iter().take(12) {
        match small_number(&word.folded) {
            // "Twenty twenty" are two numbers, "twenty two" is one.
            Some(value)
                if part == 0
                    || (value < 10 && part % 100 >= 20 && part.is_multiple_of(10))
                    || (value < 100 && part >= 100 && part.is_multiple_of(100)) =>
            {
                part += value;
            }
            Some(_) => break,
            None => match word.folded.as_str() {
                "hundred" if part > 0 && part < 100 => part *= 100,
                "thousand" if part > 0 => {
                    whole += part * 1_000;
                    part = 0;
                }
                "million" if part > 0 => {
                    whole += part * 1_000_000;
                    part = 0;
                }
                _ => break,
            },
        }
        count += 1;
    }
    (count > 0).then_some((whole + part, count))
}

fn small_number(word: &str) -> Option<u64> {
    const ONES: &[&str] = &[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let place = |list: &[&str]| list.iter().position(|name| *name == word).and_then(|place| u64::try_from(place).ok());
    place(ONES).map(|place| place + 1).or_else(|| place(TENS).map(|place| (place + 2) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_carries_something_is_kept_as_its_stem() {
        for (text, language, expected) in [
            ("The police stations were closed", "en", "polic station close"),
            ("Twelve thousand trees, forty-two of them for one hundred days", "en", "12000 tree 42 100 day"),
            ("12,000 trees by 2025", "en", "12000 tree 2025"),
            ("one of twenty twenty", "en", "one 20 20"),
            ("Die Polizeistationen in Frankfurt", "de", "polizeistation frankfurt"),
            ("荷兰警察 in Rotterdam", "zh", "荷兰 兰警 警察 in rotterdam"),
        ] {
            assert_eq!(content(text, language).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_message_is_looked_for_in_its_language_and_in_english() {
        let forms = asked_content(&words("stations"), Some("fr"));
        assert_eq!(forms, [["station"]]);
        let forms = asked_content(&words("Stationen"), Some("de"));
        assert_eq!(forms, [["station", "stationen"]]);
    }
}
