//! What the desk has to hold: changes that meet, purges, corrections that travel, posts for those who
//! watch, the checks before publication.

use onrecord::{
    desk::{
        ChatOrigin, Invocation, Request, SeenBy,
        corrections::PostTarget,
        deliveries::{AsOf, Delivery, Shown},
    },
    model::{Authority, Platform, Sequence},
    reply::{Outcome, Reply, json::JsonReply},
};

use super::{
    editorial::{decide, say, town},
    rendered::rendered,
    support::World,
};

/// All words of a reply, as they are read and as a program gets them.
fn words(reply: &Reply) -> String {
    format!("{} {}", rendered(reply), serde_json::to_string(&JsonReply::of(reply)).unwrap())
}

#[track_caller]
fn approved(world: &World, change: &str) {
    let reply = decide(world, "terminal:rui", &format!("approve {change}"));
    assert_eq!(reply.outcome, Outcome::Answered, "{}", words(&reply));
}

#[test]
fn what_others_changed_stays_unless_it_is_the_same_field() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\nsaid: 2022-10-25");
    say(&world, "discord:33", "edit S1\ntext: It was said that the old pier would be shut in winter.");
    say(&world, "discord:33", "edit S1\nsaid: 2022-10-24");
    approved(&world, "C2");
    let reply = say(&world, "terminal:rui", "review C3");
    assert!(words(&reply).contains("Others changed the record since"), "{}", words(&reply));
    approved(&world, "C3");
    let statement = words(&say(&world, "terminal:leo", "show S1"));
    assert!(statement.contains("shut in winter") && statement.contains("2022-10-25"), "{statement}");
    let reply = words(&decide(&world, "terminal:rui", "approve C4"));
    assert!(
        reply.contains("S1 — Said: proposed is 2022-10-24; on record is now 2022-10-25")
            && !reply.contains("pier-closed"),
        "{reply}"
    );
    assert_eq!(world.app.store.reader().unwrap().verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn two_reviewers_at_the_same_moment_apply_it_once_and_the_other_is_told() {
    let world = town();
    for round in 2..8 {
        say(&world, "terminal:cai", &format!("edit S1\nspeaker-role: Mayor {round}"));
        let change = format!("approve C{round}");
        for who in ["terminal:rui", "discord:22"] {
            say(&world, who, &format!("review C{round}"));
        }
        let (one, other) = std::thread::scope(|scope| {
            let one = scope.spawn(|| say(&world, "terminal:rui", &change));
            let other = scope.spawn(|| say(&world, "discord:22", &change));
            (one.join().unwrap(), other.join().unwrap())
        });
        let outcomes = [one.outcome, other.outcome];
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Answered).count(), 1, "{outcomes:?}");
        let told = words(if one.outcome == Outcome::Answered { &other } else { &one });
        assert!(told.contains("was approved before by"), "{told}");
    }
    assert_eq!(world.app.store.reader().unwrap().latest_sequence().unwrap(), Sequence(7));
}

#[test]
fn what_is_approved_is_what_the_reviewer_saw() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    let seen = say(&world, "terminal:rui", "review C2");
    let approve = seen.actions.iter().find(|action| action.label == "Approve").unwrap().ask.as_str().to_owned();
    say(&world, "terminal:cai", "amend C2\nspeaker-role: Queen");
    let reply = words(&say(&world, "terminal:rui", &approve));
    assert!(reply.contains("C2 is not what you looked at any more: its author changed it"), "{reply}");
    approved(&world, "C2");
}

