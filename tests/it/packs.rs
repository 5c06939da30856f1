//! Packs: read, imported, exported, refused with the place of the error.

use onrecord::{
    import_export::{
        StepKind, import, pack_schema, plan, read_files, read_texts, rehearse, shipped_pack, write_pack,
        write_spreadsheet,
    },
    model::{HeldRecord, Sequence, StatementId},
    store::Store,
};

use super::support::{World, attribution, read};

const SMALL: &str = r#"
# Two bodies and what one said.
[[entity]]
key = "paper"
kind = "organisation"
name = "The Paper"

[[entity]]
key = "ministry"
kind = "organisation"
name = "Ministry"

[[source]]
key = "paper-1"
kind = "news_article"
title = "A headline"
publisher = "paper"
language = "en"
seen = "full"

[[statement]]
key = "first"
speaker = "ministry"
text = "The ministry said one thing."
citations = [{ source = "paper-1", role = "original" }]
"#;

fn errors(pack: &str) -> String {
    let errors = read_texts(vec![("pack.toml".to_owned(), pack.to_owned())]).unwrap_err();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn refused(world: &World, pack: &str) -> String {
    let before = held(&world.app.store);
    let pack = read_texts(vec![("pack.toml".to_owned(), pack.to_owned())]).unwrap();
    let message = import(&world.app.store, &pack, attribution()).unwrap_err().to_string();
    assert_eq!(held(&world.app.store), before, "a refused import left something behind");
    message
}

fn held(store: &Store) -> Vec<HeldRecord> {
    let reader = store.reader().unwrap();
    reader.all_ids().unwrap().into_iter().map(|id| reader.held_by_id(id).unwrap().unwrap()).collect()
}

fn export(world: &World) -> String {
    write_pack("A pack.", &held(&world.app.store))
}

#[test]
fn an_export_imports_back_to_an_identical_database() {
    let world = World::shipped();
    world.import(
        r#"
[[entity]]
key = "odd"
kind = "topic"
name = "Odd: \"quotes\", back\\slash, 'single', # no comment, 悉尼"
aliases = [{ name = "=SUM(A1)", language = "en" }, { name = "نص", language = "ar" }]
corrections = [{ on = "2026-01-01", reason = "The name was misspelt." }]
retracted = { on = "2026-02", reason = "Not a topic." }
"#,
    );
    let text = export(&world);
    let copy = World::of(&text);
    assert_eq!(held(&copy.app.store), held(&world.app.store));
    let ids = |world: &World| world.app.store.reader().unwrap().all_ids().unwrap();
    assert_eq!(ids(&copy), ids(&world));
    assert_eq!(export(&copy), text);
}

#[test]
fn an_import_is_idempotent_and_shows_what_it_would_do() {
    let world = World::of(SMALL);
    let again = plan(&world.app.store.reader().unwrap(), &read(SMALL)).unwrap();
    assert!(again.is_empty());
    assert_eq!(again.count(StepKind::Unchanged), 4);

    let changed = SMALL.replace("one thing", "another thing").replace("\nspeaker", "\nsaid = \"2022\"\nspeaker");
    let before = held(&world.app.store);
    let rehearsed = rehearse(&world.app.store, &read(&changed), attribution()).unwrap();
    assert_eq!((rehearsed.count(StepKind::Edit), rehearsed.count(StepKind::Unchanged)), (1, 3));
    assert_eq!(held(&world.app.store), before, "a rehearsal changes nothing");

    world.import(&changed);
    world.import(&changed);
    assert_eq!(
        world.app.store.reader().unwrap().latest_sequence().unwrap(),
        Sequence(2),
        "the second import had nothing to do"
    );
}

#[test]
fn a_retraction_comes_with_a_pack_and_stays_whatever_later_packs_say() {
    let world = World::of(SMALL);
    world.import(&format!("{SMALL}retracted = {{ on = \"2026-11-01\", reason = \"Withdrawn.\" }}\n"));
    world.import(SMALL);
    let reader = world.app.store.reader().unwrap();
    let notice = reader.entry(StatementId(1)).unwrap().unwrap().standing.retracted.clone().unwrap();
    assert_eq!((notice.on.to_string().as_str(), notice.reason.as_str()), ("2026-11-01", "Withdrawn."));
}

#[test]
fn an_error_names_file_line_and_field() {
    let messages: Vec<String> = [
        ("key = \"first\"", "key = \"First One\""),
        ("\"full\"", "\"whole\""),
        ("text = ", "wording = "),
        ("citations = [{ source = \"paper-1\", role = \"original\" }]", "citations = []"),
        ("title = \"A headline\"\n", ""),
        ("title = \"A headline\"", "title = \"A headline"),
        ("kind = \"organisation\"", "kind = \"organisation\"\nrole = \"Paper\""),
        ("\"paper-1\"\nkind", "\"paper-1\"\nurl = \"https://a:b@example.org\"\nkind"),
        ("\"ministry\"\nkind", "\"paper\"\nkind"),
        ("speaker = \"ministry\"", "speaker = \"ministry\"\nsaid = \"2022-13\""),
        ("text = \"The ministry", "text = \" The ministry"),
    ]
    .into_iter()
    .map(|(from, to)| errors(&SMALL.replacen(from, to, 1)))
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn a_reference_to_what_is_not_there_is_refused_with_its_place() {
    let world = World::empty();
    let circle = SMALL.replacen("name = \"The Paper\"", "name = \"The Paper\"\npart_of = \"ministry\"", 1).replacen(
        "name = \"Ministry\"",
        "name = \"Ministry\"\npart_of = \"paper\"",
        1,
    );
    let messages: Vec<String> = [
        SMALL.replace("source = \"paper-1\"", "source = \"paper-2\""),
        SMALL.replace("publisher = \"paper\"", "publisher = \"nobody\""),
        SMALL.replacen("\"organisation\"", "\"place\"", 1),
        circle,
        SMALL.replacen("name = \"The Paper\"", "name = \"The Paper\"\nmerged_into = \"nobody\"", 1),
    ]
    .iter()
    .map(|pack| refused(&world, pack))
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn what_is_no_text_or_too_deep_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.toml");
    let read_file = || {
        let errors = read_files(std::slice::from_ref(&file)).unwrap_err();
        errors[0].to_string().replace(&file.display().to_string(), "FILE")
    };
    insta::assert_snapshot!(read_file(), @"FILE: can't be read: No such file or directory (os error 2)");
    std::fs::write(&file, b"[[entity]]\nkey = \"\xff\"").unwrap();
    insta::assert_snapshot!(read_file(), @"FILE: is not UTF-8 text (line 2); save it as UTF-8");
    std::fs::write(&file, format!("a = {}", "[".repeat(100_000))).unwrap();
    assert!(read_file().contains("line 1"), "{}", read_file());
    std::fs::write(&file, "key = \"a\0b\"").unwrap();
    assert!(read_file().contains("line 1"), "{}", read_file());
}

#[test]
fn the_published_schema_is_the_one_that_packs_are_read_by() {
    let published: serde_json::Value = serde_json::from_str(include_str!("../../data/pack.schema.json")).unwrap();
    let current = serde_json::to_value(pack_schema()).unwrap();
    assert!(published == current, "write it anew: onrecord schema pack > data/pack.schema.json");
    let validator = jsonschema::validator_for(&current).unwrap();
    for file in
        ["entities/places.toml", "overseas-police-stations/statements.toml", "japan-russia-consuls-2022/sources.toml"]
    {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
        let pack: toml::Value = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let pack = serde_json::to_value(pack).unwrap();
        let errors: Vec<String> = validator.iter_errors(&pack).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{file}");
    }
    let broken = serde_json::json!({ "statement": [{ "key": "A B", "speaker": "x", "text": "y", "citations": [] }] });
    assert!(!validator.is_valid(&broken));
}

#[test]
fn the_shipped_packs_are_written_as_an_export_would_write_them() {
    // So that a later export compares line by line with what is shipped.
    let pack = shipped_pack().unwrap();
    let held: Vec<HeldRecord> = pack
        .records()
        .iter()
        .map(|located| HeldRecord { record: located.record.clone(), standing: located.standing.clone(), revision: 1 })
        .collect();
    let written = write_pack("", &held);
    let lines = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let mut shipped = String::new();
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for folder in std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(folder).unwrap() {
            shipped.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
    }
    let (written, shipped) = (lines(&written), lines(&shipped));
    let only = |left: &[String], right: &[String]| {
        left.iter().filter(|line| !right.contains(line)).cloned().collect::<Vec<_>>()
    };
    assert_eq!((only(&written, &shipped), only(&shipped, &written)), (Vec::new(), Vec::new()));
}

#[test]
fn the_example_of_the_documentation_can_be_imported() {
    let page = include_str!("../../docs/packs.md");
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let world = World::of(example);
    assert_eq!(world.keys("source harbour town"), ["post-pier-closing"]);
    assert_eq!(world.keys("source havenstad"), ["post-pier-closing"]);
}

#[test]
fn a_spreadsheet_has_a_row_for_each_statement_and_each_response() {
    let world = World::of(include_str!("../fixtures/harbour.toml"));
    let table = write_spreadsheet(&world.app.store.reader().unwrap()).unwrap();
    let first: Vec<&str> = table.lines().take(5).collect();
    insta::assert_snapshot!(first.join("\n").replace('\u{feff}', "(byte order mark)"));
}
