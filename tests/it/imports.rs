//! Packs as editors hand them in: all that is wrong is told in one run and in their words, what forms check is checked,
//! and neither a file nor a chain of records makes an import take for ever.

use std::{cell::Cell, collections::BTreeSet, path::PathBuf};

use onrecord::{
    import_export::{ImportError, Plan, Rules, import, plan, read_files, read_texts, rehearse, shipped_pack},
    model::{
        Date, Entity, HeldRecord, Nature, Operation, Proposal, Record, RecordKey, Review, Standing,
        ledger::{BrokenRule, Ledger, RecordSummary, Records, apply, broken_rules},
    },
    reply::{Outcome, json::JsonReply},
};

use super::{
    editorial::{say, town},
    support::{World, attribution, read},
};

fn case(name: &str) -> String {
    std::fs::read_to_string(format!("tests/fixtures/cases/{name}")).unwrap()
}

/// What is said of a pack that isn't taken in.
fn refused(world: &World, pack: &str) -> String {
    let read = read_texts(vec![("pack.toml".to_owned(), pack.to_owned())]).map_err(ImportError::Pack);
    let before = world.app.store.reader().unwrap().latest_sequence().unwrap();
    let error = read.and_then(|pack| import(&world.app.store, &pack, attribution()).map(|_| ())).unwrap_err();
    assert_eq!(world.app.store.reader().unwrap().latest_sequence().unwrap(), before);
    error.to_string()
}

