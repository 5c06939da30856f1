//! What several subjects need: a database in a folder of its own, and records to fill it with.

use onrecord::{
    app::App,
    config::DataConfig,
    desk::{Invocation, Request},
    exchange::{Attribution, Pack, import, read_texts},
    model::{Identity, Platform},
    reply::Reply,
};
use tempfile::TempDir;

/// A program's parts in a folder that goes with them.
pub struct World {
    _folder: TempDir,
    pub app: App,
}

impl World {
    /// On the entries that the program carries.
    pub fn shipped() -> Self {
        Self::open(true)
    }

    /// On an empty database.
    pub fn empty() -> Self {
        Self::open(false)
    }

    /// On the records of a pack.
    pub fn of(pack: &str) -> Self {
        let world = Self::empty();
        world.import(pack);
        world
    }

    fn open(shipped_data: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(&config(&folder, shipped_data)).unwrap();
        Self { _folder: folder, app }
    }

    /// The same folder after the program ended and began anew.
    pub fn restarted(self) -> Self {
        let Self { _folder: folder, app } = self;
        drop(app);
        let app = App::open(&config(&folder, false)).unwrap();
        Self { _folder: folder, app }
    }

    pub fn import(&self, pack: &str) {
        import(&self.app.store, &read(pack), attribution()).unwrap();
    }

    pub fn ask(&self, line: &str) -> Reply {
        self.app.desk.answer(&request(line))
    }

    /// The ids of the records of an answer, in order.
    pub fn ids(&self, line: &str) -> Vec<String> {
        let reply = serde_json::to_value(onrecord::reply::json::JsonReply::of(&self.ask(line))).unwrap();
        let records = reply["records"].as_array().unwrap();
        records.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect()
    }

    /// The keys of the records of an answer, in order.
    pub fn keys(&self, line: &str) -> Vec<String> {
        let reply = serde_json::to_value(onrecord::reply::json::JsonReply::of(&self.ask(line))).unwrap();
        let records = reply["records"].as_array().unwrap();
        records.iter().map(|record| record["key"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

pub fn config(folder: &TempDir, shipped_data: bool) -> DataConfig {
    DataConfig {
        database: folder.path().join("onrecord.db"),
        index: folder.path().join("onrecord.db.index"),
        shipped_data,
    }
}

pub fn request(line: &str) -> Request {
    Request {
        actor: Identity::new(Platform::Terminal, "asker").unwrap(),
        conversation: "terminal:test:asker".to_owned(),
        invocation: Invocation::Text(line.to_owned()),
        origin: None,
        page_size: 10,
    }
}

pub fn read(pack: &str) -> Pack {
    read_texts(vec![("test.toml".to_owned(), pack.to_owned())]).unwrap()
}

pub fn attribution() -> Attribution {
    Attribution {
        author: Identity::new(Platform::Terminal, "author").unwrap(),
        reviewer: Identity::new(Platform::Terminal, "reviewer").unwrap(),
        summary: "A test".parse().unwrap(),
        reason: "For the test".parse().unwrap(),
        at: "2026-11-24T12:00:00Z".parse().unwrap(),
    }
}
