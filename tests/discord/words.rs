//! What people really write: mentions anywhere in a message, and words in all the places where Discord keeps them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    fake::{Settings, permissions::MANAGE_GUILD},
    records::Records,
    support::Scene,
};

const CLAIM: &str = "Port Varis charges ferries twice for one landing, says Harbour Watch";
const MATCHES: &str = "One vetted entry matches this message";

/// A message as another forwards it.
fn snapshot(content: &str) -> Value {
    json!({"message": {"type": 0, "content": content, "embeds": [], "attachments": [], "mentions": [], "mention_roles": [],
                       "timestamp": "2026-11-28T10:00:00+00:00", "edited_timestamp": null, "flags": 0, "components": []}})
}

fn forward(snapshot: &Value) -> Value {
    json!({"content": "", "flags": 16384, "message_snapshots": [snapshot],
           "message_reference": {"type": 1, "channel_id": "9", "guild_id": "8", "message_id": "77"}})
}

fn file(name: &str, kind: &str) -> Value {
    json!({"id": "12", "filename": name, "size": 9, "url": "https://cdn.discordapp.com/a", "content_type": kind,
           "proxy_url": "https://media.discordapp.net/a"})
}

/// What is posted, and what the answer says was read of it.
fn with_words() -> Vec<(Value, &'static str)> {
    let picture = file("ferry.png", "image/png");
    let mut described = picture.clone();
    described["description"] = CLAIM.into();
    let text = json!({"type": 10, "id": 2, "content": CLAIM});
    let button = json!({"type": 2, "id": 4, "style": 1, "custom_id": "x", "label": "More", "disabled": false});
    let section = json!({"type": 9, "id": 3, "components": [text], "accessory": button});
    let container = json!({"type": 17, "id": 1, "accent_color": null, "spoiler": false, "components": [section]});
    let answer = |id: u64, words: &str| json!({"answer_id": id, "poll_media": {"text": words}});
    vec![
        (forward(&snapshot(CLAIM)), "Read: the forwarded message."),
        (
            json!({"content": "", "embeds": [{"type": "rich", "title": "Harbour news", "description": CLAIM}]}),
            "Read: the card.",
        ),
        (
            json!({"content": "https://ferries.example.net/7",
                   "embeds": [{"type": "article", "url": "https://ferries.example.net/7", "title": CLAIM}]}),
            "Read: its words and the link's preview.",
        ),
        (
            json!({"content": "", "poll": {"question": {"text": format!("{CLAIM}. True?")},
                   "answers": [answer(1, "Yes"), answer(2, "No")], "expiry": "2026-12-28T10:00:00+00:00",
                   "allow_multiselect": false, "layout_type": 1,
                   "results": {"is_finalized": false, "answer_counts": []}}}),
            "Read: the poll.",
        ),
        (json!({"content": "", "flags": 32768, "components": [container]}), "Read: the text of its layout."),
        (json!({"content": CLAIM, "attachments": [picture]}), "Read: the caption, not the file itself."),
        (json!({"content": "", "attachments": [described]}), "Read: the picture's description."),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_has_words_is_checked_and_the_answer_says_what_was_read() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    for (at, (message, read)) in with_words().into_iter().enumerate() {
        // One person isn't answered as often at once.
        let asker = fake.user(&format!("asker-{at}"));
        fake.join(scene.guild, asker, &[]);
        let posted = fake.send(general, bob, message);
        fake.reply_to(posted, asker, "!check");
        let answer = fake.next_message_in(general).await;
        assert!(answer.text.contains(MATCHES) && answer.text.contains(read), "{read}: {}", answer.text);
        fake.context_menu(general, asker, "Find sources", posted);
        let answer = fake.next_private(asker).await;
        assert!(answer.text.contains(MATCHES) && answer.text.contains(read), "{read}: {}", answer.text);
    }
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_words_gets_a_sentence_that_says_what_it_is() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    let sticker = json!([{"id": "12", "name": "wave", "format_type": 1}]);
    let mut voice = file("voice-message.ogg", "audio/ogg");
    voice["duration_secs"] = 2.5.into();
    let picture = file("ferry.png", "image/png");
    let mut forwarded = snapshot("");
    forwarded["message"]["attachments"] = json!([picture]);
    for message in [
        json!({"content": "", "sticker_items": sticker}),
        json!({"content": "", "flags": 8192, "attachments": [voice]}),
        json!({"content": "", "attachments": [picture]}),
        forward(&forwarded),
        json!({"content": "", "attachments": [file("ferry.mp4", "video/mp4")]}),
    ] {
        let posted = fake.send(general, bob, message);
        fake.reply_to(posted, scene.alice, "!check");
        fake.next_message_in(general).await;
    }
    let asker = fake.user("cleo");
    fake.join(scene.guild, asker, &[]);
    let posted = fake.send(general, bob, json!({"content": "", "attachments": [picture]}));
    fake.context_menu(general, asker, "Find sources", posted);
    fake.next_private(asker).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_forward_of_the_case_is_found() {
    let records = Records::new();
    records.add_at(&crate::conversations::shipped(), "2026-11-24T12:00:00Z");
    let scene = Scene::of(records, Settings::default()).await;
    let (fake, general) = (&scene.fake, scene.general);
    let claim = "There is a Chinese police station in Dublin, on Capel Street";
    let posted = fake.send(general, scene.alice, forward(&snapshot(claim)));
    fake.reply_to(posted, scene.alice, "!check");
    let answer = fake.next_message_in(general).await;
    assert!(answer.text.contains("Dublin") && answer.text.contains("Read: the forwarded message."), "{}", answer.text);
    fake.context_menu(general, scene.alice, "Find sources", posted);
    let answer = fake.next_private(scene.alice).await;
    assert!(answer.text.contains("Dublin") && answer.text.contains("Read: the forwarded message."), "{}", answer.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_messages_of_an_author_are_checked_together() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    fake.say(general, bob, "The moon is cheese.");
    fake.say(general, bob, "Says Harbour Watch:");
    fake.say(general, scene.alice, "go on");
    fake.say(general, bob, "Port Varis charges ferries twice");
    let last = fake.say(general, bob, "for one landing");
    fake.say(general, bob, "and that is that");
    fake.reply_to(last, scene.alice, "!check 3");
    let answer = fake.next_message_in(general).await;
    let read = "Read: 3 messages of that author, up to the one replied to.";
    assert!(answer.text.contains(MATCHES) && answer.text.contains(read), "{}", answer.text);
    fake.reply_to(last, scene.alice, &format!("<@{}> check 9", fake.bot()));
    let answer = fake.next_message_in(general).await;
    assert!(
        answer.text.contains("4 messages of that author") && answer.text.contains("see no more"),
        "{}",
        answer.text
    );
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_is_for_the_bot_wherever_it_stands_and_small_talk_is_not() {
    let scene = Scene::new().await;
    let (fake, general, bot) = (&scene.fake, scene.general, scene.fake.bot());
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    let claim = fake.say(general, bob, CLAIM);
    for talk in
        [format!("thanks <@{bot}>!"), format!("<@{bot}> good bot"), format!("?kick <@{bot}>"), format!("hi <@{bot}>")]
    {
        fake.say(general, scene.alice, &talk);
    }
    fake.say(general, scene.alice, &format!("is there a fee in harbourton <@{bot}>?"));
    fake.next_message_in(general).await;
    fake.say(general, scene.alice, &format!("hey <@{bot}>, about port varis"));
    fake.next_message_in(general).await;
    fake.reply_to(claim, scene.alice, &format!("is this true <@{bot}>?"));
    fake.next_message_in(general).await;
    let direct = fake.dm(scene.alice);
    for talk in ["hi", "thanks!"] {
        fake.say(direct, scene.alice, talk);
        fake.next_message_in(direct).await;
    }
    assert_snapshot!(format!("{}\n----\n{}", fake.transcript(general), fake.transcript(direct)));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_have_the_prefix_of_the_server() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let mia = fake.user("mia");
    let managers = fake.role(scene.guild, "managers", MANAGE_GUILD);
    fake.join(scene.guild, mia, &[managers]);
    fake.say(general, mia, "!settings prefix:?");
    fake.next_message_in(general).await;
    for (asked, hint) in [
        ("?check The moon is made of cheese by now", "`?source QUESTION`"),
        ("?show", "`?show ID"),
        ("?help", "`?check TEXT`"),
        ("?watches", "`?watch NAME`"),
    ] {
        fake.say(general, scene.alice, asked);
        let answer = fake.next_message_in(general).await;
        assert!(answer.text.contains(hint), "{asked}: {}", answer.text);
    }
    fake.assert_clean();
}
