//! Any sequence of proposals, approvals, conflicts, rejections, reverts and purges leaves the records and
//! the index what the history adds up to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use onrecord::{
    desk::Desk,
    model::{
        Announcement, Authority, ChangeId, Entity, Identity, Key, Operation, Proposal, Record, RecordKey, RecordKind,
        Response, Review, Sequence, SingleLine, Source, Statement,
        ledger::{Ledger, replay},
    },
    reply::{Outcome, Reply, json::JsonReply},
    search::Search,
    store::{Refusal, StoreError, Submission},
};
use proptest::{prelude::*, test_runner::TestRunner};

use super::{
    editorial::say,
    fold::{beginning, keys, lines, operations},
    support::{World, looked, request},
};

/// What someone does.
#[derive(Debug, Clone)]
enum Act {
    /// Proposes, having seen the history as it was some changes ago.
    Propose(Vec<Operation>, i64),
    /// Proposes another wording of one of the records, having seen it as it was some changes ago.
    Reword(prop::sample::Index, SingleLine, i64),
    /// Approves one of those that wait.
    Approve(prop::sample::Index),
    /// Rejects one of those that wait.
    Reject(prop::sample::Index),
    /// Proposes the opposite of a change.
    Revert(prop::sample::Index),
    /// Makes one entity of two, approved at once.
    Merge(Key, Key),
    /// Makes two again of what was merged last, approved at once.
    Part,
}

fn acts() -> impl Strategy<Value = Act> {
    let purges = (prop::sample::select(RecordKind::ALL), keys()).prop_map(|(kind, key)| Operation::Purge {
        target: RecordKey::new(kind, key),
        announcement: Announcement { on: None, reason: line("By law.") },
    });
    let several = prop::collection::vec(operations(), 1..3);
    prop_oneof![
        8 => (any::<prop::sample::Index>(), lines(), 0_i64..4)
            .prop_map(|(index, line, ago)| Act::Reword(index, line, ago)),
        4 => (several, 0_i64..4).prop_map(|(operations, ago)| Act::Propose(operations, ago)),
        2 => (keys(), keys()).prop_map(|(from, into)| Act::Merge(from, into)),
        2 => Just(Act::Part),
        1 => purges.prop_map(|purge| Act::Propose(vec![purge], 0)),
        6 => any::<prop::sample::Index>().prop_map(Act::Approve),
        1 => any::<prop::sample::Index>().prop_map(Act::Reject),
        3 => any::<prop::sample::Index>().prop_map(Act::Revert),
    ]
}

/// What a sequence begins with, so that what is rare in random ones is sure to be in some.
fn openings() -> impl Strategy<Value = Vec<Act>> {
    let key = |key: &str| key.parse::<Key>().unwrap();
    let index = any::<prop::sample::Index>;
    prop_oneof![
        Just(Vec::new()),
        Just(vec![Act::Merge(key("k0"), key("k1")), Act::Part]),
        (index(), index()).prop_map(|(record, waiting)| {
            let reword = |words| Act::Reword(record, line(words), 0);
            vec![reword("One way."), reword("Another."), Act::Approve(waiting), Act::Approve(waiting)]
        }),
    ]
}

fn line(text: &str) -> SingleLine {
    text.parse().unwrap()
}

fn author() -> Identity {
    "terminal:author".parse().unwrap()
}

fn authority() -> Authority {
    Authority::of([author(), "terminal:reviewer".parse().unwrap()])
}

fn submission(operations: Vec<Operation>, based_on: Sequence) -> Submission {
    Submission {
        proposal: Proposal {
            summary: line("A change."),
            author: author(),
            proposed_at: jiff::Timestamp::now(),
            operations,
        },
        based_on,
        note: None,
        suggestion: None,
        again: true,
    }
}

fn review() -> Review {
    Review { reviewer: "terminal:reviewer".parse().unwrap(), at: jiff::Timestamp::now(), reason: line("Read.") }
}

