//! Configuration: read once at the start, from the environment and from `.env` in the working
//! folder, checked, and handed on as one struct per concern.
//!
//! Each concern has a file, in which its settings are listed, read and checked, and one owner, which goes by them: an
//! adapter by its own and by no other's. They are compiled whatever the program can do, so that what is set is checked
//! in a program without chats, too.

mod anchor;
mod backups;
mod changes;
mod data;
mod discord;
mod editorial;
mod env_file;
mod fetch;
mod health;
mod links;
mod log;
mod mask;
mod matrix;
mod meaning;
mod nearest;
mod read;
mod secret;
mod setting;
mod terminal;
mod variables;

pub use anchor::AnchorConfig;
pub use backups::BackupConfig;
pub use changes::changes;
pub use data::DataConfig;
pub use discord::{DiscordConfig, MessageLayout, Shards};
pub use fetch::FetchConfig;
pub use health::HealthConfig;
pub use links::{ArchiveKeys, LinksConfig};
pub use log::{LogConfig, LogFormat};
pub use mask::without_credentials;
pub use matrix::{Invites, MatrixConfig};
pub use meaning::{EmbeddingsConfig, MeaningConfig};
pub use secret::Secret;
pub use setting::{Setting, TakesEffect};
pub use terminal::TerminalConfig;
pub use variables::{ConfigError, Variables};

use crate::{files::beside, model::Authority};

/// The settings of each part, in the order in which they are shown.
const PARTS: &[&[Setting]] = &[
    data::SETTINGS,
    meaning::SETTINGS,
    backups::SETTINGS,
    anchor::SETTINGS,
    fetch::SETTINGS,
    links::SETTINGS,
    health::SETTINGS,
    log::SETTINGS,
    terminal::SETTINGS,
    editorial::SETTINGS,
    discord::SETTINGS,
    matrix::SETTINGS,
];

/// All settings: each variable with its default and its meaning, once, for reading them, for `onrecord config`, for
/// `.env.example` and for pointing out what nothing reads.
pub static SETTINGS: &[Setting] = &setting::join::<{ setting::count(PARTS) }>(PARTS);

/// All that is configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the records and the index are.
    pub data: DataConfig,
    /// The model that texts are placed by.
    pub meaning: MeaningConfig,
    /// Backups that a running bot makes by itself; `None` without a folder for them.
    pub backups: Option<BackupConfig>,
    /// Who stamps the history.
    pub anchor: AnchorConfig,
    /// How pages of others are fetched.
    pub fetch: FetchConfig,
    /// What becomes of addresses on record.
    pub links: LinksConfig,
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
        let data = DataConfig::read(&mut reading)?;
        let meaning = MeaningConfig::read(&mut reading, &beside(&data.database, ".model").to_string_lossy())?;
        let backups = BackupConfig::read(&mut reading)?;
        let anchor = AnchorConfig::read(&mut reading)?;
        let fetch = FetchConfig::read(&mut reading)?;
        let links = LinksConfig::read(&mut reading)?;
        let health = HealthConfig::read(&mut reading)?;
        let log = LogConfig::read(&mut reading)?;
        let terminal = TerminalConfig::read(&mut reading)?;
        let authority = editorial::read(&mut reading)?;
        let discord = DiscordConfig::read(&mut reading)?;
        let matrix = MatrixConfig::read(&mut reading, &beside(&data.database, ".matrix").to_string_lossy())?;
        let (in_force, remarks) = reading.finish();
        Ok(Self {
            data,
            meaning,
            backups,
            anchor,
            fetch,
            links,
            health,
            log,
            terminal,
            authority,
            discord,
            matrix,
            in_force,
            remarks,
        })
    }
}

/// How long chats wait before they look for corrections and posts again: a correction is shown everywhere
/// within seconds of its approval, and the database is asked little.
const ROUNDS: std::time::Duration = std::time::Duration::from_secs(5);
