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
        meaning: "The database file; a question, the console or a bot begins one where there is none.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_INDEX",
        default: "the database's name with .index added",
        meaning: "The folder of the search index, and of nothing else. It can be thrown away at any time and is built anew.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_SHIPPED_DATA",
        default: "on",
        meaning: "Whether an empty database is filled with the entries that the program carries: on or off.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_BACKUPS",
        default: "",
        meaning: "The folder that a running bot puts backups in by itself. Without one it makes none.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_BACKUP_HOURS",
        default: "24",
        meaning: "How many hours after one backup the next is made: 1 to 720.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_BACKUPS_KEPT",
        default: "7",
        meaning: "How many of these backups are kept; beyond that the oldest is thrown away: 1 to 1000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_TSA",
        default: "",
        meaning: "The address of the time-stamping authority (RFC 3161) that onrecord anchor asks, like https://tsa.example.org/tsr.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_TSA_CA",
        default: "",
        meaning: "The file with the certificates, in PEM, of those who say which time-stamping authorities are real.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_HEALTH",
        default: "",
        meaning: "The address at which a running bot shows how it stands, like 127.0.0.1:9464: /healthz, /readyz and /metrics. Without one it listens nowhere.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_HEALTH_REMOTE",
        default: "off",
        meaning: "Whether that address may be one that other machines reach: on or off.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_HEALTH_HOSTS",
        default: "",
        meaning: "The names by which it may be asked there, parted by commas, beside its own address and localhost, like onrecord,bot.example.org.",
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
        name: "ONRECORD_LIMIT_PERSON",
        default: "5",
        meaning: "How many requests of one person are answered within 10 seconds: 1 to 1000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_LIMIT_CHANNEL",
        default: "20",
        meaning: "How many requests in one channel are answered within 10 seconds: 1 to 10000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_LIMIT_COMMUNITY",
        default: "60",
        meaning: "How many requests in one community are answered within 10 seconds: 1 to 10000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_LIMIT_OVERALL",
        default: "400",
        meaning: "How many requests are answered within 10 seconds in all: 1 to 100000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_OPEN_PROPOSALS",
        default: "50",
        meaning: "How many proposals of one person may wait for a decision: 1 to 10000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_OPEN_FORMS",
        default: "5",
        meaning: "How many forms one person may have begun to fill in: 1 to 100.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_OPEN_SUGGESTIONS",
        default: "10",
        meaning: "How many suggested links of one person may wait: 0 to 1000.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_DAILY_SUGGESTIONS",
        default: "20",
        meaning: "How many links one person may suggest within 24 hours: 0 to 1000.",
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
    Setting {
        name: "MATRIX_HOMESERVER",
        default: "",
        meaning: "The homeserver of the Matrix bot: its address, or the name of a server that says where it is. With it, onrecord without arguments runs the bot.",
        secret: false,
    },
    Setting {
        name: "MATRIX_USER",
        default: "",
        meaning: "The Matrix bot's whole user id, like @onrecord:example.org.",
        secret: false,
    },
    Setting {
        name: "MATRIX_PASSWORD",
        default: "",
        meaning: "The account's password. Needed for the first start only; it may be removed afterwards.",
        secret: true,
    },
    Setting {
        name: "MATRIX_ACCESS_TOKEN",
        default: "",
        meaning: "An access token of the account, in place of a password.",
        secret: true,
    },
    Setting {
        name: "MATRIX_RECOVERY_KEY",
        default: "",
        meaning: "The account's recovery key. Needed only when the store was lost, to take over the keys.",
        secret: true,
    },
    Setting {
        name: "ONRECORD_MATRIX_STORE",
        default: "the database's name with .matrix added",
        meaning: "The folder of the Matrix bot's session and encryption keys. Losing it loses the keys.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_MATRIX_PASSPHRASE",
        default: "",
        meaning: "What that folder is encrypted with. Without it a random key is kept in a file in the folder.",
        secret: true,
    },
    Setting {
        name: "ONRECORD_MATRIX_PREFIX",
        default: "!",
        meaning: "What stands before a command typed in a Matrix room. With off there are mentions only.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_MATRIX_INVITES",
        default: "everyone",
        meaning: "Whose invitations are accepted: everyone, nobody, or servers and users like example.org, @ana:example.org.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_MATRIX_OPERATORS",
        default: "",
        meaning: "The user ids of those whose requests to verify the bot are accepted, parted by commas.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_MATRIX_REACTION",
        default: "🔎",
        meaning: "The reaction on a message that asks to check it, or off.",
        secret: false,
    },
    Setting {
        name: "ONRECORD_MATRIX_MAX_AGE",
        default: "10",
        meaning: "How many minutes old a question may be to be still answered, after a restart too: 1 to 1440.",
        secret: false,
    },
];

/// The setting that a name is taken for: at most two letters away from it, in any case.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_uppercase();
    if name.chars().count() > 60 {
        return None;
    }
    let dfa = levenshtein_automata::LevenshteinAutomatonBuilder::new(2, true).build_dfa(&name);
    SETTINGS
        .iter()
        .filter_map(|setting| match dfa.eval(setting.name.as_bytes()) {
            levenshtein_automata::Distance::Exact(distance) => Some((distance, setting.name)),
            levenshtein_automata::Distance::AtLeast(_) => None,
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// As [`nearest`], also without a prefix that it lacks or has too many of, and without `BOT`, which other programs'
/// names have in them.
pub(super) fn nearest_of_file(name: &str) -> Option<&'static str> {
    let upper = name.to_uppercase();
    let with = format!("ONRECORD_{upper}");
    let without = upper.strip_prefix("ONRECORD_").unwrap_or(&upper);
    [upper.as_str(), &with, without, &upper.replace("_BOT_", "_")].into_iter().find_map(nearest)
}
