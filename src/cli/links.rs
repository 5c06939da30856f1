//! `links`: asks the addresses on record whether they still lead to their pages.

use std::{io::Write, sync::Arc};

use jiff::Timestamp;

use super::{
    CliError, Exit,
    archive::archive,
    args::LinksCommand,
    link_report::{LinkProgress, listed, of_sources, runtime},
};
use crate::{
    app::open_store,
    commands::count,
    config::Config,
    fetch::Fetcher,
    links::{LinkTally, LinksError, ask_links, due_links},
    model::LinkOutcome,
};

pub(super) fn links(config: &Config, command: LinksCommand) -> Result<Exit, CliError> {
    match command {
        LinksCommand::Check { ids, all } => check(config, &ids, all),
        LinksCommand::Archive { ids, warc } => archive(config, &ids, warc.as_deref()),
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
