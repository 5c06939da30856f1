//! Answers as layout components (Components V2): the same conversations, and messages that keep what they were made with.

use std::time::Duration;

use insta::assert_snapshot;
use jiff::Timestamp;
use onrecord::{config::MessageLayout, model::Date, reply::Outcome};

use crate::{
    conversations::long_records,
    editorial::undated,
    fake::{ApiError, Fault, Message, Settings, Trouble, permissions::EMBED_LINKS},
    records::{ADMIN, Records, at_the_terminal},
    support::{Bot, Scene},
};

const COMPONENTS: u64 = 1 << 15;

async fn scene() -> Scene {
    Scene::made_of(MessageLayout::Components, Records::new(), Settings::default()).await
}

/// A message of components and of nothing else.
#[track_caller]
fn assert_components(message: &Message) {
    assert!(message.flags & COMPONENTS != 0, "{}", message.text);
    assert!(message.content.is_empty() && message.embeds.is_empty(), "{}", message.text);
    let [container] = &message.components[..] else { panic!("one container: {}", message.text) };
    assert_eq!((&container["type"], &container["accent_color"]), (&17.into(), &serde_json::Value::Null));
}

#[track_caller]
fn assert_embeds(message: &Message) {
    assert!(message.flags & COMPONENTS == 0 && !message.embeds.is_empty(), "{}", message.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_answered_in_one_container() {
    let scene = scene().await;
    let (fake, general) = (&scene.fake, scene.general);
    fake.say(general, scene.alice, "!source harbourton");
    let answer = fake.next_message_in(general).await;
    assert_components(&answer);
    let row = answer.components[0]["components"].as_array().unwrap().last().unwrap();
    let entry = row["components"][0]["options"][0]["value"].as_str().unwrap();
    let chosen = fake.select(answer.id, scene.alice, &answer.menus()[0], &[entry]);
    assert_components(&fake.answer_to(chosen).await);
    let asked = fake.slash(general, scene.alice, "about", &[("name", "port varis")]);
    assert_components(&fake.answer_to(asked).await);
    fake.next_message_in(general).await;
    fake.say(general, scene.alice, "!source nothing like this");
    assert_components(&fake.next_message_in(general).await);
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_checked_in_private_and_the_answer_can_be_posted() {
    let scene = scene().await;
    let (fake, general) = (&scene.fake, scene.general);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    let claim = fake.say(general, bob, "Port Varis charges ferries twice for one landing, says Harbour Watch");
    fake.context_menu(general, scene.alice, "Find sources", claim);
    let private = fake.next_private(scene.alice).await;
    assert_components(&private);
    fake.press_label(private.id, scene.alice, "Post here");
    let posted = fake.next_message_in(general).await;
    assert_components(&posted);
    let left = fake.message(private.id);
    assert_eq!((posted.audience, left.edits, left.button("Post here")), (None, 1, None));
    assert_eq!(posted.menus(), left.menus());
    // To reply to an answer is to ask about it.
    fake.reply_to(posted.id, bob, "!source harbourton");
    assert_components(&fake.next_message_in(general).await);
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_turn_in_the_layout_that_their_message_has() {
    let Scene { fake, records, bot, guild, general, alice } = scene().await;
    let bob = fake.user("bob");
    fake.join(guild, bob, &[]);
    fake.say(general, alice, "!source harbourton");
    let answer = fake.next_message_in(general).await;
    fake.press_label(answer.id, alice, "Next");
    let second = fake.next_edit_of(answer.id).await;
    assert_components(&second);
    assert!(second.text.contains("Page 2 of"), "{}", second.text);
    bot.stop().await;
    fake.disconnected().await;
    let bot = Bot::start_in(&records, &fake, MessageLayout::Embeds).await;
    fake.press_label(answer.id, alice, "Next");
    let third = fake.next_edit_of(answer.id).await;
    assert_components(&third);
    assert!(third.text.contains("Page 3 of"), "{}", third.text);
    // Anyone else gets a page of their own, with its parts counted as there.
    fake.press_label(answer.id, bob, "Previous");
    let own = fake.next_private(bob).await;
    assert_components(&own);
    fake.press_label(own.id, bob, "Previous");
    let turned = fake.next_edit_of(own.id).await;
    assert_components(&turned);
    assert!(turned.text.contains("Page 1 of"), "{}", turned.text);
    // What is new is of what is set.
    fake.say(general, bob, "!source harbourton");
    let of_embeds = fake.next_message_in(general).await;
    assert_embeds(&of_embeds);
    bot.stop().await;
    fake.disconnected().await;
    let _bot = Bot::start_in(&records, &fake, MessageLayout::Components).await;
    fake.press_label(of_embeds.id, bob, "Next");
    let turned = fake.next_edit_of(of_embeds.id).await;
    assert_embeds(&turned);
    assert!(turned.text.contains("Page 2 of"), "{}", turned.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_reaches_messages_of_both_layouts() {
    let began = Timestamp::now();
    let Scene { fake, records, bot, general, alice, .. } = scene().await;
    fake.say(general, alice, "!show S1");
    let typed = fake.next_message_in(general).await;
    let private = fake.slash(general, alice, "show", &[("id", "S1"), ("private", "true")]);
    let private = fake.answer_to(private).await;
    fake.press_label(private.id, alice, "Post here");
    let posted = fake.next_message_in(general).await;
    let question = fake.say(general, alice, "!about port varis");
    let about = fake.next_message_in(general).await;
    bot.stop().await;
    fake.disconnected().await;
    let bot = Bot::start_in(&records, &fake, MessageLayout::Embeds).await;
    let slash = fake.slash(general, alice, "show", &[("id", "S1")]);
    let slash = fake.answer_to(slash).await;
    fake.next_message_in(general).await;
    fake.edit_message(question, "!about harbourton");
    let edited = fake.next_edit_of(about.id).await;
    assert_components(&edited);
    assert!(edited.text.contains("Harbourton"), "{}", edited.text);
    let later = fake.say(general, alice, "!about port varis");
    let of_embeds = fake.next_message_in(general).await;
    assert_embeds(&of_embeds);
    for (who, role) in [("terminal:cai", "contributor"), ("terminal:rui", "reviewer")] {
        at_the_terminal(&bot.front, ADMIN, &format!("role {who} {role}"));
    }
    bot.stop().await;
    fake.disconnected().await;
    for (number, layout, edit) in [
        (
            2,
            MessageLayout::Components,
            "edit S1\nsaid: 2024-03-04\nquote-language: en\ncorrection: The date was wrong.",
        ),
        (3, MessageLayout::Embeds, "retract S1 The paper withdrew its report."),
    ] {
        let bot = Bot::start_in(&records, &fake, layout).await;
        let proposed = at_the_terminal(&bot.front, "terminal:cai", edit);
        assert_eq!(proposed.outcome, Outcome::Answered, "{proposed:?}");
        at_the_terminal(&bot.front, "terminal:rui", &format!("review C{number}"));
        at_the_terminal(&bot.front, "terminal:rui", &format!("approve C{number}"));
        for (message, assert) in
            [(typed.id, assert_components as fn(&Message)), (posted.id, assert_components), (slash.id, assert_embeds)]
        {
            let edited = fake.next_edit_of(message).await;
            assert(&edited);
            assert!(edited.text.contains("CORRECTED") || edited.text.contains("RETRACTED"), "{}", edited.text);
        }
        if layout == MessageLayout::Components {
            fake.edit_message(later, "!about harbourton");
            let edited = fake.next_edit_of(of_embeds.id).await;
            assert_embeds(&edited);
            assert!(edited.text.contains("Harbourton"), "{}", edited.text);
        }
        bot.stop().await;
        fake.disconnected().await;
    }
    assert!(fake.message(typed.id).text.contains("The paper withdrew its report."));
    let shown = undated(fake.transcript(general), began);
    let days = [began, Timestamp::now()].map(|moment| Date::of(moment).in_words());
    assert_snapshot!(days.iter().fold(shown, |text, day| text.replace(day, "<today>")));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_longer_than_a_message_is_turned_part_by_part() {
    let scene = Scene::made_of(MessageLayout::Components, long_records(), Settings::default()).await;
    let (fake, general, alice) = (&scene.fake, scene.general, scene.alice);
    fake.say(general, alice, "!source by:\"der bote\"");
    let answer = fake.next_message_in(general).await;
    assert_components(&answer);
    let mut all = answer.text.clone();
    let mut part = 1;
    while let Some(next) = fake.message(answer.id).button("Next") {
        assert_eq!(next.url, None);
        fake.press_label(answer.id, alice, "Next");
        let turned = fake.next_edit_of(answer.id).await;
        assert_components(&turned);
        part += 1;
        assert!(turned.text.contains(&format!("part {part} of ")), "{}", turned.text);
        all.push_str(&turned.text);
    }
    // Whatever is shown where, nothing is left out, and nothing is cut.
    for word in ["The first", "All first", "The second", "All second", "The third", "All third"] {
        assert_eq!(all.matches(&format!("{word} of the fishing boats paid the fee.")).count(), 40, "{word}: {all}");
    }
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_posts_an_answer_that_discord_does_not_give_again_is_told() {
    let scene = scene().await;
    let (fake, general) = (&scene.fake, scene.general);
    let asked = fake.slash(general, scene.alice, "show", &[("id", "S1"), ("private", "true")]);
    let private = fake.answer_to(asked).await;
    fake.fault(Fault::new(Trouble::Refused(ApiError::unknown_message())).on("get_original_webhook_message"));
    fake.next_private(scene.alice).await;
    fake.press_label(private.id, scene.alice, "Post here");
    let told = fake.next_private(scene.alice).await;
    assert!(told.content.contains("no longer kept"), "{}", told.text);
    assert!(fake.messages(general).iter().all(|message| message.audience.is_some()), "{}", fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_permission_is_needed_for_components() {
    let scene = scene().await;
    let (fake, guild) = (&scene.fake, scene.guild);
    let plain = fake.text_channel(guild, "plain");
    fake.deny_bot(plain, EMBED_LINKS);
    let asked = fake.say(plain, scene.alice, "!about port varis");
    let answer = fake.next_message_in(plain).await;
    assert_components(&answer);
    fake.edit_message(asked, "!about harbourton");
    assert_components(&fake.next_edit_of(answer.id).await);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promised_answer_is_of_components_in_public_and_in_private() {
    let scene = scene().await;
    for options in [&[][..], &[("private", "true")]] {
        let threads = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        for _ in 0..threads {
            let front = scene.bot.front.clone();
            tokio::spawn(async move { front.run(|_| std::thread::sleep(Duration::from_millis(1_800))).await });
        }
        let asked = scene.fake.slash(scene.general, scene.alice, "topics", options);
        let answer = scene.fake.answer_to(asked).await;
        assert_eq!(scene.fake.interaction(asked).acknowledged_with, Some(5));
        assert_components(&answer);
        assert_eq!(answer.audience.is_some(), !options.is_empty());
    }
    scene.fake.assert_clean();
}
