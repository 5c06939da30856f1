//! Forms that are kept between two answers: one that this program can't read is told, and nothing of it is lost.

use onrecord::reply::Outcome;

use super::{
    editorial::{say, town},
    rendered::rendered,
};

const CAI: &str = "terminal:cai";
const HERE: &str = "terminal:place:terminal:cai";

/// States that another version of the program may have kept, with what can still be shown of them.
const UNREADABLE: &[(&str, &[&str])] = &[
    (r#""of another form altogether""#, &[]),
    ("{}", &[]),
    (
        r#"{"form":"recipe","edits":null,"draft":"name: Bread\nflour: 500 g\n","done":[]}"#,
        &["name: Bread", "flour: 500 g"],
    ),
    (r#"{"form":"entity","edits":null,"draft":"name: Tea\nname: Coffee\n","done":[]}"#, &["name: Tea", "name: Coffee"]),
    (r#"{"form":"entity","edits":"E9-of-old","draft":"name: Tea\n","done":[]}"#, &["name: Tea"]),
    (r#"{"form":"entity","edits":"C1","draft":"name: Tea\n","done":[],"aside":false}"#, &["name: Tea"]),
];

#[test]
fn a_kept_form_that_can_not_be_read_is_told_and_stays_until_it_is_thrown_away() {
    let world = town();
    let (store, desk) = (&world.app.store, &world.app.desk);
    for (kept, shown) in UNREADABLE {
        let before = store.reader().unwrap().dialogue(HERE).unwrap();
        assert_eq!(before, None);
        store.keep_dialogue(HERE, Some((*kept).to_owned()), CAI.parse().unwrap(), 5, world.now()).unwrap();
        assert!(desk.dialogue_waits(HERE), "{kept}: what is written without a prefix is taken for a question");
        for line in
            ["answer Tea", "answer show", "answer back", "answer later", "answer submit", "add entity", "edit S1"]
        {
            let reply = say(&world, CAI, line);
            let said = rendered(&reply);
            assert_eq!(reply.outcome, Outcome::Failed, "{line}: {said}");
            for wanted in ["can't be read", "Nothing was proposed", "answer cancel"].iter().chain(*shown) {
                assert!(said.contains(wanted), "{wanted} is not in what {line} is answered: {said}");
            }
            assert_eq!(store.reader().unwrap().dialogue(HERE).unwrap().as_deref(), Some(*kept), "{line}");
        }
        let _ = desk.complete_in(HERE, "Te", 2);
        assert_eq!(say(&world, CAI, "answer cancel").outcome, Outcome::Answered);
        assert_eq!(store.reader().unwrap().dialogue(HERE).unwrap(), None);
        assert_eq!(say(&world, CAI, "add entity").outcome, Outcome::Answered);
        assert_eq!(say(&world, CAI, "answer cancel").outcome, Outcome::Answered);
    }
    assert_eq!(store.reader().unwrap().all_changes().unwrap().len(), 1, "something was proposed");
}

#[test]
fn a_form_that_is_put_aside_waits_for_no_answer() {
    let world = town();
    assert_eq!(say(&world, CAI, "add entity").outcome, Outcome::Answered);
    assert!(world.app.desk.dialogue_waits(HERE));
    assert_eq!(say(&world, CAI, "answer later").outcome, Outcome::Answered);
    assert!(!world.app.desk.dialogue_waits(HERE));
    assert!(rendered(&say(&world, CAI, "answer show")).contains("The form so far"));
    assert!(world.app.desk.dialogue_waits(HERE));
}
