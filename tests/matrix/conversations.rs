//! Conversations, as transcripts.

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    homeserver::Harness,
    support::{Bot, Scene},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_question_is_answered_in_the_room() {
    let scene = Scene::new(false).await;
    let asked = scene.alice.say(&scene.room, "!source harbourton").await;
    let answer = scene.alice.answer_to(&asked).await;
    assert_snapshot!(scene.alice.transcript(&scene.room).split("\n\nonrecord reacts").next().unwrap());
    let content = answer.content();
    assert_eq!((&content["m.mentions"], &content["format"]), (&json!({}), &json!("org.matrix.custom.html")));
    assert_snapshot!("the_html", content["formatted_body"].as_str().unwrap().replace("</p>", "</p>\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_question_gets_an_encrypted_answer() {
    let scene = Scene::new(true).await;
    let asked = scene.alice.say(&scene.room, "!about port varis").await;
    let answer = scene.alice.answer_to(&asked).await;
    assert!(answer.encrypted && !answer.unreadable, "{answer:?}");
    assert_snapshot!(scene.alice.transcript(&scene.room));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_needs_no_prefix_and_a_private_chat_needs_nothing() {
    let scene = Scene::new(false).await;
    let (alice, bot) = (&scene.alice, &scene.config.user);
    let local = bot.trim_start_matches('@').split(':').next().unwrap();
    let content = json!({"msgtype": "m.text", "body": format!("{local}: about harbourton"),
                         "m.mentions": {"user_ids": [bot]}});
    let asked = alice.send(&scene.room, "m.room.message", content).await;
    assert!(alice.answer_to(&asked).await.body().contains("Harbourton"));
    let private = alice.room("", true, &[bot]).await;
    alice.sees(bot, "join", &private).await;
    let asked = alice.say(&private, "what did harbour watch say").await;
    let answer = alice.answer_to(&asked).await;
    assert!(answer.encrypted && answer.body().contains("Harbour Watch"), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_checked_by_reply_and_by_reaction() {
    let scene = Scene::new(true).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let claim = bob.say(room, "Port Varis charges ferries twice for one landing, says Harbour Watch").await;
    alice.until("the claim", |seen| (seen.id() == claim).then_some(())).await;
    let asked = alice.reply(room, &claim, "> <@bob:localhost> Port Varis\n\n!check").await;
    alice.answer_to(&asked).await;
    // What was edited is checked as it is now, a file by its caption.
    let edited = bob.say(room, "Nice weather today, isn't it?").await;
    bob.edit(room, &edited, "Harbour Watch says that Port Varis charges ferries twice for one landing").await;
    let asked = alice.reply(room, &edited, "!check").await;
    assert!(alice.answer_to(&asked).await.body().contains("matches"));
    let picture = json!({"msgtype": "m.image", "filename": "ferry.png", "url": "mxc://localhost/ferry",
                         "body": "Port Varis charges ferries twice for one landing, says Harbour Watch"});
    let picture = bob.send(room, "m.room.message", picture).await;
    let asked = alice.reply(room, &picture, "!check").await;
    assert!(alice.answer_to(&asked).await.body().contains("matches"));
    let bare = json!({"msgtype": "m.image", "body": "ferry.png", "url": "mxc://localhost/ferry"});
    let bare = bob.send(room, "m.room.message", bare).await;
    let asked = alice.reply(room, &bare, "!check").await;
    assert!(alice.answer_to(&asked).await.body().contains("no words"));
    let talk = bob.say(room, "Nice weather today, isn't it?").await;
    alice.react(room, &talk, "🔎").await;
    assert!(alice.answer_to(&talk).await.body().contains("No vetted entry"));
    assert_snapshot!(alice.transcript(room));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_only_asks_about_a_message_checks_it() {
    let scene = Scene::new(false).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let bot = &scene.config.user;
    let claim = bob.say(room, "Port Varis charges ferries twice for one landing, says Harbour Watch").await;
    alice.until("the claim", |seen| (seen.id() == claim).then_some(())).await;
    for words in [
        "!check is this true?".to_owned(),
        "!check c'est vrai ?".to_owned(),
        format!("{bot} is this true?"),
        format!("{bot}: check this please"),
        bot.clone(),
    ] {
        let asked = alice.reply(room, &claim, &words).await;
        let answer = alice.answer_to(&asked).await;
        assert!(answer.body().contains("One vetted entry matches this message"), "{words}: {}", answer.body());
    }
    // One person isn't answered as often at once.
    let asked = bob.reply(room, &claim, "!source harbour fees").await;
    let answer = alice.answer_to(&asked).await;
    assert!(answer.body().contains("Harbour fees"), "{}", answer.body());
    assert!(answer.body().contains("reply to it with !check alone"), "{}", answer.body());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_turn_in_place_before_and_after_a_restart() {
    let scene = Scene::new(true).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = alice.say(room, "!source harbourton").await;
    let answer = alice.answer_to(&asked).await;
    assert!(answer.body().contains("Page 1 of 3"), "{}", answer.body());
    let bot = scene.config.user.clone();
    let placed = |key: &'static str| {
        let (bot, answer) = (bot.clone(), answer.id().to_owned());
        alice.until("the bot's reactions", move |seen| {
            let relation = &seen.content()["m.relates_to"];
            (seen.sender() == bot && relation["key"] == key && relation["event_id"] == answer.as_str()).then_some(())
        })
    };
    placed("◀").await;
    placed("▶").await;
    // Someone else's reaction turns nothing; the edit that follows is the asker's.
    bob.react(room, answer.id(), "▶").await;
    alice.react(room, answer.id(), "▶️").await;
    alice.edit_of(answer.id(), "Page 2 of 3").await;
    scene.bot.stop().await;
    let _bot = Bot::start(&scene.records, scene.config.clone());
    let mia = alice.react(room, answer.id(), "▶").await;
    alice.edit_of(answer.id(), "Page 3 of 3").await;
    alice.redact(room, &mia).await;
    alice.react(room, answer.id(), "◀").await;
    let back = alice.edit_of(answer.id(), "Page 2 of 3").await;
    assert!(back.encrypted, "{back:?}");
    let asked = alice.say(room, "!more").await;
    let more = alice.answer_to(&asked).await;
    assert!(more.body().contains("Page 3 of 3"), "{}", more.body());
    let edits = Harness::get().all(|seen| seen.who == alice.who && seen.replaces() == Some(answer.id()));
    assert_eq!(edits.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_turn_the_pages_of_what_others_asked_and_members_do_not() {
    let scene = Scene::new(true).await;
    let (bob, mona) = (scene.guest("bob").await, scene.guest("mona").await);
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = bob.say(room, "!source harbourton").await;
    let answer = alice.answer_to(&asked).await;
    let as_a_member = mona.react(room, answer.id(), "▶").await;
    // Whoever made the room has all power in it. Reactions are taken in turn.
    alice.react(room, answer.id(), "▶").await;
    alice.edit_of(answer.id(), "Page 2 of 3").await;
    alice.set(room, "m.room.power_levels", json!({"users": {mona.user.as_str(): 50}})).await;
    mona.redact(room, &as_a_member).await;
    mona.react(room, answer.id(), "▶").await;
    alice.edit_of(answer.id(), "Page 3 of 3").await;
    // The pages stay the asker's.
    bob.react(room, answer.id(), "◀").await;
    let asked = bob.say(room, "!version").await;
    alice.answer_to(&asked).await;
    let edits = Harness::get().all(|seen| seen.who == alice.who && seen.replaces() == Some(answer.id()));
    let shown: Vec<&str> = edits.iter().filter_map(|edit| edit.body().lines().last()).collect();
    let is_page = |shown: &str, number: usize| shown.contains(&format!("Page {number} of 3"));
    assert!(matches!(shown[..], [a, b, c] if is_page(a, 2) && is_page(b, 3) && is_page(c, 2)), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_in_a_thread_is_answered_there() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let root = alice.say(room, "About the harbour").await;
    let relation = json!({"rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                          "m.in_reply_to": {"event_id": root}});
    let content = json!({"msgtype": "m.text", "body": "!about port varis", "m.relates_to": relation});
    let asked = alice.send(room, "m.room.message", content).await;
    let answer = alice.answer_to(&asked).await;
    let relation = &answer.content()["m.relates_to"];
    assert_eq!((&relation["rel_type"], &relation["event_id"]), (&json!("m.thread"), &json!(root)));
    assert_snapshot!(alice.transcript(room));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_question_edits_its_answer_and_a_redacted_one_takes_it_along() {
    let scene = Scene::new(true).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = alice.say(room, "!about port vrais").await;
    let answer = alice.answer_to(&asked).await;
    // Someone else can't change what was asked.
    bob.edit(room, &asked, "!about harbour watch").await;
    alice.edit(room, &asked, "!about harbourton").await;
    alice.edit_of(answer.id(), "Harbourton").await;
    // A message that becomes a question is answered; talk is not.
    let talk = alice.say(room, "about port varis").await;
    alice.edit(room, &talk, "!about port varis").await;
    alice.answer_to(&talk).await;
    alice.redact(room, &asked).await;
    alice.redaction_of(answer.id()).await;
    let edits = Harness::get().all(|seen| seen.who == alice.who && seen.replaces() == Some(answer.id()));
    assert_eq!(edits.len(), 1);
    scene.still_answers().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_may_mean_several_and_nothing_may_be_found() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    for question in [
        "!about harbour",
        "!source by:\"lena quits\" moonbase",
        "!source <b>@room</b> [free](https://evil.example) \u{202e}x",
    ] {
        let asked = alice.say(room, question).await;
        alice.answer_to(&asked).await;
    }
    assert_snapshot!(alice.transcript(room));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_and_talk_are_not_answered() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    for content in [
        json!({"msgtype": "m.notice", "body": "!source harbourton"}),
        json!({"msgtype": "m.emote", "body": "!source harbourton"}),
        json!({"msgtype": "m.text", "body": "!ban bob"}),
        json!({"msgtype": "m.text", "body": "source harbourton"}),
    ] {
        alice.send(room, "m.room.message", content).await;
    }
    scene.still_answers().await;
    let bot = &scene.config.user;
    let said =
        Harness::get().all(|seen| seen.who == alice.who && seen.sender() == bot && seen.kind() == "m.room.message");
    assert!(said.len() <= 1, "{said:?}");
}
