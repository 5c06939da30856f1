//! The judged messages over the shipped entries (`tests/fixtures/judged/{messages,nothing}.toml`), checked with the model:
//! what is shown as a match, what as near, and what wrongly. The figures are committed; no message of the test part is
//! ever listed.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::Arc,
    thread,
    time::Duration,
};

use onrecord::{
    desk::Request,
    meaning::LocalModel,
    reply::{Reply, json::JsonRecord, json::JsonVerdict},
};
use serde::Deserialize;

use super::{
    model,
    support::{World, request},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Fit,
    Test,
}

#[derive(Debug, Deserialize)]
struct File {
    message: Vec<Message>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    #[serde(rename = "id")]
    _id: String,
    text: String,
    language: String,
    kind: String,
    #[serde(default)]
    right: Vec<String>,
    #[serde(default)]
    near: Vec<String>,
    part: Part,
}

/// What a message was answered with.
#[derive(Debug, Default)]
struct Shown {
    matched: Vec<String>,
    near: Vec<String>,
}

/// The keys of a statement and of the responses to it: a response counts as found under any statement that it answers.
fn keys(reply: &Reply) -> Shown {
    let mut shown = Shown::default();
    for record in &reply.records {
        let JsonRecord::Statement(statement) = record else { continue };
        let is_near = statement.checked.is_some_and(|checked| checked.verdict == JsonVerdict::Near);
        let keys = if is_near { &mut shown.near } else { &mut shown.matched };
        keys.push(statement.key.to_string());
        keys.extend(statement.responses.iter().map(|response| response.key.to_string()));
    }
    shown
}

#[derive(Debug, Default)]
struct Count {
    all: usize,
    matched_right: usize,
    matched_wrong: usize,
    shown: usize,
    near: usize,
}

impl Count {
    fn add(&mut self, message: &Message, shown: &Shown) {
        let wanted = if message.right.is_empty() { &message.near } else { &message.right };
        let has = |keys: &[String]| wanted.iter().any(|key| keys.contains(key));
        self.all += 1;
        let right = !message.right.is_empty() && has(&shown.matched);
        self.matched_right += usize::from(right);
        self.matched_wrong += usize::from(!shown.matched.is_empty() && !right);
        self.shown += usize::from(has(&shown.matched) || has(&shown.near));
        self.near += usize::from(!shown.near.is_empty());
    }
}

#[test]
fn judged_messages_reach_their_entries_as_often_as_before() {
    let world = World::shipped();
    // What is found is measured here, not how fast: the model isn't compiled for speed, and other tests run beside it.
    world.app.desk.allow(Duration::from_secs(60));
    let model = LocalModel::open(&model::fetched()).unwrap();
    world.app.search.use_model(Arc::new(model), &world.app.store).unwrap();
    world.app.search.follow_meaning(&world.app.store, &mut |_| ControlFlow::Continue(())).unwrap();
    let read = |file: &str| {
        let text = std::fs::read_to_string(format!("tests/fixtures/judged/{file}.toml")).unwrap();
        toml::from_str::<File>(&text).unwrap().message
    };
    let messages: Vec<Message> = ["messages", "nothing"].into_iter().flat_map(read).collect();
    let ask = |message: &Message| {
        let line = format!("check {}", message.text);
        keys(&world.app.desk.answer(&Request { page_size: 5, ..request(&line) }))
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let ask = &ask;
    let shown: Vec<Shown> = thread::scope(|scope| {
        let shares = messages.chunks(messages.len().div_ceil(threads));
        let at_work: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(ask).collect::<Vec<_>>())).collect();
        at_work.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    let mut counts: BTreeMap<(Part, String), Count> = BTreeMap::new();
    for (message, shown) in messages.iter().zip(&shown) {
        let whole = if message.right.is_empty() { None } else { Some("all that entries answer".to_owned()) };
        let of_language = (!message.right.is_empty()).then(|| format!("in {}", message.language));
        for of in [Some(message.kind.clone()), whole, of_language].into_iter().flatten() {
            counts.entry((message.part, of)).or_default().add(message, shown);
        }
    }
    let head = format!(
        "{:<30}{:>5}{:>15}{:>15}{:>7}{:>10}\n",
        "", "all", "matched right", "matched wrong", "shown", "any near"
    );
    let rows = counts.into_iter().map(|((part, of), count)| {
        let Count { all, matched_right, matched_wrong, shown, near } = count;
        format!(
            "{:<30}{all:>5}{matched_right:>15}{matched_wrong:>15}{shown:>7}{near:>10}\n",
            format!("{part:?}: {of}").to_lowercase()
        )
    });
    let figures: BTreeSet<String> = rows.collect();
    insta::assert_snapshot!(format!("{head}{}", Vec::from_iter(figures).concat()));
}
