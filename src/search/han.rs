//! Characters of Han that are one: what was simplified in China and in Japan meets what was not.

use std::{collections::HashMap, sync::LazyLock};

/// Groups of characters with a space between, each led by the simplified one. Lines that begin with `#` say where they
/// are from.
const GROUPS: &str = include_str!("han.txt");

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let groups = GROUPS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let pairs = groups.flat_map(|group| {
        let mut characters = group.chars();
        let first = characters.next();
        characters.filter_map(move |character| first.map(|first| (character, first)))
    });
    pairs.collect()
});

/// The simplified form of a character of Han, or the character as it is.
pub(super) fn simplified(character: char) -> char {
    if !matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}') {
        return character;
    }
    SIMPLIFIED.get(&character).copied().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_simplified_is_so_once_for_all() {
        assert!(SIMPLIFIED.len() > 3_000);
        for (character, first) in SIMPLIFIED.iter() {
            assert_eq!(simplified(*first), *first, "{character} is read as {first}, which is read as another");
            assert_ne!(character, first);
        }
    }

    #[test]
    fn what_japan_and_china_simplified_differently_is_one() {
        for (left, right) in [('広', '廣'), ('広', '广'), ('沢', '泽'), ('駅', '驿'), ('國', '国'), ('東', '东')]
        {
            assert_eq!(simplified(left), simplified(right));
        }
        // A herb in China, art in Japan: nobody can tell.
        assert_ne!(simplified('芸'), simplified('藝'));
    }
}
