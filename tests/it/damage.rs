//! Files with flipped bits, cut or gone: the damage is found and named, or what is answered stays right.
//!
//! `cargo test --test it -- --nocapture damage` says how many flips were found by which means.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use onrecord::{
    app::App,
    config::DataConfig,
    import_export::import,
    model::{Authority, Limits},
    reply::{Outcome, json::JsonReply},
    store::{Failure, OpenError, Store},
};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::support::{attribution, read, request};

const HARBOUR: &str = include_str!("../fixtures/harbour.toml");

/// Questions that between them show every kind of record.
const QUESTIONS: &[&str] = &["source harbour", "recent", "show S1", "show R1", "about harbourton"];

fn config(folder: &Path) -> DataConfig {
    let database = folder.join("onrecord.db");
    DataConfig { index: folder.join("onrecord.db.index"), database, shipped_data: false }
}

/// An empty folder with records in a database that nobody has open.
fn filled() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(&config(folder.path())).unwrap();
    import(&app.store, &read(HARBOUR), attribution()).unwrap();
    for number in 0..6 {
        import(&app.store, &read(&topic(number)), attribution()).unwrap();
    }
    let (root, authority) = ("terminal:root".parse().unwrap(), Authority::of(["terminal:root".parse().unwrap()]));
    for number in 0..20 {
        let who = format!("discord:{number}").parse().unwrap();
        let role = onrecord::model::Role::Contributor;
        app.store.give_role(who, role, onrecord::model::Identity::clone(&root), attribution().at, &authority).unwrap();
    }
    let note = "A note.".parse().unwrap();
    app.store
        .suggest(
            "https://example.org/a".parse().unwrap(),
            note,
            "terminal:leo".parse().unwrap(),
            attribution().at,
            Limits::default(),
        )
        .unwrap();
    assert_eq!(app.desk.answer(&request("source harbour")).outcome, Outcome::Answered);
    folder
}

fn topic(number: u32) -> String {
    format!("[[entity]]\nkey = \"topic-{number}\"\nkind = \"topic\"\nname = \"Topic {number}\"\n")
}

fn answers(app: &App) -> Vec<String> {
    QUESTIONS
        .iter()
        .map(|line| {
            let reply = app.desk.answer(&request(line));
            // An incident's number is its own each time.
            if reply.outcome == Outcome::Failed {
                "failed".to_owned()
            } else {
                serde_json::to_string(&JsonReply::of(&reply)).unwrap()
            }
        })
        .collect()
}

/// All that a database holds, table by table, as SQLite reads it without an index.
fn contents(file: &Path) -> Result<BTreeMap<String, String>, rusqlite::Error> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut all = BTreeMap::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\" NOT INDEXED"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut text = String::new();
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                write!(text, "{:?} ", row.get_ref(column)?).unwrap();
            }
            text.push('\n');
        }
        all.insert(table, text);
    }
    Ok(all)
}

/// Positions spread over a length, by steps of the golden ratio.
fn spread(count: u32, length: usize) -> impl Iterator<Item = (usize, u8)> {
    (0..count).map(move |number| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a small file"
        )]
        let at = ((f64::from(number) * 0.618_034 + 0.1).fract() * length as f64) as usize;
        (at, 1 << (number % 8))
    })
}

/// Whether it is found where something else stands in a table than was written: when the schema was brought up to date
/// is all that nothing accounts for.
fn is_accounted_for(table: &str) -> bool {
    table != "migration"
}

