//! Names out of extracts of Wikidata and GeoNames: proposed for the entities that are tied to them, and nothing else.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use onrecord::{
    model::{Authority, ChangeId, Identity, Review},
    store::Store,
};

use super::support::{looked, me};

/// Entities in catalogues and one that has a name of theirs.
const PACK: &str = r#"
[[entity]]
key = "sydney"
kind = "place"
name = "Sydney"
aliases = [{ name = "悉尼", language = "zh" }]
same_as = ["https://www.wikidata.org/wiki/Q3130", "https://www.geonames.org/2147714"]

[[entity]]
key = "netherlands"
kind = "place"
name = "Netherlands"
same_as = ["https://www.wikidata.org/wiki/Q55"]

[[entity]]
key = "holland"
kind = "place"
name = "Holland (region)"
part_of = "netherlands"
"#;

/// A folder with a database of these.
struct Place(tempfile::TempDir);

/// What the program ended with, and what it said on standard output and on standard error.
type Ran = (i32, String, String);

impl Place {
    fn new() -> Self {
        Self::of(PACK)
    }

    fn of(pack: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("pack.toml", pack.as_bytes());
        assert_eq!(place.run(&["version"]).0, 0);
        let (code, _, said) = place.run(&["import", "pack.toml", "--by", "ana", "--reviewed-by", "rui"]);
        assert_eq!(code, 0, "{said}");
        place
    }

    fn write(&self, name: &str, text: &[u8]) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(&[], arguments)
    }

    fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.current_dir(self.0.path()).env_clear().env("LANG", "C.UTF-8").env("ONRECORD_SHIPPED_DATA", "off");
        command.env("ONRECORD_ADMINS", format!("{},terminal:rui", me()));
        command.envs(variables.iter().copied());
        let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// What is said about a fixture.
    fn suggest(&self, fixture: &str, more: &[&str]) -> Ran {
        let text = std::fs::read(Path::new("tests/fixtures/extracts").join(fixture)).unwrap();
        self.write(fixture, &text);
        self.run(&[&["names", "suggest", fixture], more].concat())
    }

    fn changes(&self) -> Vec<serde_json::Value> {
        let (code, lines, said) = self.run(&["changes", "export"]);
        assert_eq!(code, 0, "{said}");
        let all = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        // The last hashes stand there, too.
        all.filter(|line| line["state"].is_string()).collect()
    }
}

