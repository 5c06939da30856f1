//! Bringing a database up to date: numbered SQL files, applied once each; those that are missing in one
//! transaction, so that a file is of this version or as it was.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::files::{Audience, Existing, Unfinished};
use crate::store::{
    acts::journal, acts::take_over, database::connection::APPLICATION_ID, failure::Failure, history::chain,
    history::seals, open_error::OpenError, schema::tally,
};

/// One step of the schema. A migration that was released is never edited.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// What it does, as in its file's name.
    pub name: &'static str,
    /// The SQL.
    pub sql: &'static str,
}

/// The program's migrations, in order; the first is number 1.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "records_and_changes", sql: include_str!("../../../migrations/0001_records_and_changes.sql") },
    Migration {
        name: "communities_and_deliveries",
        sql: include_str!("../../../migrations/0002_communities_and_deliveries.sql"),
    },
    Migration { name: "editorial", sql: include_str!("../../../migrations/0003_editorial.sql") },
    Migration { name: "matrix", sql: include_str!("../../../migrations/0004_matrix.sql") },
    Migration { name: "matrix_keyless", sql: include_str!("../../../migrations/0005_matrix_keyless.sql") },
    Migration { name: "reviewing", sql: include_str!("../../../migrations/0006_reviewing.sql") },
    Migration { name: "limits", sql: include_str!("../../../migrations/0007_limits.sql") },
    Migration { name: "chain_of_acts", sql: include_str!("../../../migrations/0008_chain_of_acts.sql") },
    Migration { name: "watching_communities", sql: include_str!("../../../migrations/0009_watching_communities.sql") },
    Migration { name: "whole_history", sql: include_str!("../../../migrations/0010_whole_history.sql") },
    Migration { name: "looks", sql: include_str!("../../../migrations/0011_looks.sql") },
    Migration { name: "vetted", sql: include_str!("../../../migrations/0012_vetted.sql") },
    Migration { name: "same_as", sql: include_str!("../../../migrations/0013_same_as.sql") },
    Migration { name: "short_forms", sql: include_str!("../../../migrations/0014_short_forms.sql") },
    Migration { name: "links", sql: include_str!("../../../migrations/0015_links.sql") },
];

