//! The life of an entry, on Discord and at the terminal: proposed in a form, reviewed by someone else,
//! corrected where it was shown.

use insta::assert_snapshot;
use jiff::Timestamp;
use onrecord::{
    desk::worker_pool::DeskHandle,
    model::Date,
    reply::{Outcome, Reply},
};

use crate::{
    fake::{
        Fault, Trouble,
        permissions::{MANAGE_GUILD, MANAGE_MESSAGES, Whom},
    },
    records::{ADMIN, at_the_terminal},
    rendered::rendered,
    support::{Bot, Scene},
};

/// A transcript without the day on which the test runs, or the two if it is midnight.
pub(crate) fn undated(transcript: String, began: Timestamp) -> String {
    [began, Timestamp::now()].into_iter().fold(transcript, |text, moment| {
        let shown = moment.as_second().div_euclid(86_400) * 86_400 + 10 * 3_600;
        let text = text.replace(&format!("<t:{shown}:D>"), "<today>");
        text.replace(&Date::of(moment).to_string(), "<today>")
    })
}

/// What someone at the terminal is answered who looks at a change and then decides on it.
fn decided(front: &DeskHandle, who: &str, line: &str) -> Reply {
    let change = line.split_whitespace().nth(1).unwrap();
    at_the_terminal(front, who, &format!("review {change}"));
    at_the_terminal(front, who, line)
}

