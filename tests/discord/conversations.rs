//! Conversations, as transcripts.

use insta::assert_snapshot;

use crate::{
    fake::{
        Settings,
        permissions::{MANAGE_GUILD, MANAGE_MESSAGES},
    },
    picture::{Screen, svg},
    records::Records,
    support::{Bot, Scene},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_question_is_answered_in_the_channel() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    fake.say(general, scene.alice, "!source harbourton");
    fake.next_message_in(general).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

/// The entries that the program carries, as one pack.
pub(crate) fn shipped() -> String {
    let files = [
        include_str!("../../data/entities/places.toml"),
        include_str!("../../data/entities/organisations.toml"),
        include_str!("../../data/entities/people.toml"),
        include_str!("../../data/entities/publishers.toml"),
        include_str!("../../data/entities/topics.toml"),
        include_str!("../../data/overseas-police-stations/sources.toml"),
        include_str!("../../data/overseas-police-stations/statements.toml"),
        include_str!("../../data/overseas-police-stations/responses.toml"),
    ];
    let vetted = "vetted = \"2026-11\"\n";
    let records = files.map(|file| file.split_once("\n[[").unwrap().1);
    records
        .map(|records| format!("\n[[{records}"))
        .into_iter()
        .fold(vetted.to_owned(), |pack, records| pack + records.as_str())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pictures_in_the_docs_are_of_a_real_answer() {
    let records = Records::new();
    records.add_at(&shipped(), "2026-11-24T12:00:00Z");
    let scene = Scene::of(records, Settings::default()).await;
    let (fake, general) = (&scene.fake, scene.general);
    fake.say(general, scene.alice, "!source sydney");
    let answer = fake.next_message_in(general).await;
    for (name, screen) in [("discord-answer.svg", Screen::DESKTOP), ("discord-phone.svg", Screen::PHONE)] {
        let picture = svg("alice", "!source sydney", &answer, screen);
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
        if std::env::var_os("ONRECORD_DRAW").is_some() {
            std::fs::write(&file, &picture).unwrap();
        }
        let drawn = std::fs::read_to_string(&file).unwrap();
        assert!(drawn == picture, "draw {name} anew: ONRECORD_DRAW=1 cargo test --test discord the_pictures");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slash_command_takes_options_and_may_be_private() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let asked = fake.slash(general, scene.alice, "source", &[("question", "port varis"), ("since", "2024")]);
    fake.answer_to(asked).await;
    let asked = fake.slash(general, scene.alice, "show", &[("id", "E1"), ("private", "true")]);
    fake.answer_to(asked).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_needs_no_prefix() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    fake.say(general, scene.alice, &format!("<@{}> about harbourton", fake.bot()));
    fake.next_message_in(general).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_completed_in_any_script_and_with_typos() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    for typed in ["harbourt", "habrourton", "港城"] {
        fake.autocomplete(general, scene.alice, "source", &[], ("question", typed)).await;
    }
    fake.autocomplete(general, scene.alice, "source", &[], ("from", "bote")).await;
    fake.autocomplete(general, scene.alice, "show", &[], ("id", "lena")).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_checked_in_private_and_the_answer_can_be_posted() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    let claim = fake.say(general, bob, "Port Varis charges ferries twice for one landing, says Harbour Watch");
    fake.context_menu(general, scene.alice, "Find sources", claim);
    let found = fake.next_private(scene.alice).await;
    fake.press_label(found.id, scene.alice, "Post here");
    fake.next_message_in(general).await;
    let talk = fake.say(general, bob, "Nice weather today, isn't it?");
    fake.context_menu(general, scene.alice, "Find sources", talk);
    fake.next_private(scene.alice).await;
    fake.reply_to(claim, scene.alice, "!check");
    fake.next_message_in(general).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_that_only_asks_about_a_message_checks_it() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let bob = fake.user("bob");
    fake.join(scene.guild, bob, &[]);
    let claim = fake.say(general, bob, "Port Varis charges ferries twice for one landing, says Harbour Watch");
    let bot = fake.bot();
    // One person isn't answered as often at once.
    let askers = ["cleo", "dan", "eve", "finn"].map(|name| fake.user(name));
    for asker in &askers {
        fake.join(scene.guild, *asker, &[]);
    }
    for (at, words) in [
        "!check is this true?".to_owned(),
        "!check please".to_owned(),
        "!check this".to_owned(),
        "!source pls".to_owned(),
        format!("<@{bot}> is this true?"),
        format!("<@{bot}> check this please"),
        format!("<@{bot}> who said this?"),
        format!("<@{bot}>, stimmt das?"),
        format!("<@{bot}>"),
    ]
    .into_iter()
    .enumerate()
    {
        fake.reply_to(claim, askers[at / 3], &words);
        let answer = fake.next_message_in(general).await;
        assert!(answer.text.contains("One vetted entry matches this message"), "{words}: {}", answer.text);
    }
    // Words that say something of their own are what is asked, and the message is offered.
    for (words, found) in [("!source harbour fees", "Harbour fees"), ("!check The moon is cheese", "No vetted entry")] {
        fake.reply_to(claim, scene.alice, words);
        let answer = fake.next_message_in(general).await;
        assert!(answer.text.contains(found), "{words}: {}", answer.text);
        assert!(answer.text.contains("reply to it with `!check` alone"), "{words}: {}", answer.text);
    }
    fake.say(general, scene.alice, &format!("<@{bot}> is there a fee in harbourton <@{bob}> <:ferry:12345>?"));
    let answer = fake.next_message_in(general).await;
    assert!(answer.text.contains("Harbourton") && !answer.text.contains("12345"), "{}", answer.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_turn_before_and_after_a_restart_for_the_asker_and_moderators() {
    let Scene { fake, records, bot, guild, general, alice } = Scene::new().await;
    let (bob, mod_) = (fake.user("bob"), fake.user("mia"));
    let moderators = fake.role(guild, "moderators", MANAGE_MESSAGES);
    fake.join(guild, bob, &[]);
    fake.join(guild, mod_, &[moderators]);
    fake.say(general, alice, "!source harbourton");
    let answer = fake.next_message_in(general).await;
    fake.press_label(answer.id, alice, "Next");
    let second = fake.next_edit_of(answer.id).await;
    assert!(second.text.contains("Page 2 of"), "{}", second.text);
    let other = fake.say(general, alice, "!about port varis");
    let other_answer = fake.next_message_in(general).await;
    bot.stop().await;
    fake.disconnected().await;
    let _bot = Bot::start(&records, &fake).await;
    fake.press_label(answer.id, alice, "Next");
    let third = fake.next_edit_of(answer.id).await;
    assert!(third.text.contains("Page 3 of"), "{}", third.text);
    fake.edit_message(other, "!about harbourton");
    fake.next_edit_of(other_answer.id).await;
    fake.press_label(answer.id, mod_, "Previous");
    fake.next_edit_of(answer.id).await;
    // Anyone else gets a page of their own.
    fake.press_label(answer.id, bob, "Next");
    let own = fake.next_private(bob).await;
    assert!(own.text.contains("Page 3 of"), "{}", own.text);
    fake.press_label(own.id, bob, "Previous");
    fake.next_edit_of(own.id).await;
    assert_eq!(fake.messages(general).len(), 4);
    assert_eq!(fake.message(answer.id).edits, 3);
    fake.assert_clean();
}

/// Records of which one page doesn't fit in a message: statements of Der Bote, each with a response.
pub(crate) fn long_records() -> Records {
    let records = Records::new();
    let long = |word: &str| format!("{word} of the fishing boats paid the fee. ").repeat(40);
    let log: String = ["first", "second", "third"]
        .map(|word| {
            format!(
                "[[statement]]\nkey = \"log-{word}\"\nspeaker = \"bote\"\ntext = \"{}\"\n\
                 about = [\"old-pier\"]\ncitations = [{{ source = \"x1\", role = \"original\" }}]\n\n\
                 [[response]]\nkey = \"re-{word}\"\nto = [\"log-{word}\"]\nresponder = \"bote\"\n\
                 kind = \"clarification\"\ntext = \"{}\"\n\
                 citations = [{{ source = \"x1\", role = \"original\" }}]\n\n",
                long(&format!("The {word}")).trim(),
                long(&format!("All {word}")).trim(),
            )
        })
        .concat();
    let first = include_str!("../fixtures/harbour.toml").split("[[statement]]").next().unwrap();
    records.add(&format!("{first}{log}"));
    records
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_longer_than_a_message_is_turned_part_by_part() {
    let records = long_records();
    let scene = Scene::of(records, Settings::default()).await;
    let (fake, general, alice) = (&scene.fake, scene.general, scene.alice);
    fake.say(general, alice, "!source by:\"der bote\"");
    let answer = fake.next_message_in(general).await;
    for (label, part, word) in
        [("Next", 2, "second"), ("Next", 3, "third"), ("Previous", 2, "second"), ("Previous", 1, "first")]
    {
        fake.press_label(answer.id, alice, label);
        let turned = fake.next_edit_of(answer.id).await;
        assert!(turned.text.contains(&format!("part {part} of 3")), "{}", turned.text);
        // Wherever an answer is parted, what was said stands under who said it.
        assert!(turned.text.contains("**Der Bote**"), "{}", turned.text);
        assert!(turned.text.contains(&format!("The {word} of")), "{}", turned.text);
        // Sentences stay whole.
        assert!(turned.text.lines().all(|line| !line.ends_with("paid the")), "{}", turned.text);
    }
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_of_a_question_too_long_for_them_work_after_a_restart() {
    let Scene { fake, records, bot, general, alice, .. } = Scene::new().await;
    let long = format!("!source harbourton {}", "-nothinglikethis ".repeat(12));
    fake.say(general, alice, &long);
    let answer = fake.next_message_in(general).await;
    bot.stop().await;
    fake.disconnected().await;
    let _bot = Bot::start(&records, &fake).await;
    fake.press_label(answer.id, alice, "Next");
    let next = fake.next_edit_of(answer.id).await;
    assert!(next.text.contains("Page 2 of"), "{}", next.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_opens_from_the_menu_and_a_name_may_mean_several() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    fake.say(general, scene.alice, "!source harbourton");
    let answer = fake.next_message_in(general).await;
    let menu = answer.menus();
    let entry = answer.components[1]["components"][0]["options"][0]["value"].as_str().unwrap().to_owned();
    fake.select(answer.id, scene.alice, &menu[0], &[&entry]);
    fake.next_private(scene.alice).await;
    fake.say(general, scene.alice, "!about harbour");
    fake.next_message_in(general).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_found_is_said_and_near_names_are_offered() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    fake.say(general, scene.alice, "!source by:\"lena quits\" moonbase");
    fake.next_message_in(general).await;
    fake.say(general, scene.alice, "!source @everyone [free](https://evil.example) ||x|| \u{202e}x");
    fake.next_message_in(general).await;
    assert_snapshot!(fake.transcript(general));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_for_those_who_manage_the_server() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let mia = fake.user("mia");
    let managers = fake.role(scene.guild, "managers", MANAGE_GUILD);
    fake.join(scene.guild, mia, &[managers]);
    let other = fake.text_channel(scene.guild, "offtopic");
    fake.say(general, scene.alice, "!settings prefix:?");
    fake.next_message_in(general).await;
    fake.say(general, mia, "!settings prefix:?");
    fake.next_message_in(general).await;
    fake.say(general, scene.alice, "!version");
    fake.say(general, scene.alice, "?about port varis");
    fake.next_message_in(general).await;
    let set = fake.slash(general, mia, "settings", &[("channels", "here")]);
    fake.answer_to(set).await;
    fake.say(other, scene.alice, "?version");
    let asked = fake.slash(other, scene.alice, "topics", &[]);
    fake.answer_to(asked).await;
    let set = fake.slash(general, mia, "settings", &[("visibility", "private")]);
    fake.answer_to(set).await;
    fake.say(general, scene.alice, "?topics");
    fake.next_message_in(general).await;
    let asked = fake.slash(general, scene.alice, "about", &[("name", "port varis")]);
    fake.answer_to(asked).await;
    assert_snapshot!(format!("#general\n{}\n#offtopic\n{}", fake.transcript(general), fake.transcript(other)));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_question_edits_its_answer_and_a_deleted_one_takes_it_along() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let asked = fake.say(general, scene.alice, "!about port vrais");
    let answer = fake.next_message_in(general).await;
    fake.edit_message(asked, "!about harbourton");
    let edited = fake.next_edit_of(answer.id).await;
    assert!(edited.text.contains("Harbourton"), "{}", edited.text);
    // A message that becomes a question is answered; talk is not.
    let talk = fake.say(general, scene.alice, "about port varis");
    fake.edit_message(talk, "!about port varis");
    let second = fake.next_message_in(general).await;
    assert_eq!(second.reference, Some(talk));
    fake.delete_message(asked);
    fake.deletion_of(answer.id).await;
    scene.still_answers().await;
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn direct_messages_threads_and_forum_posts_are_places_too() {
    let scene = Scene::new().await;
    let fake = &scene.fake;
    let direct = fake.dm(scene.alice);
    fake.say(direct, scene.alice, "what did harbour watch say");
    fake.next_message_in(direct).await;
    fake.say(direct, scene.alice, "about port varis");
    fake.next_message_in(direct).await;
    let thread = fake.thread(scene.general, scene.alice, "stations");
    fake.say(thread, scene.alice, "!topics");
    fake.next_message_in(thread).await;
    let forum = fake.forum(scene.guild, "questions");
    let (post, _) = fake.forum_post(forum, scene.alice, "Port Varis?", "!about port varis");
    fake.next_message_in(post).await;
    let all = [direct, thread, post].map(|place| fake.transcript(place)).join("\n----\n");
    assert_snapshot!(all);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_webhooks_the_system_and_talk_are_not_answered() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let (robot, hook) = (fake.other_bot("robot"), fake.webhook("hook"));
    fake.join(scene.guild, robot, &[]);
    fake.say(general, robot, "!source harbourton");
    fake.say(general, hook, "!source harbourton");
    fake.system_message(general, scene.alice, 7);
    fake.say(general, scene.alice, "!ban bob");
    fake.say(general, scene.alice, "source harbourton");
    fake.say(general, scene.alice, "!nothing of ours");
    scene.still_answers().await;
    let answers = fake.messages(general).iter().filter(|message| message.author == fake.bot()).count();
    assert_eq!(answers, 1, "{}", fake.transcript(general));
    fake.assert_clean();
}
