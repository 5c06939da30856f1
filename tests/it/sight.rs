//! Each decides on what they have seen: a decision is bound to the version that the one who decides was last shown.

use onrecord::{
    model::{Authority, Identity, Sight},
    reply::{Outcome, Reply},
    store::{Refusal, StoreError},
};

use super::{
    editorial::{authority, decide, say, town},
    rendered::rendered,
    support::World,
};

const ROOT: &str = "matrix:@root:example.org";

fn text(reply: &Reply) -> String {
    serde_json::to_value(onrecord::reply::json::JsonReply::of(reply)).unwrap()["text"].to_string()
}

/// The version that a review's button carries.
fn version(reply: &Reply) -> String {
    let approve = reply.actions.iter().find(|action| action.label == "Approve").unwrap();
    approve.ask.as_str().split_once(" seen:").unwrap().1.to_owned()
}

#[track_caller]
fn refused(world: &World, who: &str, line: &str, why: &str) {
    let before = world.app.store.reader().unwrap().change("C2".parse_change()).unwrap();
    let reply = say(world, who, line);
    let said = text(&reply);
    assert_eq!(reply.outcome, Outcome::Misused, "{line}: {said}");
    assert!(said.contains(why) && said.contains("Nothing was changed") && said.contains("review C2"), "{line}: {said}");
    assert!(reply.actions.iter().any(|action| action.ask.as_str().starts_with("review C2")), "{line}");
    assert_eq!(world.app.store.reader().unwrap().change("C2".parse_change()).unwrap(), before, "{line}");
}

trait ParseChange {
    fn parse_change(&self) -> onrecord::model::ChangeId;
}

impl ParseChange for str {
    fn parse_change(&self) -> onrecord::model::ChangeId {
        match self.parse() {
            Ok(onrecord::model::Reference::Change(id)) => id,
            other => panic!("{other:?}"),
        }
    }
}

const DECISIONS: [&str; 3] = ["approve C2", "reject C2 Not so.", "request-changes C2 Name the page."];

#[test]
fn nobody_decides_on_what_they_have_not_seen_or_what_was_amended_since() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    for line in DECISIONS {
        refused(&world, "terminal:rui", line, "You haven't looked at C2");
    }
    let first = version(&say(&world, "terminal:rui", "review C2"));
    assert_eq!(say(&world, "terminal:cai", "amend C2\nspeaker-role: Queen").outcome, Outcome::Answered);
    for line in DECISIONS {
        let why = "C2 is not what you looked at any more";
        refused(&world, "terminal:rui", line, why);
        // The button under the first view, and one of an earlier version of the program.
        for seen in [first.as_str(), "1795521600000"] {
            let (command, rest) = line.split_once(" C2").unwrap();
            refused(&world, "terminal:rui", &format!("{command} C2 seen:{seen}{rest}"), why);
        }
        // Another reviewer hasn't looked at all; their button is as good as anyone's.
        refused(&world, "discord:22", line, "You haven't looked at C2");
    }
    // Another version each time, however quickly, and the same words are the same version.
    let second = version(&say(&world, "terminal:rui", "review C2"));
    say(&world, "terminal:cai", "amend C2\nspeaker-role: Mayor");
    refused(&world, "terminal:rui", "approve C2", "is not what you looked at any more");
    assert_ne!(first, second);
    assert_eq!(version(&say(&world, "terminal:rui", "review C2")), first);
    // What its author says of it belongs to it.
    say(&world, "terminal:cai", "amend C2\nnote: On page 3.");
    refused(&world, "terminal:rui", "approve C2", "is not what you looked at any more");
    assert_eq!(decide(&world, "terminal:rui", "approve C2 Seen at last: seen: twice.").outcome, Outcome::Answered);
    let reason = rendered(&say(&world, "terminal:leo", "show C2"));
    assert!(reason.contains("Seen at last: seen: twice."), "{reason}");
}

#[test]
fn what_was_seen_is_remembered_across_restarts_and_linked_accounts_and_no_further() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    say(&world, "terminal:rui", "review C2");
    let world = world.restarted();
    world.app.desk.appoint(authority());
    // Someone else's look is nobody's.
    refused(&world, "discord:22", "approve C2", "You haven't looked at C2");
    say(&world, ROOT, "link terminal:rui discord:22");
    assert_eq!(say(&world, "discord:22", "approve C2").outcome, Outcome::Answered);
    // Whose look it was is kept no longer than it is of use.
    let database = rusqlite::Connection::open(world.app.store.path()).unwrap();
    let looks = || database.query_row("SELECT count(*) FROM look", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(looks(), 0);
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayoress");
    say(&world, "terminal:rui", "review C3");
    // Those who can't decide leave none.
    say(&world, "discord:33", "review C3");
    assert_eq!(looks(), 1);
    say(&world, "terminal:cai", "withdraw C3");
    assert_eq!(looks(), 0);
}

