//! Two entities become one, and two again.

use onrecord::reply::{Outcome, Reply, json::JsonReply};

use super::{
    editorial::{decide, say, town},
    rendered::rendered,
    support::World,
};

const TWIN: &str = r#"
[[entity]]
key = "a-silva"
kind = "person"
name = "A. Silva"

[[statement]]
key = "pier-opened"
speaker = "a-silva"
text = "It was said that the new pier would be opened in spring."
about = ["harbour-town", "a-silva"]
citations = [{ source = "daily-gull-2022-10-26", role = "cites" }]

[[statement]]
key = "pier-painted"
speaker = "a-silva"
text = "It was said that the railing would be painted."
about = ["harbour-town"]
citations = [{ source = "daily-gull-2022-10-26", role = "cites" }]
"#;

/// A town where E4 and E3 are one person, S2 and S3 are of the first, and C3 merges the two.
fn merged() -> World {
    let world = town();
    world.import(TWIN);
    assert_eq!(say(&world, "terminal:cai", "merge E4 into E3").outcome, Outcome::Answered);
    approve(&world, "C3");
    world
}

#[track_caller]
fn approve(world: &World, change: &str) {
    let reply = decide(world, "terminal:rui", &format!("approve {change}"));
    assert_eq!(reply.outcome, Outcome::Answered, "{}", words(&reply));
}

fn words(reply: &Reply) -> String {
    format!("{} {}", rendered(reply), serde_json::to_string(&JsonReply::of(reply)).unwrap())
}

/// Who says a statement, and what it is about, by the keys on record.
fn record(world: &World, id: &str) -> serde_json::Value {
    let Ok(onrecord::model::Reference::Record(id)) = id.parse() else { panic!("{id}") };
    let held = world.app.store.reader().unwrap().held_by_id(id).unwrap().unwrap();
    let merged = held.standing.merged_into.map(|key| key.to_string());
    let mut record = serde_json::to_value(&held.record).unwrap();
    let mut fields = record.as_object_mut().unwrap().values_mut().next().unwrap().take();
    fields["merged_into"] = merged.into();
    fields
}

fn holds(world: &World) {
    assert_eq!(world.app.store.reader().unwrap().verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_merge_is_turned_back_and_the_way_back_too() {
    let world = merged();
    assert_eq!(record(&world, "S2")["speaker"], "ana-silva");
    assert_eq!(record(&world, "E3")["aliases"][0]["name"], "A. Silva");
    assert_eq!(world.keys("source by:\"A. Silva\"").len(), 3);
    // Restored alone, nothing would point to it.
    let alone = words(&say(&world, "terminal:cai", "restore E4"));
    assert!(alone.contains("merged into another") && alone.contains("revert C3"), "{alone}");

    // What others changed since stays.
    say(&world, "discord:33", "edit S2\ntext: It was said that the new pier would be opened in May.");
    approve(&world, "C4");
    let back = say(&world, "terminal:cai", "revert C3 They are two people.");
    assert_eq!(back.outcome, Outcome::Answered, "{}", words(&back));
    approve(&world, "C5");
    for id in ["S2", "S3"] {
        assert_eq!(record(&world, id)["speaker"], "a-silva", "{id}");
    }
    assert_eq!(record(&world, "S1")["speaker"], "ana-silva");
    assert_eq!(record(&world, "S2")["about"], serde_json::json!(["a-silva", "harbour-town"]));
    assert_eq!(record(&world, "S2")["text"], "It was said that the new pier would be opened in May.");
    assert_eq!(record(&world, "E4")["merged_into"], serde_json::Value::Null);
    assert!(record(&world, "E3").get("aliases").is_none_or(|names| names.as_array().unwrap().is_empty()));
    // The index and the names go along.
    assert_eq!(world.keys("source by:\"A. Silva\""), ["pier-opened", "pier-painted"]);
    assert_eq!(world.keys("source by:\"Ana Silva\""), ["pier-closed"]);
    holds(&world);
    // Their histories hang together, so neither can be purged.
    let purge = words(&say(&world, "matrix:@root:example.org", "purge E4 On a court's order."));
    assert!(purge.contains("refers to it"), "{purge}");

    // The way back is a change like any other.
    assert_eq!(say(&world, "terminal:cai", "revert C5 One person after all.").outcome, Outcome::Answered);
    approve(&world, "C6");
    assert_eq!(record(&world, "S2")["speaker"], "ana-silva");
    assert_eq!(record(&world, "E4")["merged_into"], "ana-silva");
    holds(&world);
}

#[test]
fn what_was_changed_since_a_merge_is_in_the_way_of_turning_it_back_or_is_left() {
    let world = merged();
    // Out of force, a statement can't be edited; it is said which is left.
    say(&world, "terminal:cai", "retract S3 The paper withdrew its report.");
    approve(&world, "C4");
    let back = words(&say(&world, "terminal:cai", "revert C3"));
    assert!(back.contains("left pointing") && back.contains("S3"), "{back}");
    say(&world, "terminal:cai", "withdraw C5");
    // The names that the merge brought were changed by someone.
    say(&world, "terminal:cai", "edit E3\naliases: Silva the Elder (en)");
    approve(&world, "C6");
    let back = words(&say(&world, "terminal:cai", "revert C3"));
    assert!(
        back.contains("was changed again since")
            && back.contains("E3 — Other names: proposed is nothing; on record is now Silva the Elder (en)"),
        "{back}"
    );
    // The one that stayed became part of a third.
    let world = merged();
    world.import("[[entity]]\nkey = \"ana-s\"\nkind = \"person\"\nname = \"Ana S.\"\n");
    say(&world, "terminal:cai", "merge E3 into E5");
    approve(&world, "C5");
    let back = words(&say(&world, "terminal:cai", "revert C3"));
    assert!(back.contains("turn that back first"), "{back}");
    assert_eq!(say(&world, "terminal:cai", "revert C5").outcome, Outcome::Answered);
    approve(&world, "C6");
    assert_eq!(say(&world, "terminal:cai", "revert C3").outcome, Outcome::Answered);
    approve(&world, "C7");
    assert_eq!(record(&world, "S2")["speaker"], "a-silva");
    holds(&world);
}
