//! Configuration: read once at the start, from the environment and from `.env` in the working
//! folder, checked, and handed on as one struct per concern.

mod anchor;
mod backups;
mod changes;
mod discord;
mod editorial;
mod env_file;
mod health;
mod mask;
mod matrix;
mod read;
mod secret;
mod settings;

use std::path::PathBuf;

pub use anchor::AnchorConfig;
pub use backups::BackupConfig;
pub use changes::{TakesEffect, changes};
pub use discord::{DiscordConfig, Shards};
pub use health::HealthConfig;
pub use mask::without_credentials;
pub use matrix::{Invites, MatrixConfig};
pub use read::{ConfigError, Variables};
pub use secret::Secret;
pub use settings::{SETTINGS, Setting};

use crate::{files::beside, model::Authority};

/// All that is configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the records and the index are.
    pub data: DataConfig,
    /// Backups that a running bot makes by itself; `None` without a folder for them.
    pub backups: Option<BackupConfig>,
    /// Who stamps the history.
    pub anchor: AnchorConfig,
    /// Where a running bot shows how it stands; `None` without an address.
    pub health: Option<HealthConfig>,
    /// What is logged, and how.
    pub log: LogConfig,
    /// The terminal's own.
    pub terminal: TerminalConfig,
    /// Who is admin from the start, and what the editorial desk keeps to.
    pub authority: Authority,
    /// The Discord bot; `None` without a token.
    pub discord: Option<DiscordConfig>,
    /// The Matrix bot; `None` without an account.
    pub matrix: Option<MatrixConfig>,
    /// Each setting in force, with where it comes from.
    pub in_force: Vec<InForce>,
    /// What is odd but no reason to stop: variables that nothing reads.
    pub remarks: Vec<String>,
}

/// Where the records and the index are.
#[derive(Debug, Clone)]
pub struct DataConfig {
    /// The database.
    pub database: PathBuf,
    /// The folder of the index.
    pub index: PathBuf,
    /// Whether an empty database is filled with the entries that the program carries.
    pub shipped_data: bool,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Which events, as a filter of `tracing` (EnvFilter directives).
    pub filter: String,
    /// In which form.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// The terminal's own.
#[derive(Debug, Clone)]
pub struct TerminalConfig {
    /// Where what was typed is kept for the next time; `None`: nowhere.
    pub history: Option<PathBuf>,
    /// How many entries a page has; `None`: as many as fit.
    pub page_size: Option<usize>,
}

/// A setting as it is in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value; that of a secret is not here.
    pub value: String,
    /// Where the value comes from.
    pub origin: SettingOrigin,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingOrigin {
    /// It was not set.
    Default,
    /// From the environment.
    Environment,
    /// From `.env`.
    File,
}

impl Config {
    /// Reads the configuration from these variables.
    ///
    /// # Errors
    /// When a value can't be read as what it should be.
    pub fn read(variables: &Variables) -> Result<Self, ConfigError> {
        let mut reading = read::Reading::new(variables);
        let database = PathBuf::from(reading.text("ONRECORD_DATABASE", "onrecord.db"));
        let index = beside(&database, ".index");
        let index = PathBuf::from(reading.text("ONRECORD_INDEX", &index.to_string_lossy()));
        let shipped_data = reading.on_by_default("ONRECORD_SHIPPED_DATA")?;
        let backups = BackupConfig::read(&mut reading)?;
        let anchor = AnchorConfig::read(&mut reading)?;
        let health = HealthConfig::read(&mut reading)?;
        let filter = reading.text("ONRECORD_LOG", "warn");
        let format =
            reading.one_of("ONRECORD_LOG_FORMAT", &[("human", LogFormat::Human), ("json", LogFormat::Json)])?;
        let history = reading.text("ONRECORD_HISTORY", &default_history(variables));
        let page_size = reading.number("ONRECORD_PAGE_SIZE", 1..=50)?;
        let authority = editorial::read(&mut reading)?;
        let discord = DiscordConfig::read(&mut reading)?;
        let matrix = MatrixConfig::read(&mut reading, &beside(&database, ".matrix").to_string_lossy())?;
        let data = DataConfig { database, index, shipped_data };
        let log = LogConfig { filter, format };
        let history = (history != "off").then(|| PathBuf::from(history));
        let terminal = TerminalConfig { history, page_size };
        let (in_force, remarks) = reading.finish();
        Ok(Self { data, backups, anchor, health, log, terminal, authority, discord, matrix, in_force, remarks })
    }
}

/// How long chats wait before they look for corrections and posts again: a correction is shown everywhere
/// within seconds of its approval, and the database is asked little.
const ROUNDS: std::time::Duration = std::time::Duration::from_secs(5);

/// Where the console keeps what was typed: the user's folder for state (XDG Base Directory
/// Specification), if there is a home at all.
fn default_history(variables: &Variables) -> String {
    let state = variables
        .environment("XDG_STATE_HOME")
        .filter(|folder| !folder.is_empty())
        .or_else(|| variables.environment("HOME").map(|home| format!("{home}/.local/state")));
    state.map_or_else(|| "off".to_owned(), |state| format!("{state}/onrecord/history"))
}
