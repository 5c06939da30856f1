//! The program itself, started as an operator does, and killed.

use std::process::{Child, Command, Stdio};

use onrecord::config::MatrixConfig;
use serde_json::json;

use crate::{
    homeserver::Harness,
    people::{PASSWORD, Person},
    proxy::Proxy,
    records::Records,
    support::{MAIN, config},
};

fn start(records: &Records, config: &MatrixConfig, password: Option<&str>, number: usize) -> Child {
    command(records, config, password, number).spawn().unwrap()
}

fn command(records: &Records, config: &MatrixConfig, password: Option<&str>, number: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command
        .current_dir(records.path())
        .env_clear()
        .env("MATRIX_HOMESERVER", &config.homeserver)
        .env("MATRIX_USER", &config.user)
        .env("ONRECORD_LOG", "trace")
        .env("ONRECORD_SHIPPED_DATA", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(records.path().join(format!("log{number}"))).unwrap());
    if let Some(password) = password {
        command.env("MATRIX_PASSWORD", password);
    }
    command
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_name_of_a_server_leads_to_its_homeserver_even_if_it_is_busy_at_first() {
    Harness::get().server(MAIN, json!({})).await;
    let records = Records::new();
    let found = Harness::get().perform(json!({"op": "discovery", "name": MAIN, "busy": 5})).await;
    let config = config(MAIN, found["name"].as_str().unwrap(), &records).await;
    let mut command = command(&records, &config, Some(PASSWORD), 0);
    // In place of the system's authorities, whose word the bot takes.
    command.env("SSL_CERT_FILE", found["certificate"].as_str().unwrap());
    let mut child = command.env("ONRECORD_HEALTH", "127.0.0.1:0").spawn().unwrap();
    let alice = Person::new(MAIN, "alice").await;
    let room = alice.room("Newsroom", false, &[&config.user]).await;
    alice.sees(&config.user, "join", &room).await;
    let asked = alice.say(&room, "!version").await;
    alice.answer_to(&asked).await;
    // Whoever answers is connected, and is seen to be.
    let log = std::fs::read_to_string(records.path().join("log0")).unwrap();
    let address = log.split("health.address=").nth(1).unwrap().split_whitespace().next().unwrap();
    let mut probe = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    probe.args(["health", "--ready"]).current_dir(records.path()).env_clear().env("ONRECORD_HEALTH", address);
    let output = probe.output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"ready\n".as_slice()), "{output:?}");
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn ended(mut child: Child) -> String {
    tokio::task::spawn_blocking(move || child.wait().unwrap().to_string()).await.unwrap()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_is_killed_answers_exactly_once_and_keeps_its_secrets() {
    let address = Harness::get().server(MAIN, json!({})).await;
    let proxy = Proxy::before(&address).await;
    let records = Records::new();
    let config = config(MAIN, &proxy.address, &records).await;
    let mut child = start(&records, &config, Some(PASSWORD), 0);
    let alice = Person::new(MAIN, "alice").await;
    let room = alice.room("Newsroom", true, &[&config.user]).await;
    alice.sees(&config.user, "join", &room).await;
    let asked = alice.say(&room, "!about port varis canary-of-alice").await;
    alice.answer_to(&asked).await;
    // Killed when the answer is made but has not reached the homeserver, then when it has.
    let mut questions = vec![asked];
    for number in 1..=2 {
        if number == 1 {
            proxy.hold_sending()
        } else {
            proxy.swallow_answer()
        }
        let asked = alice.say(&room, "!about harbourton").await;
        proxy.caught().await;
        child.kill().unwrap();
        child.wait().unwrap();
        proxy.mend();
        child = start(&records, &config, None, number);
        let next = alice.say(&room, "!version").await;
        alice.answer_to(&next).await;
        alice.answer_to(&asked).await;
        questions.extend([asked, next]);
    }
    let told = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(ended(child).await, "exit status: 0");
    for question in &questions {
        let answers = Harness::get()
            .all(|seen| seen.who == alice.who && seen.sender() == config.user && seen.reply_to() == Some(question));
        assert_eq!(answers.len(), 1, "{answers:#?}");
    }
    for number in 0..=2 {
        let log = std::fs::read_to_string(records.path().join(format!("log{number}"))).unwrap();
        for secret in [PASSWORD, "canary-of-alice", "syt_"] {
            assert!(!log.contains(secret), "{secret} was logged");
        }
    }
    for secret in [PASSWORD, "canary-of-alice", "syt_"] {
        assert_eq!(records.files_with(secret), Vec::<std::path::PathBuf>::new(), "{secret} was kept");
    }
    // The key is printed once, by itself, and opens what the bot has kept.
    let printed = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["matrix", "recovery-key"])
        .current_dir(records.path())
        .env_clear()
        .env("MATRIX_HOMESERVER", &config.homeserver)
        .env("MATRIX_USER", &config.user)
        .output()
        .unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let key = String::from_utf8(printed.stdout).unwrap();
    // 48 characters in groups of four (Matrix specification, "Recovery key").
    assert_eq!(key.split_whitespace().map(str::len).collect::<Vec<_>>(), [4; 12], "{key}");
}
