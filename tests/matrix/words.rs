//! What people really write: mentions anywhere in a message, and words in all the places where clients put them.

use serde_json::{Value, json};

use crate::{
    people::Person,
    support::{Bot, MAIN, Scene},
};

const CLAIM: &str = "Port Varis charges ferries twice for one landing, says Harbour Watch";
const MATCHES: &str = "One vetted entry matches this message";

/// A text that mentions someone, as clients send it.
fn mentioning(body: &str, whom: &str) -> Value {
    json!({"msgtype": "m.text", "body": body, "m.mentions": {"user_ids": [whom]}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_for_the_bot_wherever_it_stands_and_small_talk_is_not() {
    let scene = Scene::new(false).await;
    let bob = scene.guest("bob").await;
    let (alice, room, bot) = (&scene.alice, &scene.room, &scene.config.user);
    let claim = bob.say(room, CLAIM).await;
    // As Element X writes it, and as others do.
    let link = format!("[{bot}](https://matrix.to/#/{bot})");
    for talk in [format!("thanks {link}!"), format!("hi {link}")] {
        alice.send(room, "m.room.message", mentioning(&talk, bot)).await;
    }
    for body in [
        format!("{link} harbourton"),
        format!("is there a fee in harbourton {link}?"),
        format!("hey {link}, about harbourton"),
        format!("is there a fee in harbourton {bot}"),
    ] {
        let asked = alice.send(room, "m.room.message", mentioning(&body, bot)).await;
        assert!(alice.answer_to(&asked).await.body().contains("Harbourton"), "{body}");
    }
    let mut reply = mentioning(&link, bot);
    reply["m.relates_to"] = json!({"m.in_reply_to": {"event_id": claim}});
    let asked = bob.send(room, "m.room.message", reply).await;
    let checked = alice.answer_to(&asked).await;
    assert!(checked.body().contains(MATCHES), "{}", checked.body());
    // Whom a reply answers is mentioned by the client, and nothing is asked by that.
    let mut talk = mentioning("so it is in the harbour", bot);
    talk["m.relates_to"] = json!({"m.in_reply_to": {"event_id": checked.id()}});
    let talk = bob.send(room, "m.room.message", talk).await;
    scene.still_answers().await;
    assert_eq!(alice.answers(&talk), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bots_name_is_followed_and_small_talk_in_private_is_told_how_to_ask() {
    let scene = Scene::new(false).await;
    let (alice, room, bot) = (&scene.alice, &scene.room, &scene.config.user);
    let owner = Person::of(MAIN, bot).await;
    let path = format!("profile/{bot}/displayname");
    owner.call("PUT", &path, json!({"displayname": "Harbour Archive"})).await;
    alice
        .until("the new name", |seen| {
            let is_it = seen.kind() == "m.room.member" && seen.content()["displayname"] == "Harbour Archive";
            is_it.then_some(())
        })
        .await;
    let root = alice.say(room, CLAIM).await;
    // In a reply a mention counts that stands in its words.
    let mut reply = mentioning("is this true, Harbour Archive?", bot);
    reply["m.relates_to"] = json!({"m.in_reply_to": {"event_id": root}});
    let asked = alice.send(room, "m.room.message", reply).await;
    assert!(alice.answer_to(&asked).await.body().contains(MATCHES));
    let private = alice.room("", false, &[bot]).await;
    alice.sees(bot, "join", &private).await;
    for talk in ["hi", "thanks!"] {
        let asked = alice.say(&private, talk).await;
        let answer = alice.answer_to(&asked).await;
        assert!(answer.body().contains("Who said that, when, and where was it reported?"), "{}", answer.body());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_has_words_is_checked_and_the_answer_says_what_was_read() {
    let scene = Scene::new(true).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let answers = json!([{"id": "1", "org.matrix.msc1767.text": "Yes"}, {"id": "2", "org.matrix.msc1767.text": "No"}]);
    let poll = json!({"org.matrix.msc1767.text": "a poll", "org.matrix.msc3381.poll.start": {
        "kind": "org.matrix.msc3381.poll.disclosed", "max_selections": 1, "answers": answers,
        "question": {"org.matrix.msc1767.text": format!("{CLAIM}. True?")}}});
    let captioned =
        json!({"msgtype": "m.image", "filename": "ferry.png", "url": "mxc://localhost/ferry", "body": CLAIM});
    let html = json!({"msgtype": "m.text", "body": "", "format": "org.matrix.custom.html",
                      "formatted_body": format!("<p>{CLAIM}</p>")});
    for (kind, content, read) in [
        ("org.matrix.msc3381.poll.start", poll, "Read: the poll."),
        ("m.room.message", captioned, "Read: the caption, not the file itself."),
        ("m.room.message", html, MATCHES),
    ] {
        let posted = bob.send(room, kind, content).await;
        let asked = alice.reply(room, &posted, "!check").await;
        let answer = alice.answer_to(&asked).await;
        assert!(answer.body().contains(MATCHES) && answer.body().contains(read), "{read}: {}", answer.body());
    }
    let voice = json!({"msgtype": "m.audio", "body": "voice.ogg", "url": "mxc://localhost/voice", "org.matrix.msc3245.voice": {}});
    let sticker = json!({"body": "a wave", "url": "mxc://localhost/wave", "info": {}});
    for (kind, content, sentence) in [("m.room.message", voice, "a voice message"), ("m.sticker", sticker, "a sticker")]
    {
        let posted = bob.send(room, kind, content).await;
        let asked = bob.reply(room, &posted, "!check").await;
        let answer = alice.answer_to(&asked).await;
        assert!(answer.body().contains(sentence), "{}", answer.body());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_messages_of_an_author_are_checked_together() {
    let scene = Scene::new(true).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    bob.say(room, "The moon is cheese.").await;
    bob.say(room, "Says Harbour Watch:").await;
    alice.say(room, "go on").await;
    bob.say(room, "Port Varis charges ferries twice").await;
    let last = bob.say(room, "for one landing").await;
    bob.say(room, "and that is that").await;
    let asked = alice.reply(room, &last, "!check 3").await;
    let answer = alice.answer_to(&asked).await;
    assert!(answer.body().contains(MATCHES), "{}", answer.body());
    assert!(answer.body().contains("Read: 3 messages of that author, up to the one replied to."), "{}", answer.body());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_with_or_right_after_an_invitation_is_answered() {
    let scene = Scene::new(true).await;
    let (alice, bot) = (&scene.alice, &scene.config.user);
    let asked = alice.say(&scene.room, "!version").await;
    alice.answer_to(&asked).await;
    // The bot is away, so that all of it was said before it comes.
    scene.bot.stop().await;
    let mut asked = Vec::new();
    for encrypted in [false, true] {
        let private = alice.room("", encrypted, &[bot]).await;
        // Her client gives keys to those of whom it knows that they are invited.
        alice.sees(bot, "invite", &private).await;
        asked.push(alice.say(&private, "what did harbour watch say").await);
        asked.push(alice.say(&private, "about harbourton").await);
    }
    // What was said before the invitation was said to others.
    let room = alice.room("Old", false, &[]).await;
    let before = alice.say(&room, "!about harbourton").await;
    alice.call("POST", &format!("rooms/{room}/invite"), json!({"user_id": bot})).await;
    let after = alice.say(&room, "!about port varis").await;
    let _bot = Bot::start(&scene.records, scene.config.clone());
    for asked in asked.iter().chain([&after]) {
        alice.answer_to(asked).await;
    }
    assert_eq!(alice.answers(&before), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_in_a_thread_is_answered_in_the_thread() {
    let scene = Scene::new(true).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let root = alice.say(room, "About the harbour").await;
    let relation = json!({"rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                          "m.in_reply_to": {"event_id": root}});
    let content = json!({"msgtype": "m.text", "body": CLAIM, "m.relates_to": relation});
    let claim = alice.send(room, "m.room.message", content).await;
    alice.react(room, &claim, "🔎").await;
    let answer = alice.answer_to(&claim).await;
    let relation = &answer.content()["m.relates_to"];
    assert_eq!((&relation["rel_type"], &relation["event_id"]), (&json!("m.thread"), &json!(root)));
    assert!(answer.body().contains(MATCHES), "{}", answer.body());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_have_the_prefix_of_the_room() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    for (asked, hint) in [
        ("!settings prefix:?", "?"),
        ("?check The moon is made of cheese by now", "?source QUESTION"),
        ("?show", "?show ID"),
        ("?help", "?check TEXT"),
    ] {
        let asked = alice.say(room, asked).await;
        let answer = alice.answer_to(&asked).await;
        assert!(answer.body().contains(hint), "{}", answer.body());
    }
}
