//! Roles, links, blocks and settings against the administrative acts: they are what the acts add up to, and what isn't
//! is found.

use onrecord::{
    reply::Outcome,
    store::{CommunitySettings, Store},
};
use proptest::prelude::*;
use rusqlite::Connection;

use super::editorial::{say, town};

const ROOT: &str = "matrix:@root:example.org";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_admins_do_is_what_their_acts_add_up_to(
        steps in prop::collection::vec((0..8_usize, 0..5_usize, 0..5_usize), 1..40),
    ) {
        let world = town();
        let people = ["discord:70", "discord:71", "discord:72", "matrix:@zoe:example.org", "terminal:cai"];
        for (kind, one, other) in steps {
            let (one, other) = (people[one], people[other]);
            let line = match kind {
                0 => format!("role {one} contributor"),
                1 => format!("role {one} reviewer"),
                2 => format!("role {one} reader"),
                3 => format!("link {one} {other}"),
                4 => format!("unlink {one} {other}"),
                5 => format!("block {one} for 7d Because."),
                6 => format!("block {one}"),
                _ => format!("unblock {one}"),
            };
            // What can't be done is said, and is no act.
            let outcome = say(&world, ROOT, &line).outcome;
            prop_assert!(outcome != Outcome::Failed, "{line}");
            let problems = world.app.store.reader().unwrap().verify_history().unwrap().problems;
            prop_assert_eq!(problems, Vec::<String>::new(), "after {}", line);
        }
    }
}

/// Who may do what, whom the bot hears and what was set are what the acts on record add up to.
#[test]
fn what_was_not_done_by_an_admin_is_found_by_verifying() {
    let world = town();
    for line in [
        "link discord:70 matrix:@zoe:example.org",
        "link discord:70 discord:71",
        "link discord:33 terminal:cai",
        "unlink discord:71 discord:70",
        "role discord:80 admin",
        "role discord:80 reader",
        "block discord:90 for 7d Floods the channel.",
        "block discord:91",
        "unblock discord:91",
        "block discord:90 Again.",
    ] {
        let reply = say(&world, ROOT, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    }
    let settings = CommunitySettings {
        prefix: Some("?".to_owned()),
        channels: vec!["7".to_owned(), "5".to_owned()],
        ..Default::default()
    };
    world.app.store.set_community("discord:1", &settings, &ROOT.parse().unwrap(), world.now()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (whole, path) = (folder.path().join("whole.db"), folder.path().join("onrecord.db"));
    world.app.store.back_up(&whole).unwrap();
    for (done, found) in [
        ("UPDATE role SET role = 'admin' WHERE identity = 'terminal:cai'", "the role of terminal:cai"),
        ("INSERT INTO role VALUES ('discord:80', 'admin', 'discord:80', 1)", "the role of discord:80"),
        ("DELETE FROM role WHERE identity = 'discord:22'", "the role of discord:22"),
        ("DELETE FROM person WHERE identity = 'discord:33'", "the link of discord:33"),
        ("UPDATE block SET lifted_by = 'discord:90', lifted_at = 1 WHERE lifted_at IS NULL", "the block of discord:90"),
        ("UPDATE community SET suggestions = 0", "the setting of discord:1"),
        ("UPDATE community_channel SET channel = 'another' WHERE channel = '5'", "the setting of discord:1"),
        ("UPDATE block SET until = until + 1 WHERE id = 1", "the block of discord:90"),
        ("UPDATE block SET lifted_by = 'discord:7' WHERE lifted_by IS NOT NULL", "the block of discord:91"),
        (
            "UPDATE act SET data = '[1,{\"deed\":\"role\",\"before\":\"reader\",\"after\":\"admin\"}]'
             WHERE subject = 'terminal:cai' AND kind = 'role'",
            "act 4 was altered",
        ),
        ("DELETE FROM act WHERE id = 3", "act 4 stands at place 3"),
        (
            "INSERT INTO act (at, actor, kind, subject, data) VALUES (1, 'discord:9', 'import', 'C1', '[1,{\"deed\":\"import\"}]')",
            "was altered",
        ),
    ] {
        std::fs::copy(&whole, &path).unwrap();
        Connection::open(&path).unwrap().execute(done, []).unwrap();
        let problems = Store::open(&path).unwrap().reader().unwrap().verify().unwrap().problems;
        assert!(problems.iter().any(|problem| problem.contains(found)), "{done}: {problems:?}");
    }
}
