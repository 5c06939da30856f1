//! The life of an entry on two platforms: proposed in a private chat, approved at the terminal, watched
//! for in a room, corrected where it was shown.

use onrecord::reply::Outcome;
use serde_json::json;

use crate::{
    records::{ADMIN, at_the_terminal},
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
