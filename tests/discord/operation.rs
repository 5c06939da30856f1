//! What operators see of the program itself: how it stands, that it reads its settings again, and what it tells its
//! service manager.

use std::{
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixDatagram},
};

use crate::{
    fake::{ChannelId, FakeDiscord, Fault, MessageId, Trouble, UserId},
    records::Records,
    support::COMMANDS,
};

/// How long anything is waited for before the test gives up.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The program, started as an operator does, on a stand-in with a channel and a member.
struct Scene {
    fake: FakeDiscord,
    records: Records,
    child: Child,
    general: ChannelId,
    alice: UserId,
}

impl Scene {
    /// Starts it with these settings in `.env`, beside the token, and in the environment.
    async fn start(settings: &str, environment: &[(&str, &str)]) -> Self {
        let fake = FakeDiscord::start().await;
        fake.configure(|settings| settings.patience = TIMEOUT);
        let guild = fake.guild("Newsroom");
        let general = fake.text_channel(guild, "general");
        let alice = fake.user("alice");
        fake.join(guild, alice, &[]);
        let records = Records::new();
        write_settings(&records, &fake, settings);
        let child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .current_dir(records.path())
            .env_clear()
            .env("ONRECORD_SHIPPED_DATA", "off")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(records.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let scene = Self { fake, records, child, general, alice };
        scene.fake.connected(1).await;
        let all = |fake: &FakeDiscord| (fake.command_names(None).len() == COMMANDS).then_some(());
        scene.fake.until("registered commands", all).await;
        scene
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.records.path().join("log")).unwrap()
    }

    /// Waits until the log says something from a place on, and gives the place behind it.
    async fn logged(&self, from: usize, words: &str) -> usize {
        eventually(words, async || {
            let log = self.log();
            log.get(from..).and_then(|log| log.find(words)).map(|at| from + at + words.len())
        })
        .await
    }

    /// Where the health listener is.
    async fn health(&self) -> String {
        let behind = self.logged(0, "health.address=").await;
        self.log()[behind..].split_whitespace().next().unwrap().to_owned()
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
    }

    /// What the bot answers to a question of Alice's.
    async fn answer(&self, question: &str) -> String {
        let asked = self.fake.say(self.general, self.alice, question);
        let answer = |fake: &FakeDiscord| {
            let messages = fake.messages(self.general);
            messages.into_iter().find(|message| message.reference == Some(asked)).map(|message| message.text)
        };
        self.fake.until(&format!("an answer to {question}"), answer).await
    }

    /// Has Alice ask something whose answer Discord takes so long over, and waits until it is on its way.
    async fn answer_on_its_way(&self, long: Duration) -> MessageId {
        // What the bot still does after its start is no answer.
        self.fake.until("nothing on its way", |fake| (fake.in_flight() == 0).then_some(())).await;
        self.fake.fault(Fault::new(Trouble::Slow(long)).on("create_message"));
        let asked = self.fake.say(self.general, self.alice, "!version");
        self.fake.until("the answer on its way", |fake| (fake.in_flight() > 0).then_some(())).await;
        asked
    }

    /// Ends it as SIGTERM does.
    async fn end(&mut self) {
        self.signal("TERM");
        assert_eq!(self.ended().await, Some(0), "{}", self.log());
        self.fake.assert_clean();
    }

