//! The Matrix bot's settings. Nothing but `chat/matrix` goes by them.

use std::{path::PathBuf, time::Duration};

use url::Url;

use super::{
    ConfigError, Secret,
    mask::masked_address,
    read::Reading,
    setting::{Setting, TakesEffect},
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "MATRIX_HOMESERVER",
        default: "",
        meaning: "The homeserver of the Matrix bot: its address, or the name of a server that says where it is. With it, onrecord without arguments runs the bot.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "MATRIX_USER",
        default: "",
        meaning: "The Matrix bot's whole user id, like @onrecord:example.org.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "MATRIX_PASSWORD",
        default: "",
        meaning: "The account's password. Needed for the first start only; it may be removed afterwards.",
        secret: true,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "MATRIX_ACCESS_TOKEN",
        default: "",
        meaning: "An access token of the account, in place of a password.",
        secret: true,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "MATRIX_RECOVERY_KEY",
        default: "",
        meaning: "The account's recovery key. Needed only when the store was lost, to take over the keys.",
        secret: true,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_STORE",
        default: "the database's name with .matrix added",
        meaning: "The folder of the Matrix bot's session and encryption keys. Losing it loses the keys.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_PASSPHRASE",
        default: "",
        meaning: "What that folder is encrypted with. Without it a random key is kept in a file in the folder.",
        secret: true,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_PREFIX",
        default: "!",
        meaning: "What stands before a command typed in a Matrix room. With off there are mentions only.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_INVITES",
        default: "everyone",
        meaning: "Whose invitations are accepted: everyone, nobody, or servers and users like example.org, @ana:example.org.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_OPERATORS",
        default: "",
        meaning: "The user ids of those whose requests to verify the bot are accepted, parted by commas.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_REACTION",
        default: "🔎",
        meaning: "The reaction on a message that asks to check it, or off.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_MATRIX_MAX_AGE",
        default: "10",
        meaning: "How many minutes old a question may be to be still answered, after a restart too: 1 to 1440.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// How the Matrix bot runs.
#[derive(Debug, Clone)]
pub struct MatrixConfig {
    /// The homeserver: its address, or the name of a server that says where its homeserver is.
    pub homeserver: String,
    /// The bot's whole user id, `@name:server`.
    pub user: String,
    /// The account's password: needed for the first start only.
    pub password: Option<Secret>,
    /// An access token of the account, in place of a password.
    pub access_token: Option<Secret>,
    /// The account's recovery key: needed only to take over the keys of a lost store.
    pub recovery_key: Option<Secret>,
    /// The folder of the session and of the encryption keys.
    pub store: PathBuf,
    /// The passphrase that the store is encrypted with; `None`: a key in a file beside it.
    pub passphrase: Option<Secret>,
    /// What stands before typed commands where a room has set nothing else; `None`: nothing does.
    pub prefix: Option<String>,
    /// Whose invitations are accepted.
    pub invites: Invites,
    /// The whole user ids of those whose requests to verify the bot are accepted.
    pub operators: Vec<String>,
    /// The reaction that asks to check a message; `None`: there is none.
    pub reaction: Option<String>,
    /// How old a question may be to be still answered.
    pub max_age: Duration,
    /// How long to wait before corrections and posts are looked for again. Not an operator's setting.
    pub rounds: Duration,
}

/// Whose invitations are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invites {
    /// Everyone's.
    Everyone,
    /// Nobody's.
    Nobody,
    /// Those of these users (`@name:server`) and of all users of these servers.
    Of(Vec<String>),
}

impl Invites {
    fn read(text: &str) -> Option<Self> {
        match text {
            "everyone" => return Some(Self::Everyone),
            "nobody" => return Some(Self::Nobody),
            _ => {}
        }
        let listed = list(text);
        let is_name = |name: &String| is_user(name) || (!name.contains('@') && !name.contains('/'));
        (!listed.is_empty() && listed.iter().all(is_name)).then_some(Self::Of(listed))
    }

    /// Whether this user's invitation is accepted. The server of a user is what follows the first colon
    /// (Matrix specification, appendix "User identifiers").
    #[must_use]
    pub fn admit(&self, user: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::Nobody => false,
            Self::Of(listed) => {
                let server = user.split_once(':').map(|(_, server)| server);
                listed.iter().any(|name| name == user || Some(name.as_str()) == server)
            }
        }
    }
}

