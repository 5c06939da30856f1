//! Judged messages, and how they were answered: counted by part, kind and language. The tool counts so, and the test that
//! holds the figures.

use std::{collections::BTreeMap, fmt::Write};

use onrecord::reply::{
    Reply,
    json::{JsonRecord, JsonVerdict},
};
use serde::Deserialize;

/// Which part of the messages one is in: nothing is ever chosen by those for testing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// For fitting.
    Fit,
    /// For testing alone.
    Test,
}

/// A file of judged messages; its head says what each field means.
#[derive(Debug, Deserialize)]
pub struct MessageFile {
    /// The messages.
    pub message: Vec<Message>,
}

/// A judged message.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// What is posted.
    pub text: String,
    language: String,
    /// Its kind.
    pub kind: String,
    /// The keys of what answers it.
    #[serde(default)]
    pub right: Vec<String>,
    /// The keys of what may be shown as near where nothing answers it.
    #[serde(default)]
    near: Vec<String>,
    /// The part that it is in.
    pub part: Part,
}

/// What a message was answered with.
#[derive(Debug, Default)]
pub struct Shown {
    matched: Vec<String>,
    near: Vec<String>,
}

impl Shown {
    /// The keys of the statements of an answer and of the responses to them: a response counts as found under any
    /// statement that it answers.
    pub fn of(reply: &Reply) -> Self {
        let mut shown = Self::default();
        for record in &reply.records {
            let JsonRecord::Statement(statement) = record else { continue };
            let is_near = statement.checked.is_some_and(|checked| checked.verdict == JsonVerdict::Near);
            let keys = if is_near { &mut shown.near } else { &mut shown.matched };
            keys.push(statement.key.to_string());
            keys.extend(statement.responses.iter().map(|response| response.key.to_string()));
        }
        shown
    }
}

#[derive(Default)]
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
        let right = !message.right.is_empty() && has(&shown.matched);
        self.all += 1;
        self.matched_right += usize::from(right);
        self.matched_wrong += usize::from(!shown.matched.is_empty() && !right);
        self.shown += usize::from(has(&shown.matched) || has(&shown.near));
        self.near += usize::from(!shown.near.is_empty());
    }
}

/// How the messages were answered, as a table.
pub fn table(messages: &[Message], shown: &[Shown]) -> String {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for (message, shown) in messages.iter().zip(shown) {
        let part = if message.part == Part::Fit { "fit" } else { "test" };
        let mut add = |of: &str| counts.entry(format!("{part}: {of}")).or_default().add(message, shown);
        add(&message.kind);
        if !message.right.is_empty() {
            add("all that entries answer");
            add(&format!("in {}", message.language));
        }
    }
    let mut table = format!("{:<30}  all  matched right  matched wrong  shown  any near\n", "");
    for (of, Count { all, matched_right, matched_wrong, shown, near }) in counts {
        // A text takes all that is written to it.
        let _ = writeln!(table, "{of:<30}{all:>5}{matched_right:>15}{matched_wrong:>15}{shown:>7}{near:>10}");
    }
    table
}
