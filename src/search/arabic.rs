//! Letters of the Arabic script that are typed for each other, whatever the language: by habit, or because a keyboard
//! has no other.

/// The letter that this one is read as.
pub(super) const fn letter(character: char) -> char {
    match character {
        // Alef with a joining mark; with a hamza or madda it has been taken apart before.
        'ٱ' => 'ا',
        // The end of feminine words, and the forms of "h" of Persian, Urdu, Kurdish and Uyghur.
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۃ' => 'ه',
        // "y" without its points at the end of Arabic words, and that of Persian and Urdu.
        'ى' | 'ی' => 'ي',
        'ک' | 'ڪ' => 'ك',
        // "v" in foreign names.
        'ڤ' => 'ف',
        other => other,
    }
}

/// Whether a character is left out: what lengthens a line, vowel points, marks of recitation, and the hamza, alone or
/// on a letter, as it is left out where people type in haste.
pub(super) const fn is_dropped(character: char) -> bool {
    matches!(
        character,
        '\u{0640}' | 'ء' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
            | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}' | '\u{06EA}'..='\u{06ED}'
    )
}
