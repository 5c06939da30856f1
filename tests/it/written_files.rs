//! Files that the program writes: what is there stays unless it is asked for, what it lives on stays whatever is asked,
//! and what holds people's ids is for its owner.

use std::{
    collections::BTreeMap,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Output,
};

use onrecord::store::{MIGRATIONS, Store};

use super::console::{begin, done, program};

const HARBOUR: &str = include_str!("../fixtures/harbour.toml");

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).concat()
}

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("harbour.toml"), HARBOUR).unwrap();
    begin(folder.path());
    done(folder.path(), &["import", "harbour.toml", "--reviewed-by", "ana"]);
    folder
}

/// The commands that write a file that is named.
const WRITING: [&[&str]; 3] = [&["export", "FILE"], &["export", "--csv", "FILE"], &["changes", "export", "FILE"]];

fn arguments<'a>(command: &[&'a str], file: &'a str, force: bool) -> Vec<&'a str> {
    let mut arguments: Vec<&str> = command.iter().map(|&word| if word == "FILE" { file } else { word }).collect();
    if force {
        arguments.insert(command.iter().position(|&word| word == "FILE").unwrap(), "--force");
    }
    arguments
}

/// The files of a folder and of those in it, with their bytes; but for those that SQLite has beside an open database.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let of_sqlite = path.to_string_lossy().ends_with("-wal") || path.to_string_lossy().ends_with("-shm");
            if path.is_dir() {
                waiting.push(path);
            } else if !of_sqlite {
                found.insert(path.clone(), std::fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_file_that_is_there_is_replaced_only_on_demand() {
    let folder = prepared();
    for command in WRITING {
        let file = folder.path().join("notes.txt");
        std::fs::write(&file, "mine").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
        let output = program(folder.path()).args(arguments(command, "notes.txt", false)).output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {text}");
        assert!(text.contains("notes.txt is there already; nothing was written") && text.contains("--force"), "{text}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine", "{command:?}");
        done(folder.path(), &arguments(command, "notes.txt", true));
        assert_ne!(std::fs::read_to_string(&file).unwrap(), "mine", "{command:?}");
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        let of_people = command[0] == "changes";
        assert_eq!(mode, if of_people { 0o600 } else { 0o640 }, "{command:?}");
        // A link is followed, and what it leads to is replaced, on demand.
        std::fs::write(&file, "mine").unwrap();
        let _ = symlink("notes.txt", folder.path().join("link"));
        let output = program(folder.path()).args(arguments(command, "link", false)).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{command:?}: {}", said(&output));
        done(folder.path(), &arguments(command, "link", true));
        assert_ne!(std::fs::read_to_string(&file).unwrap(), "mine", "{command:?}");
        assert!(std::fs::symlink_metadata(folder.path().join("link")).unwrap().is_symlink());
    }
    assert!(!contents(folder.path()).keys().any(|path| path.to_string_lossy().contains("unfinished")));
}

#[test]
fn what_the_program_lives_on_is_never_written_over_by_whatever_name() {
    let folder = prepared();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at(".env"), "ONRECORD_BACKUPS=kept\nONRECORD_HISTORY=typed\n").unwrap();
    for name in [
        "onrecord.db.matrix/store/keys.sqlite3",
        "onrecord.db.schema-4.backup",
        "onrecord.db.replaced-20261124T120000Z",
        "onrecord.db.replaced-20261124T120000Z-wal",
        "onrecord.db.anchors/20261124T120000Z.tsr",
        "kept/onrecord-20261124T120000Z.db",
        "typed",
    ] {
        std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        std::fs::write(at(name), name).unwrap();
    }
    std::fs::create_dir(at("sub")).unwrap();
    symlink("onrecord.db", at("link-to-database")).unwrap();
    symlink("onrecord.db.index", at("link-to-index")).unwrap();
    symlink("nothing", at("link-to-nothing")).unwrap();
    std::fs::hard_link(at("onrecord.db"), at("second-name")).unwrap();
    std::fs::hard_link(at("onrecord.db.matrix/store/keys.sqlite3"), at("second-key")).unwrap();
    let absolute = at("onrecord.db");
    let fifo = std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(fifo.success());
    let before = || {
        let mut before = contents_but(folder.path(), "pipe");
        before.remove(&at("link-to-nothing"));
        before
    };
    let was = before();
    let targets = [
        "onrecord.db",
        "sub/../onrecord.db",
        "link-to-database",
        "second-name",
        absolute.to_str().unwrap(),
        "onrecord.db-wal",
        "onrecord.db-shm",
        "onrecord.db.index/onrecord-index",
        "link-to-index/new",
        "onrecord.db.matrix/new",
        "onrecord.db.matrix/store/keys.sqlite3",
        "second-key",
        "onrecord.db.schema-4.backup",
        "onrecord.db.replaced-20261124T120000Z",
        "onrecord.db.replaced-20261124T120000Z-wal",
        "onrecord.db.anchors/20261124T120000Z.tsr",
        "onrecord.db.anchors/new.txt",
        "kept/onrecord-20261124T120000Z.db",
        "typed",
        ".env",
        "sub/../.env",
        "link-to-nothing",
        "pipe",
        "sub",
    ];
    for command in WRITING {
        for target in targets {
            let output = program(folder.path()).args(arguments(command, target, true)).output().unwrap();
            let text = said(&output);
            assert_eq!(output.status.code(), Some(2), "{command:?} {target}: {text}");
            assert!(text.contains("nothing was written"), "{command:?} {target}: {text}");
            assert!(before() == was, "{command:?} {target}: something changed");
        }
    }
    // A backup replaces an earlier backup, and none of these.
    for target in targets {
        let output = program(folder.path()).args(["backup", target]).output().unwrap();
        assert!(matches!(output.status.code(), Some(2 | 3)), "{target}: {}", said(&output));
        assert!(before() == was, "backup {target}: something changed");
    }
    done(folder.path(), &["backup", "safe.db"]);
    done(folder.path(), &["backup", "safe.db"]);
    // Another database, in use, is no backup.
    std::fs::copy(at("safe.db"), at("other.db")).unwrap();
    std::fs::write(at("other.db-wal"), "").unwrap();
    let output = program(folder.path()).args(["backup", "other.db"]).output().unwrap();
    assert!(output.status.code() == Some(3) && said(&output).contains("in use"), "{}", said(&output));
}

/// As [`contents`], without what would be waited for.
fn contents_but(folder: &Path, pipe: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let aside = tempfile::tempdir_in(folder.parent().unwrap()).unwrap();
    let (from, to) = (folder.join(pipe), aside.path().join(pipe));
    std::fs::rename(&from, &to).unwrap();
    let link = folder.join("link-to-nothing");
    std::fs::write(folder.join("nothing"), "").unwrap();
    let found = contents(folder);
    std::fs::remove_file(folder.join("nothing")).unwrap();
    assert!(std::fs::symlink_metadata(link).unwrap().is_symlink());
    std::fs::rename(&to, &from).unwrap();
    found
}

#[test]
fn what_was_planted_at_a_name_for_the_time_being_is_not_followed() {
    let folder = prepared();
    let elsewhere = tempfile::tempdir().unwrap();
    let victim = elsewhere.path().join("victim");
    std::fs::write(&victim, "mine").unwrap();
    for name in ["all.toml", "trail.jsonl", "safe.db"] {
        symlink(&victim, folder.path().join(format!("{name}.unfinished"))).unwrap();
    }
    symlink(&victim, folder.path().join(".onrecord-abcdefABCDEF.unfinished")).unwrap();
    done(folder.path(), &["export", "all.toml"]);
    done(folder.path(), &["changes", "export", "trail.jsonl"]);
    done(folder.path(), &["backup", "safe.db"]);
    done(folder.path(), &["restore", "safe.db"]);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "mine");
}

