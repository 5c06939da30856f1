//! The second pair of eyes is someone else's: under whatever spelling, nobody counts as two.

use std::process::{Command, Stdio};

use onrecord::{reply::Outcome, store::Store};

use super::{
    earlier::early,
    editorial::{decide, say, town},
    rendered::rendered,
    support::me,
    upgrades::{opened, say_as},
};

const TOPIC: &str = "[[entity]]\nkey = \"tea\"\nkind = \"topic\"\nname = \"Tea\"\n";

/// Runs the program; gives its exit code and what it said.
fn onrecord(folder: &std::path::Path, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).env_clear().env("ONRECORD_SHIPPED_DATA", "off").env("LANG", "C.UTF-8");
    let output = command.envs(variables.iter().copied()).args(arguments).stdin(Stdio::null()).output().unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    (output.status.code().unwrap(), said)
}

#[test]
fn an_import_by_one_person_under_two_spellings_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tea.toml"), TOPIC).unwrap();
    assert_eq!(onrecord(folder.path(), &[], &["version"]).0, 0);
    let me = me();
    let own = me.strip_prefix("terminal:").unwrap();
    for (by, reviewer) in [
        ("boss", "boss"),
        ("terminal:boss", "boss"),
        ("boss", "terminal:boss"),
        ("boss", "Boss"),
        ("boss", "bo\u{200b}ss"),
        ("bo\u{200b}ss", "boss"),
        ("boss", "boss\u{feff}"),
        ("boss", "b\u{43e}ss"),
        ("boss", "terminal:terminal:boss"),
        ("discord:22", "discord:022"),
        ("matrix:@ana:example.org", "matrix:@Ana:example.org"),
        ("", "boss"),
        ("boss", "project:reviewers"),
        ("boss", "\"boss\""),
        ("matrix:@a:example.org", "matrix:!room:example.org"),
        ("boss", "reviewer-not-named"),
        // The one who runs the program, named and not named.
        (own, me.as_str()),
    ] {
        let (code, said) = onrecord(folder.path(), &[], &["import", "tea.toml", "--by", by, "--reviewed-by", reviewer]);
        assert_ne!(code, 0, "{by:?} and {reviewer:?}: {said}");
    }
    let (code, said) = onrecord(folder.path(), &[], &["import", "tea.toml", "--reviewed-by", own]);
    assert!(code != 0 && said.contains("someone other than its author"), "{said}");
    assert_eq!(changes(folder.path()), 0, "something was taken in");
    let arguments = ["import", "tea.toml", "--by", "discord:0022", "--reviewed-by", "ana"];
    let (code, said) = onrecord(folder.path(), &[], &arguments);
    assert_eq!(code, 0, "{said}");
    let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
    let reader = store.reader().unwrap();
    let change = reader.change(reader.all_changes().unwrap()[0]).unwrap();
    let reviewer = change.state.review().unwrap().reviewer.to_string();
    assert_eq!((change.proposal.author.to_string(), reviewer), ("discord:22".to_owned(), "terminal:ana".to_owned()));
}

fn changes(folder: &std::path::Path) -> usize {
    Store::open(&folder.join("onrecord.db")).unwrap().reader().unwrap().all_changes().unwrap().len()
}

