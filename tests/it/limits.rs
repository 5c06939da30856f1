//! What one person may ask for and leave waiting: each limit, and what it says.

use onrecord::{
    model::{Authority, Limits},
    reply::Outcome,
};

use super::{
    editorial::{say, town},
    rendered::rendered,
    support::World,
};

/// The town with these limits.
fn limited(limits: Limits) -> World {
    let world = town().restarted();
    let root = "matrix:@root:example.org".parse().unwrap();
    world.app.desk.appoint(Authority { limits, ..Authority::of([root]) });
    world
}

#[test]
fn a_question_that_is_too_long_and_a_page_that_is_too_far_are_said() {
    let world = town();
    for (line, wanted) in [
        (format!("source {}", "a".repeat(2_001)), "2001 characters long, and at most 2000 are read"),
        (format!("check {}", "a".repeat(20_001)), "at most 20000 are read"),
        (format!("suggest https://example.org/ {}", "a".repeat(501)), "at most 500 are read"),
        ("source pier page:10001".to_owned(), "pages go from 1 to 10000"),
        ("source pier page:0".to_owned(), "pages go from 1 to 10000"),
    ] {
        let reply = say(&world, "terminal:leo", &line);
        assert!(
            reply.outcome == Outcome::Misused && rendered(&reply).contains(wanted),
            "{wanted}: {}",
            rendered(&reply)
        );
    }
}

#[test]
fn one_person_has_so_many_proposals_open_whichever_account_they_use() {
    let world = limited(Limits { open_proposals: 2, ..Limits::default() });
    let add = |who: &str, name: &str| say(&world, who, &format!("add entity\nname: {name}\nkind: topic"));
    say(&world, "matrix:@root:example.org", "link terminal:cai discord:33");
    assert_eq!(add("terminal:cai", "One").outcome, Outcome::Answered);
    assert_eq!(add("discord:33", "Two").outcome, Outcome::Answered);
    for who in ["terminal:cai", "discord:33"] {
        let refused = add(who, "Three");
        let said = rendered(&refused);
        assert_eq!(refused.outcome, Outcome::Misused, "{said}");
        assert!(said.contains("2 of your proposals wait, as many as one person may have; withdraw one"), "{said}");
    }
    assert_eq!(add("terminal:rui", "Three").outcome, Outcome::Answered, "someone else has their own");
    // Amending makes no more of them; deciding makes room.
    assert_eq!(say(&world, "terminal:cai", "amend C2\nnote: Read twice.").outcome, Outcome::Answered);
    assert_eq!(say(&world, "terminal:cai", "withdraw C2").outcome, Outcome::Answered);
    assert_eq!(add("terminal:cai", "Four").outcome, Outcome::Answered);
}

#[test]
fn one_person_fills_in_so_many_forms_at_a_time() {
    let world = limited(Limits { open_forms: 2, ..Limits::default() });
    let in_place = |place: &str, line: &str| {
        let mut request = super::support::request(line);
        request.actor = "terminal:cai".parse().unwrap();
        request.conversation = format!("terminal:{place}:cai");
        world.app.desk.answer(&request)
    };
    assert_eq!(in_place("a", "add entity").outcome, Outcome::Answered);
    assert_eq!(in_place("b", "add entity").outcome, Outcome::Answered);
    let refused = in_place("c", "add entity");
    let said = rendered(&refused);
    assert!(refused.outcome == Outcome::Misused && said.contains("You have begun 2 forms, as many as one"), "{said}");
    // Those that were begun go on, and one that ends makes room.
    assert_eq!(in_place("a", "answer Tea").outcome, Outcome::Answered);
    assert_eq!(in_place("b", "answer cancel").outcome, Outcome::Answered);
    assert_eq!(in_place("c", "add entity").outcome, Outcome::Answered);
}

#[test]
fn suggestions_keep_to_the_limits_that_are_set() {
    let world = limited(Limits { open_suggestions: 1, daily_suggestions: 2, ..Limits::default() });
    let suggest = |number: u32| say(&world, "terminal:leo", &format!("suggest https://example.org/{number} A note."));
    assert_eq!(suggest(1).outcome, Outcome::Answered);
    assert!(rendered(&suggest(2)).contains("As many of your suggestions wait"));
    for number in [1, 2] {
        assert_eq!(say(&world, "terminal:cai", &format!("dismiss {number} No.")).outcome, Outcome::Answered);
        if number == 1 {
            assert_eq!(suggest(3).outcome, Outcome::Answered);
        }
    }
    assert!(rendered(&suggest(4)).contains("within 24 hours"));
    world.set_clock("2026-11-25T12:30:00Z");
    assert_eq!(suggest(5).outcome, Outcome::Answered);
}

#[test]
fn a_question_whose_time_is_over_is_given_up() {
    use onrecord::search::{Question, SearchError};
    use std::time::Duration;
    let world = town();
    let question = Question::read("pier");
    let found = |time: Option<Duration>| {
        let snapshot = world.app.search.snapshot();
        let snapshot = match time {
            Some(time) => snapshot.within(time),
            None => snapshot,
        };
        snapshot.understand(&question).and_then(|meaning| snapshot.find(&meaning, 0, 10))
    };
    assert_eq!(found(None).unwrap().statements.len(), 1);
    assert_eq!(found(Some(Duration::from_secs(60))).unwrap().statements.len(), 1);
    assert!(matches!(found(Some(Duration::ZERO)), Err(SearchError::Deadline)));
    // The records' part: a reader that has no time left is interrupted where it looks at the clock.
    let reader = world.app.store.reader().unwrap();
    reader.allow(Duration::ZERO);
    std::thread::sleep(Duration::from_millis(5));
    let given_up = (0..10_000).any(|_| reader.verify().is_err());
    assert!(given_up, "a reader without time reads on");
}
