//! The life of an entry on two platforms: proposed in a private chat, approved at the terminal, watched
//! for in a room, corrected where it was shown.

use onrecord::reply::Outcome;
use serde_json::json;

use crate::{
    homeserver::Seen,
    people::Person,
    records::{ADMIN, at_the_terminal},
    rendered::rendered,
    support::{Bot, Scene},
};

#[track_caller]
fn done(bot: &Bot, who: &str, line: &str) {
    let reply = at_the_terminal(&bot.front, who, line);
    assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_proposed_in_a_dialogue_approved_elsewhere_and_corrected_where_it_was_shown() {
    let scene = Scene::new(true).await;
    let (alice, bot, id) = (&scene.alice, &scene.bot, &scene.config.user);
    let carol = scene.guest("carol").await;
    done(bot, ADMIN, &format!("role matrix:{} contributor", carol.user));
    done(bot, ADMIN, "role terminal:rui reviewer");
    // Watching is for those with power in the room.
    let asked = alice.say(&scene.room, "!watch lena quist").await;
    assert!(alice.answer_to(&asked).await.body().contains("Lena Quist"));

    let private = carol.room("", true, &[id]).await;
    carol.sees(id, "join", &private).await;
    for said in [
        "add statement",
        "Lena Quist",
        "Lena Quist said that the cranes of Harbourton are idle.",
        "D1 original p. 4",
        "submit",
    ] {
        let asked = carol.say(&private, said).await;
        let answer = carol.answer_to(&asked).await;
        assert!(answer.encrypted, "{answer:?}");
        if said == "submit" {
            assert!(answer.body().contains("C2 is proposed"), "{}", answer.body());
        }
    }
    let own = alice.say(&scene.room, "!approve C2").await;
    assert!(alice.answer_to(&own).await.body().contains("for those with the role reviewer"));
    done(bot, "terminal:rui", "review C2");
    done(bot, "terminal:rui", "approve C2");
    // The room that watches is told.
    let news = alice
        .until("the news", |seen| {
            let told = seen.room == scene.room && seen.reply_to().is_none() && seen.body().contains("cranes");
            told.then(|| seen.clone())
        })
        .await;

    let asked = alice.say(&scene.room, "!show S10").await;
    let shown = alice.answer_to(&asked).await;
    done(bot, "terminal:root", "role terminal:cai contributor");
    done(bot, "terminal:cai", "edit S10\nsaid: 2024-03-08\ncorrection: The day was wrong.");
    done(bot, "terminal:rui", "review C3");
    done(bot, "terminal:rui", "approve C3");
    for message in [&news, &shown] {
        let edited = alice.edit_of(message.id(), "The day was wrong.").await;
        assert_eq!(edited.content()["m.mentions"], json!({}));
    }
    // An edited message does nothing a second time.
    alice.edit(&scene.room, &own, "!unwatch lena quist").await;
    let asked = alice.say(&scene.room, "!watches").await;
    assert!(alice.answer_to(&asked).await.body().contains("Lena Quist"));
}

/// Waits for the bot to say something as an answer to a message.
async fn told(person: &Person, to: &str, text: &str) -> Seen {
    person
        .until(&format!("an answer with {text:?}"), |seen| {
            let fits = seen.reply_to() == Some(to) && seen.replaces().is_none() && seen.body().contains(text);
            fits.then(|| seen.clone())
        })
        .await
}

/// Waits until the bot has put a reaction on a message.
async fn offered(person: &Person, bot: &str, message: &str, key: &str) {
    person
        .until(&format!("{key} by the bot"), |seen| {
            let relation = &seen.content()["m.relates_to"];
            let fits = seen.kind() == "m.reaction" && seen.sender() == bot && relation["event_id"] == message;
            (fits && relation["key"] == key).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reaction_decides_for_those_who_may_and_for_nobody_else() {
    let scene = Scene::new(true).await;
    let (alice, room, id) = (&scene.alice, &scene.room, &scene.config.user);
    let (carol, rosa) = (scene.guest("carol").await, scene.guest("rosa").await);
    done(&scene.bot, ADMIN, &format!("role matrix:{} contributor", carol.user));
    done(&scene.bot, ADMIN, &format!("role matrix:{} reviewer", rosa.user));
    done(&scene.bot, ADMIN, "role terminal:cai contributor");
    let proposed = carol
        .say(room, "!add statement\nspeaker: Lena Quist\ntext: It was said that the cranes are idle.\nsource: D1")
        .await;
    carol.answer_to(&proposed).await;
    let asked = rosa.say(room, "!review C2").await;
    let review = rosa.answer_to(&asked).await;
    for person in [alice, &carol, &rosa] {
        offered(person, id, review.id(), "✅").await;
        offered(person, id, review.id(), "❌").await;
    }

    // Whoever has no role is told so, once, and isn't asked for a reason either.
    alice.react(room, review.id(), "✅").await;
    told(alice, review.id(), "approve is for those with the role reviewer").await;
    alice.react(room, review.id(), "❌").await;
    carol.react(room, review.id(), "✅\u{fe0f}").await;
    told(&carol, review.id(), "for those with the role reviewer; yours is contributor").await;
    // A reviewer's reaction to what isn't a review of the bot's does nothing.
    rosa.react(room, &asked, "✅").await;
    rosa.react(room, &proposed, "✅").await;
    let copy = carol.say(room, review.body()).await;
    rosa.react(room, &copy, "✅").await;
    // Nobody asks more than 5 times in 10 seconds here.
    let version = carol.say(room, "!version").await;
    let answer = carol.answer_to(&version).await;
    rosa.until("the version", |seen| (seen.id() == answer.id()).then_some(())).await;
    rosa.react(room, answer.id(), "❌").await;
    let queue = carol.say(room, "!queue").await;
    assert!(carol.answer_to(&queue).await.body().contains("C2"));
    assert_eq!(alice.answers(review.id()), 2, "one for alice, one for carol");
    for message in [&asked, &proposed] {
        assert_eq!(rosa.answers(message), 1);
    }
    assert_eq!((rosa.answers(&copy), rosa.answers(answer.id())), (0, 0));

    // A rejection's reason is asked for; nobody else's answer is taken for it.
    rosa.react(room, review.id(), "❌").await;
    let question = told(&rosa, review.id(), "Why is C2 rejected?").await;
    alice.until("the question", |seen| (seen.id() == question.id()).then_some(())).await;
    let intruding = alice.reply(room, question.id(), "Because I say so.").await;
    let reason = rosa.reply(room, question.id(), "The source does not say that.").await;
    told(&rosa, &reason, "C2 is rejected").await;
    assert_eq!(alice.answers(&intruding), 0);
    let shown = rendered(&at_the_terminal(&scene.bot.front, "terminal:cai", "show C2"));
    assert!(shown.contains("The source does not say that."), "{shown}");

    // What was changed since isn't what the reviewer saw; and it goes on after a restart.
    let form = "add statement\nspeaker: Lena Quist\ntext: It was said that the ferry is free.\nsource: D1";
    done(&scene.bot, "terminal:cai", form);
    let asked = rosa.say(room, "!review C3").await;
    let old = rosa.answer_to(&asked).await;
    offered(&rosa, id, old.id(), "❌").await;
    done(&scene.bot, "terminal:cai", "amend C3\ntext: It was said that the ferry is free on Sundays.");
    let Scene { records, config, bot, room, .. } = scene;
    let id = config.user.clone();
    bot.stop().await;
    let bot = Bot::start(&records, config);
    rosa.react(&room, old.id(), "✅").await;
    told(&rosa, old.id(), "is not what you looked at any more").await;
    let asked = rosa.say(&room, "!review C3").await;
    let new = rosa.answer_to(&asked).await;
    offered(&rosa, &id, new.id(), "❌").await;
    // A role that was taken away between looking and deciding, and given again.
    done(&bot, ADMIN, &format!("role matrix:{} reader", rosa.user));
    let refused = rosa.react(&room, new.id(), "✅").await;
    told(&rosa, new.id(), "for those with the role reviewer; yours is reader").await;
    done(&bot, ADMIN, &format!("role matrix:{} reviewer", rosa.user));
    rosa.redact(&room, &refused).await;
    rosa.react(&room, new.id(), "✅").await;
    told(&rosa, new.id(), "C3 is approved and in force").await;
    done(&bot, "terminal:cai", "source ferry free on Sundays");
}
