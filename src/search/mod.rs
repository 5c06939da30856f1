//! Search: turns words into entities and ranks statements.
//!
//! Everything here is derived from the store and follows its history: it can be thrown away and
//! built anew. It knows no SQL and no chat.

use crate::model::{EntityId, Sequence};
mod addresses;
mod arabic;
mod asked;
mod beyond;
mod british;
mod centrality;
mod check;
mod checked;
mod clean;
mod columns;
mod company;
mod content;
mod dates;
mod decision;
mod effort;
mod either;
mod emphasis;
mod entry_facts;
mod evidence;
mod facts;
mod fields;
mod find;
mod fitted;
mod fitted_meaning;
mod folder;
mod folding;
mod generation;
mod grams;
mod han;
mod index;
mod inflected;
mod keeper;
mod languages;
mod left_out;
mod likeness;
mod link_bounds;
mod links;
mod marks;
mod meant;
mod merging;
mod named_in;
mod names;
mod off_record;
mod places;
mod question;
mod quotes;
mod quoting;
mod rank;
mod remarks;
mod seen;
mod segments;
mod similar;
mod small_talk;
mod speaking;
mod spellings;
mod stems;
mod titles;
mod understand;
mod understanding;
mod word;
mod words;

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use tantivy::Searcher;

pub use addresses::SourceAt;
#[cfg(test)]
pub(crate) use asked::MOST_BYTES;
pub use beyond::Beyond;
pub use checked::{Checked, MatchVerdict, THRESHOLD};
pub use facts::StatedFacts;
pub use find::Found;
pub use folder::FolderError;
pub use keeper::MeaningKeeper;
pub(crate) use languages::is_small_word;
pub use links::{Link, Links, host_meant};
pub(crate) use marks::{Handles, without_marks};
pub use meant::{FollowError, MeaningProgress, MeaningStanding};
pub use names::{NamedEntity, Names};
pub use question::{Filter, FilterField, QueryPart, Question, TimeSaid};
#[cfg(test)]
pub(crate) use quotes::tests::looked_at;
pub(crate) use quotes::{Quotes, in_quotes, opens_a_quotation, quoted};
pub(crate) use quoting::quotes_a_message;
pub use rank::MatchCounts;
pub(crate) use remarks::speaks_of_another;
pub use similar::{Wording, shared_words, telling_words};
pub use small_talk::SmallTalk;
pub(crate) use small_talk::small_talk;
pub use understanding::{
    Elsewhere, MOST_CONDITIONS, MOST_WORDS, Named, Relation, Several, Sought, Understanding, UnlistedPlace, UnreadWord,
};
pub(crate) use words::fold;
// For `tools/evaluate`, which measures the constants and fits them anew.
pub use {
    evidence::{Evidence, MeaningWeights},
    fitted::{FITTED, WEIGHTS},
    fitted_meaning::{MEANING_FITTED, MEANING_WEIGHTS},
    likeness::{Likeness, MeaningLikeness, Weights},
};

use crate::{
    meaning::Embed,
    store::{Failure, Store},
};
use addresses::AddressBook;
use columns::Columns;
use fields::Fields;
use folder::Folder;
use generation::View;
use index::TextIndex;
use meant::Meanings;

/// Why search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index can't be read or written.
    #[error("the index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// Another process writes the index. What it holds here is sound, and older.
    #[error("another process is writing the search index")]
    Busy,
    /// The index can't be written. What it holds is sound, and older.
    #[error("the search index can't be written: {0}")]
    Unwritable(std::io::Error),
    /// The index is damaged or another database's, and can't be built anew.
    #[error("the search index can't be used, and can't be built anew: {0}")]
    Unusable(String),
    /// What was purged may still stand in files of earlier indexes.
    #[error("not all of the earlier files in {} could be removed", .0.display())]
    Lingers(PathBuf),
    /// The folder can't be the index's.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The names can't be indexed.
    #[error("the names can't be indexed: {0}")]
    Names(String),
    /// A question took longer than it may.
    #[error("the question takes too long; narrow it")]
    Deadline,
    /// The store can't be read.
    #[error(transparent)]
    Store(#[from] Failure),
}

/// The index and the names, kept in step with the store.
#[derive(Debug)]
pub struct Search {
    index: TextIndex,
    names: RwLock<NamesAt>,
    addresses: Arc<AddressBook>,
    meanings: RwLock<Option<Arc<Meanings>>>,
}

/// The names as they were at a place in the history.
#[derive(Debug)]
struct NamesAt {
    names: Arc<Names>,
    sequence: Sequence,
}

impl NamesAt {
    fn read(store: &Store) -> Result<Self, SearchError> {
        let records = store.reader()?.without_deadline();
        Ok(Self { names: Arc::new(Names::build(records.entity_names()?)?), sequence: records.latest_sequence()? })
    }

    /// The names at the end of the history; `None` if these are. They are built anew only where they may
    /// be others: with a hundred thousand statements that takes longer than the text index.
    fn caught_up(&self, store: &Store) -> Result<Option<Self>, SearchError> {
        let records = store.reader()?.without_deadline();
        let latest = records.latest_sequence()?;
        if self.sequence >= latest {
            return Ok(None);
        }
        let named = records.entities_newly_named_after(self.sequence)?;
        drop(records);
        let only_published = |id: &EntityId| self.names.entity(*id).is_none_or(|entity| entity.only_publishes);
        if named.is_none_or(|named| named.iter().any(only_published)) {
            return Self::read(store).map(Some);
        }
        Ok(Some(Self { names: Arc::clone(&self.names), sequence: latest }))
    }
}

