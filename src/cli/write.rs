//! Files that the operator names: written whole or not at all, nothing replaced unasked, and never what the program
//! lives on.

use std::path::Path;

use crate::{
    backups::Backups,
    config::Config,
    files::{Audience, Existing, Guards, OutputFile, TargetError, beside},
    store::leftovers,
};

/// Looks whether a file may be written, before what goes into it is worked out.
pub(super) fn output(
    config: &Config,
    named: &Path,
    existing: Existing,
    audience: Audience,
) -> Result<OutputFile, TargetError> {
    OutputFile::check(named, existing, audience, &guards(config))
}

/// What the program lives on.
fn guards(config: &Config) -> Guards {
    let mut guards = guards_beside(config);
    guards.file(&config.data.database, "the database itself");
    guards.file(&config.meaning.model, "the model that texts are placed by");
    guards
}

/// The same without the database itself.
pub(super) fn guards_beside(config: &Config) -> Guards {
    let mut guards = Guards::default();
    let database = &config.data.database;
    // Where the name is a link the others lie beside what it leads to.
    let real = crate::files::resolved(database).unwrap_or_else(|_| database.clone());
    for database in [database, &real] {
        for suffix in ["-wal", "-shm", "-journal", ".lock", "-lock"] {
            guards.file(beside(database, suffix), "one of the database's own files");
        }
        for left in leftovers(database) {
            for suffix in ["-wal", "-shm"] {
                guards.file(beside(&left.path, suffix), "a copy of the database that the program made");
            }
            guards.file(left.path, "a copy of the database that the program made");
        }
        guards.folder(beside(database, ".anchors"), "in the folder of the time stamps");
        guards.folder(beside(database, ".matrix"), "in the folder of the Matrix bot's keys");
        guards.folder(beside(database, ".index"), "in the folder of the search index");
    }
    guards.folder(&config.data.index, "in the folder of the search index");
    if let Some(matrix) = &config.matrix {
        guards.folder(&matrix.store, "in the folder of the Matrix bot's keys");
    }
    guards.file(super::SETTINGS_FILE, "the file of the settings");
    if let Some(history) = &config.terminal.history {
        guards.file(history, "what was typed in the console");
    }
    if let Some(backups) = &config.backups {
        for file in Backups::of(backups.clone()).files() {
            guards.file(file, "a backup that the bot made");
        }
    }
    guards
}