fn waiting(world: &World) -> Vec<ChangeId> {
    let reader = world.app.store.reader().unwrap();
    reader.waiting(jiff::Timestamp::now(), 0, 1_000).unwrap().0.into_iter().map(|item| item.change.id).collect()
}

/// What may go wrong in deciding, and nothing else.
fn is_expected(error: &StoreError) -> bool {
    matches!(error, StoreError::Refused(Refusal::Rule(_)) | StoreError::Refused(Refusal::Conflict(..)))
}

fn act(world: &World, act: &Act) -> &'static str {
    let store = &world.app.store;
    let pick = |index: &prop::sample::Index, ids: Vec<ChangeId>| (!ids.is_empty()).then(|| *index.get(&ids));
    match act {
        Act::Propose(operations, ago) => {
            let latest = store.reader().unwrap().latest_sequence().unwrap();
            match store.submit(submission(operations.clone(), Sequence((latest.0 - ago).max(0))), &authority()) {
                Ok(_) => "proposed",
                Err(error) => {
                    assert!(is_expected(&error), "{error:?}");
                    "refused"
                }
            }
        }
        Act::Reword(index, words, ago) => {
            let reader = store.reader().unwrap();
            // Few records are enough, so that they are reworded twice.
            let ids: Vec<_> = reader.all_ids().unwrap().into_iter().filter(|id| id.number < 3).collect();
            let based_on = Sequence((reader.latest_sequence().unwrap().0 - ago).max(1));
            let name = reader.name_of(*index.get(&ids)).unwrap().unwrap();
            let Some(seen) = reader.version(&name, based_on).unwrap() else { return "nothing" };
            drop(reader);
            let record = match seen.record {
                Record::Entity(entity) => Record::Entity(Entity { name: words.clone(), ..entity }),
                Record::Source(source) => Record::Source(Source { note: Some(words.clone()), ..source }),
                Record::Statement(statement) => Record::Statement(Statement { text: words.clone(), ..statement }),
                Record::Response(response) => Record::Response(Response { text: words.clone(), ..response }),
            };
            let corrections = vec![Announcement { on: None, reason: words.clone() }];
            let edit = vec![Operation::Edit { record, corrections, vetted: None }];
            match store.submit(submission(edit, based_on), &authority()) {
                Ok(_) => "proposed",
                Err(error) => {
                    assert!(is_expected(&error), "{error:?}");
                    "refused"
                }
            }
        }
        Act::Approve(index) => {
            let Some(id) = pick(index, waiting(world)) else { return "nothing" };
            match store.approve(id, review(), looked(store, id), &authority()) {
                Ok(_) => "approved",
                Err(StoreError::Refused(Refusal::Conflict(..))) => "conflict",
                Err(error) => {
                    assert!(is_expected(&error), "{error:?}");
                    "refused"
                }
            }
        }
        Act::Reject(index) => {
            let Some(id) = pick(index, waiting(world)) else { return "nothing" };
            store.reject(id, review(), looked(store, id), &authority()).unwrap();
            "rejected"
        }
        Act::Revert(index) => {
            let approved = store.reader().unwrap().approved_after(Sequence::BEGINNING).unwrap();
            let Some(id) = pick(index, approved) else { return "nothing" };
            let reply = say(world, "terminal:author", &format!("revert {id}"));
            assert_ne!(reply.outcome, Outcome::Failed, "{reply:?}");
            if reply.outcome == Outcome::Answered { "reverted" } else { "refused" }
        }
        Act::Merge(from, into) => {
            let merge = Operation::Merge { from: from.clone(), into: into.clone() };
            match store.submit(submission(vec![merge], Sequence(i64::MAX)), &authority()) {
                Ok(id) => {
                    store.approve(id, review(), looked(store, id), &authority()).unwrap();
                    "merged"
                }
                Err(error) => {
                    assert!(is_expected(&error), "{error:?}");
                    "refused"
                }
            }
        }
        Act::Part => {
            let merges = |id: &ChangeId| {
                let operations = store.reader().unwrap().change(*id).unwrap().proposal.operations;
                operations.iter().any(|operation| matches!(operation, Operation::Merge { .. }))
            };
            let approved = store.reader().unwrap().approved_after(Sequence::BEGINNING).unwrap();
            let Some(id) = approved.into_iter().rev().find(merges) else { return "nothing" };
            let reply = say(world, "terminal:author", &format!("revert {id}"));
            assert_ne!(reply.outcome, Outcome::Failed, "{reply:?}");
            let proposed = store.reader().unwrap().all_changes().unwrap().last().copied();
            match (reply.outcome, proposed) {
                (Outcome::Answered, Some(back)) => {
                    match store.approve(back, review(), looked(store, back), &authority()) {
                        Ok(_) => "parted",
                        Err(error) => {
                            assert!(is_expected(&error), "{error:?}");
                            "refused"
                        }
                    }
                }
                _ => "refused",
            }
        }
    }
}

