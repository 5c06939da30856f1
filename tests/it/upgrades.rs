//! Databases of every earlier schema: each opens in this version, is brought up to date, holds, and answers as
//! before; and where that fails, the file is byte for byte as it was.
//!
//! The fixtures (`tests/fixtures/upgrades/schema-N.sql`) are data alone; the tables come from the migrations that
//! there were. They were written by `cargo test --test it -- --ignored write_the_fixtures`: a town is founded, lives
//! through every kind of change, and what it left is cut to the tables and columns of each schema. A new migration
//! needs a new fixture of the schema before it; those that are there are never written anew.

use std::{fmt::Write as _, path::Path};

use onrecord::{
    app::App,
    desk::{Clock, Desk},
    model::{Authority, Platform},
    reply::{Outcome, Reply, json::JsonReply},
    store::{Delivery, MIGRATIONS, Migration, OpenError, Store},
};
use rusqlite::{Connection, types::ValueRef};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    earlier::{early, fixture, newest, refused, sums},
    editorial::{decide, say, town},
    support::{World, config, request},
};

const ROOT: &str = "matrix:@root:example.org";

/// Questions that between them show what a town has.
const QUESTIONS: &[&str] =
    &["source pier", "show S1", "show S2", "about harbour town", "recent", "history S1", "places"];

#[test]
fn the_sums_over_rows_are_what_the_migration_says() {
    let world = lived_in();
    say(&world, "terminal:leo", "suggest https://gull.example.org/newer Another.");
    let connection = Connection::open(world.app.store.path()).unwrap();
    let kept: Vec<(String, String)> = connection
        .prepare("SELECT name, sum FROM tally ORDER BY name")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(kept, sums(&connection));
    assert!(kept.iter().filter(|(_, sum)| *sum != "0".repeat(64)).count() >= 4, "{kept:?}");
}

fn answers(app: &App) -> Vec<String> {
    QUESTIONS
        .iter()
        .map(|line| {
            let reply = app.desk.answer(&request(line));
            assert_ne!(reply.outcome, Outcome::Failed, "{line}: {reply:?}");
            let mut answer = serde_json::to_value(JsonReply::of(&reply)).unwrap();
            forget_times(&mut answer);
            answer.to_string()
        })
        .collect()
}

/// Each fixture was written in a run of its own, moments after its day's noon.
fn forget_times(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            fields.retain(|name, _| !["vetted_at", "decided_at"].contains(&name.as_str()));
            fields.values_mut().for_each(forget_times);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_times),
        _ => {}
    }
}

pub fn opened(folder: &TempDir) -> App {
    let mut app = App::open(&config(folder, false)).unwrap();
    let clock = Clock::read_by(|| "2026-11-24T12:00:00Z".parse().unwrap());
    app.desk = std::sync::Arc::new(Desk::new(app.store.clone(), app.search.clone()).with_clock(clock));
    app.desk.appoint(Authority::of([ROOT.parse().unwrap()]));
    app
}

