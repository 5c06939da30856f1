//! `names suggest`: other names for the entities on record, out of an extract of a catalogue.

use std::io::Write;

use jiff::Timestamp;

use super::{CliError, Exit, account::account, args::SuggestNames, print};
use crate::{
    app::{open_read_only, open_store},
    commands::count,
    config::Config,
    model::{Alias, Catalogue},
    name_extracts::{
        AwaitingReview, Extract, NameLeftOut, NameProposal, NameSuggestions, WhyLeftOut, read_extract, suggest_names,
        wanted_entries,
    },
    store::Store,
};

/// How many names that are left out are listed.
const LISTED: usize = 100;

pub(super) fn suggest(config: &Config, arguments: &SuggestNames) -> Result<Exit, CliError> {
    let store = if arguments.dry_run { open_read_only(&config.data)? } else { open_store(&config.data)? };
    // No reader is held while a file is read that may take minutes.
    let wanted = wanted_entries(&store.reader()?.without_deadline())?;
    let extract = read_extract(&arguments.file, wanted)?;
    tell_broken(&extract, &arguments.file.display().to_string());
    let suggestions = suggest_names(&store.reader()?.without_deadline(), &extract)?;
    if suggestions.entities == 0 {
        return Err(CliError::NoNames(none_on_record(suggestions.catalogue)));
    }
    let mut out = std::io::stdout().lock();
    if suggestions.proposals.is_empty() {
        let entities = count(suggestions.entities, "entity", "entities");
        writeln!(out, "Nothing to propose. The extract has {entities} of those on record.")?;
    } else if arguments.dry_run {
        let names: usize = suggestions.proposals.iter().map(|proposal| proposal.aliases.len()).sum();
        let changes = count(suggestions.proposals.len(), "change", "changes");
        writeln!(out, "Would be proposed: {} in {changes}. Nothing was changed.", count(names, "name", "names"))?;
        for proposal in &suggestions.proposals {
            writeln!(out, "  {}  {}", proposal.id, proposal.summary)?;
            list(&mut out, proposal)?;
        }
    }
    let proposed = if arguments.dry_run { Ok(()) } else { propose(config, &store, &suggestions, &mut out) };
    for AwaitingReview { entity, change } in suggestions.waiting.iter().take(LISTED) {
        writeln!(
            out,
            "Left for later: {entity}, whose names {change} changes, too; run this again once it is decided on"
        )?;
    }
    tell_left_out(&mut out, &suggestions.left_out)?;
    proposed.map(|()| Exit::Answered)
}

/// Hands all of it in as proposals of whoever runs the program, as an import's are.
fn propose(
    config: &Config,
    store: &Store,
    suggestions: &NameSuggestions,
    out: &mut impl Write,
) -> Result<(), CliError> {
    let author = account()?;
    let mut authority = config.authority.clone();
    // Whoever sits at the machine could write the database itself.
    authority.admins.insert(author.clone());
    for (done, proposal) in suggestions.proposals.iter().enumerate() {
        let change = suggestions.propose(store, proposal, &author, Timestamp::now(), &authority);
        let change = change.map_err(|error| CliError::NamesLeft {
            entities: count(suggestions.proposals.len() - done, "entity", "entities"),
            error,
        })?;
        writeln!(out, "Proposed as {change}: {}. Someone else approves it: approve {change}", proposal.summary)?;
        list(out, proposal)?;
    }
    Ok(())
}

fn list(out: &mut impl Write, proposal: &NameProposal) -> Result<(), CliError> {
    let written = |alias: &Alias| format!("{} ({})", alias.name, alias.language);
    let names: Vec<String> = proposal.aliases.iter().map(written).collect();
    writeln!(out, "      {}", names.join(", "))?;
    if proposal.more > 0 {
        writeln!(out, "      and {} more, to be proposed once these are decided on", proposal.more)?;
    }
    Ok(())
}

fn tell_left_out(out: &mut impl Write, all: &[NameLeftOut]) -> Result<(), CliError> {
    for NameLeftOut { entity, name, because } in all.iter().take(LISTED) {
        match because {
            WhyLeftOut::NameOf(other) => {
                writeln!(out, "Left out for {entity}: {name}, which is already a name of {other}")?;
            }
            WhyLeftOut::AlsoFoundFor(other) => {
                writeln!(out, "Left out for {entity}: {name}, which the extract has for {other}, too")?;
            }
        }
    }
    if all.len() > LISTED {
        writeln!(out, "Left out: {} more", all.len() - LISTED)?;
    }
    Ok(())
}

fn tell_broken(extract: &Extract, file: &str) {
    let (told, more) = extract.broken();
    for broken in told {
        print::remark(&format!("{file}, {broken}; it was passed over"));
    }
    if more > 0 {
        print::remark(&format!("{file}: and {more} more lines that were passed over"));
    }
}

/// That the extract has nothing for any entity on record, and how that comes to be otherwise.
fn none_on_record(catalogue: Catalogue) -> String {
    let address = match catalogue {
        Catalogue::Wikidata => "https://www.wikidata.org/wiki/Q3130",
        Catalogue::GeoNames => "https://www.geonames.org/2147714",
    };
    format!(
        "no entity on record is tied to an entry of {} that the extract has; write the entry's address, like {address}, \
         into same-as of the entity's form (edit E4) or into same_as of its pack",
        catalogue.name()
    )
}
