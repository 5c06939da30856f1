//! What the tests of the chats share: records of a made-up world, and someone at the terminal.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use onrecord::{
    app::App,
    config::DataConfig,
    desk::{Invocation, Request, worker_pool::DeskHandle},
    import_export::{Attribution, import, read_texts},
    model::{Authority, Identity, Platform},
    reply::Reply,
};
use tempfile::TempDir;

/// Who is admin from the start.
pub(crate) const ADMIN: &str = "terminal:root";

/// A database that lives as long as this value, for one bot after the other.
pub(crate) struct Records(TempDir);

impl Records {
    /// A copy of a database that is filled once for all tests.
    pub(crate) fn new() -> Self {
        static FILLED: OnceLock<Records> = OnceLock::new();
        let filled = FILLED.get_or_init(|| {
            let records = Self(tempfile::tempdir().unwrap());
            records.fill();
            records
        });
        let own = tempfile::tempdir().unwrap();
        copy(filled.path(), own.path());
        Self(own)
    }

    fn fill(&self) {
        self.add(include_str!("../fixtures/harbour.toml"));
    }

    /// Takes in another pack.
    pub(crate) fn add(&self, pack: &str) {
        self.add_at(pack, "2024-05-01T12:00:00Z");
    }

    /// Takes in another pack at a time of its own.
    pub(crate) fn add_at(&self, pack: &str, at: &str) {
        let pack = read_texts(vec![("pack.toml".to_owned(), pack.to_owned())]).unwrap();
        let attribution = Attribution {
            author: Identity::new(Platform::Terminal, "author").unwrap(),
            reviewer: Identity::new(Platform::Terminal, "reviewer").unwrap(),
            summary: "A made-up world".parse().unwrap(),
            reason: "For the tests".parse().unwrap(),
            at: at.parse().unwrap(),
        };
        let app = self.open();
        import(&app.store, &pack, attribution).unwrap();
        app.search.catch_up(&app.store).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The files in the folder that hold these bytes anywhere.
    pub(crate) fn files_with(&self, bytes: &str) -> Vec<std::path::PathBuf> {
        let (mut found, mut waiting) = (Vec::new(), vec![self.path().to_owned()]);
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    waiting.push(entry);
                } else if std::fs::read(&entry).unwrap().windows(bytes.len()).any(|window| window == bytes.as_bytes()) {
                    found.push(entry);
                }
            }
        }
        found
    }

    /// The way to a desk on these records, as a bot has it.
    pub(crate) fn front(&self) -> DeskHandle {
        let app = Arc::new(self.open());
        app.desk.load_communities().unwrap();
        app.desk.appoint(Authority::of([ADMIN.parse().unwrap()]));
        DeskHandle::open(Arc::clone(&app.desk)).unwrap().0
    }

    fn open(&self) -> App {
        App::open(&DataConfig {
            database: self.0.path().join("onrecord.db"),
            index: self.0.path().join("onrecord.db.index"),
            shipped_data: false,
        })
        .unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What someone at the terminal says to the desk of a running bot.
pub(crate) fn at_the_terminal(front: &DeskHandle, who: &str, line: &str) -> Reply {
    front.desk().answer(&Request {
        actor: who.parse().unwrap(),
        conversation: who.to_owned(),
        invocation: Invocation::Text(line.to_owned()),
        origin: None,
        page_size: 5,
    })
}
