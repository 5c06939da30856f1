//! The command line: what `onrecord` does with its arguments.
//!
//! Questions are the chat's own commands and go to the desk like anyone's; what is here are the
//! operator's: importing, exporting, looking at the configuration.

mod account;
mod anchor;
#[cfg(feature = "links")]
mod archive;
mod args;
mod backup;
#[cfg(any(feature = "discord", feature = "matrix"))]
mod bots;
#[cfg(feature = "bot")]
mod core_dumps;
mod data;
mod history;
mod leftovers;
#[cfg(feature = "links")]
mod link_report;
#[cfg(feature = "links")]
mod links;
#[cfg(feature = "semantic")]
mod model;
mod names;
mod print;
mod probe;
mod question;
#[cfg(feature = "bot")]
mod reload;
mod write;

use std::{ffi::OsString, path::Path, process::ExitCode};

use clap::Parser;

use crate::{
    anchor::AnchorError,
    app::StartError,
    config::{Config, ConfigError, Variables},
    files::TargetError,
    import_export::ImportError,
    logging::{self, LoggingError},
    name_extracts::ExtractError,
    search::SearchError,
    store::{BackupError, Failure, StoreError},
};
#[cfg(feature = "matrix")]
use args::MatrixCommand;
use args::{ChangesCommand, Command, CommandLine, NamesCommand};

/// Where settings are read from, in the working folder.
const SETTINGS_FILE: &str = ".env";

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It was answered or done.
    Answered = 0,
    /// Nothing on record answers it.
    NothingFound = 1,
    /// It was put wrongly.
    Misused = 2,
    /// It failed.
    Failed = 3,
}

