//! Who may do what: role by command by platform, for one's own proposals and for others', cell by cell;
//! and those who try to get round it.

use onrecord::{
    commands::COMMANDS,
    desk::{Invocation, Request},
    model::{Identity, Role},
    reply::Outcome,
};

use super::{
    editorial::{decide, say, town},
    support::World,
};

/// What a cell of the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// It is done.
    Done,
    /// It may be asked, and there is nothing.
    Empty,
    /// It is refused, and nothing is changed.
    Refused,
}
use Cell::{Done, Empty, Refused};

/// Each command, as it is typed, and for whom it is done: a reader, a contributor, a reviewer, an admin.
/// `OWN` is a change that the one who asks has proposed, `OTHER` one of someone else's. E5 is retracted, by C3.
const TABLE: &[(&str, [Cell; 4])] = &[
    ("source pier", [Done, Done, Done, Done]),
    ("check The old pier would be closed in winter.", [Done, Done, Done, Done]),
    ("related S1", [Empty, Empty, Empty, Empty]),
    ("show S1", [Done, Done, Done, Done]),
    ("show C1", [Done, Done, Done, Done]),
    ("about harbour town", [Done, Done, Done, Done]),
    ("places", [Done, Done, Done, Done]),
    ("organisations", [Empty, Empty, Empty, Empty]),
    ("people", [Done, Done, Done, Done]),
    ("topics", [Empty, Empty, Empty, Empty]),
    ("recent", [Done, Done, Done, Done]),
    ("sources", [Done, Done, Done, Done]),
    ("history S1", [Done, Done, Done, Done]),
    ("more", [Empty, Empty, Empty, Empty]),
    ("help", [Done, Done, Done, Done]),
    ("version", [Done, Done, Done, Done]),
    // Of a community's own people, in a chat, whatever their role here.
    ("settings prefix:?", [Empty, Empty, Empty, Empty]),
    ("watch ana silva", [Refused, Refused, Refused, Refused]),
    ("unwatch ana silva", [Refused, Refused, Refused, Refused]),
    ("watches", [Refused, Refused, Refused, Refused]),
    ("suggest https://example.org/x A note.", [Done, Done, Done, Done]),
    ("dismiss 2 A reason.", [Refused, Done, Done, Done]),
    ("add entity\nname: New\nkind: topic", [Refused, Done, Done, Done]),
    ("add statement\nspeaker: Ana Silva\ntext: New words entirely.\nsource: D1", [Refused, Done, Done, Done]),
    ("edit S1\nspeaker-role: Mayor", [Refused, Done, Done, Done]),
    ("retract S1 A reason.", [Refused, Done, Done, Done]),
    ("restore E5", [Refused, Done, Done, Done]),
    ("restore S1", [Refused, Refused, Refused, Refused]),
    ("merge E1 into E4", [Refused, Done, Done, Done]),
    ("cite S1 D2 cites", [Refused, Done, Done, Done]),
    ("revert C3 A reason.", [Refused, Done, Done, Done]),
    ("revert C1 A reason.", [Refused, Refused, Refused, Refused]),
    ("answer show", [Refused, Empty, Empty, Empty]),
    ("queue", [Refused, Done, Done, Done]),
    ("gaps", [Refused, Done, Done, Done]),
    ("review OTHER", [Refused, Done, Done, Done]),
    ("review OWN", [Refused, Done, Done, Done]),
    ("amend OWN\ndescription: Another", [Refused, Done, Done, Done]),
    ("amend OTHER\ndescription: Another", [Refused, Refused, Refused, Refused]),
    ("withdraw OWN", [Done, Done, Done, Done]),
    ("withdraw OTHER", [Refused, Refused, Refused, Refused]),
    ("claim-review OTHER", [Refused, Refused, Done, Done]),
    ("claim-review OWN", [Refused, Refused, Refused, Refused]),
    ("approve OTHER", [Refused, Refused, Done, Done]),
    ("approve OWN", [Refused, Refused, Refused, Refused]),
    ("reject OTHER A reason.", [Refused, Refused, Done, Done]),
    ("reject OWN A reason.", [Refused, Refused, Refused, Refused]),
    ("request-changes OTHER A reason.", [Refused, Refused, Done, Done]),
    ("request-changes OWN A reason.", [Refused, Refused, Refused, Refused]),
    ("role", [Done, Done, Done, Done]),
    ("role discord:99 contributor", [Refused, Refused, Refused, Done]),
    ("role discord:99 admin", [Refused, Refused, Refused, Done]),
    ("role ME admin", [Refused, Refused, Refused, Done]),
    ("link discord:98 discord:99", [Refused, Refused, Refused, Done]),
    ("unlink discord:98 discord:99", [Refused, Refused, Refused, Done]),
    ("block discord:98 for 7d A reason.", [Refused, Refused, Refused, Done]),
    ("block matrix:@root:example.org", [Refused, Refused, Refused, Refused]),
    ("unblock discord:98", [Refused, Refused, Refused, Done]),
    ("unblock discord:97", [Refused, Refused, Refused, Refused]),
    ("block discord:97", [Refused, Refused, Refused, Done]),
    ("blocked", [Refused, Refused, Refused, Done]),
    ("audit", [Refused, Refused, Done, Done]),
    ("status", [Refused, Refused, Refused, Done]),
    ("purge S1 A reason.", [Refused, Refused, Refused, Done]),
    ("approve PURGE", [Refused, Refused, Refused, Done]),
];

