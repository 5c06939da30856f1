//! Disks that are full, fail or turn read-only while the program runs: questions are answered, changes are
//! refused in words, nothing is acknowledged that isn't kept, and it goes on by itself.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use onrecord::{
    app::App,
    config::DataConfig,
    desk::deliveries::{Delivery, Shown},
    import_export::import,
    model::{Authority, Identity, Platform, Role},
    reply::Outcome,
    store::{Condition, Failure, MIGRATIONS, Store},
};

use crate::{
    console::{Console, begin, done, program},
    earlier::{early, refused},
    rendered::rendered,
    small_disk::SmallDisk,
    support::{attribution, me, read, request},
};

const HARBOUR: &str = include_str!("../fixtures/harbour.toml");

impl Console {
    fn is_done(&mut self, line: &str) -> bool {
        self.ask(line)["outcome"] == "answered"
    }

    /// The line by which whoever has read a change elsewhere approves it as it stands now.
    fn approval(&mut self, change: &str) -> String {
        let reply = self.ask(&format!("review {change}")).to_string();
        let Some(version) = reply.split(&format!("approve {change} seen:")).nth(1) else { panic!("{reply}") };
        format!("approve {change} seen:{}", version.split(|sign: char| !sign.is_ascii_hexdigit()).next().unwrap())
    }
}

/// Gives roles until one is refused; says to how many they were given, and what the refusal says.
fn give_roles(console: &mut Console, from: u32) -> (u32, String) {
    for number in from..from + 2_000 {
        let reply = console.ask(&format!("role discord:{number} contributor"));
        if reply["outcome"] != "answered" {
            assert_eq!(reply["outcome"], "failed", "{reply}");
            return (number, reply.to_string());
        }
    }
    panic!("2,000 roles were given on a full disk");
}

/// How many of these were given their role.
fn with_a_role(folder: &Path, numbers: std::ops::Range<u32>) -> usize {
    let store = Store::open_for_reading(&folder.join("onrecord.db")).unwrap();
    let reader = store.reader().unwrap();
    let authority = Authority::of([]);
    let role = |number| reader.role_of(&authority, &format!("discord:{number}").parse().unwrap()).unwrap();
    numbers.filter(|number| role(*number) == Role::Contributor).count()
}

/// A folder with records, and with the proposal C2 of two hundred topics.
fn prepare(folder: &Path) {
    std::fs::write(folder.join("harbour.toml"), HARBOUR).unwrap();
    begin(folder);
    done(folder, &["import", "harbour.toml", "--reviewed-by", "ana"]);
    let topic = |number| format!("[[entity]]\nkey = \"new-{number}\"\nkind = \"topic\"\nname = \"New {number}\"\n");
    std::fs::write(folder.join("new.toml"), (0..200).map(topic).collect::<String>()).unwrap();
    done(folder, &["import", "--propose", "new.toml"]);
    done(folder, &["topics"]);
}