/// What a migration does that SQL can't, in the same transaction. Gives what a person is to know of it.
type Step = fn(&Transaction<'_>) -> Result<Option<String>, Failure>;

/// The step that belongs to a migration. A chain is begun here and nowhere else, for what an earlier version wrote that
/// knew of none: where hashes are missing later, someone took them away.
fn step_of(migration: &Migration) -> Option<Step> {
    match migration.name {
        "editorial" => Some(chain::begin),
        "chain_of_acts" => Some(journal::begin),
        "whole_history" => Some(|transaction| {
            take_over::take_over(transaction)?;
            seals::begin(transaction)
        }),
        _ => None,
    }
}

/// The table of applied migrations; made before the first of them.
pub(in crate::store) const BOOKKEEPING: &str = "
    CREATE TABLE IF NOT EXISTS migration (
        version    INTEGER PRIMARY KEY,
        name       TEXT    NOT NULL,
        -- SHA-256 of the SQL, in hexadecimal.
        checksum   TEXT    NOT NULL,
        applied_at INTEGER NOT NULL
    ) STRICT";

/// Checks what was applied and applies the rest, after a copy of the file was made beside it.
pub(in crate::store) fn bring_up_to_date(
    connection: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    if is_earlier(connection, path, migrations)? {
        copy_before_upgrade(connection, path, applied(connection, path, migrations)?)?;
    }
    apply(connection, path, migrations)
}

/// Whether a file is of an earlier version, so that bringing it up to date changes what is there.
pub(in crate::store) fn is_earlier(
    connection: &Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<bool, OpenError> {
    let applied = applied(connection, path, migrations)?;
    Ok(applied > 0 && applied < migrations.len())
}

/// As [`bring_up_to_date`], without a copy.
pub(in crate::store) fn apply(
    connection: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    let sqlite = |error| match OpenError::from_sqlite(path, error) {
        OpenError::Inaccessible { .. } => OpenError::Outdated { path: path.to_owned() },
        other => other,
    };
    let applied = applied(connection, path, migrations)?;
    if applied == migrations.len() {
        return Ok(());
    }
    let (mut done_now, mut told) = (Vec::new(), Vec::new());
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    transaction.execute_batch(BOOKKEEPING).map_err(sqlite)?;
    let store = |error| OpenError::from_failure(path, error);
    let sums = tally::before_migrating(&transaction).map_err(store)?;
    for (index, migration) in migrations.iter().enumerate().skip(applied) {
        // Another process may have come first while this one waited for the lock.
        let done: bool = transaction
            .query_row("SELECT EXISTS (SELECT 1 FROM migration WHERE version = ?1)", [version(index)], |row| row.get(0))
            .map_err(sqlite)?;
        if done {
            continue;
        }
        transaction.execute_batch(migration.sql).map_err(sqlite)?;
        if let Some(step) = step_of(migration) {
            told.extend(step(&transaction).map_err(store)?);
        }
        transaction
            .execute(
                "INSERT INTO migration (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
                (version(index), migration.name, checksum(migration), Timestamp::now().as_millisecond()),
            )
            .map_err(sqlite)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(sqlite)?;
        transaction.pragma_update(None, "user_version", version(index)).map_err(sqlite)?;
        done_now.push((version(index), migration.name));
    }
    tally::after_migrating(&transaction, &sums).map_err(store)?;
    transaction.commit().map_err(sqlite)?;
    for (version, name) in done_now {
        tracing::info!(migration.version = version, migration.name = name, "brought the database up to date");
    }
    for sentence in told {
        // Whoever didn't upgrade just now has to know of it.
        tracing::warn!(database = %path.display(), "{sentence}");
    }
    Ok(())
}

/// As [`bring_up_to_date`] for a file that can't be written: it must be up to date already.
pub(in crate::store) fn check_up_to_date(
    connection: &Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    if applied(connection, path, migrations)? == migrations.len() {
        Ok(())
    } else {
        Err(OpenError::Outdated { path: path.to_owned() })
    }
}

/// That a file is one of ours, of this version or an earlier one.
pub(in crate::store) fn check_known(
    connection: &Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    match applied(connection, path, migrations)? {
        0 => Err(OpenError::Foreign { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// That a file is one of ours, of whichever version.
pub(in crate::store) fn check_ours(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let marked: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(|error| OpenError::from_sqlite(path, error))?;
    if marked == APPLICATION_ID { Ok(()) } else { Err(OpenError::Foreign { path: path.to_owned() }) }
}

/// How many of the migrations were applied, after checking that they are the same ones.
pub(in crate::store) fn applied(
    connection: &Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<usize, OpenError> {
    let sqlite = |error| OpenError::from_sqlite(path, error);
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .map_err(sqlite)?;
    let marked: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(sqlite)?;
    if tables.is_empty() && marked == 0 {
        return Ok(0);
    }
    if marked != APPLICATION_ID || !tables.iter().any(|table| table == "migration") {
        return Err(OpenError::Foreign { path: path.to_owned() });
    }
    let found: Vec<(u32, String, String)> = connection
        .prepare("SELECT version, name, checksum FROM migration ORDER BY version")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
        .map_err(sqlite)?;
    if let Some((newest, ..)) = found.last().filter(|(newest, ..)| *newest as usize > migrations.len()) {
        let known = version(migrations.len()) - 1;
        return Err(OpenError::Newer { path: path.to_owned(), found: *newest, known });
    }
    for (index, ((found_version, found_name, found_checksum), migration)) in found.iter().zip(migrations).enumerate() {
        let is_this_one = *found_version == version(index) && found_name == migration.name;
        if !is_this_one || *found_checksum != checksum(migration) {
            return Err(OpenError::EditedMigration {
                path: path.to_owned(),
                version: *found_version,
                name: found_name.clone(),
            });
        }
    }
    Ok(found.len())
}

/// The number of the migration at this place; the first is 1.
fn version(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX - 1) + 1
}

fn checksum(migration: &Migration) -> String {
    Sha256::digest(migration.sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Copies the database, as it stands, to a file beside it whose name tells its schema version.
fn copy_before_upgrade(connection: &Connection, path: &Path, applied: usize) -> Result<(), OpenError> {
    let copy = copy_path(path, applied);
    let failed = |reason: String| OpenError::Copy { copy: copy.clone(), reason };
    if copy.exists() {
        // An earlier upgrade was cut short after its copy was complete.
        return Ok(());
    }
    let unfinished = Unfinished::beside(&copy, Audience::Owner).map_err(|error| failed(error.to_string()))?;
    connection
        .execute("VACUUM INTO ?1", [unfinished.path().to_string_lossy()])
        .map_err(|error| failed(error.to_string()))?;
    unfinished.finish(&copy, Existing::Refuse).map_err(|error| failed(error.to_string()))?;
    tracing::info!(copy = %copy.display(), "copied the database before its upgrade");
    Ok(())
}

/// Where the copy goes that is made before an upgrade from schema version `applied`.
fn copy_path(path: &Path, applied: usize) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".schema-{applied}.backup"));
    path.with_file_name(name)
}