#[test]
fn a_flipped_bit_in_the_database_is_found_or_changes_no_answer() {
    let folder = filled();
    let database = folder.path().join("onrecord.db");
    let good = std::fs::read(&database).unwrap();
    let (right, held) = (answers(&App::open(&config(folder.path())).unwrap()), contents(&database).unwrap());
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    let mut silent: BTreeMap<String, u32> = BTreeMap::new();
    let mut wrong = 0;
    let flips = 200;
    // Much of a small database is empty pages, where a flip means nothing.
    let in_use: Vec<usize> = (0..good.len()).filter(|at| good[*at] != 0).collect();
    for (place, bit) in spread(flips, in_use.len()) {
        let at = in_use[place];
        let mut bad = good.clone();
        bad[at] ^= bit;
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("onrecord.db{suffix}")));
        }
        std::fs::write(&database, &bad).unwrap();
        let looked_at = catch_unwind(AssertUnwindSafe(|| {
            let store = match Store::open(&database) {
                Ok(store) => store,
                Err(error) => {
                    let told = error.to_string();
                    assert!(
                        matches!(
                            error,
                            OpenError::Damaged { .. }
                                | OpenError::NotADatabase { .. }
                                | OpenError::Foreign { .. }
                                | OpenError::Newer { .. }
                                | OpenError::Altered { .. }
                                | OpenError::EditedMigration { .. }
                                | OpenError::Migration { .. }
                        ),
                        "{told}"
                    );
                    return "opening";
                }
            };
            let problems = match store.reader().and_then(|reader| reader.without_deadline().verify()) {
                Ok(verified) => verified.problems,
                Err(Failure::Damaged(reason)) => vec![reason],
                Err(error) => panic!("{error}"),
            };
            drop(store);
            // Each question is answered as before or fails in words, or verify finds what is wrong.
            let Ok(app) = App::open(&config(folder.path())) else { return "answering" };
            let given = answers(&app);
            let differs =
                given.iter().zip(&right).filter(|(given, right)| given != right && *given != "failed").count();
            assert!(differs == 0 || !problems.is_empty(), "byte {at}: a wrong answer and nothing finds it: {given:?}");
            wrong += usize::from(differs > 0);
            if given.iter().any(|given| given == "failed") {
                "answering"
            } else if problems.is_empty() {
                ""
            } else {
                "verifying"
            }
        }));
        let means = looked_at.unwrap_or_else(|_| panic!("byte {at}, bit {bit}: a panic"));
        if means.is_empty() {
            let now = contents(&database).unwrap();
            let others: Vec<&String> = held.keys().filter(|table| held.get(*table) != now.get(*table)).collect();
            for table in &others {
                let different = held[*table].lines().zip(now[*table].lines()).find(|(before, now)| before != now);
                assert!(!is_accounted_for(table), "byte {at}: {table} differs and nothing finds it: {different:?}");
                *silent.entry((*table).clone()).or_default() += 1;
            }
            *found
                .entry(if others.is_empty() { "nothing, as nothing is different" } else { "nothing" })
                .or_default() += 1;
        } else {
            *found.entry(means).or_default() += 1;
        }
    }
    println!("{flips} flips among the {} bytes that a database uses, found by: {found:?}", in_use.len());
    println!("not found, by table: {silent:?}; answers differed, and verifying found it: {wrong}");
    let total: u32 = found.values().sum();
    assert_eq!(total, flips);
    assert!(found.get("verifying").is_some_and(|count| *count > 20), "{found:?}");
}

/// On a connection for reading only, SQLite's own check of all pages passes over what breaks a CHECK.
#[test]
fn what_breaks_a_rule_of_the_tables_is_found_by_verifying_and_by_a_backup() {
    let folder = filled();
    let database = folder.path().join("onrecord.db");
    let connection = Connection::open(&database).unwrap();
    let alter =
        "UPDATE change SET state = 'approveD' WHERE id = 2; UPDATE role SET role = 'king' WHERE identity = 'discord:1'";
    connection.execute_batch(&format!("PRAGMA ignore_check_constraints = 1; {alter}")).unwrap();
    drop(connection);
    let store = Store::open(&database).unwrap();
    let problems = store.reader().unwrap().without_deadline().verify().unwrap().problems;
    for table in ["change", "role"] {
        assert!(
            problems.iter().any(|problem| problem == &format!("CHECK constraint failed in {table}")),
            "{problems:?}"
        );
    }
    let refused = store.back_up(&folder.path().join("safe.db")).unwrap_err().to_string();
    assert!(refused.contains("is damaged: ") && refused.contains("CHECK constraint failed"), "{refused}");
}

/// What lies in a folder of an open database whose last changes stand in the log alone.
fn with_log() -> (TempDir, usize) {
    let folder = filled();
    let app = App::open(&config(folder.path())).unwrap();
    for number in 10..16 {
        import(&app.store, &read(&topic(number)), attribution()).unwrap();
    }
    assert_eq!(app.desk.answer(&request("source harbour")).outcome, Outcome::Answered);
    let changes = app.store.reader().unwrap().verify().unwrap().changes;
    let copy = tempfile::tempdir().unwrap();
    for suffix in ["", "-wal"] {
        let name = format!("onrecord.db{suffix}");
        std::fs::copy(folder.path().join(&name), copy.path().join(&name)).unwrap();
    }
    copy_folder(&folder.path().join("onrecord.db.index"), &copy.path().join("onrecord.db.index"));
    (copy, changes)
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Opens what lies there in a folder of its own; says how many changes it has, which must hold.
fn changes_in(folder: &Path, log: Option<&[u8]>) -> usize {
    let place = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("onrecord.db"), place.path().join("onrecord.db")).unwrap();
    if let Some(log) = log {
        std::fs::write(place.path().join("onrecord.db-wal"), log).unwrap();
    }
    let store = Store::open(&place.path().join("onrecord.db")).unwrap();
    let verified = store.reader().unwrap().verify().unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    verified.changes
}

#[test]
fn a_flipped_bit_in_the_log_or_a_cut_log_leaves_whole_changes() {
    let (folder, all) = with_log();
    let log = std::fs::read(folder.path().join("onrecord.db-wal")).unwrap();
    assert_eq!(changes_in(folder.path(), Some(&log)), all);
    let mut kept: BTreeMap<usize, u32> = BTreeMap::new();
    for (at, bit) in spread(120, log.len()) {
        let mut bad = log.clone();
        bad[at] ^= bit;
        *kept.entry(changes_in(folder.path(), Some(&bad))).or_default() += 1;
    }
    println!("120 flips in a log of {} bytes, of {all} changes so many were kept: {kept:?}", log.len());
    assert!(kept.keys().all(|kept| (7..=all).contains(kept)), "{kept:?}");
    let mut before = 7;
    for (length, _) in spread(40, log.len()).collect::<BTreeMap<_, _>>() {
        let kept = changes_in(folder.path(), Some(&log[..length]));
        assert!(kept >= before && kept <= all, "{kept} of {all} changes in {length} bytes of the log");
        before = kept;
    }
    assert_eq!(changes_in(folder.path(), None), 7, "what is in the file alone");
}