#[test]
fn a_database_of_each_earlier_schema_is_brought_up_to_date_and_answers_the_same() {
    assert_eq!(newest(), MIGRATIONS.len() - 1, "there is no fixture of the schema before the last");
    let mut first: Option<Vec<String>> = None;
    for schema in 1..=newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = early(folder.path(), schema);
        let before = std::fs::read(&path).unwrap();
        let app = opened(&folder);
        let verified = app.store.reader().unwrap().verify().unwrap();
        assert_eq!((verified.problems, verified.changes), (Vec::new(), 4), "schema {schema}");
        let given = answers(&app);
        assert!(given.iter().filter(|answer| answer.contains("\"outcome\":\"answered\"")).count() >= 6, "{given:?}");
        assert_eq!(first.get_or_insert_with(|| given.clone()), &given, "schema {schema} answers otherwise");
        // What is around the records came along, as far as there was any.
        if schema >= 2 {
            assert_eq!(app.store.reader().unwrap().communities().unwrap().len(), 1, "schema {schema}");
            assert!(app.desk.delivery(Platform::Discord, "5").unwrap().is_some(), "schema {schema}");
        }
        if schema >= 3 {
            assert_eq!(app.store.reader().unwrap().suggestions(5).unwrap().len(), 1, "schema {schema}");
            let going_on = say_as(&app, "terminal:cai", "answer Tea").outcome;
            assert_eq!(going_on, Outcome::Answered, "schema {schema}: a form that was begun doesn't go on");
        }
        // Work goes on: a correction of what was there is proposed, approved, and reaches what was delivered.
        for (who, line) in [
            (ROOT, "role discord:90 reviewer"),
            (ROOT, "retract S1 It was not said."),
            ("discord:90", "review LAST"),
            ("discord:90", "approve LAST"),
        ] {
            let last = app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
            let line = line.replace("LAST", &last);
            assert_eq!(say_as(&app, who, &line).outcome, Outcome::Answered, "schema {schema}: {line}");
        }
        assert!(app.store.reader().unwrap().verify().unwrap().problems.is_empty(), "schema {schema}");
        drop(app);
        let copy = folder.path().join(format!("onrecord.db.schema-{schema}.backup"));
        assert!(copy.exists(), "schema {schema}: no copy was made before");
        // The copy is a way back: restored, it is the same again.
        let changes = |path: &Path| {
            Connection::open(path)
                .unwrap()
                .query_row("SELECT count(*) FROM change", [], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        std::fs::write(folder.path().join("before.db"), before).unwrap();
        assert_eq!(changes(&copy), changes(&folder.path().join("before.db")), "schema {schema}");
        let elsewhere = folder.path().join("elsewhere.db");
        onrecord::store::restore(&copy, &elsewhere, "2026-11-24T12:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(Store::open(&elsewhere).unwrap().reader().unwrap().verify().unwrap().changes, 4, "schema {schema}");
    }
}

pub fn say_as(app: &App, who: &str, line: &str) -> Reply {
    let mut asked = request(line);
    asked.actor = who.parse().unwrap();
    asked.conversation = format!("{}:place:{who}", asked.actor.platform());
    app.desk.answer(&asked)
}

/// What a query over the whole of a table gives, in order.
fn column(path: &Path, sql: &str) -> Vec<Option<String>> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Whoever has kept a hash elsewhere finds it again, and whoever reads the acts reads what was said before.
#[test]
fn what_was_sealed_by_an_earlier_version_goes_on_holding() {
    for schema in 3..=newest() {
        let folder = tempfile::tempdir().unwrap();
        let path = early(folder.path(), schema);
        let hashes = "SELECT hash FROM change WHERE sequence IS NOT NULL ORDER BY sequence";
        let (changes, told) = (column(&path, hashes), column(&path, "SELECT what FROM act ORDER BY id DESC"));
        let acts = if schema >= 8 { column(&path, "SELECT hash FROM act ORDER BY id") } else { Vec::new() };
        let store = Store::open(&path).unwrap();
        let verified = store.reader().unwrap().verify().unwrap();
        assert_eq!(verified.problems, Vec::<String>::new(), "schema {schema}");
        assert_eq!(column(&path, hashes), changes, "schema {schema}");
        assert_eq!(Some(&verified.hash), changes.last().unwrap().as_ref(), "schema {schema}");
        if let Some(last) = acts.last() {
            assert_eq!(column(&path, "SELECT hash FROM act ORDER BY id"), acts, "schema {schema}");
            assert_eq!(Some(&verified.acts_hash), last.as_ref(), "schema {schema}");
        }
        let (shown, _) = store.reader().unwrap().acts(0, 100).unwrap();
        let shown: Vec<Option<String>> = shown.into_iter().map(|act| Some(act.what)).collect();
        if schema < 10 {
            assert_eq!(shown, told, "schema {schema}");
        }
        assert!(shown.len() >= 7, "schema {schema}");
        drop(store);
        // What was derived from the sentences is under seal, too, and the sentences are compared with it.
        let good = std::fs::read(&path).unwrap();
        for forged in [
            "UPDATE act SET data = replace(data, 'reviewer', 'admin') WHERE id = 2",
            "UPDATE act SET what = 'reader → admin' WHERE id = 2",
            "UPDATE act SET what = '(purged)' WHERE id = 1",
        ] {
            std::fs::write(&path, &good).unwrap();
            assert_eq!(Connection::open(&path).unwrap().execute(forged, []).unwrap(), 1);
            let problems = Store::open_read_only(&path).unwrap().reader().unwrap().verify().unwrap().problems;
            assert_ne!(problems, Vec::<String>::new(), "schema {schema}: {forged}");
        }
    }
}

/// An import's act from before has the summary of its change in its sentence, and keeps no more of it than the change
/// does when something of it is purged; the chain of acts goes on holding.
#[test]
fn the_sentence_of_an_import_is_purged_with_its_change() {
    for schema in [3, 9] {
        let folder = tempfile::tempdir().unwrap();
        let path = early(folder.path(), schema);
        let app = opened(&folder);
        let acts = app.store.reader().unwrap().verify().unwrap().acts;
        assert_eq!(column(&path, "SELECT what FROM act WHERE id = 1"), [Some("A test".to_owned())]);
        for (who, line) in [
            (ROOT, "role discord:90 admin"),
            ("discord:90", "purge S1 On a court's order."),
            (ROOT, "review C7"),
            (ROOT, "approve C7"),
        ] {
            assert_eq!(say_as(&app, who, line).outcome, Outcome::Answered, "schema {schema}: {line}");
        }
        let told = column(&path, "SELECT what FROM act WHERE id = 1");
        assert_eq!(told, column(&path, "SELECT summary FROM change WHERE id = 1"), "schema {schema}");
        let verified = app.store.reader().unwrap().verify().unwrap();
        assert_eq!((verified.problems, verified.acts), (Vec::new(), acts + 2), "schema {schema}");
        let shown = app.store.reader().unwrap().acts(0, 100).unwrap().0;
        assert_eq!(Some(shown.last().unwrap().what.clone()), told[0], "schema {schema}");
    }
}

/// The seals are laid on what is there; they hide nothing of what the chains from before tell.
#[test]
fn what_was_forged_before_an_upgrade_is_found_after_it() {
    for schema in 3..=newest() {
        for (forged, found) in [
            (
                "UPDATE operation SET content = replace(content, 'lighthouse', 'airport'), salt = NULL WHERE change = 2;
                 UPDATE statement SET text = replace(text, 'lighthouse', 'airport')",
                "C2: an operation has no salt, and no purge says so",
            ),
            (
                "UPDATE change SET reviewer = 'terminal:mallory', salt = NULL WHERE id = 3",
                "C3: its decision has no salt, and no purge says so",
            ),
            (
                "UPDATE change SET salt = NULL, digest = NULL, hash = NULL;
                 UPDATE operation SET salt = NULL, digest = NULL",
                "C1 is not the change that followed here",
            ),
            (
                "UPDATE record SET changed_in = 1 WHERE kind = 'statement' AND id = 1",
                "was touched last by C3, not by C1",
            ),
            ("UPDATE role SET role = 'admin' WHERE identity = 'terminal:cai'", "the role of terminal:cai"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = early(folder.path(), schema);
            Connection::open(&path).unwrap().execute_batch(forged).unwrap();
            let problems = Store::open(&path).unwrap().reader().unwrap().verify().unwrap().problems;
            assert!(problems.iter().any(|problem| problem.contains(found)), "schema {schema}: {forged}: {problems:?}");
        }
    }
}

/// What a sentence left out is taken from where it was held: which channels, and the end of a block to the millisecond.
#[test]
fn acts_that_were_sentences_become_data() {
    let folder = tempfile::tempdir().unwrap();
    let path = early(folder.path(), 9);
    let store = Store::open(&path).unwrap();
    let (mut acts, _) = store.reader().unwrap().acts(0, 100).unwrap();
    acts.reverse();
    let deeds: Vec<String> = acts.iter().map(|act| format!("{}: {:?}", act.subject, act.deed)).collect();
    insta::assert_snapshot!(deeds.join("\n"), @r#"
    C1: Import
    terminal:rui: Role { before: Reader, after: Reviewer }
    discord:22: Role { before: Reader, after: Reviewer }
    terminal:cai: Role { before: Reader, after: Contributor }
    discord:33: Role { before: Reader, after: Contributor }
    terminal:cai: Link { with: "discord:33" }
    discord:1: Setting { prefix: Some("?"), private: false, channels: Named([]), suggestions: true }
    discord:91: Block { until: Some(1796126400345), reason: Some("Floods the channel.") }
    discord:92: Block { until: None, reason: None }
    discord:92: HeardAgain
    discord:70: Link { with: "discord:71" }
    discord:71: Part { from: "discord:70" }
    discord:1: Setting { prefix: Some("?"), private: true, channels: Named(["5", "7"]), suggestions: false }
    "#);
}

/// A chain is begun by an upgrade alone, and the person is told; `verify` writes nothing, not even that.
#[test]
fn an_upgrade_says_that_a_chain_begins_and_verifying_begins_none() {
    let onrecord = |folder: &TempDir, command: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"));
        program.current_dir(folder.path()).env_clear().env("USER", "tester").stdin(std::process::Stdio::null());
        let output = program.args(command).output().unwrap();
        let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code().unwrap(), format!("{out}{err}").split_whitespace().collect::<Vec<_>>().join(" "))
    };
    for (schema, begins) in [
        (2, "the chain of changes begins here: 4 approved before were sealed as they stood"),
        (7, "the chain of administrative acts begins here: 7 were sealed as they stood"),
        (9, "the seals of the whole history begin here"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = early(folder.path(), schema);
        let before = std::fs::read(&path).unwrap();
        let (code, said) = onrecord(&folder, &["verify"]);
        assert!(code == 3 && said.contains("was written by an earlier version of the program"), "{schema}: {said}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "schema {schema}: verify has written");
        let (_, said) = onrecord(&folder, &["recent"]);
        assert!(said.contains(begins), "{schema}: {said}");
        let (code, said) = onrecord(&folder, &["verify"]);
        assert!(code == 0 && said.contains("The history holds"), "{schema}: {said}");
        assert!(!onrecord(&folder, &["recent"]).1.contains("begin"), "{schema}");
    }
}

#[test]
fn an_upgrade_that_fails_leaves_the_file_as_it_was_byte_for_byte() {
    for schema in [1, 3, newest()] {
        let folder = tempfile::tempdir().unwrap();
        let path = early(folder.path(), schema);
        // Only the last of several fails.
        let broken = Migration { name: "broken", sql: "CREATE TABLE more (id INTEGER); CREATE TABLE act (id INTEGER)" };
        let error = refused(&path, &[MIGRATIONS, &[broken]].concat());
        assert!(matches!(error, OpenError::Migration { .. }) && error.to_string().contains("act"), "{error}");
        let problems = Store::open(&path).unwrap().reader().unwrap().verify().unwrap().problems;
        assert_eq!(problems, Vec::<String>::new());
    }
}

#[test]
fn a_newer_database_is_refused_in_words_and_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = early(folder.path(), newest());
    drop(Store::open(&path).unwrap());
    let error = refused(&path, &MIGRATIONS[..newest()]).to_string();
    assert!(
        error.contains("was written by a newer version of the program") && error.contains("restore an older"),
        "{error}"
    );
}

/// A town with something of everything, on record and around it.
fn lived_in() -> World {
    let world = town();
    let done = |who: &str, line: &str| {
        let reply = say(&world, who, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    };
    done(
        "terminal:cai",
        "add statement\nspeaker: Ana Silva\ntext: It was said that the new lighthouse opens in May.\nsource: D1\nabout: Harbour Town",
    );
    let decided = |who: &str, line: &str| {
        let reply = decide(&world, who, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    };
    decided("terminal:rui", "approve C2");
    done("terminal:cai", "edit S1\nspeaker-role: Mayor\ncorrection: Her office was missing.");
    decided("discord:22", "approve C3");
    done("terminal:cai", "add entity\nname: The Pier\nkind: place\npart-of: Harbour Town");
    decided("terminal:rui", "approve C4");
    done("terminal:cai", "add entity\nname: Waits\nkind: topic");
    done("terminal:cai", "add entity\nname: Not wanted\nkind: topic");
    decided("terminal:rui", "reject C6 It is no topic.");
    done("terminal:leo", "suggest https://gull.example.org/new A note on page 2.");
    done(ROOT, "link terminal:cai discord:33");
    done("terminal:cai", "add entity");
    let settings = onrecord::store::CommunitySettings { prefix: Some("?".to_owned()), ..Default::default() };
    world.app.store.set_community("discord:1", &settings, &ROOT.parse().unwrap(), world.now()).unwrap();
    let delivery = Delivery {
        platform: Platform::Discord,
        question: "5".to_owned(),
        channel: "7".to_owned(),
        answer: "6".to_owned(),
        entries: vec!["S1".to_owned(), "S2".to_owned()],
        as_of: None,
        at: world.now(),
    };
    world.app.store.delivered(vec![delivery], 30).unwrap();
    world
}

#[test]
#[ignore = "writes the fixture of the schema before the last, once, when a migration is added"]
fn write_the_fixtures() {
    let world = lived_in();
    let from = Connection::open(world.app.store.path()).unwrap();
    std::fs::create_dir_all(fixture(1).parent().unwrap()).unwrap();
    for schema in (1..MIGRATIONS.len()).filter(|schema| !fixture(*schema).exists()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("empty.db");
        drop(Store::open_with(&path, &MIGRATIONS[..schema]));
        let to = Connection::open(&path).unwrap();
        std::fs::write(fixture(schema), data(&from, &to)).unwrap();
    }
}

/// What is in one database, as far as the other has tables and columns for it.
fn data(from: &Connection, to: &Connection) -> String {
    let names = |connection: &Connection, sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    // Triggers fill delivery_entry, and the sums over the rows are computed where they are put in.
    let tables = "SELECT name FROM sqlite_schema
                  WHERE type = 'table' AND name NOT IN ('migration', 'delivery_entry', 'tally')";
    let mut text = String::from("PRAGMA foreign_keys = OFF;\nBEGIN;\n");
    for table in names(to, tables) {
        let columns = |connection| names(connection, &format!("SELECT name FROM pragma_table_info('{table}')"));
        let known = columns(from);
        let columns: Vec<String> = columns(to).into_iter().filter(|column| known.contains(column)).collect();
        let mut statement = from.prepare(&format!("SELECT {} FROM {table}", columns.join(", "))).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> = (0..columns.len())
                .map(|column| match row.get_ref(column).unwrap() {
                    ValueRef::Null => "NULL".to_owned(),
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Real(number) => number.to_string(),
                    ValueRef::Text(text) => {
                        let text = std::str::from_utf8(text).unwrap();
                        // A line each, whatever is in it.
                        format!("'{}'", text.replace('\'', "''").replace('\n', "'||char(10)||'"))
                    }
                    ValueRef::Blob(bytes) => {
                        format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
                    }
                })
                .collect();
            writeln!(text, "INSERT INTO {table} ({}) VALUES ({});", columns.join(", "), values.join(", ")).unwrap();
        }
    }
    text.push_str("COMMIT;\n");
    text
}