/// Those of a folder's files that others than the owner may read, or look into.
fn open_to_others(folder: &Path) -> Vec<String> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        if entry.metadata().unwrap().permissions().mode() & 0o077 != 0 {
            open.push(entry.file_name().into_string().unwrap());
        }
    }
    open.sort();
    open
}

/// The program under the umask that most have.
fn with_umask(folder: &Path, arguments: &[&str]) -> Output {
    let of = program(folder);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "umask 022; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_onrecord")]).args(arguments);
    command.current_dir(folder).env_clear();
    for (name, value) in of.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.output().unwrap()
}

#[test]
fn what_holds_people_s_ids_is_for_its_owner_and_what_is_published_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = with_umask(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        said(&output)
    };
    std::fs::write(folder.path().join("harbour.toml"), HARBOUR).unwrap();
    run(&["version"]);
    run(&["import", "harbour.toml", "--reviewed-by", "ana"]);
    // While it is open its log is there, too.
    let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
    store
        .keep_dialogue("c", Some("{}".to_owned()), "terminal:ana".parse().unwrap(), 5, jiff::Timestamp::now())
        .unwrap();
    assert!(folder.path().join("onrecord.db-wal").exists());
    assert_eq!(open_to_others(folder.path()), ["harbour.toml"]);
    drop(store);
    for arguments in [
        &["backup", "safe.db"][..],
        &["changes", "export", "trail.jsonl"],
        &["restore", "safe.db"],
        &["export", "all.toml"],
        &["export", "--csv", "all.csv"],
    ] {
        run(arguments);
    }
    assert_eq!(open_to_others(folder.path()), ["all.csv", "all.toml", "harbour.toml"]);
    let read = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((read("all.toml"), read("onrecord.db.index")), (0o644, 0o700));
    // What stands open from before is pointed out, with what to do, where others get as far as there.
    std::fs::set_permissions(folder.path().join("onrecord.db"), PermissionsExt::from_mode(0o644)).unwrap();
    let chmod = "run chmod o= onrecord.db";
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).unwrap();
    assert!(!run(&["verify"]).contains(chmod), "the folder is its owner's");
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    assert!(run(&["verify"]).contains(chmod));
}

