//! The languages whose names are taken, and how catalogues write them.

use crate::model::Language;

/// The languages whose names are taken, those that are typed most first: a name that is the same in several is kept in the
/// first of them. The list is ours.
const LANGUAGES: &[&str] = &[
    "en", "es", "fr", "de", "nl", "it", "pt", "ru", "zh", "ja", "ko", "ar", "fa", "tr", "pl", "uk", "sv", "cs", "el",
    "he", "hi", "id", "vi", "th", "ro", "hu", "da", "no", "fi", "bg", "sr", "hr", "sk", "sl", "ca", "et", "lv", "lt",
    "ms", "bn", "ur", "sw", "ga", "km", "mi",
];

/// The language that a catalogue's code stands for, with its place in the list; `None` where its names aren't taken.
///
/// What a code says of the script or the country is dropped, as search folds scripts anyway: zh-hant and zh-cn are zh.
/// What is a language of its own under another's code is not taken for that one: zh-min-nan is no Chinese as it is typed.
pub(super) fn language_of(code: &str) -> Option<(usize, Language)> {
    let code = code.to_ascii_lowercase();
    let mut parts = code.split('-');
    let primary = match parts.next()? {
        // Both ways to write Norwegian.
        "nb" | "nn" => "no",
        // Codes that were given up, and are still met.
        "iw" => "he",
        "in" => "id",
        // Wikidata's names for all languages in Latin letters that have none of their own.
        "mul" => "en",
        other => other,
    };
    // A script has four letters, a country two or three digits.
    let plain = parts.all(|part| match part.len() {
        2 | 4 => part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    });
    let rank = LANGUAGES.iter().position(|known| *known == primary).filter(|_| plain)?;
    Some((rank, primary.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_list_is_one_with_a_name() {
        for (place, code) in LANGUAGES.iter().enumerate() {
            let (rank, language) = language_of(code).unwrap();
            assert_eq!((rank, language.as_str()), (place, *code));
            assert_ne!(language.name(), *code, "{code} has no name for people");
        }
    }

    #[test]
    fn a_code_stands_for_the_language_that_people_type() {
        for (code, wanted) in [
            ("de", Some("de")),
            ("zh-hans", Some("zh")),
            ("zh-Hant", Some("zh")),
            ("zh-CN", Some("zh")),
            ("zh-tw", Some("zh")),
            ("pt-br", Some("pt")),
            ("es-419", Some("es")),
            ("sr-ec", Some("sr")),
            ("nb", Some("no")),
            ("iw", Some("he")),
            ("mul", Some("en")),
            ("zh-min-nan", None),
            ("zh-classical", None),
            ("zh-yue", None),
            ("de-formal", None),
            ("link", None),
            ("wkdt", None),
            ("post", None),
            ("iata", None),
            ("icao", None),
            ("unlc", None),
            ("phon", None),
            ("piny", None),
            ("fr_1793", None),
            ("la", None),
            ("", None),
            ("-", None),
            ("en-", None),
        ] {
            assert_eq!(language_of(code).map(|(_, language)| language.to_string()).as_deref(), wanted, "{code}");
        }
    }
}
