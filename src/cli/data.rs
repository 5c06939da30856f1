//! `import`, `export`, `reindex`.

use std::{io::Write, path::PathBuf};

use jiff::Timestamp;

use super::{
    CliError, Exit,
    account::account,
    args::{ExportRecords, Import},
    print,
    write::output,
};
use crate::{
    app::{StartError, open_read_only, open_store},
    commands::count,
    config::Config,
    files::Audience,
    import_export::{
        self, Attribution, ImportError, Pack, Plan, Rules, StepKind, read_files, shipped_pack, write_pack,
        write_spreadsheet,
    },
    model::{Authority, HeldRecord, Identity, Platform, RecordKind, Standing},
    search::Search,
    store::{Reader, Store},
};

/// How many records a rehearsal lists.
const LISTED: usize = 100;

pub(super) fn import(config: &Config, arguments: Import) -> Result<Exit, CliError> {
    let attribution = attribution(&arguments)?;
    let rules = Rules { quote_limit: config.authority.quote_limit, confirmed: arguments.confirm };
    let mut packs = Vec::new();
    if arguments.shipped {
        packs.push(shipped_pack().map_err(ImportError::Pack)?);
    }
    if !arguments.files.is_empty() {
        packs.push(read_files(&arguments.files).map_err(ImportError::Pack)?.under(rules));
    }
    // Before anything is taken in that the index is to follow.
    Search::check_folder(&config.data.index, &config.data.database)?;
    let store = open_store(&config.data)?;
    let mut done = Ok(());
    for (before, pack) in packs.iter().enumerate() {
        done = if arguments.propose {
            propose(&store, pack, &attribution, &config.authority)
        } else if arguments.dry_run {
            rehearse(&store, pack, attribution.clone())
        } else {
            take_in(&store, pack, attribution.clone())
        };
        done = done.map_err(|error| match error {
            CliError::Import(error) if before > 0 && !arguments.dry_run => CliError::ImportRest(error),
            other => other,
        });
        if done.is_err() {
            break;
        }
    }
    let takes_in = !arguments.dry_run && !arguments.propose;
    if takes_in && matches!(done, Ok(()) | Err(CliError::ImportRest(_))) {
        follow(config, &store);
    }
    done?;
    if takes_in && arguments.reviewed_by.is_none() {
        print::remark("the reviewer was not named; next time --reviewed-by records who it was");
    }
    Ok(Exit::Answered)
}

/// Brings the index to the end of the history. What was taken in is on record whatever becomes of that, so it is said and
/// is no failure: the next question tries again.
fn follow(config: &Config, store: &Store) {
    let followed = Search::open(&config.data.index, store).and_then(|search| search.catch_up(store));
    if let Err(error) = followed {
        print::remark(&format!(
            "what was taken in is on record, but can't be found yet: {error}; the next question brings the search index up \
             to date, or onrecord reindex builds it anew"
        ));
    }
}

fn attribution(arguments: &Import) -> Result<Attribution, CliError> {
    let named = |option: &str, text: &str| {
        Identity::written_at_the_machine(text).map_err(|error| CliError::Usage(format!("{option}: {error}")))
    };
    let line = |text: &str| text.parse().map_err(|error| CliError::Usage(format!("{text:?}: {error}")));
    Ok(Attribution {
        author: match &arguments.by {
            Some(author) => named("--by", author)?,
            None => account()?,
        },
        reviewer: match &arguments.reviewed_by {
            Some(reviewer) => named("--reviewed-by", reviewer)?,
            None => Identity::new(Platform::Terminal, Identity::UNNAMED_REVIEWER)
                .map_err(|error| CliError::Usage(error.to_string()))?,
        },
        summary: line(&arguments.summary)?,
        reason: line("Reviewed before the import")?,
        at: Timestamp::now(),
    })
}

/// Hands a pack in as a proposal of whoever runs the program: on their word for someone else's name, they could approve
/// what they wrote themselves.
fn propose(store: &Store, pack: &Pack, attribution: &Attribution, authority: &Authority) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    let mut authority = authority.clone();
    // Whoever sits at the machine could write the database itself.
    authority.admins.insert(attribution.author.clone());
    let (plan, change) = import_export::propose(store, pack, attribution, &authority)?;
    warn(&plan);
    match change {
        Some(id) => writeln!(out, "Proposed as {id}: {}. Someone else approves it: approve {id}", in_words(&plan))?,
        None => writeln!(out, "Nothing to propose: {}.", in_words(&plan))?,
    }
    Ok(())
}

