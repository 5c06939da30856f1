//! The folder of the index: nothing of anyone else's is touched in it, and several processes use it beside each other.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::Output,
    time::{Duration, Instant},
};

use super::console::{Console, begin, done, program};

const HARBOUR: &str = include_str!("../fixtures/harbour.toml");

/// Every file below a folder, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.clone(), std::fs::read(path).unwrap());
            }
        }
    }
    found
}

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

/// A pack with one statement that has this word.
fn pack(folder: &Path, word: &str) -> String {
    let name = format!("{word}.toml");
    let text = format!(
        "[[entity]]\nkey = \"speaker-{word}\"\nkind = \"organisation\"\nname = \"Speaker {word}\"\n\
         [[source]]\nkey = \"source-{word}\"\nkind = \"report\"\ntitle = \"A page\"\nurl = \"https://example.org/{word}\"\n\
         publisher = \"speaker-{word}\"\nlanguage = \"en\"\nseen = \"full\"\naccessed = \"2026-01-01\"\n\
         [[statement]]\nkey = \"statement-{word}\"\nspeaker = \"speaker-{word}\"\ntext = \"It was said that {word} was seen.\"\n\
         citations = [{{ source = \"source-{word}\", role = \"original\" }}]\n"
    );
    std::fs::write(folder.join(&name), text).unwrap();
    name
}

#[test]
fn a_folder_that_holds_anything_else_is_refused_and_nothing_in_it_is_touched() {
    let folder = prepared();
    let at = |name: &str| folder.path().join(name);
    for (name, text) in [
        ("photos/pier.jpg", "a photo"),
        ("onrecord.db.matrix/store.key", "the key"),
        ("backups/onrecord-20261101T000000Z.db", "a backup"),
        ("elsewhere/5-1/photo.jpg", "a photo in a folder that is named like an index"),
        ("elsewhere/5-2/meta.json", "something of that name"),
        ("letters/2026-11/letter.txt", "a letter"),
        ("months/2023-10/meta.json", "of another program"),
        ("numbers/3-1/meta.json", "of another program"),
    ] {
        std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        std::fs::write(at(name), text).unwrap();
    }
    let before = contents(folder.path());
    for (index, found) in [
        (".", "the database"),
        ("photos", "pier.jpg"),
        ("elsewhere", "5-"),
        ("letters", "2026-11"),
        ("months", "2023-10"),
        ("numbers", "3-1"),
        ("backups", "onrecord-"),
    ] {
        let new = pack(folder.path(), "zyxomma");
        for arguments in [&["source", "harbour"][..], &["reindex"], &["import", &new, "--reviewed-by", "ana"]] {
            let output = program(folder.path()).env("ONRECORD_INDEX", index).args(arguments).output().unwrap();
            let said = said(&output);
            assert_eq!(output.status.code(), Some(3), "{index}: {arguments:?}: {said}");
            assert!(
                said.contains("can't be the folder of the search index") && said.contains(found),
                "{index}: {arguments:?}: {said}"
            );
        }
        std::fs::remove_file(at(&new)).unwrap();
        let mut after = contents(folder.path());
        // Being looked at, a database has its log's files beside it for a moment.
        after.retain(|path, _| before.contains_key(path) || !path.to_string_lossy().contains("onrecord.db-"));
        assert!(after == before, "{index}: {:?}", after.keys());
    }
    let output = program(folder.path()).env("ONRECORD_INDEX", "harbour.toml").args(["reindex"]).output().unwrap();
    assert!(output.status.code() == Some(3) && said(&output).contains("is no folder"), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(at("harbour.toml")).unwrap(), HARBOUR);
    let trail = done(folder.path(), &["changes", "export"]);
    let changes = trail.lines().filter(|line| line.contains("\"id\":\"C")).count();
    assert_eq!(changes, 1, "an import was taken in all the same");
}

#[test]
fn in_its_own_folder_only_what_it_made_goes() {
    let folder = prepared();
    let index = folder.path().join("onrecord.db.index");
    let generation = |folder: &Path| -> PathBuf {
        let of = |path: &PathBuf| {
            path.file_name().unwrap().to_str().unwrap().split('-').all(|part| part.parse::<u32>().is_ok())
        };
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).filter(of).collect();
        found.sort();
        found.pop().unwrap()
    };
    let first = generation(&index);
    let format = first.file_name().unwrap().to_str().unwrap().split('-').next().unwrap().to_owned();
    // Of before there were markers.
    std::fs::remove_file(index.join("onrecord-index")).unwrap();
    std::fs::remove_file(first.join("in-use")).unwrap();
    // Of an earlier format, as tantivy made it; and one that was cut short.
    let segment = "0123456789abcdef0123456789abcdef.store";
    for name in ["1-7".to_owned(), format!("{format}-90.unfinished")] {
        std::fs::create_dir(index.join(&name)).unwrap();
        std::fs::write(index.join(&name).join("meta.json"), "{\"segments\":[]}").unwrap();
        std::fs::write(index.join(&name).join(segment), "words").unwrap();
    }
    done(folder.path(), &["source", "harbour"]);
    assert!(index.join("onrecord-index").is_file(), "the folder is marked by now");
    let mine = ["photos/pier.jpg", "1-8/photo.jpg", "notes.txt", &format!("{format}-1.old/meta.json")]
        .map(|name| index.join(name));
    for file in &mine {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "mine").unwrap();
    }
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), index.join("1-9")).unwrap();
    std::fs::create_dir(folder.path().join("elsewhere")).unwrap();
    std::fs::write(folder.path().join("elsewhere/meta.json"), "mine").unwrap();
    for _ in 0..2 {
        done(folder.path(), &["reindex"]);
    }
    assert!(mine.iter().all(|file| std::fs::read_to_string(file).unwrap() == "mine"), "{:?}", contents(&index).keys());
    assert_eq!(std::fs::read_to_string(folder.path().join("elsewhere/meta.json")).unwrap(), "mine");
    assert!(!index.join("1-7").exists() && !first.exists() && !index.join(format!("{format}-90.unfinished")).exists());
    assert!(done(folder.path(), &["source", "harbour"]).contains("Harbour"));
}

