//! The Discord bot's settings. Nothing but `chat/discord` goes by them.

use std::time::Duration;

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
        name: "DISCORD_TOKEN",
        default: "",
        meaning: "The token of the Discord bot; with it, onrecord without arguments runs the bot.",
        secret: true,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "DISCORD_API_URL",
        default: "",
        meaning: "A Discord-compatible server to use in place of Discord, like http://127.0.0.1:8080.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_DISCORD_PREFIX",
        default: "!",
        meaning: "What stands before a command typed in a Discord channel. With off there are slash commands and mentions only, and the message-content intent is not asked for.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_DISCORD_SHARDS",
        default: "auto",
        meaning: "Which shards this process runs, like 0-3/16: the first, the last, and how many there are in all.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: "ONRECORD_DISCORD_LAYOUT",
        default: "embeds",
        meaning: "What answers are made of: embeds, or components (Discord's Components V2), which hasn't been seen on Discord itself yet. A message keeps the one that it was made with.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
];

/// How the Discord bot runs.
#[derive(Debug, Clone)]
pub struct DiscordConfig {
    /// The bot's token.
    pub token: Secret,
    /// The server in place of Discord, without a slash at the end.
    pub api_url: Option<String>,
    /// What stands before typed commands where a community has set nothing else; `None`: there are
    /// none.
    pub prefix: Option<String>,
    /// Which shards run here; `None`: as many as Discord recommends.
    pub shards: Option<Shards>,
    /// What new answers are made of.
    pub layout: MessageLayout,
    /// How long no shard may be connected before everything is begun anew. Not an operator's setting.
    pub silence: Duration,
    /// How long to wait before corrections and posts are looked for again. Not an operator's setting.
    pub rounds: Duration,
}

/// Longer than Discord's shortest outages and than the slowest reconnection.
const SILENCE: Duration = Duration::from_secs(90);

/// What the bot's messages are made of. A message keeps what it was made with: Discord lets no edit take the flag of
/// layout components away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageLayout {
    /// Embeds, with rows of buttons below them.
    Embeds,
    /// A container of texts, separators and rows of buttons (Discord, "Components V2").
    Components,
}

impl MessageLayout {
    fn read(text: &str) -> Option<Self> {
        match text {
            "embeds" => Some(Self::Embeds),
            "components" => Some(Self::Components),
            _ => None,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Embeds => Self::Components,
            Self::Components => Self::Embeds,
        }
    }
}

/// A range of shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shards {
    /// The first that runs here.
    pub first: u32,
    /// The last that runs here.
    pub last: u32,
    /// How many there are in all processes together.
    pub total: u32,
}

impl Shards {
    fn read(text: &str) -> Option<Self> {
        let (range, total) = text.split_once('/')?;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let shards = Self { first: first.parse().ok()?, last: last.parse().ok()?, total: total.parse().ok()? };
        (shards.first <= shards.last && shards.last < shards.total).then_some(shards)
    }
}

impl DiscordConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Option<Self>, ConfigError> {
        let token = reading.text("DISCORD_TOKEN");
        let address = reading.address("DISCORD_API_URL");
        let prefix = reading.prefix("ONRECORD_DISCORD_PREFIX")?;
        let shards = reading.text("ONRECORD_DISCORD_SHARDS");
        let layout = reading.text("ONRECORD_DISCORD_LAYOUT");
        let is_address =
            Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !address.is_empty() && !is_address {
            let expected = "an address that begins with http:// or https://";
            return Err(ConfigError::value("DISCORD_API_URL", &masked_address(&address), expected));
        }
        let range = Shards::read(&shards);
        if shards != "auto" && range.is_none() {
            let expected = "auto, or first-last/total as in 0-3/16";
            return Err(ConfigError::value("ONRECORD_DISCORD_SHARDS", &shards, expected));
        }
        let Some(layout) = MessageLayout::read(&layout) else {
            return Err(ConfigError::value("ONRECORD_DISCORD_LAYOUT", &layout, "embeds or components"));
        };
        Ok((!token.trim().is_empty()).then(|| Self {
            token: Secret::new(token.trim()),
            api_url: (!address.is_empty()).then(|| address.trim_end_matches('/').to_owned()),
            prefix,
            shards: range,
            layout,
            silence: SILENCE,
            rounds: super::ROUNDS,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Option<DiscordConfig>, String> {
        Config::read(&Variables::of(pairs)).map(|config| config.discord).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_token_there_is_no_bot_and_with_one_it_is_not_shown() {
        assert!(read(&[]).unwrap().is_none());
        let config = read(&[("DISCORD_TOKEN", "canary"), ("ONRECORD_DISCORD_SHARDS", "0-3/16")]).unwrap().unwrap();
        assert_eq!(config.shards, Some(Shards { first: 0, last: 3, total: 16 }));
        assert_eq!(config.prefix.as_deref(), Some("!"));
        assert_eq!(config.layout, MessageLayout::Embeds);
        let components = read(&[("DISCORD_TOKEN", "x"), ("ONRECORD_DISCORD_LAYOUT", "components")]).unwrap().unwrap();
        assert_eq!(components.layout, MessageLayout::Components);
        assert!(!format!("{config:?}").contains("canary"));
        assert!(read(&[("DISCORD_TOKEN", "x"), ("ONRECORD_DISCORD_PREFIX", "off")]).unwrap().unwrap().prefix.is_none());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_would() {
        for (name, value) in [
            ("DISCORD_API_URL", "localhost"),
            ("ONRECORD_DISCORD_PREFIX", "onrecord"),
            ("ONRECORD_DISCORD_SHARDS", "3-1/16"),
            ("ONRECORD_DISCORD_SHARDS", "0-16/16"),
            ("ONRECORD_DISCORD_LAYOUT", "cards"),
        ] {
            let message = read(&[(name, value)]).unwrap_err();
            assert!(message.starts_with(&format!("{name} is {value:?}; it must be ")), "{message}");
        }
    }
}