fn warned(plan: &Plan) -> String {
    plan.warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_report_of_today_east_of_utc_is_taken_in_forms_and_packs_and_tomorrows_is_not() {
    let world = town();
    world.set_clock("2026-11-29T20:00:00Z");
    let form = case("today-east-of-utc.txt")
        .replace("Laura Harth", "Ana Silva")
        .replace("Sydney", "Harbour Town")
        .replace("D104", "D1");
    let said = say(&world, "terminal:cai", &form);
    assert_eq!(said.outcome, Outcome::Answered, "{said:?}");
    // At 20:00 UTC it is the 30th from Sydney to Kiritimati, and the 1st of December nowhere.
    let later = say(&world, "terminal:cai", &form.replace("2026-11-30", "2026-12-01").replace("fifteen", "sixteen"));
    assert!(
        serde_json::to_string(&JsonReply::of(&later)).unwrap().contains("2026-12-01 is in the future"),
        "{later:?}"
    );
    let pack = case("native-date.toml");
    let at = |day: &str| {
        let pack = read(&pack.replace("2022-10-26", day));
        let attribution =
            onrecord::import_export::Attribution { at: "2026-11-29T20:00:00Z".parse().unwrap(), ..attribution() };
        rehearse(&world.app.store, &pack, attribution).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(at("2026-11-30"), Ok(()));
    let error = at("2026-12-01").unwrap_err();
    assert!(error.contains("field source.published: 2026-12-01 is in the future"), "{error}");
}

#[test]
fn dates_without_quotation_marks_are_taken_and_wrong_keys_are_told_in_words() {
    let world = World::of(&case("native-date.toml"));
    let name = RecordKey::new(onrecord::model::RecordKind::Source, "s-q".parse().unwrap());
    let held = world.app.store.reader().unwrap().held(&name).unwrap().unwrap();
    let Record::Source(source) = held.record else { panic!("{held:?}") };
    assert_eq!(source.published.unwrap().to_string(), "2022-10-26");
    let year = case("native-date.toml").replace("2022-10-26", "2022").replace("s-q", "s-r");
    world.import(&year);
    let said = refused(&world, &case("wrong-key.toml"));
    assert!(said.starts_with("pack.toml, line 2, field entity.key: \"pub_q\" is no key"), "{said}");
    assert!(!said.contains("$__"), "{said}");
}

#[test]
fn the_same_page_twice_is_told_and_a_date_in_the_future_refused_until_it_is_confirmed() {
    let world = World::empty();
    let pack = case("same-page-twice.toml");
    insta::assert_snapshot!(refused(&world, &pack), @r"
    pack.toml, line 11, field source.published: 2031-10-26 is in the future
    pack.toml, line 20, field source.published: 2031-10-26 is in the future
    ");
    let confirmed = read(&pack).under(Rules { confirmed: true, ..Rules::default() });
    let (done, change) = import(&world.app.store, &confirmed, attribution()).unwrap();
    assert!(change.is_some());
    insta::assert_snapshot!(warned(&done), @r"
    test.toml, line 11, field source.published: 2031-10-26 is in the future
    test.toml, line 20, field source.published: 2031-10-26 is in the future
    test.toml, line 18, field source.url: the page is that of the source s-0 in test.toml, line 9; keep one of them
    ");
    // What is on record under another key is told, too; what is there already is looked at no more.
    let again = pack.replace("s-0", "s-2").replace("2031", "2021").replace("s-1", "s-3");
    let (done, _) = import(&world.app.store, &read(&again), attribution()).unwrap();
    assert!(
        warned(&done).contains("field source.url: the page is on record as D1; cite that one"),
        "{}",
        warned(&done)
    );
    let (plan, change) = import(&world.app.store, &read(&pack), attribution()).unwrap();
    assert!(plan.is_empty() && change.is_none());
}

#[test]
fn statements_that_say_the_same_and_odd_responses_are_told_and_taken_in() {
    let pack = format!(
        "{}\n{}",
        include_str!("../fixtures/harbour.toml"),
        r#"
[[statement]]
key = "again"
speaker = "lena-quist"
text = "Lena Quist said in secret that the Harbour Board of Harbourton had raised the fees for fishing boats on 1 March."
citations = [{ source = "news-fees", role = "cites" }]
"#
    );
    let harbour = read(include_str!("../fixtures/harbour.toml"));
    let statement = harbour.records().iter().find_map(|located| match &located.record {
        Record::Statement(statement) => Some(statement.clone()),
        _ => None,
    });
    let statement = statement.unwrap();
    let pack = pack
        .replace(
            "lena-quist\"\ntext = \"Lena Quist said in",
            &format!("{}\"\ntext = \"Lena Quist said in", statement.speaker),
        )
        .replace(
            "news-fees\", role = \"cites",
            &format!("{}\", role = \"cites", statement.citations.as_slice()[0].source),
        )
        .replace("said = \"2024-03-07\"", "said = \"2023-03-07\"");
    let world = World::empty();
    let (plan, change) = import(&world.app.store, &read(&pack), attribution()).unwrap();
    assert!(change.is_some());
    let said = warned(&plan);
    assert!(said.contains("field statement.text: it says the same as the statement"), "{said}");
    assert!(said.contains("is before the statement that it answers"), "{said}");
}

#[test]
fn the_shipped_packs_are_as_the_forms_want_them_but_for_what_is_written_here() {
    let world = World::empty();
    let pack = shipped_pack().unwrap().under(Rules::default());
    let found = match rehearse(&world.app.store, &pack, attribution()) {
        Ok(plan) => warned(&plan),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(found);
}

const WRONG: &str = r#"
titel = "Before any record"

[[entity]]
key = "First One"
kind = "planet"
name = 5
aliases = "Tea"

[entity]
key = "x"

[source]

[[entity]]
kind = "topic"
naem = "Tea"

[[source]]
key = "s-1"
kind = "news_article"
publisher = "nobody"
published = 2022-10
language = "en"
seen = "full"

[[source]]
key = "s-2"
kind = "news_article"
title = "A title"
description = "And a description"
publisher = "nobody"
published = 2022-10-26T10:00:00Z
language = "englisch"
seen = "whole"

[[statement]]
key = "t-1"
speaker = "nobody"
text = "Someone said
quote = "x"

[[statement]]
key = "t-2"
speaker = "nobody"
speaker = "somebody"

[[statement]]
key = "t-3"
speaker = "nobody"
text = "Someone said."
quote_language = "en"
said = "2022-13"
about = "place"
citations = [{ source = "s-1" }, { source = "s-1", rolle = "original" }]
retracted = "2022"

[[response]]
to = []
"#;

#[test]
fn all_that_is_wrong_with_a_pack_is_told_in_one_run_with_line_and_field_in_words() {
    let world = World::empty();
    let said = refused(&world, WRONG);
    insta::assert_snapshot!(said);
    for inside in ["invalid type", "$__", "serde", "expected", "variant", "struct", "map,"] {
        assert!(!said.contains(inside), "{inside}: {said}");
    }
    // And what the rules of the records refuse, all at once.
    let unknown = (0..60).map(|number| {
        format!(
            "[[source]]\nkey = \"s-{number}\"\nkind = \"other\"\ntitle = \"T\"\npublisher = \"nobody\"\nlanguage = \
             \"en\"\nseen = \"full\"\npublished = 2031\n"
        )
    });
    let said = refused(&world, &unknown.collect::<String>());
    assert_eq!(said.lines().count(), 51, "{said}");
    assert!(said.ends_with("\nand 70 more"), "{said}");
    let said = refused(&world, &"[[entity]]\nkind = 7\n".repeat(40));
    assert!(said.lines().count() == 51 && said.ends_with("\nand 70 more"), "{said}");
}

#[test]
fn a_file_of_another_format_is_told_so() {
    let world = World::empty();
    for (text, wanted) in [
        ("{\"entity\": [{\"key\": \"a\"}]}", "pack.toml: is a JSON file, and packs are written in TOML"),
        ("[\n  {\"key\": \"a\"}\n]", "pack.toml: is a JSON file, and packs are written in TOML"),
        ("id,record,who\nS1,statement,Ana\n", "pack.toml: is a table (CSV), and packs are written in TOML"),
        ("\u{feff}id;record\n", "pack.toml: is a table (CSV)"),
    ] {
        let said = refused(&world, text);
        assert!(said.starts_with(wanted), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_too_long_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: PathBuf| {
        let errors = read_files(std::slice::from_ref(&path)).unwrap_err();
        errors[0].to_string().replace(&path.display().to_string(), "FILE")
    };
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(said(pipe), "FILE: is a pipe and no file; name a regular file");
    assert_eq!(said("/dev/zero".into()), "FILE: is a device and no file; name a regular file");
    assert_eq!(said(folder.path().to_owned()), "FILE: is a folder and no file; name a regular file");
    // A file that is all hole takes no room, and 244 MB were once read whole.
    let large = folder.path().join("large.toml");
    std::fs::File::create(&large).unwrap().set_len(244 << 20).unwrap();
    let wanted = "FILE: is too long: the packs of one import have at most 64 MiB together; import them apart";
    assert_eq!(said(large), wanted);
    let halves = [folder.path().join("a.toml"), folder.path().join("b.toml")];
    for half in &halves {
        std::fs::write(half, "#".repeat(33 << 20)).unwrap();
    }
    let errors = read_files(&halves).unwrap_err();
    assert!(errors[0].to_string().contains("b.toml: is too long"), "{errors:?}");
}

#[test]
fn a_record_without_end_is_refused_before_it_takes_memory() {
    let world = World::empty();
    let said = refused(&world, &format!("[[entity]]\nx = [{}]", "1,".repeat(1 << 20)));
    assert!(said.starts_with("pack.toml, line 1: from here on 2048 KiB stand without another heading"), "{said}");
}

/// Records that count how often they are looked at.
#[derive(Default)]
struct Counting {
    records: Ledger,
    glances: Cell<usize>,
}

impl Records for Counting {
    type Error = std::convert::Infallible;

    fn get(&self, name: &RecordKey) -> Result<Option<HeldRecord>, Self::Error> {
        self.records.get(name)
    }

    fn glance(&self, name: &RecordKey) -> Result<Option<RecordSummary>, Self::Error> {
        self.glances.set(self.glances.get() + 1);
        self.records.glance(name)
    }

    fn put(&mut self, held: HeldRecord) -> Result<(), Self::Error> {
        self.records.put(held)
    }

    fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Self::Error> {
        self.records.referrers(name)
    }

    fn note_merged(&mut self, name: &RecordKey) {
        self.records.note_merged(name);
    }

    fn was_merged(&self, name: &RecordKey) -> Result<bool, Self::Error> {
        self.records.was_merged(name)
    }

    fn remove(&mut self, name: &RecordKey) -> Result<(), Self::Error> {
        self.records.remove(name)
    }
}

fn place(number: usize, part_of: Option<usize>) -> Operation {
    let key = |number: usize| format!("p{number:06}").parse().unwrap();
    let record = Record::Entity(Entity {
        key: key(number),
        nature: Nature::Place,
        name: "Place".parse().unwrap(),
        aliases: Vec::new(),
        part_of: part_of.map(key),
        description: None,
        same_as: Default::default(),
    });
    Operation::Create { record, standing: Standing::default() }
}

#[test]
fn circles_are_found_by_looking_at_each_record_a_few_times_however_deep_they_lie() {
    const DEEP: usize = 20_000;
    let on: Date = "2026-11-24".parse().unwrap();
    let chains: [Vec<Operation>; 3] = [
        (0..DEEP).map(|number| place(number, number.checked_sub(1))).collect(),
        (0..DEEP).map(|number| place(number, Some(number + 1).filter(|&next| next < DEEP))).collect(),
        // A comb: each lies in the middle of the chain.
        (0..DEEP)
            .map(|number| place(number, if number < DEEP / 2 { number.checked_sub(1) } else { Some(DEEP / 4) }))
            .collect(),
    ];
    for operations in &chains {
        let mut records = Counting::default();
        apply(&mut records, operations, on).unwrap();
        assert!(records.glances.get() <= 4 * DEEP, "{} for {DEEP} records", records.glances.get());
    }
    // Circles, and chains that lead into them: each circle is told once, by one that is in it.
    let mut operations: Vec<Operation> = (0..100).map(|number| place(number, Some((number + 1) % 100))).collect();
    operations.extend((100..DEEP).map(|number| place(number, Some(number - 1))));
    operations.extend([place(DEEP, Some(DEEP))]);
    let mut records = Counting::default();
    let found = broken_rules(&mut records, &operations, on, 50).unwrap();
    let circles: BTreeSet<String> = found
        .iter()
        .map(|refusal| match refusal {
            BrokenRule::Circle(name) => name.key.to_string(),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(circles, BTreeSet::from(["p000000".to_owned(), format!("p{DEEP:06}")]));
    assert!(records.glances.get() <= 4 * DEEP);
}

#[test]
fn a_deep_chain_is_imported_and_asked_for() {
    let deep = 2_000;
    let pack: String = (0..deep)
        .map(|number| {
            let whole = if number == 0 { String::new() } else { format!("part_of = \"p{}\"\n", number - 1) };
            format!("[[entity]]\nkey = \"p{number}\"\nkind = \"place\"\nname = \"Deep {number}\"\n{whole}")
        })
        .collect();
    let world = World::of(&pack);
    world.app.search.catch_up(&world.app.store).unwrap();
    for line in ["about \"Deep 1999\"", "source \"Deep 0\"", "places"] {
        assert_ne!(world.ask(line).outcome, Outcome::Failed, "{line}");
    }
}

#[test]
fn an_import_takes_nothing_over_that_was_changed_since_it_was_planned() {
    let world = town();
    let pack = case("native-date.toml");
    let seen = world.app.store.reader().unwrap().latest_sequence().unwrap();
    assert_eq!(plan(&world.app.store.reader().unwrap(), &read(&pack)).unwrap().steps.len(), 2);
    let proposal = || Proposal {
        summary: "A test".parse().unwrap(),
        author: "terminal:author".parse().unwrap(),
        proposed_at: world.now(),
        operations: vec![place(1, None)],
    };
    let review = || Review {
        reviewer: "terminal:reviewer".parse().unwrap(),
        at: world.now(),
        reason: "For the test".parse().unwrap(),
    };
    world.import(&pack);
    let changes = || world.app.store.reader().unwrap().all_changes().unwrap().len();
    let before = changes();
    assert!(world.app.store.submit_reviewed_after(proposal(), review(), seen).unwrap().is_none());
    assert_eq!(changes(), before, "a change that wasn't made is on record");
    assert!(world.app.store.submit_reviewed_after(proposal(), review(), seen.next()).unwrap().is_some());
}
