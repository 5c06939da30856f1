//! What goes wrong between the bot and its homeserver. Each ends with the bot answering the next question.

use std::time::Duration;

use onrecord::config::Secret;
use serde_json::json;

use crate::{
    homeserver::Harness,
    people::PASSWORD,
    proxy::Proxy,
    support::{Bot, MAIN, Scene},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_homeserver_that_is_killed_and_restarted_finds_the_bot_again() {
    // And one that lets nobody write more than twice a second.
    let limits = json!({"rc_message": {"per_second": 2, "burst_count": 2}});
    let scene = Scene::with("mortal", limits, true, |_| {}).await;
    let (alice, room, harness) = (&scene.alice, &scene.room, Harness::get());
    let asked = alice.say(room, "!about port varis").await;
    alice.answer_to(&asked).await;
    harness.perform(json!({"op": "kill", "name": "mortal"})).await;
    harness.perform(json!({"op": "restart", "name": "mortal"})).await;
    let asked = alice.say(room, "!source harbourton").await;
    let answer = alice.answer_to(&asked).await;
    for key in ["◀", "▶"] {
        alice
            .until("what is put under an answer", |seen| {
                let relation = &seen.content()["m.relates_to"];
                (relation["key"] == key && relation["event_id"] == answer.id()).then_some(())
            })
            .await;
    }
    assert_eq!(alice.answers(&asked), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_cut_or_slow_delays_answers_and_loses_none() {
    let address = Harness::get().server(MAIN, json!({})).await;
    let proxy = Proxy::before(&address).await;
    let scene = Scene::with(MAIN, json!({}), true, |config| config.homeserver.clone_from(&proxy.address)).await;
    let (alice, room) = (&scene.alice, &scene.room);
    proxy.cut();
    let asked = alice.say(room, "!about port varis").await;
    proxy.mend();
    alice.answer_to(&asked).await;
    // The homeserver has the message, the bot doesn't learn of it, and sends it again.
    proxy.swallow_answer();
    let twice = alice.say(room, "!about harbourton").await;
    proxy.caught().await;
    proxy.cut();
    proxy.mend();
    proxy.slow(Duration::from_millis(100));
    alice.answer_to(&twice).await;
    let last = alice.say(room, "!version").await;
    alice.answer_to(&last).await;
    assert_eq!([&asked, &twice, &last].map(|question| alice.answers(question)), [1, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_ended_is_begun_anew_with_the_password_and_said_without() {
    let scene = Scene::new(true).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let user = scene.config.user.clone();
    let before = alice.perform("device", json!({"user": user})).await;
    let sign_out = json!({"op": "sign_out", "server": scene.server, "user": user, "password": PASSWORD});
    Harness::get().perform(sign_out.clone()).await;
    // The bot comes back as a new device, which alice's client learns of by itself.
    alice.perform("new_device", json!({"user": user, "room": room, "before": before["devices"]})).await;
    let asked = alice.say(room, "!about port varis").await;
    let answer = alice.answer_to(&asked).await;
    assert!(answer.encrypted, "{answer:?}");
    scene.bot.stop().await;
    let mut config = scene.config.clone();
    config.password = None;
    let bot = Bot::start(&scene.records, config);
    Harness::get().perform(sign_out).await;
    let said = bot.ended().await.unwrap_err().to_string();
    assert!(said.contains("MATRIX_PASSWORD") && said.contains("keys are kept"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_store_is_made_anew_and_the_recovery_key_brings_the_identity_back() {
    let scene = Scene::new(true).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = alice.say(room, "!about port varis").await;
    alice.answer_to(&asked).await;
    let before = alice.perform("device", json!({"user": scene.config.user})).await;
    let identity = alice.perform("cross_signed", json!({"user": scene.config.user})).await;
    scene.bot.stop().await;
    let mut config = scene.config.clone();
    config.password = None;
    let key = onrecord::chat::matrix::recovery_key(config.clone()).await.unwrap();
    std::fs::remove_dir_all(&config.store).unwrap();
    let refused = Bot::start(&scene.records, config.clone()).ended().await.unwrap_err().to_string();
    assert!(refused.contains("MATRIX_PASSWORD"), "{refused}");
    config.password = Some(Secret::new(PASSWORD));
    config.recovery_key = Some(Secret::new(key));
    let bot = Bot::start(&scene.records, config.clone());
    alice.perform("new_device", json!({"user": config.user, "room": room, "before": before["devices"]})).await;
    let again = alice.say(room, "!about harbourton").await;
    assert!(alice.answer_to(&again).await.encrypted);
    assert_eq!(alice.perform("cross_signed", json!({"user": config.user})).await, identity);
    // What was answered before is not answered again.
    assert_eq!((alice.answers(&asked), alice.answers(&again)), (1, 1));
    drop(bot);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_without_its_key_is_said_once_and_the_next_is_answered() {
    let scene = Scene::new(true).await;
    let alice = &scene.alice;
    let asked = alice.say(&scene.room, "!about port varis").await;
    alice.answer_to(&asked).await;
    // In a room what can't be read was hardly for the bot.
    alice.perform("send_undecryptable", json!({"room": scene.room, "body": "nice weather"})).await;
    let room = &alice.room("", true, &[&scene.config.user]).await;
    alice.sees(&scene.config.user, "join", room).await;
    let asked = alice.say(room, "about port varis").await;
    alice.answer_to(&asked).await;
    alice.perform("withhold", json!({"user": scene.config.user, "room": room, "withhold": true})).await;
    alice.say(room, "!about harbourton").await;
    alice.say(room, "!about harbourton").await;
    alice
        .until("to be told", |seen| {
            (seen.sender() == scene.config.user && seen.body().contains("could not decrypt")).then_some(())
        })
        .await;
    alice.perform("withhold", json!({"user": scene.config.user, "room": room, "withhold": false})).await;
    let asked = alice.say(room, "!about harbourton").await;
    alice.answer_to(&asked).await;
    let told = Harness::get().all(|seen| seen.who == alice.who && seen.body().contains("could not decrypt"));
    assert_eq!(told.iter().map(|told| told.room.as_str()).collect::<Vec<_>>(), [room]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_withheld_is_told_for_what_it_is_where_the_message_was_likely_a_question() {
    let scene = Scene::new(true).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = alice.say(room, "!about port varis").await;
    let answer = alice.answer_to(&asked).await;
    let reply = json!({"room": room, "body": "and harbourton?", "reply_to": answer.id()});
    let sent = alice.perform("send_undecryptable", reply).await;
    let withheld = json!({"event": sent["event_id"], "user": scene.config.user, "code": "m.unverified"});
    alice.perform("send_withheld", withheld).await;
    alice
        .until("to be told", |seen| {
            (seen.sender() == scene.config.user && seen.body().contains("devices that aren't verified")).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_comes_late_has_its_message_answered_once() {
    let scene = Scene::new(true).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = alice.perform("send_undecryptable", json!({"room": room, "body": "!about port varis"})).await;
    let asked = asked["event_id"].as_str().unwrap();
    // The bot has seen the message before the key comes, as it has answered one that came after it.
    scene.still_answers().await;
    assert_eq!(alice.answers(asked), 0);
    alice.perform("send_key", json!({"event": asked, "user": scene.config.user})).await;
    alice.answer_to(asked).await;
    assert_eq!(alice.answers(asked), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_comes_after_a_restart_has_its_message_answered_once() {
    let Scene { records, config, bot, alice, room, .. } = Scene::new(true).await;
    let mut asked = Vec::new();
    for question in ["!about port varis", "!about harbourton", "!about harbour watch"] {
        let sent = alice.perform("send_undecryptable", json!({"room": room, "body": question})).await;
        asked.push(sent["event_id"].as_str().unwrap().to_owned());
    }
    let next = alice.say(&room, "!version").await;
    alice.answer_to(&next).await;
    bot.stop().await;
    // One key comes meanwhile, one afterwards, one never.
    alice.perform("send_key", json!({"event": asked[0], "user": config.user})).await;
    let bot = Bot::start(&records, config.clone());
    alice.answer_to(&asked[0]).await;
    alice.perform("send_key", json!({"event": asked[1], "user": config.user})).await;
    alice.answer_to(&asked[1]).await;
    bot.stop().await;
    let _bot = Bot::start(&records, config);
    let last = alice.say(&room, "!topics").await;
    alice.answer_to(&last).await;
    let questions = [&asked[0], &asked[1], &asked[2], &next, &last];
    assert_eq!(questions.map(|question| alice.answers(question)), [1, 1, 0, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_events_are_passed_over() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let own = alice.say(room, "hello").await;
    for (kind, content) in [
        ("m.room.message", json!({})),
        ("m.room.message", json!({"msgtype": 7, "body": ["!source harbourton"]})),
        ("m.room.message", json!({"msgtype": "m.text", "body": {"x": 1}})),
        (
            "m.room.message",
            json!({"msgtype": "m.text", "body": "!source x", "m.relates_to": {"rel_type": "m.replace"}}),
        ),
        ("m.room.message", json!({"msgtype": "m.text", "body": "!check", "m.relates_to": {"m.in_reply_to": 3}})),
        ("m.room.message", json!({"msgtype": "m.text", "body": format!("!source {}", "[(".repeat(20_000))})),
        ("m.room.encrypted", json!({"algorithm": "m.megolm.v1.aes-sha2"})),
        ("m.room.encrypted", json!({"algorithm": "none", "ciphertext": [1]})),
        ("m.reaction", json!({"m.relates_to": {"rel_type": "m.annotation", "event_id": own, "key": ""}})),
        ("m.room.redaction", json!({"redacts": 4})),
        ("org.example.\u{1f98a}", json!({"body": "!source x"})),
    ] {
        let path = format!("rooms/{room}/send/{kind}/{}", crate::people::unique("odd"));
        alice.perform("call_loosely", json!({"path": path, "body": content})).await;
    }
    scene.still_answers().await;
}
