//! The whole life of an entry, by three people on two platforms: alice asks on Discord, cai writes at the terminal,
//! rosa reviews on Discord.

use insta::assert_snapshot;
use jiff::Timestamp;
use onrecord::{
    chat::terminal::{Settings, Surface, render},
    desk::worker_pool::DeskHandle,
    reply::Outcome,
};

use crate::{
    editorial::undated,
    records::{ADMIN, at_the_terminal},
    support::{Bot, Scene},
};

/// What cai said at the terminal, and what was answered.
#[derive(Default)]
struct Terminal(String);

impl Terminal {
    fn say(&mut self, front: &DeskHandle, line: &str) {
        let reply = at_the_terminal(front, "terminal:cai", line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
        let settings = Settings {
            width: 96,
            colour: false,
            hyperlinks: false,
            unicode: true,
            terminal: false,
            place: Surface::Console,
            prefix: "!".to_owned(),
        };
        self.0.push_str(&format!("cai> {}\n{}\n\n", line.replace('\n', "\n     "), render(&reply, &settings)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_lives_from_suggestion_to_retraction_among_three_people_on_two_platforms() {
    let began = Timestamp::now();
    let Scene { fake, records, bot, guild, general, alice } = Scene::new().await;
    let rosa = fake.user("rosa");
    fake.join(guild, rosa, &[]);
    for (who, role) in [(format!("discord:{rosa}"), "reviewer"), ("terminal:cai".to_owned(), "contributor")] {
        at_the_terminal(&bot.front, ADMIN, &format!("role {who} {role}"));
    }
    let mut cai = Terminal::default();

    fake.say(general, alice, "!suggest https://news.example.org/2024/06/01/cranes The board speaks of the cranes.");
    fake.next_message_in(general).await;
    cai.say(&bot.front, "queue");
    cai.say(
        &bot.front,
        "add statement\nspeaker: Harbour Board\ntext: It was said that the cranes of Harbourton are idle.\n\
         source: https://news.example.org/2024/06/01/cranes\nabout: Harbourton\nsuggestion: 1\n\
         + source\nurl: https://news.example.org/2024/06/01/cranes\npublisher: Example News\n\
         title: Cranes of Harbourton idle\nlanguage: en\npublished: 2024-06-01",
    );

    fake.say(general, rosa, "!review C2");
    let review = fake.next_message_in(general).await;
    let pressed = fake.press_label(review.id, rosa, "Request changes");
    fake.until("the form for the reason", |fake| fake.interaction(pressed).modal).await;
    let sent = fake.submit_modal(pressed, &[("reason", "Since when?")]);
    fake.answer_to(sent).await;
    cai.say(
        &bot.front,
        "amend C2\ntext: It was said that the cranes of Harbourton are idle since May.\nsaid: 2024-06-01",
    );
    // The button under the old view approves nothing that wasn't seen.
    let pressed = fake.press_label(review.id, rosa, "Approve");
    fake.answer_to(pressed).await;
    fake.say(general, rosa, "!review C2");
    let review = fake.next_message_in(general).await;
    let pressed = fake.press_label(review.id, rosa, "Approve");
    fake.answer_to(pressed).await;

    fake.say(general, alice, "!source cranes");
    let shown = fake.next_message_in(general).await;
    // What was answered is written down in batches; the bot leaves when it is done.
    bot.stop().await;
    fake.disconnected().await;
    let bot = Bot::start(&records, &fake).await;
    cai.say(
        &bot.front,
        "edit S10\ntext: It was said that the cranes of Harbourton are idle since April.\n\
         correction: The month was wrong.",
    );
    fake.say(general, rosa, "!review C3");
    fake.next_message_in(general).await;
    fake.say(general, rosa, "!approve C3 Read it again.");
    fake.next_message_in(general).await;
    let edited = fake.next_edit_of(shown.id).await;
    assert!(edited.text.contains("The month was wrong."), "{}", edited.text);
    cai.say(&bot.front, "retract S10 The paper withdrew its report.");
    fake.say(general, rosa, "!review C4");
    fake.next_message_in(general).await;
    fake.say(general, rosa, "!approve C4");
    fake.next_message_in(general).await;
    let edited = fake.next_edit_of(shown.id).await;
    assert!(edited.text.contains("The paper withdrew its report."), "{}", edited.text);
    fake.say(general, alice, "!history S10");
    fake.next_message_in(general).await;
    cai.say(&bot.front, "show S10");

    let there = undated(fake.transcript(general), began);
    let cai = cai.0.replace(&alice.to_string(), "alice").replace(&rosa.to_string(), "rosa");
    assert_snapshot!(format!("On Discord\n\n{there}\nAt the terminal\n\n{}", undated(cai, began).trim_end()));
    fake.assert_clean();
}