#[test]
fn what_others_changed_since_is_looked_at_again() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    say(&world, "discord:33", "edit S1\ntext: It was said that the old pier would be shut in winter.");
    say(&world, "discord:33", "retract S1 It was not said.");
    for change in ["C2", "C4"] {
        assert_eq!(say(&world, "terminal:rui", &format!("review {change}")).outcome, Outcome::Answered);
    }
    assert_eq!(decide(&world, "discord:22", "approve C3").outcome, Outcome::Answered);
    // Both would do something else by now than what was shown.
    refused(&world, "terminal:rui", "approve C2", "what was approved since did");
    let reply = say(&world, "terminal:rui", "approve C4");
    assert_eq!(reply.outcome, Outcome::Misused, "{}", text(&reply));
    let again = text(&say(&world, "terminal:rui", "review C4"));
    assert!(again.contains("shut in winter"), "it is not shown what is to be retracted: {again}");
    assert_eq!(decide(&world, "terminal:rui", "approve C2").outcome, Outcome::Answered);
    // What touches something else leaves it as it is.
    say(&world, "terminal:cai", "add entity\nname: The Pier\nkind: place");
    say(&world, "terminal:rui", "review C5");
    assert_eq!(decide(&world, "discord:22", "approve C4").outcome, Outcome::Answered);
    assert_eq!(say(&world, "terminal:rui", "approve C5").outcome, Outcome::Answered);
}

#[test]
fn a_long_change_is_approved_when_all_of_it_was_read() {
    let world = town();
    let topic =
        |number: usize| format!("[[entity]]\nkey = \"t{number}\"\nkind = \"topic\"\nname = \"Topic {number}\"\n");
    let pack = super::support::read(&(0..30).map(topic).collect::<String>());
    let mut author = authority();
    author.admins.insert("terminal:cai".parse().unwrap());
    let attribution = onrecord::import_export::Attribution {
        author: "terminal:cai".parse().unwrap(),
        ..super::support::attribution()
    };
    onrecord::import_export::propose(&world.app.store, &pack, &attribution, &author).unwrap();
    let first = say(&world, "terminal:rui", "review C2");
    let said = text(&first);
    assert!(said.contains("Topic 11") && !said.contains("Topic 12") && said.contains("It goes on: review C2 page:2"));
    assert!(first.actions.iter().all(|action| action.label != "Approve"), "{:?}", first.actions);
    refused(&world, "terminal:rui", "approve C2", "You have seen 12 of the 30 operations of C2");
    // The last page alone leaves out what stands before it.
    let last = say(&world, "terminal:rui", "review C2 page:3");
    assert!(text(&last).contains("Topic 29") && text(&last).contains("Decide: approve C2, reject"), "{}", text(&last));
    refused(&world, "terminal:rui", "approve C2", "You have seen 12 of the 30 operations of C2");
    say(&world, "terminal:rui", "review C2 page:2");
    let last = say(&world, "terminal:rui", "review C2 page:3");
    assert!(text(&last).contains("Decide: approve C2, reject"), "{}", text(&last));
    assert_eq!(say(&world, "terminal:rui", "approve C2").outcome, Outcome::Answered);
}

#[test]
fn the_store_itself_refuses_what_was_not_seen() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    let id = "C2".parse_change();
    let reviewer: Identity = "terminal:rui".parse().unwrap();
    let review =
        || onrecord::model::Review { reviewer: reviewer.clone(), at: world.now(), reason: "Read.".parse().unwrap() };
    let store = &world.app.store;
    let authority: Authority = authority();
    let wrong = Sight::Of(onrecord::model::ChangeVersion::of("00000000000000000000000000000000"));
    for (sight, is_amended) in [(Sight::Remembered, false), (wrong, true)] {
        for error in [
            store.approve(id, review(), sight.clone(), &authority).unwrap_err(),
            store.reject(id, review(), sight.clone(), &authority).unwrap_err(),
            store
                .request_changes(id, reviewer.clone(), "Why?".parse().unwrap(), sight.clone(), &authority)
                .unwrap_err(),
        ] {
            match error {
                StoreError::Refused(Refusal::Amended(_)) => assert!(is_amended),
                StoreError::Refused(Refusal::NotSeen(_)) => assert!(!is_amended),
                other => panic!("{other:?}"),
            }
        }
    }
    store.approve(id, review(), super::support::looked(store, id), &authority).unwrap();
}
