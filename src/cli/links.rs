//! `links`: asks the addresses on record whether they still lead to their pages.

use std::{
    io::{IsTerminal, Write},
    sync::Arc,
};

use jiff::Timestamp;

use super::{CliError, Exit, args::LinksCommand};
use crate::{
    app::open_store,
    commands::count,
    config::Config,
    fetch::Fetcher,
    links::{LinkTally, LinksError, ask_links, due_links},
    model::{LinkOutcome, RecordKind, Reference, SourceId},
    store::{SourceLink, Store},
};

pub(super) fn links(config: &Config, command: LinksCommand) -> Result<Exit, CliError> {
    match command {
        LinksCommand::Check { ids, all } => check(config, &ids, all),
    }
}

fn check(config: &Config, ids: &[String], all: bool) -> Result<Exit, CliError> {
    // Said before anything else is done.
    let fetcher = Arc::new(Fetcher::new(&config.fetch).map_err(LinksError::from)?);
    let store = Arc::new(open_store(&config.data)?);
    let links = match ids {
        [] if !all => due_links(&store, Timestamp::now())?,
        ids => of_sources(&store, ids)?,
    };
    if links.is_empty() {
        writeln!(std::io::stdout(), "No address is due to be asked. To ask all of them: onrecord links check --all")?;
        return Ok(Exit::NothingFound);
    }
    let (all, mut progress) = (links.len(), LinkProgress::new("asked"));
    let mut told = |asked| progress.tell(asked, all);
    let tally = runtime()?.block_on(ask_links(fetcher, store, links, Timestamp::now, &mut told));
    progress.end();
    tell(&tally?)?;
    Ok(Exit::Answered)
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// The addresses of the sources of these ids, or of all sources in force.
pub(super) fn of_sources(store: &Store, ids: &[String]) -> Result<Vec<SourceLink>, CliError> {
    let links = store.reader()?.without_deadline().source_links()?;
    if ids.is_empty() {
        return Ok(links);
    }
    let mut wanted = Vec::new();
    for id in ids {
        let source = match id.parse() {
            Ok(Reference::Record(id)) if id.kind == RecordKind::Source => SourceId(id.number),
            _ => return Err(CliError::Usage(format!("{id} is no source; the ids of sources are like D12"))),
        };
        let link = links.iter().find(|link| link.source == source);
        let link = link.ok_or_else(|| CliError::Usage(format!("{source} is no source in force with an address")))?;
        if !wanted.contains(link) {
            wanted.push(link.clone());
        }
    }
    Ok(wanted)
}

fn tell(tally: &LinkTally) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    let alive =
        format!("{} to a page", if tally.alive == 1 { "1 leads".to_owned() } else { format!("{} lead", tally.alive) });
    writeln!(out, "Asked: {}. Of these {alive}.", count(tally.asked, "address", "addresses"))?;
    let robots = tally.untold.get(&LinkOutcome::Robots).map(Vec::as_slice).unwrap_or_default();
    let lists = [
        ("Lead to a page again", tally.alive_again.as_slice()),
        ("Failed on a first day", &tally.failed_once),
        ("Failed on a second day", &tally.failed_twice),
        ("Failed on a third day, and dead from now on", &tally.dead_now),
        ("Dead before, and still", &tally.dead_before),
        ("Dead, and without an archived copy on record", &tally.dead_without_copy),
        ("Not asked, as robots.txt wants it", robots),
    ];
    for (what, sources) in lists.into_iter().filter(|(_, sources)| !sources.is_empty()) {
        writeln!(out, "{what}: {}", listed(sources))?;
    }
    for (outcome, sources) in tally.untold.iter().filter(|(outcome, _)| **outcome != LinkOutcome::Robots) {
        writeln!(out, "Nothing learnt, as the address {}: {}", outcome.label(), listed(sources))?;
    }
    Ok(())
}

/// How many sources, and which.
fn listed(sources: &[SourceId]) -> String {
    let mut sources = sources.to_vec();
    sources.sort_unstable();
    let ids: Vec<String> = sources.iter().map(SourceId::to_string).collect();
    format!("{} ({})", ids.len(), ids.join(", "))
}

/// How far it is, on a terminal.
pub(super) struct LinkProgress {
    what: &'static str,
    shown: bool,
}

impl LinkProgress {
    pub(super) const fn new(what: &'static str) -> Self {
        Self { what, shown: false }
    }

    pub(super) fn tell(&mut self, done: usize, all: usize) {
        if std::io::stderr().is_terminal() {
            self.shown = true;
            // There is nowhere else to say that standard error is closed.
            let _ = write!(std::io::stderr(), "\r{} {done} of {all}", self.what);
        }
    }

    pub(super) fn end(&self) {
        if self.shown {
            let _ = writeln!(std::io::stderr());
        }
    }
}
