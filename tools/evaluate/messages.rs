//! The judged messages over the shipped entries, and those entries with a model: asked as people ask, through the desk, and
//! looked into candidate by candidate, for the fit.

use std::{
    collections::HashMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crate::{
    counting::{Message, MessageFile, Shown},
    evaluation::EvaluationError,
    judged::JudgedError,
    remark,
};
use onrecord::{
    app::{AttributionError, shipped_attribution},
    desk::{Desk, Invocation, Request},
    files::{FileError, MIB, read_text},
    import_export::{ImportError, import, shipped_pack},
    meaning::Embed,
    model::{Identity, Platform, StatementId},
    search::{Likeness, MeaningLikeness, MeaningProgress, Search, Snapshot, StatedFacts},
    store::Store,
};

/// How many candidates of a message are looked at.
const DEPTH: usize = 100;

/// How many entries an answer may have.
const PAGE: usize = 5;

/// The largest file of messages, in bytes. The limit is ours.
const MOST_BYTES: u64 = 16 * MIB;

/// An entry that a message may be meant for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// What of the message was found in it.
    pub likeness: Likeness,
    /// How near it comes by meaning.
    pub meaning: MeaningLikeness,
    /// Whether it answers the message.
    pub right: bool,
    /// Whether it states other numbers, years or places: then it is near at most, however likely.
    pub contradicted: bool,
}

/// A message with its candidates.
#[derive(Debug, Clone)]
pub struct Looked {
    /// Its kind.
    pub kind: String,
    /// Whether anything on record answers it.
    pub answerable: bool,
    /// Whether it claims anything.
    pub claims: bool,
    /// What it may be meant for.
    pub candidates: Vec<Candidate>,
}

/// Reads the judged messages of a folder.
///
/// # Errors
/// When a file is missing or not what it should be.
pub fn read(folder: &Path) -> Result<Vec<Message>, JudgedError> {
    let mut messages = Vec::new();
    for name in ["messages.toml", "nothing.toml"] {
        let file: PathBuf = folder.join(name);
        let failed = |source: FileError| JudgedError::File { file: file.clone(), source };
        let text = read_text(&file, MOST_BYTES).map_err(failed)?;
        let read: MessageFile = toml::from_str(&text)
            .map_err(|error| JudgedError::Messages { file: file.clone(), message: error.to_string() })?;
        messages.extend(read.message);
    }
    Ok(messages)
}

/// The shipped entries with a model.
pub struct Shipped {
    store: Arc<Store>,
    search: Arc<Search>,
    desk: Desk,
    asker: Identity,
}

/// Has messages found by meaning, too. All vectors are made before anything is asked.
///
/// # Errors
/// When the model fails or the database can't be read.
pub fn with_model(search: &Search, store: &Store, model: Arc<dyn Embed>) -> Result<(), EvaluationError> {
    search.use_model(model, store)?;
    let mut told = 0;
    search.follow_meaning(store, &mut |MeaningProgress { embedded, .. }| {
        if embedded >= told + 1_000 {
            told = embedded;
            remark(&format!("{embedded} texts placed by the model"));
        }
        ControlFlow::Continue(())
    })?;
    Ok(())
}

impl Shipped {
    /// Takes the shipped entries into the database in this folder (a second time nothing changes).
    ///
    /// # Errors
    /// When they can't be taken in or indexed, or the model fails.
    pub fn open(folder: &Path, model: Arc<dyn Embed>) -> Result<Self, EvaluationError> {
        let store = Arc::new(Store::open(&folder.join("shipped.db"))?);
        let pack = shipped_pack().map_err(ImportError::Pack)?;
        import(&store, &pack, shipped_attribution()?)?;
        let search = Arc::new(Search::open(&folder.join("shipped.db.index"), &store)?);
        with_model(&search, &store, model)?;
        let desk = Desk::new(Arc::clone(&store), Arc::clone(&search));
        // What is found is measured, however slow the machine is.
        desk.allow(Duration::from_secs(60));
        let asker = Identity::new(Platform::Terminal, "evaluation").map_err(AttributionError::from)?;
        Ok(Self { store, search, desk, asker })
    }

    /// What someone is shown who checks a message in private.
    #[must_use]
    pub fn ask(&self, message: &Message) -> Shown {
        Shown::of(&self.desk.answer(&Request {
            actor: self.asker.clone(),
            conversation: "terminal:evaluation".to_owned(),
            invocation: Invocation::Text(format!("check {}", message.text)),
            origin: None,
            page_size: PAGE,
        }))
    }

    /// The candidates of each message.
    ///
    /// # Errors
    /// When the index or the database can't be read.
    pub fn look(&self, messages: &[&Message]) -> Result<Vec<Looked>, EvaluationError> {
        let snapshot = self.search.snapshot();
        let mut known: HashMap<StatementId, Entry> = HashMap::new();
        let mut looked = Vec::with_capacity(messages.len());
        for message in messages {
            let found = snapshot.candidates(&message.text, DEPTH)?;
            let facts = snapshot.facts_of_message(&message.text);
            let mut candidates = Vec::with_capacity(found.len());
            for checked in &found {
                if !known.contains_key(&checked.statement) {
                    known.extend(self.entry(&snapshot, checked.statement)?.map(|entry| (checked.statement, entry)));
                }
                let Some(entry) = known.get(&checked.statement) else { continue };
                candidates.push(Candidate {
                    likeness: checked.likeness,
                    meaning: checked.meaning.unwrap_or_default(),
                    right: message.right.iter().any(|right| entry.keys.contains(right)),
                    contradicted: facts.contradict(&entry.facts),
                });
            }
            looked.push(Looked {
                kind: message.kind.clone(),
                answerable: !message.right.is_empty(),
                // The decision gives what claims nothing a likelihood of exactly 0.
                claims: found.first().is_some_and(|first| first.likelihood > 0.0),
                candidates,
            });
        }
        Ok(looked)
    }

    fn entry(&self, snapshot: &Snapshot, statement: StatementId) -> Result<Option<Entry>, EvaluationError> {
        let entry = self.store.reader()?.without_deadline().entry(statement)?;
        Ok(entry.map(|entry| {
            let responses = entry.responses.iter().map(|response| response.response.key.to_string());
            let keys = std::iter::once(entry.statement.key.to_string()).chain(responses).collect();
            Entry { keys, facts: snapshot.facts_of_entry(&entry) }
        }))
    }
}

/// An entry as messages are held against it.
struct Entry {
    /// The keys of the statement and of the responses to it.
    keys: Vec<String>,
    /// What it states.
    facts: StatedFacts,
}
