//! The program itself, started as an operator does.

use std::process::{Child, Command, Stdio};

use crate::{fake::FakeDiscord, records::Records, support::COMMANDS};

fn start(records: &Records, fake: &FakeDiscord) -> Child {
    Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(records.path())
        .env_clear()
        .env("DISCORD_TOKEN", fake.token())
        .env("DISCORD_API_URL", fake.api_url())
        .env("ONRECORD_LOG", "trace")
        .env("ONRECORD_SHIPPED_DATA", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(records.path().join("log")).unwrap())
        .spawn()
        .unwrap()
}

/// Ends it as SIGTERM does, and gives how it ended with all that it logged.
async fn end(mut child: Child, records: &Records, fake: &FakeDiscord) -> String {
    let told = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
    assert!(told.success());
    fake.disconnected().await;
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    format!("{status}\n{}", std::fs::read_to_string(records.path().join("log")).unwrap())
}

async fn ready(fake: &FakeDiscord) {
    fake.connected(1).await;
    fake.until("registered commands", |fake| (fake.command_names(None).len() == COMMANDS).then_some(())).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_answers_restarts_and_keeps_its_secrets() {
    let fake = FakeDiscord::start().await;
    fake.configure(|settings| settings.patience = std::time::Duration::from_secs(60));
    let guild = fake.guild("Newsroom");
    let general = fake.text_channel(guild, "general");
    let alice = fake.user("alice");
    fake.join(guild, alice, &[]);
    let records = Records::new();
    let child = start(&records, &fake);
    ready(&fake).await;
    fake.say(general, alice, "!source harbourton canary-of-alice");
    fake.say(general, alice, "!source harbourton");
    fake.next_message_in(general).await;
    let answer = fake.next_message_in(general).await;
    let answer = if answer.button("Next").is_some() { answer } else { fake.messages(general)[2].clone() };
    let printed = end(child, &records, &fake).await;
    assert!(printed.starts_with("exit status: 0"), "{printed}");
    for secret in [fake.token().as_str(), "canary-of-alice"] {
        assert!(!printed.contains(secret), "{secret} was logged");
        assert_eq!(records.files_with(secret), Vec::<std::path::PathBuf>::new(), "{secret} was kept");
    }
    let child = start(&records, &fake);
    ready(&fake).await;
    fake.press_label(answer.id, alice, "Next");
    let next = fake.next_edit_of(answer.id).await;
    assert!(next.text.contains("Page 2 of"), "{}", next.text);
    end(child, &records, &fake).await;
    fake.assert_clean();
}
