//! Clocks that jump: an hour forward and back, to 1970, to 2100. The order of the history, what runs out, and
//! how often one may ask don't depend on what time it is said to be; nothing panics.

use onrecord::{
    desk::{Admission, ChatOrigin, Invocation, Request, SeenBy},
    reply::Outcome,
};

use super::{
    editorial::{decide, say, town},
    support::World,
};

/// Where the clock goes, in this order.
const JUMPS: &[&str] = &[
    "2026-11-24T13:00:00Z",
    "2026-11-24T11:00:00Z",
    "1970-01-01T00:00:00Z",
    "2100-01-01T00:00:00Z",
    "2026-11-24T12:00:00Z",
];

fn last_change(world: &World) -> String {
    world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string()
}

#[test]
fn the_history_keeps_its_order_whatever_the_clock_says() {
    let world = town();
    let mut last = onrecord::model::Sequence(1);
    for (number, moment) in JUMPS.iter().enumerate() {
        world.set_clock(moment);
        let line = format!("add entity\nname: Begun at jump {number}\nkind: topic");
        assert_eq!(say(&world, "terminal:cai", &line).outcome, Outcome::Answered, "{moment}");
        let id = last_change(&world);
        // Decided on at yet another time, before the proposal even.
        world.set_clock(JUMPS[(number + 1) % JUMPS.len()]);
        for line in [format!("review {id}"), format!("claim-review {id}"), format!("approve {id}")] {
            assert_eq!(say(&world, "terminal:rui", &line).outcome, Outcome::Answered, "{moment}: {line}");
        }
        let sequence = world.app.store.reader().unwrap().latest_sequence().unwrap();
        assert_eq!(sequence, last.next(), "{moment}");
        last = sequence;
        // It is found, shown and told of, whenever that was.
        for line in
            [format!("about begun at jump {number}"), "recent".to_owned(), format!("history {id}"), "audit".to_owned()]
        {
            let outcome = say(&world, "terminal:rui", &line).outcome;
            assert!(!matches!(outcome, Outcome::Failed), "{moment}: {line}");
        }
    }
    let verified = world.app.store.reader().unwrap().verify().unwrap();
    assert_eq!((verified.problems, verified.changes), (Vec::new(), JUMPS.len() + 1));
}

#[test]
fn a_form_survives_an_hour_in_either_direction_and_goes_after_a_month() {
    let world = town();
    assert_eq!(say(&world, "terminal:cai", "add entity").outcome, Outcome::Answered);
    for (moment, answer) in
        [("2026-11-24T13:00:00Z", "Tea"), ("2026-11-24T11:00:00Z", "topic"), ("1970-01-01T00:00:00Z", "skip")]
    {
        world.set_clock(moment);
        assert_eq!(say(&world, "terminal:cai", &format!("answer {answer}")).outcome, Outcome::Answered, "{moment}");
    }
    // Others' are swept when somebody writes; in 1970 the form was written last, so in 2026 it is old.
    world.set_clock("2026-11-24T12:00:00Z");
    assert_eq!(say(&world, "discord:33", "add entity").outcome, Outcome::Answered);
    assert_eq!(say(&world, "terminal:cai", "answer show").outcome, Outcome::NothingFound);
    assert_eq!(say(&world, "terminal:cai", "add entity").outcome, Outcome::Answered, "and another can be begun");
}

#[test]
fn a_claim_ends_and_suggestions_go_on_after_the_clock_was_far_ahead() {
    let world = town();
    world.set_clock("2100-01-01T00:00:00Z");
    say(&world, "terminal:cai", "add entity\nname: Tea\nkind: topic");
    assert_eq!(say(&world, "terminal:rui", "claim-review C2").outcome, Outcome::Answered);
    assert_eq!(say(&world, "terminal:leo", "suggest https://example.org/a A note.").outcome, Outcome::Answered);
    world.set_clock("2026-11-24T12:00:00Z");
    assert_eq!(say(&world, "terminal:leo", "suggest https://example.org/b A note.").outcome, Outcome::Answered);
    assert_eq!(
        decide(&world, "discord:22", "approve C2").outcome,
        Outcome::Answered,
        "a claim of the future binds nobody"
    );
}

#[test]
fn how_often_one_may_ask_is_not_moved_by_the_clock() {
    let world = town();
    let origin = ChatOrigin {
        community: Some("discord:1".to_owned()),
        channel: "7".to_owned(),
        parent: None,
        may_manage_community: false,
        may_moderate_channel: false,
        seen_by: SeenBy::Everyone,
    };
    let ask = || {
        world.app.desk.admit(&Request {
            actor: "discord:70".parse().unwrap(),
            conversation: "discord:7:70".to_owned(),
            invocation: Invocation::Text("version".to_owned()),
            origin: Some(origin.clone()),
            page_size: 3,
        })
    };
    let mut taken = 0;
    for moment in JUMPS.iter().cycle().take(40) {
        world.set_clock(moment);
        taken += usize::from(ask() == Admission::Granted);
    }
    assert_eq!(taken, 5, "a clock that jumps opens the limit");
}

#[test]
fn what_is_to_be_posted_and_what_was_delivered_go_on() {
    use onrecord::{model::Platform, store::Delivery};
    let world = town();
    for (number, moment) in JUMPS.iter().enumerate() {
        world.set_clock(moment);
        let delivery = Delivery {
            platform: Platform::Discord,
            question: format!("question {number}"),
            channel: "7".to_owned(),
            answer: format!("answer {number}"),
            entries: vec!["S1".to_owned()],
            as_of: None,
            at: world.now(),
        };
        world.app.desk.delivered(vec![delivery]).unwrap();
        assert!(
            world.app.desk.delivery(Platform::Discord, &format!("question {number}")).unwrap().is_some(),
            "{moment}"
        );
        assert!(world.app.desk.posts_due(Platform::Discord, 10).is_ok(), "{moment}");
        assert!(world.app.desk.memory().review_messages(Platform::Matrix).is_ok(), "{moment}");
    }
    // The last of them is of now, and a correction reaches it.
    say(&world, "terminal:cai", "retract S1 It was not said.");
    assert_eq!(decide(&world, "terminal:rui", &format!("approve {}", last_change(&world))).outcome, Outcome::Answered);
    let due = world.app.desk.corrections_due(Platform::Discord, 10).unwrap();
    assert!(due.iter().any(|due| due.message == "answer 4"), "{due:?}");
}
