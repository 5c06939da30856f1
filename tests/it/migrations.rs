//! Opening databases: new, old, newer, edited, foreign, damaged, locked.

use std::path::Path;

use onrecord::store::{MIGRATIONS, Migration, OpenError, Store};
use rusqlite::Connection;

const SECOND: Migration =
    Migration { name: "a_second_table", sql: "CREATE TABLE second (id INTEGER PRIMARY KEY) STRICT;" };
const BROKEN: Migration = Migration {
    name: "broken",
    sql: "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; SELECT nothing FROM nowhere;",
};

fn with(more: &[Migration]) -> Vec<Migration> {
    MIGRATIONS.iter().chain(more).copied().collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn message(error: OpenError, path: &Path) -> String {
    // The numbers of our own migrations grow.
    let (known, next) = (MIGRATIONS.len().to_string(), (MIGRATIONS.len() + 1).to_string());
    let message = error.to_string().replace(&path.display().to_string(), "FILE");
    message
        .replace(
            &format!("its schema is {next}, this program knows {known}"),
            "its schema is KNOWN+1, this program knows KNOWN",
        )
        .replace(&format!("migration {next} "), "migration KNOWN+1 ")
}

#[test]
fn an_upgrade_copies_the_database_first_and_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open(&path).unwrap());
    assert_eq!(names(folder.path()), ["onrecord.db", "onrecord.db.lock"], "a new database is nothing to copy");
    drop(Store::open_with(&path, &with(&[SECOND])).unwrap());
    let backup = format!("onrecord.db.schema-{}.backup", MIGRATIONS.len());
    let lock = "onrecord.db.lock".to_owned();
    assert_eq!(names(folder.path()), ["onrecord.db".to_owned(), lock, backup.clone()]);
    drop(Store::open_with(&path, &with(&[SECOND])).unwrap());
    let copy = Connection::open(folder.path().join(backup)).unwrap();
    let second: i64 =
        copy.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'second'", [], |row| row.get(0)).unwrap();
    assert_eq!(second, 0, "the copy is from before");
}

#[test]
fn a_failed_migration_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open(&path).unwrap());
    assert!(matches!(Store::open_with(&path, &with(&[BROKEN])), Err(OpenError::Migration { .. })));
    let half: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(half, 0);
    Store::open(&path).unwrap();
}

#[test]
fn a_newer_or_edited_schema_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open_with(&path, &with(&[SECOND])).unwrap());
    insta::assert_snapshot!(
        message(Store::open(&path).unwrap_err(), &path),
        @"FILE was written by a newer version of the program (its schema is KNOWN+1, this program knows KNOWN); install that version or restore an older backup"
    );
    let edited = Migration { sql: "CREATE TABLE second (id INTEGER PRIMARY KEY, more TEXT) STRICT;", ..SECOND };
    insta::assert_snapshot!(
        message(Store::open_with(&path, &with(&[edited])).unwrap_err(), &path),
        @"migration KNOWN+1 (a_second_table) is not the one that FILE was made with; a migration that was released is never edited: restore its file and write a new one"
    );
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "These are notes, and long enough to be no empty database at all.").unwrap();
    insta::assert_snapshot!(
        message(Store::open(&path).unwrap_err(), &path),
        @"FILE is not a database; name another file in ONRECORD_DATABASE"
    );
    let foreign = folder.path().join("foreign.db");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT);").unwrap();
    let before = std::fs::read(&foreign).unwrap();
    insta::assert_snapshot!(
        message(Store::open(&foreign).unwrap_err(), &foreign),
        @"FILE belongs to another program; name another file in ONRECORD_DATABASE"
    );
    assert_eq!(std::fs::read(&foreign).unwrap(), before);
}

#[test]
fn a_folder_that_is_not_there_or_a_lock_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no such folder").join("onrecord.db");
    insta::assert_snapshot!(
        message(Store::open(&missing).unwrap_err(), &missing),
        @"FILE can't be opened: its folder is missing or may not be written"
    );
    let path = folder.path().join("onrecord.db");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    insta::assert_snapshot!(
        message(Store::open(&path).unwrap_err(), &path),
        @"FILE is locked by another process; stop that one or wait until it is done"
    );
}

#[test]
fn a_flipped_byte_in_the_schema_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open(&path).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(100).take(60) {
        *byte = 0xA5;
    }
    std::fs::write(&path, bytes).unwrap();
    insta::assert_snapshot!(
        message(Store::open(&path).unwrap_err(), &path),
        @"FILE is damaged; put the newest backup in its place: onrecord restore FILE keeps the damaged one"
    );
}
