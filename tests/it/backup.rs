//! Backups and putting them back: beside a writer, and with whatever is wrong with the files.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use onrecord::{
    model::{Entity, Nature, Operation, Proposal, Record, Review, Standing},
    store::{BackupError, MIGRATIONS, Migration, Store, restore},
};
use rusqlite::Connection;

use super::console::{begin, done, program};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(&self.0).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
        let Output { status, stdout, stderr } = command.args(arguments).output().unwrap();
        (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn approve_one(store: &Store, number: u32) {
    let record = Record::Entity(Entity {
        key: format!("topic-{number}").parse().unwrap(),
        nature: Nature::Topic,
        name: format!("Topic {number}").parse().unwrap(),
        aliases: Vec::new(),
        part_of: None,
        description: None,
        same_as: Default::default(),
    });
    let proposal = Proposal {
        summary: "One".parse().unwrap(),
        author: "terminal:author".parse().unwrap(),
        proposed_at: jiff::Timestamp::now(),
        operations: vec![Operation::Create { record, standing: Standing::default() }],
    };
    let review = Review {
        reviewer: "terminal:reviewer".parse().unwrap(),
        at: jiff::Timestamp::now(),
        reason: "Seen".parse().unwrap(),
    };
    store.submit_reviewed(proposal, review).unwrap();
}

fn now() -> jiff::Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

#[test]
fn backups_are_sound_while_others_write() {
    let place = Place::new();
    let store = Store::open(&place.file("onrecord.db")).unwrap();
    std::thread::scope(|threads| {
        let writer = threads.spawn(|| (0..200).for_each(|number| approve_one(&store, number)));
        let (mut before, mut beside) = (0, 0);
        while !writer.is_finished() {
            let contents = store.back_up(&place.file("copy.db")).unwrap();
            assert_eq!(contents.changes, contents.records);
            assert!(contents.changes >= before, "a backup is behind the one before it");
            beside += usize::from(contents.changes > before && contents.changes < 200);
            before = contents.changes;
        }
        assert!(beside > 0, "no backup was made while something was written");
    });
    let last = store.back_up(&place.file("last.db")).unwrap();
    drop(store);
    let restored = restore(&place.file("last.db"), &place.file("onrecord.db"), now()).unwrap();
    assert_eq!(restored.contents, last);
}

#[test]
fn what_was_backed_up_is_answered_again_after_a_restore() {
    let place = Place::new();
    let (code, before, _) = place.run(&["source", "sydney"]);
    assert_eq!(code, 0);
    let (code, said, problems) = place.run(&["backup", "safe.db"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    assert!(said.starts_with("safe.db is a sound copy: 1 approved change adds up to "), "{said}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.file("safe.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "others may read the backup");
    }
    approve_one(&Store::open(&place.file("onrecord.db")).unwrap(), 1);
    assert_eq!(place.run(&["about", "topic 1"]).0, 0);
    let (code, said, problems) = place.run(&["restore", "safe.db"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    assert!(said.contains("What stood there before is kept in onrecord.db.replaced-"), "{said}");
    assert_eq!(place.run(&["about", "topic 1"]).0, 1, "what came after the backup is still found");
    assert_eq!(place.run(&["source", "sydney"]), (0, before, String::new()));
    let kept = place.names().into_iter().find(|name| name.starts_with("onrecord.db.replaced-")).unwrap();
    // And the other way: nothing was lost.
    assert_eq!(place.run(&["restore", &kept]).0, 0);
    assert_eq!(place.run(&["about", "topic 1"]).0, 0);
    assert!(!place.names().iter().any(|name| name.contains("unfinished")), "{:?}", place.names());
}

#[test]
fn what_can_not_be_put_back_is_refused_in_words_and_changes_nothing() {
    let place = Place::new();
    let missing = place.run(&["backup", "copy.db"]).2;
    assert!(missing.starts_with("onrecord: there is no database at onrecord.db"), "{missing}");
    place.run(&["topics"]);
    place.run(&["backup", "good.db"]);
    let good = std::fs::read(place.file("good.db")).unwrap();
    std::fs::write(place.file("letter.txt"), "Dear editor").unwrap();
    std::fs::write(place.file("half.db"), &good[..good.len() / 2]).unwrap();
    std::fs::write(place.file("empty.db"), "").unwrap();
    Connection::open(place.file("other.db")).unwrap().execute_batch("CREATE TABLE note (text TEXT)").unwrap();
    std::fs::copy(place.file("good.db"), place.file("newer.db")).unwrap();
    let later = "INSERT INTO migration VALUES (99, 'later', '', 0); PRAGMA user_version = 99";
    Connection::open(place.file("newer.db")).unwrap().execute_batch(later).unwrap();
    std::fs::copy(place.file("good.db"), place.file("altered.db")).unwrap();
    let alter = "UPDATE operation SET content = replace(content, 'Sydney', 'Perth')";
    Connection::open(place.file("altered.db")).unwrap().execute_batch(alter).unwrap();
    let before = std::fs::read(place.file("onrecord.db")).unwrap();
    for (file, wanted) in [
        ("missing.db", "there is no file missing.db"),
        ("onrecord.db", "onrecord.db is the database itself"),
        ("letter.txt", "letter.txt is no backup of this program"),
        ("half.db", "half.db is damaged"),
        ("empty.db", "empty.db is no backup of this program"),
        ("other.db", "other.db is no backup of this program"),
        ("newer.db", "newer.db was written by a newer version of the program (its schema is 99"),
        ("altered.db", "altered.db is damaged: "),
    ] {
        let (code, said, problem) = place.run(&["restore", file]);
        assert_eq!((code, said.as_str()), (3, ""), "{file}");
        assert!(problem.contains(wanted), "{file}: {problem}");
        assert_eq!(std::fs::read(place.file("onrecord.db")).unwrap(), before, "{file}");
    }
    let open = Store::open(&place.file("onrecord.db")).unwrap();
    let reader = open.reader().unwrap();
    let (code, _, problem) = place.run(&["restore", "good.db"]);
    assert!(code == 3 && problem.contains("onrecord.db is in use; stop the bot"), "{problem}");
    drop(reader);
    for (file, wanted) in [("letter.txt", "no database of this program"), ("onrecord.db", "is the database itself")] {
        let (code, _, problem) = place.run(&["backup", file]);
        assert!(code == 3 && problem.contains(wanted), "{file}: {problem}");
    }
    assert_eq!(std::fs::read_to_string(place.file("letter.txt")).unwrap(), "Dear editor");
    assert!(place.names().iter().all(|name| !name.contains("unfinished") && !name.contains("replaced")));
}

#[test]
fn a_flipped_byte_in_a_backup_is_found_or_leaves_what_is_on_record_as_it_was() {
    let place = Place::new();
    let store = Store::open(&place.file("onrecord.db")).unwrap();
    for number in 0..40 {
        approve_one(&store, number);
    }
    let contents = store.back_up(&place.file("good.db")).unwrap();
    let good = std::fs::read(place.file("good.db")).unwrap();
    let mut found = 0;
    for step in 0..60 {
        let at = (step * 7_919) % good.len();
        let mut bad = good.clone();
        bad[at] ^= 0x20;
        std::fs::write(place.file("bad.db"), bad).unwrap();
        match restore(&place.file("bad.db"), &place.file("elsewhere.db"), now()) {
            // Most bytes of a small database are in no use, or in indexes, which a copy has anew.
            Ok(restored) => assert_eq!(restored.contents, contents, "byte {at}"),
            Err(
                BackupError::Unsound { .. } | BackupError::Strange(_) | BackupError::Open(_) | BackupError::Store(_),
            ) => found += 1,
            Err(error) => panic!("byte {at}: {error}"),
        }
    }
    assert!(found > 0, "none of 60 flipped bytes was found");
}

#[test]
fn an_earlier_version_s_backup_is_brought_up_to_date() {
    let place = Place::new();
    let first: &[Migration] = &MIGRATIONS[..1];
    // The first version knew no chain; what it approved is sealed when it is taken over.
    drop(Store::open_with(&place.file("early.db"), first));
    let early = std::fs::read(place.file("early.db")).unwrap();
    restore(&place.file("early.db"), &place.file("onrecord.db"), now()).unwrap();
    assert_eq!(std::fs::read(place.file("early.db")).unwrap(), early, "the backup was changed");
    assert!(Store::open_for_reading(&place.file("onrecord.db")).is_ok());
    assert!(!place.names().iter().any(|name| name.contains("schema-1")), "{:?}", place.names());
}

#[test]
fn a_database_that_can_not_be_read_any_more_is_set_aside_whole() {
    let place = Place::new();
    approve_one(&Store::open(&place.file("onrecord.db")).unwrap(), 1);
    Store::open(&place.file("onrecord.db")).unwrap().back_up(&place.file("good.db")).unwrap();
    std::fs::write(place.file("onrecord.db"), "the disk had other plans").unwrap();
    std::fs::write(place.file("onrecord.db-wal"), "what was not folded in").unwrap();
    let restored = restore(&place.file("good.db"), &place.file("onrecord.db"), now()).unwrap();
    assert_eq!(restored.contents.records, 1);
    let kept = restored.replaced.unwrap();
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "the disk had other plans");
    assert_eq!(read_beside(&kept, "-wal"), "what was not folded in");
    assert!(!place.file("onrecord.db-wal").exists());
}

#[test]
fn what_lies_beside_a_missing_database_is_not_taken_for_the_backup_s() {
    let place = Place::new();
    approve_one(&Store::open(&place.file("onrecord.db")).unwrap(), 1);
    let good = Store::open(&place.file("onrecord.db")).unwrap().back_up(&place.file("good.db")).unwrap();
    let open = Store::open(&place.file("onrecord.db")).unwrap();
    approve_one(&open, 2);
    // As after a crash: what was written last stands in the log alone. Then only the database was deleted.
    let log = std::fs::read(place.file("onrecord.db-wal")).unwrap();
    drop(open);
    std::fs::remove_file(place.file("onrecord.db")).unwrap();
    std::fs::write(place.file("onrecord.db-wal"), &log).unwrap();
    let restored = restore(&place.file("good.db"), &place.file("onrecord.db"), now()).unwrap();
    assert_eq!(restored.contents, good);
    let store = Store::open(&place.file("onrecord.db")).unwrap();
    assert_eq!(store.reader().unwrap().verify().unwrap().changes, good.changes);
    let kept = place.names().into_iter().find(|name| name.contains("replaced")).unwrap();
    assert_eq!(std::fs::read(place.file(&kept)).unwrap(), log);
}

#[test]
fn what_is_replaced_twice_at_one_time_is_kept_twice() {
    let place = Place::new();
    approve_one(&Store::open(&place.file("onrecord.db")).unwrap(), 1);
    Store::open(&place.file("onrecord.db")).unwrap().back_up(&place.file("good.db")).unwrap();
    approve_one(&Store::open(&place.file("onrecord.db")).unwrap(), 2);
    let kept: Vec<_> = (0..3)
        .map(|_| restore(&place.file("good.db"), &place.file("onrecord.db"), now()).unwrap().replaced.unwrap())
        .collect();
    let changes = |file: &Path| Store::open_for_reading(file).unwrap().reader().unwrap().verify().unwrap().changes;
    assert_eq!(kept.iter().map(|file| changes(file)).collect::<Vec<_>>(), [2, 1, 1]);
}

#[test]
fn a_database_that_litestream_replicates_is_left_to_it_to_checkpoint() {
    for replicated in [false, true] {
        let place = Place::new();
        let database = place.file("onrecord.db");
        drop(Store::open(&database).unwrap());
        if replicated {
            std::fs::create_dir(place.file(".onrecord.db-litestream")).unwrap();
        }
        let before = std::fs::read(&database).unwrap();
        let store = Store::open(&database).unwrap();
        (0..5).for_each(|number| approve_one(&store, number));
        drop(store);
        assert_eq!(place.file("onrecord.db-wal").exists(), replicated);
        assert_eq!(std::fs::read(&database).unwrap() == before, replicated, "the log was folded in, or was not");
        assert_eq!(Store::open(&database).unwrap().reader().unwrap().verify().unwrap().changes, 5);
    }
}

fn read_beside(path: &Path, suffix: &str) -> String {
    std::fs::read_to_string(format!("{}{suffix}", path.display())).unwrap()
}

#[test]
fn a_backup_with_anything_planted_in_it_is_refused_before_anything_of_it_runs() {
    const PLANTED: &[&str] = &[
        "CREATE TRIGGER planted AFTER INSERT ON suggestion BEGIN INSERT INTO role VALUES ('discord:666', 'admin'); END",
        "CREATE TRIGGER planted AFTER INSERT ON migration BEGIN UPDATE change SET author = 'discord:666'; END",
        "CREATE TRIGGER planted AFTER UPDATE ON change BEGIN DELETE FROM record; END",
        "CREATE VIEW planted AS SELECT * FROM record",
        "CREATE TABLE planted (a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) STORED)",
        "ALTER TABLE change ADD COLUMN planted TEXT GENERATED ALWAYS AS (author) VIRTUAL",
        "CREATE VIRTUAL TABLE planted USING fts5 (a)",
        "CREATE UNIQUE INDEX planted ON change (abs(id))",
    ];
    for schema in [3, MIGRATIONS.len()] {
        let place = Place::new();
        let (good, bad) = (place.file("good.db"), place.file("bad.db"));
        // Of an earlier version nothing more is made than its schema: the program of today can't fill it.
        drop(Store::open_with(&good, &MIGRATIONS[..schema]));
        drop(Store::open(&place.file("onrecord.db")).unwrap());
        let before = std::fs::read(place.file("onrecord.db")).unwrap();
        for sql in PLANTED.iter().filter(|sql| schema > 3 || !sql.contains("suggestion")) {
            std::fs::copy(&good, &bad).unwrap();
            Connection::open(&bad).unwrap().execute_batch(sql).unwrap();
            let refused = restore(&bad, &place.file("onrecord.db"), now()).unwrap_err();
            assert!(matches!(refused, BackupError::Open(_)), "{schema}: {sql}: {refused}");
            let said = refused.to_string();
            assert!(said.contains("is not built as this program builds it"), "{schema}: {sql}: {said}");
            assert_eq!(std::fs::read(place.file("onrecord.db")).unwrap(), before, "{schema}: {sql}");
            let left = ["unfinished", "replaced"];
            assert!(!place.names().iter().any(|name| left.iter().any(|left| name.contains(left))), "{sql}");
        }
        restore(&good, &place.file("onrecord.db"), now()).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_put_aside_for_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    done(folder.path(), &["backup", "safe.db"]);
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("papers")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    for name in ["papers", "pipe"] {
        let output =
            program(folder.path()).env("ONRECORD_DATABASE", name).args(["restore", "safe.db"]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && said.contains("is no database of this program"), "{name}: {said}");
        assert!(!std::fs::symlink_metadata(at(name)).unwrap().is_file(), "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_backup_is_said_of_the_backup() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    std::fs::write(folder.path().join("pack.toml"), "[[entity]]\n".repeat(500)).unwrap();
    let output = program(folder.path()).args(["restore", "pack.toml"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("pack.toml is no backup of this program"), "{said}");
    assert!(said.contains("nothing was changed") && !said.contains("ONRECORD_DATABASE"), "{said}");
}
