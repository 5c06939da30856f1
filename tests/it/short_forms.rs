//! What stands for an entry where there is little room: reviewed like its wording, never older than it, and never in the
//! place of the whole.

use onrecord::reply::{Outcome, Reply, json::JsonReply};
use serde_json::Value;

use super::{
    editorial::{decide, say, town},
    support::World,
};

fn json(reply: &Reply) -> Value {
    serde_json::to_value(JsonReply::of(reply)).unwrap()
}

#[track_caller]
fn done(world: &World, who: &str, line: &str) -> Reply {
    let reply = if line.starts_with("approve") { decide(world, who, line) } else { say(world, who, line) };
    assert_eq!(reply.outcome, Outcome::Answered, "{line}: {}", json(&reply));
    reply
}

#[track_caller]
fn refused(world: &World, line: &str) -> String {
    let reply = say(world, "terminal:cai", line);
    assert_eq!(reply.outcome, Outcome::Misused, "{line}: {}", json(&reply));
    json(&reply).to_string()
}

/// The wording of the first statement and the line of its first response, as an answer among others has them.
fn in_short(world: &World) -> (String, Option<String>) {
    let reply = world.ask("source pier");
    let entry = reply.entries().next().unwrap();
    (entry.text.clone(), entry.responses.first().map(|response| response.byline.to_plain("")))
}

/// A town whose statement has a short form, and a response with a few words.
fn town_in_short() -> World {
    let world = town();
    done(&world, "terminal:cai", "edit S1\nshort: The old pier would close in winter.");
    done(&world, "terminal:rui", "approve C2");
    let response = "add response\nto: S1\nresponder: The Daily Gull\nkind: clarification\n\
                    text: The Gull wrote that it had quoted the mayor from a recording.\ngist: had quoted a recording\n\
                    source: D1";
    done(&world, "terminal:cai", response);
    done(&world, "terminal:rui", "approve C3");
    world
}

#[test]
fn the_short_form_stands_among_others_and_the_whole_is_one_step_away() {
    let world = town_in_short();
    let gist = "The Daily Gull: had quoted a recording";
    assert_eq!(in_short(&world), ("The old pier would close in winter.".to_owned(), Some(gist.to_owned())));
    let whole = done(&world, "terminal:leo", "show S1");
    let entry = whole.entries().next().unwrap();
    assert_eq!(entry.text, "It was said that the old pier would be closed in winter.");
    assert_eq!(entry.responses[0].text, "The Gull wrote that it had quoted the mayor from a recording.");
    let full = world.ask("source pier full:yes");
    assert_eq!(full.entries().next(), Some(entry), "an answer in full has what the entry has");
    let record = &json(&world.ask("source pier"))["records"][0];
    assert_eq!(record["short"], "The old pier would close in winter.");
    assert_eq!(record["responses"][0]["gist"], "had quoted a recording");
}

#[test]
fn a_wording_does_not_change_under_its_short_form() {
    let world = town_in_short();
    let told = refused(&world, "edit S1\ntext: It was said that the old pier would stay open in winter.");
    assert!(told.contains("the wording changed, and this says it in short"), "{told}");
    let told = refused(&world, "edit R1\ntext: The Gull wrote that it had no recording.");
    assert!(told.contains("give it anew, or - for none"), "{told}");
    // Given anew, or taken away, it is right.
    done(&world, "terminal:cai", "edit R1\ntext: The Gull wrote that it had no recording.\ngist: had no recording");
    done(&world, "terminal:rui", "approve C4");
    done(&world, "terminal:cai", "edit S1\ntext: It was said that the old pier would stay open in winter.\nshort: -");
    done(&world, "terminal:rui", "approve C5");
    let whole = "It was said that the old pier would stay open in winter.";
    assert_eq!(in_short(&world), (whole.to_owned(), Some("The Daily Gull: had no recording".to_owned())));
}

#[test]
fn what_is_not_short_is_no_short_form() {
    let world = town();
    let told = refused(&world, &format!("edit S1\nshort: {}", "long ".repeat(31)));
    assert!(told.contains("it is 154 characters long, and at most 150 are taken"), "{told}");
}

#[test]
fn a_source_copies_another_and_never_itself() {
    let world = town();
    let copy = "add source\nurl: https://copy.example.org/pier\ntitle: Mayor speaks of the pier\n\
                publisher: The Daily Gull\nlanguage: en\ncopy-of: https://gull.example.org/pier?id=7";
    done(&world, "terminal:cai", copy);
    done(&world, "terminal:rui", "approve C2");
    let record = &json(&done(&world, "terminal:leo", "show D2"))["records"][0];
    assert_eq!(record["copy_of"], "daily-gull-2022-10-26");
    let told = refused(&world, "edit D1\ncopy-of: D2");
    assert!(told.contains("would be a copy of itself"), "{told}");
    let told = refused(&world, "edit D1\ncopy-of: S1");
    assert!(told.contains("S1 is no source"), "{told}");
    // What others copy doesn't go from under them.
    let told = refused(&world, "retract D1\nreason: The page is gone.");
    assert!(told.contains("refers to it"), "{told}");
}
