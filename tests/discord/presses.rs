//! Buttons and menus where a server has set where and for whom there are answers: a press obeys it like a question.

use crate::{
    fake::{ChannelId, Message, UserId, permissions::MANAGE_GUILD},
    support::Scene,
};

/// Someone who manages the server.
fn manager(scene: &Scene) -> UserId {
    let mia = scene.fake.user("mia");
    let managers = scene.fake.role(scene.guild, "managers", MANAGE_GUILD);
    scene.fake.join(scene.guild, mia, &[managers]);
    mia
}

async fn set(scene: &Scene, channel: ChannelId, by: UserId, setting: (&str, &str)) {
    let set = scene.fake.slash(channel, by, "settings", &[setting]);
    scene.fake.answer_to(set).await;
}

/// An answer of several pages that everyone sees.
async fn asked(scene: &Scene, channel: ChannelId, who: UserId) -> Message {
    scene.fake.say(channel, who, "!source harbourton");
    scene.fake.next_message_in(channel).await
}

/// An answer that the asker alone sees, with a button to post it.
async fn asked_in_private(scene: &Scene, channel: ChannelId, who: UserId) -> Message {
    let asked = scene.fake.slash(channel, who, "show", &[("id", "S1"), ("private", "true")]);
    scene.fake.answer_to(asked).await
}

/// Presses a button, and sees that nobody but Alice gets to see what comes of it; gives that.
async fn pressed_in_private(scene: &Scene, channel: ChannelId, message: &Message, label: &str) -> Message {
    let before = scene.fake.transcript(channel);
    let shown = scene.fake.message(message.id).text;
    let pressed = scene.fake.press_label(message.id, scene.alice, label);
    let answer = scene.fake.answer_to(pressed).await;
    assert_eq!(answer.audience, Some(scene.alice), "{label}: {before}\n{}", scene.fake.transcript(channel));
    assert_ne!(answer.id, message.id, "{label}");
    scene.fake.drained().await;
    assert_eq!(scene.fake.message(message.id).text, shown, "{label}");
    answer
}

fn for_all(scene: &Scene, channel: ChannelId) -> usize {
    let messages = scene.fake.messages(channel);
    messages.iter().filter(|message| message.author == scene.fake.bot() && message.audience.is_none()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_answers_are_private_a_page_turns_for_the_one_who_presses_alone() {
    let scene = Scene::new().await;
    let mia = manager(&scene);
    let answer = asked(&scene, scene.general, scene.alice).await;
    set(&scene, scene.general, mia, ("visibility", "private")).await;
    let own = pressed_in_private(&scene, scene.general, &answer, "Next").await;
    assert!(own.text.contains("Page 2 of"), "{}", own.text);
    // That one is the presser's to turn.
    scene.fake.press_label(own.id, scene.alice, "Next");
    let turned = scene.fake.next_edit_of(own.id).await;
    assert!(turned.text.contains("Page 3 of") && turned.audience == Some(scene.alice), "{}", turned.text);
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_answers_are_private_none_is_posted_for_all() {
    let scene = Scene::new().await;
    let mia = manager(&scene);
    let private = asked_in_private(&scene, scene.general, scene.alice).await;
    set(&scene, scene.general, mia, ("visibility", "private")).await;
    pressed_in_private(&scene, scene.general, &private, "Post here").await;
    assert_eq!(for_all(&scene, scene.general), 0, "{}", scene.fake.transcript(scene.general));
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outside_the_channels_that_are_set_a_press_is_answered_in_private() {
    let scene = Scene::new().await;
    let mia = manager(&scene);
    let other = scene.fake.text_channel(scene.guild, "offtopic");
    let answer = asked(&scene, other, scene.alice).await;
    let private = asked_in_private(&scene, other, scene.alice).await;
    set(&scene, scene.general, mia, ("channels", "here")).await;
    let own = pressed_in_private(&scene, other, &answer, "Next").await;
    assert!(own.text.contains("Page 2 of"), "{}", own.text);
    pressed_in_private(&scene, other, &private, "Post here").await;
    assert_eq!(for_all(&scene, other), 1, "{}", scene.fake.transcript(other));
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_channel_that_is_set_and_in_its_threads_pages_turn_for_all() {
    let scene = Scene::new().await;
    let mia = manager(&scene);
    set(&scene, scene.general, mia, ("channels", "here")).await;
    let thread = scene.fake.thread(scene.general, scene.alice, "stations");
    let bob = scene.fake.user("bob");
    scene.fake.join(scene.guild, bob, &[]);
    for (place, who) in [(scene.general, scene.alice), (thread, bob)] {
        let answer = asked(&scene, place, who).await;
        scene.fake.press_label(answer.id, who, "Next");
        let turned = scene.fake.next_edit_of(answer.id).await;
        assert!(turned.text.contains("Page 2 of") && turned.audience.is_none(), "{}", turned.text);
        let private = asked_in_private(&scene, place, who).await;
        let before = for_all(&scene, place);
        scene.fake.press_label(private.id, who, "Post here");
        scene.fake.until("the posted answer", |_| (for_all(&scene, place) > before).then_some(())).await;
    }
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_opened_from_an_answer_is_private_whatever_is_set() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let mia = manager(&scene);
    let other = fake.text_channel(scene.guild, "offtopic");
    // The answers are from before there was a setting.
    let mut answers = Vec::new();
    for (name, place) in [("bob", general), ("carol", other), ("dora", general)] {
        let user = fake.user(name);
        fake.join(scene.guild, user, &[]);
        answers.push((user, place, asked(&scene, place, user).await));
    }
    let settings = [("visibility", "public"), ("channels", "here"), ("visibility", "private")];
    for ((user, place, answer), setting) in answers.into_iter().zip(settings) {
        set(&scene, general, mia, setting).await;
        let menus = answer.menus();
        let entry = answer.components[1]["components"][0]["options"][0]["value"].as_str().unwrap();
        let before = for_all(&scene, place);
        let chosen = fake.select(answer.id, user, &menus[0], &[entry]);
        let opened = fake.answer_to(chosen).await;
        assert_eq!(opened.audience, Some(user), "{setting:?}: {}", opened.text);
        assert_eq!(for_all(&scene, place), before, "{setting:?}");
    }
    fake.assert_clean();
}
