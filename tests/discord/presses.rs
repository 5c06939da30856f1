//! Buttons and menus where a server has set where and for whom there are answers: a press obeys it like a question.

use crate::{
    fake::{
        ChannelId, Fault, Message, Trouble, UserId,
        permissions::{EMBED_LINKS, MANAGE_GUILD},
    },
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_posted_names_the_message_keeps_the_menu_and_is_posted_once() {
    let scene = Scene::new().await;
    let (fake, general, alice) = (&scene.fake, scene.general, scene.alice);
    let bob = fake.user("b*o*b");
    fake.join(scene.guild, bob, &[]);
    let claim = fake.say(general, bob, "Port Varis charges ferries twice for one landing, says Harbour Watch");
    let checked = fake.context_menu(general, alice, "Find sources", claim);
    let found = fake.answer_to(checked).await;
    let link = format!("https://discord.com/channels/{}/{general}/{claim}", scene.guild);
    assert_eq!(found.content, format!("On a message by b\\*o\\*b: {link}"));
    let (button, menus) = (found.button("Post here").unwrap().custom_id.unwrap(), found.menus());
    // Both presses are on their way before the button is gone.
    let presses = [fake.press(found.id, alice, &button), fake.press(found.id, alice, &button)];
    let posted = fake.next_message_in(general).await;
    assert_eq!((&posted.content, &posted.menus()), (&found.content, &menus));
    assert_eq!((posted.audience, posted.embeds == found.embeds), (None, true));
    let told = fake.until("the other press's answer", |fake| {
        let all = fake.private_messages(alice);
        all.into_iter().find(|message| message.content.contains("posted already"))
    });
    told.await;
    for press in presses {
        assert!(fake.interaction(press).acknowledged_with.is_some());
    }
    fake.quiet(std::time::Duration::from_millis(200)).await;
    assert_eq!(for_all(&scene, general), 1, "{}", fake.transcript(general));
    let left = fake.message(found.id);
    assert!(left.button("Post here").is_none() && left.menus() == menus, "{}", left.text);
    assert_eq!((left.content, left.embeds), (found.content, found.embeds));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_what_was_posted_offers_it_no_more() {
    let scene = Scene::new().await;
    let (fake, general, alice) = (&scene.fake, scene.general, scene.alice);
    let asked = fake.slash(general, alice, "source", &[("question", "harbourton"), ("private", "true")]);
    let answer = fake.answer_to(asked).await;
    fake.press_label(answer.id, alice, "Next");
    let turned = fake.next_edit_of(answer.id).await;
    assert!(turned.button("Post here").is_some(), "{}", turned.text);
    fake.press_label(answer.id, alice, "Post here");
    fake.next_edit_of(answer.id).await;
    let posted = fake.next_message_in(general).await;
    assert!(posted.text.contains("Page 2 of"), "{}", posted.text);
    fake.press_label(answer.id, alice, "Previous");
    let turned = fake.next_edit_of(answer.id).await;
    assert!(turned.button("Post here").is_none() && turned.button("Next").is_some(), "{}", turned.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posting_counts_against_the_limits_and_can_be_tried_again_where_it_failed() {
    let scene = Scene::new().await;
    let (fake, general, alice) = (&scene.fake, scene.general, scene.alice);
    let private = asked_in_private(&scene, general, alice).await;
    fake.fault(Fault::new(Trouble::Status(500)).on("execute_webhook"));
    fake.press_label(private.id, alice, "Post here");
    let told = fake.until("what went wrong", |fake| {
        let all = fake.private_messages(alice);
        all.into_iter().find(|message| message.content.contains("could not be posted"))
    });
    told.await;
    assert_eq!(for_all(&scene, general), 0);
    assert!(fake.message(private.id).button("Post here").is_some());
    fake.press_label(private.id, alice, "Post here");
    fake.next_message_in(general).await;
    // Five in ten seconds are answered.
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(asked_in_private(&scene, general, bob).await);
    }
    let before = for_all(&scene, general);
    let mut presses = Vec::new();
    for answer in &answers {
        let pressed = fake.press_label(answer.id, bob, "Post here");
        fake.until("an answer", |fake| fake.interaction(pressed).original).await;
        presses.push(pressed);
    }
    let refused = fake.answer_to(presses[2]).await;
    assert!(refused.text.contains("Ask again in 10 seconds") && refused.audience == Some(bob), "{}", refused.text);
    fake.quiet(std::time::Duration::from_millis(200)).await;
    assert_eq!(for_all(&scene, general), before + 2, "{}", fake.transcript(general));
    assert!(fake.message(answers[2].id).button("Post here").is_some());
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_embeds_are_not_allowed_pages_turn_all_the_same() {
    let scene = Scene::new().await;
    let (fake, alice) = (&scene.fake, scene.alice);
    let plain = fake.text_channel(scene.guild, "plain");
    fake.deny_bot(plain, EMBED_LINKS);
    let answer = asked(&scene, plain, alice).await;
    assert!(answer.embeds.is_empty() && answer.content.contains("Page 1 of"), "{}", answer.text);
    for (label, page) in [("Next", 2), ("Next", 3), ("Previous", 2)] {
        fake.press_label(answer.id, alice, label);
        let turned = fake.next_edit_of(answer.id).await;
        assert!(turned.content.contains(&format!("Page {page} of")), "{}", turned.text);
        assert!(turned.embeds.is_empty() && turned.hides_previews(), "{}", turned.text);
    }
    fake.assert_clean();
}
