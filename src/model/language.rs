//! Language tags, and their names for people.

use std::{fmt, str::FromStr};

/// A language tag: a two- or three-letter primary subtag and optional further subtags, as in
/// BCP 47 (RFC 5646, section 2.1): `en`, `zh`, `zh-Hant`, `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(String);

/// Why a text is no [`Language`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no language tag: write the two-letter code, like \"en\", \"zh\" or \"pt-BR\"")]
pub struct LanguageError {
    /// The text as given.
    pub text: String,
}

impl Language {
    /// The tag's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag: `zh` of `zh-Hant`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The language's English name where it is a common one, else the tag itself.
    #[must_use]
    pub fn name(&self) -> &str {
        NAMES.iter().find(|(code, _)| *code == self.primary()).map_or(&self.0, |(_, name)| name)
    }

    /// The primary subtag of a common language's English name: `zh` for "Chinese".
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(code, _)| Self((*code).to_owned()))
    }
}

/// ISO 639-1 codes and English names of the languages that the reporting is mostly in.
const NAMES: &[(&str, &str)] = &[
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("km", "Khmer"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mi", "Māori"),
    ("ms", "Malay"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let mut subtags = text.split('-');
        let primary_fits = subtags.next().is_some_and(|primary| {
            (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        });
        let rest_fits = subtags
            .all(|subtag| (2..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if primary_fits && rest_fits && text.len() <= 35 {
            Ok(Self(text.to_owned()))
        } else {
            Err(LanguageError { text: text.chars().take(40).collect() })
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

super::serde_as_text!(Language);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_checked_and_named() {
        for (tag, name) in [("en", "English"), ("zh-Hant", "Chinese"), ("xx", "xx")] {
            assert_eq!(tag.parse::<Language>().unwrap().name(), name);
        }
        for bad in ["", "e", "EN", "english", "en-", "en-x", "e1"] {
            assert!(bad.parse::<Language>().is_err(), "{bad:?} was taken for a language");
        }
        assert_eq!(Language::from_name("dutch").unwrap().as_str(), "nl");
    }
}