#[test]
fn an_index_built_anew_beside_an_open_console_is_gone_on_to() {
    let folder = prepared();
    let mut console = Console::start(folder.path());
    let before = console.ask("source harbour");
    assert_eq!(before["outcome"], "answered");
    for word in ["one", "two", "three"] {
        let word = format!("zyxomma{word}");
        done(folder.path(), &["reindex"]);
        let again = console.ask("source harbour");
        let found = |reply: &serde_json::Value| reply["records"].as_array().unwrap().len();
        assert_eq!(found(&again), found(&before), "{word}");
        done(folder.path(), &["import", &pack(folder.path(), &word), "--reviewed-by", "ana"]);
        assert_eq!(console.ask(&format!("source {word}"))["outcome"], "answered", "{word}");
    }
    console.end();
    done(folder.path(), &["reindex"]);
    let index = folder.path().join("onrecord.db.index");
    let metas = contents(&index).into_keys().filter(|path| path.ends_with("meta.json")).count();
    assert_eq!(metas, 1, "what nobody uses any more goes");
}

#[test]
fn what_was_imported_before_the_files_were_refused_is_not_denied() {
    let folder = tempfile::tempdir().unwrap();
    let bad = "[[statement]]\nkey = \"one\"\nspeaker = \"nobody-on-record\"\ntext = \"It was said.\"\ncitations = [{ source = \"none-on-record\", role = \"original\" }]\n";
    std::fs::write(folder.path().join("bad.toml"), bad).unwrap();
    begin(folder.path());
    let output =
        program(folder.path()).args(["import", "--shipped", "bad.toml", "--reviewed-by", "ana"]).output().unwrap();
    let text = said(&output);
    assert!(matches!(output.status.code(), Some(2 | 3)), "{text}");
    assert!(text.contains("Imported as C1") && text.contains("what is said above is done"), "{text}");
    assert!(!text.contains("onrecord: nothing was imported"), "{text}");
    assert!(done(folder.path(), &["source", "sydney"]).contains("Sydney"));
}

/// Holds the right to write the index, as a process does that builds it.
fn held(folder: &Path) -> File {
    let marker = OpenOptions::new().write(true).open(folder.join("onrecord.db.index/onrecord-index")).unwrap();
    marker.lock().unwrap();
    marker
}

#[test]
fn what_was_committed_ends_well_and_is_said_where_the_index_can_not_follow() {
    let folder = prepared();
    let held = held(folder.path());
    let word = "zyxomma";
    let begun = Instant::now();
    let output =
        program(folder.path()).args(["import", &pack(folder.path(), word), "--reviewed-by", "ana"]).output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Imported as C2: 3 new.") && text.contains("is on record, but can't be found yet"), "{text}");
    assert!(text.contains("another process is writing the search index"), "{text}");
    // A question is answered from what the index held before, and says so.
    let text = done(folder.path(), &["source", "harbour"]);
    assert!(text.contains("Harbour") && text.contains("another process is writing the search index"), "{text}");
    assert!(begun.elapsed() < Duration::from_secs(60), "it was waited for too long");
    drop(held);
    assert!(done(folder.path(), &["source", word]).contains(word));
}

#[test]
fn many_processes_beside_each_other_all_end_as_they_should() {
    let folder = prepared();
    let path = folder.path();
    let packs: Vec<(String, String)> = (0..12)
        .map(|number| {
            let word = format!("zyxomma{number}");
            (pack(path, &word), word)
        })
        .collect();
    let mut console = Console::start(path);
    let wrong: Vec<String> = std::thread::scope(|threads| {
        let check = |arguments: &[&str]| {
            let output = program(path).args(arguments).output().unwrap();
            (output.status.code() != Some(0)).then(|| format!("{arguments:?}: {}", said(&output)))
        };
        let mut running = Vec::new();
        for _ in 0..2 {
            running.push(threads.spawn(move || (0..12).filter_map(|_| check(&["reindex"])).collect::<Vec<_>>()));
        }
        for half in packs.chunks(6) {
            running.push(threads.spawn(move || {
                half.iter().filter_map(|(file, _)| check(&["import", file, "--reviewed-by", "ana"])).collect()
            }));
        }
        for _ in 0..3 {
            running.push(threads.spawn(move || (0..20).filter_map(|_| check(&["source", "harbour"])).collect()));
        }
        while running.iter().any(|thread| !thread.is_finished()) {
            let reply = console.ask("source harbour");
            assert_eq!(reply["outcome"], "answered", "{reply}");
        }
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of 96 calls: {}", wrong.len(), wrong.join("\n"));
    for (_, word) in &packs {
        assert_eq!(console.ask(&format!("source {word}"))["outcome"], "answered", "{word}");
        assert!(done(path, &["source", word]).contains(word.as_str()));
    }
    console.end();
    assert!(done(path, &["verify"]).contains("The history holds: 13 approved changes"));
}