#[test]
fn no_variable_chooses_whom_the_console_takes_one_for() {
    let folder = tempfile::tempdir().unwrap();
    let me = me();
    for variables in [
        &[][..],
        &[("USER", "boss"), ("LOGNAME", "boss"), ("USERNAME", "boss"), ("HOME", "/home/boss"), ("SUDO_USER", "boss")],
        &[("USER", "boss\u{200b}")],
    ] {
        let mut variables = variables.to_vec();
        variables.push(("ONRECORD_ADMINS", "terminal:boss,terminal:local"));
        let (code, said) = onrecord(folder.path(), &variables, &["role"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(&format!("Your role is reader, as {me}.")), "{said}");
    }
}

#[test]
fn look_alikes_are_named_by_nobody_and_appointed_by_nobody() {
    let world = town();
    let root = "matrix:@root:example.org";
    for who in
        ["terminal:r\u{443}i", "terminal:ru\u{200b}i", "discord:abc", "matrix:@r\u{443}i:example.org", "project:x"]
    {
        for line in [format!("role {who} reviewer"), format!("link terminal:cai {who}"), format!("block {who}")] {
            assert_eq!(say(&world, root, &line).outcome, Outcome::Misused, "{line}");
        }
    }
    // What is the same is the same, however it is written.
    say(&world, root, "role discord:0077 reviewer");
    say(&world, "terminal:cai", "edit S1\nspeaker-role: Mayor");
    assert_eq!(decide(&world, "discord:77", "approve C2").outcome, Outcome::Answered);
    let folder = tempfile::tempdir().unwrap();
    for admins in ["terminal:b\u{43e}ss", "terminal:bo\u{200b}ss", "project:x", "discord:ana"] {
        let (code, said) = onrecord(folder.path(), &[("ONRECORD_ADMINS", admins)], &["config"]);
        assert!(code != 0 && said.contains("ONRECORD_ADMINS"), "{admins}: {said}");
    }
}

#[test]
fn an_account_that_may_be_taken_for_the_author_s_is_no_second_person() {
    let world = town();
    let root = "matrix:@root:example.org";
    for (author, reviewer) in
        [("terminal:boss", "terminal:Boss"), ("matrix:@ana:example.org", "matrix:@Ana:example.org")]
    {
        say(&world, root, &format!("role {author} contributor"));
        say(&world, root, &format!("role {reviewer} reviewer"));
        let proposed = say(&world, author, &format!("add entity\nname: By {}\nkind: topic", author.len()));
        assert_eq!(proposed.outcome, Outcome::Answered);
        let id = world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
        for line in [format!("approve {id}"), format!("reject {id} No."), format!("claim-review {id}")] {
            let reply = rendered(&decide(&world, reviewer, &line));
            assert!(reply.contains("You proposed this yourself"), "{line}: {reply}");
        }
        // It has no part in the other's rights, either.
        for line in [format!("withdraw {id}"), format!("amend {id}\ndescription: Mine")] {
            assert_eq!(say(&world, reviewer, &line).outcome, Outcome::Misused, "{line}");
        }
    }
}

#[test]
fn what_is_on_record_of_before_is_still_read() {
    // Such an account could be named before, and what it proposed waits still.
    let folder = tempfile::tempdir().unwrap();
    let database = rusqlite::Connection::open(early(folder.path(), 9)).unwrap();
    let changed = database
        .execute(
            "UPDATE change SET author = 'terminal:bo' || char(0x200b) || 'ss' WHERE id = 5 AND state = 'pending'",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(database);
    let app = opened(&folder);
    assert_eq!(say_as(&app, "matrix:@root:example.org", "role terminal:boss reviewer").outcome, Outcome::Answered);
    assert_eq!(say_as(&app, "terminal:boss", "review C5").outcome, Outcome::Answered);
    let reply = rendered(&say_as(&app, "terminal:boss", "approve C5"));
    assert!(reply.contains("You proposed this yourself"), "{reply}");
    for line in ["review C5", "approve C5"] {
        assert_eq!(say_as(&app, "terminal:rui", line).outcome, Outcome::Answered, "{line}");
    }
}

#[test]
fn whoever_amends_for_a_linked_account_is_the_author_of_what_stands_there_then() {
    let world = town();
    let root = "matrix:@root:example.org";
    for line in ["role discord:77 contributor", "role discord:78 reviewer", "link discord:77 discord:78"] {
        assert_eq!(say(&world, root, line).outcome, Outcome::Answered, "{line}");
    }
    assert_eq!(say(&world, "discord:77", "add entity\nname: Tea\nkind: topic").outcome, Outcome::Answered);
    let id = world.app.store.reader().unwrap().all_changes().unwrap().last().unwrap().to_string();
    assert_eq!(say(&world, "discord:78", &format!("amend {id}\nname: Poisoned tea")).outcome, Outcome::Answered);
    assert_eq!(say(&world, root, "unlink discord:77 discord:78").outcome, Outcome::Answered);
    let reply = rendered(&decide(&world, "discord:78", &format!("approve {id}")));
    assert!(reply.contains("You proposed this yourself"), "{reply}");
    assert_eq!(decide(&world, "terminal:rui", &format!("approve {id}")).outcome, Outcome::Answered);
    assert!(world.app.store.reader().unwrap().verify().unwrap().problems.is_empty());
}

#[test]
fn a_pack_is_proposed_by_whoever_runs_the_program_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tea.toml"), TOPIC).unwrap();
    assert_eq!(onrecord(folder.path(), &[], &["version"]).0, 0);
    let (code, said) = onrecord(folder.path(), &[], &["import", "tea.toml", "--propose", "--by", "someone-else"]);
    assert!(code == 2 && said.contains("--by"), "{said}");
    assert_eq!(onrecord(folder.path(), &[], &["import", "tea.toml", "--propose"]).0, 0);
    let store = Store::open(&folder.path().join("onrecord.db")).unwrap();
    let reader = store.reader().unwrap();
    let change = reader.change(reader.all_changes().unwrap()[0]).unwrap();
    assert_eq!(change.proposal.author.to_string(), me());
}

#[test]
fn rights_are_a_person_s_alone() {
    let world = town();
    let root = "matrix:@root:example.org";
    for line in [
        "role matrix:!room:example.org reviewer",
        "role terminal:reviewer-not-named admin",
        "link matrix:!room:example.org terminal:cai",
    ] {
        let reply = say(&world, root, line);
        assert_eq!(reply.outcome, Outcome::Misused, "{line}");
        let said = rendered(&reply);
        assert!(said.contains("is no person's account"), "{line}: {said}");
    }
}