#[test]
fn the_names_of_an_entity_of_wikidata_are_proposed_for_review() {
    let place = Place::new();
    let (code, shown, said) = place.suggest("sydney.json", &["--dry-run"]);
    assert_eq!((code, said.as_str()), (0, ""));
    insta::assert_snapshot!(shown);
    assert_eq!(place.changes().len(), 1, "nothing was proposed");
    let (code, proposed, said) = place.suggest("sydney.json", &[]);
    assert_eq!((code, said.as_str()), (0, ""));
    insta::assert_snapshot!(proposed.lines().next().unwrap(), @"Proposed as C2: Names of Sydney from Wikidata Q3130 (CC0). Someone else approves it: approve C2");
    assert_eq!(shown.lines().nth(2), proposed.lines().nth(1), "what was shown is what is proposed");
    let change = place.changes().remove(1);
    assert_eq!(change["state"], "pending");
    let text = change.to_string();
    assert!(text.contains("https://creativecommons.org/publicdomain/zero/1.0/"), "{text}");
    // What waits isn't proposed again, and whoever proposed it doesn't approve it.
    let (code, again, _) = place.suggest("sydney.json", &[]);
    assert_eq!((code, place.changes().len()), (0, 2), "{again}");
    insta::assert_snapshot!(again, @r"
    Nothing to propose. The extract has 1 entity of those on record.
    Left for later: E1, whose names C2 changes, too; run this again once it is decided on
    ");
    place.run(&["review", "C2"]);
    let (code, ..) = place.run(&["approve", "C2"]);
    assert_eq!(code, 2);
}

#[test]
fn a_name_of_another_entity_is_left_out_and_what_is_laid_out_over_lines_is_read() {
    let place = Place::new();
    let (code, shown, said) = place.suggest("laid-out.json", &["--dry-run"]);
    assert_eq!((code, said.as_str()), (0, ""));
    insta::assert_snapshot!(shown);
    let (code, proposed, said) = place.suggest("laid-out.json", &[]);
    assert_eq!((code, said.as_str()), (0, ""));
    assert!(proposed.contains("C2") && proposed.contains("C3"), "one change for each entity: {proposed}");
}

#[test]
fn of_entities_a_line_each_a_broken_one_is_told_and_the_rest_is_read() {
    let place = Place::new();
    let (code, shown, said) = place.suggest("dump.json", &["--dry-run"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(said, @"onrecord: dump.json, line 3: breaks off before its JSON ends; it was passed over");
    assert_eq!(shown, place.suggest("laid-out.json", &["--dry-run"]).1);
}

#[test]
fn of_geonames_table_the_names_that_people_type_are_proposed() {
    let place = Place::new();
    let (code, shown, said) = place.suggest("alternate-names.txt", &["--dry-run"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(said, @"onrecord: alternate-names.txt, line 17: is no row of GeoNames' alternate names: two numbers, a language and a name, with tabs between; it was passed over");
    insta::assert_snapshot!(shown);
    // In the form that some programs write, and without what follows the name.
    let text = std::fs::read_to_string("tests/fixtures/extracts/alternate-names.txt").unwrap();
    place.write("other.txt", format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes());
    assert_eq!(place.run(&["names", "suggest", "other.txt", "--dry-run"]).1, shown);
}

/// Approves a change as someone else does.
fn approve(place: &Place, change: i64) {
    let store = Store::open(&place.0.path().join("onrecord.db")).unwrap();
    let reviewer: Identity = "terminal:rui".parse().unwrap();
    let change = ChangeId(change);
    let sight = looked(&store, change);
    let review =
        Review { reviewer: reviewer.clone(), at: jiff::Timestamp::now(), reason: "They are right.".parse().unwrap() };
    store.approve(change, review, sight, &Authority::of([reviewer])).unwrap();
}

#[test]
fn while_a_change_of_an_entity_s_names_waits_no_other_is_proposed_and_then_what_is_lacking_is() {
    let place = Place::new();
    place.suggest("sydney.json", &[]);
    let (code, said, _) = place.suggest("alternate-names.txt", &[]);
    assert_eq!((code, place.changes().len()), (0, 2), "{said}");
    insta::assert_snapshot!(said, @r"
    Nothing to propose. The extract has 1 entity of those on record.
    Left for later: E1, whose names C2 changes, too; run this again once it is decided on
    ");
    approve(&place, 2);
    let (code, proposed, _) = place.suggest("alternate-names.txt", &[]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(proposed, @r"
    Proposed as C3: Names of Sydney from GeoNames 2147714 (CC BY 4.0). Someone else approves it: approve C3
          Emerald City (en), SYDN (en), Sidnėjus (lt)
    ");
    approve(&place, 3);
    let (code, shown, said) = place.run(&["about", "Sydney"]);
    assert_eq!(code, 0, "{shown}{said}");
    for name in ["悉尼", "雪梨", "Сидней", "Emerald City"] {
        let (code, shown, said) = place.run(&["about", name]);
        assert!(code == 0 && shown.contains("Sydney"), "{name}: {shown}{said}");
    }
    let (_, nothing, _) = place.suggest("sydney.json", &[]);
    insta::assert_snapshot!(nothing, @"Nothing to propose. The extract has 1 entity of those on record.");
    assert_eq!(place.run(&["verify"]).0, 0);
    // A change of something else is in nobody's way.
    place.run(&["edit E2\ndescription: A country."]);
    let (_, proposed, said) = place.suggest("laid-out.json", &[]);
    assert_eq!(place.changes().len(), 5, "{proposed}{said}");
}

#[test]
fn what_is_no_extract_or_has_nothing_for_what_is_on_record_is_said_with_the_way_on() {
    let place = Place::new();
    std::fs::create_dir(place.0.path().join("folder")).unwrap();
    for (name, text) in [
        ("empty.json", &b""[..]),
        ("packed.zip", b"PK\x03\x04\x14\x00\x00\x00"),
        ("words.txt", b"Sydney\nHarbour Town\n"),
        ("places.txt", b"2147714\tSydney\tSydney\tSidney,Sydney\t-33.8\t151.2\n"),
        ("other.json", b"{\"name\": \"onrecord\"}"),
        ("error.json", b"{\"error\": {\"code\": \"no-such-entity\"}}\n"),
        ("broken.json", b"{\"entities\": {\"Q3130\": {\"labels\": \n"),
        ("odd.json", b"{\"entities\": {\"Q3130\": {\"labels\": [1]}}}"),
        ("others.json", b"{\"entities\": {\"Q1\": {\"id\": \"Q1\", \"labels\": []}}}"),
        ("others.txt", b"1\t1\ten\tSomewhere\n"),
    ] {
        place.write(name, text);
    }
    let mut said = String::new();
    for name in [
        "none.json",
        "folder",
        "empty.json",
        "packed.zip",
        "words.txt",
        "places.txt",
        "other.json",
        "error.json",
        "broken.json",
        "odd.json",
        "others.json",
        "others.txt",
    ] {
        let (code, out, error) = place.run(&["names", "suggest", name]);
        assert_eq!(out, "", "{name}");
        said.push_str(&format!("{code} {error}"));
    }
    insta::assert_snapshot!(said);
    assert_eq!(place.changes().len(), 1);
}

#[test]
fn what_one_person_may_not_have_waiting_is_left_for_the_next_run() {
    let place = Place::new();
    let text = std::fs::read("tests/fixtures/extracts/laid-out.json").unwrap();
    place.write("both.json", &text);
    let (code, out, error) = place.run_with(&[("ONRECORD_OPEN_PROPOSALS", "1")], &["names", "suggest", "both.json"]);
    assert_eq!((code, place.changes().len()), (3, 2), "{out}{error}");
    insta::assert_snapshot!(error, @"onrecord: the names of 1 entity were not proposed: 1 of your proposals wait, as many as one person may have; withdraw one, or wait until some were decided on. The next run goes on from here");
    let (code, out, _) = place.run(&["names", "suggest", "both.json"]);
    assert_eq!((code, place.changes().len()), (0, 3), "{out}");
}
