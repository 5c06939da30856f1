//! What an administrative act did, as data: stored as JSON under the act's hash and seal, and what roles, links, blocks
//! and settings are replayed from. The sentence that people read is made from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Role;
use crate::store::{
    acts::community_settings::{AS_THE_OPERATOR_HAS_IT, CommunitySettings, ToldSettings},
    failure::Failure,
};

/// The version of the form that deeds are written in. One that is read must be known.
const VERSION: u8 = 1;

/// What kind of administrative act it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    /// A role was given or taken.
    Role,
    /// Identities were linked or parted.
    Link,
    /// A setting was changed.
    Setting,
    /// A record was purged.
    Purge,
    /// A pack was imported.
    Import,
    /// Someone was blocked, or is heard again.
    Block,
}

impl ActKind {
    const ALL: [Self; 6] = [Self::Role, Self::Link, Self::Setting, Self::Purge, Self::Import, Self::Block];

    /// The kind that is stored as this word.
    pub(in crate::store) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The word that it is stored as.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Link => "link",
            Self::Setting => "setting",
            Self::Purge => "purge",
            Self::Import => "import",
            Self::Block => "block",
        }
    }
}

/// What an administrative act did. Whom it concerned is the act's subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// A role was given, or taken (`after` is that of a reader).
    Role {
        /// The role before.
        before: Role,
        /// The role from then on.
        after: Role,
    },
    /// The subject and another identity are one person.
    Link {
        /// The other identity.
        with: String,
    },
    /// The subject is a person of its own.
    Part {
        /// Whom it was named as being no longer one with.
        from: String,
    },
    /// The settings of a community were replaced by these.
    Setting {
        /// What stands before a command.
        prefix: Option<String>,
        /// Whether answers are shown to the asker alone.
        private: bool,
        /// The channels in which questions are answered for all to see.
        channels: Channels,
        /// Whether members can hand in links.
        suggestions: bool,
    },
    /// A record was purged.
    Purge {
        /// The reason that readers are told.
        reason: String,
    },
    /// A pack was imported, as the change that the act names.
    Import {},
    /// A person or a community isn't heard.
    Block {
        /// Until when, in milliseconds; `None`: until it is lifted.
        until: Option<i64>,
        /// Why.
        reason: Option<String>,
    },
    /// A block was lifted.
    HeardAgain {},
    /// Of an act from before acts were data, whose sentence says nothing that can be read.
    Told {},
}

/// The channels of a setting, in order; of an act from before acts were data it may be known only how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Channels {
    /// Which.
    Named(Vec<String>),
    /// How many.
    Counted(usize),
}

impl Channels {
    fn count(&self) -> usize {
        match self {
            Self::Named(channels) => channels.len(),
            Self::Counted(count) => *count,
        }
    }
}

impl Deed {
    /// The deed that replaces a community's settings by these.
    pub(in crate::store) fn setting(settings: &CommunitySettings) -> Self {
        let channels: std::collections::BTreeSet<&String> = settings.channels.iter().collect();
        Self::Setting {
            prefix: settings.prefix.clone(),
            private: settings.private,
            channels: Channels::Named(channels.into_iter().cloned().collect()),
            suggestions: !settings.no_suggestions,
        }
    }

    /// As it is stored.
    pub(in crate::store) fn written(&self) -> Result<String, Failure> {
        serde_json::to_string(&(VERSION, self)).map_err(|error| Failure::Unreadable(error.to_string()))
    }

    /// What is stored as this.
    pub(in crate::store) fn read(data: &str) -> Result<Self, Failure> {
        let unreadable = |reason: String| Failure::Unreadable(format!("an administrative act: {reason}"));
        match serde_json::from_str(data).map_err(|error| unreadable(error.to_string()))? {
            (VERSION, deed) => Ok(deed),
            (version, _) => Err(unreadable(format!("its form is version {version}"))),
        }
    }

    /// The deed in words; an import is told by the summary of its change.
    pub(in crate::store) fn sentence(&self, summary: Option<&str>) -> String {
        match self {
            Self::Role { before, after } => format!("{}{GIVEN}{}", before.word(), after.word()),
            Self::Link { with } => format!("{LINKED}{with}"),
            Self::Part { from } => format!("no longer {LINKED}{from}"),
            Self::Setting { prefix, private, channels, suggestions } => {
                let (prefix, private, channels) = (prefix.as_deref(), *private, channels.count());
                ToldSettings { prefix, private, channels, suggestions: *suggestions }.to_string()
            }
            Self::Purge { reason } => reason.clone(),
            Self::Import {} => summary.unwrap_or_default().to_owned(),
            Self::Block { until, reason } => {
                let until = until.and_then(|until| Timestamp::from_millisecond(until).ok());
                let time = until.map_or_else(|| FOR_EVER.to_owned(), |until| format!("until {until:.0}"));
                let why = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
                format!("{BLOCKED}{time}{why}")
            }
            Self::HeardAgain {} => HEARD_AGAIN.to_owned(),
            Self::Told {} => String::new(),
        }
    }

