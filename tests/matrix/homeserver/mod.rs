//! A real homeserver (Synapse) and real clients (matrix-nio), set up by the tests themselves.
//!
//! Both are installed from the Python registry, in the versions of `requirements.txt`, into a folder of
//! the build's; `harness.py` runs them and speaks JSON lines.

#[path = "../../python/mod.rs"]
mod python;

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};

/// How long anything may take before a test gives up. It is only ever waited for by a test that fails.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

const REQUIREMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matrix/homeserver/requirements.txt");
const HARNESS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matrix/homeserver/harness.py");

/// The harness: one for all tests of the binary.
pub(crate) struct Harness {
    input: Mutex<ChildStdin>,
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>,
    seen: Mutex<Vec<Seen>>,
    changed: Notify,
}

/// Something that a client has seen in a room.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) who: String,
    pub(crate) room: String,
    pub(crate) event: Value,
    pub(crate) encrypted: bool,
    pub(crate) unreadable: bool,
}

impl Seen {
    pub(crate) fn id(&self) -> &str {
        self.event["event_id"].as_str().unwrap_or_default()
    }

    pub(crate) fn sender(&self) -> &str {
        self.event["sender"].as_str().unwrap_or_default()
    }

    pub(crate) fn kind(&self) -> &str {
        self.event["type"].as_str().unwrap_or_default()
    }

    pub(crate) fn content(&self) -> &Value {
        &self.event["content"]
    }

    pub(crate) fn body(&self) -> &str {
        self.content()["body"].as_str().unwrap_or_default()
    }

    /// The event that this one replies to.
    pub(crate) fn reply_to(&self) -> Option<&str> {
        self.content()["m.relates_to"]["m.in_reply_to"]["event_id"].as_str()
    }

    /// The event that this one is to be shown in place of.
    pub(crate) fn replaces(&self) -> Option<&str> {
        let relation = &self.content()["m.relates_to"];
        relation["event_id"].as_str().filter(|_| relation["rel_type"] == "m.replace")
    }
}

impl Harness {
    /// The harness, started when it is first asked for.
    pub(crate) fn get() -> &'static Self {
        static HARNESS: OnceLock<Harness> = OnceLock::new();
        HARNESS.get_or_init(Self::start)
    }

    fn start() -> Self {
        let programs = python::installed("matrix-python", Path::new(REQUIREMENTS));
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("matrix-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let errors = File::create(folder.join("errors")).unwrap();
        let mut child = Command::new(programs.join("python"))
            .arg(HARNESS)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let input = Mutex::new(child.stdin.take().unwrap());
        let output = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let Ok(line) = line else { break };
                Self::get().heard(&serde_json::from_str(&line).unwrap());
            }
            let _ = child.wait();
        });
        Self {
            input,
            next: AtomicU64::new(1),
            waiting: Mutex::default(),
            seen: Mutex::default(),
            changed: Notify::new(),
        }
    }

    fn heard(&self, line: &Value) {
        if let Some(id) = line["id"].as_u64() {
            let result = match line["error"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(line["ok"].clone()),
            };
            if let Some(waiting) = self.waiting.lock().unwrap().remove(&id) {
                let _ = waiting.send(result);
            }
        }
        if let Some(seen) = line.get("seen") {
            let text = |name: &str| seen[name].as_str().unwrap_or_default().to_owned();
            self.seen.lock().unwrap().push(Seen {
                who: text("who"),
                room: text("room"),
                event: seen["event"].clone(),
                encrypted: seen["encrypted"] == true,
                unreadable: seen["unreadable"] == true,
            });
            self.changed.notify_waiters();
        }
    }

    /// Has the harness do something.
    pub(crate) async fn perform(&self, mut request: Value) -> Value {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id, sender);
        request["id"] = id.into();
        {
            let mut input = self.input.lock().unwrap();
            writeln!(input, "{request}").unwrap();
            input.flush().unwrap();
        }
        let answered = tokio::time::timeout(TIMEOUT * 2, receiver).await;
        answered.unwrap_or_else(|_| panic!("the harness doesn't answer to {request}")).unwrap().unwrap_or_else(
            |error| {
                panic!("{error}, in answer to {request}");
            },
        )
    }

    /// Starts a homeserver, or finds it started, and gives its address.
    pub(crate) async fn server(&self, name: &str, limits: Value) -> String {
        let started = self.perform(json!({"op": "server", "name": name, "limits": limits})).await;
        format!("http://127.0.0.1:{}", started["port"])
    }

    /// Waits until what clients have seen is what is waited for.
    pub(crate) async fn until<T>(&self, what: &str, find: impl Fn(&[Seen]) -> Option<T>) -> T {
        let found = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                // From here on nothing is missed.
                changed.as_mut().enable();
                if let Some(found) = find(&self.seen.lock().unwrap()) {
                    return found;
                }
                changed.await;
            }
        };
        match tokio::time::timeout(TIMEOUT, found).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}; seen at the end:\n{}", self.tail()),
        }
    }

    /// What was seen that fits.
    pub(crate) fn all(&self, fits: impl Fn(&Seen) -> bool) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| fits(seen)).cloned().collect()
    }

    fn tail(&self) -> String {
        let seen = self.seen.lock().unwrap();
        let from = seen.len().saturating_sub(12);
        seen[from..].iter().map(|seen| format!("{} in {}: {}\n", seen.who, seen.room, seen.event)).collect()
    }
}
