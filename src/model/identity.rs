//! Who did something.

use std::{fmt, str::FromStr};

use super::{Platform, account};

/// Who did something: an account on a platform. A display name is never an identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    platform: Platform,
    account: String,
}

/// Why a text is no [`Identity`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no identity: {why}")]
pub struct IdentityError {
    /// The text as given, shortened.
    pub text: String,
    /// What is wrong with it, or how it is written.
    pub why: &'static str,
}

impl IdentityError {
    fn new(text: &str, why: &'static str) -> Self {
        Self { text: text.chars().take(80).collect(), why }
    }
}

/// How an identity is written.
const FORM: &str = "write platform:account, like discord:80351110224678912, matrix:@ana:example.org or terminal:ana";

impl Identity {
    /// An account on a platform, in the one form in which it is compared.
    ///
    /// # Errors
    /// When no account of that platform is written so: with characters that can't be seen or that look like others, too.
    pub fn new(platform: Platform, account: &str) -> Result<Self, IdentityError> {
        match account::canonical(platform, account) {
            Ok(account) => Ok(Self { platform, account: account.into_owned() }),
            Err(why) => Err(IdentityError::new(account, why)),
        }
    }

    /// Whom someone writes: `platform:account`. What is read back from the records is parsed instead, where any account
    /// is taken as it stands.
    ///
    /// # Errors
    /// As [`Identity::new`], and when the platform is missing or is the project itself, which is nobody.
    pub fn written(text: &str) -> Result<Self, IdentityError> {
        let (platform, account) = text.split_once(':').ok_or_else(|| IdentityError::new(text, FORM))?;
        let platform = Platform::from_word(platform).filter(|platform| *platform != Platform::Project);
        let platform = platform.ok_or_else(|| IdentityError::new(text, FORM))?;
        Self::new(platform, account).map_err(|error| IdentityError::new(text, error.why))
    }

    /// As [`Identity::written`], where it must be a person: no room, and nobody in particular.
    ///
    /// # Errors
    /// As [`Identity::written`], and when it is no person.
    pub fn written_of_a_person(text: &str) -> Result<Self, IdentityError> {
        let identity = Self::written(text)?;
        if identity.is_a_person() { Ok(identity) } else { Err(IdentityError::new(text, "that is no person's account")) }
    }

    /// Whether it can be a person's: no room of Matrix, and not one that stands for nobody in particular.
    #[must_use]
    pub fn is_a_person(&self) -> bool {
        !self.is_nobody() && (self.platform != Platform::Matrix || self.account.starts_with('@'))
    }

    /// Whom someone at the machine writes: as [`Identity::written`], or a name alone, which is one of the machine.
    ///
    /// # Errors
    /// As [`Identity::written`].
    pub fn written_at_the_machine(text: &str) -> Result<Self, IdentityError> {
        if text.contains(':') {
            Self::written_of_a_person(text)
        } else {
            Self::written_of_a_person(&format!("terminal:{text}"))
        }
    }

    /// Whether two identities may be taken for each other, so that they don't count as two people.
    #[must_use]
    pub fn resembles(&self, other: &Self) -> bool {
        self.platform == other.platform && account::resemble(self.platform, &self.account, &other.account)
    }

    /// The account that stands for the reviewer of an import who was not named.
    pub const UNNAMED_REVIEWER: &str = "reviewer-not-named";

    /// Whether it stands for nobody in particular: for the project whose entries fill a database, or for a reviewer
    /// who was not named. When they reviewed something is not known from when they are said to have approved it.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.platform == Platform::Project || self.account == Self::UNNAMED_REVIEWER
    }

    /// Where the identity is at home.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// The account on that platform.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.platform.word(), self.account)
    }
}