#[test]
fn a_copy_before_an_upgrade_is_for_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open_with(&path, &MIGRATIONS[..4]));
    let early = include_str!("../fixtures/upgrades/schema-4.sql");
    rusqlite::Connection::open(&path).unwrap().execute_batch(early).unwrap();
    let output = with_umask(folder.path(), &["version"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let copy = folder.path().join("onrecord.db.schema-4.backup");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn copies_that_the_program_left_are_named_and_go_on_demand() {
    let folder = prepared();
    let list = |arguments: &[&str]| program(folder.path()).args(arguments).output().unwrap();
    assert_eq!(list(&["leftovers"]).status.code(), Some(1));
    done(folder.path(), &["backup", "safe.db"]);
    done(folder.path(), &["restore", "safe.db"]);
    let mine = ["onrecord.db.replaced-by-me", "onrecord.db.replaced-20261124T120000Z.txt", "other.db.schema-4.backup"];
    for name in mine {
        std::fs::write(folder.path().join(name), "mine").unwrap();
    }
    // Named like one of ours, and isn't.
    std::fs::write(folder.path().join("onrecord.db.schema-4.backup"), "mine").unwrap();
    let verified = done(folder.path(), &["verify"]);
    assert!(verified.contains("2 copies lie") && verified.contains("onrecord leftovers lists"), "{verified}");
    let listed = done(folder.path(), &["leftovers"]);
    assert!(listed.contains("from today): what a restore put aside") && listed.contains("--remove"), "{listed}");
    let removed = list(&["leftovers", "--remove"]);
    let text = said(&removed);
    assert_eq!(removed.status.code(), Some(3), "{text}");
    assert!(
        text.contains("Removed: onrecord.db.replaced-") && text.contains("Kept: onrecord.db.schema-4.backup"),
        "{text}"
    );
    for name in mine.into_iter().chain(["onrecord.db.schema-4.backup"]) {
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), "mine", "{name}");
    }
    let names = || std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert!(!names().any(|name| name.starts_with("onrecord.db.replaced-2") && !name.ends_with(".txt")));
}

#[test]
fn a_restore_over_a_link_replaces_what_it_leads_to() {
    let folder = prepared();
    let disk = tempfile::tempdir().unwrap();
    let (link, real) = (folder.path().join("onrecord.db"), disk.path().join("records.db"));
    done(folder.path(), &["backup", "safe.db"]);
    std::fs::rename(&link, &real).unwrap();
    symlink(&real, &link).unwrap();
    done(folder.path(), &["import", "harbour.toml", "--reviewed-by", "ana", "--by", "bo"]);
    std::fs::write(folder.path().join("tea.toml"), "[[entity]]\nkey = \"tea\"\nkind = \"topic\"\nname = \"Tea\"\n")
        .unwrap();
    done(folder.path(), &["import", "tea.toml", "--reviewed-by", "ana"]);
    done(folder.path(), &["restore", "safe.db"]);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink(), "the link is a file by now");
    assert!(done(folder.path(), &["verify"]).contains("1 approved change"));
    let aside = std::fs::read_dir(&disk)
        .unwrap()
        .filter(|it| it.as_ref().unwrap().file_name().to_str().unwrap().contains("replaced"));
    assert_eq!(aside.count(), 1, "what stood there is kept beside it");
}

#[test]
fn what_a_killed_backup_left_goes_with_the_next() {
    let folder = prepared();
    for name in [".onrecord-abcdefABCDEF.unfinished", ".onrecord-abcdefABCDEF.unfinished-wal"] {
        std::fs::write(folder.path().join(name), "half").unwrap();
    }
    done(folder.path(), &["backup", "safe.db"]);
    let names = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.contains("unfinished")).count(), 0);
}

#[test]
fn a_log_whose_database_was_gone_is_a_leftover_of_the_restore() {
    let folder = prepared();
    done(folder.path(), &["backup", "safe.db"]);
    std::fs::write(folder.path().join("onrecord.db-wal"), "of a database that is gone").unwrap();
    std::fs::remove_file(folder.path().join("onrecord.db")).unwrap();
    done(folder.path(), &["restore", "safe.db"]);
    let logs = || {
        let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().contains(".replaced-")).count()
    };
    assert!(logs() > 0);
    assert!(done(folder.path(), &["leftovers"]).contains("what a restore put aside"));
    done(folder.path(), &["leftovers", "--remove"]);
    assert_eq!(logs(), 0);
}
