//! What goes wrong on the way; each time the next question is answered.

use std::time::Duration;

use crate::{
    fake::{
        Allowance, ApiError, Fault, Settings, Trouble,
        permissions::{EMBED_LINKS, READ_MESSAGE_HISTORY, SEND_MESSAGES},
    },
    records::Records,
    support::{Bot, Scene, config},
};
use onrecord::chat::discord::DiscordError;
use serde_json::json;

fn answers(scene: &Scene) -> usize {
    scene.fake.messages(scene.general).iter().filter(|message| message.author == scene.fake.bot()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_drops_in_mid_answer() {
    let scene = Scene::new().await;
    scene.fake.fault(Fault::new(Trouble::Slow(Duration::from_millis(300))).on("create_message"));
    scene.fake.say(scene.general, scene.alice, "!topics");
    scene.fake.until("the request", |fake| (fake.request_count() > 0).then_some(())).await;
    scene.fake.drop_gateway();
    scene.fake.next_message_in(scene.general).await;
    scene.fake.connected(1).await;
    scene.still_answers().await;
    assert_eq!(answers(&scene), 2);
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_a_resume_replays_is_answered_once() {
    let scene = Scene::new().await;
    scene.fake.say(scene.general, scene.alice, "!topics");
    scene.fake.next_message_in(scene.general).await;
    scene.fake.replay_again(10);
    for _ in 0..3 {
        let resumes = scene.fake.resumes();
        scene.fake.drop_gateway();
        scene.fake.until("a resume", |fake| (fake.resumes() > resumes).then_some(())).await;
    }
    scene.still_answers().await;
    assert_eq!(answers(&scene), 2, "{}", scene.fake.transcript(scene.general));
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_to_reconnect_is_followed() {
    let scene = Scene::new().await;
    let resumes = scene.fake.resumes();
    scene.fake.ask_to_reconnect();
    scene.fake.until("a resume", |fake| (fake.resumes() > resumes).then_some(())).await;
    scene.still_answers().await;
    assert_eq!(answers(&scene), 1);
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_session_is_begun_anew() {
    let scene = Scene::new().await;
    scene.fake.configure(|settings| settings.patience = Duration::from_secs(30));
    let begun = scene.fake.identifies().len();
    scene.fake.invalidate_sessions(false);
    scene.fake.until("another session", |fake| (fake.identifies().len() > begun).then_some(())).await;
    scene.fake.connected(1).await;
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_429_is_waited_for() {
    let scene = Scene::new().await;
    let retry_after = Duration::from_millis(400);
    scene.fake.fault(Fault::new(Trouble::RateLimited { retry_after, global: false }).on("create_message"));
    scene.fake.say(scene.general, scene.alice, "!topics");
    scene.fake.next_message_in(scene.general).await;
    scene.fake.until("both tries", |fake| (fake.requests_to("create_message").len() == 2).then_some(())).await;
    let made = scene.fake.requests_to("create_message");
    assert_eq!(made.iter().map(|request| request.status).collect::<Vec<_>>(), [429, 200]);
    assert!(made[1].at - made[0].at >= retry_after - Duration::from_millis(20));
    scene.fake.fault(Fault::new(Trouble::RateLimited { retry_after, global: true }).on("create_interaction_response"));
    let asked = scene.fake.slash(scene.general, scene.alice, "topics", &[]);
    scene.fake.answer_to(asked).await;
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discord_stumbles_and_the_answer_is_posted_once() {
    let scene = Scene::new().await;
    scene.fake.fault(Fault::new(Trouble::Status(502)).on("create_message").times(2));
    scene.fake.say(scene.general, scene.alice, "!topics");
    scene.fake.next_message_in(scene.general).await;
    scene.fake.fault(Fault::new(Trouble::ResetAfterwards).on("create_message"));
    scene.fake.say(scene.general, scene.alice, "!about port varis");
    scene.fake.next_message_in(scene.general).await;
    scene.fake.until("the second try", |fake| (fake.requests_to("create_message").len() >= 5).then_some(())).await;
    scene.still_answers().await;
    assert_eq!(answers(&scene), 3, "{}", scene.fake.transcript(scene.general));
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interaction_that_has_expired_is_let_go() {
    let scene = Scene::new().await;
    scene.fake.fault(Fault::new(Trouble::Refused(ApiError::unknown_interaction())).on("create_interaction_response"));
    scene.fake.slash(scene.general, scene.alice, "topics", &[]);
    scene.fake.next_request_to("create_interaction_response").await;
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_be_understood_does_no_harm() {
    let scene = Scene::new().await;
    scene.fake.send_raw("{\"op\":");
    scene.fake.send_raw("{\"op\":99,\"d\":null}");
    scene.fake.send_event(Some(scene.guild), "SOMETHING_NEW", &json!({"a": 1}));
    scene.fake.send_event(Some(scene.guild), "MESSAGE_CREATE", &json!({"id": "x"}));
    scene.fake.send_event(Some(scene.guild), "INTERACTION_CREATE", &json!({"type": 99}));
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_shed_and_refused_politely() {
    let scene = Scene::new().await;
    let people: Vec<_> = (0..100).map(|number| scene.fake.user(&format!("user-{number}"))).collect();
    scene.fake.say_many(scene.general, (0..5_000).map(|number| (people[number % 100], "!version")));
    scene.fake.drained().await;
    scene.fake.quiet(Duration::from_millis(300)).await;
    let posted = answers(&scene);
    // 20 answers for the channel, and the limit said once.
    assert!((20..=22).contains(&posted), "{posted}");
    let elsewhere = scene.fake.text_channel(scene.guild, "elsewhere");
    scene.fake.say(elsewhere, scene.alice, "!version");
    let answer = scene.fake.next_message_in(elsewhere).await;
    assert!(answer.text.contains("Onrecord"), "{}", answer.text);
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_who_asks_too_often_is_told_once() {
    let scene = Scene::new().await;
    for _ in 0..12 {
        scene.fake.say(scene.general, scene.alice, "!version");
    }
    scene.fake.drained().await;
    scene.fake.quiet(Duration::from_millis(200)).await;
    let messages = scene.fake.messages(scene.general);
    let told = messages.iter().filter(|message| message.text.contains("Ask again in 10 seconds")).count();
    assert_eq!((answers(&scene), told), (6, 1), "{}", scene.fake.transcript(scene.general));
    // An interaction must be answered, and only its asker sees that.
    let asked = scene.fake.slash(scene.general, scene.alice, "topics", &[]);
    let refused = scene.fake.answer_to(asked).await;
    assert_eq!(refused.audience, Some(scene.alice));
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn missing_permissions_are_made_the_best_of() {
    let scene = Scene::new().await;
    let (fake, guild) = (&scene.fake, scene.guild);
    let plain = fake.text_channel(guild, "plain");
    fake.deny_bot(plain, EMBED_LINKS);
    fake.say(plain, scene.alice, "!about port varis");
    let answer = fake.next_message_in(plain).await;
    assert!(
        answer.embeds.is_empty() && answer.content.contains("Port Varis") && answer.hides_previews(),
        "{}",
        answer.text
    );
    let forgetful = fake.text_channel(guild, "forgetful");
    fake.deny_bot(forgetful, READ_MESSAGE_HISTORY);
    fake.say(forgetful, scene.alice, "!about port varis");
    fake.next_message_in(forgetful).await;
    let silent = fake.text_channel(guild, "silent");
    fake.deny_bot(silent, SEND_MESSAGES);
    fake.say(silent, scene.alice, "!about port varis");
    let told = fake.next_message_in(fake.dm(scene.alice)).await;
    assert!(told.content.contains("I can't write in the channel"), "{}", told.text);
    fake.closes_dms(scene.alice);
    fake.say(silent, scene.alice, "!topics");
    scene.still_answers().await;
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fatal_is_said_in_a_sentence() {
    let fake = crate::fake::FakeDiscord::with(Settings { disallowed_intents: 1 << 15, ..Settings::default() }).await;
    let records = Records::new();
    let ended = Bot::begin(&records, config(&fake)).await.ended().await;
    assert!(matches!(ended, Err(DiscordError::Intent)), "{ended:?}");
    let mut wrong = config(&fake);
    wrong.token = onrecord::config::Secret::new("canary");
    let ended = Bot::begin(&records, wrong).await.ended().await;
    assert!(matches!(ended, Err(DiscordError::Token)), "{ended:?}");
    // Without typed commands the intent isn't asked for.
    let mut quiet = config(&fake);
    quiet.prefix = None;
    let bot = Bot::begin(&records, quiet).await;
    fake.connected(1).await;
    bot.stop().await;
    fake.disconnected().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shards_that_discord_does_not_take_are_explained() {
    let settings = Settings { recommended_shards: 4, least_shards: 4, ..Settings::default() };
    let fake = crate::fake::FakeDiscord::with(settings).await;
    let records = Records::new();
    let mut few = config(&fake);
    few.silence = Duration::from_secs(2);
    few.shards = Some(onrecord::config::Shards { first: 0, last: 0, total: 1 });
    let ended = Bot::begin(&records, few.clone()).await.ended().await;
    assert!(matches!(ended, Err(DiscordError::TooFewShards { wanted: 4, given: 1 })), "{ended:?}");
    // Whatever else Discord doesn't take, it is not the number of shards.
    fake.configure(|settings| settings.recommended_shards = 1);
    let ended = Bot::begin(&records, few).await.ended().await;
    assert!(matches!(ended, Err(DiscordError::NoShard)), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busy_channels_do_not_delay_a_quiet_one() {
    let scene = Scene::new().await;
    let fake = &scene.fake;
    fake.limit("create_message", Allowance::new(1, Duration::from_secs(4)));
    // More answers wait for these channels than are worked on at once.
    for number in 0..10 {
        let guild = fake.guild("Busy");
        let channel = fake.text_channel(guild, "busy");
        for person in 0..10 {
            fake.say(channel, fake.user(&format!("user-{number}-{person}")), "!version");
        }
    }
    fake.until("an answer in each", |fake| (fake.requests_to("create_message").len() >= 10).then_some(())).await;
    let asked = std::time::Instant::now();
    fake.say(scene.general, scene.alice, "!version");
    fake.next_message_in(scene.general).await;
    // The others wait for 4 seconds at least.
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    assert!(fake.refusals().is_empty());
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_as_on_discord_are_kept() {
    let scene = Scene::new().await;
    let fake = &scene.fake;
    fake.enforce_limits();
    fake.configure(|settings| settings.patience = Duration::from_secs(30));
    let guilds: Vec<_> = (0..8).map(|_| fake.guild("Newsroom")).collect();
    for guild in guilds {
        for _ in 0..3 {
            let channel = fake.text_channel(guild, "general");
            (0..4).for_each(|_| _ = fake.say(channel, fake.user("someone"), "!version"));
        }
    }
    let posted = |fake: &crate::fake::FakeDiscord| {
        fake.requests_to("create_message").iter().filter(|request| request.status == 200).count()
    };
    fake.until("all answers", |fake| (posted(fake) == 96).then_some(())).await;
    // However long a request is on its way; without pacing half of them were refused.
    assert!(fake.refusals().is_empty(), "{:?}", fake.refusals());
    scene.still_answers().await;
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_from_long_ago_is_let_go() {
    let scene = Scene::new().await;
    let (fake, old) = (&scene.fake, 1_000_000_000_000_000_000_u64);
    let author = json!({"id": scene.alice.to_string(), "username": "alice", "discriminator": "0", "avatar": null});
    let message = json!({
        "id": old.to_string(), "channel_id": scene.general.to_string(), "guild_id": scene.guild.to_string(),
        "author": author, "content": "!version", "timestamp": "2022-07-22T11:22:59Z", "edited_timestamp": null,
        "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": false, "type": 0,
    });
    fake.send_event(Some(scene.guild), "MESSAGE_CREATE", &message);
    scene.still_answers().await;
    assert_eq!(answers(&scene), 1);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_registered_once_and_only_differences_are_written() {
    let Scene { fake, records, bot, .. } = Scene::new().await;
    bot.stop().await;
    fake.disconnected().await;
    let before = fake.request_count();
    let _bot = Bot::start(&records, &fake).await;
    fake.quiet(Duration::from_millis(100)).await;
    let written = fake.requests().split_off(before).into_iter().filter(|request| request.method != "GET").count();
    assert_eq!(written, 0);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_could_not_be_registered_are_tried_again() {
    let patience = Duration::from_secs(30);
    let fake = crate::fake::FakeDiscord::with(Settings { patience, ..Settings::default() }).await;
    // As many as one request is made in all, of reading and of writing.
    fake.fault(Fault::new(Trouble::Status(500)).on("list_application_commands").times(4));
    fake.fault(Fault::new(Trouble::Status(500)).on("bulk_set_application_commands").times(4));
    let records = Records::new();
    let bot = Bot::start(&records, &fake).await;
    bot.stop().await;
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_shards_are_started_within_seconds_where_discord_wants_more() {
    let patience = Duration::from_secs(60);
    let scene = Scene::with(Settings { patience, ..Settings::default() }).await;
    scene.fake.configure(|settings| (settings.recommended_shards, settings.least_shards) = (2, 2));
    let begun = std::time::Instant::now();
    scene.fake.invalidate_sessions(false);
    scene
        .fake
        .until("two shards", |fake| (fake.identifies().iter().filter(|it| it.shard.1 == 2).count() == 2).then_some(()))
        .await;
    scene.fake.connected(2).await;
    // Serenity waits for 5 seconds between two shards.
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_shows_how_it_is_asked() {
    let scene = Scene::new().await;
    let shown = scene.fake.presences();
    assert_eq!(shown[0].activities, ["/source a place or a name"], "{shown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_desk_is_promised_for_in_time() {
    let scene = Scene::new().await;
    // Every thread of the desk is held up for longer than an answer is waited for.
    let threads = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    for _ in 0..threads {
        let front = scene.bot.front.clone();
        tokio::spawn(async move { front.run(|_| std::thread::sleep(Duration::from_millis(1_800))).await });
    }
    let asked = scene.fake.slash(scene.general, scene.alice, "topics", &[]);
    let answer = scene.fake.answer_to(asked).await;
    let acknowledged = scene.fake.interaction(asked);
    assert_eq!((acknowledged.acknowledged_with, answer.text.contains("topics")), (Some(5), true), "{}", answer.text);
    assert!(scene.fake.late_acknowledgements().is_empty());
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_flight_is_finished_before_the_bot_leaves() {
    let Scene { fake, bot, general, alice, .. } = Scene::new().await;
    fake.fault(Fault::new(Trouble::Status(503)).on("create_message").times(2));
    fake.say(general, alice, "!topics");
    fake.until("the first try", |fake| (!fake.requests_to("create_message").is_empty()).then_some(())).await;
    bot.stop().await;
    assert_eq!(fake.messages(general).len(), 2, "{}", fake.transcript(general));
    fake.disconnected().await;
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_has_gone_dead_is_made_anew() {
    let heartbeat_interval = Duration::from_millis(300);
    let patience = Duration::from_secs(30);
    let scene = Scene::with(Settings { heartbeat_interval, patience, ..Settings::default() }).await;
    let begun = scene.fake.identifies().len();
    scene.fake.freeze_gateway();
    scene.fake.until("another session", |fake| (fake.identifies().len() > begun).then_some(())).await;
    scene.fake.connected(1).await;
    scene.still_answers().await;
    scene.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_of_shards_can_be_run() {
    let fake = crate::fake::FakeDiscord::start().await;
    let records = Records::new();
    let mut second = config(&fake);
    second.shards = Some(onrecord::config::Shards { first: 1, last: 1, total: 2 });
    let bot = Bot::begin(&records, second).await;
    fake.connected(1).await;
    assert_eq!(fake.identifies()[0].shard, (1, 2));
    assert!(!fake.presences().is_empty());
    bot.stop().await;
    fake.disconnected().await;
    fake.assert_clean();
}
