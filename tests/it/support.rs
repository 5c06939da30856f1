//! What several subjects need: a database in a folder of its own, and records to fill it with.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use jiff::{SignedDuration, Timestamp};
use onrecord::{
    app::App,
    config::DataConfig,
    desk::{Clock, Desk, Invocation, Request},
    import_export::{Attribution, Pack, SHIPPED_SUMMARY, import, read_texts, shipped_pack},
    model::{ChangeId, Identity, Platform, Sight},
    reply::Reply,
    store::Store,
};
use tempfile::TempDir;

/// A program's parts in a folder that goes with them.
pub struct World {
    _folder: TempDir,
    pub app: App,
    clock: Arc<SetClock>,
}

/// A clock that begins on the day on which the tests are set, goes on with the machine's, and can be moved.
struct SetClock {
    begun: Instant,
    moved: Mutex<SignedDuration>,
}

impl SetClock {
    fn now(&self) -> Timestamp {
        let begun: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        begun + SignedDuration::try_from(self.begun.elapsed()).unwrap() + *self.moved.lock().unwrap()
    }
}

impl World {
    /// On the entries that the program carries.
    pub fn shipped() -> Self {
        let world = Self::open();
        let project = |account| Identity::new(Platform::Project, account).unwrap();
        let (author, reviewer) = (project("compilers"), project("reviewers"));
        let summary = SHIPPED_SUMMARY.parse().unwrap();
        let attribution = Attribution { author, reviewer, summary, ..attribution() };
        import(&world.app.store, &shipped_pack().unwrap(), attribution).unwrap();
        // As a program finds it that opens on these.
        world.app.search.catch_up(&world.app.store).unwrap();
        world
    }

    /// On an empty database.
    pub fn empty() -> Self {
        Self::open()
    }

    /// On the records of a pack.
    pub fn of(pack: &str) -> Self {
        let world = Self::empty();
        world.import(pack);
        world
    }

    fn open() -> Self {
        let clock = SetClock { begun: Instant::now(), moved: Mutex::default() };
        Self::begin(tempfile::tempdir().unwrap(), Arc::new(clock))
    }

    fn begin(folder: TempDir, clock: Arc<SetClock>) -> Self {
        let mut app = App::open(&config(&folder, false)).unwrap();
        let read = Arc::clone(&clock);
        let desk = Desk::new(Arc::clone(&app.store), Arc::clone(&app.search));
        app.desk = Arc::new(desk.with_clock(Clock::read_by(move || read.now())));
        Self { _folder: folder, app, clock }
    }

    /// What time it is there.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sets the clock to this moment.
    pub fn set_clock(&self, to: &str) {
        let to: Timestamp = to.parse().unwrap();
        let by = to.duration_since(self.now());
        *self.clock.moved.lock().unwrap() += by;
    }

    /// The same folder after the program ended and began anew.
    pub fn restarted(self) -> Self {
        let Self { _folder: folder, app, clock } = self;
        drop(app);
        Self::begin(folder, clock)
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

/// Having looked at a change as it is.
pub fn looked(store: &Store, change: ChangeId) -> Sight {
    let reader = store.reader().unwrap().without_deadline();
    Sight::Of(reader.fitted(&reader.change(change).unwrap()).unwrap().version)
}

/// Whoever runs the tests, as the program knows them.
pub fn me() -> String {
    let said = |flags: &[&str]| {
        let output = std::process::Command::new("id").args(flags).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let account = said(&["-un"]).or_else(|| said(&["-u"]).map(|id| format!("uid-{id}")));
    format!("terminal:{}", account.unwrap())
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
