//! Text into words: how both what is on record and what is asked are cut and folded, so that they
//! meet in any case, accent, width or script.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

pub(crate) use super::{folding::fold, word::Word};
use super::{
    folding::{digit, lower, plain_letters},
    seen::SeenText,
    segments::terms,
    titles::written_out,
};

/// Cuts a text into words. Scripts written without spaces give a word a character.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let seen = SeenText::read(text);
    let mut words = cut_up(seen.text());
    words = join_thousands(seen.text(), join_initials(seen.text(), join_apostrophes(seen.text(), words)));
    let mut end_before = None;
    for word in &mut words {
        word.touches = end_before == Some(word.start);
        end_before = Some(word.end);
        word.start = seen.written_start(word.start);
        word.end = seen.written_end(word.end);
    }
    words
}

fn cut_up(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        let is_letter = character.is_alphanumeric();
        let is_mark = !is_letter && is_combining_mark(character);
        if (is_letter || is_mark) && is_dense(character) {
            cut(text, start.take(), at, &mut words);
            push(text, at, at + character.len_utf8(), true, &mut words);
        } else if is_letter {
            start.get_or_insert(at);
        } else if !is_mark {
            // A mark belongs to the word before it, and is none alone.
            cut(text, start.take(), at, &mut words);
        }
    }
    cut(text, start, text.len(), &mut words);
    words
}

fn cut(text: &str, start: Option<usize>, end: usize, words: &mut Vec<Word>) {
    if let Some(start) = start {
        push(text, start, end, false, words);
    }
}

fn push(text: &str, start: usize, end: usize, dense: bool, words: &mut Vec<Word>) {
    let raw = text.get(start..end).unwrap_or_default();
    // Scripts without spaces have no case, and what is read is composed already.
    let lower = if dense { raw.to_owned() } else { lower(raw) };
    let folded = plain_letters(&lower);
    if folded.is_empty() {
        return;
    }
    let letters = raw.chars().filter(|character| character.is_alphabetic());
    let capitals = letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase);
    let capitalised = raw.chars().next().is_some_and(char::is_uppercase);
    words.push(Word { folded, lower, start, end, dense, touches: false, capitals, capitalised });
}

/// Whether a character is of a script that is written without spaces between words.
fn is_dense(character: char) -> bool {
    // Numbers are written as elsewhere.
    if character.is_ascii() || digit(character).is_some() {
        return false;
    }
    // The mark that makes a vowel of Kana long and the sign that closes a list in Han are of no script alone.
    matches!(character, 'ー' | 'ｰ' | '〆')
        || matches!(
            character.script(),
            Script::Han
                | Script::Hangul
                | Script::Hiragana
                | Script::Katakana
                | Script::Khmer
                | Script::Lao
                | Script::Myanmar
                | Script::Thai
        )
}

const APOSTROPHES: &[&str] = &["'", "’", "ʼ", "＇"];