/// What becomes of a decision on someone else's proposal that the one who decides has never looked at.
const UNSEEN: &[(&str, [Cell; 4])] = &[
    ("approve OTHER", [Refused, Refused, Refused, Refused]),
    ("approve PURGE", [Refused, Refused, Refused, Refused]),
    ("reject OTHER A reason.", [Refused, Refused, Refused, Refused]),
    ("request-changes OTHER A reason.", [Refused, Refused, Refused, Refused]),
    // It decides nothing.
    ("claim-review OTHER", [Refused, Refused, Done, Done]),
];

/// The same where they have looked, and its author has amended it since; `BUTTON` is what the button under the review
/// said.
const AMENDED: &[(&str, [Cell; 4])] = &[
    ("approve OTHER", [Refused, Refused, Refused, Refused]),
    ("approve OTHER BUTTON", [Refused, Refused, Refused, Refused]),
    ("reject OTHER A reason.", [Refused, Refused, Refused, Refused]),
    ("reject OTHER BUTTON A reason.", [Refused, Refused, Refused, Refused]),
    ("request-changes OTHER A reason.", [Refused, Refused, Refused, Refused]),
    ("request-changes OTHER BUTTON A reason.", [Refused, Refused, Refused, Refused]),
    ("claim-review OTHER", [Refused, Refused, Done, Done]),
    ("review OTHER", [Refused, Done, Done, Done]),
];

/// What someone has seen of the change that they decide on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Whole,
    Nothing,
    Before,
}

const ROLES: [Role; 4] = [Role::Reader, Role::Contributor, Role::Reviewer, Role::Admin];

const MORE: &str = r#"
[[entity]]
key = "second-town"
kind = "place"
name = "Second Town"

[[entity]]
key = "old-matter"
kind = "topic"
name = "An Old Matter"

[[source]]
key = "second-source"
kind = "report"
title = "A report"
publisher = "daily-gull"
language = "en"
seen = "full"
"#;

/// A town with someone who has this role.
fn scene(who: &str, role: Role) -> World {
    let world = town();
    world.import(MORE);
    say(&world, ROOT, &format!("role {who} {role}"));
    world
}

const ROOT: &str = "matrix:@root:example.org";

