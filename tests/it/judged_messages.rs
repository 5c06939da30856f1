//! The judged messages over the shipped entries (`tests/fixtures/judged/{messages,nothing}.toml`), checked with the model:
//! what is shown as a match, what as near, and what wrongly. The figures are committed; no message of the test part is
//! ever listed.

use std::{
    ops::ControlFlow,
    sync::{Arc, LazyLock},
    thread,
    time::Duration,
};

use onrecord::{
    desk::{ChatOrigin, Request, SeenBy},
    layout::plain_text,
    meaning::LocalModel,
    reply::{Offered, Outcome},
};

use super::{
    counting::{Message, MessageFile, Shown, table},
    model,
    support::{World, request},
};

/// The shipped entries with the model, and all vectors made. What is found is measured here, not how fast: the model isn't
/// compiled for speed, and other tests run beside it.
static WITH_MODEL: LazyLock<World> = LazyLock::new(|| {
    let world = World::shipped();
    world.app.desk.allow(Duration::from_secs(60));
    let model = LocalModel::open(&model::fetched()).unwrap();
    world.app.search.use_model(Arc::new(model), &world.app.store).unwrap();
    world.app.search.follow_meaning(&world.app.store, &mut |_| ControlFlow::Continue(())).unwrap();
    world
});

#[test]
fn judged_messages_reach_their_entries_as_often_as_before() {
    let world = &*WITH_MODEL;
    let read = |file: &str| {
        let text = std::fs::read_to_string(format!("tests/fixtures/judged/{file}.toml")).unwrap();
        toml::from_str::<MessageFile>(&text).unwrap().message
    };
    let messages: Vec<Message> = ["messages", "nothing"].into_iter().flat_map(read).collect();
    let ask = |message: &Message| {
        let line = format!("check {}", message.text);
        Shown::of(&world.app.desk.answer(&Request { page_size: 5, ..request(&line) }))
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let ask = &ask;
    let shown: Vec<Shown> = thread::scope(|scope| {
        let shares = messages.chunks(messages.len().div_ceil(threads));
        let at_work: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(ask).collect::<Vec<_>>())).collect();
        at_work.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    insta::assert_snapshot!(table(&messages, &shown));
}

#[test]
fn small_talk_is_no_claim_with_a_model_either() {
    for message in include_str!("../fixtures/cases/small-talk.txt").lines() {
        let reply = WITH_MODEL.ask(&format!("check {message}"));
        assert_ne!(reply.outcome, Outcome::Answered, "{message}");
    }
}

/// In a channel a list of what is no match would only fill the room.
#[test]
fn what_comes_near_is_shown_to_whoever_asks_alone() {
    let near = "in sydney haben sie 2019 vier polizeistationen eröffnet";
    let asked = |community: Option<&str>, seen_by| {
        let origin = ChatOrigin {
            community: community.map(str::to_owned),
            channel: "2".to_owned(),
            parent: None,
            may_manage_community: false,
            may_moderate_channel: false,
            seen_by,
        };
        let line = format!("check {near}");
        WITH_MODEL.app.desk.answer(&Request { origin: Some(origin), ..request(&line) })
    };
    for reply in [
        WITH_MODEL.ask(&format!("check {near}")),
        asked(None, SeenBy::Everyone),
        asked(Some("discord:1"), SeenBy::AskerAlone),
    ] {
        let text = plain_text(&reply, "!");
        assert!(text.starts_with("No entry says this. The nearest on record:"), "{text}");
        assert!(!reply.records.is_empty() && text.contains("no matches"), "{text}");
    }
    let reply = asked(Some("discord:1"), SeenBy::Everyone);
    let text = plain_text(&reply, "!");
    assert!(text.starts_with("No vetted entry matches this message."), "{text}");
    assert!(reply.records.is_empty() && !text.contains("The nearest"), "{text}");
    // The answer to a button is for the one who pressed it.
    let button = reply.actions.iter().find(|action| action.offered == Offered::AsButton).unwrap();
    assert_eq!((button.ask.command(), button.ask.value("message")), ("check", Some(near)));
}
