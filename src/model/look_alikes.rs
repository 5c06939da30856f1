//! Letters that look like others: Unicode Technical Standard 39, "Confusable Detection", in one place.

use unicode_script::{Script, UnicodeScript};
use unicode_security::confusable_detection::skeleton;

/// Whether two texts look the same. Of ASCII alone, digits are taken for letters, too.
pub(crate) fn look_alike(one: &str, other: &str) -> bool {
    skeleton(one).eq(skeleton(other))
}

/// Whether all of a text looks like ASCII.
pub(crate) fn looks_ascii(text: &str) -> bool {
    skeleton(text).all(|character| character.is_ascii())
}

/// The small Latin letter that one of another alphabet is taken for, where it stands among Latin ones.
pub(crate) fn as_latin(character: char) -> Option<char> {
    match character {
        // To the standard these look like small capitals, which are letters of their own.
        'к' | 'κ' => return Some('k'),
        'м' => return Some('m'),
        'т' | 'τ' => return Some('t'),
        'χ' => return Some('x'),
        _ => {}
    }
    // Letters of other scripts next to Latin ones are two words that lack their space.
    if !matches!(character.script(), Script::Armenian | Script::Cyrillic | Script::Greek) {
        return None;
    }
    let mut looks = skeleton(character.encode_utf8(&mut [0; 4])).collect::<Vec<_>>().into_iter();
    match (looks.next(), looks.next()) {
        (Some(letter), None) if letter.is_ascii_alphabetic() => Some(letter.to_ascii_lowercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_alphabets_are_taken_for_the_latin_ones_that_they_look_like() {
        let (others, latin) = ("аαсԁеһіιјкκмоορрԛгѕтτνѵԝхχуγօ", "aacdehiijkkmooppqrsttvvwxxyyo");
        for (other, latin) in others.chars().zip(latin.chars()) {
            assert_eq!(as_latin(other), Some(latin), "{other}");
        }
        for other in ["жμβλ", "悉ア", "ا٥", "aé1"].into_iter().flat_map(str::chars) {
            assert_eq!(as_latin(other), None, "{other}");
        }
    }

    #[test]
    fn texts_are_compared_by_their_looks() {
        assert!(look_alike("bbс.co.uk", "bbc.co.uk") && !look_alike("bbk.co.uk", "bbc.co.uk"));
        assert!(looks_ascii("bоss") && !looks_ascii("bös"));
    }
}