/// The line of a cell with ids in place of its words: of proposals that are made for it.
fn line_of(world: &World, line: &str, who: &str, role: Role, number: usize, seen: Seen) -> String {
    let proposed = |who: &str, line: &str| {
        let reply = say(world, who, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{who}: {line}: {reply:?}");
        world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string()
    };
    let mut line = line.replace("ME", who);
    if line.contains("OWN") {
        // What is one's own was proposed while one could.
        say(world, ROOT, &format!("role {who} contributor"));
        let id = proposed(who, &format!("add entity\nname: Of my own {number}\nkind: topic"));
        say(world, ROOT, &format!("role {who} {role}"));
        line = line.replace("OWN", &id);
    }
    if line.contains("OTHER") {
        let id = proposed("terminal:cai", &format!("add entity\nname: Of someone else {number}\nkind: topic"));
        line = line.replace("OTHER", &id);
    }
    if line.contains("PURGE") {
        line = line.replace("PURGE", &proposed(ROOT, &format!("purge S1 On the court's order {number}.")));
    }
    if line.starts_with("dismiss") {
        say(world, "terminal:leo", "suggest https://example.org/a A note.");
    }
    let decided = ["approve", "reject", "request-changes", "claim-review", "review"];
    let change = line.split_whitespace().nth(1).unwrap_or_default().to_owned();
    if seen == Seen::Nothing || !decided.contains(&line.split_whitespace().next().unwrap_or_default()) {
        return line;
    }
    let looked = say(world, who, &format!("review {change}"));
    let button = looked.actions.iter().find_map(|action| action.ask.as_str().split_once("seen:"));
    let version = button.map_or("000000000000000000000000", |(_, version)| version).to_owned();
    if seen == Seen::Before {
        let amended = say(world, "terminal:cai", &format!("amend {change}\ndescription: Another by now"));
        assert_eq!(amended.outcome, Outcome::Answered, "{amended:?}");
    }
    line.replace("BUTTON", &format!("seen:{version}"))
}

fn state(world: &World) -> String {
    let reader = world.app.store.reader().unwrap();
    let changes: Vec<String> =
        reader.all_changes().unwrap().into_iter().map(|id| format!("{:?}", reader.change(id).unwrap())).collect();
    let blocks = reader.blocks(world.now(), 0, 20).unwrap();
    format!("{changes:?} {:?} {:?} {blocks:?}", reader.role_holders().unwrap(), reader.suggestions(20).unwrap())
}

#[test]
fn every_cell_of_the_table_is_as_it_says() {
    let mut cells = 0;
    for who in ["discord:70", "matrix:@zoe:example.org", "terminal:zoe"] {
        for (column, role) in ROLES.iter().enumerate() {
            let world = scene(who, *role);
            say(&world, "terminal:cai", "retract E5 It was settled.");
            assert_eq!(decide(&world, "terminal:rui", "approve C3").outcome, Outcome::Answered);
            let all = [(Seen::Nothing, UNSEEN), (Seen::Before, AMENDED), (Seen::Whole, TABLE)];
            let all = all.iter().flat_map(|(seen, table)| table.iter().map(move |cell| (*seen, cell)));
            for (number, (seen, (line, wanted))) in all.enumerate() {
                let line = line_of(&world, line, who, *role, number, seen);
                let before = state(&world);
                let reply = say(&world, who, &line);
                assert_ne!(reply.outcome, Outcome::Failed, "{role} on {who}: {line}: {reply:?}");
                let done = match reply.outcome {
                    Outcome::Answered => Done,
                    Outcome::NothingFound => Empty,
                    _ => Refused,
                };
                assert_eq!(done, wanted[column], "{role} on {who} having seen {seen:?}: {line}: {reply:?}");
                if done != Done {
                    assert_eq!(state(&world), before, "{role} on {who}: {line} was not done and changed something");
                }
                // A revert further down proposes the very same, which is queued once.
                if done == Done && line.starts_with("restore") {
                    let last = *world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap();
                    assert_eq!(say(&world, who, &format!("withdraw {last}")).outcome, Outcome::Answered);
                }
                // A role that was given is taken again, so that the next cell is its own.
                say(&world, ROOT, &format!("role {who} {role}"));
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 3 * 4 * (TABLE.len() + UNSEEN.len() + AMENDED.len()));
}

#[test]
fn every_command_is_in_the_table() {
    for spec in COMMANDS {
        let cells: Vec<_> =
            TABLE.iter().filter(|(line, _)| line.split_whitespace().next() == Some(spec.name)).collect();
        assert!(!cells.is_empty(), "{} is missing", spec.name);
        // Whoever raises or lowers what a command needs has to say so here.
        // What is decided on must be what was seen.
        let takes_versions = spec.parameters.iter().any(|parameter| parameter.name == "seen");
        for table in [UNSEEN, AMENDED] {
            let cells = table.iter().filter(|(line, _)| line.split_whitespace().next() == Some(spec.name));
            let refused = cells.filter(|(_, wanted)| wanted.iter().all(|cell| *cell == Refused)).count();
            assert_eq!(refused > 0, takes_versions, "{}", spec.name);
        }
        for (column, role) in ROLES.iter().enumerate() {
            let done = cells.iter().any(|(_, wanted)| wanted[column] != Refused);
            assert!(!done || spec.role <= *role, "{} needs {} and is done for {role}", spec.name, spec.role);
        }
    }
}

#[test]
fn rights_end_when_they_are_taken_and_are_nobody_elses() {
    let world = scene("discord:70", Role::Reviewer);
    let root = ROOT;
    say(&world, "terminal:cai", "add entity\nname: First\nkind: topic");
    say(&world, "terminal:cai", "add entity\nname: Of someone else\nkind: topic");
    // The review was opened with the right, the button pressed without.
    let seen = say(&world, "discord:70", "review C4");
    let approve = seen.actions.iter().find(|action| action.label == "Approve").unwrap().ask.as_str().to_owned();
    say(&world, root, "role discord:70 reader");
    let before = state(&world);
    for (who, line) in [
        ("discord:70", approve.as_str()),
        // Someone else presses the button, or makes one up.
        ("discord:71", approve.as_str()),
        ("terminal:leo", approve.as_str()),
        ("discord:22", "approve C999"),
        ("discord:22", "approve C4 seen:1"),
        ("discord:22", "approve S1"),
        ("discord:22", "approve C1"),
        // Names that look like those who may: another account on another platform, a bridge's ghost of an
        // account, a look-alike letter, another server.
        ("matrix:@discord_22:example.org", "approve C4"),
        ("matrix:@root:example.org.evil.example", "role matrix:@root:example.org.evil.example admin"),
        ("matrix:@r\u{43e}\u{43e}t:example.org", "role discord:1 admin"),
        ("terminal:root", "role discord:1 admin"),
        ("terminal:22", "approve C4"),
        ("discord:22", "role discord:22 admin"),
        ("discord:33", "approve C4"),
        // A line break or a second command in a reason is no command.
        ("discord:33", "retract\napprove C4"),
    ] {
        let reply = say(&world, who, line);
        assert_ne!(reply.outcome, Outcome::Answered, "{who}: {line}");
        assert_eq!(state(&world), before, "{who}: {line} changed something");
    }
    // A linked account is the same person.
    say(&world, root, "link terminal:cai discord:22");
    assert_eq!(decide(&world, "discord:22", "approve C4").outcome, Outcome::Misused);
    assert_eq!(state(&world), before);
    say(&world, root, "unlink terminal:cai discord:22");
    assert_eq!(decide(&world, "discord:22", "approve C4").outcome, Outcome::Answered);
    // An admin of the configuration can't be put down from a chat.
    say(&world, root, "role discord:44 admin");
    assert_eq!(say(&world, "discord:44", "role matrix:@root:example.org reader").outcome, Outcome::Misused);
    assert_eq!(say(&world, root, "role discord:44 reader").outcome, Outcome::Answered);
}

#[test]
fn options_give_no_more_rights_than_words() {
    let world = scene("discord:70", Role::Contributor);
    for name in ["First", "Second"] {
        say(&world, "terminal:cai", &format!("add entity\nname: {name}\nkind: topic"));
    }
    let before = state(&world);
    for (command, options) in [
        ("approve", vec![("id", "C4")]),
        ("role", vec![("who", "discord:70"), ("role", "admin")]),
        ("purge", vec![("id", "S1"), ("reason", "x")]),
    ] {
        let actor: Identity = "discord:70".parse().unwrap();
        let options = options.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let reply = world.app.desk.answer(&Request {
            conversation: "discord:1:70".to_owned(),
            actor,
            invocation: Invocation::Options { command: command.to_owned(), options },
            origin: None,
            page_size: 10,
        });
        assert_eq!(reply.outcome, Outcome::Misused, "{command}");
        assert_eq!(state(&world), before);
    }
}
