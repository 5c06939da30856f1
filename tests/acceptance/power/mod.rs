//! Power cuts: whatever of the unsynced writes a disk has kept, dropped, torn or reordered, the database opens, its
//! history holds, and what was acknowledged is there.
//!
//! What the program writes is recorded once with `strace` (Debian's package `strace`); then a disk is made for many
//! moments of it, and the program is started there. `ONRECORD_POWER_CUTS=200 cargo test --test acceptance -- power
//! --nocapture` makes that many cuts in each, and says how many were held.

mod disk;
mod trace;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use onrecord::store::{MIGRATIONS, Store};
use tempfile::TempDir;

use self::{
    disk::{Chance, after_a_cut, files_in},
    trace::{Event, Trace},
};

/// How many cuts there are in each unless more are asked for.
const CUTS: usize = 24;

const DATABASE: &str = "onrecord.db";

fn cuts() -> usize {
    std::env::var("ONRECORD_POWER_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(CUTS)
}

/// The account that the console acts as.
fn account() -> String {
    String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap().trim().to_owned()
}

fn onrecord(folder: &Path, arguments: &[&str]) -> Command {
    let account = account();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.current_dir(folder).env_clear().env("LANG", "C.UTF-8").env("USER", &account);
    command.env("ONRECORD_ADMINS", format!("terminal:{account}")).env("ONRECORD_SOLO", "on");
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// Runs it, untraced; it must end with 0.
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(&mut onrecord(folder, arguments));
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A question, and what its answer must have in it once something was acknowledged.
struct Proof {
    question: Vec<&'static str>,
    shows: String,
}

/// A folder whose power is cut.
struct Story {
    folder: TempDir,
    files: Vec<(String, Vec<u8>)>,
    trace: Trace,
    proofs: Vec<Proof>,
}

impl Story {
    /// Records from here on what is done in the folder, which is as it is to the last byte on the disk.
    fn in_folder(folder: TempDir) -> Self {
        let files = files_in(folder.path());
        let trace = Trace::new(folder.path(), &files);
        Self { folder, files, trace, proofs: Vec::new() }
    }

    fn step(&mut self, arguments: &[&str]) -> String {
        self.trace.run(&onrecord(self.folder.path(), arguments))
    }

    /// The step before was acknowledged: from now on the answer to this shows that.
    fn acknowledged(&mut self, question: &[&'static str], shows: impl Into<String>) {
        self.trace.events.push(Event::Acknowledged);
        self.proofs.push(Proof { question: question.to_vec(), shows: shows.into() });
    }

    /// Cuts the power at many moments; at each the question must be answered and the history hold. `also` looks at the
    /// folder, and is told how many of the acknowledged steps had come before.
    fn hold(&self, name: &str, question: &[&str], also: impl Fn(&Path, usize)) {
        let events = &self.trace.events;
        let mut chance = Chance::new(u64::try_from(events.len()).unwrap());
        let mut acknowledged_in_all = 0;
        for cut in 0..cuts() {
            // The last is behind everything: then all was acknowledged.
            let at = if cut + 1 == cuts() { events.len() } else { chance.below(events.len()) };
            let place = tempfile::tempdir().unwrap();
            for (file, bytes) in after_a_cut(&self.files, &events[..at], &mut chance) {
                let file = place.path().join(file);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, bytes).unwrap();
            }
            let moment = format!("{name}, cut {cut}, after {at} of {} events", events.len());
            let acknowledged = events[..at].iter().filter(|event| matches!(event, Event::Acknowledged)).count();
            acknowledged_in_all += acknowledged;
            also(place.path(), acknowledged);
            for arguments in [question, &["verify"]] {
                let output = run(&mut onrecord(place.path(), arguments));
                assert!(output.status.success(), "{moment}: {arguments:?} {output:?}");
            }
            for proof in &self.proofs[..acknowledged] {
                let output = run(&mut onrecord(place.path(), &proof.question));
                let shown = String::from_utf8_lossy(&output.stdout);
                assert!(shown.contains(&proof.shows), "{moment}: {:?} is lost: {output:?}", proof.shows);
            }
        }
        println!("{name}: {} cuts held, {acknowledged_in_all} acknowledgements before them, none lost", cuts());
    }
}

fn filled() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["source", "sydney"]);
    folder
}

