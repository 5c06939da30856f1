//! Judged messages, searched through the product's own import and ranking.

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use onrecord::{
    app::AttributionError,
    files::TargetError,
    import_export::ImportError,
    meaning::{Embed, MeaningError},
    model::StatementId,
    search::{Checked, FollowError, Likeness, Search, SearchError},
    store::{Failure, OpenError, Store, StoreError},
};

use crate::{
    corpus,
    judged::{JudgedData, JudgedError, JudgedSet, Query},
    messages::with_model,
};

/// How many ranked statements of a query are kept: what a run file holds.
pub const DEPTH: usize = 100;

/// Why an evaluation can't be made.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The judged data can't be used.
    #[error(transparent)]
    Judged(#[from] JudgedError),
    /// The documents can't be made into records.
    #[error("the documents can't be taken in:\n{0}")]
    Import(#[from] ImportError),
    /// The database can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// An entry can't be read.
    #[error(transparent)]
    Entry(#[from] Failure),
    /// The model can't be opened.
    #[error(transparent)]
    Model(#[from] MeaningError),
    /// The vectors can't be made.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The shipped entries can't be attributed.
    #[error(transparent)]
    Attribution(#[from] AttributionError),
    /// A file that was named is not written.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// What was to be printed can't be, or the temporary folder can't be made.
    #[error("the output can't be written: {0}")]
    Output(#[from] io::Error),
}

impl EvaluationError {
    /// What the process ends with: 2 where something was asked for that can't be, as for misused options, 3 where
    /// something failed.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Judged(_)
            | Self::Target(TargetError::Guarded { .. } | TargetError::Exists(_) | TargetError::NoFile { .. }) => 2,
            Self::Import(_)
            | Self::Open(_)
            | Self::Store(_)
            | Self::Search(_)
            | Self::Entry(_)
            | Self::Model(_)
            | Self::Follow(_)
            | Self::Attribution(_)
            | Self::Target(TargetError::Write { .. })
            | Self::Output(_) => 3,
        }
    }
}

/// A database and an index that hold the documents.
#[derive(Debug)]
pub struct Prepared {
    search: Search,
    /// For each statement's number the place of its document in the data.
    documents: HashMap<StatementId, usize>,
    /// How many texts were longer than a record's line may be and were cut.
    pub cut: usize,
    /// How long the index took to build and open.
    pub indexed_in: Duration,
}

/// A document found for a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its id.
    pub document: String,
    /// What of the query was found in it.
    pub likeness: Likeness,
    /// How likely it was said to be that the query repeats or speaks of it.
    pub likelihood: f64,
}

/// One query with what was found for it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The query's id.
    pub query: String,
    /// What was found, the best first, at most [`DEPTH`].
    pub found: Vec<Found>,
    /// Whether each of them is relevant.
    pub relevant: Vec<bool>,
    /// How many documents are relevant to it in all.
    pub relevant_in_all: usize,
    /// How long it took.
    pub took: Duration,
}

/// What came of one set of queries.
#[derive(Debug, Clone)]
pub struct SetResult {
    /// The set's name.
    pub name: String,
    /// Each query, in order of the file.
    pub asked: Vec<Asked>,
}

/// Takes the documents in as reviewed records into the database at `folder` (a second time nothing
/// changes) and indexes them; with a model, all vectors are made, too, and kept there.
///
/// # Errors
/// When they can't be taken in or indexed.
pub fn prepare(data: &JudgedData, folder: &Path, model: Option<Arc<dyn Embed>>) -> Result<Prepared, EvaluationError> {
    let store = Store::open(&folder.join("judged.db"))?;
    let cut = corpus::take_in(&store, &data.documents)?;
    let started = Instant::now();
    let search = Search::open(&folder.join("judged.db.index"), &store)?;
    let indexed_in = started.elapsed();
    if let Some(model) = model {
        with_model(&search, &store, model)?;
    }
    let documents = corpus::numbers(&store, data.documents.len())?;
    Ok(Prepared { search, documents, cut, indexed_in })
}

/// Asks every query of a set.
///
/// # Errors
/// When the index can't be read.
pub fn ask(prepared: &Prepared, data: &JudgedData, set: &JudgedSet) -> Result<SetResult, EvaluationError> {
    let snapshot = prepared.search.snapshot();
    let mut asked = Vec::with_capacity(set.queries.len());
    for query in &set.queries {
        let started = Instant::now();
        let ranked = snapshot.candidates(&query.text, DEPTH)?;
        let took = started.elapsed();
        asked.push(answered(prepared, data, query, &ranked, took));
    }
    Ok(SetResult { name: set.name.clone(), asked })
}

fn answered(prepared: &Prepared, data: &JudgedData, query: &Query, ranked: &[Checked], took: Duration) -> Asked {
    let found: Vec<Found> = ranked
        .iter()
        .filter_map(|checked| {
            let document = data.documents.get(*prepared.documents.get(&checked.statement)?)?.id.clone();
            Some(Found { document, likeness: checked.likeness, likelihood: checked.likelihood })
        })
        .collect();
    let relevant = found.iter().map(|found| query.relevant.contains(&found.document)).collect();
    Asked { query: query.id.clone(), found, relevant, relevant_in_all: query.relevant.len(), took }
}