    /// The exit code, once it has ended.
    async fn ended(&mut self) -> Option<i32> {
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status.code();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(TIMEOUT, ended).await.unwrap()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // After a failed assertion it would go on.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write_settings(records: &Records, fake: &FakeDiscord, settings: &str) {
    let text = format!("DISCORD_TOKEN={}\nDISCORD_API_URL={}\n{settings}", fake.token(), fake.api_url());
    std::fs::write(records.path().join(".env"), text).unwrap();
}

async fn eventually<T>(what: &str, found: impl AsyncFn() -> Option<T>) -> T {
    let look = async {
        loop {
            if let Some(found) = found().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(TIMEOUT, look).await.unwrap_or_else(|_| panic!("{what} didn't come"))
}

/// The head and the body of an answer.
async fn ask(address: &str, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // Whoever sent too much is cut off, and may have the rest of its words refused.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.to_lowercase(), body.to_owned())
}

async fn get(address: &str, path: &str) -> (String, String) {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n")).await
}

/// The value of a line of the metrics.
fn value(metrics: &str, line: &str) -> Option<f64> {
    metrics.lines().find_map(|other| other.strip_prefix(line)?.trim().parse().ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_bot_shows_how_it_stands_and_leaves_no_core_dump() {
    let environment = [("ONRECORD_LOG", "onrecord=info"), ("ONRECORD_HEALTH", "127.0.0.1:0")];
    let mut scene = Scene::start("", &environment).await;
    let address = scene.health().await;
    assert_eq!(get(&address, "/healthz").await.1, "alive\n");
    eventually("ready", async || (get(&address, "/readyz").await.1 == "ready\n").then_some(())).await;
    scene.answer("!source harbourton").await;
    scene.answer("!source zzqqxx zzqqyy").await;
    let (head, metrics) = get(&address, "/metrics").await;
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    for (line, least) in [
        ("onrecord_answers_total{platform=\"discord\",outcome=\"answered\"}", 1.0),
        ("onrecord_answers_total{platform=\"discord\",outcome=\"nothing_found\"}", 1.0),
        ("onrecord_answer_duration_seconds_count", 2.0),
        ("onrecord_queue_wait_duration_seconds_count", 2.0),
        ("onrecord_chat_connected{platform=\"discord\"}", 1.0),
        ("onrecord_chat_connects_total{platform=\"discord\"}", 1.0),
        ("onrecord_database_size_bytes", 4_096.0),
        ("onrecord_history_position", 1.0),
        ("onrecord_index_position", 1.0),
        ("process_start_time_seconds", 1.0e9),
    ] {
        assert!(value(&metrics, line).is_some_and(|found| found >= least), "{line} in\n{metrics}");
    }
    let person = scene.alice.to_string();
    assert!(!metrics.contains(&person) && !metrics.contains(&scene.general.to_string()), "{metrics}");

    // What is not asked for rightly, or too slowly, or by too many, is in nobody's way.
    let status = async |request: &str| ask(&address, request).await.0.split_whitespace().nth(1).map(str::to_owned);
    assert_eq!(status("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.as_deref(), Some("404"));
    assert_eq!(
        status("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").await.as_deref(),
        Some("405")
    );
    assert_eq!(status("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.as_deref(), Some("200"));
    let long = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "x".repeat(20_000));
    assert_ne!(status(&long).await.as_deref(), Some("200"));
    let mut idle = Vec::new();
    for _ in 0..32 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
        idle.push(stream);
    }
    assert_eq!(get(&address, "/healthz").await.1, "alive\n", "connections that ask nothing keep nobody out");
    scene.answer("!version").await;
    drop(idle);

    #[cfg(target_os = "linux")]
    {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", scene.child.id())).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
    }

    // As an operator asks where there is no other program to ask with.
    let probe = |ready: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        let command = command.args(["health", ready]).env_clear().env("ONRECORD_HEALTH", &address);
        let output = command.current_dir(std::env::temp_dir()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(probe("--ready"), (Some(0), "ready\n".to_owned()));
    scene.fake.assert_clean();

    // Discord is gone.
    drop(std::mem::replace(&mut scene.fake, FakeDiscord::start().await));
    eventually("not ready", async || {
        let (head, body) = get(&address, "/readyz").await;
        (head.starts_with("http/1.1 503") && body == "Discord is not connected\n").then_some(())
    })
    .await;
    assert_eq!(get(&address, "/healthz").await.1, "alive\n");
    assert_eq!(probe("--ready"), (Some(3), "Discord is not connected\n".to_owned()));
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_read_again_and_what_needs_a_restart_is_named() {
    let mut scene = Scene::start("ONRECORD_LOG=onrecord=info\n", &[]).await;
    assert!(scene.answer("!status").await.contains("is for those with the role admin"));
    let admin = format!("ONRECORD_LOG=onrecord=info\nONRECORD_ADMINS=discord:{}\n", scene.alice);
    write_settings(&scene.records, &scene.fake, &admin);
    scene.signal("HUP");
    let behind = scene.logged(0, "ONRECORD_ADMINS was changed and is in force").await;
    let behind = scene.logged(behind, "the settings were read again").await;
    let status = scene.answer("!status").await;
    assert!(status.contains("How the bot stands"), "{status}");

    // A mistake changes nothing, not even what stands rightly beside it.
    write_settings(&scene.records, &scene.fake, "ONRECORD_LOG=onrecord=info\nONRECORD_QUOTE_LIMIT=none\n");
    scene.signal("HUP");
    let words = "nothing was changed: ONRECORD_QUOTE_LIMIT is \"none\"";
    let behind = scene.logged(behind, words).await;
    assert!(scene.answer("!status").await.contains("How the bot stands"));

    // Backups begin, the log becomes quiet, and what waits for a restart is named.
    let more = "ONRECORD_LOG=onrecord=warn\nONRECORD_BACKUPS=kept\nONRECORD_DISCORD_PREFIX=?\n";
    write_settings(&scene.records, &scene.fake, &format!("{more}ONRECORD_HEALTH=127.0.0.1:0\n"));
    scene.signal("HUP");
    let behind = scene.logged(behind, "ONRECORD_HEALTH was changed; restart to use it").await;
    scene.logged(behind, "ONRECORD_DISCORD_PREFIX was changed; restart to use it").await;
    let kept = scene.records.path().join("kept");
    eventually("a backup", async || std::fs::read_dir(&kept).ok()?.next().map(drop)).await;
    assert!(scene.answer("!status").await.contains("is for those with the role admin"), "the right was taken");
    assert!(!scene.log()[behind..].contains(" INFO "), "{}", &scene.log()[behind..]);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_being_answered_is_finished_at_the_end_unless_the_bot_is_told_twice() {
    // The answer is on its way while the bot is told to stop.
    let mut scene = Scene::start("", &[]).await;
    let asked = scene.answer_on_its_way(Duration::from_secs(1)).await;
    scene.end().await;
    let messages = scene.fake.messages(scene.general);
    assert!(messages.iter().any(|message| message.reference == Some(asked)), "{messages:?}");

    let environment = [("ONRECORD_LOG", "onrecord=info"), ("ONRECORD_HEALTH", "127.0.0.1:0")];
    let mut scene = Scene::start("", &environment).await;
    let address = scene.health().await;
    scene.answer_on_its_way(TIMEOUT).await;
    scene.signal("TERM");
    let stopping = async || get(&address, "/readyz").await.1.contains("the bot is stopping").then_some(());
    eventually("a farewell", stopping).await;
    scene.signal("TERM");
    assert_eq!(scene.ended().await, Some(3));
    assert!(scene.log().contains("told to stop a second time"), "{}", scene.log());
}

/// A service manager's socket, and what it has heard.
struct Manager {
    folder: tempfile::TempDir,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Manager {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            let mut message = vec![0; 4_096];
            while let Ok(length) = socket.recv(&mut message).await {
                hearing.lock().unwrap().push(String::from_utf8(message[..length].to_vec()).unwrap());
            }
        });
        Self { folder, heard }
    }

    fn address(&self) -> String {
        self.folder.path().join("notify").to_str().unwrap().to_owned()
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Waits for a message that has this line, from a place on, and gives the place behind it.
    async fn until(&self, from: usize, line: &str) -> usize {
        let is_it = |message: &String| message.lines().any(|other| other.starts_with(line));
        eventually(line, async || self.heard().iter().skip(from).position(is_it).map(|at| from + at + 1)).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_manager_is_told_how_the_bot_goes_on() {
    let manager = Manager::new();
    let address = manager.address();
    let until = async |from: usize, line: &str| manager.until(from, line).await;
    let environment = [("NOTIFY_SOCKET", address.as_str()), ("WATCHDOG_USEC", "400000")];
    let mut scene = Scene::start("", &environment).await;
    let ready = until(0, "READY=1").await;
    assert!(until(0, "STATUS=Discord is not connected").await < ready);
    assert!(until(0, "EXTEND_TIMEOUT_USEC=30000000").await < ready);
    until(0, "STATUS=Connected to Discord").await;
    let mut moved = ready;
    for _ in 0..3 {
        moved = until(moved, "WATCHDOG=1").await;
    }
    scene.signal("HUP");
    let reloading = until(moved, "RELOADING=1").await;
    assert_eq!(reloading, until(moved, "MONOTONIC_USEC=").await, "in one message");
    let ready = |heard: &[String]| heard.iter().filter(|message| message.contains("READY=1")).count();
    assert_eq!(ready(&manager.heard()[..reloading]), 1);
    until(reloading, "READY=1").await;
    scene.end().await;
    until(reloading, "STOPPING=1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_stands_still_is_neither_alive_nor_ready_for_anyone_until_it_goes_on() {
    let manager = Manager::new();
    let socket = manager.address();
    let environment =
        [("NOTIFY_SOCKET", socket.as_str()), ("WATCHDOG_USEC", "400000"), ("ONRECORD_HEALTH", "127.0.0.1:0")];
    let mut scene = Scene::start("ONRECORD_LOG=onrecord=info\n", &environment).await;
    let address = scene.health().await;
    eventually("ready", async || (get(&address, "/readyz").await.1 == "ready\n").then_some(())).await;

    // Someone else holds the database: the bot is alive, but can't do what is asked of it.
    let other = rusqlite::Connection::open(scene.records.path().join("onrecord.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = async || get(&address, "/readyz").await.1.contains("the database can't be written").then_some(());
    eventually("a database that can't be written", locked).await;
    assert_eq!(get(&address, "/healthz").await.1, "alive\n");
    assert!(scene.answer("!source harbourton").await.contains("Harbourton"), "questions only read");
    other.execute_batch("ROLLBACK").unwrap();
    eventually("ready again", async || (get(&address, "/readyz").await.1 == "ready\n").then_some(())).await;

    // A second bot on the same database ends at once.
    let again = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(scene.records.path())
        .env_clear()
        .env("DISCORD_TOKEN", "another")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.code() == Some(3) && said.contains("a bot runs on onrecord.db already"), "{said}");

    // The database's file is moved away: whatever is written now would be gone after a restart.
    let (database, away) = (scene.records.path().join("onrecord.db"), scene.records.path().join("away"));
    drop(other);
    std::fs::rename(&database, &away).unwrap();
    let gone = async || get(&address, "/readyz").await.1.contains("was deleted or moved").then_some(());
    eventually("a database that is gone", gone).await;
    assert_eq!(get(&address, "/healthz").await.1, "alive\n");
    std::fs::rename(&away, &database).unwrap();
    eventually("ready once more", async || (get(&address, "/readyz").await.1 == "ready\n").then_some(())).await;

    // The process as a whole stands still.
    manager.until(0, "WATCHDOG=1").await;
    scene.signal("STOP");
    // What was on its way when it stopped may still come in.
    let before = loop {
        let heard = manager.heard().len();
        tokio::time::sleep(Duration::from_secs(1)).await;
        if manager.heard().len() == heard {
            break heard;
        }
    };
    let probe = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        let command = command.arg("health").env_clear().env("ONRECORD_HEALTH", &address);
        command.current_dir(std::env::temp_dir()).output().unwrap().status.code()
    };
    assert_eq!(probe(), Some(3));
    assert_eq!(manager.heard().len(), before, "a process that stands still was taken for one that moves");
    scene.signal("CONT");
    manager.until(before, "WATCHDOG=1").await;
    assert_eq!(probe(), Some(0));
    scene.end().await;
}