pub fn a_full_disk_refuses_changes_in_words_answers_questions_and_goes_on_when_there_is_room(disk: &SmallDisk) {
    prepare(disk.path());
    let mut running = Console::start(disk.path());
    let question = "source harbour";
    let before = running.ask(question);
    assert_eq!(before["outcome"], "answered", "{before}");
    assert!(running.is_done("role discord:1 contributor"));

    let approve = running.approval("C2");
    disk.fill();
    let (refused, said) = give_roles(&mut running, 2);
    for wanted in ["is full", "Nothing was changed", "questions are answered", "Tell the operator"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert_eq!(running.ask(&approve)["outcome"], "failed");
    assert_eq!(running.ask(question)["records"], before["records"]);
    assert_eq!(running.ask("about new 7")["outcome"], "nothing_found", "what was refused is found");
    // Someone who asks for the first time now opens the database anew.
    assert!(done(disk.path(), &["source", "harbour"]).contains("Harbour"));

    disk.give_back(3_000);
    assert!(running.is_done(&approve));
    assert!(running.is_done(&format!("role discord:{refused} contributor")));
    assert!(running.is_done("about new 7"), "what was approved is not found");
    assert_eq!(running.ask(question)["records"], before["records"]);
    running.end();
    // All that was acknowledged is there, and nothing else.
    assert_eq!(with_a_role(disk.path(), 1..refused + 1), refused as usize);
    assert_eq!(with_a_role(disk.path(), refused + 1..refused + 100), 0);
    assert!(done(disk.path(), &["verify"]).contains("The history holds: 2 approved changes"));
}

pub fn a_program_that_begins_on_a_full_disk_answers_questions(disk: &SmallDisk) {
    prepare(disk.path());
    disk.fill();
    assert!(done(disk.path(), &["source", "harbour"]).contains("Harbour"));
    let output = program(disk.path()).args(["import", "new.toml", "--reviewed-by", "ana"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(3) && said.contains("the disk is full; nothing was changed; free some room"),
        "{said}"
    );
    disk.empty();
    done(disk.path(), &["import", "new.toml", "--reviewed-by", "ana"]);
}

#[cfg(feature = "semantic")]
pub fn a_model_that_there_is_no_room_for_is_not_installed_and_leaves_nothing(disk: &SmallDisk) {
    let mut install = program(disk.path());
    let output = install.args(["model", "install", "--from"]).arg(crate::model::fetched()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("onrecord.db.model can't be written: No space left on device"), "{said}");
    assert!(said.contains("; nothing was installed"), "{said}");
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
    assert!(done(disk.path(), &["version"]).contains("no, by words alone: no model is installed"));
}

pub fn a_first_start_on_a_full_disk_says_so_and_leaves_nothing_half_done(disk: &SmallDisk) {
    disk.fill();
    disk.give_back(200);
    let output = program(disk.path()).env("ONRECORD_SHIPPED_DATA", "on").args(["source", "sydney"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the disk is full") || said.contains("no room on the disk"), "{said}");
    // What was begun is no hindrance.
    disk.empty();
    done(disk.path(), &["version"]);
}

pub fn an_index_that_can_not_be_written_is_said_and_catches_up_by_itself(disk: &SmallDisk) {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let mut command = program(folder.path());
    command.arg("--json").env("ONRECORD_INDEX", disk.path().join("index")).stderr(Stdio::null());
    let mut running = Console::of(command);
    let before = running.ask("source harbour");
    let approve = running.approval("C2");
    disk.fill();
    assert!(running.is_done(&approve), "the database's disk has room");
    let behind = running.ask("source harbour");
    assert_eq!(behind["records"], before["records"]);
    assert!(behind.to_string().contains("can't be found yet"), "{behind}");
    disk.empty();
    let patience = Instant::now() + Duration::from_secs(20);
    while running.ask("source harbour").to_string().contains("can't be found yet") {
        assert!(Instant::now() < patience, "the index doesn't catch up");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(running.is_done("about new 7"));
    running.end();
}

/// A bot's parts, which have the writer open from the start.
fn opened(folder: &Path) -> App {
    let database = folder.join("onrecord.db");
    App::open(&DataConfig { index: folder.join("onrecord.db.index"), database, shipped_data: false }).unwrap()
}

fn topic(number: u32) -> String {
    format!("[[entity]]\nkey = \"topic-{number}\"\nkind = \"topic\"\nname = \"Topic {number}\"\n")
}

fn take_in(app: &App, number: u32) -> Result<(), onrecord::import_export::ImportError> {
    import(&app.store, &read(&topic(number)), attribution()).map(|_| ())
}

pub fn the_store_s_condition_tells_that_it_can_not_be_written_and_that_it_can_again(disk: &SmallDisk) {
    let app = opened(disk.path());
    import(&app.store, &read(HARBOUR), attribution()).unwrap();
    assert!(!app.desk.answer(&request("source harbour")).records.is_empty());
    assert_eq!(app.store.condition(), Condition::Sound);
    disk.fill();
    let refused = (0..2_000).find(|number| take_in(&app, *number).is_err());
    assert!(refused.is_some() && matches!(app.store.condition(), Condition::Unwritable(_)), "{refused:?}");
    assert!(!app.desk.answer(&request("source harbour")).records.is_empty());
    disk.empty();
    // Nobody writes anything: it is found out all the same.
    let patience = Instant::now() + Duration::from_secs(30);
    while app.store.condition() != Condition::Sound {
        assert!(Instant::now() < patience, "the store doesn't find out that there is room");
        std::thread::sleep(Duration::from_millis(50));
    }
    take_in(&app, 5_000).unwrap();
    assert!(app.store.reader().unwrap().verify().unwrap().problems.is_empty());
}

pub fn answers_that_can_not_be_remembered_are_held_and_corrections_reach_them_later(disk: &SmallDisk) {
    let app = opened(disk.path());
    import(&app.store, &read(HARBOUR), attribution()).unwrap();
    let shown = Shown::of(&app.desk.answer(&request("show S1")));
    disk.fill();
    let refused = (0..2_000).find(|number| take_in(&app, *number).is_err());
    assert!(matches!(app.store.condition(), Condition::Unwritable(_)), "{refused:?}");
    let delivery = |question: &str| Delivery {
        platform: Platform::Discord,
        question: question.to_owned(),
        channel: "7".to_owned(),
        answer: format!("answer to {question}"),
        entries: shown.entries.clone(),
        as_of: shown.as_of,
        at: jiff::Timestamp::now(),
    };
    for question in ["one", "two", "taken back"] {
        app.desk.delivered(vec![delivery(question)]).unwrap();
    }
    let stored = |question: &str| app.store.reader().unwrap().delivery(Platform::Discord, question).unwrap();
    assert_eq!(stored("one"), None, "it was to be refused");
    app.desk.forget_delivery(Platform::Discord, "taken back").unwrap();
    let known = |question: &str| app.desk.delivery(Platform::Discord, question).unwrap().is_some();
    assert!(known("one") && known("two") && !known("taken back"));
    disk.empty();
    // The correction comes before they are written.
    let asker = Identity::new(Platform::Terminal, "asker").unwrap();
    app.desk.appoint(Authority { solo: true, ..Authority::of([asker]) });
    for line in ["retract S1 It was not said.", "approve C2"] {
        let reply = app.desk.answer(&request(line));
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    }
    let due = app.desk.corrections_due(Platform::Discord, 10).unwrap();
    assert_eq!(due.iter().map(|due| due.message.as_str()).collect::<Vec<_>>(), ["answer to one", "answer to two"]);
    assert!(stored("one").is_some() && stored("taken back").is_none() && known("one") && !known("taken back"));
}

pub fn a_disk_that_turns_read_only_answers_and_refuses_and_goes_on_when_it_turns_back(disk: &SmallDisk) {
    // A disk with errors is often turned read-only by the system. That is refused while a file is open for
    // writing; so this begins as the program finds it: open, with nothing written yet.
    prepare(disk.path());
    disk.read_only(true);
    let mut running = Console::start(disk.path());
    let before = running.ask("source harbour");
    assert_eq!(before["outcome"], "answered", "{before}");
    let said = running.ask("role discord:1 contributor");
    assert_eq!(said["outcome"], "failed");
    assert!(said.to_string().contains("can only be read"), "{said}");
    disk.read_only(false);
    running.end();
    assert_eq!(with_a_role(disk.path(), 1..2), 0);
}

/// A limit on the size of files makes the kernel refuse to write to the database, its log and the index with
/// EFBIG, which SQLite takes for an error of the disk and not for a full one. The limit of a running process is
/// changed from outside (util-linux's `prlimit`), so the disk "fails" and "works again" under one process.
pub fn a_disk_that_fails_to_write_refuses_changes_and_goes_on_when_it_works_again() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let mut script = Command::new("sh");
    script.current_dir(folder.path()).env_clear().env("ONRECORD_ADMINS", me()).env("ONRECORD_SOLO", "on");
    script.args(["-c", "trap '' XFSZ; exec \"$0\" --json", env!("CARGO_BIN_EXE_onrecord")]).stderr(Stdio::null());
    let mut running = Console::of(script);
    let limit = |pid: u32, bytes: &str| {
        let mut set = Command::new("prlimit");
        set.args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:unlimited")]);
        assert!(set.status().expect("util-linux's prlimit is needed").success());
    };
    let before = running.ask("source harbour");
    assert!(running.is_done("role discord:1 contributor"));
    let approve = running.approval("C2");
    limit(running.process.0.id(), "4096");
    let (refused, said) = give_roles(&mut running, 2);
    for wanted in ["fails", "Nothing was changed", "questions are answered"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert_eq!(running.ask(&approve)["outcome"], "failed");
    assert_eq!(running.ask("source harbour")["records"], before["records"]);
    limit(running.process.0.id(), "unlimited");
    assert!(running.is_done(&approve));
    assert!(running.is_done("about new 7"));
    running.end();
    assert_eq!(with_a_role(folder.path(), 1..refused), refused as usize - 1);
    assert_eq!(with_a_role(folder.path(), refused..refused + 50), 0);
    assert!(done(folder.path(), &["verify"]).contains("The history holds: 2 approved changes"));
}

/// What lies where the database should be is a pipe that nobody writes to: opening it must not wait for ever.
pub fn a_pipe_in_the_database_s_place_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("onrecord.db")).status().unwrap().success());
    let mut child = program(folder.path()).args(["source", "harbour"]).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > patience {
            child.kill().unwrap();
            panic!("the program waits for a pipe");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("onrecord: ") && said.contains("onrecord.db"), "{said}");
}

/// The file under an open database loses its end, as by another program or a broken file system.
pub fn a_database_that_is_cut_under_the_program_is_not_answered_from_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(folder.path());
    import(&app.store, &read(HARBOUR), attribution()).unwrap();
    // Into the file, and out of the readers' memory.
    drop(app);
    let app = opened(folder.path());
    let file = std::fs::File::options().write(true).open(folder.path().join("onrecord.db")).unwrap();
    file.set_len(8192).unwrap();
    let mut damaged = false;
    for line in ["source harbour", "recent", "show S1", "places", "source harbour"] {
        let reply = app.desk.answer(&request(line));
        let said = rendered(&reply);
        // After the first that finds it nothing is answered any more.
        assert!(!damaged || said.contains("is damaged"), "{line}: {said}");
        damaged |= said.contains("is damaged");
    }
    assert!(damaged, "nobody noticed");
    assert!(matches!(app.store.condition(), Condition::Damaged(_)));
    assert!(matches!(app.store.reader().unwrap_err(), Failure::Damaged(_)));
    assert!(take_in(&app, 1).is_err());
    let said = rendered(&app.desk.answer(&request("source harbour")));
    assert!(said.contains("onrecord restore FILE") && said.contains("Nothing was changed"), "{said}");
}

pub fn an_upgrade_on_a_full_or_read_only_disk_leaves_the_file_as_it_was(disk: &SmallDisk) {
    let path = early(disk.path(), 2);
    disk.read_only(true);
    let error = refused(&path, MIGRATIONS).to_string();
    assert!(error.contains("must be brought up to date first: make it writable"), "{error}");
    disk.read_only(false);
    // From no room at all to room for the copy but not for what comes after it.
    disk.fill();
    let mut said = Vec::new();
    loop {
        let before = std::fs::read(&path).unwrap();
        match Store::open(&path) {
            Ok(store) => {
                assert!(store.reader().unwrap().verify().unwrap().problems.is_empty());
                break;
            }
            Err(error) => {
                assert!(std::fs::read(&path).unwrap() == before, "the file is not what it was: {error}");
                let error = error.to_string();
                assert!(error.contains("no room on the disk") || error.contains("make room"), "{error}");
                said.push(error);
            }
        }
        disk.give_back(64);
    }
    assert!(said.len() > 2, "{said:?}");
}
