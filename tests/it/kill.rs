//! SIGKILL at any point of an approval leaves it wholly applied, or not at all.
//!
//! `ONRECORD_KILL_RUNS=500 cargo test --test it -- --nocapture kill` runs more of them, and says how many
//! ended how.

use std::{
    ops::Range,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use onrecord::{
    model::{Authority, ChangeState, Entity, Nature, Operation, Proposal, Record, Standing},
    store::{Store, Submission},
};

/// How many runs there are unless more are asked for.
const RUNS: u32 = 12;

/// How many records one change brings: enough that writing them is a good part of the time.
const RECORDS: usize = 150;

fn authority() -> Authority {
    Authority::of(["terminal:author".parse().unwrap(), "terminal:reviewer".parse().unwrap()])
}

fn propose(store: &Store, run: u32) -> onrecord::model::ChangeId {
    let create = |number: usize| {
        let record = Record::Entity(Entity {
            key: format!("r{run}-{number}").parse().unwrap(),
            nature: Nature::Topic,
            name: format!("Topic {run} {number}").parse().unwrap(),
            aliases: Vec::new(),
            part_of: None,
            description: None,
        });
        Operation::Create { record, standing: Standing::default() }
    };
    let proposal = Proposal {
        summary: "Many".parse().unwrap(),
        author: "terminal:author".parse().unwrap(),
        proposed_at: jiff::Timestamp::now(),
        operations: (0..RECORDS).map(create).collect(),
    };
    let based_on = store.reader().unwrap().latest_sequence().unwrap();
    store.submit(Submission { proposal, based_on, note: None, suggestion: None }, &authority()).unwrap()
}

fn approval(folder: &Path, change: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).env_clear();
    command.env("USER", "reviewer").env("ONRECORD_ADMINS", "terminal:reviewer,terminal:author");
    command.env("ONRECORD_SHIPPED_DATA", "off").env("LANG", "C.UTF-8");
    command.args(["approve", change]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn an_approval_that_is_killed_is_wholly_applied_or_not_at_all() {
    let runs = std::env::var("ONRECORD_KILL_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let mut untouched = 0;
    // A database of its own for every few, as checking the whole history takes longer with each.
    for first in (1..=runs).step_by(20) {
        untouched += kill(first..(first + 20).min(runs + 1));
    }
    println!("{runs} approvals were killed: {untouched} were not applied at all, {} wholly", runs as usize - untouched);
}

/// Kills an approval in each of these runs; says how many were not applied.
fn kill(runs: Range<u32>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    let first = propose(&Store::open(&path).unwrap(), 0);
    let begun = Instant::now();
    assert!(approval(folder.path(), &first.to_string()).status().unwrap().success());
    let mut whole = begun.elapsed();
    let (mut applied, mut untouched) = (1_usize, 0);
    for run in runs {
        let id = propose(&Store::open(&path).unwrap(), run);
        let mut child = approval(folder.path(), &id.to_string()).spawn().unwrap();
        // Spread over the whole of it and a little more, by steps of the golden ratio.
        let share = (f64::from(run) * 0.618_034).fract() * 1.3;
        std::thread::sleep(whole.mul_f64(share).max(Duration::from_millis(1)));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(&path).unwrap();
        let reader = store.reader().unwrap().without_deadline();
        let change = reader.change(id).unwrap();
        let there = change
            .proposal
            .operations
            .iter()
            .filter(|operation| reader.held(&operation.target()).unwrap().is_some())
            .count();
        match change.state {
            ChangeState::Approved(_) => {
                assert_eq!(there, RECORDS, "run {run}: approved, and not all of it is there");
                applied += 1;
            }
            ChangeState::Pending => {
                assert_eq!(there, 0, "run {run}: pending, and some of it is there");
                untouched += 1;
            }
            state => panic!("run {run}: {state:?}"),
        }
        let verified = reader.verify().unwrap();
        assert_eq!((verified.problems, verified.changes), (Vec::new(), applied), "run {run}");
        drop(reader);
        drop(store);
        // What was cut short is done by whoever tries again.
        if there == 0 {
            let begun = Instant::now();
            assert!(approval(folder.path(), &id.to_string()).status().unwrap().success(), "run {run}");
            // How long it takes changes with what else the machine does.
            whole = begun.elapsed();
            applied += 1;
        }
    }
    untouched
}
