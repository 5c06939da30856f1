//! `leftovers`, and what is said at the start and by `verify` of what lies beside the database: copies that the program
//! made, and files that everyone may read.

use std::{
    io::Write,
    path::Path,
    time::{Duration, SystemTime},
};

use super::{CliError, Exit, args::Leftovers};
use crate::{
    app::StartError,
    commands::count,
    config::Config,
    files::{beside, is_open_to_others},
    search::Search,
    store::{Leftover, LeftoverOrigin, Store, leftovers},
};

/// Lists the copies beside the database, and removes them on demand.
pub(super) fn list(config: &Config, arguments: &Leftovers) -> Result<Exit, CliError> {
    let mut out = std::io::stdout().lock();
    let found = leftovers(&config.data.database);
    let purged = if arguments.remove { finish_purges(config)? } else { None };
    if let Some(said) = purged {
        writeln!(out, "{said}")?;
    }
    if found.is_empty() {
        writeln!(out, "Nothing lies beside {} that an upgrade or a restore left.", config.data.database.display())?;
        return Ok(Exit::NothingFound);
    }
    let mut exit = Exit::Answered;
    for left in &found {
        if !arguments.remove {
            writeln!(out, "{}", in_words(left))?;
            continue;
        }
        match left.remove() {
            Ok(()) => writeln!(out, "Removed: {}", in_words(left))?,
            Err(reason) => {
                writeln!(out, "Kept: {}; {reason}", in_words(left))?;
                exit = Exit::Failed;
            }
        }
    }
    if !arguments.remove {
        writeln!(
            out,
            "They hold what was on record then, purged entries too. To remove them: onrecord leftovers --remove"
        )?;
    }
    Ok(exit)
}

/// Takes what was purged out of the database's log and of the index, if anything was; says what became of it.
fn finish_purges(config: &Config) -> Result<Option<&'static str>, CliError> {
    if !config.data.database.is_file() {
        return Ok(None);
    }
    let store = Store::open_for_reading(&config.data.database).map_err(StartError::from)?;
    if store.reader()?.purged()? == 0 {
        return Ok(None);
    }
    Search::open(&config.data.index, &store)?.catch_up(&store)?;
    Ok(Some(if store.empty_log()? {
        "Nothing of what was purged stands in the database's log and in the search index."
    } else {
        "What was purged may still stand in the database's log: something reads from it; end that, and try again."
    }))
}

/// What an operator should know of the files beside the database.
pub(super) fn remarks(config: &Config) -> Vec<String> {
    let database = &config.data.database;
    let found = leftovers(database);
    let mut remarks: Vec<String> = found
        .last()
        .map(|newest| {
            let size = found.iter().map(|left| left.size).sum();
            format!(
                "beside the database {} ({}), the newest {}, of an upgrade or a restore; onrecord leftovers lists them, \
                 and removes them with --remove",
                count(found.len(), "copy lies", "copies lie"),
                bytes(size),
                age(newest.written)
            )
        })
        .into_iter()
        .collect();
    let logs = ["-wal", "-shm"].map(|suffix| beside(database, suffix));
    let matrix = config.matrix.as_ref().map(|matrix| matrix.store.as_path());
    let private =
        [database.as_path(), &config.data.index].into_iter().chain(logs.iter().map(AsRef::as_ref)).chain(matrix);
    let open: Vec<String> = private
        .chain(found.iter().map(|left| left.path.as_path()))
        .filter(|path| is_open_to_others(path))
        .map(|path: &Path| path.display().to_string())
        .collect();
    if !open.is_empty() {
        let names = open.join(" ");
        remarks.push(format!(
            "everyone on this machine can read {names}, where people's ids stand; unless that is meant, run chmod o= {names}"
        ));
    }
    remarks
}

fn in_words(left: &Leftover) -> String {
    let origin = match left.origin {
        LeftoverOrigin::BeforeUpgrade => "the database as it was before an upgrade",
        LeftoverOrigin::Replaced => "what a restore put aside",
    };
    format!("{} ({}, {}): {origin}", left.path.display(), bytes(left.size), age(left.written))
}

/// How long ago something was, in days.
fn age(written: SystemTime) -> String {
    let days = written.elapsed().unwrap_or(Duration::ZERO).as_secs() / (24 * 60 * 60);
    match usize::try_from(days) {
        Ok(0) => "from today".to_owned(),
        Ok(days) => format!("{} old", count(days, "day", "days")),
        Err(_) => "old".to_owned(),
    }
}

fn bytes(size: u64) -> String {
    match size {
        0..1_000_000 => format!("{} kB", size.div_ceil(1_000)),
        _ => format!("{} MB", size.div_ceil(1_000_000)),
    }
}
