//! Coming into rooms, settings in them, leaving them, and following them where they go.

use insta::assert_snapshot;
use onrecord::{config::Invites, reply::Outcome};
use serde_json::json;

use crate::{
    homeserver::{Harness, Seen},
    people::{PASSWORD, Person, membership},
    records::{ADMIN, at_the_terminal},
    support::{Bot, MAIN, Scene},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invitations_are_accepted_by_rule() {
    let records = crate::records::Records::new();
    let address = crate::homeserver::Harness::get().server(MAIN, json!({})).await;
    let (friend, stranger) = (Person::new(MAIN, "friend").await, Person::new(MAIN, "stranger").await);
    let mut config = crate::support::config(MAIN, &address, &records).await;
    config.invites = Invites::Of(vec![friend.user.clone(), "example.org".to_owned()]);
    let _bot = crate::support::Bot::start(&records, config.clone());
    let refused = stranger.room("Strangers", false, &[&config.user]).await;
    stranger.sees(&config.user, "leave", &refused).await;
    let reason = Harness::get().all(|seen| seen.who == stranger.who && membership(seen, &config.user) == "leave");
    let reason = reason[0].content()["reason"].as_str().unwrap();
    assert!(reason.contains("lets only certain people and servers invite it"), "{reason}");
    let accepted = friend.room("Friends", false, &[&config.user]).await;
    friend.sees(&config.user, "join", &accepted).await;
    let asked = friend.say(&accepted, "!version").await;
    friend.answer_to(&asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_for_those_with_power_in_the_room() {
    let scene = Scene::new(false).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = bob.say(room, "!settings prefix:?").await;
    alice.answer_to(&asked).await;
    // Whoever made the room has all power, and needn't be listed from version 12 on.
    let users = json!({bob.user.as_str(): 50});
    alice.set(room, "m.room.power_levels", json!({"users": users})).await;
    let asked = bob.say(room, "!settings prefix:?").await;
    alice.answer_to(&asked).await;
    alice.say(room, "!version").await;
    let asked = alice.say(room, "?about port varis").await;
    alice.answer_to(&asked).await;
    let asked = bob.say(room, "?settings visibility:private").await;
    alice.answer_to(&asked).await;
    let asked = alice.say(room, "?topics").await;
    alice.answer_to(&asked).await;
    let local = scene.config.user.as_str();
    assert_snapshot!(alice.transcript(room).replace(local, "@onrecord:localhost"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reactions_are_held_to_what_messages_are_held_to() {
    let scene = Scene::new(false).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let picture = json!({"msgtype": "m.image", "body": "ferry.png", "url": "mxc://localhost/ferry"});
    let picture = bob.send(room, "m.room.message", picture).await;
    bob.react(room, &picture, "🔎").await;
    assert!(alice.answer_to(&picture).await.body().contains("no words beside that picture"));
    let asked = bob.say(room, "!source harbourton").await;
    let pages = alice.answer_to(&asked).await;
    let asked = alice.say(room, "!settings visibility:private").await;
    alice.answer_to(&asked).await;
    let talk = bob.say(room, "Nice weather today, isn't it?").await;
    bob.react(room, &talk, "🔎").await;
    assert!(alice.answer_to(&talk).await.body().contains("shown to the asker alone"));
    // It was said, and is not said to everyone who puts the same; a page for all to see is not turned.
    alice.react(room, &talk, "🔎").await;
    bob.react(room, pages.id(), "▶").await;
    let asked = alice.say(room, "!settings visibility:public").await;
    alice.answer_to(&asked).await;
    assert_eq!(alice.answers(&talk), 1);
    alice.react(room, pages.id(), "▶").await;
    alice.edit_of(pages.id(), "Page 2 of 3").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgraded_room_is_followed_and_its_settings_with_it() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = alice.say(room, "!settings prefix:?").await;
    alice.answer_to(&asked).await;
    // Whoever upgrades a room of invited people invites them again.
    let upgraded = alice.call("POST", &format!("rooms/{room}/upgrade"), json!({"new_version": "11"})).await;
    let new = upgraded["replacement_room"].as_str().unwrap().to_owned();
    alice.sees(&alice.user, "join", &new).await;
    alice.call("POST", &format!("rooms/{new}/invite"), json!({"user_id": scene.config.user})).await;
    alice.sees(&scene.config.user, "join", &new).await;
    alice.sees(&scene.config.user, "leave", room).await;
    let asked = alice.say(&new, "?version").await;
    alice.answer_to(&asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_room_is_followed_without_an_invitation() {
    let scene = Scene::new(false).await;
    let (alice, room) = (&scene.alice, &scene.room);
    alice.set(room, "m.room.join_rules", json!({"join_rule": "public"})).await;
    let upgraded = alice.call("POST", &format!("rooms/{room}/upgrade"), json!({"new_version": "11"})).await;
    let new = upgraded["replacement_room"].as_str().unwrap().to_owned();
    alice.sees(&scene.config.user, "join", &new).await;
    let asked = alice.say(&new, "!version").await;
    alice.answer_to(&asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_send_the_bot_away_and_others_do_not() {
    let scene = Scene::new(true).await;
    let bob = scene.guest("bob").await;
    let (alice, room) = (&scene.alice, &scene.room);
    let asked = bob.say(room, "!leave").await;
    assert!(bob.answer_to(&asked).await.body().contains("power level of 50"));
    alice.say(room, "!leave").await;
    alice
        .until("the bot to leave", |seen| {
            (seen.room == *room && membership(seen, &scene.config.user) == "leave").then_some(())
        })
        .await;
    assert!(alice.transcript(room).contains("I leave"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_leaves_a_room_when_everyone_else_has_left_and_nobody_is_to_come() {
    let Scene { records, config, bot, alice, room, .. } = Scene::new(true).await;
    let gone = |room: &str| {
        let request = json!({"op": "gone", "server": MAIN, "user": config.user, "password": PASSWORD, "room": room});
        Harness::get().perform(request)
    };
    let other = alice.room("Another", false, &[&config.user]).await;
    alice.sees(&config.user, "join", &other).await;
    let bob = Person::new(MAIN, "bob").await;
    alice.call("POST", &format!("rooms/{room}/invite"), json!({"user_id": bob.user})).await;
    alice.call("POST", &format!("rooms/{room}/leave"), json!({})).await;
    // Bob may still come, and finds the bot there when he does.
    let last = alice.room("A third", false, &[&config.user]).await;
    alice.sees(&config.user, "join", &last).await;
    bob.join(&room).await;
    let asked = bob.say(&room, "!version").await;
    bob.answer_to(&asked).await;
    bob.call("POST", &format!("rooms/{room}/leave"), json!({})).await;
    gone(&room).await;
    // Those who left while the bot was away are missed as well.
    bot.stop().await;
    alice.call("POST", &format!("rooms/{other}/leave"), json!({})).await;
    let _bot = Bot::start(&records, config.clone());
    gone(&other).await;
    let asked = alice.say(&last, "!version").await;
    alice.answer_to(&asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_are_blocked_are_not_heard_until_they_are_heard_again() {
    let scene = Scene::new(true).await;
    let (alice, bot, room, id) = (&scene.alice, &scene.bot, &scene.room, &scene.config.user);
    let admin = |line: &str| {
        let reply = at_the_terminal(&bot.front, ADMIN, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    };
    // Whatever is asked after something that isn't answered shows that it won't be.
    let is_answered = async |who: &Person, room: &str| {
        let asked = who.say(room, "!version").await;
        who.answer_to(&asked).await;
    };
    let bob = scene.guest("bob").await;
    is_answered(&bob, room).await;
    admin(&format!("block matrix:{} Asks the same again and again.", bob.user));
    let asked = bob.say(room, "!source harbourton").await;
    let mentioned = bob.say(room, &format!("{id} source harbourton")).await;
    let reacted_to = alice.say(room, "The cranes of Harbourton are idle, it is said.").await;
    bob.react(room, &reacted_to, "🔎").await;
    let invited = bob.room("Bob's", false, &[id]).await;
    is_answered(alice, room).await;
    let other = alice.room("Another", false, &[id]).await;
    alice.sees(id, "join", &other).await;
    for unheard in [&asked, &mentioned, &reacted_to] {
        assert_eq!(alice.answers(unheard), 0, "{unheard}");
    }

    // A room as a whole: nobody in it is answered, and elsewhere everyone is.
    admin(&format!("block matrix:{room}"));
    let unheard = alice.say(room, "!version").await;
    is_answered(alice, &other).await;
    assert_eq!(alice.answers(&unheard), 0);

    admin(&format!("unblock matrix:{room}"));
    admin(&format!("unblock matrix:{}", bob.user));
    is_answered(&bob, room).await;
    is_answered(alice, room).await;
    for unheard in [&asked, &mentioned, &reacted_to, &unheard] {
        assert_eq!(alice.answers(unheard), 0, "{unheard}: what was said meanwhile stays unanswered");
    }
    let joined = |seen: &Seen| seen.room == invited && membership(seen, id) == "join";
    assert!(Harness::get().all(joined).is_empty(), "the bot went where someone invited it whom it doesn't hear");
}