/// An identity as it is on record, which may be from before [`Identity::new`] was as strict.
impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let error = || IdentityError::new(text, FORM);
        let (platform, account) = text.split_once(':').ok_or_else(error)?;
        let platform = Platform::from_word(platform).ok_or_else(error)?;
        let fits = !account.is_empty()
            && account.len() <= 255
            && !account.chars().any(|character| character.is_whitespace() || character.is_control());
        if fits { Ok(Self { platform, account: account.to_owned() }) } else { Err(error()) }
    }
}

super::serde_as_text!(Identity);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_a_platform_and_an_account() {
        for good in ["discord:80351110224678912", "matrix:@ana:example.org", "terminal:ana", "project:editors"] {
            assert_eq!(good.parse::<Identity>().unwrap().to_string(), good);
        }
        for bad in ["", "ana", "irc:ana", "discord:", "terminal:a b", "terminal:a\nb"] {
            assert!(bad.parse::<Identity>().is_err(), "{bad:?} was taken for an identity");
            assert!(Identity::written(bad).is_err(), "{bad:?} was taken for an identity");
        }
    }

    #[test]
    fn an_account_has_one_form_and_what_only_looks_like_one_is_refused() {
        for (text, form) in [
            ("discord:0080351110224678912", "discord:80351110224678912"),
            ("matrix:@Ana=x/y:example.org:8448", "matrix:@Ana=x/y:example.org:8448"),
            ("matrix:!room:example.org", "matrix:!room:example.org"),
            ("terminal:josé", "terminal:josé"),
            ("terminal:анна", "terminal:анна"),
            ("terminal:EXAMPLE\\ana", "terminal:EXAMPLE\\ana"),
            ("terminal:山田", "terminal:山田"),
        ] {
            assert_eq!(Identity::written(text).unwrap().to_string(), form);
        }
        for bad in [
            // Nothing is seen of these.
            "terminal:bo\u{200b}ss",
            "terminal:boss\u{feff}",
            "terminal:bo\u{200d}ss",
            "terminal:boss\u{3164}",
            "matrix:@boss\u{ad}:example.org",
            // A Cyrillic o, all of it Cyrillic, full width, a combining mark of its own.
            "terminal:b\u{43e}ss",
            "terminal:\u{441}\u{43e}\u{441}\u{43e}",
            "terminal:\u{ff42}oss",
            "terminal:jose\u{301}",
            "matrix:@b\u{43e}ss:example.org",
            "matrix:@boss:b\u{fc}cher.example",
            // No account of the platform.
            "discord:ana",
            "discord:0",
            "discord:+1",
            "discord:99999999999999999999999",
            "matrix:ana",
            "matrix:@ana",
            "matrix:@ana:",
            "terminal:terminal:boss",
            "project:reviewers",
        ] {
            assert!(Identity::written(bad).is_err(), "{bad:?} was taken for an identity");
        }
        assert_eq!(Identity::written_at_the_machine("boss"), Identity::written("terminal:boss"));
        assert!(Identity::written_at_the_machine("terminal:terminal:boss").is_err());
    }

    #[test]
    fn who_may_be_taken_for_someone_is_no_second_person() {
        let read = |text: &str| text.parse::<Identity>().unwrap();
        for (one, other) in [
            ("terminal:boss", "terminal:Boss"),
            ("terminal:boss", "terminal:bo\u{200b}ss"),
            ("terminal:boss", "terminal:b\u{43e}ss"),
            ("terminal:jose\u{301}", "terminal:josé"),
            ("terminal:boss", "terminal:\u{ff42}oss"),
            ("discord:22", "discord:022"),
            ("matrix:@ana:example.org", "matrix:@Ana:example.org"),
        ] {
            assert!(read(one).resembles(&read(other)), "{one} and {other}");
        }
        for (one, other) in [
            ("terminal:22", "discord:22"),
            ("discord:22", "discord:220"),
            ("terminal:rui1", "terminal:ruil"),
            ("terminal:ana", "terminal:анна"),
            ("matrix:@ana:example.org", "matrix:@ana:example.net"),
        ] {
            assert!(!read(one).resembles(&read(other)), "{one} and {other}");
        }
    }
}