#[test]
fn what_is_missing_or_wrong_is_said_field_by_field() {
    let world = town();
    let long = "x".repeat(501);
    for (line, wanted) in [
        ("add statement\ntext: a", &["speaker: it is missing", "source: it is missing"][..]),
        ("add statement\nspeaker: Ana Silva\ntext: a\nsource: nowhere\nsaid: 2122", &["is no web address"]),
        ("add statement\nspeaker: Ana Silva\ntext: a\nsource: D1\nsaid: 2122", &["said: 2122 is in the future"]),
        (
            "add statement\nspeaker: Ana Silva\ntext: a\nsource: D1\nquote: words",
            &["quote-language: the quote is not marked"],
        ),
        (
            &format!("add statement\nspeaker: Ana Silva\ntext: a\nsource: D1\nquote: {long}\nquote-language: en"),
            &["it is 501 characters long, and a quote has at most 500"],
        ),
        ("add statement\nspeaker: Nobody\ntext: a\nsource: D1", &["“Nobody” is not on record", "+ entity"]),
        ("add statement\nspeaker: Ana Silva\ntext: a\nsource: D9", &["there is no D9"]),
        (
            "add source\nurl: ftp://example.org/a\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
            &["is not an http or https address"],
        ),
        (
            "add source\nurl: https://ana:x@example.org/a\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
            &["holds a user name or password"],
        ),
        (
            "add source\nurl: http://gull.example.org/pier/?id=7&fbclid=1\npublisher: The Daily Gull\ntitle: T\nlanguage: en",
            &["the page is on record as D1"],
        ),
        (
            "add response\nto: S1\nresponder: The Daily Gull\nkind: denial\ntext: a\nsource: D1\nsaid: 2022-10-01",
            &["2022-10-01 is before the statement that it answers (2022-10-26)", "confirm: yes"],
        ),
        (
            "add statement\nspeaker: Ana Silva\ntext: It was said that the old pier would be closed in the winter.\nsource: D1",
            &["It may already be on record", "S1"],
        ),
        ("edit S1\ntext: It was said that the old pier would be closed in winter.", &["nothing differs"]),
        ("edit S1\nspeaker: -", &["speaker: it is missing"]),
        ("add statement\nnonsense", &["“nonsense” is no field"]),
    ] {
        let reply = say(&world, "terminal:cai", line);
        assert_eq!(reply.outcome, Outcome::Misused, "{line}: {}", words(&reply));
        for wanted in wanted {
            assert!(words(&reply).contains(wanted), "{wanted} is not in {}", words(&reply));
        }
    }
    assert_eq!(say(&world, "terminal:rui", "queue").outcome, Outcome::NothingFound, "nothing of it was proposed");
    let confirmed = "add response\nto: S1\nresponder: The Daily Gull\nkind: denial\ntext: a\nsource: D1\nsaid: 2022-10-01\nconfirm: yes";
    assert_eq!(say(&world, "terminal:cai", confirmed).outcome, Outcome::Answered);
    let look_alike =
        "add source\nurl: https://gull.ex\u{430}mple.org/new\npublisher: The Daily Gull\ntitle: T\nlanguage: en";
    let reply = words(&say(&world, "terminal:cai", look_alike));
    assert!(reply.contains("looks like gull.example.org"), "a look-alike is proposed with a warning: {reply}");
}

