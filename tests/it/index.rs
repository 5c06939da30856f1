//! The index: thrown away, damaged, of another database, rebuilt while it answers.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use onrecord::{app::App, import_export::import, reply::Outcome, store::Store};
use tempfile::TempDir;

use super::{
    editorial::{decide, say, town},
    rendered::rendered,
    support::{attribution, config, read, request},
};

/// How many of the shipped statements concern Sydney.
const ON_SYDNEY: usize = 10;

fn sydney(app: &App) -> usize {
    app.desk.answer(&request("source sydney")).records.len()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

fn filled() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(sydney(&App::open(&config(&folder, true)).unwrap()), ON_SYDNEY);
    folder
}

#[test]
fn an_index_that_is_gone_is_built_anew() {
    let folder = filled();
    std::fs::remove_dir_all(folder.path().join("onrecord.db.index")).unwrap();
    assert_eq!(sydney(&App::open(&config(&folder, true)).unwrap()), ON_SYDNEY);
}

#[test]
fn an_index_with_any_file_damaged_or_gone_is_built_anew() {
    let folder = filled();
    let count = files(&folder.path().join("onrecord.db.index")).len();
    for number in 0..count {
        for damage in ["flipped", "cut", "gone"] {
            let all = files(&folder.path().join("onrecord.db.index"));
            let Some(file) = all.get(number) else { continue };
            let mut bytes = std::fs::read(file).unwrap();
            match damage {
                "gone" => std::fs::remove_file(file).unwrap(),
                "cut" => std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap(),
                _ => {
                    if let Some(byte) = bytes.get_mut(3) {
                        *byte ^= 0x55;
                    }
                    std::fs::write(file, bytes).unwrap();
                }
            }
            let app = App::open(&config(&folder, true)).unwrap();
            assert_eq!(sydney(&app), ON_SYDNEY, "{damage}: {}", file.display());
        }
    }
}

#[test]
fn an_index_of_another_database_is_not_believed() {
    let folder = filled();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.path().join(format!("onrecord.db{suffix}")));
    }
    drop(Store::open(&folder.path().join("onrecord.db")).unwrap());
    let app = App::open(&config(&folder, false)).unwrap();
    assert_eq!(sydney(&app), 0);
    let pack = "[[entity]]\nkey = \"a\"\nkind = \"topic\"\nname = \"Alone\"\n";
    import(&app.store, &read(pack), attribution()).unwrap();
    drop(app);
    assert_eq!(sydney(&App::open(&config(&folder, false)).unwrap()), 0);
}

#[test]
fn what_is_approved_is_in_the_next_answer() {
    let folder = filled();
    let app = App::open(&config(&folder, true)).unwrap();
    let pack = r#"
[[statement]]
key = "new-one"
speaker = "safeguard-defenders"
text = "It was said that zyxomma dragonflies were seen."
about = ["sydney"]
citations = [{ source = "sd-110-overseas-2022-09", role = "original" }]
"#;
    import(&app.store, &read(pack), attribution()).unwrap();
    assert_eq!(app.desk.answer(&request("source sydney dragonflies")).records.len(), 1);
    assert_eq!(app.desk.answer(&request("source zyxomma dragonfly")).records.len(), 1);
    let changed = pack.replace("zyxomma", "petalura");
    import(&app.store, &read(&changed), attribution()).unwrap();
    assert_eq!(app.desk.answer(&request("source zyxomma")).outcome, Outcome::NothingFound);
    assert_eq!(app.desk.answer(&request("source petalura")).records.len(), 1);
    // A name is known as soon as it is on record.
    import(&app.store, &read("[[entity]]\nkey = \"q\"\nkind = \"topic\"\nname = \"Quokkas\"\n"), attribution())
        .unwrap();
    assert_eq!(app.desk.answer(&request("about quokkas")).outcome, Outcome::Answered);
}

