//! Who folds the write-ahead log into the database's file: one process at a time. Watched from outside, in the file and
//! in the log's index, while each kind of process works beside a bot and without one.

use std::{path::Path, process::Command};

use onrecord::{
    import_export::import,
    store::{LogKeeper, Store},
};

use super::{
    console::{Console, begin, done},
    support::{attribution, read},
};

/// How many topics make more than a log of four megabytes, at which SQLite would fold it in by itself.
const MANY: usize = 9_000;

fn topics(name: &str, count: usize) -> String {
    let topic =
        |number| format!("[[entity]]\nkey = \"{name}-{number}\"\nkind = \"topic\"\nname = \"{name} {number}\"\n");
    (0..count).map(topic).collect()
}

/// What shows that the log was folded in, partly or wholly, or begun anew: the file's content, how many pages of the log
/// are in it (SQLite, "WAL-index format": nBackfill), and the salts in the log's head.
#[derive(Debug, PartialEq, Eq)]
struct Folded {
    file: Vec<u8>,
    folded_pages: Vec<u8>,
    salts: Vec<u8>,
}

impl Folded {
    /// Read by another process: to close the files in this one would drop SQLite's locks on them.
    fn of(folder: &Path) -> Self {
        let read = |name: &str| Command::new("cat").arg(folder.join(name)).output().unwrap().stdout;
        let part = |name: &str, range: std::ops::Range<usize>| read(name).get(range).unwrap_or_default().to_vec();
        Self {
            file: read("onrecord.db"),
            folded_pages: part("onrecord.db-shm", 96..100),
            salts: part("onrecord.db-wal", 16..24),
        }
    }
}

fn log_size(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("onrecord.db-wal")).map_or(0, |log| log.len())
}

#[test]
fn beside_a_bot_nobody_else_folds_the_log_in() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let database = place.join("onrecord.db");
    std::fs::write(place.join("many.toml"), topics("many", MANY)).unwrap();
    std::fs::write(place.join("few.toml"), topics("few", 3)).unwrap();
    let bot = Store::open_as_keeper(&database, LogKeeper::take(&database).unwrap()).unwrap();
    import(&bot, &read(&topics("first", 3)), attribution()).unwrap();
    let mut console = Console::start(place);
    console.done("about first 1");
    let before = Folded::of(place);
    assert_eq!(before.salts.len(), 8, "there is no log to watch");
    let watched = |what: &str, work: &mut dyn FnMut()| {
        work();
        assert!(Folded::of(place) == before, "{what} folded the log in");
    };
    for arguments in [
        &["about", "first 1"][..],
        &["role", "discord:1", "contributor"],
        &["import", "many.toml", "--reviewed-by", "ana"],
        &["import", "few.toml", "--propose"],
        &["import", "few.toml", "--dry-run"],
        &["export", "all.toml"],
        &["changes", "export", "trail.jsonl"],
        &["verify"],
        &["reindex"],
        &["backup", "safe.db"],
    ] {
        watched(&arguments.join(" "), &mut || drop(done(place, arguments)));
    }
    assert!(log_size(place) > 4 * 1024 * 1024, "SQLite would not have folded {} bytes in", log_size(place));
    watched("a console", &mut || console.done("role discord:2 contributor"));
    let mut console = Some(console);
    watched("a console that ends", &mut || console.take().into_iter().for_each(Console::end));
    watched("a killed process", &mut || {
        let mut killed = Console::start(place);
        killed.done("role discord:3 contributor");
        killed.process.kill();
    });
    watched("a process of the bot's own that reads", &mut || {
        let reading = Store::open_for_reading(&database).unwrap();
        reading.reader().unwrap().latest_sequence().unwrap();
        assert!(!reading.empty_log().unwrap());
    });
    // The bot does, with all that the others left, the next time that it looks.
    bot.try_writer().unwrap();
    bot.try_writer().unwrap();
    assert_eq!(log_size(place), 0);
    assert!(Folded::of(place).file != before.file);
    drop(bot);
    assert!(!place.join("onrecord.db-wal").exists(), "what ends last leaves no log");
    assert!(done(place, &["verify"]).contains("The history holds: 2 approved changes"));
}

#[test]
fn without_a_bot_whoever_ends_last_folds_the_log_in() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    begin(place);
    std::fs::write(place.join("few.toml"), topics("few", 3)).unwrap();
    let mut killed = Console::start(place);
    killed.done("role discord:1 contributor");
    killed.process.kill();
    assert!(log_size(place) > 0);
    done(place, &["import", "few.toml", "--reviewed-by", "ana"]);
    assert_eq!(log_size(place), 0);
    // A console that goes on doesn't let the log grow for ever.
    std::fs::write(place.join("many.toml"), topics("many", MANY)).unwrap();
    let mut console = Console::start(place);
    console.done("about few 1");
    done(place, &["import", "many.toml", "--reviewed-by", "ana"]);
    assert!(log_size(place) < 4 * 1024 * 1024, "{}", log_size(place));
    console.done("about many 1");
    console.end();
    assert!(done(place, &["verify"]).contains("The history holds: 2 approved changes"));
}
