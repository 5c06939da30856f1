//! The text index on disk: opened, caught up with the history, and built anew when it can't be used.
//!
//! The index is derived from the store and may be thrown away at any time. Its commits carry the
//! place in the history up to which it has read, so that starting up is catching up.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    SearchError,
    fields::Fields,
    folder::{Folder, Older, WriteLock},
    generation::{CatchUpError, Generation, IndexState, Open, View, build, open_newest, stand, write_missing},
    merging::Merging,
};
use crate::model::Sequence;
use crate::store::Store;

/// How long a question waits for another process that writes the index, until it is answered from what the index held
/// before.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long is waited where nothing can be answered before that process is done, as it builds the index or removes what was
/// purged.
const LONG_PATIENCE: Duration = Duration::from_mins(10);

/// The index, kept in step with the store.
#[derive(Debug)]
pub(super) struct TextIndex {
    folder: Folder,
    pub(super) fields: Fields,
    open: RwLock<Open>,
    /// HeldRecord while the index is written; this process's writers come one after another. When another process was last
    /// waited for in vain stands in it.
    writing: Mutex<Option<Instant>>,
    /// The place in the history that was last caught up with.
    reached: AtomicI64,
    merging: Merging,
    /// Whether what was purged still stands in files that could not be removed.
    lingers: AtomicBool,
}

impl TextIndex {
    /// Opens the index in `folder`, or builds it there; a folder that can't be written gives an
    /// index in memory. While another process writes it, it is opened as it was before.
    pub(super) fn open(folder: &Path, store: &Store) -> Result<Self, SearchError> {
        let fields = Fields::new();
        let folder = Folder::claim(folder, store.path())?;
        let open = match open_newest(&folder, &fields) {
            Ok(Some(open)) => open,
            Ok(None) | Err(_) => first_generation(&folder, &fields, store)?,
        };
        let this = Self {
            folder,
            fields,
            open: RwLock::new(open),
            writing: Mutex::default(),
            reached: AtomicI64::new(0),
            merging: Merging::default(),
            lingers: AtomicBool::new(false),
        };
        match this.catch_up(store) {
            // What it holds is sound, and older; the next question tries again.
            Err(error @ (SearchError::Busy | SearchError::Unwritable(_))) => {
                tracing::warn!(%error, "answers may miss the newest changes")
            }
            caught_up => caught_up?,
        }
        Ok(this)
    }

    /// The folder that it lies in.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the index holds now.
    pub(super) fn view(&self) -> View {
        self.generation().view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The place in the history that was last caught up with.
    pub(super) fn reached(&self) -> Sequence {
        Sequence(self.reached.load(Ordering::Relaxed))
    }

    /// Brings the index to the end of the history, and builds it anew if it can't be brought there.
    ///
    /// # Errors
    /// [`SearchError::Busy`] where another process writes it, and [`SearchError::Unwritable`] where it can't be written:
    /// what it holds is as it was before then.
    pub(super) fn catch_up(&self, store: &Store) -> Result<(), SearchError> {
        let mut waited = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.merging.finish();
        self.move_to_newest(None);
        if self.lingers.load(Ordering::Relaxed) {
            self.remove_lingering()?;
        }
        // As a rule there is nothing to write, and nobody has to be waited for.
        let (patience, of_no_use) = match self.look(store) {
            Ok(IndexState::Reached(_)) => return Ok(()),
            // Those who wait behind this one don't wait for the same once more.
            Ok(_) if waited.is_some_and(|at| at.elapsed() < TIMEOUT) => (Duration::ZERO, false),
            Ok(IndexState::Behind { .. } | IndexState::HoldsPurged) => (TIMEOUT, false),
            Err(CatchUpError::Unusable(_)) => (LONG_PATIENCE, true),
            Err(CatchUpError::Failed(error)) => return Err(error),
        };
        if self.generation().number == 0 {
            return self.bring_up(store, None);
        }
        let error = match self.folder.lock(patience) {
            Ok(Some(lock)) => {
                *waited = None;
                self.move_to_newest(Some(&lock));
                return self.bring_up(store, Some(lock));
            }
            Ok(None) => {
                *waited = Some(Instant::now());
                SearchError::Busy
            }
            Err(error) => SearchError::Unwritable(error),
        };
        Err(if of_no_use { SearchError::Unusable(error.to_string()) } else { error })
    }

    /// Writes what is missing. The lock is given back when all is written, small pieces merged, too.
    fn bring_up(&self, store: &Store, lock: Option<WriteLock>) -> Result<(), SearchError> {
        let reached = match self.look(store) {
            Ok(IndexState::Reached(_)) => return Ok(()),
            Ok(IndexState::HoldsPurged) => return self.replace(store, lock.as_ref(), Older::Gone),
            Ok(IndexState::Behind { reached }) => Ok(reached),
            Err(error) => Err(error),
        };
        let written = reached.and_then(|reached| write_missing(&self.generation(), &self.fields, store, &reached));
        match written {
            Ok((latest, writer)) => {
                self.reached.store(latest.0, Ordering::Relaxed);
                let generation = self.generation();
                self.merging.begin(writer, move || {
                    if let Err(error) = generation.reload() {
                        tracing::warn!(%error, "the index could not be read after small pieces were merged");
                    }
                    drop(lock);
                });
                Ok(())
            }
            Err(CatchUpError::Unusable(reason)) => {
                tracing::warn!(reason, "the index can't be used and is built anew");
                self.replace(store, lock.as_ref(), Older::KeptWhileInUse).map_err(|error| match error {
                    SearchError::Busy | SearchError::Unwritable(_) => SearchError::Unusable(error.to_string()),
                    other => other,
                })
            }
            Err(CatchUpError::Failed(error)) => Err(error),
        }
    }

    /// Builds the index anew from the store. Answers come from the old one until it is done.
    ///
    /// # Errors
    /// [`SearchError::Busy`] where another process writes it for minutes.
    pub(super) fn rebuild(&self, store: &Store) -> Result<(), SearchError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.merging.finish();
        match self.folder.lock(LONG_PATIENCE) {
            Ok(Some(lock)) => self.replace(store, Some(&lock), Older::KeptWhileInUse),
            Ok(None) => Err(SearchError::Busy),
            Err(error) if self.generation().number > 0 => Err(SearchError::Unwritable(error)),
            // What is held in memory is built anew there.
            Err(_) => self.replace(store, None, Older::KeptWhileInUse),
        }
    }

