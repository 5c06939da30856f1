//! SIGKILL at any point of an approval, an import or a proposal leaves it wholly done, or not at all; and
//! what was acknowledged is there.
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
    model::{
        Authority, ChangeId, ChangeState, Entity, Nature, Operation, Proposal, Record, RecordKey, RecordKind, Sight,
        Standing,
    },
    store::{Store, Submission},
};

use super::support::{looked, me};

/// How many runs there are unless more are asked for.
const RUNS: u32 = 12;

/// How many records one change brings: enough that writing them is a good part of the time.
const RECORDS: usize = 150;

fn authority() -> Authority {
    Authority::of(["terminal:author".parse().unwrap()])
}

fn propose(store: &Store, run: u32) -> ChangeId {
    let create = |number: usize| {
        let record = Record::Entity(Entity {
            key: format!("r{run}-{number}").parse().unwrap(),
            nature: Nature::Topic,
            name: format!("Topic {run} {number}").parse().unwrap(),
            aliases: Vec::new(),
            part_of: None,
            description: None,
            same_as: Default::default(),
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
    store.submit(Submission { proposal, based_on, note: None, suggestion: None, again: false }, &authority()).unwrap()
}

fn onrecord(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).env_clear();
    command.env("ONRECORD_ADMINS", format!("{},terminal:author", me()));
    command.env("ONRECORD_SHIPPED_DATA", "off").env("LANG", "C.UTF-8");
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// An approval by someone who has read the change as it stands in the database.
fn approval(folder: &Path, change: ChangeId) -> Command {
    let Sight::Of(version) = looked(&Store::open(&folder.join("onrecord.db")).unwrap(), change) else { unreachable!() };
    onrecord(folder, &["approve", &change.to_string(), &format!("seen:{version}")])
}

fn runs() -> u32 {
    std::env::var("ONRECORD_KILL_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(RUNS)
}

#[test]
fn an_approval_that_is_killed_is_wholly_applied_or_not_at_all() {
    let runs = runs();
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
    assert!(approval(folder.path(), first).status().unwrap().success());
    let mut whole = begun.elapsed();
    let (mut applied, mut untouched) = (1_usize, 0);
    for run in runs {
        let id = propose(&Store::open(&path).unwrap(), run);
        let mut child = approval(folder.path(), id).spawn().unwrap();
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
            assert!(approval(folder.path(), id).status().unwrap().success(), "run {run}");
            // How long it takes changes with what else the machine does.
            whole = begun.elapsed();
            applied += 1;
        }
    }
    untouched
}

/// A pack of so many topics, whose keys and names begin with the same word.
fn pack(folder: &Path, word: &str, topics: usize) -> String {
    let topic =
        |number| format!("[[entity]]\nkey = \"{word}-{number}\"\nkind = \"topic\"\nname = \"{word} {number}\"\n\n");
    let file = format!("{word}.toml");
    std::fs::write(folder.join(&file), (0..topics).map(topic).collect::<String>()).unwrap();
    file
}

/// How many of a pack's topics are on record.
fn on_record(store: &Store, word: &str, topics: usize) -> usize {
    let reader = store.reader().unwrap().without_deadline();
    let key = |number| RecordKey::new(RecordKind::Entity, format!("{word}-{number}").parse().unwrap());
    (0..topics).filter(|&number| reader.held(&key(number)).unwrap().is_some()).count()
}

#[test]
fn what_is_acknowledged_while_all_is_killed_is_there_and_the_rest_is_whole_or_not() {
    let mut seen = Seen::default();
    for first in (1..=runs()).step_by(20) {
        kill_all(first..(first + 20).min(runs() + 1), &mut seen);
    }
    println!("{seen:?}");
}

/// How what was killed had ended.
#[derive(Debug, Default)]
struct Seen {
    killed: usize,
    acknowledged: usize,
    done_without_a_word: usize,
    not_done: usize,
}

impl Seen {
    fn note(&mut self, acknowledged: bool, done: bool) {
        match (acknowledged, done) {
            (true, true) => self.acknowledged += 1,
            (true, false) => panic!("it was acknowledged and is not there: {self:?}"),
            (false, true) => self.done_without_a_word += 1,
            (false, false) => self.not_done += 1,
        }
    }
}

/// In each of these runs an approval, an import, a proposal from a file and a question are begun at once and
/// killed at the same moment.
fn kill_all(runs: Range<u32>, seen: &mut Seen) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onrecord.db");
    drop(Store::open(&path).unwrap());
    let mut names = Vec::new();
    let mut changes = 0;
    // How long all four take: found out by a run in which nothing is killed.
    let mut whole = None;
    for run in runs {
        let approved = propose(&Store::open(&path).unwrap(), run);
        let (imported, proposed) = (format!("imported{run}"), format!("proposed{run}"));
        let import = pack(folder.path(), &imported, 30);
        let proposal = pack(folder.path(), &proposed, 20);
        let begun = Instant::now();
        let mut children = [
            approval(folder.path(), approved),
            onrecord(folder.path(), &["import", &import, "--by", "author", "--reviewed-by", "reviewer"]),
            onrecord(folder.path(), &["import", "--propose", &proposal, "--summary", &proposed]),
            onrecord(folder.path(), &["topics"]),
        ]
        .map(|mut command| command.spawn().unwrap());
        if let Some(whole) = whole {
            let share = (f64::from(run) * 0.618_034).fract() * 1.2;
            std::thread::sleep(Duration::mul_f64(whole, share).max(Duration::from_millis(1)));
            for child in &mut children {
                seen.killed += usize::from(child.try_wait().unwrap().is_none());
                child.kill().unwrap();
            }
        }
        let [approval, import, proposal, _] = children.map(|mut child| child.wait().unwrap().success());
        whole.get_or_insert_with(|| begun.elapsed());

        let store = Store::open(&path).unwrap();
        let reader = store.reader().unwrap().without_deadline();
        let done = matches!(reader.change(approved).unwrap().state, ChangeState::Approved(_));
        assert_eq!(on_record(&store, &format!("r{run}"), RECORDS), if done { RECORDS } else { 0 }, "run {run}");
        seen.note(approval, done);
        changes += usize::from(done);
        names.extend(done.then(|| format!("Topic {run} 0")));
        let done = on_record(&store, &imported, 30);
        assert!([0, 30].contains(&done), "run {run}: {done} of 30 were imported");
        seen.note(import, done == 30);
        changes += usize::from(done == 30);
        names.extend((done == 30).then(|| format!("{imported} 0")));
        let all = reader.all_changes().unwrap().into_iter().map(|id| reader.change(id).unwrap());
        let found: Vec<_> = all.filter(|change| change.proposal.summary.as_str() == proposed).collect();
        assert!(found.len() <= 1 && found.iter().all(|change| change.proposal.operations.len() == 20), "run {run}");
        seen.note(proposal, found.len() == 1);
        let verified = reader.verify().unwrap();
        assert_eq!((verified.problems, verified.changes), (Vec::new(), changes), "run {run}");
    }
    // The index has all of it, whatever became of the processes that wrote it.
    for name in names {
        assert!(onrecord(folder.path(), &["about", &name]).status().unwrap().success(), "{name} is not found");
    }
}