/// A contributor and a reviewer on Discord.
async fn desk(scene: &Scene) -> (crate::fake::UserId, crate::fake::UserId) {
    let (cleo, rosa) = (scene.fake.user("cleo"), scene.fake.user("rosa"));
    // Discord offers editors' commands to those whom the server trusts with messages.
    let moderators = scene.fake.role(scene.guild, "moderators", MANAGE_MESSAGES);
    for (user, role) in [(cleo, "contributor"), (rosa, "reviewer")] {
        scene.fake.join(scene.guild, user, &[moderators]);
        let reply = at_the_terminal(&scene.bot.front, ADMIN, &format!("role discord:{user} {role}"));
        assert_eq!(reply.outcome, Outcome::Answered, "{reply:?}");
    }
    (cleo, rosa)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_is_proposed_in_a_form_and_approved_by_another() {
    let began = Timestamp::now();
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let (cleo, rosa) = desk(&scene).await;
    let asked = fake.slash(general, cleo, "add", &[("what", "statement")]);
    fake.until("the form", |fake| fake.interaction(asked).modal).await;
    let sent = fake.submit_modal(
        asked,
        &[
            ("speaker", "Lena Quist"),
            ("text", "Lena Quist said that the cranes of Harbourton are idle."),
            ("source", "D1 original p. 4"),
            ("said", "2024-03-09"),
            ("others", "about: Harbourton\nnote: From the same report"),
        ],
    );
    let handed_in = fake.answer_to(sent).await;
    assert_eq!(handed_in.audience, Some(cleo));
    // Nobody approves their own, whatever button they press.
    let own = fake.slash(general, cleo, "approve", &[("id", "C2"), ("private", "true")]);
    fake.answer_to(own).await;
    let review = fake.slash(general, rosa, "review", &[("id", "C2"), ("private", "true")]);
    let shown = fake.answer_to(review).await;
    let pressed = fake.press_label(shown.id, rosa, "Approve");
    fake.answer_to(pressed).await;
    fake.say(general, scene.alice, "!source cranes harbourton");
    fake.next_message_in(general).await;
    assert_snapshot!(undated(fake.transcript(general), began));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn editors_commands_are_offered_to_moderators_and_give_nobody_a_role() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let (cleo, rosa) = desk(&scene).await;
    for command in ["add", "review", "approve", "role"] {
        let is_for_all = command == "role";
        assert_eq!(fake.is_offered(general, scene.alice, command), is_for_all, "{command}");
        assert!(fake.is_offered(general, cleo, command) && fake.is_offered(fake.dm(scene.alice), scene.alice, command));
    }
    fake.say(general, cleo, "!add statement\nspeaker: Lena Quist\ntext: The cranes are idle.\nsource: D1");
    fake.next_message_in(general).await;
    // What waits is offered to those who may read it, with what it is for.
    let offered = fake.autocomplete(general, rosa, "review", &[], ("id", "cranes")).await;
    let offered: Vec<_> = offered.iter().map(|choice| (choice.name.as_str(), choice.value.as_str().unwrap())).collect();
    assert_eq!(offered, [("C2 — Add a statement: Lena Quist: The cranes are idle.", "C2")]);
    let mia = fake.user("mia");
    let moderators = fake.role(scene.guild, "others", MANAGE_MESSAGES);
    fake.join(scene.guild, mia, &[moderators]);
    assert!(fake.autocomplete(general, mia, "review", &[], ("id", "")).await.is_empty());
    let refused = fake.slash(general, mia, "approve", &[("id", "C2")]);
    assert!(fake.answer_to(refused).await.text.contains("for those with the role reviewer"));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_names_commands_with_the_prefix_of_the_server() {
    let Scene { fake, records, bot, guild, general, alice } = Scene::new().await;
    let mia = fake.user("mia");
    let managers = fake.role(guild, "managers", MANAGE_GUILD);
    fake.join(guild, mia, &[managers]);
    fake.say(general, mia, "!settings prefix:?");
    fake.next_message_in(general).await;
    fake.say(general, alice, "?show S1");
    let shown = fake.next_message_in(general).await;
    for (who, role) in [("terminal:cai", "contributor"), ("terminal:rui", "reviewer")] {
        at_the_terminal(&bot.front, ADMIN, &format!("role {who} {role}"));
    }
    // What was answered is written down in batches; the bot leaves when it is done.
    bot.stop().await;
    fake.disconnected().await;
    let bot = Bot::start(&records, &fake).await;
    let line = "edit S1\nsaid: 2024-03-04\nquote-language: en\ncorrection: The date was wrong.";
    let edit = at_the_terminal(&bot.front, "terminal:cai", line);
    assert_eq!(edit.outcome, Outcome::Answered, "{edit:?}");
    let approved = decided(&bot.front, "terminal:rui", "approve C2");
    assert_eq!(approved.outcome, Outcome::Answered, "{approved:?}");
    let edited = fake.next_edit_of(shown.id).await;
    assert!(edited.text.contains("The date was wrong.") && edited.text.contains("`?"), "{}", edited.text);
    assert!(!edited.text.contains("`!"), "{}", edited.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_reaches_the_messages_that_showed_the_entry() {
    let began = Timestamp::now();
    let Scene { fake, records, bot, general, alice, .. } = Scene::new().await;
    // Shown to everyone: typed, as a slash command, and posted from a private answer.
    fake.say(general, alice, "!show S1");
    let typed = fake.next_message_in(general).await;
    let slash = fake.slash(general, alice, "show", &[("id", "S1")]);
    let slash = fake.answer_to(slash).await;
    fake.next_message_in(general).await;
    let private = fake.slash(general, alice, "show", &[("id", "S1"), ("private", "true")]);
    let private = fake.answer_to(private).await;
    fake.press_label(private.id, alice, "Post here");
    let posted = fake.next_message_in(general).await;
    fake.say(general, alice, "!show S2");
    let other = fake.next_message_in(general).await;
    for (who, role) in [("terminal:cai", "contributor"), ("terminal:rui", "reviewer")] {
        at_the_terminal(&bot.front, ADMIN, &format!("role {who} {role}"));
    }
    // What was answered is written down in batches; the bot leaves when it is done.
    bot.stop().await;
    fake.disconnected().await;
    let bot = Bot::start(&records, &fake).await;
    fake.fault(Fault::new(Trouble::Status(503)).on("update_message").times(6));
    let edit = at_the_terminal(
        &bot.front,
        "terminal:cai",
        "edit S1\nsaid: 2024-03-04\nquote-language: en\ncorrection: The date was wrong.",
    );
    assert_eq!(edit.outcome, Outcome::Answered, "{edit:?}");
    let approved = decided(&bot.front, "terminal:rui", "approve C2");
    assert_eq!(approved.outcome, Outcome::Answered, "{approved:?}");
    for message in [typed.id, slash.id, posted.id] {
        let edited = fake.next_edit_of(message).await;
        assert!(edited.text.contains("The date was wrong."), "{}", edited.text);
    }
    // The bot is told to leave and comes back: nothing is edited twice.
    bot.stop().await;
    fake.disconnected().await;
    let bot = Bot::start(&records, &fake).await;
    at_the_terminal(&bot.front, "terminal:cai", "retract S1 The paper withdrew its report.");
    decided(&bot.front, "terminal:rui", "approve C3");
    fake.until("the second correction", |fake| (fake.message(posted.id).edits == 2).then_some(())).await;
    fake.until("the others", |fake| (fake.message(typed.id).edits + fake.message(slash.id).edits == 4).then_some(()))
        .await;
    assert_eq!(fake.message(other.id).edits, 0);
    assert!(fake.message(typed.id).text.contains("The paper withdrew its report."));
    assert_snapshot!(undated(fake.transcript(general), began));
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_watches_is_told_once() {
    let scene = Scene::new().await;
    let (fake, bot) = (&scene.fake, &scene.bot);
    let mia = fake.user("mia");
    let managers = fake.role(scene.guild, "managers", MANAGE_GUILD);
    fake.join(scene.guild, mia, &[managers]);
    let news = fake.text_channel(scene.guild, "news");
    fake.say(news, scene.alice, "!watch harbourton");
    fake.next_message_in(news).await;
    fake.say(news, mia, "!watch harbourton");
    fake.next_message_in(news).await;
    // Who moderates this one channel may have it told, and no other, and sets nothing else.
    let noa = fake.user("noa");
    fake.join(scene.guild, noa, &[]);
    fake.allow(news, Whom::Member(noa), MANAGE_MESSAGES);
    for (place, line, wanted) in [
        (scene.general, "!watch lena quist", "Only those who moderate this channel"),
        (news, "!settings prefix:?", "Only those who may manage this community"),
        (news, "!watch lena quist", "This channel will be told at once"),
        (news, "!unwatch lena quist", "1 watch ended"),
    ] {
        fake.say(place, noa, line);
        let answer = fake.next_message_in(place).await;
        assert!(answer.text.contains(wanted), "{line}: {}", answer.text);
    }
    let slash = fake.slash(news, noa, "watch", &[("name", "lena quist")]);
    assert!(fake.answer_to(slash).await.text.contains("This channel will be told at once"));
    fake.next_message_in(news).await;
    for (who, role) in [("terminal:cai", "contributor"), ("terminal:rui", "reviewer")] {
        at_the_terminal(&bot.front, ADMIN, &format!("role {who} {role}"));
    }
    let add = "add statement\nspeaker: Lena Quist\ntext: It was said that the cranes are idle.\nsource: D1\nabout: Harbourton";
    at_the_terminal(&bot.front, "terminal:cai", add);
    decided(&bot.front, "terminal:rui", "approve C2");
    let told = fake.next_message_in(news).await;
    assert!(told.text.contains("the cranes are idle"), "{}", told.text);
    fake.stays_silent_in(news, std::time::Duration::from_millis(700)).await;
    // What it was told is corrected there, too.
    at_the_terminal(&bot.front, "terminal:cai", "retract S10 The paper withdrew its report.");
    decided(&bot.front, "terminal:rui", "approve C3");
    let edited = fake.next_edit_of(told.id).await;
    assert!(edited.text.contains("The paper withdrew its report."), "{}", edited.text);
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_made_up_button_gives_no_right() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let (cleo, rosa) = desk(&scene).await;
    let edit = fake.slash(general, cleo, "edit", &[("id", "S1")]);
    let modal = fake.until("the form", |fake| fake.interaction(edit).modal).await;
    assert!(modal.to_string().contains("Nobody was told"), "{modal}");
    let sent = fake.submit_modal(edit, &[("said", "2024-03-04"), ("others", "quote: -")]);
    let handed_in = fake.answer_to(sent).await;
    assert!(handed_in.text.contains("C2"), "{}", handed_in.text);
    fake.say(general, rosa, "!review C2");
    let shown = fake.next_message_in(general).await;
    // The button stands in public; it works for reviewers, and not for the author, a reader or a bot.
    for user in [cleo, scene.alice] {
        let pressed = fake.press_label(shown.id, user, "Approve");
        let answer = fake.answer_to(pressed).await;
        assert_eq!(answer.audience, Some(user));
        assert!(!answer.text.contains("is approved"), "{}", answer.text);
    }
    // Nobody is asked for a reason who may not give one.
    let pressed = fake.press_label(shown.id, scene.alice, "Request changes");
    let answer = fake.answer_to(pressed).await;
    assert_eq!(answer.audience, Some(scene.alice));
    assert!(answer.text.contains("reviewer"), "{}", answer.text);
    assert!(fake.interaction(pressed).modal.is_none());
    // What needs a reason asks for it.
    let pressed = fake.press_label(shown.id, rosa, "Request changes");
    fake.until("the form", |fake| fake.interaction(pressed).modal).await;
    let sent = fake.submit_modal(pressed, &[("reason", "Which day is it?")]);
    assert!(fake.answer_to(sent).await.text.contains("C2"));
    let shown_again = fake.slash(general, rosa, "show", &[("id", "C2")]);
    assert!(fake.answer_to(shown_again).await.text.contains("Which day is it?"));
    // A role that was taken away between looking and pressing.
    at_the_terminal(&scene.bot.front, ADMIN, &format!("role discord:{rosa} reader"));
    let pressed = fake.press_label(shown.id, rosa, "Approve");
    let answer = fake.answer_to(pressed).await;
    assert!(answer.text.contains("reviewer"), "{}", answer.text);
    let queue = rendered(&at_the_terminal(&scene.bot.front, ADMIN, "queue"));
    assert!(queue.contains("C2"), "{queue}");
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_filled_in_question_by_question_in_a_direct_message() {
    let scene = Scene::new().await;
    let fake = &scene.fake;
    let (cleo, rosa) = desk(&scene).await;
    let direct = fake.dm(cleo);
    let mut said = Vec::new();
    for line in ["!add entity", "The Old Pier", "place", "!about port varis", "submit"] {
        fake.say(direct, cleo, line);
        said.push(fake.next_message_in(direct).await.text);
    }
    assert!(said[3].contains("Port Varis"), "a command is a command: {said:?}");
    let queue = rendered(&at_the_terminal(&scene.bot.front, ADMIN, "queue"));
    assert!(queue.contains("The Old Pier"), "{said:?}\n{queue}");
    // In a channel it takes the command.
    fake.say(scene.general, rosa, "!add entity");
    let asked = fake.next_message_in(scene.general).await;
    fake.say(scene.general, rosa, "The New Pier");
    fake.say(scene.general, rosa, "!answer The Newest Pier");
    let answered = fake.next_message_in(scene.general).await;
    assert_ne!(asked.text, answered.text);
    fake.say(scene.general, rosa, "!answer show");
    let shown = fake.next_message_in(scene.general).await.text;
    assert!(shown.contains("The Newest Pier") && !shown.contains("The New Pier"), "{shown}");
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_amended_is_not_decided_on_by_words_commands_buttons_or_forms() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let (_, rosa) = desk(&scene).await;
    let at = |line: &str| {
        let reply = at_the_terminal(&scene.bot.front, "terminal:cai", line);
        assert_eq!(reply.outcome, Outcome::Answered, "{reply:?}");
    };
    at_the_terminal(&scene.bot.front, ADMIN, "role terminal:cai contributor");
    at("add entity\nname: The Old Pier\nkind: place");
    let shown = fake.slash(general, rosa, "review", &[("id", "C2"), ("private", "true")]);
    let shown = fake.answer_to(shown).await;
    // The form for a reason is open while the author amends.
    let open = fake.press_label(shown.id, rosa, "Reject");
    let form = fake.until("the form", |fake| fake.interaction(open).modal).await;
    assert!(!form["title"].to_string().contains("seen"), "{form}");
    at("amend C2\ndescription: It is not old.");
    let mut said = Vec::new();
    let slash = fake.slash(general, rosa, "approve", &[("id", "C2"), ("private", "true")]);
    said.push(fake.answer_to(slash).await.text);
    let pressed = fake.press_label(shown.id, rosa, "Approve");
    said.push(fake.answer_to(pressed).await.text);
    let sent = fake.submit_modal(open, &[("reason", "Not so.")]);
    said.push(fake.answer_to(sent).await.text);
    fake.say(general, rosa, "!request-changes C2 Name the page.");
    said.push(fake.next_message_in(general).await.text);
    for said in said {
        assert!(said.contains("is not what you looked at any more"), "{said}");
    }
    let waits = rendered(&at_the_terminal(&scene.bot.front, "terminal:cai", "queue"));
    assert!(waits.contains("C2"), "{waits}");
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_blocked_from_another_platform_gets_no_answer_until_it_is_lifted() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let answered = |asked| {
        let messages = fake.messages(general);
        messages.iter().any(|message| message.author == fake.bot() && message.reference == Some(asked))
    };
    let as_admin = |line: String| {
        let reply = at_the_terminal(&scene.bot.front, ADMIN, &line);
        assert_eq!(reply.outcome, Outcome::Answered, "{reply:?}");
    };
    as_admin(format!("block discord:{} for 7d Floods.", scene.alice));
    let typed = fake.say(general, scene.alice, "!source harbourton");
    let slashed = fake.slash(general, scene.alice, "source", &[("question", "harbourton")]);
    // Others are heard; by then she would have been answered.
    scene.still_answers().await;
    assert!(!answered(typed), "a blocked person was answered");
    // Discord would say that the bot failed: it is acknowledged, and nothing is left of that.
    let original = fake.until("an acknowledgement", |fake| fake.interaction(slashed).original).await;
    fake.deletion_of(original).await;
    assert!(fake.message(original).content.is_empty() && fake.message(original).audience == Some(scene.alice));
    assert_eq!(fake.autocomplete(general, scene.alice, "source", &[], ("question", "harb")).await, []);
    as_admin(format!("unblock discord:{}", scene.alice));
    let again = fake.say(general, scene.alice, "!source harbourton");
    fake.until("an answer", |_| answered(again).then_some(())).await;
    // Of a blocked server nobody is heard.
    as_admin(format!("block discord:{}", scene.guild));
    let typed = fake.say(general, scene.alice, "!source port varis");
    // In private she is heard; by then she would have been answered in the server, too.
    let direct = fake.dm(scene.alice);
    fake.say(direct, scene.alice, "topics");
    fake.next_message_in(direct).await;
    as_admin(format!("unblock discord:{}", scene.guild));
    scene.still_answers().await;
    assert!(!answered(typed), "someone in a blocked server was answered");
    fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_a_role_or_is_blocked_is_picked_or_written() {
    let scene = Scene::new().await;
    let (fake, general) = (&scene.fake, scene.general);
    let (rosa, bob) = (fake.user("rosa"), fake.user("bob"));
    let moderators = fake.role(scene.guild, "moderators", MANAGE_MESSAGES);
    fake.join(scene.guild, rosa, &[moderators]);
    fake.join(scene.guild, bob, &[]);
    let made = at_the_terminal(&scene.bot.front, ADMIN, &format!("role discord:{rosa} admin"));
    assert_eq!(made.outcome, Outcome::Answered, "{made:?}");
    let bob_id = bob.to_string();
    let given = fake.slash(general, rosa, "role", &[("user", &bob_id), ("role", "contributor")]);
    let told = fake.answer_to(given).await;
    assert!(told.text.contains("contributor"), "{}", told.text);
    let seen = at_the_terminal(&scene.bot.front, ADMIN, &format!("role discord:{bob}"));
    assert!(rendered(&seen).contains("contributor"), "{seen:?}");
    let other = [("who", "matrix:@ana:example.org"), ("role", "contributor")];
    let given = fake.slash(general, rosa, "role", &other);
    assert!(fake.answer_to(given).await.text.contains("contributor"));
    let blocked = fake.slash(general, rosa, "block", &[("user", &bob_id), ("for", "7d"), ("reason", "Floods.")]);
    let told = fake.answer_to(blocked).await;
    let typed = fake.say(general, bob, "!version");
    scene.still_answers().await;
    let messages = fake.messages(general);
    assert!(!messages.iter().any(|message| message.reference == Some(typed)), "{}", told.text);
    // With neither it says what is missing.
    let nobody = fake.slash(general, rosa, "block", &[("reason", "Floods.")]);
    let told = fake.answer_to(nobody).await;
    assert!(told.text.contains("who"), "{}", told.text);
    fake.assert_clean();
}
