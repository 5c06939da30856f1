//! "Last vetted" is the day on which someone reviewed an entry: carried by packs, or that of an approval; a day that
//! isn't known isn't shown.

use onrecord::{
    chat::terminal::{Settings, Surface as Typed, render},
    import_export::{Attribution, import, propose},
    model::{Authority, Date, Identity, Platform},
    reply::{Outcome, json::JsonReply},
};
use serde_json::Value;

use super::{
    documents::Place,
    editorial::say,
    support::{World, read, request},
};

const PACK: &str = r#"
vetted = "2025-03-04"

[[entity]]
key = "harbour-town"
kind = "place"
name = "Harbour Town"
vetted = "2024"

[[entity]]
key = "daily-gull"
kind = "organisation"
name = "The Daily Gull"

[[source]]
key = "daily-gull-2022-10-26"
kind = "news_article"
title = "Mayor speaks of the pier"
url = "https://gull.example.org/pier?id=7"
publisher = "daily-gull"
published = "2022-10-26"
language = "en"
seen = "full"

[[statement]]
key = "pier-closed"
speaker = "daily-gull"
text = "It was said that the old pier would be closed in winter."
said = "2022-10-26"
about = ["harbour-town"]
citations = [{ source = "daily-gull-2022-10-26", role = "original" }]
"#;

/// The pack without any day.
fn undated() -> String {
    PACK.lines().filter(|line| !line.starts_with("vetted")).map(|line| format!("{line}\n")).collect()
}

fn attribution(reviewer: Identity) -> Attribution {
    Attribution {
        author: Identity::new(Platform::Terminal, "operator").unwrap(),
        reviewer,
        summary: "A pack".parse().unwrap(),
        reason: "Reviewed before the import".parse().unwrap(),
        at: "2026-11-20T09:00:00Z".parse().unwrap(),
    }
}

fn text(world: &World, line: &str) -> String {
    let settings = Settings {
        width: 200,
        colour: false,
        hyperlinks: true,
        unicode: true,
        terminal: false,
        place: Typed::Console,
        prefix: "!".to_owned(),
    };
    render(&world.ask(line), &settings)
}

fn json(world: &World, line: &str) -> Value {
    serde_json::to_value(JsonReply::of(&world.app.desk.answer(&request(line)))).unwrap()
}

#[test]
fn the_entries_of_a_release_were_vetted_when_its_packs_say() {
    let world = World::shipped();
    let today = world.now().strftime("%Y-%m-%d").to_string();
    for line in ["source sydney", "show S1", "show R1", "show D1", "about sydney", "recent"] {
        let shown = text(&world, line);
        assert!(shown.to_lowercase().contains("last vetted"), "{line}: {shown}");
        assert!(!shown.contains(&today), "{line}: the day on which the database was filled: {shown}");
    }
    let record = &json(&world, "show S1")["records"][0];
    assert_eq!((record["vetted"].as_str(), record.get("vetted_at")), (Some("2026-11"), None));
}

#[test]
fn a_day_that_is_not_known_is_not_shown() {
    for reviewer in ["project:reviewers", "terminal:reviewer-not-named"] {
        let world = World::empty();
        import(&world.app.store, &read(&undated()), attribution(reviewer.parse().unwrap())).unwrap();
        world.app.search.catch_up(&world.app.store).unwrap();
        for line in ["source pier", "show S1", "show D1", "about harbour town", "recent"] {
            let shown = text(&world, line);
            assert!(!shown.to_lowercase().contains("vetted"), "{line}: {shown}");
            let answer = json(&world, line).to_string();
            assert!(!answer.contains("vetted"), "{line}: {answer}");
        }
    }
}

#[test]
fn a_day_goes_with_what_it_was_said_of_until_that_is_changed_here() {
    let world = World::of(PACK);
    world.app.desk.appoint(Authority::of(["terminal:ana".parse().unwrap(), "terminal:rui".parse().unwrap()]));
    assert!(text(&world, "show S1").contains("Last vetted 4 Mar 2025"));
    assert!(text(&world, "about harbour town").contains("2024"));
    // The same again changes nothing, whenever it was reviewed.
    let (plan, change) =
        import(&world.app.store, &read(&undated()), attribution("terminal:rui".parse().unwrap())).unwrap();
    assert!(plan.is_empty() && change.is_none());
    assert_eq!(say(&world, "terminal:ana", "edit S1\nsaid: 2022-10").outcome, Outcome::Answered);
    say(&world, "terminal:rui", "review C2");
    assert_eq!(say(&world, "terminal:rui", "approve C2").outcome, Outcome::Answered);
    let (today, day) = (Date::of(world.now()).in_words(), Date::of(world.now()).to_string());
    assert!(text(&world, "show S1").contains(&format!("Last vetted {today}")));
    assert!(json(&world, "show S1")["records"][0]["vetted_at"].as_str().unwrap().starts_with(&day));
    assert!(text(&world, "show D1").contains("Last vetted 4 Mar 2025"), "what was not changed stays");
    // A later pack with another version brings its own day.
    let later = PACK.replace("2025-03-04", "2026-01-02").replace("in winter", "in spring");
    import(&world.app.store, &read(&later), attribution("terminal:rui".parse().unwrap())).unwrap();
    assert!(text(&world, "show S1").contains("Last vetted 2 Jan 2026"));
    let verified = world.app.store.reader().unwrap().verify().unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
}

#[test]
fn what_is_approved_here_was_vetted_on_the_day_of_the_approval() {
    let world = World::empty();
    let authority = Authority::of(["terminal:operator".parse().unwrap(), "terminal:rui".parse().unwrap()]);
    world.app.desk.appoint(authority.clone());
    propose(&world.app.store, &read(PACK), &attribution("terminal:rui".parse().unwrap()), &authority).unwrap();
    say(&world, "terminal:rui", "review C1");
    assert_eq!(say(&world, "terminal:rui", "approve C1").outcome, Outcome::Answered);
    let today = Date::of(world.now()).in_words();
    assert!(text(&world, "show S1").contains(&format!("Last vetted {today}")));
}

#[test]
fn an_export_has_each_day_and_imports_back_to_the_same() {
    let export = |pack: &str| {
        let place = Place::new();
        place.write(".env", "ONRECORD_SHIPPED_DATA=off\n");
        place.write("pack.toml", pack);
        let ran = place.shell(
            "onrecord version && onrecord import pack.toml --by ana --reviewed-by rui && onrecord export all.toml",
        );
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let table = place.shell("onrecord export --csv all.csv && cat all.csv");
        // Each database has hashes of its own.
        (place.shell("grep -v '^# The hash of ' all.toml").out, table.out)
    };
    let (first, table) = export(PACK);
    assert_eq!(first.matches("vetted = \"2025-03-04\"").count(), 3, "{first}");
    assert_eq!(first.matches("vetted = \"2024\"").count(), 1, "{first}");
    assert!(table.contains("2025-03-04"), "{table}");
    assert_eq!(export(&first).0, first);
}
