//! Databases that aren't there, are taken away while the program has them open, or are another's: nothing is begun, kept
//! or said that isn't so.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use onrecord::store::{Condition, Failure, LogKeeper, MIGRATIONS, OpenError, Store};

use super::{
    console::{Console, begin, done, program},
    support::{attribution, read},
};

const PACK: &str = "[[entity]]\nkey = \"tea\"\nkind = \"topic\"\nname = \"Tea\"\n";

/// What a command ends with, and what it says.
fn ran(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = program(folder).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    (output.status.code().unwrap(), said)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn only_a_question_and_the_console_begin_a_database_and_they_say_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pack.toml"), PACK).unwrap();
    for arguments in [
        &["verify"][..],
        &["export"],
        &["export", "--csv"],
        &["changes", "export"],
        &["reindex"],
        &["backup", "safe.db"],
        &["import", "pack.toml", "--reviewed-by", "ana"],
        &["import", "pack.toml", "--dry-run"],
        &["import", "pack.toml", "--propose"],
        &["names", "suggest", "pack.toml"],
        &["names", "suggest", "pack.toml", "--dry-run"],
    ] {
        let (code, said) = ran(folder.path(), arguments);
        assert_eq!(code, 3, "{arguments:?}: {said}");
        assert!(said.starts_with("onrecord: ") && said.contains("there is no database at onrecord.db"), "{said}");
        assert_eq!(
            said.lines().filter(|line| !line.is_empty()).count(),
            1 + usize::from(said.contains(":\n")),
            "{said}"
        );
        assert_eq!(names(folder.path()), ["pack.toml"], "{arguments:?}");
    }
    // What a first start leaves that was cut short is as good as nothing.
    std::fs::write(folder.path().join("onrecord.db"), "").unwrap();
    assert_eq!(ran(folder.path(), &["verify"]).0, 3);
    std::fs::remove_file(folder.path().join("onrecord.db")).unwrap();
    let (code, said) = ran(folder.path(), &["topics"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("onrecord: began a new database at onrecord.db, an empty one\n"), "{said}");
    assert!(!ran(folder.path(), &["topics"]).1.contains("began"));
    assert!(done(folder.path(), &["import", "pack.toml", "--reviewed-by", "ana"]).contains("Imported as C1"));
    let mut shipped = program(folder.path());
    shipped.env("ONRECORD_DATABASE", "other.db").env_remove("ONRECORD_SHIPPED_DATA").arg("version");
    let said = String::from_utf8(shipped.output().unwrap().stderr).unwrap();
    assert_eq!(said, "onrecord: began a new database at other.db, with the entries that the program carries\n");
}

#[test]
fn no_database_is_begun_where_something_shows_that_there_was_one() {
    let keys = |folder: &Path| {
        std::fs::create_dir_all(folder.join("onrecord.db.matrix/store")).unwrap();
        std::fs::write(folder.join("onrecord.db.matrix/store/matrix-sdk-state.sqlite3"), "keys").unwrap();
    };
    let log = |folder: &Path| std::fs::write(folder.join("onrecord.db-wal"), "what was not folded in").unwrap();
    let replica = |folder: &Path| std::fs::create_dir(folder.join(".onrecord.db-litestream")).unwrap();
    let index = |folder: &Path| {
        begin(folder);
        std::fs::remove_file(folder.join("onrecord.db")).unwrap();
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("onrecord.db{suffix}")));
        }
    };
    for (sign, leave) in [
        ("onrecord.db.index", &index as &dyn Fn(&Path)),
        ("onrecord.db.matrix", &keys),
        ("onrecord.db-wal", &log),
        (".onrecord.db-litestream", &replica),
    ] {
        let folder = tempfile::tempdir().unwrap();
        leave(folder.path());
        let before = names(folder.path());
        for arguments in [&["topics"][..], &["--json"]] {
            let (code, said) = ran(folder.path(), arguments);
            assert_eq!(code, 3, "{sign}: {said}");
            assert!(
                said.contains(&format!("there is no database at onrecord.db, but {sign} shows that there was one"))
            );
            assert!(said.contains("onrecord restore FILE") && said.contains(&format!("move {sign} away first")));
        }
        assert_eq!(names(folder.path()), before, "{sign}");
        std::fs::rename(folder.path().join(sign), folder.path().join("away")).unwrap();
        begin(folder.path());
    }
    // The keys may be kept elsewhere.
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("keys/store/x")).unwrap();
    let mut asked = program(folder.path());
    asked.env("MATRIX_HOMESERVER", "http://127.0.0.1:1").env("MATRIX_USER", "@bot:example.org");
    let output = asked.env("ONRECORD_MATRIX_STORE", "keys").arg("topics").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("but keys shows that there was one"), "{said}");
    assert_eq!(names(folder.path()), ["keys"]);
}

