//! A machine that is lost, and the bot put back from what Litestream had copied elsewhere: the drill of
//! docs/operating.md, with Litestream itself, installed from the Python registry.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    console::{Console, Running, begin, done},
    python,
};

const HARBOUR: &str = include_str!("../fixtures/harbour.toml");

/// How long anything may take. Only a test that fails waits so long.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What `verify` says: how much there is, and the last hashes.
fn verified(folder: &Path) -> String {
    let said = done(folder, &["verify"]);
    assert!(said.contains("The history holds"), "{said}");
    // What is remarked of the files beside it, as that everyone can read what Litestream has put back, is of this copy alone.
    said.lines().filter(|line| !line.starts_with("onrecord: ")).map(|line| format!("{line}\n")).collect()
}

fn eventually<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + TIMEOUT;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A machine with a database that Litestream copies elsewhere.
struct Machine {
    folder: TempDir,
    elsewhere: TempDir,
    litestream: PathBuf,
}

impl Machine {
    fn new() -> Self {
        let requirements = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/litestream.txt"));
        let litestream = python::installed("litestream", requirements).join("litestream");
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("harbour.toml"), HARBOUR).unwrap();
        let replica = elsewhere.path().join("onrecord");
        let settings = format!(
            "dbs:\n  - path: onrecord.db\n    replicas:\n      - type: file\n        path: {}\n        sync-interval: 1s\n",
            replica.display()
        );
        std::fs::write(folder.path().join("litestream.yml"), settings).unwrap();
        Self { folder, elsewhere, litestream }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn litestream(&self, command: &str) -> Command {
        let mut litestream = Command::new(&self.litestream);
        litestream.current_dir(self.path()).args([command, "-config", "litestream.yml"]).stdin(Stdio::null());
        litestream
    }

    /// Has Litestream copy, and waits until it watches the database.
    fn replicate(&self) -> Running {
        let errors = std::fs::File::create(self.elsewhere.path().join("log")).unwrap();
        let child = self.litestream("replicate").stdout(Stdio::null()).stderr(errors).spawn().unwrap();
        eventually("Litestream", || self.path().join(".onrecord.db-litestream").exists().then_some(()));
        Running(child)
    }

    /// A new machine with what the replica has.
    fn restored(&self) -> Option<TempDir> {
        let folder = tempfile::tempdir().unwrap();
        let mut restore = self.litestream("restore");
        let output = restore.arg("-o").arg(folder.path().join("onrecord.db")).arg("onrecord.db").output().unwrap();
        output.status.success().then_some(folder)
    }
}

#[test]
fn what_was_acknowledged_comes_back_from_litestream_on_another_machine() {
    let machine = Machine::new();
    begin(machine.path());
    done(machine.path(), &["import", "harbour.toml", "--reviewed-by", "ana"]);
    let mut litestream = machine.replicate();
    let mut bot = Console::start(machine.path());
    for number in 1..=200 {
        bot.done(&format!("role discord:{number} contributor"));
    }
    bot.done("retract S1 It was not said.");
    bot.done("approve C2");
    let whole = verified(machine.path());
    assert!(whole.contains(": 2 approved changes") && whole.contains("from 201 administrative acts"), "{whole}");
    // Copies are made while the bot goes on, and each holds by itself, however much it has.
    eventually("a copy that has it all", || {
        let copy = machine.restored()?;
        (verified(copy.path()) == whole).then_some(())
    });
    let lag =
        || onrecord::store::Store::open_for_reading(&machine.path().join("onrecord.db")).unwrap().replication_lag();
    assert_eq!(lag(), Some(Duration::ZERO));
    let status = bot.ask("status").to_string();
    assert!(status.contains("Replica: Litestream has copied everything"), "{status}");
    // Then the machine is lost, all at once, and with it what was written while Litestream didn't run.
    litestream.kill();
    bot.done("role discord:999 contributor");
    eventually("a replica that falls behind", || lag().filter(|lag| *lag > Duration::from_secs(1)));
    bot.process.kill();
    let Machine { folder, .. } = &machine;
    std::fs::rename(folder.path().join("onrecord.db"), folder.path().join("lost")).unwrap();
    let copy = machine.restored().unwrap();
    let other = tempfile::tempdir().unwrap();
    let restored = done(other.path(), &["restore", copy.path().join("onrecord.db").to_str().unwrap()]);
    assert!(restored.contains("2 approved changes"), "{restored}");
    assert_eq!(verified(other.path()), whole);
    let mut bot = Console::start(other.path());
    bot.done("role discord:200 contributor");
    assert!(done(other.path(), &["show", "S1"]).contains("It was not said."));
}