#[test]
fn a_change_can_be_turned_back_and_every_version_can_be_read() {
    let world = town();
    say(&world, "terminal:cai", "edit S1\ntext: It was said that it snows.\ncorrection: The wording was wrong.");
    approved(&world, "C2");
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    approved(&world, "C3");
    assert_eq!(say(&world, "terminal:cai", "revert C2 The first wording was right.").outcome, Outcome::Answered);
    approved(&world, "C4");
    let now = words(&say(&world, "terminal:leo", "show S1"));
    assert!(
        now.contains("the old pier") && now.contains("Mayor") && now.contains("The first wording was right."),
        "{now}"
    );
    let then = words(&say(&world, "terminal:leo", "show S1 at 2026-11-24"));
    assert!(then.contains("the old pier"), "the world began on that day: {then}");
    let before = say(&world, "terminal:leo", "show S1 at 2020");
    assert!(words(&before).contains("was not on record on"));
    say(&world, "terminal:cai", "revert C1");
    let reader = world.app.store.reader().unwrap();
    assert_eq!(reader.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_purge_needs_two_admins_and_leaves_nothing_but_a_tombstone() {
    let world = town();
    let secret = "It was said that the zyxomma is hidden.";
    say(
        &world,
        "terminal:cai",
        &format!("add statement\nspeaker: Ana Silva\ntext: {secret}\nsource: D1\nnote: zyxomma"),
    );
    approved(&world, "C2");
    say(&world, "terminal:cai", "edit S2\nquote: Zyxomma!\nquote-language: en");
    approved(&world, "C3");
    assert_eq!(say(&world, "terminal:leo", "source zyxomma").records.len(), 1);
    let root = "matrix:@root:example.org";
    assert_eq!(say(&world, "terminal:rui", "purge S2 On a court's order.").outcome, Outcome::Misused);
    assert_eq!(say(&world, root, "purge S2 On a court's order.").outcome, Outcome::Answered);
    assert_eq!(decide(&world, root, "approve C4").outcome, Outcome::Misused, "nobody purges alone");
    assert_eq!(decide(&world, "terminal:rui", "approve C4").outcome, Outcome::Misused, "a reviewer is no admin");
    say(&world, root, "role discord:44 admin");
    let reply = decide(&world, "discord:44", "approve C4");
    assert_eq!(reply.outcome, Outcome::Answered, "{}", words(&reply));
    assert_eq!(say(&world, "terminal:leo", "source zyxomma").outcome, Outcome::NothingFound);
    for line in ["show S2", "history S2", "show C2", "show C3", "review C2", "recent", "show C4", "audit"] {
        let reply = words(&say(&world, "terminal:rui", line));
        assert!(!reply.to_lowercase().contains("zyxomma"), "{line}: {reply}");
    }
    let tombstone = words(&say(&world, "terminal:leo", "show S2"));
    assert!(tombstone.contains("On a court's order."), "{tombstone}");
    assert_eq!(world.app.store.reader().unwrap().verify().unwrap().problems, Vec::<String>::new());
    // Neither in the database, nor in its log, nor in the index.
    let mut waiting = vec![world.app.store.path().parent().unwrap().to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        assert!(!bytes.windows(7).any(|window| window == b"zyxomma"), "{} still has it", path.display());
    }
    // The next statement gets a number of its own, and what is answered may not be purged away.
    say(
        &world,
        "terminal:cai",
        "add response\nto: S1\nresponder: The Daily Gull\nkind: denial\ntext: Not so.\nsource: D1",
    );
    approved(&world, "C5");
    let reply = words(&say(&world, root, "purge S1 On a court's order."));
    assert!(reply.contains("while the response"), "{reply}");
}

fn delivery(world: &World, question: &str, entries: &[&str], days_ago: i64) -> Delivery {
    Delivery {
        platform: Platform::Discord,
        question: question.to_owned(),
        channel: "7".to_owned(),
        answer: format!("answer to {question}"),
        entries: entries.iter().map(|&id| id.to_owned()).collect(),
        as_of: None,
        at: world.now() - jiff::SignedDuration::from_hours(24 * days_ago),
    }
}

#[test]
fn a_correction_reaches_the_messages_that_showed_the_entry_once_each() {
    let world = town();
    let desk = &world.app.desk;
    let shown = [
        delivery(&world, "old", &["S1"], 31),
        delivery(&world, "one", &["S1"], 29),
        delivery(&world, "two", &["S1", "S9"], 1),
        delivery(&world, "other", &["S9", "S10", "S11"], 1),
    ];
    desk.delivered(shown.to_vec()).unwrap();
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    approved(&world, "C2");
    assert_eq!(desk.corrections_due(Platform::Discord, 10).unwrap(), [], "the sense is the same: nobody is told");
    say(&world, "terminal:cai", "edit S1\ntext: It was said that it snows.\ncorrection: The wording was wrong.");
    approved(&world, "C3");
    assert_eq!(desk.corrections_due(Platform::Matrix, 10).unwrap(), []);
    let due = desk.corrections_due(Platform::Discord, 1).unwrap();
    let [first] = due.as_slice() else { panic!("{due:?}") };
    assert_eq!((first.message.as_str(), first.changed.join(" ")), ("answer to one", "S1".to_owned()));
    let reply = desk.correction_reply(first).unwrap();
    let text = words(&reply);
    assert!(
        text.contains("The wording was wrong.")
            && text.contains("it snows")
            && text.contains("This answer was corrected on"),
        "{text}"
    );
    assert!(reply.actions.iter().any(|action| action.ask.as_str() == "show S1"));
    assert!(desk.correction_done(first.id, first.change).unwrap());
    assert!(!desk.correction_done(first.id, first.change).unwrap(), "a report counts once");

    // Another change comes in between taking and reporting: the message stays due.
    let taken = desk.corrections_due(Platform::Discord, 10).unwrap();
    let [second] = taken.as_slice() else { panic!("{taken:?}") };
    say(&world, "terminal:cai", "retract S1 The paper withdrew it.");
    approved(&world, "C4");
    assert!(!desk.correction_done(second.id, second.change).unwrap());
    let due: Vec<String> =
        desk.corrections_due(Platform::Discord, 10).unwrap().into_iter().map(|due| due.message).collect();
    assert_eq!(due, ["answer to two", "answer to one"]);

    // What was not reported is due again after a restart.
    let world = world.restarted();
    let desk = &world.app.desk;
    for due in desk.corrections_due(Platform::Discord, 10).unwrap() {
        assert!(words(&desk.correction_reply(&due).unwrap()).contains("was retracted on"));
        assert!(desk.correction_done(due.id, due.change).unwrap());
    }
    assert_eq!(desk.corrections_due(Platform::Discord, 10).unwrap(), []);
}

fn say_in(world: &World, who: &str, line: &str, manages: bool) -> Reply {
    let actor: onrecord::model::Identity = who.parse().unwrap();
    world.app.desk.answer(&Request {
        conversation: format!("{}:7:{who}", actor.platform()),
        actor,
        invocation: Invocation::Text(line.to_owned()),
        origin: Some(ChatOrigin {
            community: Some("discord:1".to_owned()),
            channel: "7".to_owned(),
            parent: None,
            may_manage_community: manages,
            may_moderate_channel: manages,
            seen_by: SeenBy::Everyone,
        }),
        page_size: 10,
    })
}

#[test]
fn those_who_watch_are_told_of_what_is_new_and_reviewers_of_what_waits() {
    let world = town();
    assert_eq!(say_in(&world, "discord:55", "watch harbour town", false).outcome, Outcome::Misused);
    assert_eq!(say_in(&world, "discord:55", "watch harbour town", true).outcome, Outcome::Answered);
    assert_eq!(say_in(&world, "discord:66", "watch ana silva to:me digest:daily", false).outcome, Outcome::Answered);
    let list = words(&say_in(&world, "discord:66", "watches", false));
    assert!(list.contains("Harbour Town") && !list.contains("Ana Silva"), "{list}");
    say(
        &world,
        "terminal:cai",
        "add statement\nspeaker: Ana Silva\ntext: It was said that whales came by.\nsource: D1\nabout: Harbour Town",
    );
    assert_eq!(world.app.desk.posts_due(Platform::Discord, 10).unwrap(), [], "nothing is told before it is approved");
    approved(&world, "C2");
    let due = world.app.desk.posts_due(Platform::Discord, 10).unwrap();
    let [post] = due.as_slice() else { panic!("the digest is not due yet: {due:?}") };
    assert_eq!(post.place, PostTarget::Channel("7".to_owned()));
    assert!(words(&world.app.desk.post_reply(post).unwrap()).contains("whales came by"));
    assert!(world.app.desk.post_done(post).unwrap());
    assert!(!world.app.desk.post_done(post).unwrap());
    assert_eq!(world.app.desk.posts_due(Platform::Discord, 10).unwrap(), []);
    let later = world.now() + jiff::SignedDuration::from_hours(24);
    let digest = world.app.store.reader().unwrap().posts_due(Platform::Discord, later, 10).unwrap();
    assert_eq!(digest.iter().map(|post| &post.place).collect::<Vec<_>>(), [&PostTarget::Person("66".to_owned())]);
    assert_eq!(say_in(&world, "discord:55", "unwatch harbour town", true).outcome, Outcome::Answered);
    assert_eq!(say_in(&world, "discord:55", "watches", true).outcome, Outcome::NothingFound);

    let world = World::of("[[entity]]\nkey = \"t\"\nkind = \"topic\"\nname = \"Tea\"\n");
    let channels = vec!["discord:900".parse().unwrap()];
    let admins = ["terminal:root".parse().unwrap()];
    world.app.desk.appoint(Authority { review_channels: channels, ..Authority::of(admins) });
    say(&world, "terminal:root", "edit E1\ndescription: A drink.");
    let due = world.app.desk.posts_due(Platform::Discord, 10).unwrap();
    let [post] = due.as_slice() else { panic!("{due:?}") };
    let reply = world.app.desk.post_reply(post).unwrap();
    assert!(words(&reply).contains("For review: C2"), "{}", words(&reply));
    assert_eq!(post.place, PostTarget::Channel("900".to_owned()));
}

#[test]
fn alone_one_may_approve_ones_own_and_the_history_says_so() {
    let world = World::of("[[entity]]\nkey = \"t\"\nkind = \"topic\"\nname = \"Tea\"\n");
    world.app.desk.appoint(Authority { solo: true, ..Authority::of(["terminal:root".parse().unwrap()]) });
    say(&world, "terminal:root", "edit E1\ndescription: A drink.");
    let reply = words(&decide(&world, "terminal:root", "approve C2"));
    assert!(reply.contains("You approved your own proposal"), "{reply}");
    assert!(words(&say(&world, "terminal:leo", "show C2")).contains("Approved by its author, being the only reviewer"));
    // Another account of the same person is no second reviewer; another person is.
    say(&world, "terminal:root", "role discord:1 reviewer");
    say(&world, "terminal:root", "link terminal:root discord:1");
    say(&world, "terminal:root", "edit E1\ndescription: A hot drink.");
    assert_eq!(decide(&world, "discord:1", "approve C3").outcome, Outcome::Answered);
    say(&world, "terminal:root", "role discord:2 reviewer");
    say(&world, "terminal:root", "edit E1\ndescription: A cold drink.");
    let reply = words(&decide(&world, "terminal:root", "approve C4"));
    assert!(reply.contains("only where there is one reviewer"), "{reply}");
    assert_eq!(decide(&world, "discord:2", "approve C4").outcome, Outcome::Answered);
}

#[test]
fn what_a_correction_reaches_is_looked_up_and_kept_in_step() {
    let world = town();
    let desk = &world.app.desk;
    let database = || rusqlite::Connection::open(world.app.store.path()).unwrap();
    let shown = || -> Vec<String> {
        let database = database();
        let mut statement =
            database.prepare("SELECT entry || ' ' || question FROM delivery_entry ORDER BY question, entry").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    desk.delivered(vec![delivery(&world, "a", &["S1", "S12", "S1"], 1), delivery(&world, "b", &[], 1)]).unwrap();
    assert_eq!(shown(), ["S1 a", "S12 a"]);
    // An answer that shows something else by now; one that was taken away.
    desk.delivered(vec![delivery(&world, "a", &["S2"], 1), delivery(&world, "c", &["S1"], 1)]).unwrap();
    assert_eq!(shown(), ["S2 a", "S1 c"]);
    desk.forget_delivery(Platform::Discord, "a").unwrap();
    assert_eq!(shown(), ["S1 c"]);
    // Of long ago: all goes together.
    desk.delivered(vec![delivery(&world, "d", &["S1"], 100)]).unwrap();
    desk.delivered(vec![delivery(&world, "e", &["S1"], 0)]).unwrap();
    assert_eq!(shown(), ["S1 c", "S1 e"]);
    let plan: Vec<String> = {
        let database = database();
        let mut statement = database
            .prepare(
                "EXPLAIN QUERY PLAN SELECT * FROM delivery_entry CROSS JOIN delivery USING (platform, question)
                 WHERE delivery_entry.entry = 'S1' AND delivery.at >= 0",
            )
            .unwrap();
        statement.query_map([], |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{plan:?}");
    assert!(plan[0].contains("delivery_entry") && plan[0].contains("entry=?"), "{plan:?}");
}

#[test]
fn a_correction_reaches_a_message_that_came_on_record_after_it() {
    let world = town();
    let desk = &world.app.desk;
    let before = Shown::of(&say(&world, "terminal:leo", "show S1"));
    assert_eq!((before.entries.join(" "), before.as_of), ("S1".to_owned(), Some(AsOf::Place(Sequence(1)))));
    let time_before = AsOf::Time(world.now() - jiff::SignedDuration::from_hours(1));
    say(&world, "terminal:cai", "edit S1\ntext: It was said that it snows.\ncorrection: The wording was wrong.");
    approved(&world, "C2");
    let after = Shown::of(&say(&world, "terminal:leo", "source harbour"));
    let time_after = AsOf::Time(world.now() + jiff::SignedDuration::from_hours(1));
    let shown = |question: &str, entries: &[&str], as_of| Delivery { as_of, ..delivery(&world, question, entries, 0) };
    desk.delivered(vec![
        shown("read before", &["S1"], before.as_of),
        shown("read at a time before", &["S1"], Some(time_before)),
        shown("read before, but of something else", &["S9"], before.as_of),
        shown("read after", &["S1"], after.as_of),
        shown("read at a time after", &["S1"], Some(time_after)),
        shown("read nobody knows when", &["S1"], None),
    ])
    .unwrap();
    let due = desk.corrections_due(Platform::Discord, 10).unwrap();
    let messages: Vec<&str> = due.iter().map(|due| due.message.as_str()).collect();
    assert_eq!(messages, ["answer to read before", "answer to read at a time before"]);
    assert!(words(&desk.correction_reply(&due[0]).unwrap()).contains("The wording was wrong."));
    // Where messages aren't to be corrected they aren't.
    desk.appoint(Authority { correction_days: 0, ..super::editorial::authority() });
    desk.delivered(vec![shown("read before, too", &["S1"], before.as_of)]).unwrap();
    assert_eq!(desk.corrections_due(Platform::Discord, 10).unwrap().len(), 2);
}
