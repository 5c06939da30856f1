//! The settings: each variable with its default and its meaning, once, for `onrecord config`, for
//! `.env.example` and for pointing out what nothing reads.

/// One variable that configures the program.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// The variable's name.
    pub name: &'static str,
    /// Its default, in words where it is worked out.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
}

/// All settings, in the order in which they are shown.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_DATABASE",
        default: "onrecord.db",
        meaning: "The database file; made if there is none.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_INDEX",
        default: "the database's name with .index added",
        meaning: "The folder of the search index. It can be thrown away at any time and is built anew.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_SHIPPED_DATA",
        default: "on",
        meaning: "Whether an empty database is filled with the entries that the program carries: on or off.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_LOG",
        default: "warn",
        meaning: "What is logged to standard error: error, warn, info, debug or trace, or a list like onrecord=debug,tantivy=warn.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_LOG_FORMAT",
        default: "human",
        meaning: "The form of log lines: human or json.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_HISTORY",
        default: "onrecord/history in the user's folder for state",
        meaning: "Where the console keeps what was typed, for the next time; off keeps nothing.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_PAGE_SIZE",
        default: "as many as fit",
        meaning: "How many entries a page has in the terminal: 1 to 50.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_ADMINS",
        default: "",
        meaning: "The first admins, who give everyone else their roles: identities parted by commas, like discord:80351110224678912, matrix:@ana:example.org, terminal:ana.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_SOLO",
        default: "off",
        meaning: "Whether the only reviewer may approve what they proposed themselves: on or off. It is refused where there are more.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_QUOTE_LIMIT",
        default: "500",
        meaning: "The most characters that a quote may have: 1 to 2000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_REVIEW_CHANNELS",
        default: "",
        meaning: "The channels in which new proposals are announced, parted by commas, like discord:1031549384, matrix:!room:example.org.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_CORRECTION_DAYS",
        default: "30",
        meaning: "For how many days the bot's answers are edited when an entry that they show is corrected or retracted: 0 to 90.",
        secret: false,
    },
    Setting {
        name: "DISCORD_TOKEN",
        default: "",
        meaning: "The token of the Discord bot; with it, onrecord without arguments runs the bot.",
        secret: true,
    },
    Setting {
        name: "DISCORD_API_URL",
        default: "",
        meaning: "A Discord-compatible server to use in place of Discord, like http://127.0.0.1:8080.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_DISCORD_PREFIX",
        default: "!",
        meaning: "What stands before a command typed in a Discord channel. With off there are slash commands and mentions only, and the message-content intent is not asked for.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_DISCORD_SHARDS",
        default: "auto",
        meaning: "Which shards this process runs, like 0-3/16: the first, the last, and how many there are in all.",
        secret: false,
    },
];
