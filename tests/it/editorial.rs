//! The whole life of an entry, in the words of those who write: proposed, sent back, changed, approved
//! by someone else, corrected, retracted, restored.

use onrecord::{
    chat::terminal::{Settings, Surface, render},
    desk::{Invocation, Request},
    model::{Authority, Identity},
    reply::{Outcome, Reply},
};

use super::support::World;

const PACK: &str = r#"
[[entity]]
key = "harbour-town"
kind = "place"
name = "Harbour Town"

[[entity]]
key = "daily-gull"
kind = "organisation"
name = "The Daily Gull"

[[entity]]
key = "ana-silva"
kind = "person"
name = "Ana Silva"

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
speaker = "ana-silva"
text = "It was said that the old pier would be closed in winter."
said = "2022-10-26"
about = ["harbour-town"]
citations = [{ source = "daily-gull-2022-10-26", role = "original" }]
"#;

pub fn authority() -> Authority {
    Authority::of(["matrix:@root:example.org".parse().unwrap()])
}

/// A small town with an admin, two reviewers, a contributor and everyone else.
pub fn town() -> World {
    let world = World::of(PACK);
    world.app.desk.appoint(authority());
    for (who, role) in [
        ("terminal:rui", "reviewer"),
        ("discord:22", "reviewer"),
        ("terminal:cai", "contributor"),
        ("discord:33", "contributor"),
    ] {
        let reply = say(&world, "matrix:@root:example.org", &format!("role {who} {role}"));
        assert_eq!(reply.outcome, Outcome::Answered);
    }
    world
}

pub fn say(world: &World, who: &str, line: &str) -> Reply {
    let actor: Identity = who.parse().unwrap();
    world.app.desk.answer(&Request {
        conversation: format!("{}:place:{who}", actor.platform()),
        actor,
        invocation: Invocation::Text(line.to_owned()),
        origin: None,
        page_size: 10,
    })
}

/// What someone is answered who looks at a change and then decides on it.
pub fn decide(world: &World, who: &str, line: &str) -> Reply {
    let change = line.split_whitespace().nth(1).unwrap();
    say(world, who, &format!("review {change}"));
    say(world, who, line)
}

/// What was said and what was answered, with today's day left out.
fn transcript(world: &World, lines: &[(&str, &str)]) -> String {
    let settings = Settings {
        width: 96,
        colour: false,
        hyperlinks: true,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: "!".to_owned(),
    };
    let mut text = String::new();
    for (who, line) in lines {
        let name = who.rsplit(':').next().unwrap();
        let name = if who.starts_with("matrix") { "root" } else { name };
        text.push_str(&format!("{name}> {}\n", line.replace('\n', "\n    ")));
        let reply = render(&say(world, who, line), &settings);
        let today = world.now().strftime("%Y-%m-%d").to_string();
        text.push_str(&format!("{}\n\n", without_times(&reply.replace(&today, "TODAY"))));
    }
    text
}

/// Times of day and versions, which no two runs share.
pub fn without_times(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive([' ', '\n']) {
        let bare = word.trim_end();
        let is_time = bare.len() >= 5 && bare.contains(':') && bare.chars().all(|c| c.is_ascii_digit() || c == ':');
        let is_version = bare.starts_with("seen:");
        if is_time || is_version {
            out.push_str("TIME");
            out.push_str(&word[bare.len()..]);
        } else {
            out.push_str(word);
        }
    }
    out
}

#[test]
fn an_entry_is_suggested_proposed_sent_back_changed_approved_corrected_retracted_and_restored() {
    let world = town();
    let (reader, author, reviewer, other) = ("terminal:leo", "terminal:cai", "terminal:rui", "discord:22");
    let add = "add statement\nspeaker: Ana Silva\ntext: It was said that the new lighthouse opens in May.\nsource: http://m.gull.example.org/pier/?id=7&utm_source=chat p. 2\nsaid: 2022-10-26\nabout: Harbour Town";
    let lines = [
        (reader, "suggest https://gull.example.org/pier?id=7 The mayor speaks of a lighthouse on page 2."),
        (reader, add),
        (author, add),
        (author, "approve C2"),
        (reviewer, "queue"),
        (reviewer, "claim-review C2"),
        (other, "claim-review C2"),
        (reviewer, "request-changes C2 Say which year."),
        (reviewer, "review C2"),
        (reviewer, "request-changes C2 Say which year."),
        (other, "approve C2"),
        (author, "amend C2\ntext: It was said that the new lighthouse opens in May 2023."),
        (reviewer, "approve C2 Read the report."),
        (reviewer, "review C2"),
        (reviewer, "approve C2 Read the report."),
        (other, "approve C2"),
        (reader, "source lighthouse"),
        (
            author,
            "edit S2\ntext: It was said that the new lighthouse opens in June 2023.\ncorrection: The month was wrong.",
        ),
        (reviewer, "review C3"),
        (reviewer, "approve C3"),
        (author, "retract S2 The paper withdrew its report."),
        (reviewer, "approve C4"),
        (reviewer, "review C4"),
        (reviewer, "approve C4"),
        (reader, "show S2"),
        (author, "restore S2 The paper printed it again."),
        (reviewer, "review C5"),
        (reviewer, "approve C5"),
        (reader, "history S2"),
        (reader, "show S2"),
        (reviewer, "audit"),
    ];
    insta::assert_snapshot!(transcript(&world, &lines));
    let verified = world.app.store.reader().unwrap().verify().unwrap();
    assert_eq!((verified.changes, verified.problems), (5, Vec::new()));
}

#[test]
fn a_form_is_filled_in_question_by_question_and_survives_a_restart() {
    let world = town();
    let author = "terminal:cai";
    let lines = [
        (author, "add statement"),
        (author, "answer Ana Silva"),
        (author, "answer It was said that the ferry is free on Sundays."),
        (author, "answer https://radio.example.org/ferry"),
        (author, "answer Ferry free on Sundays"),
        (author, "answer Radio Harbour"),
        (author, "answer skip"),
        (author, "answer skip"),
        (author, "answer skip"),
        (author, "answer organisation"),
        (author, "answer 2022-11-01"),
        (author, "answer en"),
        (author, "answer skip"),
        (author, "answer skip"),
        (author, "answer 2122"),
        (author, "answer 2022-11-01"),
        (author, "answer Harbour Town"),
        (author, "answer back"),
        (author, "answer Harbour Town; Ana Silva"),
        (author, "answer skip"),
        (author, "answer skip"),
        (author, "answer Heard it twice."),
        (author, "answer submit"),
    ];
    let edits = [
        ("terminal:rui", "review C2"),
        ("terminal:rui", "approve C2"),
        (author, "edit S2"),
        (author, "answer source sydney"),
        (author, "answer said: 2022-11-02"),
        (author, "answer correction: It was a day later."),
        (author, "answer submit"),
    ];
    let lines: Vec<_> = lines.into_iter().chain(edits).collect();
    let (first, rest) = lines.split_at(9);
    let before = transcript(&world, first);
    let world = world.restarted();
    world.app.desk.appoint(authority());
    insta::assert_snapshot!(format!("{before}(the program ends and begins anew)\n\n{}", transcript(&world, rest)));
}
