//! The command `status`.

use std::ops::ControlFlow;

use onrecord::{
    model::Platform,
    reply::{Block, Outcome, Reply},
};

use super::{
    editorial::{say, town},
    support::World,
    vectors::Letters,
};

const ROOT: &str = "matrix:@root:example.org";

/// The value of a line of an answer.
fn fact(reply: &Reply, label: &str) -> String {
    let facts =
        reply.blocks.iter().filter_map(|block| if let Block::Facts(facts) = block { Some(facts) } else { None });
    let found = facts.flatten().find(|fact| fact.label == label);
    found.unwrap_or_else(|| panic!("{label} is missing in {reply:?}")).value.to_plain("")
}

fn status(world: &World) -> Reply {
    let reply = say(world, ROOT, "status");
    assert_eq!(reply.outcome, Outcome::Answered, "{reply:?}");
    reply
}

#[test]
fn it_tells_admins_what_waits_what_was_answered_and_how_the_records_stand() {
    let world = town();
    let metrics = std::sync::Arc::clone(world.app.desk.metrics());
    let before = metrics.tally(60).answered;
    assert_eq!(fact(&status(&world), "Connected"), "no chat in this process");
    say(&world, "discord:5", "source pier");
    say(&world, "discord:5", "source zzqqxx zzqqyy");
    say(&world, "discord:5", "show 12");
    say(&world, "discord:5", "status");
    metrics.refused_as_busy(Platform::Discord);
    say(&world, "terminal:cai", "add entity\nname: New\nkind: topic");
    metrics.expect(Platform::Discord);
    metrics.expect(Platform::Matrix);
    metrics.connected(Platform::Discord, 2, 2);
    metrics.backup_made(world.now() - jiff::SignedDuration::from_hours(3));
    let reply = status(&world);
    let running = fact(&reply, "Running");
    assert!(running.contains(&format!("version {}", env!("CARGO_PKG_VERSION"))), "{running}");
    let connected = fact(&reply, "Connected");
    assert!(connected.starts_with("Discord since 20") && connected.contains("2 of 2 shards"), "{connected}");
    assert!(connected.ends_with("Matrix not connected yet"), "{connected}");
    assert_eq!(fact(&reply, "Waiting"), "1 proposal · 0 corrections · 0 posts");
    assert!(fact(&reply, "On record").ends_with(" 1 approved change"), "{}", fact(&reply, "On record"));
    assert_eq!(fact(&reply, "Search index"), "at change 1 of 1");
    assert!(fact(&reply, "Database").contains("KiB"), "{}", fact(&reply, "Database"));
    assert!(fact(&reply, "Last backup").ends_with(" UTC, 3 h 0 min ago"), "{}", fact(&reply, "Last backup"));
    for label in ["Last hour", "Last 24 hours"] {
        let counted = fact(&reply, label);
        // The first status, the pier and the proposal; the status of someone who may not.
        let wanted = "1 nothing found · 2 put wrongly · 0 failed · 1 refused as busy · 0 refused as too many";
        assert_eq!(counted, format!("{} answered · {wanted}", before + 3));
    }
    // The same numbers as those that are scraped.
    let text = metrics.text();
    for line in ["onrecord_pending_proposals 1", "onrecord_history_position 1", "onrecord_index_position 1"] {
        assert!(text.lines().any(|other| other == line), "{line} is missing in\n{text}");
    }
}

#[test]
fn it_tells_how_far_the_vectors_are() {
    let world = town();
    assert!(
        fact(&status(&world), "Found by meaning").starts_with("no"),
        "{}",
        fact(&status(&world), "Found by meaning")
    );
    let search = &world.app.search;
    search.use_model(Letters::named("letters"), &world.app.store).unwrap();
    assert_eq!(
        fact(&status(&world), "Found by meaning"),
        "yes, by letters (0): 0 texts have their vectors, the first are being made"
    );
    search.follow_meaning(&world.app.store, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(
        fact(&status(&world), "Found by meaning"),
        "yes, by letters (0): 1 text has its vector, all that are on record"
    );
}
