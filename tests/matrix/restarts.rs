//! What was said while the bot was away.

use std::time::Duration;

use serde_json::json;

use crate::{
    records::Records,
    support::{Bot, Scene},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_meanwhile_is_answered_once_however_much_was_said_since() {
    let Scene { records, config, bot, alice, room, .. } = Scene::new(false).await;
    let before = alice.say(&room, "!version").await;
    alice.answer_to(&before).await;
    bot.stop().await;
    let asked = alice.say(&room, "!about port varis").await;
    // More than a homeserver tells at once.
    alice.perform("burst", json!({"rooms": [room], "count": 120, "body": "talk"})).await;
    let bot = Bot::start(&records, config.clone());
    alice.answer_to(&asked).await;
    bot.stop().await;
    // A database that knows of nothing sees by the room what was answered.
    let empty = Records::new();
    let _bot = Bot::start(&empty, config);
    let last = alice.say(&room, "!version").await;
    alice.answer_to(&last).await;
    assert_eq!([&before, &asked, &last].map(|question| alice.answers(question)), [1, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_old_is_never_answered() {
    let Scene { records, config, bot, alice, room, .. } = Scene::new(true).await;
    let before = alice.say(&room, "!version").await;
    alice.answer_to(&before).await;
    bot.stop().await;
    let old = alice.say(&room, "!about port varis").await;
    let mut strict = config.clone();
    strict.max_age = Duration::ZERO;
    let bot = Bot::start(&records, strict);
    // Invitations have no age: once it has come, what was said before has been passed over.
    let sign = alice.room("Sign", false, &[&config.user]).await;
    alice.sees(&config.user, "join", &sign).await;
    bot.stop().await;
    let _bot = Bot::start(&records, config);
    let next = alice.say(&room, "!topics").await;
    alice.answer_to(&next).await;
    assert_eq!([&before, &old, &next].map(|question| alice.answers(question)), [1, 0, 1]);
}