fn json(reply: &Reply) -> String {
    serde_json::to_string(&JsonReply::of(reply)).unwrap()
}

#[test]
fn the_history_the_tables_and_the_index_are_the_same() {
    let seen: Mutex<BTreeMap<&'static str, usize>> = Mutex::default();
    let mut runner = TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    let checked = runner.run(&(openings(), prop::collection::vec(acts(), 8..40)), |(opening, acts)| {
        let world = World::empty();
        world.app.desk.appoint(authority());
        world.app.store.submit(submission(beginning(), Sequence::BEGINNING), &authority()).unwrap();
        world.app.store.approve(ChangeId(1), review(), looked(&world.app.store, ChangeId(1)), &authority()).unwrap();
        for each in opening.iter().chain(&acts) {
            *seen.lock().unwrap().entry(act(&world, each)).or_default() += 1;
        }
        let reader = world.app.store.reader().unwrap();
        let verified = reader.verify().unwrap();
        prop_assert_eq!(verified.problems, Vec::<String>::new());

        // The same from outside: the changes as they are read, against the records as they are read.
        let mut ledger = Ledger::default();
        for id in reader.approved_after(Sequence::BEGINNING).unwrap() {
            let change = reader.change(id).unwrap();
            let on = onrecord::model::Date::of(change.state.review().unwrap().at);
            let Ok(()) = replay(&mut ledger, &change.proposal.operations, on);
        }
        let ids = reader.all_ids().unwrap();
        let tables: Ledger = ids.iter().map(|id| reader.held_by_id(*id).unwrap().unwrap()).collect();
        prop_assert_eq!(&ledger, &tables);

        // Each version of each record, computed alone, ends at what is on record.
        for held in tables.iter() {
            let version = reader.version(&held.record.record_key(), Sequence(i64::MAX)).unwrap();
            prop_assert_eq!(version.as_ref(), Some(held));
        }
        drop(reader);

        // An index that was brought along, against one that is built anew.
        let folder = tempfile::tempdir().unwrap();
        let fresh = Arc::new(Search::open(folder.path(), &world.app.store).unwrap());
        let fresh = Desk::new(Arc::clone(&world.app.store), fresh);
        for question in
            ["source one", "source two", "source 悉尼", "source نص", "recent", "source it was said", "places"]
        {
            prop_assert_eq!(json(&world.ask(question)), json(&fresh.answer(&request(question))), "{}", question);
        }
        Ok(())
    });
    checked.unwrap();
    let seen = seen.into_inner().unwrap();
    println!("what became of what was done: {seen:?}");
    for outcome in ["proposed", "refused", "approved", "merged", "parted", "conflict", "rejected", "reverted"] {
        assert!(seen.contains_key(outcome), "no sequence had one {outcome}: {seen:?}");
    }
}

