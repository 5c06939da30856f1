//! A database whose schema is not the program's own: a trigger, a view, a table, a column or an index more, a rule or
//! an index less. It is named and refused before anything is written to it.

use std::path::Path;

use onrecord::store::{MIGRATIONS, OpenError, Store};
use rusqlite::{Connection, config::DbConfig};
use tempfile::TempDir;

use super::support::{World, attribution};

/// What is done to a schema, and what is said of it.
const ALTERED: &[(&str, &str)] = &[
    (
        "CREATE TRIGGER planted AFTER INSERT ON suggestion BEGIN
             INSERT OR REPLACE INTO role VALUES ('discord:9', 'admin', 'discord:9', 1); END",
        "the trigger planted is not of this program",
    ),
    ("CREATE VIEW everything AS SELECT * FROM change", "the view everything is not of this program"),
    ("CREATE TABLE more (id INTEGER PRIMARY KEY)", "the table more is not of this program"),
    ("CREATE INDEX more ON change (author)", "the index more is not of this program"),
    ("CREATE VIRTUAL TABLE more USING fts5 (words)", "the table more is not of this program"),
    (
        // For SQLite one comment; for who takes /*/ for a whole one, none.
        "UPDATE sqlite_schema SET sql = replace(sql, 'given_by TEXT    NOT NULL', 'given_by TEXT    /*/ NOT NULL /*/')
         WHERE name = 'role'",
        "the table role is not as the program makes it",
    ),
    ("DROP TRIGGER delivery_gone", "the trigger delivery_gone is missing"),
    ("DROP INDEX block_in_force", "the index block_in_force is missing"),
    ("DROP TABLE dialogue", "the table dialogue is missing"),
    ("ALTER TABLE role ADD COLUMN more TEXT", "the table role is not as the program makes it"),
    (
        "ALTER TABLE role ADD COLUMN more TEXT GENERATED ALWAYS AS (upper(role))",
        "the table role is not as the program makes it",
    ),
    ("ALTER TABLE role RENAME COLUMN given_by TO giver", "the table role is not as the program makes it"),
    (
        "UPDATE sqlite_schema SET sql = replace(sql, ' CHECK (sequence > 0)', '') WHERE name = 'change'",
        "the table change is not as the program makes it",
    ),
    (
        "UPDATE sqlite_schema SET sql = replace(sql, 'WHERE lifted_at IS NULL', 'WHERE lifted_at = 0')
         WHERE name = 'block_in_force'",
        "the index block_in_force is not as the program makes it",
    ),
    (
        "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
         CREATE TRIGGER planted AFTER UPDATE ON _litestream_seq BEGIN DELETE FROM role; END",
        "the trigger planted is not of this program",
    ),
    (
        "CREATE TABLE _litestream_lock (id INTEGER, more INTEGER AS (id + 1))",
        "the table _litestream_lock is not of this program",
    ),
    ("CREATE VIEW _litestream_lock AS SELECT 1 AS id", "the view _litestream_lock is not of this program"),
];

fn filled() -> (TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::of(include_str!("../fixtures/harbour.toml"));
    world.app.store.back_up(&folder.path().join("onrecord.db")).unwrap();
    let bytes = std::fs::read(folder.path().join("onrecord.db")).unwrap();
    (folder, bytes)
}

/// Alters a file as someone does who has it to themselves.
fn alter(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, true).unwrap();
    connection.pragma_update(None, "writable_schema", true).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_schema_that_is_not_the_programs_own_is_refused_before_anything_is_written() {
    let (folder, good) = filled();
    let path = folder.path().join("onrecord.db");
    for (sql, told) in ALTERED {
        std::fs::write(&path, &good).unwrap();
        alter(&path, sql);
        let altered = std::fs::read(&path).unwrap();
        assert_ne!(altered, good, "{sql}");
        match Store::open(&path) {
            Err(OpenError::Altered { differences, .. }) => {
                assert!(differences.iter().any(|found| found == told), "{sql}: {differences:?}");
            }
            other => panic!("{sql}: {other:?}"),
        }
        assert_eq!(std::fs::read(&path).unwrap(), altered, "{sql}: the file was written to");
        // Whoever only asks can, and is told by verifying; no backup is made of it, and none put back.
        let store = Store::open_for_reading(&path).unwrap();
        let problems = store.reader().unwrap().without_deadline().verify().unwrap().problems;
        assert!(problems.iter().any(|problem| problem == told), "{sql}: {problems:?}");
        let refused = store.back_up(&folder.path().join("copy.db")).unwrap_err().to_string();
        assert!(refused.contains(told), "{sql}: {refused}");
        let other = folder.path().join("other.db");
        let refused = onrecord::store::restore(&path, &other, attribution().at).unwrap_err().to_string();
        assert!(refused.contains(told) && !other.exists(), "{sql}: {refused}");
    }
    println!("{} alterations of the schema, all refused", ALTERED.len());
}

#[test]
fn an_earlier_schema_is_looked_at_before_it_is_brought_up_to_date() {
    for schema in 1..MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("onrecord.db");
        drop(Store::open_with(&path, &MIGRATIONS[..schema]).unwrap());
        alter(&path, "CREATE TRIGGER planted AFTER INSERT ON change BEGIN DELETE FROM record; END");
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path).unwrap_err();
        assert!(error.to_string().contains("the trigger planted is not of this program"), "{schema}: {error}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "{schema}");
        let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let copies: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".backup")).collect();
        assert!(copies.is_empty(), "{schema}: {copies:?} are made of it");
    }
}

#[test]
fn what_sqlite_and_litestream_keep_in_the_file_is_let_through() {
    let (folder, _) = filled();
    let path = folder.path().join("onrecord.db");
    alter(
        &path,
        "ANALYZE; CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
         CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);",
    );
    let store = Store::open(&path).unwrap();
    assert_eq!(store.reader().unwrap().without_deadline().verify().unwrap().problems, Vec::<String>::new());
    store.back_up(&folder.path().join("copy.db")).unwrap();
}

#[test]
fn a_schema_is_looked_at_whatever_number_the_file_says_it_has() {
    let (folder, good) = filled();
    let path = folder.path().join("onrecord.db");
    for number in [1, MIGRATIONS.len() - 1, MIGRATIONS.len() + 1, 99] {
        std::fs::write(&path, &good).unwrap();
        alter(
            &path,
            &format!(
                "PRAGMA user_version = {number};
                 CREATE TRIGGER planted BEFORE INSERT ON suggestion BEGIN SELECT raise(IGNORE); END"
            ),
        );
        let told = format!("the schema is said to be {number}, and {} migrations were applied", MIGRATIONS.len());
        assert!(Store::open(&path).unwrap_err().to_string().contains(&told), "{number}");
        let store = Store::open_for_reading(&path).unwrap();
        let problems = store.reader().unwrap().without_deadline().verify().unwrap().problems;
        assert!(problems.contains(&told), "{number}: {problems:?}");
        assert!(store.back_up(&folder.path().join("copy.db")).is_err(), "{number}");
        drop(store);
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        assert!(onrecord::store::restore(&path, &folder.path().join("other.db"), now).is_err(), "{number}");
    }
}