impl MatrixConfig {
    pub(super) fn read(reading: &mut Reading<'_>, store: &str) -> Result<Option<Self>, ConfigError> {
        let homeserver = reading.address("MATRIX_HOMESERVER");
        let user = reading.text("MATRIX_USER");
        let password = reading.secret("MATRIX_PASSWORD");
        let access_token = reading.secret("MATRIX_ACCESS_TOKEN");
        let recovery_key = reading.secret("MATRIX_RECOVERY_KEY");
        let passphrase = reading.secret("ONRECORD_MATRIX_PASSPHRASE");
        let store = PathBuf::from(reading.text_or("ONRECORD_MATRIX_STORE", store));
        let prefix = reading.prefix("ONRECORD_MATRIX_PREFIX")?;
        let invites = reading.text("ONRECORD_MATRIX_INVITES");
        let operators = list(&reading.text("ONRECORD_MATRIX_OPERATORS"));
        let reaction = reading.text("ONRECORD_MATRIX_REACTION");
        let minutes = reading.number("ONRECORD_MATRIX_MAX_AGE", 1..=1_440)?.unwrap_or(10);
        let Some(invites) = Invites::read(&invites) else {
            let expected = "everyone, nobody, or servers and users like example.org, @ana:example.org";
            return Err(ConfigError::value("ONRECORD_MATRIX_INVITES", &invites, expected));
        };
        if let Some(name) = operators.iter().find(|name| !is_user(name)) {
            return Err(ConfigError::value("ONRECORD_MATRIX_OPERATORS", name, "whole user ids like @ana:example.org"));
        }
        if homeserver.is_empty() && user.is_empty() {
            return Ok(None);
        }
        let is_address = Url::parse(&homeserver).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let is_name = !homeserver.is_empty() && !homeserver.contains(['/', '@', ' ']);
        if !is_address && !is_name {
            let expected = "an address like https://matrix.example.org, or a server's name like example.org";
            return Err(ConfigError::value("MATRIX_HOMESERVER", &masked_address(&homeserver), expected));
        }
        if !is_user(&user) {
            return Err(ConfigError::value(
                "MATRIX_USER",
                &user,
                "the bot's whole user id, like @onrecord:example.org",
            ));
        }
        Ok(Some(Self {
            homeserver,
            user,
            password,
            access_token,
            recovery_key,
            store,
            passphrase,
            prefix,
            invites,
            operators,
            reaction: (reaction != "off").then_some(reaction),
            max_age: Duration::from_secs(u64::try_from(minutes).unwrap_or(10) * 60),
            rounds: super::ROUNDS,
        }))
    }
}

/// Names parted by commas or spaces.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn is_user(text: &str) -> bool {
    text.strip_prefix('@').and_then(|rest| rest.split_once(':')).is_some_and(|(_, server)| !server.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};
    use super::*;

    const ACCOUNT: [(&str, &str); 2] = [("MATRIX_HOMESERVER", "example.org"), ("MATRIX_USER", "@bot:example.org")];

    fn read(pairs: &[(&str, &str)]) -> Result<Option<MatrixConfig>, String> {
        Config::read(&Variables::of(pairs)).map(|config| config.matrix).map_err(|error| error.to_string())
    }

    #[test]
    fn without_an_account_there_is_no_bot_and_secrets_are_not_shown() {
        assert!(read(&[]).unwrap().is_none());
        let config = read(&[
            ACCOUNT[0],
            ACCOUNT[1],
            ("MATRIX_PASSWORD", "canary"),
            ("MATRIX_ACCESS_TOKEN", "canary"),
            ("MATRIX_RECOVERY_KEY", "canary"),
            ("ONRECORD_MATRIX_PASSPHRASE", "canary"),
            ("ONRECORD_MATRIX_OPERATORS", "@ana:example.org, @bo:example.net"),
        ]);
        let config = config.unwrap().unwrap();
        assert!(!format!("{config:?}").contains("canary"));
        assert_eq!(config.operators, ["@ana:example.org", "@bo:example.net"]);
        assert_eq!(config.store, PathBuf::from("onrecord.db.matrix"));
        assert_eq!((config.max_age.as_secs(), config.invites), (600, Invites::Everyone));
    }

    #[test]
    fn invitations_are_accepted_by_whole_ids_and_servers() {
        let listed = Invites::read("example.org, @ana:example.net localhost:8448").unwrap();
        for user in ["@x:example.org", "@ana:example.net", "@x:localhost:8448"] {
            assert!(listed.admit(user), "{user}");
        }
        for user in ["@x:example.net", "@x:sub.example.org", "@example.org:evil.example", "@x:localhost"] {
            assert!(!listed.admit(user), "{user}");
        }
        assert!(Invites::read("everyone").unwrap().admit("@x:y") && !Invites::read("nobody").unwrap().admit("@x:y"));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_would() {
        for (name, value) in [
            ("MATRIX_HOMESERVER", "ftp://example.org"),
            ("MATRIX_USER", "onrecord"),
            ("ONRECORD_MATRIX_PREFIX", "onrecord"),
            ("ONRECORD_MATRIX_INVITES", "https://example.org"),
            ("ONRECORD_MATRIX_OPERATORS", "ana"),
            ("ONRECORD_MATRIX_MAX_AGE", "0"),
        ] {
            let mut pairs: Vec<_> = ACCOUNT.into_iter().filter(|(known, _)| *known != name).collect();
            pairs.push((name, value));
            let message = read(&pairs).unwrap_err();
            assert!(message.starts_with(&format!("{name} is {value:?}; it must be ")), "{message}");
        }
        assert!(read(&ACCOUNT[..1]).unwrap_err().starts_with("MATRIX_USER is \"\""));
    }
}