/// Why a command of the operator's failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The configuration can't be used.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// Logging can't start.
    #[error("{0}")]
    Logging(#[from] LoggingError),
    /// The program can't start.
    #[error("{0}")]
    Start(#[from] StartError),
    /// An import was refused.
    #[error("nothing was imported:\n{0}")]
    Import(#[from] ImportError),
    /// The shipped entries are in, and the files were refused.
    #[error("what is said above is done; of the files nothing was imported:\n{0}")]
    ImportRest(ImportError),
    /// A catalogue's extract can't be read.
    #[error("{0}")]
    Extract(#[from] ExtractError),
    /// An extract has nothing for what is on record.
    #[error("{0}")]
    NoNames(String),
    /// Names of an extract are left that were not proposed.
    #[error("the names of {entities} were not proposed: {error}. The next run goes on from here")]
    NamesLeft {
        /// How many.
        entities: String,
        /// Why.
        error: StoreError,
    },
    /// An argument can't be used.
    #[error("{0}")]
    Usage(String),
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// No backup was made, or none was put back.
    #[error("{0}")]
    Backup(#[from] BackupError),
    /// The history can't be anchored, or its anchors can't be looked at.
    #[error("{0}")]
    Anchor(#[from] AnchorError),
    /// No model was installed.
    #[cfg(feature = "semantic")]
    #[error("{0}")]
    Install(#[from] crate::meaning::install::InstallError),
    /// Addresses on record weren't asked.
    #[cfg(feature = "links")]
    #[error("{0}")]
    Links(#[from] crate::links::LinksError),
    /// The index failed.
    #[error("{0}")]
    Search(#[from] SearchError),
    /// A file that was named is not written.
    #[error("{0}")]
    Target(#[from] TargetError),
    /// A running bot can't be asked how it stands.
    #[error("nothing answers at {address} (ONRECORD_HEALTH): {reason}; is the bot running, with the same settings?")]
    Unreachable {
        /// Where it was asked.
        address: String,
        /// What happened.
        reason: String,
    },
    /// The bot was told to stop twice.
    #[cfg(feature = "bot")]
    #[error(
        "told to stop a second time; what was still being answered was dropped, and nothing that was approved is lost"
    )]
    Hurried,
    /// Others can't look at how the bot stands.
    #[cfg(feature = "bot")]
    #[error("{0}")]
    Health(#[from] crate::health::HealthError),
    /// The Discord bot stopped.
    #[cfg(feature = "discord")]
    #[error("{0}")]
    Discord(#[from] crate::chat::discord::DiscordError),
    /// The Matrix bot stopped.
    #[cfg(feature = "matrix")]
    #[error("{0}")]
    Matrix(#[from] crate::chat::matrix::MatrixError),
    /// What was to be printed can't be.
    #[error("the output can't be written: {0}")]
    Output(#[from] std::io::Error),
}

impl From<Failure> for CliError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.into())
    }
}

impl CliError {
    const fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::Logging(_)
            | Self::Usage(_)
            | Self::Extract(_)
            | Self::Target(TargetError::Guarded { .. } | TargetError::Exists(_) | TargetError::NoFile { .. })
            | Self::Import(ImportError::Pack(_))
            | Self::ImportRest(ImportError::Pack(_)) => Exit::Misused,
            Self::NoNames(_) => Exit::NothingFound,
            #[cfg(feature = "bot")]
            Self::Health(_) | Self::Hurried => Exit::Failed,
            #[cfg(feature = "links")]
            Self::Links(crate::links::LinksError::Fetch(crate::fetch::FetchError::Off)) => Exit::Misused,
            #[cfg(feature = "links")]
            Self::Links(_) => Exit::Failed,
            #[cfg(feature = "semantic")]
            Self::Install(error) if error.is_of_the_file() => Exit::Misused,
            #[cfg(feature = "semantic")]
            Self::Install(_) => Exit::Failed,
            #[cfg(feature = "discord")]
            Self::Discord(_) => Exit::Failed,
            #[cfg(feature = "matrix")]
            Self::Matrix(_) => Exit::Failed,
            Self::Start(_)
            | Self::Import(ImportError::Store(_))
            | Self::ImportRest(ImportError::Store(_))
            | Self::Store(_)
            | Self::NamesLeft { .. }
            | Self::Backup(_)
            | Self::Anchor(_)
            | Self::Search(_)
            | Self::Target(TargetError::Write { .. })
            | Self::Unreachable { .. }
            | Self::Output(_) => Exit::Failed,
        }
    }
}

/// Runs the program with these arguments, the first of which is its name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match CommandLine::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; both print themselves where they belong.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Misused as u8 } else { Exit::Answered as u8 });
        }
    };
    match perform(arguments) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            // Whoever read the output has read enough.
            ExitCode::from(Exit::Answered as u8)
        }
        Err(error) => {
            print::problem(&error);
            ExitCode::from(error.exit() as u8)
        }
    }
}

fn perform(arguments: CommandLine) -> Result<Exit, CliError> {
    let file = Path::new(SETTINGS_FILE);
    let variables = Variables::load(file)?;
    let config = Config::read(&variables)?;
    #[cfg_attr(not(feature = "bot"), expect(unused_variables, reason = "a bot alone takes them to changed settings"))]
    let logs = logging::start(&config.log)?;
    for remark in &config.remarks {
        print::remark(remark);
    }
    let form = arguments.form();
    match arguments.command {
        #[cfg(any(feature = "discord", feature = "matrix"))]
        None if bots::configured(&config) && !arguments.json => {
            bots::run(config, bots::BotSettings { file: file.to_owned(), variables, logs })
        }
        None => question::converse(&config, form),
        Some(Command::Ask(words)) => question::ask(&config, words, form),
        Some(Command::Import(import)) => data::import(&config, import),
        Some(Command::Export(export)) => data::export(&config, &export),
        Some(Command::Names { command: NamesCommand::Suggest(arguments) }) => names::suggest(&config, &arguments),
        Some(Command::Verify) => history::verify(&config),
        #[cfg(feature = "anchor")]
        Some(Command::Anchor) => anchor::anchor(&config),
        Some(Command::Changes { command: ChangesCommand::Export(export) }) => history::export(&config, &export),
        Some(Command::Backup { file }) => backup::back_up(&config, &file),
        Some(Command::Restore { file }) => backup::restore(&config, &file),
        Some(Command::Leftovers(arguments)) => leftovers::list(&config, &arguments),
        Some(Command::Reindex) => data::reindex(&config),
        #[cfg(feature = "links")]
        Some(Command::Links { command }) => links::links(&config, command),
        #[cfg(feature = "semantic")]
        Some(Command::Model { command }) => model::model(&config, command),
        Some(Command::Health { ready: false }) => probe::ask(&config, probe::HealthQuestion::Alive),
        Some(Command::Health { ready: true }) => probe::ask(&config, probe::HealthQuestion::Ready),
        Some(Command::Config) => print::config(&config),
        Some(Command::Schema { of }) => print::schema(of),
        #[cfg(feature = "matrix")]
        Some(Command::Matrix { of: MatrixCommand::RecoveryKey }) => bots::recovery_key(config),
    }
}
