//! What keeps the queue short: proposals of what is proposed already, and the limits of suggestions.

use jiff::SignedDuration;
use onrecord::{
    model::{Identity, Limits},
    reply::Outcome,
    store::{Refusal, StoreError},
};

use super::{
    editorial::{decide, say, town},
    rendered::rendered,
};

#[test]
fn what_is_proposed_already_is_shown_before_it_is_proposed_again() {
    let world = town();
    let (cai, dan) = ("terminal:cai", "discord:33");
    for (first, again, other) in [
        (
            "add statement\nspeaker: Ana Silva\ntext: It was said that the new lighthouse opens in May.\nsource: D1",
            "add statement\nspeaker: Ana Silva\ntext: The new lighthouse will open in May.\nsource: D1",
            "add statement\nspeaker: Ana Silva\ntext: It was said that the ferry is free on Sundays.\nsource: D1",
        ),
        (
            "add response\nto: S1\nresponder: The Daily Gull\nkind: denial\ntext: The paper denied the closure.\nsource: D1",
            "add response\nto: S1\nresponder: The Daily Gull\nkind: denial\ntext: The closure was denied by the paper.\nsource: D1",
            "add response\nto: S1\nresponder: Ana Silva\nkind: denial\ntext: The paper denied the closure.\nsource: D1",
        ),
        (
            "add source\nurl: https://gull.example.org/new\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
            "add source\nurl: http://m.gull.example.org/new/?utm_source=a\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
            "add source\nurl: https://gull.example.org/newer\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
        ),
        (
            "add entity\nname: New Town\nkind: place",
            "add entity\nname: NEW TOWN\nkind: place",
            "add entity\nname: New Town\nkind: topic",
        ),
    ] {
        let reply = say(&world, cai, first);
        assert_eq!(reply.outcome, Outcome::Answered, "{first}: {}", rendered(&reply));
        let number = world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
        let reply = say(&world, dan, again);
        assert_eq!(reply.outcome, Outcome::Misused, "{again}: {}", rendered(&reply));
        let told = rendered(&reply);
        assert!(told.contains("The same may already be proposed in ") && told.contains(&number), "{again}: {told}");
        assert!(told.contains("terminal:cai"), "{told}");
        let reply = say(&world, dan, other);
        assert_eq!(reply.outcome, Outcome::Answered, "{other}: {}", rendered(&reply));
        // One's own proposal is not in the way of its own amendment, nor a rejected one of anything.
        let reply = say(&world, cai, &format!("amend {number}\nnote: Read twice."));
        assert_eq!(reply.outcome, Outcome::Answered, "{}", rendered(&reply));
        let reply = say(&world, dan, &format!("{again}\nconfirm: yes"));
        assert_eq!(reply.outcome, Outcome::Answered, "{}", rendered(&reply));
        for change in world.app.store.reader().unwrap().all_changes().unwrap().into_iter().skip(1) {
            decide(&world, "terminal:rui", &format!("reject {change} For the test."));
        }
        let reply = say(&world, dan, again);
        assert_eq!(reply.outcome, Outcome::Answered, "{}", rendered(&reply));
        let last = world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
        decide(&world, "terminal:rui", &format!("reject {last} For the test."));
    }
}

#[test]
fn suggestions_wait_apart_and_one_person_has_few() {
    let world = town();
    let suggest = |who: &str, number: usize| {
        say(&world, who, &format!("suggest https://example.org/{number} The note number {number}."))
    };
    let open = Limits::default().open_suggestions;
    for number in 1..=open {
        assert_eq!(suggest("terminal:leo", number).outcome, Outcome::Answered);
    }
    let refused = suggest("terminal:leo", 11);
    assert!(rendered(&refused).contains("as one person may have"), "{}", rendered(&refused));
    // Another account of the same person has no more; someone else has.
    say(&world, "matrix:@root:example.org", "link terminal:leo discord:77");
    assert_eq!(suggest("discord:77", 12).outcome, Outcome::Misused);
    assert_eq!(suggest("discord:78", 13).outcome, Outcome::Answered);
    // They are in the queue beside the proposals and in no answer.
    let queue = rendered(&say(&world, "terminal:cai", "queue"));
    assert!(queue.contains("Suggested links") && queue.contains("The note number 1."), "{queue}");
    assert!(!queue.contains("C2"), "{queue}");
    assert_eq!(say(&world, "terminal:leo", "source note number").outcome, Outcome::NothingFound);
    assert_eq!(say(&world, "terminal:leo", "queue").outcome, Outcome::Misused);

    // Decided on at once they don't make room for more than a day may bring.
    for number in 1..=open {
        assert_eq!(say(&world, "terminal:cai", &format!("dismiss {number} No.")).outcome, Outcome::Answered);
    }
    let daily = Limits::default().daily_suggestions;
    for number in open..daily {
        assert_eq!(suggest("terminal:leo", number).outcome, Outcome::Answered);
        let waiting = world.app.store.reader().unwrap().suggestions(100).unwrap();
        say(&world, "terminal:cai", &format!("dismiss {} No.", waiting.last().unwrap().id));
    }
    let refused = rendered(&suggest("terminal:leo", 99));
    assert!(refused.contains("within 24 hours"), "{refused}");
    let leo: Identity = "terminal:leo".parse().unwrap();
    let hand_in = |at: jiff::Timestamp| {
        let (url, note) = ("https://example.org/z".parse().unwrap(), "A note.".parse().unwrap());
        world.app.store.suggest(url, note, leo.clone(), at, Limits::default())
    };
    assert!(matches!(hand_in(world.now()), Err(StoreError::Refused(Refusal::TooManyToday))));
    assert!(hand_in(world.now() + SignedDuration::from_hours(25)).is_ok(), "the next day has its own");
}