#[test]
fn what_was_altered_in_the_history_or_in_the_tables_is_found() {
    let alterations: [(&str, &str); 6] = [
        (
            "UPDATE operation SET content = replace(content, 'Name', 'Lame') WHERE change = 1 AND position = 0",
            "operation 1 was altered",
        ),
        ("UPDATE change SET reason = 'Another.' WHERE id = 2", "C2: who decided it, when or why was altered"),
        ("UPDATE change SET reviewer = 'terminal:mallory' WHERE id = 2", "C2: who decided it"),
        ("UPDATE statement SET text = 'Something else.' WHERE id = 1", "is not what the history says"),
        ("DELETE FROM operation WHERE change = 2", "C2 is not the change that followed here"),
        ("UPDATE change SET hash = NULL WHERE id = 2", "C2 is not the change that followed here"),
    ];
    for (sql, wanted) in alterations {
        let world = World::empty();
        world.app.desk.appoint(authority());
        world.app.store.submit(submission(beginning(), Sequence::BEGINNING), &authority()).unwrap();
        world.app.store.approve(ChangeId(1), review(), looked(&world.app.store, ChangeId(1)), &authority()).unwrap();
        say(&world, "terminal:author", "edit S1\nspeaker-role: Mayor");
        world.app.store.approve(ChangeId(2), review(), looked(&world.app.store, ChangeId(2)), &authority()).unwrap();
        assert_eq!(world.app.store.reader().unwrap().verify().unwrap().problems, Vec::<String>::new());
        rusqlite::Connection::open(world.app.store.path()).unwrap().execute(sql, []).unwrap();
        let problems = world.app.store.reader().unwrap().verify().unwrap().problems;
        assert!(problems.iter().any(|problem| problem.contains(wanted)), "{sql}: {problems:?}");
    }
}

/// Only an upgrade from a version that knew no chain begins one (`upgrades` has that).
#[test]
fn a_chain_that_was_taken_away_is_not_begun_anew() {
    let world = World::empty();
    world.app.store.submit(submission(beginning(), Sequence::BEGINNING), &authority()).unwrap();
    world.app.store.approve(ChangeId(1), review(), looked(&world.app.store, ChangeId(1)), &authority()).unwrap();
    let role = onrecord::model::Role::Contributor;
    let root: onrecord::model::Identity = "matrix:@root:example.org".parse().unwrap();
    let admins = onrecord::model::Authority::of([root.clone()]);
    world.app.store.give_role("discord:5".parse().unwrap(), role, root, world.now(), &admins).unwrap();
    let strip = "UPDATE change SET hash = NULL, digest = NULL, salt = NULL; UPDATE act SET hash = NULL;
                 UPDATE operation SET digest = NULL, salt = NULL;";
    rusqlite::Connection::open(world.app.store.path()).unwrap().execute_batch(strip).unwrap();
    // Neither by opening it to write, nor by writing to it.
    let world = world.restarted();
    world.app.store.submit(submission(beginning(), Sequence::BEGINNING), &authority()).unwrap_err();
    let store = onrecord::store::Store::open_read_only(world.app.store.path()).unwrap();
    for reader in [world.app.store.reader().unwrap(), store.reader().unwrap()] {
        let problems = reader.verify().unwrap().problems;
        assert!(problems.iter().any(|problem| problem == "C1 is not the change that followed here"), "{problems:?}");
        assert!(
            problems.iter().any(|problem| problem.contains("the administrative act 1 was altered")),
            "{problems:?}"
        );
    }
}

#[test]
fn the_audit_trail_has_what_each_hash_is_over() {
    let world = World::empty();
    world.app.store.submit(submission(beginning(), Sequence::BEGINNING), &authority()).unwrap();
    world.app.store.approve(ChangeId(1), review(), looked(&world.app.store, ChangeId(1)), &authority()).unwrap();
    let line = world.app.store.reader().unwrap().audit_line(ChangeId(1)).unwrap();
    let text = serde_json::to_string(&line).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["id"], "C1");
    assert!(matches!(
        line.change.proposal.operations.first(),
        Some(Operation::Create { record: Record::Entity(_), .. })
    ));
}
