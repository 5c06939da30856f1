//! The bot's session: ended for good, ended softly, and begun where a name says.

use onrecord::config::Secret;
use serde_json::json;

use crate::{
    homeserver::Harness,
    people::PASSWORD,
    proxy::Proxy,
    support::{Bot, Scene},
};

/// The homeserver whose tokens run out: it is restarted for that, which the other tests needn't see.
const LAPSING: &str = "lapsing";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_has_run_out_is_renewed_on_the_same_device_and_said_without_a_password() {
    let harness = Harness::get();
    let address = harness.server(LAPSING, json!({})).await;
    let proxy = Proxy::before(&address).await;
    let change = |config: &mut onrecord::config::MatrixConfig| config.homeserver.clone_from(&proxy.address);
    let scene = Scene::with(LAPSING, json!({}), true, change).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let expire = json!({"op": "expire", "name": LAPSING, "user": scene.config.user});
    let first = alice.say(room, "!version").await;
    alice.answer_to(&first).await;
    let before = alice.perform("device", json!({"user": scene.config.user})).await;
    // While an answer is on its way: the homeserver refuses it, and the question is taken up again.
    proxy.hold_sending();
    let asked = alice.say(room, "!about port varis").await;
    proxy.caught().await;
    harness.perform(expire.clone()).await;
    proxy.cut();
    proxy.mend();
    assert!(alice.answer_to(&asked).await.encrypted);
    let next = alice.say(room, "!about harbourton").await;
    alice.answer_to(&next).await;
    assert_eq!([&first, &asked, &next].map(|question| alice.answers(question)), [1, 1, 1]);
    // The device and its keys went on.
    assert_eq!(alice.perform("device", json!({"user": scene.config.user})).await, before);

    let Scene { records, mut config, bot, alice, room, .. } = scene;
    bot.stop().await;
    config.password = None;
    let bot = Bot::start(&records, config.clone());
    harness.perform(expire).await;
    let said = bot.ended().await.unwrap_err().to_string();
    assert!(said.contains("set MATRIX_PASSWORD") && said.contains("keys are kept"), "{said}");
    let meanwhile = alice.say(&room, "!topics").await;
    // A new token of the same device does, too.
    let device = before["devices"][0].as_str().unwrap();
    let login = json!({"op": "login", "server": LAPSING, "user": config.user, "password": PASSWORD, "device": device});
    let token = harness.perform(login).await["access_token"].as_str().unwrap().to_owned();
    config.access_token = Some(Secret::new(token));
    let _bot = Bot::start(&records, config.clone());
    assert!(alice.answer_to(&meanwhile).await.encrypted);
    assert_eq!(alice.perform("device", json!({"user": config.user})).await, before);
}
