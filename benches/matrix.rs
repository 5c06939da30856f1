//! How long the Matrix bot takes from a question sent by a client to the answer received there, beside a
//! minimal echo bot on the same SDK, and how much memory and time rooms take. Run with
//! `cargo bench --bench matrix`; it takes some minutes, and installs a homeserver as the tests do.
//!
//! The homeserver (Synapse) and the client (matrix-nio) are in both figures, so that the echo bot is the
//! floor: what the bot itself takes is the difference.

// The futures of matrix-sdk are deep.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement stops at the first thing that goes wrong")]

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
use matrix_sdk::{
    Client, Room, SqliteStoreConfig,
    config::SyncSettings,
    ruma::events::room::{member::StrippedRoomMemberEvent, message::OriginalSyncRoomMessageEvent},
};
use people::{PASSWORD, Person, register, unique};
use serde_json::json;

const SERVER: &str = "bench";

/// How many people ask, and how often each: within what one may ask in ten seconds.
const PEOPLE: usize = 12;
const ROUNDS: usize = 5;

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let address = Harness::get().server(SERVER, json!({})).await;
        println!("rooms | bot | questions | median ms | p99 ms");
        for encrypted in [false, true] {
            latency(&address, encrypted).await;
        }
        println!("rooms | first sync to answer ms | later start to answer ms | resident MB");
        for rooms in [1, 50, 200] {
            start_up(&address, rooms).await;
        }
    });
}

/// The program itself, with an account of its own.
fn program(folder: &Path, address: &str, user: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(folder)
        .env_clear()
        .env("MATRIX_HOMESERVER", address)
        .env("MATRIX_USER", user)
        .env("MATRIX_PASSWORD", PASSWORD)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The floor: the least that a bot on this SDK does.
async fn echo(folder: &Path, address: &str, user: &str) {
    let store = SqliteStoreConfig::with_low_memory_config(folder).key(Some(&[7; 32]));
    let builder =
        Client::builder().homeserver_url(address).sqlite_store_with_config_and_cache_path(store, None::<&str>);
    let client = builder.build().await.unwrap();
    client.matrix_auth().login_username(user, PASSWORD).send().await.unwrap();
    client.add_event_handler(|_: StrippedRoomMemberEvent, room: Room| async move {
        let _ = room.join().await;
    });
    client.add_event_handler(|event: OriginalSyncRoomMessageEvent, room: Room| async move {
        if event.content.body() == "echo" {
            let relation = json!({"m.in_reply_to": {"event_id": event.event_id}});
            let content = json!({"msgtype": "m.notice", "body": "echo", "m.relates_to": relation});
            room.send_raw("m.room.message", content).await.unwrap();
        }
    });
    // The SDK's own loop waits up to a second between two syncs; the bot doesn't, and the floor mustn't.
    tokio::spawn(async move {
        loop {
            let _ = client.sync_once(SyncSettings::default()).await;
        }
    });
}

async fn latency(address: &str, encrypted: bool) {
    let (folder, echoes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (bot, floor) = (register(SERVER, &unique("onrecord")).await, register(SERVER, &unique("echo")).await);
    let mut running = program(folder.path(), address, &bot);
    echo(echoes.path(), address, &floor).await;
    let mut places = Vec::new();
    for _ in 0..PEOPLE {
        let person = Person::new(SERVER, "someone").await;
        let room = person.room("Newsroom", encrypted, &[&bot, &floor]).await;
        person.sees(&bot, "join", &room).await;
        person.sees(&floor, "join", &room).await;
        places.push((person, room));
    }
    let (mut answered, mut echoed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (person, room) in &places {
            for (text, taken) in [("!about sydney", &mut answered), ("echo", &mut echoed)] {
                let at = Instant::now();
                let asked = person.say(room, text).await;
                person.answer_to(&asked).await;
                taken.push(at.elapsed());
            }
        }
    }
    let kind = if encrypted { "encrypted" } else { "plain" };
    for (name, mut taken) in [("onrecord", answered), ("echo", echoed)] {
        taken.sort_unstable();
        let at = |share: f64| milliseconds(taken[((taken.len() as f64 * share) as usize).min(taken.len() - 1)]);
        println!("{kind} | {name} | {} | {:.1} | {:.1}", taken.len(), at(0.5), at(0.99));
    }
    running.kill().unwrap();
    running.wait().unwrap();
}

async fn start_up(address: &str, rooms: usize) {
    let folder = tempfile::tempdir().unwrap();
    let bot = register(SERVER, &unique("onrecord")).await;
    let mut inviting = Vec::new();
    let mut last = None;
    let mut running = program(folder.path(), address, &bot);
    for number in 0..rooms {
        // One person may invite a bot to ten rooms in ten minutes.
        if number % 10 == 0 {
            inviting.push(Person::new(SERVER, "host").await);
        }
        let host = inviting.last().unwrap().clone();
        let room = host.room("Newsroom", false, &[&bot]).await;
        host.sees(&bot, "join", &room).await;
        last = Some((host, room));
    }
    let (host, room) = last.unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let mut times = Vec::new();
    for wiped in [true, false] {
        if wiped {
            std::fs::remove_dir_all(folder.path().join("onrecord.db.matrix")).unwrap();
        }
        let asked = host.say(&room, "!version").await;
        let begun = Instant::now();
        running = program(folder.path(), address, &bot);
        host.answer_to(&asked).await;
        times.push(milliseconds(begun.elapsed()));
        if !wiped {
            println!("{rooms} | {:.0} | {:.0} | {:.1}", times[0], times[1], memory_of(running.id()));
        }
        running.kill().unwrap();
        running.wait().unwrap();
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