    fn replace(&self, store: &Store, lock: Option<&WriteLock>, older: Older) -> Result<(), SearchError> {
        let (open, sequence) = build(&self.folder, lock, self.generation().number, &self.fields, store)?;
        let number = open.generation.number;
        self.reached.store(sequence.0, Ordering::Relaxed);
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = open;
        let Some(lock) = lock else { return Ok(()) };
        let all_gone = self.folder.remove_older(lock, number, older);
        if older == Older::KeptWhileInUse || all_gone {
            return Ok(());
        }
        self.lingers.store(true, Ordering::Relaxed);
        Err(SearchError::Lingers(self.folder.path().to_owned()))
    }

    /// Tries again to remove what could not be removed after a purge.
    fn remove_lingering(&self) -> Result<(), SearchError> {
        let lock = self.folder.lock(TIMEOUT).map_err(SearchError::Unwritable)?.ok_or(SearchError::Busy)?;
        if !self.folder.remove_older(&lock, self.generation().number, Older::Gone) {
            return Err(SearchError::Lingers(self.folder.path().to_owned()));
        }
        self.lingers.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn generation(&self) -> Arc<Generation> {
        Arc::clone(&self.open.read().unwrap_or_else(PoisonError::into_inner).generation)
    }

    /// Goes on to a generation that another process has built. The one that was left goes, unless others read from it.
    fn move_to_newest(&self, lock: Option<&WriteLock>) {
        let own = self.generation().number;
        if own == 0 || self.folder.newest().is_none_or(|newest| newest <= own) {
            return;
        }
        match open_newest(&self.folder, &self.fields) {
            Ok(Some(open)) => {
                let number = open.generation.number;
                tracing::debug!(generation = number, "went on to an index that another process has built");
                *self.open.write().unwrap_or_else(PoisonError::into_inner) = open;
                let free = if lock.is_none() { self.folder.lock(Duration::ZERO).ok().flatten() } else { None };
                if let Some(lock) = lock.or(free.as_ref()) {
                    self.folder.remove_older(lock, number, Older::KeptWhileInUse);
                }
            }
            Ok(None) => {}
            Err(reason) => tracing::warn!(reason, "an index that another process has built can't be used"),
        }
    }

    /// Where the index stands beside the history. Goes on to what was last committed to it.
    fn look(&self, store: &Store) -> Result<IndexState, CatchUpError> {
        let generation = self.generation();
        let standing = stand(&generation, store)?;
        if let IndexState::Reached(sequence) = standing {
            generation.reload()?;
            self.reached.store(sequence.0, Ordering::Relaxed);
        }
        Ok(standing)
    }
}

/// The generation that another process has built meanwhile, or one built here.
fn first_generation(folder: &Folder, fields: &Fields, store: &Store) -> Result<Open, SearchError> {
    let lock = match folder.lock(LONG_PATIENCE) {
        Ok(Some(lock)) => Some(lock),
        Ok(None) => return Err(SearchError::Busy),
        Err(error) => {
            let folder = folder.path().display();
            tracing::warn!(%folder, %error, "the index can't be kept on disk and is held in memory");
            None
        }
    };
    match open_newest(folder, fields) {
        Ok(Some(open)) if lock.is_some() => return Ok(open),
        Err(reason) => {
            tracing::warn!(folder = %folder.path().display(), reason, "the index can't be used and is built anew");
        }
        Ok(_) => {}
    }
    let open = build(folder, lock.as_ref(), 0, fields, store)?.0;
    if let Some(lock) = &lock {
        folder.remove_older(lock, open.generation.number, Older::KeptWhileInUse);
    }
    Ok(open)
}
