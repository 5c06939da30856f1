//! What may be there already is pointed out, and what only sounds like it is not.

use onrecord::reply::{Outcome, Reply, json::JsonReply};

use super::{
    editorial::{decide, say, town},
    support::World,
};

fn text(reply: &Reply) -> String {
    serde_json::to_value(JsonReply::of(reply)).unwrap()["text"].to_string()
}

fn add(world: &World, who: &str, wording: &str) -> Reply {
    say(world, who, &format!("add statement\nspeaker: Ana Silva\ntext: {wording}\nsource: D1\nabout: Harbour Town"))
}

#[track_caller]
fn is_proposed(reply: &Reply) {
    assert_eq!(reply.outcome, Outcome::Answered, "{}", text(reply));
}

#[test]
fn that_someone_said_something_is_no_likeness() {
    let world = town();
    let said = [
        "Ana Silva said that the ferry is free.",
        "Ana Silva said that it rains.",
        "Ana Silva said that Harbour Town has two markets.",
        "Ana Silva, the mayor, said in a statement that whales came by Harbour Town.",
        "Ana Silva said that Harbour Town buys a crane.",
    ];
    // Among those that wait, and, half of them approved, among those on record.
    for (number, wording) in said.iter().enumerate() {
        is_proposed(&add(&world, "terminal:cai", wording));
        if number % 2 == 0 {
            let approved = decide(&world, "terminal:rui", &format!("approve C{}", number + 2));
            assert_eq!(approved.outcome, Outcome::Answered, "{}", text(&approved));
        }
    }
    is_proposed(&add(&world, "discord:33", "Ana Silva said that the lighthouse is for sale."));
    // The same in other words is, of either kind, and whoever looks is told where.
    for (wording, wanted) in [
        ("It was stated by Ana Silva that the ferries are free.", "It may already be on record"),
        ("The mayor said whales came by Harbour Town.", "The same may already be proposed in C5 by terminal:cai"),
    ] {
        let reply = add(&world, "discord:33", wording);
        assert!(reply.outcome == Outcome::Misused && text(&reply).contains(wanted), "{wording}: {}", text(&reply));
    }
}

#[test]
fn the_same_proposal_of_the_same_person_is_not_queued_twice() {
    let world = town();
    say(&world, "terminal:cai", "add entity\nname: Second Town\nkind: place");
    decide(&world, "terminal:rui", "approve C2");
    say(&world, "matrix:@root:example.org", "link terminal:cai discord:33");
    for line in [
        "edit S1\nspeaker-role: Mayor",
        "retract S1 It was not said.",
        "merge E4 into E1",
        "edit E1\ndescription: A town.",
        "revert C2 It was wrong.",
        "add source\nurl: https://example.org/new\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
    ] {
        is_proposed(&say(&world, "terminal:cai", line));
        let before = world.app.store.reader().unwrap().all_changes().unwrap();
        let last = before.last().unwrap().to_string();
        // From whichever account, and from someone else it is another matter.
        for who in ["terminal:cai", "discord:33"] {
            let reply = say(&world, who, line);
            let said = text(&reply);
            let is_told =
                said.contains(&last) && (said.contains("the very same") || said.contains("already be proposed"));
            assert!(reply.outcome == Outcome::Misused && is_told, "{line}: {said}");
        }
        assert_eq!(world.app.store.reader().unwrap().all_changes().unwrap(), before, "{line}");
    }
    // Confirmed, it is queued.
    is_proposed(&say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor\nconfirm: yes"));
    // Once it no longer waits, it is proposed anew.
    let waits = "add entity\nname: The Pier\nkind: place";
    is_proposed(&say(&world, "terminal:cai", waits));
    let last = world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
    say(&world, "terminal:cai", &format!("withdraw {last}"));
    is_proposed(&say(&world, "terminal:cai", waits));
}

#[test]
fn a_message_that_comes_twice_at_the_same_moment_is_one_proposal() {
    let world = town();
    for round in 0..5 {
        let line = format!("edit S1\nspeaker-role: Mayor {round}");
        let outcomes = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| say(&world, "terminal:cai", &line).outcome));
            both.map(|one| one.join().unwrap())
        });
        let proposed = outcomes.iter().filter(|outcome| **outcome == Outcome::Answered).count();
        assert_eq!(proposed, 1, "{outcomes:?}");
    }
}
