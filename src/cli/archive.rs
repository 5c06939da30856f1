//! `links archive`: archived copies for the sources that have none, as a proposal, or of one's own, in a file.

use std::{io::Write, path::Path, sync::Arc};

use jiff::Timestamp;

use super::{
    CliError, Exit,
    account::account,
    link_report::{LinkProgress, listed, of_sources, runtime},
};
use crate::{
    app::{open_read_only, open_store},
    commands::count,
    config::Config,
    fetch::Fetcher,
    links::{
        ArchiveService, COPIES_IN_A_ROUND, FoundCopies, LinksError, Uncopied, UncopiedSources, Wayback, find_copies,
        keep_pages, uncopied,
    },
    model::SourceId,
    store::Store,
};

pub(super) fn archive(config: &Config, ids: &[String], warc: Option<&Path>) -> Result<Exit, CliError> {
    match warc {
        Some(folder) => keep(config, ids, folder),
        None => propose(config, ids),
    }
}

fn propose(config: &Config, ids: &[String]) -> Result<Exit, CliError> {
    // Said before anything else is done.
    let archive = Wayback::new(&config.fetch, config.links.keys.as_ref(), ArchiveService::public()?)?;
    let store = open_store(&config.data)?;
    let all = uncopied(&store, &wanted(&store, ids)?)?;
    let mut out = std::io::stdout().lock();
    for (source, change) in &all.waiting {
        writeln!(out, "Left for later: {source}, which {change} changes, too; run this again once it is decided on")?;
    }
    let mut sources = all.sources.clone();
    let left = sources.len().saturating_sub(COPIES_IN_A_ROUND);
    sources.truncate(COPIES_IN_A_ROUND);
    if sources.is_empty() {
        writeln!(out, "No source lacks an archived copy that could be looked for.")?;
        return Ok(Exit::NothingFound);
    }
    let (number, mut progress) = (sources.len(), LinkProgress::new("looked for"));
    let copies = runtime()?.block_on(find_copies(&archive, sources, &mut |done| progress.tell(done, number)));
    progress.end();
    tell(&mut out, &copies, &archive)?;
    hand_in(config, &store, &all, &copies, &mut out)?;
    if left > 0 {
        writeln!(out, "Not looked for yet: {}; run this again for these", count(left, "source", "sources"))?;
    }
    match copies.ended {
        Some(error) => Err(LinksError::Archive(error).into()),
        None if copies.found.is_empty() && copies.made.is_empty() => Ok(Exit::NothingFound),
        None => Ok(Exit::Answered),
    }
}

fn wanted(store: &Store, ids: &[String]) -> Result<Vec<SourceId>, CliError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(of_sources(store, ids)?.into_iter().map(|link| link.source).collect())
}

fn tell(out: &mut impl Write, copies: &FoundCopies, archive: &Wayback) -> Result<(), CliError> {
    let ids = |copies: &[(Uncopied, crate::model::WebAddress)]| -> Vec<SourceId> {
        copies.iter().map(|(uncopied, _)| uncopied.id).collect()
    };
    let none = if archive.saves() {
        "No copy, and none can be made any more"
    } else {
        "No copy; with ONRECORD_ARCHIVE_KEY and ONRECORD_ARCHIVE_SECRET one can be made"
    };
    let lists =
        [("Copies found", ids(&copies.found)), ("Copies made now", ids(&copies.made)), (none, copies.none.clone())];
    for (what, sources) in lists.iter().filter(|(_, sources)| !sources.is_empty()) {
        writeln!(out, "{what}: {}", listed(sources))?;
    }
    for (source, error) in &copies.failed {
        writeln!(out, "{source}: {error}")?;
    }
    Ok(())
}

/// Hands the copies in as a proposal of whoever runs the program, as an import's are.
fn hand_in(
    config: &Config,
    store: &Store,
    all: &UncopiedSources,
    copies: &FoundCopies,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let author = account()?;
    let mut authority = config.authority.clone();
    // Whoever sits at the machine could write the database itself.
    authority.admins.insert(author.clone());
    if let Some(change) = all.propose(store, copies, &author, Timestamp::now(), &authority)? {
        writeln!(out, "Proposed as {change}. Someone else looks at each copy and approves them: review {change}")?;
    }
    Ok(())
}

fn keep(config: &Config, ids: &[String], folder: &Path) -> Result<Exit, CliError> {
    let fetcher = Arc::new(Fetcher::new(&config.fetch).map_err(LinksError::from)?);
    let store = open_read_only(&config.data)?;
    let mut links = of_sources(&store, ids)?;
    if ids.is_empty() {
        links.retain(|link| !link.archived);
    }
    let (number, mut progress) = (links.len(), LinkProgress::new("fetched"));
    let mut told = |done| progress.tell(done, number);
    let pages = runtime()?.block_on(keep_pages(fetcher, links, folder, Timestamp::now, &mut told));
    progress.end();
    let pages = pages?;
    let mut out = std::io::stdout().lock();
    for (source, error) in &pages.failed {
        writeln!(out, "Not fetched: {source}, as {error}")?;
    }
    let errors: Vec<String> = pages
        .kept
        .iter()
        .filter(|(_, status)| !(200..300).contains(status))
        .map(|(source, status)| format!("{source} ({status})"))
        .collect();
    if !errors.is_empty() {
        writeln!(out, "Kept as they are, with a status that tells of an error: {}", errors.join(", "))?;
    }
    let Some(file) = pages.file else {
        writeln!(out, "No page was fetched, and no file was written.")?;
        return Ok(Exit::NothingFound);
    };
    writeln!(out, "Wrote {} to {}", count(pages.kept.len(), "page", "pages"), file.display())?;
    writeln!(out, "  SHA-256 {}", pages.sha256)?;
    Ok(Exit::Answered)
}