#[test]
fn the_schema_is_not_changed_under_a_bot_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open_with(&path, &MIGRATIONS[..MIGRATIONS.len() - 1]).unwrap());
    let bot = LogKeeper::take(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open(&path), Err(OpenError::Kept { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(!names(folder.path()).iter().any(|name| name.contains("schema")), "a copy was made");
    drop(bot);
    drop(Store::open(&path).unwrap());
}

/// What is done to the files of a database under a console that has it open.
fn displace(folder: &Path, how: &str) {
    let database = folder.join("onrecord.db");
    match how {
        "deleted" => std::fs::remove_file(&database).unwrap(),
        "moved" => std::fs::rename(&database, folder.join("away")).unwrap(),
        "replaced" => std::fs::rename(folder.join("other.db"), &database).unwrap(),
        "without its log" => std::fs::remove_file(folder.join("onrecord.db-wal")).unwrap(),
        _ => std::fs::remove_file(folder.join("onrecord.db-shm")).unwrap(),
    }
}

#[test]
fn what_can_not_be_found_again_is_not_acknowledged() {
    for how in ["deleted", "moved", "replaced", "without its log", "without the log's index"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pack.toml"), PACK).unwrap();
        begin(folder.path());
        done(folder.path(), &["import", "pack.toml", "--reviewed-by", "ana"]);
        done(folder.path(), &["backup", "other.db"]);
        let mut console = Console::start(folder.path());
        console.done("role discord:1 contributor");
        displace(folder.path(), how);
        let refused = console.ask("role discord:2 contributor");
        let said = refused.to_string();
        assert_eq!(refused["outcome"], "failed", "{how}: {said}");
        assert!(said.contains("moved, deleted or replaced") && said.contains("onrecord restore FILE"), "{how}: {said}");
        // Questions are answered from what is open, and an admin is told.
        console.done("about tea");
        let status = console.ask("status").to_string();
        assert!(status.contains("NOT possible"), "{how}: {status}");
        if how == "moved" {
            std::fs::rename(folder.path().join("away"), folder.path().join("onrecord.db")).unwrap();
            console.done("role discord:2 contributor");
            assert!(console.ask("status").to_string().contains("possible"));
        } else if how == "deleted" {
            let begun = ran(folder.path(), &["topics"]);
            assert_eq!(begun.0, 3, "{}", begun.1);
        }
        console.end();
    }
}

#[test]
fn a_backup_is_of_what_is_open_or_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    let store = Store::open(&path).unwrap();
    onrecord::import_export::import(&store, &read(PACK), attribution()).unwrap();
    assert_eq!(store.condition(), Condition::Sound);
    drop(Store::open(&folder.path().join("other.db")).unwrap());
    std::fs::rename(folder.path().join("other.db"), &path).unwrap();
    assert!(store.back_up(&folder.path().join("safe.db")).is_err());
    assert!(!folder.path().join("safe.db").exists());
    assert!(matches!(store.try_writer(), Err(Failure::Displaced(_))));
    assert!(matches!(store.condition(), Condition::Displaced(_)));
    assert!(matches!(store.reader().unwrap().verify(), Err(Failure::Displaced(_))));
}

#[test]
fn a_second_bot_on_one_database_is_refused_in_words_until_the_first_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    let first = LogKeeper::take(&path).unwrap();
    assert!(first.is_some());
    let store = Store::open_as_keeper(&path, first).unwrap();
    let refused = LogKeeper::take(&path).unwrap_err();
    assert!(matches!(refused, OpenError::Kept { .. }));
    assert!(refused.to_string().contains("a bot runs on") && refused.to_string().contains("stop it first"));
    // The console and whoever asks may; to put a backup in its place nobody may.
    onrecord::import_export::import(&store, &read(PACK), attribution()).unwrap();
    done(folder.path(), &["about", "tea"]);
    done(folder.path(), &["role", "discord:1", "contributor"]);
    done(folder.path(), &["backup", "safe.db"]);
    let (code, said) = ran(folder.path(), &["restore", "safe.db"]);
    assert!(code == 3 && said.contains("onrecord.db is in use; stop the bot"), "{said}");
    drop(store);
    assert!(LogKeeper::take(&path).unwrap().is_some());
    done(folder.path(), &["restore", "safe.db"]);
}

/// Puts a backup in the database's place under the user of this number, where the tests run as root.
fn owner_and_mode(file: &Path) -> (u32, u32, u32) {
    let found = std::fs::metadata(file).unwrap();
    (found.uid(), found.gid(), found.mode() & 0o777)
}

#[test]
fn a_restored_file_is_its_owner_s_and_can_be_written_while_someone_reads() {
    use std::os::unix::fs::{PermissionsExt, chown};
    const SERVICE: u32 = 4_321;
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("onrecord.db");
    begin(folder.path());
    done(folder.path(), &["backup", "safe.db"]);
    let is_root = owner_and_mode(&database).0 == 0;
    // As the console leaves it, which has the file open when it first writes.
    let writes = || {
        let mut console = Console::start(folder.path());
        assert_eq!(console.ask("topics")["outcome"], "nothing_found");
        console.done("role discord:1 contributor");
        console.end();
    };
    done(folder.path(), &["restore", "safe.db"]);
    writes();
    // By hand it comes into its place as it is, not yet written through a log.
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("onrecord.db{suffix}")));
    }
    std::fs::copy(folder.path().join("safe.db"), &database).unwrap();
    writes();
    std::fs::set_permissions(&database, PermissionsExt::from_mode(0o640)).unwrap();
    if is_root {
        chown(&database, Some(SERVICE), Some(SERVICE)).unwrap();
    }
    let before = owner_and_mode(&database);
    done(folder.path(), &["restore", "safe.db"]);
    assert_eq!(owner_and_mode(&database), before);
    // Where none stood it is private, and where root restores, the folder's owner's; so is one that root begins.
    if is_root {
        chown(folder.path(), Some(SERVICE), Some(SERVICE)).unwrap();
    }
    let owner = if is_root { (SERVICE, SERVICE, 0o600) } else { (before.0, before.1, 0o600) };
    for (name, arguments) in [("new.db", &["restore", "safe.db"][..]), ("begun.db", &["topics"])] {
        let mut command = program(folder.path());
        command.env("ONRECORD_DATABASE", name).args(arguments).output().unwrap();
        let made = |suffix: &str| -> PathBuf { folder.path().join(format!("{name}{suffix}")) };
        assert_eq!(owner_and_mode(&made("")), owner, "{name}");
        assert_eq!(owner_and_mode(&made(".lock")), owner, "{name}.lock");
    }
}
