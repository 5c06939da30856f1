//! Many at once.

use serde_json::json;

use crate::{
    homeserver::Harness,
    proxy::Proxy,
    support::{MAIN, Scene},
};

/// How many rooms are asked in, and how many questions there are in all.
const ROOMS: usize = 10;
const QUESTIONS: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_questions_in_ten_rooms_leave_the_bot_answering() {
    let scene = Scene::new(false).await;
    let (alice, bot) = (&scene.alice, &scene.config.user);
    let mut rooms = vec![scene.room.clone()];
    for _ in 1..ROOMS {
        let room = alice.room("Crowd", false, &[bot]).await;
        alice.sees(bot, "join", &room).await;
        rooms.push(room);
    }
    let asked = alice.perform("burst", json!({"rooms": rooms, "count": QUESTIONS, "body": "!about port varis"})).await;
    assert_eq!(asked["sent"], QUESTIONS);
    // Beyond what one person may ask in ten seconds nothing is answered but that it is too much.
    scene.still_answers().await;
    let said =
        Harness::get().all(|seen| seen.who == alice.who && seen.sender() == bot && seen.kind() == "m.room.message");
    let answers = said.iter().filter(|seen| seen.body().contains("Port Varis")).count();
    assert!((5..=QUESTIONS / 4).contains(&answers), "{answers}");
    let mut questions: Vec<&str> = said.iter().filter_map(|seen| seen.reply_to()).collect();
    questions.sort_unstable();
    let all = questions.len();
    questions.dedup();
    assert_eq!(questions.len(), all, "a question was answered twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_that_may_not_be_written_in_for_now_delays_no_other_and_is_answered_in_the_end() {
    let address = Harness::get().server(MAIN, json!({})).await;
    let proxy = Proxy::before(&address).await;
    let scene = Scene::with(MAIN, json!({}), true, |config| config.homeserver.clone_from(&proxy.address)).await;
    let (alice, slow) = (&scene.alice, &scene.room);
    let other = alice.room("Another", true, &[&scene.config.user]).await;
    alice.sees(&scene.config.user, "join", &other).await;
    proxy.limit(slow);
    let waits = [alice.say(slow, "!about port varis").await, alice.say(slow, "!topics").await];
    proxy.caught().await;
    // Asked later and answered sooner, again and again, with the bot trying the other all the time.
    for question in ["!about harbourton", "!version", "!topics"] {
        let asked = alice.say(&other, question).await;
        alice.answer_to(&asked).await;
        proxy.caught().await;
        assert_eq!(waits.each_ref().map(|question| alice.answers(question)), [0, 0]);
    }
    proxy.mend();
    for question in &waits {
        alice.answer_to(question).await;
    }
    assert_eq!(waits.each_ref().map(|question| alice.answers(question)), [1, 1]);
}
