//! The bot's identity: that it is trusted without anyone at its machine.

use onrecord::config::Secret;
use serde_json::json;

use crate::{
    homeserver::Harness,
    people::{PASSWORD, Person},
    records::Records,
    support::{Bot, MAIN, Scene, config},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bots_device_is_signed_by_its_account_and_its_keys_are_backed_up() {
    let scene = Scene::new(true).await;
    let asked = scene.alice.say(&scene.room, "!version").await;
    scene.alice.answer_to(&asked).await;
    scene.alice.perform("cross_signed", json!({"user": scene.config.user})).await;
    scene.bot.stop().await;
    // Two of the same account would spoil each other's keys.
    let mut config = scene.config.clone();
    config.password = None;
    let bot = Bot::start(&scene.records, config.clone());
    let asked = scene.alice.say(&scene.room, "!topics").await;
    scene.alice.answer_to(&asked).await;
    let refused = onrecord::chat::matrix::recovery_key(config).await.unwrap_err().to_string();
    assert!(refused.contains("another process"), "{refused}");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_verify_the_bot_by_emoji_and_others_do_not() {
    let scene = Scene::with(MAIN, json!({}), true, |config| {
        config.operators = vec!["@operator:localhost".to_owned()];
    })
    .await;
    let asked = scene.alice.say(&scene.room, "!version").await;
    scene.alice.answer_to(&asked).await;
    scene.alice.perform("verify", json!({"user": scene.config.user})).await;
    scene.alice.until("to be declined", |seen| (seen.kind() == "KeyVerificationCancel").then_some(())).await;
    let Scene { bot, records, mut config, alice, .. } = scene;
    bot.stop().await;
    config.operators = vec![alice.user.clone()];
    let _bot = Bot::start(&records, config.clone());
    alice.perform("verify", json!({"user": config.user})).await;
    alice.until("the emoji", |seen| (seen.kind() == "KeyVerificationKey").then_some(())).await;
    alice.until("the end", |seen| (seen.kind() == "KeyVerificationMac").then_some(())).await;
    let verified = alice.perform("verified", json!({"user": config.user})).await;
    assert_eq!(verified["verified"], json!([true]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_does_in_place_of_a_password_for_as_long_as_its_keys_are_there() {
    let harness = Harness::get();
    let address = harness.server(MAIN, json!({})).await;
    let records = Records::new();
    let mut config = config(MAIN, &address, &records).await;
    let login = json!({"op": "login", "server": MAIN, "user": config.user, "password": PASSWORD});
    let token = harness.perform(login).await["access_token"].as_str().unwrap().to_owned();
    config.password = None;
    config.access_token = Some(Secret::new(token));
    let bot = Bot::start(&records, config.clone());
    let alice = Person::new(MAIN, "alice").await;
    let room = alice.room("Newsroom", true, &[&config.user]).await;
    alice.sees(&config.user, "join", &room).await;
    let asked = alice.say(&room, "!version").await;
    assert!(alice.answer_to(&asked).await.encrypted);
    bot.stop().await;
    let mut other = config.clone();
    other.user = alice.user.clone();
    let said = Bot::start(&records, other).ended().await.unwrap_err().to_string();
    assert!(said.contains("belongs to") && said.contains("check MATRIX_USER"), "{said}");
    std::fs::remove_dir_all(&config.store).unwrap();
    let said = Bot::start(&records, config).ended().await.unwrap_err().to_string();
    assert!(said.contains("had encryption keys that are not in"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_opened_or_signed_in_is_said_with_what_to_do() {
    let scene = Scene::new(false).await;
    let asked = scene.alice.say(&scene.room, "!version").await;
    scene.alice.answer_to(&asked).await;
    scene.bot.stop().await;
    let ended = |config| Bot::start(&scene.records, config).ended();
    let mut config = scene.config.clone();
    config.passphrase = Some(Secret::new("another"));
    let said = ended(config).await.unwrap_err().to_string();
    assert!(said.contains("ONRECORD_MATRIX_PASSPHRASE"), "{said}");
    let mut config = scene.config.clone();
    config.store = scene.records.path().join("elsewhere");
    config.password = Some(Secret::new("wrong"));
    let said = ended(config.clone()).await.unwrap_err().to_string();
    assert!(said.contains("check MATRIX_USER and MATRIX_PASSWORD"), "{said}");
    config.password = None;
    let said = ended(config.clone()).await.unwrap_err().to_string();
    assert!(said.contains("there is no Matrix session yet"), "{said}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = config.store.join("store.key");
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let said = ended(config).await.unwrap_err().to_string();
        assert!(said.contains("chmod 600"), "{said}");
    }
}