impl Search {
    /// Opens the index in `folder`, builds it where there is none or none that can be used, and
    /// brings it to the end of the history.
    ///
    /// # Errors
    /// When the store can't be read or the index can't be built.
    pub fn open(folder: &Path, store: &Store) -> Result<Self, SearchError> {
        let index = TextIndex::open(folder, store)?;
        Ok(Self {
            index,
            names: RwLock::new(NamesAt::read(store)?),
            addresses: Arc::default(),
            meanings: RwLock::default(),
        })
    }

    /// Brings index and names to the end of the history. To be called after every approval. After a purge the index is
    /// built anew and all that there was is removed, also what other processes read from, so that nothing of what was
    /// purged stands in its files.
    ///
    /// # Errors
    /// As [`Search::open`]; [`SearchError::Busy`] while another process writes the index, [`SearchError::Unwritable`]
    /// where it can't be written.
    pub fn catch_up(&self, store: &Store) -> Result<(), SearchError> {
        self.index.catch_up(store)?;
        let known = {
            let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
            NamesAt { names: Arc::clone(&names.names), sequence: names.sequence }
        };
        if let Some(names) = known.caught_up(store)? {
            *self.names.write().unwrap_or_else(PoisonError::into_inner) = names;
        }
        Ok(())
    }

    /// The place in the history that search was last brought to.
    #[must_use]
    pub fn reached(&self) -> Sequence {
        self.index.reached()
    }

    /// Builds the index anew. Answers come from the old one until it is done, and in other processes until they are
    /// asked again.
    ///
    /// # Errors
    /// As [`Search::open`]; [`SearchError::Busy`] where another process writes the index for minutes.
    pub fn rebuild(&self, store: &Store) -> Result<(), SearchError> {
        self.index.rebuild(store)
    }

    /// That a folder can be that of the index of the database at `database`. To be asked before anything is written
    /// that the index is to follow. Changes nothing.
    ///
    /// # Errors
    /// [`SearchError::Folder`] when it can't: something else lies in it.
    pub fn check_folder(folder: &Path, database: &Path) -> Result<(), SearchError> {
        Ok(Folder::check(folder, database)?)
    }

    /// Has messages found by meaning, too, as soon as vectors are there: they are made by [`Search::follow_meaning`] and
    /// lie in a file beside the index. A file that can't be used is made anew, one that can't be written is done without.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn use_model(&self, model: Arc<dyn Embed>, store: &Store) -> Result<(), SearchError> {
        let purged = store.reader()?.purged()?;
        let file = self.index.folder().with_added_extension("vectors");
        let meanings = Meanings::open(model, &file, purged);
        *self.meanings.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(meanings));
        Ok(())
    }

    /// Brings the vectors to the end of the history, which may take minutes at first; answers go on meanwhile, with what is
    /// there. `told` hears how far it is, and may end it; what was made until then stays.
    ///
    /// # Errors
    /// When the store can't be read or the model fails.
    pub fn follow_meaning(
        &self,
        store: &Store,
        told: &mut dyn FnMut(MeaningProgress) -> ControlFlow<()>,
    ) -> Result<(), FollowError> {
        self.meanings().map_or(Ok(()), |meanings| meanings.follow(store, told))
    }

    fn meanings(&self) -> Option<Arc<Meanings>> {
        self.meanings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What search knows now; it stays so while an answer is made.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let View { searcher, columns } = self.index.view();
        Snapshot {
            names: Arc::clone(&self.names.read().unwrap_or_else(PoisonError::into_inner).names),
            addresses: Arc::clone(&self.addresses),
            meanings: self.meanings(),
            searcher,
            columns,
            fields: self.index.fields.clone(),
            due: None,
        }
    }
}

/// What search knew when the snapshot was taken.
pub struct Snapshot {
    names: Arc<Names>,
    /// Not of one moment: it is brought to where the reader is that it is asked with.
    addresses: Arc<AddressBook>,
    meanings: Option<Arc<Meanings>>,
    searcher: Searcher,
    columns: Columns,
    fields: Fields,
    /// When what is sought must be found; `None`: at some time.
    due: Option<Instant>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl Snapshot {
    /// The same for questions that have so much time from now on: then they fail with [`SearchError::Deadline`].
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { due: Some(Instant::now() + time), ..self }
    }

    /// Fails once the time is over.
    fn in_time(&self) -> Result<(), SearchError> {
        match self.due {
            Some(due) if Instant::now() > due => Err(SearchError::Deadline),
            Some(_) | None => Ok(()),
        }
    }

    /// The names of entities.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// How the vectors stand; `None` without a model.
    #[must_use]
    pub fn meaning(&self) -> Option<MeaningStanding> {
        self.meanings.as_ref().map(|meanings| meanings.standing())
    }
}

/// The words of a text as they are compared: in any case, accent or width.
#[must_use]
pub fn folded_words(text: &str) -> Vec<String> {
    words::words(text).into_iter().map(|word| word.folded).collect()
}

/// The forms in which a name is looked up, each as its folded words with a space between.
#[must_use]
pub fn name_keys(name: &str) -> Vec<String> {
    let mut keys: Vec<String> = spellings::variants(name).iter().map(|variant| words::joined(variant)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
