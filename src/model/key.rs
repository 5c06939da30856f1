//! The stable text key of a record, which survives export and import into another database.

use std::{fmt, str::FromStr};

/// A stable key: lower-case ASCII letters and digits in groups joined by single hyphens, at most
/// [`Key::MAX_LENGTH`] bytes. Keys are unique among the records of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

/// Why a text is no [`Key`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no key: a key is lower-case letters and digits in groups joined by single hyphens, at most {max} characters, like \"irish-times-2022-10-27\"",
    max = Key::MAX_LENGTH
)]
pub struct KeyError {
    /// The text as given, shortened to what a message can show.
    pub text: String,
}

impl Key {
    /// The longest key, in bytes. The limit is ours: keys are typed and read by people.
    pub const MAX_LENGTH: usize = 120;

    /// The key's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let grouped = text.split('-').all(|group| {
            !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        if grouped && text.len() <= Self::MAX_LENGTH {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeyError { text: text.chars().take(Self::MAX_LENGTH).collect() })
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

super::serde_as_text!(Key);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_groups_of_letters_and_digits_joined_by_hyphens() {
        for good in ["sydney", "sd-110-overseas-2022-09", "7", "a".repeat(120).as_str()] {
            assert_eq!(good.parse::<Key>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "é", "a b", "a".repeat(121).as_str()] {
            assert!(bad.parse::<Key>().is_err(), "{bad:?} was taken for a key");
        }
    }
}