fn take_in(store: &Store, pack: &Pack, attribution: Attribution) -> Result<(), CliError> {
    let (plan, change) = import_export::import(store, pack, attribution)?;
    warn(&plan);
    let mut out = std::io::stdout().lock();
    match change {
        Some((id, _)) => writeln!(out, "Imported as {id}: {}.", in_words(&plan))?,
        None => writeln!(out, "Nothing to import: {}.", in_words(&plan))?,
    }
    Ok(())
}

fn rehearse(store: &Store, pack: &Pack, attribution: Attribution) -> Result<(), CliError> {
    let plan = import_export::rehearse(store, pack, attribution)?;
    warn(&plan);
    let mut out = std::io::stdout().lock();
    writeln!(out, "Would be imported: {}. Nothing was changed.", in_words(&plan))?;
    let changes: Vec<_> = plan.steps.iter().filter(|step| step.kind != StepKind::Unchanged).collect();
    for step in changes.iter().take(LISTED) {
        writeln!(out, "  {:<9}  {}", word(step.kind), step.name)?;
    }
    if changes.len() > LISTED {
        writeln!(out, "  and {} more", changes.len() - LISTED)?;
    }
    Ok(())
}

/// Tells what a reviewer must look at.
fn warn(plan: &Plan) {
    for warning in &plan.warnings {
        print::remark(&format!("look at this again: {warning}"));
    }
}

fn in_words(plan: &Plan) -> String {
    let kinds = [
        StepKind::Create,
        StepKind::Edit,
        StepKind::Retract,
        StepKind::Merge,
        StepKind::Unchanged,
        StepKind::LeftAlone,
    ];
    let parts: Vec<String> = kinds
        .into_iter()
        .filter(|&kind| plan.count(kind) > 0)
        .map(|kind| format!("{} {}", plan.count(kind), word(kind)))
        .collect();
    if parts.is_empty() { "no records".to_owned() } else { parts.join(", ") }
}

const fn word(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Create => "new",
        StepKind::Edit => "changed",
        StepKind::Retract => "retracted",
        StepKind::Merge => "merged",
        StepKind::Unchanged => "unchanged",
        StepKind::LeftAlone => "left as retracted or merged here",
    }
}

pub(super) fn export(config: &Config, arguments: &ExportRecords) -> Result<Exit, CliError> {
    let check = |file: &PathBuf| output(config, file, arguments.force.existing(), Audience::Public);
    let output = arguments.file.as_ref().map(check).transpose()?;
    let store = open_read_only(&config.data)?;
    let reader = store.reader()?.without_deadline();
    let (text, what) = if arguments.csv {
        let text = write_spreadsheet(&reader)?;
        (text, "statements and responses".to_owned())
    } else {
        let (text, records) = pack_of_all(&reader)?;
        (text, count(records, "record", "records"))
    };
    match (output, &arguments.file) {
        (Some(output), Some(file)) => {
            output.write(text.as_bytes())?;
            print::remark(&format!("exported {what} to {}", file.display()));
            if arguments.csv {
                // A table has no place for remarks.
                last_hashes(&reader)?.iter().for_each(|line| print::remark(line));
            }
        }
        _ => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Exit::Answered)
}

/// The last hashes, by which what was exported can be held against the history later.
fn last_hashes(reader: &Reader<'_>) -> Result<Vec<String>, CliError> {
    let heads = reader.heads()?.into_iter();
    Ok(heads.map(|head| format!("The hash of {}: {}", head.chain.counted(head.place), head.hash)).collect())
}

/// A pack of all records, and how many they are.
fn pack_of_all(reader: &Reader<'_>) -> Result<(String, usize), CliError> {
    let mut records = Vec::new();
    for id in reader.all_ids()? {
        let vetted = reader.vetted(id)?.and_then(|vetted| vetted.on);
        records.extend(reader.held_by_id(id)?.map(|held| {
            let standing = Standing { vetted, ..held.standing };
            HeldRecord { standing, ..held }
        }));
    }
    let of = |kind: RecordKind| records.iter().filter(|held| held.record.kind() == kind).count();
    let mut header = format!(
        "A pack of all records: {} entities, {} sources, {} statements, {} responses.",
        of(RecordKind::Entity),
        of(RecordKind::Source),
        of(RecordKind::Statement),
        of(RecordKind::Response)
    );
    for line in last_hashes(reader)? {
        header.push('\n');
        header.push_str(&line);
    }
    Ok((write_pack(&header, &records), records.len()))
}

pub(super) fn reindex(config: &Config) -> Result<Exit, CliError> {
    Search::check_folder(&config.data.index, &config.data.database)?;
    let store = open_read_only(&config.data)?;
    let search = Search::open(&config.data.index, &store).map_err(StartError::from)?;
    search.rebuild(&store)?;
    writeln!(std::io::stdout(), "The index was built anew in {}.", config.data.index.display())?;
    Ok(Exit::Answered)
}
