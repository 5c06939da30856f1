//! How long the Matrix bot takes from a question sent by a client to the answer received there, beside a
//! minimal echo bot on the same SDK, and how much memory and time rooms take. Run with
//! `cargo bench --bench matrix`; it takes some minutes, and installs a homeserver as the tests do.
//!
//! The homeserver (Synapse) and the client (matrix-nio) are in both figures, so that the echo bot is the
//! floor: what the bot itself takes is the difference. For that to hold, both are processes of their own
//! that ask the homeserver for the same, neither sees the other's rooms, they are asked in turn with each
//! going first as often as the other, and each question comes when what the last one caused is over.

// The futures of matrix-sdk are deep.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement stops at the first thing that goes wrong")]

#[path = "matrix/echo.rs"]
mod echo;
#[path = "../tests/matrix/homeserver/mod.rs"]
#[expect(dead_code, reason = "the homeserver can do more than a measurement asks of it")]
mod homeserver;
#[path = "../tests/matrix/people.rs"]
#[expect(dead_code, reason = "people do more in tests")]
mod people;

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use homeserver::Harness;
use people::{PASSWORD, Person, register, unique};
use serde_json::json;

const SERVER: &str = "bench";

/// How many people ask each bot, and how often each: within what one may ask in ten seconds.
const PEOPLE: usize = 12;
const ROUNDS: usize = 17;

/// How long nothing is asked before each question. An answer's reactions and what clients make of it take
/// some tens of milliseconds, and would be in the next figure.
const QUIET: Duration = Duration::from_millis(200);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if let [_, mode, address, user] = &arguments[..]
        && mode == echo::MODE
    {
        return runtime.block_on(echo::run(address, user));
    }
    runtime.block_on(async {
        let address = Harness::get().server(SERVER, json!({})).await;
        println!("rooms | bot | questions | first in a room, median ms | median ms | p99 ms");
        for encrypted in [false, true] {
            latency(&address, encrypted).await;
        }
        println!("rooms | bot | first start to answer ms | later start to answer ms | resident MB");
        for rooms in [1, 50, 200] {
            start_up(&address, rooms).await;
        }
    });
}

/// Which of the two is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Onrecord,
    Echo,
}

impl Kind {
    const BOTH: [Self; 2] = [Self::Onrecord, Self::Echo];

    fn name(self) -> &'static str {
        match self {
            Self::Onrecord => "onrecord",
            Self::Echo => "echo",
        }
    }

    fn question(self) -> &'static str {
        match self {
            Self::Onrecord => "!about sydney",
            Self::Echo => echo::QUESTION,
        }
    }

    /// Starts the bot with an account of its own.
    fn start(self, folder: &Path, address: &str, user: &str) -> Running {
        let mut command = match self {
            Self::Onrecord => Command::new(env!("CARGO_BIN_EXE_onrecord")),
            Self::Echo => {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.args([echo::MODE, address, user]);
                command
            }
        };
        command
            .current_dir(folder)
            .env_clear()
            .env("MATRIX_HOMESERVER", address)
            .env("MATRIX_USER", user)
            .env("MATRIX_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        Running(command.spawn().unwrap())
    }
}

/// A bot's process, which ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks and waits for the answer.
async fn ask(person: &Person, room: &str, kind: Kind) -> Duration {
    tokio::time::sleep(QUIET).await;
    let begun = Instant::now();
    let asked = person.say(room, kind.question()).await;
    person.answer_to(&asked).await;
    begun.elapsed()
}

async fn latency(address: &str, encrypted: bool) {
    let mut bots = Vec::new();
    for kind in Kind::BOTH {
        let folder = tempfile::tempdir().unwrap();
        let user = register(SERVER, &unique(kind.name())).await;
        let running = kind.start(folder.path(), address, &user);
        let mut places = Vec::new();
        for _ in 0..PEOPLE {
            let person = Person::new(SERVER, "someone").await;
            let room = person.room("Newsroom", encrypted, &[&user]).await;
            person.sees(&user, "join", &room).await;
            places.push((person, room));
        }
        bots.push((kind, places, running, folder));
    }
    let (mut first, mut later) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for round in 0..=ROUNDS {
        for number in 0..PEOPLE {
            // Each goes first as often as the other.
            let order = if (round + number) % 2 == 0 { [0, 1] } else { [1, 0] };
            for which in order {
                let (kind, places, ..) = &bots[which];
                let (person, room) = &places[number];
                let taken = ask(person, room, *kind).await;
                // Keys are exchanged, caches filled: the first one warms up, and is said by itself.
                let times = if round == 0 { &mut first } else { &mut later };
                times[which].push(taken);
            }
        }
    }
    let rooms = if encrypted { "encrypted" } else { "plain" };
    for (which, (kind, ..)) in bots.iter().enumerate() {
        println!(
            "{rooms} | {} | {} | {:.1} | {:.1} | {:.1}",
            kind.name(),
            later[which].len(),
            share_of(&mut first[which], 0.5),
            share_of(&mut later[which], 0.5),
            share_of(&mut later[which], 0.99)
        );
    }
}

/// The time in milliseconds that this share of the times is below.
fn share_of(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    milliseconds(times[((times.len() as f64 * share) as usize).min(times.len() - 1)])
}

async fn start_up(address: &str, rooms: usize) {
    for kind in Kind::BOTH {
        let folder = tempfile::tempdir().unwrap();
        let user = register(SERVER, &unique(kind.name())).await;
        let mut running = kind.start(folder.path(), address, &user);
        let mut host = Person::new(SERVER, "host").await;
        let mut room = String::new();
        for number in 0..rooms {
            // One person may invite a bot to ten rooms in ten minutes.
            if number > 0 && number % 10 == 0 {
                host = Person::new(SERVER, "host").await;
            }
            room = host.room("Newsroom", false, &[&user]).await;
            host.sees(&user, "join", &room).await;
        }
        let mut times = Vec::new();
        for wiped in [true, false] {
            drop(running);
            if wiped {
                for store in ["onrecord.db.matrix", echo::STORE] {
                    let _ = std::fs::remove_dir_all(folder.path().join(store));
                }
            }
            let asked = host.say(&room, if kind == Kind::Echo { echo::QUESTION } else { "!version" }).await;
            let begun = Instant::now();
            running = kind.start(folder.path(), address, &user);
            host.answer_to(&asked).await;
            times.push(milliseconds(begun.elapsed()));
        }
        let memory = memory_of(running.0.id());
        println!("{rooms} | {} | {:.0} | {:.0} | {memory:.1}", kind.name(), times[0], times[1]);
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The resident memory of a process in MB (Linux).
fn memory_of(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default();
    kilobytes / 1024.0
}
