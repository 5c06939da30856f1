//! `backup` and `restore`.

use std::{io::Write, path::Path};

use jiff::Timestamp;

use super::{CliError, Exit, write};
use crate::{
    commands::count,
    config::Config,
    files::{Existing, check_target},
    store::{self, BackupError, Contents, Store},
};

/// Copies the database to a file, beside whichever process writes it.
pub(super) fn back_up(config: &Config, file: &Path) -> Result<Exit, CliError> {
    // An earlier backup may be replaced; that it is no other file is looked at there.
    let target = check_target(file, Existing::Replace, &write::guards_beside(config))?;
    let store = Store::open_read_only(&config.data.database).map_err(BackupError::Open)?;
    let contents = store.back_up(&target)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} is a sound copy: {}.", file.display(), in_words(&contents))?;
    writeln!(out, "Its last hash is {}.", contents.hash)?;
    Ok(Exit::Answered)
}

/// Puts a backup in the database's place. The index finds that out by itself.
pub(super) fn restore(config: &Config, file: &Path) -> Result<Exit, CliError> {
    let database = &config.data.database;
    let restored = store::restore(file, database, Timestamp::now())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} is restored from {}: {}.", database.display(), file.display(), in_words(&restored.contents))?;
    if let Some(replaced) = restored.replaced {
        writeln!(out, "What stood there before is kept in {}.", replaced.display())?;
    }
    writeln!(out, "Its last hash is {}.", restored.contents.hash)?;
    Ok(Exit::Answered)
}

fn in_words(contents: &Contents) -> String {
    let changes = count(contents.changes, "approved change adds up", "approved changes add up");
    format!("{changes} to {}, and every page was read", count(contents.records, "record", "records"))
}
