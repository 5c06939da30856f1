//! Where and for whom a community has its answers: for threads, for buttons, and for what a reply asks to check.

use std::time::Duration;

use crate::{
    fake::{ChannelId, MessageId, UserId, permissions::MANAGE_GUILD},
    support::Scene,
};

/// How long nothing has to be said for it to be taken that nothing will be.
const SILENCE: Duration = Duration::from_millis(500);

/// A server with someone who manages it and someone else.
struct Managed {
    scene: Scene,
    mia: UserId,
}

impl Managed {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let mia = scene.fake.user("mia");
        let managers = scene.fake.role(scene.guild, "managers", MANAGE_GUILD);
        scene.fake.join(scene.guild, mia, &[managers]);
        Self { scene, mia }
    }

    /// Changes a setting by a typed command, and gives what is said of it.
    async fn set(&self, channel: ChannelId, setting: &str) -> String {
        self.scene.fake.say(channel, self.mia, &format!("!settings {setting}"));
        let told = self.scene.fake.next_message_in(channel).await;
        assert!(told.text.contains("Changed."), "{}", told.text);
        told.text
    }

    /// Whether someone new who asks in a channel is answered there for all to see.
    async fn is_answered(&self, channel: ChannelId) -> bool {
        let fake = &self.scene.fake;
        let someone = fake.user("bob");
        fake.join(self.scene.guild, someone, &[]);
        let asked = fake.say(channel, someone, "!version");
        fake.drained().await;
        fake.quiet(SILENCE).await;
        let is_answered = fake.messages(channel).iter().any(|message| message.reference == Some(asked));
        if is_answered {
            // What is waited for next comes after it.
            fake.next_message_in(channel).await;
        }
        is_answered
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_in_a_thread_is_meant_of_its_channel() {
    let managed = Managed::new().await;
    let fake = &managed.scene.fake;
    let general = managed.scene.general;
    let offtopic = fake.text_channel(managed.scene.guild, "offtopic");
    let thread = fake.thread(general, managed.mia, "questions");
    let other = fake.thread(general, managed.mia, "weather");
    let told = managed.set(thread, "channels:here").await;
    assert!(told.contains("in this channel"), "{told}");
    for place in [thread, general, other] {
        assert!(managed.is_answered(place).await, "{place}");
    }
    assert!(!managed.is_answered(offtopic).await);
    // A slash command is answered for all there alone, too.
    fake.slash(other, managed.scene.alice, "topics", &[]);
    assert_eq!(fake.next_message_in(other).await.audience, None);
    let asked = fake.slash(offtopic, managed.scene.alice, "topics", &[]);
    assert_eq!(fake.answer_to(asked).await.audience, Some(managed.scene.alice));
    let told = managed.set(other, "channels:not-here").await;
    assert!(told.contains("everywhere"), "{told}");
    assert!(managed.is_answered(offtopic).await);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_counts_as_its_channel_and_takes_it_away_with_itself() {
    let managed = Managed::new().await;
    let fake = &managed.scene.fake;
    let general = managed.scene.general;
    let offtopic = fake.text_channel(managed.scene.guild, "offtopic");
    let thread = fake.thread(general, managed.mia, "questions");
    managed.set(general, "channels:here").await;
    managed.set(offtopic, "channels:here").await;
    assert!(managed.is_answered(thread).await);
    // It is among them already.
    let told = managed.set(thread, "channels:here").await;
    assert!(told.contains("in 2 channels, this one among them"), "{told}");
    let told = managed.set(thread, "channels:not-here").await;
    assert!(told.contains("in one channel, not this one"), "{told}");
    assert!(!managed.is_answered(thread).await);
    assert!(!managed.is_answered(general).await);
    assert!(managed.is_answered(offtopic).await);
    fake.assert_clean();
}

/// Asks for a long answer while everyone may see it.
async fn long_answer(managed: &Managed) -> MessageId {
    let (fake, general) = (&managed.scene.fake, managed.scene.general);
    fake.say(general, managed.scene.alice, "!source harbourton");
    fake.next_message_in(general).await.id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_turned_where_answers_are_private_are_for_the_one_who_turns() {
    for elsewhere in [false, true] {
        let managed = Managed::new().await;
        let Managed { scene: Scene { fake, guild, general, alice, .. }, mia } = &managed;
        let answer = long_answer(&managed).await;
        if elsewhere {
            let other = fake.text_channel(*guild, "questions");
            managed.set(other, "channels:here").await;
        } else {
            managed.set(*general, "visibility:private").await;
        }
        for turner in [*alice, *mia] {
            fake.press_label(answer, turner, "Next");
            let page = fake.next_private(turner).await;
            assert!(page.text.contains("Page 2 of"), "{}", page.text);
            // One's own page is turned where it is.
            fake.press_label(page.id, turner, "Next");
            let page = fake.next_edit_of(page.id).await;
            assert!(page.text.contains("Page 3 of"), "{}", page.text);
        }
        assert_eq!(fake.message(answer).edits, 0);
        fake.assert_clean();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn menus_open_for_one_alone_and_nothing_is_posted_where_answers_are_private() {
    let managed = Managed::new().await;
    let Managed { scene: Scene { fake, general, alice, .. }, .. } = &managed;
    fake.slash(*general, *alice, "topics", &[("private", "true")]);
    let before = fake.next_private(*alice).await;
    let answer = long_answer(&managed).await;
    managed.set(*general, "visibility:private").await;
    let menu = fake.message(answer).components.iter().find_map(|row| {
        let menu = &row["components"][0];
        let value = menu["options"][0]["value"].as_str()?;
        Some((menu["custom_id"].as_str()?.to_owned(), value.to_owned()))
    });
    let (menu, value) = menu.unwrap();
    fake.select(answer, *alice, &menu, &[&value]);
    let opened = fake.next_private(*alice).await;
    assert!(!opened.text.contains("Post here"), "{}", opened.text);
    // A button from before is answered in private as well.
    let public = fake.messages(*general).len();
    let pressed = fake.press_label(before.id, *alice, "Post here");
    let told = fake.answer_to(pressed).await;
    assert_eq!(told.audience, Some(*alice));
    assert!(told.text.contains("shown to the asker alone"), "{}", told.text);
    managed.set(*general, "visibility:public").await;
    fake.press_label(before.id, *alice, "Post here");
    fake.next_message_in(*general).await;
    // Between them there are the words of the one who sets, and what was said to them.
    assert_eq!(fake.messages(*general).len(), public + 3);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_asks_to_check_says_why_it_can_not_be() {
    let scene = Scene::new().await;
    let (fake, general, alice) = (&scene.fake, scene.general, scene.alice);
    let picture = fake.say(general, alice, "");
    fake.reply_to(picture, alice, "!check");
    let told = fake.next_message_in(general).await;
    assert!(told.text.contains("There are no words in that message to check."), "{}", told.text);
    let gone = fake.say(general, alice, "Port Varis charges ferries twice for one landing");
    fake.delete_message(gone);
    fake.reply_to(gone, alice, "!check");
    let told = fake.next_message_in(general).await;
    assert!(told.text.contains("I can't see that message."), "{}", told.text);
    fake.assert_clean();
}
