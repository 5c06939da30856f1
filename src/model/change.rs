//! Changes: proposals made of operations, decided by another person.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ChangeId, Date, Key, Record, RecordKey, RecordKind, RecordNotice, Sequence, SingleLine, Standing, account,
};

super::vocabulary! {
    /// Where an identity is at home.
    pub enum Platform {
        /// Discord; the account is a user's snowflake.
        Discord = "discord",
        /// Matrix; the account is a whole user id, `@name:server`.
        Matrix = "matrix",
        /// The terminal of the machine that the database is on.
        Terminal = "terminal",
        /// The project itself, for what a release carries.
        Project = "project",
    }
}

impl Platform {
    /// Its name as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discord => "Discord",
            Self::Matrix => "Matrix",
            Self::Terminal => "the terminal",
            Self::Project => "the project",
        }
    }
}

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

/// What readers are told of a correction or a retraction, before its day is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The day on which it was decided; absent: the day of the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// The reason.
    pub reason: SingleLine,
}

impl Announcement {
    /// The notice that it becomes when approved on `day`.
    #[must_use]
    pub fn approved_on(&self, day: Date) -> RecordNotice {
        RecordNotice { on: self.on.unwrap_or(day), reason: self.reason.clone() }
    }
}

impl From<RecordNotice> for Announcement {
    fn from(notice: RecordNotice) -> Self {
        Self { on: Some(notice.on), reason: notice.reason }
    }
}

/// One step of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// Brings a record into being.
    Create {
        /// The record.
        record: Record,
        /// How it stands from the start, for what an import brings along.
        #[serde(default, skip_serializing_if = "Standing::is_plain")]
        standing: Standing,
    },
    /// Replaces a record's content.
    Edit {
        /// The whole new content, under the key it had.
        record: Record,
        /// What readers of the earlier version must be told; empty where the sense is unchanged.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        corrections: Vec<Announcement>,
        /// When this version was reviewed, for what an import brings along ([`Standing::vetted`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vetted: Option<Date>,
    },
    /// Takes a record out of force, for a reason that readers see.
    Retract {
        /// The record.
        target: RecordKey,
        /// The reason, and the day if it was decided before the change is approved.
        #[serde(flatten)]
        announcement: Announcement,
    },
    /// Puts a retracted record in force again.
    Restore {
        /// The record.
        target: RecordKey,
    },
    /// Takes a record's content away for good, from the history too; a tombstone with the reason stays.
    Purge {
        /// The record.
        target: RecordKey,
        /// The reason, in words for readers.
        #[serde(flatten)]
        announcement: Announcement,
    },
    /// An operation of earlier whose content was purged.
    Removed {
        /// What stands in the record's place.
        target: RecordKey,
    },
    /// Makes one entity of two: all that referred to `from` refers to `into`, which takes over its
    /// names; `from` stays as a pointer.
    Merge {
        /// The entity that goes.
        from: Key,
        /// The entity that stays.
        into: Key,
    },
}

impl Operation {
    /// The operation in one word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Edit { .. } => "edit",
            Self::Retract { .. } => "retract",
            Self::Restore { .. } => "restore",
            Self::Purge { .. } => "purge",
            Self::Removed { .. } => "removed",
            Self::Merge { .. } => "merge",
        }
    }

    /// The record that the operation is about; of a merge, the entity that goes.
    #[must_use]
    pub fn target(&self) -> RecordKey {
        match self {
            Self::Create { record, .. } | Self::Edit { record, .. } => record.record_key(),
            Self::Retract { target, .. }
            | Self::Restore { target }
            | Self::Purge { target, .. }
            | Self::Removed { target } => target.clone(),
            Self::Merge { from, .. } => RecordKey::new(RecordKind::Entity, from.clone()),
        }
    }
}

/// What someone proposes: operations that are approved together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What the change is for, in one line.
    pub summary: SingleLine,
    /// Who proposes it.
    pub author: Identity,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// Its operations, in the order in which they are applied.
    pub operations: Vec<Operation>,
}

/// A reviewer's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who decided.
    pub reviewer: Identity,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: SingleLine,
}

/// How far a change has come. Only a decided change has a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ChangeState {
    /// Waits for a reviewer.
    Pending,
    /// Waits for its author, whom a reviewer asked to change something.
    Returned {
        /// What is to be changed.
        request: SingleLine,
    },
    /// Approved and applied.
    Approved(Approved),
    /// Turned down; nothing was applied.
    Rejected(Review),
    /// Taken back by its author; nothing was applied.
    Withdrawn(Review),
}

impl ChangeState {
    /// Whether it can still be decided.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Pending | Self::Returned { .. })
    }

    /// The decision, if there is one.
    #[must_use]
    pub const fn review(&self) -> Option<&Review> {
        match self {
            Self::Pending | Self::Returned { .. } => None,
            Self::Approved(approved) => Some(&approved.review),
            Self::Rejected(review) | Self::Withdrawn(review) => Some(review),
        }
    }
}

/// An approval, with its place in the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The place among all approved changes, from 1 without gaps. The records are what the approved
    /// changes add up to in this order.
    pub sequence: Sequence,
    /// The decision.
    #[serde(flatten)]
    pub review: Review,
    /// Whether its author approved it, there being no other reviewer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub solo: bool,
}

/// A proposal under its id, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The id.
    #[serde(skip_deserializing, default = "unnumbered")]
    pub id: ChangeId,
    /// What was proposed.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// The place in the history that its author saw.
    pub based_on: Sequence,
    /// What its author has to say to the reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<SingleLine>,
    /// What became of it.
    #[serde(flatten)]
    pub state: ChangeState,
}

/// Ids belong to one database, so a change read from elsewhere has none yet.
const fn unnumbered() -> ChangeId {
    ChangeId(0)
}

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