/// What an apostrophe parts: the "s" of a possessive is dropped, the "t" of "don't" joined.
fn join_apostrophes(text: &str, words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(left) if APOSTROPHES.contains(&text.get(left.end..word.start).unwrap_or_default()) => {
                match word.folded.as_str() {
                    // The possessive's end stays out of the word, so that what follows is not joined to it.
                    "s" => {}
                    "t" => {
                        left.folded.push('t');
                        left.lower.push('t');
                        left.end = word.end;
                    }
                    _ => joined.push(word),
                }
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// Joins initials with points between them: "N.Y.C." becomes one word.
fn join_initials(text: &str, words: Vec<Word>) -> Vec<Word> {
    let single =
        |word: &Word| !word.dense && word.folded.chars().count() == 1 && word.folded.chars().all(char::is_alphabetic);
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut joining = false;
    for word in words {
        let is_single = single(&word);
        match joined.last_mut() {
            Some(first) if is_single && (joining || single(first)) && text.get(first.end..word.start) == Some(".") => {
                first.folded.push_str(&word.folded);
                first.lower.push_str(&word.lower);
                first.end = word.end;
                let raw = text.get(first.start..first.end).unwrap_or_default();
                first.capitals = !raw.chars().any(char::is_lowercase);
                joining = true;
            }
            _ => {
                joined.push(word);
                joining = false;
            }
        }
    }
    joined
}

/// The longest number whose groups are joined, in digits.
const MOST_DIGITS: usize = 15;

/// Joins the groups of a number that is written with separators of thousands: "12,000" becomes "12000".
/// A point separates thousands in some languages and begins the fraction in others, so it parts.
fn join_thousands(text: &str, words: Vec<Word>) -> Vec<Word> {
    let digits = |word: &Word| word.folded.bytes().all(|byte| byte.is_ascii_digit());
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(left)
                if word.folded.len() == 3
                    && left.folded.len() + 3 <= MOST_DIGITS
                    && digits(left)
                    && digits(&word)
                    && matches!(
                        text.get(left.end..word.start).unwrap_or_default(),
                        "," | "'" | "’" | "\u{202F}" | "\u{a0}" | "\u{066C}"
                    ) =>
            {
                left.folded.push_str(&word.folded);
                left.lower.push_str(&word.lower);
                left.end = word.end;
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// Words with each run of single characters turned into what is looked for of it, as the index has it: pairs of
/// neighbours, or words where the script or a dictionary parts them.
pub(crate) fn paired(words: &[Word]) -> Vec<Word> {
    terms(words).into_iter().map(|(_, term)| term).collect()
}

/// The words' folded forms with a space between, what names are abbreviated by written out: the form in which names are
/// compared.
pub(crate) fn joined(words: &[Word]) -> String {
    let mut key = String::new();
    for (at, word) in words.iter().enumerate() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(written_out(&word.folded, at, words.len()));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        joined(&words(text))
    }

    #[test]
    fn words_meet_in_any_case_accent_width_and_punctuation() {
        for (text, expected) in [
            ("Sydney", "sydney"),
            ("ＳＹＤＮＥＹ", "sydney"),
            ("São Paulo!", "sao paulo"),
            ("Sa\u{0303}o", "sao"),
            ("STRASSE Straße", "strasse strasse"),
            ("Malmö, Łódź, København", "malmo lodz kobenhavn"),
            ("China's embassy", "china embassy"),
            ("China’s l’ambassade don't", "china l ambassade dont"),
            ("N.Y.C. police", "nyc police"),
            ("12,000 of 1,234,567; 1,2 and 3.500", "12000 of 1234567 1 2 and 3 500"),
            ("syd\u{200b}ney", "sydney"),
            ("悉尼 police", "悉 尼 police"),
            ("ｱｲ", "ア イ"),
            ("がぎ", "が ぎ"),
            ("Россия й ё", "россия и е"),
            ("overseas-police_station", "overseas police station"),
            ("🙂 — … \u{7}", ""),
        ] {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn characters_without_spaces_are_looked_for_in_pairs() {
        let pairs = |text: &str| joined(&paired(&words(text)));
        assert_eq!(pairs("中国警察 in 荷 x"), "中国 国警 警察 in 荷 x");
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "«N.Y.C.» 悉尼’s";
        let found = words(text);
        assert_eq!(&text[found[0].start..found[0].end], "N.Y.C");
        assert!(found[0].capitals);
        assert!(found[1].dense);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_at_characters_in_order(text in ".{0,80}") {
            let mut last = 0;
            for word in words(&text) {
                proptest::prop_assert!(word.start >= last && word.start < word.end);
                proptest::prop_assert!(text.get(word.start..word.end).is_some());
                proptest::prop_assert_eq!(fold(&word.folded), word.folded.clone());
                // One character may be several words: a half is 1 and 2.
                last = word.start;
            }
        }
    }
}