#[test]
fn a_rebuild_does_not_stop_answers() {
    let folder = filled();
    let app = App::open(&config(&folder, true)).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..5 {
                app.search.rebuild(&app.store).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        let mut answered = 0;
        while !done.load(Ordering::Relaxed) || answered == 0 {
            assert_eq!(sydney(&app), ON_SYDNEY);
            answered += 1;
        }
    });
    assert_eq!(
        files(&folder.path().join("onrecord.db.index")).iter().filter(|file| file.ends_with("meta.json")).count(),
        1
    );
}

#[test]
fn a_publisher_that_speaks_for_the_first_time_is_listed_with_those_who_speak() {
    let folder = filled();
    let app = App::open(&config(&folder, true)).unwrap();
    let question = "organisations newsbreak";
    assert_eq!(app.desk.answer(&request(question)).outcome, Outcome::NothingFound);
    let pack = r#"
[[statement]]
key = "new-one"
speaker = "newsbreak"
text = "It was said that a petalura was seen."
citations = [{ source = "sd-110-overseas-2022-09", role = "original" }]
"#;
    import(&app.store, &read(pack), attribution()).unwrap();
    let caught_up = app.desk.answer(&request(question));
    assert_eq!(caught_up.outcome, Outcome::Answered);
    drop(app);
    let fresh = App::open(&config(&folder, true)).unwrap().desk.answer(&request(question));
    assert_eq!(caught_up.blocks, fresh.blocks);
}

#[test]
fn a_word_that_was_taken_back_is_in_no_text_any_more() {
    let world = town();
    world.import("[[entity]]\nkey = \"trust\"\nkind = \"organisation\"\nname = \"Zyxomma Trust\"\n");
    let reading = |world: &super::support::World| rendered(&world.ask("source zyxomma"));
    let before = reading(&world);
    assert!(before.contains("Zyxomma Trust"), "{before}");
    for (proposal, change) in
        [("edit S1\ntext: It was said that the zyxomma is back.", "C3"), ("revert C3 It is not.", "C4")]
    {
        assert_eq!(say(&world, "terminal:cai", proposal).outcome, Outcome::Answered);
        assert_eq!(decide(&world, "terminal:rui", &format!("approve {change}")).outcome, Outcome::Answered);
        let answered = world.ask("source zyxomma").outcome == Outcome::Answered;
        assert_eq!(answered, change == "C3", "{change}: {}", reading(&world));
    }
    assert_eq!(reading(&world), before);
}

/// How many pieces the newest index has.
fn segments(folder: &Path) -> usize {
    let metas = files(&folder.join("onrecord.db.index")).into_iter().filter(|file| file.ends_with("meta.json"));
    let text = std::fs::read_to_string(metas.max().unwrap()).unwrap();
    serde_json::from_str::<serde_json::Value>(&text).unwrap()["segments"].as_array().unwrap().len()
}

#[test]
fn the_pieces_that_approvals_leave_are_merged_and_nothing_is_lost() {
    let folder = filled();
    let app = App::open(&config(&folder, true)).unwrap();
    for number in 1..=40 {
        let pack = format!(
            "[[statement]]\nkey = \"piece-{number}\"\nspeaker = \"safeguard-defenders\"\n\
             text = \"It was said that zyxomma{number} dragonflies were seen.\"\nabout = [\"sydney\"]\n\
             citations = [{{ source = \"sd-110-overseas-2022-09\", role = \"original\" }}]\n"
        );
        import(&app.store, &read(&pack), attribution()).unwrap();
        assert_eq!(app.desk.answer(&request(&format!("source zyxomma{number}"))).records.len(), 1);
    }
    // Closing waits for the merges.
    drop(app);
    let count = segments(folder.path());
    assert!(count < 20, "{count} pieces after 40 approvals");
    let app = App::open(&config(&folder, true)).unwrap();
    for number in 1..=40 {
        assert_eq!(app.desk.answer(&request(&format!("source zyxomma{number}"))).records.len(), 1, "{number}");
    }
}