/// What the program says when it is asked there.
fn said(folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    let output = command.args(["source", "harbour"]).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), out, err)
}

#[test]
fn what_was_lost_with_the_log_is_said_when_the_program_begins() {
    let (whole, all) = with_log();
    let log = std::fs::read(whole.path().join("onrecord.db-wal")).unwrap();
    let cut = log[..log.len() / 2].to_vec();
    let mut flipped = log.clone();
    flipped[log.len() / 3] ^= 1;
    for (what, log) in [("whole", Some(&log)), ("gone", None), ("cut", Some(&cut)), ("flipped", Some(&flipped))] {
        let place = tempfile::tempdir().unwrap();
        copy_folder(whole.path(), place.path());
        match log {
            Some(log) => std::fs::write(place.path().join("onrecord.db-wal"), log).unwrap(),
            None => std::fs::remove_file(place.path().join("onrecord.db-wal")).unwrap(),
        }
        let (code, out, err) = said(place.path());
        assert!(code == 0 && out.contains("Harbour"), "{what}: {out}{err}");
        let told = err.contains("the database ends before what the index has read") && err.contains("newest backup");
        assert_eq!(told, what != "whole", "{what}, of {all} changes: {err}");
        // It is said once; the index is that of what is there now.
        assert_eq!(said(place.path()).2, "", "{what}");
    }
}

#[test]
fn a_damaged_database_is_named_by_the_program_with_the_way_back() {
    let folder = filled();
    let database = folder.path().join("onrecord.db");
    let good = std::fs::read(&database).unwrap();
    Store::open(&database).unwrap().back_up(&folder.path().join("safe.db")).unwrap();
    let mut cut = good.clone();
    cut.truncate(good.len() / 2);
    let zeros: Vec<u8> = good.iter().enumerate().map(|(at, byte)| if at < 8192 { *byte } else { 0 }).collect();
    for bad in [cut, zeros] {
        std::fs::write(&database, &bad).unwrap();
        let (code, out, err) = said(folder.path());
        assert_eq!(code, 3, "{out}{err}");
        let told = format!("{out}{err}").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("damaged") && told.contains("onrecord restore FILE"), "{told}");
        let mut restore = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        restore.current_dir(folder.path()).env_clear().stdin(Stdio::null()).args(["restore", "safe.db"]);
        assert!(restore.output().unwrap().status.success());
        assert!(said(folder.path()).1.contains("Harbour"));
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found.sort();
    found
}

#[test]
fn a_flipped_bit_in_the_index_is_found_or_changes_no_answer() {
    let folder = filled();
    let app = App::open(&config(folder.path())).unwrap();
    let right = answers(&app);
    drop(app);
    let (index, kept) = (folder.path().join("onrecord.db.index"), tempfile::tempdir().unwrap());
    copy_folder(&index, kept.path());
    let parts: Vec<(PathBuf, Vec<u8>)> = files(kept.path())
        .into_iter()
        .map(|file| (file.strip_prefix(kept.path()).unwrap().to_owned(), std::fs::read(&file).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    let length: usize = parts.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut rebuilt = 0;
    // Every file has its turn, and the one that says which files there are has more.
    let everywhere = spread(48, length).map(|(mut at, bit)| {
        let part = parts.iter().position(|(_, bytes)| {
            if at < bytes.len() {
                true
            } else {
                at -= bytes.len();
                false
            }
        });
        (part.unwrap(), at, bit)
    });
    let meta = parts.iter().position(|(name, _)| name.ends_with("meta.json")).unwrap();
    let in_meta = spread(24, parts[meta].1.len()).map(|(at, bit)| (meta, at, bit));
    for (part, at, bit) in everywhere.chain(in_meta).collect::<Vec<_>>() {
        let _ = std::fs::remove_dir_all(&index);
        copy_folder(kept.path(), &index);
        let (name, bytes) = &parts[part];
        let mut bad = bytes.clone();
        bad[at] ^= bit;
        std::fs::write(index.join(name), bad).unwrap();
        let given = catch_unwind(|| answers(&App::open(&config(folder.path())).unwrap()));
        let given = given.unwrap_or_else(|_| panic!("{}, byte {at}: a panic", name.display()));
        assert_eq!(given, right, "{}, byte {at}", name.display());
        rebuilt += u32::from(!index.join(name).exists());
    }
    println!("72 flips in an index of {length} bytes: after {rebuilt} it was built anew, the others changed no answer");
    assert!(rebuilt > 40);
}