/// Proposes and approves an edit of a statement; gives what its answer has in it from then on.
fn edit(run: &mut dyn FnMut(&[&str]) -> String, id: &str) -> String {
    let role = format!("Role of {id} at the time");
    let proposed = run(&["edit", id, &format!("speaker-role: {role}\nnote: n")]);
    let change = proposed.split(|sign: char| !sign.is_alphanumeric()).find(|word| {
        word.strip_prefix('C')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let change = change.unwrap_or_else(|| panic!("no change in {proposed}"));
    run(&["review", change]);
    run(&["approve", change]);
    role
}

#[test]
fn approvals_survive_a_power_cut() {
    let mut story = Story::in_folder(filled());
    for id in ["S2", "S3", "S4", "S5"] {
        let role = edit(&mut |arguments| story.step(arguments), id);
        story.acknowledged(&["show", id], role);
    }
    story.hold("approvals", &["source", "sydney"], |_, _| {});
}

#[test]
fn imports_survive_a_power_cut() {
    let folder = filled();
    let names = ["Lantern", "Ferry", "Orchard"];
    for name in names {
        let key = name.to_lowercase();
        let pack = format!("[[entity]]\nkey = \"{key}\"\nkind = \"topic\"\nname = \"{name}\"\n");
        std::fs::write(folder.path().join(format!("{key}.toml")), pack).unwrap();
    }
    let mut story = Story::in_folder(folder);
    for name in names {
        story.step(&["import", &format!("{}.toml", name.to_lowercase()), "--reviewed-by", "bo"]);
        story.acknowledged(&["about", name], name);
    }
    story.hold("imports", &["source", "sydney"], |_, _| {});
}

#[test]
fn a_backup_is_sound_as_soon_as_it_has_its_name_whenever_the_power_is_cut() {
    let folder = filled();
    edit(&mut |arguments| done(folder.path(), arguments), "S2");
    let mut story = Story::in_folder(folder);
    story.step(&["backup", "safe.db"]);
    story.acknowledged(&["show", "S2"], "Role of S2");
    story.hold("backups", &["source", "sydney"], |place, acknowledged| {
        let is_there = place.join("safe.db").exists();
        assert!(is_there || acknowledged == 0, "the backup was acknowledged, and is gone");
        if is_there {
            let output = run(onrecord(place, &["restore", "safe.db"]).env("ONRECORD_DATABASE", "other.db"));
            assert!(output.status.success(), "{output:?}");
        }
    });
}

#[test]
fn a_database_is_the_old_or_the_restored_one_whenever_the_power_is_cut() {
    let folder = filled();
    done(folder.path(), &["backup", "before.db"]);
    let role = edit(&mut |arguments| done(folder.path(), arguments), "S2");
    done(folder.path(), &["backup", "safe.db"]);
    done(folder.path(), &["restore", "before.db"]);
    assert!(!done(folder.path(), &["show", "S2"]).contains(&role));
    let mut story = Story::in_folder(folder);
    story.step(&["restore", "safe.db"]);
    story.acknowledged(&["show", "S2"], role);
    story.hold("restores", &["source", "sydney"], |place, _| {
        assert!(place.join(DATABASE).exists(), "there is no database at all");
    });
}

#[test]
fn an_upgrade_survives_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(DATABASE);
    let schema = 3;
    drop(Store::open_with(&path, &MIGRATIONS[..schema]));
    let fixture = format!("{}/tests/fixtures/upgrades/schema-{schema}.sql", env!("CARGO_MANIFEST_DIR"));
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(&std::fs::read_to_string(fixture).unwrap()).unwrap();
    drop(connection);
    let mut story = Story::in_folder(folder);
    story.step(&["places"]);
    story.acknowledged(&["show", "S1"], "S1");
    story.hold("upgrades", &["places"], |_, _| {});
}