    /// What the sentence of an act from before acts were data says.
    pub(in crate::store) fn of_sentence(kind: ActKind, what: &str) -> Self {
        let deed = match kind {
            ActKind::Role => what.split_once(GIVEN).and_then(|(before, after)| {
                Some(Self::Role { before: Role::from_word(before)?, after: Role::from_word(after)? })
            }),
            ActKind::Link => match what.strip_prefix("no longer ") {
                Some(parted) => parted.strip_prefix(LINKED).map(|from| Self::Part { from: from.to_owned() }),
                None => what.strip_prefix(LINKED).map(|with| Self::Link { with: with.to_owned() }),
            },
            ActKind::Setting => setting_of(what),
            ActKind::Purge => Some(Self::Purge { reason: what.to_owned() }),
            ActKind::Import => Some(Self::Import {}),
            ActKind::Block if what == HEARD_AGAIN => Some(Self::HeardAgain {}),
            ActKind::Block => block_of(what),
        };
        // What isn't said again in the same words was not understood.
        deed.filter(|deed| kind == ActKind::Import || deed.sentence(None) == what).unwrap_or(Self::Told {})
    }
}

fn setting_of(what: &str) -> Option<Deed> {
    let rest = what.strip_prefix("prefix ")?;
    let (rest, suggestions) = rest.rsplit_once(", suggestions ")?;
    let (rest, channels) = rest.strip_suffix(" channels")?.rsplit_once(", ")?;
    let (prefix, answers) = rest.rsplit_once(", answers ")?;
    let channels = match channels.parse().ok()? {
        0 => Channels::Named(Vec::new()),
        count => Channels::Counted(count),
    };
    let prefix = (prefix != AS_THE_OPERATOR_HAS_IT).then(|| prefix.to_owned());
    Some(Deed::Setting { prefix, private: answers == "private", channels, suggestions: suggestions == "on" })
}

fn block_of(what: &str) -> Option<Deed> {
    let rest = what.strip_prefix(BLOCKED)?;
    let (time, reason) = match rest.split_once(": ") {
        Some((time, reason)) => (time, Some(reason.to_owned())),
        None => (rest, None),
    };
    let until = match time.strip_prefix("until ") {
        _ if time == FOR_EVER => None,
        Some(time) => Some(time.parse::<Timestamp>().ok()?.as_millisecond()),
        None => return None,
    };
    Some(Deed::Block { until, reason })
}

/// What stands between the role before and the role after.
const GIVEN: &str = " → ";

/// What stands before the identity that another was linked with.
const LINKED: &str = "one person with ";

/// What stands before the time of a block.
const BLOCKED: &str = "blocked ";

/// The time of a block that doesn't end by itself.
const FOR_EVER: &str = "until it is lifted";

/// What is said of a block that was lifted.
const HEARD_AGAIN: &str = "heard again";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_of_earlier_versions_is_understood_and_said_again() {
        let until = Some("2026-12-01T12:00:00Z".parse::<Timestamp>().unwrap().as_millisecond());
        for (kind, what, deed) in [
            (ActKind::Role, "reader → admin", Deed::Role { before: Role::Reader, after: Role::Admin }),
            (ActKind::Link, "one person with discord:33", Deed::Link { with: "discord:33".to_owned() }),
            (ActKind::Link, "no longer one person with discord:33", Deed::Part { from: "discord:33".to_owned() }),
            (
                ActKind::Setting,
                "prefix , a, , answers private, 12 channels, suggestions off",
                Deed::Setting {
                    prefix: Some(", a, ".to_owned()),
                    private: true,
                    channels: Channels::Counted(12),
                    suggestions: false,
                },
            ),
            (
                ActKind::Setting,
                "prefix as the operator has it, answers public, 0 channels, suggestions on",
                Deed::Setting {
                    prefix: None,
                    private: false,
                    channels: Channels::Named(Vec::new()),
                    suggestions: true,
                },
            ),
            (ActKind::Block, "blocked until it is lifted", Deed::Block { until: None, reason: None }),
            (
                ActKind::Block,
                "blocked until 2026-12-01T12:00:00Z: Floods: the channel.",
                Deed::Block { until, reason: Some("Floods: the channel.".to_owned()) },
            ),
            (ActKind::Block, "heard again", Deed::HeardAgain {}),
            (ActKind::Block, "blocked for a while", Deed::Told {}),
            (ActKind::Role, "reader → king", Deed::Told {}),
            (ActKind::Purge, "A person asked.", Deed::Purge { reason: "A person asked.".to_owned() }),
        ] {
            assert_eq!(Deed::of_sentence(kind, what), deed, "{what}");
            assert_eq!(Deed::read(&deed.written().unwrap()).unwrap(), deed, "{what}");
        }
        assert!(Deed::read(r#"[2,{"deed":"import"}]"#).is_err());
        assert!(Deed::read(r#"[1,{"deed":"role","before":"reader","after":"admin","more":1}]"#).is_err());
    }
}
