//! The text index on disk: opened, caught up with the history, and built anew when it can't be used.
//!
//! The index is derived from the store and may be thrown away at any time. Its commits carry the
//! place in the history up to which it has read, so that starting up is catching up.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, Term,
    directory::error::{LockError, OpenWriteError},
};

use super::{
    SearchError,
    columns::Columns,
    fields::{FORMAT, Fields, number},
    merging::Merging,
};
use crate::store::{Reader, Store};

/// The memory in which documents are gathered before they are written, in bytes. Tantivy wants at
/// least 15 MB per thread.
const WRITER_MEMORY: usize = 50_000_000;

/// The same for the few documents of a change: what is reserved is filled with zeros first.
const UPDATE_MEMORY: usize = 15_000_000;

/// An index up to this size is checked whole when it is opened, in bytes. A larger one would take
/// seconds; there, damage shows when it is first read.
const CHECKED_WHOLE: u64 = 64 * 1024 * 1024;

/// How many bytes of stored text are compressed together. `check` reads the texts of a hundred statements here and there,
/// and unpacks a whole block for each: tantivy's own 16 KiB took a seventh of its time.
const STORED_TOGETHER: usize = 4_096;

/// How many statements are read from the store at a time.
const BATCH: usize = 1_000;

/// How far an index has read, as its commits record it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    format: u32,
    /// The place of the last approved change that is in it.
    sequence: i64,
    /// What tells that change from one of another database at the same place.
    fingerprint: String,
}

impl Position {
    fn of(records: &Reader<'_>, sequence: i64) -> Result<Self, SearchError> {
        Ok(Self { format: FORMAT, sequence, fingerprint: records.fingerprint(sequence)? })
    }
}

/// The index, kept in step with the store.
#[derive(Debug)]
pub(super) struct TextIndex {
    folder: PathBuf,
    pub(super) fields: Fields,
    open: RwLock<Arc<Generation>>,
    /// Held while the index is written; writers come one after another.
    writing: Mutex<()>,
    /// The place in the history that was last caught up with.
    reached: AtomicI64,
    merging: Merging,
}

/// One index folder. A rebuild makes a new one beside it, and answers come from the old one until
/// the new one is complete.
struct Generation {
    number: u32,
    index: Index,
    reader: IndexReader,
    /// What is answered from: what the reader gave when it was last reloaded.
    view: RwLock<View>,
}

/// What the index held at one time.
#[derive(Clone)]
pub(super) struct View {
    pub(super) searcher: Searcher,
    /// The columns of the searcher's segments.
    pub(super) columns: Columns,
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Generation").field("number", &self.number).finish_non_exhaustive()
    }
}

impl TextIndex {
    /// Opens the index in `folder`, or builds it there; a folder that can't be written gives an
    /// index in memory.
    pub(super) fn open(folder: &Path, store: &Store) -> Result<Self, SearchError> {
        let fields = Fields::new();
        let generation = match open_newest(folder, &fields) {
            Some(generation) => generation,
            None => build(folder, 1 + newest_number(folder), &fields, store)?.0,
        };
        let this = Self {
            folder: folder.to_owned(),
            fields,
            open: RwLock::new(Arc::new(generation)),
            writing: Mutex::new(()),
            reached: AtomicI64::new(0),
            merging: Merging::default(),
        };
        this.catch_up(store)?;
        remove_older(folder, this.generation().number);
        Ok(this)
    }

    /// What the index holds now.
    pub(super) fn view(&self) -> View {
        self.generation().view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The place in the history that was last caught up with.
    pub(super) fn reached(&self) -> i64 {
        self.reached.load(Ordering::Relaxed)
    }

    /// Brings the index to the end of the history, and builds it anew if it can't be brought there.
    pub(super) fn catch_up(&self, store: &Store) -> Result<(), SearchError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.merging.finish();
        let generation = self.generation();
        match catch_up(&generation, &self.fields, store) {
            Ok((sequence, writer)) => {
                self.reached.store(sequence, Ordering::Relaxed);
                if let Some(writer) = writer {
                    self.merging.begin(writer, move || {
                        if let Err(error) = generation.reload() {
                            tracing::warn!(%error, "the index could not be read after small pieces were merged");
                        }
                    });
                }
                Ok(())
            }
            // What that process writes is read at the next question, as the place isn't reached yet.
            Err(CatchUpError::Busy) => {
                tracing::warn!("another process is writing the index; answers may miss the newest changes");
                Ok(())
            }
            Err(CatchUpError::Unusable(reason)) => {
                tracing::warn!(reason, "the index can't be used and is built anew");
                self.replace(store)
            }
            Err(CatchUpError::Failed(error)) => Err(error),
        }
    }

    /// Builds the index anew from the store. Answers come from the old one until it is done.
    pub(super) fn rebuild(&self, store: &Store) -> Result<(), SearchError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.replace(store)
    }

    fn replace(&self, store: &Store) -> Result<(), SearchError> {
        self.merging.finish();
        let number = 1 + newest_number(&self.folder).max(self.generation().number);
        let (generation, sequence) = build(&self.folder, number, &self.fields, store)?;
        self.reached.store(sequence, Ordering::Relaxed);
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(generation);
        remove_older(&self.folder, number);
        Ok(())
    }

    fn generation(&self) -> Arc<Generation> {
        Arc::clone(&self.open.read().unwrap_or_else(PoisonError::into_inner))
    }
}

enum CatchUpError {
    /// Another process writes the index.
    Busy,
    /// The index is damaged, or of another database.
    Unusable(String),
    /// The store failed.
    Failed(SearchError),
}

impl From<SearchError> for CatchUpError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Index(error) => error.into(),
            other => Self::Failed(other),
        }
    }
}

/// Whether it is the disk that failed, so that an index built anew would fail as well.
fn is_of_the_disk(error: &tantivy::TantivyError) -> bool {
    let kind = match error {
        tantivy::TantivyError::IoError(error)
        | tantivy::TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. }) => error.kind(),
        _ => return false,
    };
    matches!(
        kind,
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::PermissionDenied
    )
}

impl From<tantivy::TantivyError> for CatchUpError {
    fn from(error: tantivy::TantivyError) -> Self {
        match error {
            tantivy::TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            error if is_of_the_disk(&error) => Self::Failed(SearchError::Index(error)),
            other => Self::Unusable(other.to_string()),
        }
    }
}

/// Brings a generation to the end of the history; gives the place reached, and the writer if something was written.
fn catch_up(
    generation: &Generation,
    fields: &Fields,
    store: &Store,
) -> Result<(i64, Option<IndexWriter>), CatchUpError> {
    let failed = |error| CatchUpError::Failed(SearchError::Store(error));
    let records = store.reader().map_err(failed)?.without_deadline();
    let latest = records.latest_sequence().map_err(failed)?;
    let payload = generation.index.load_metas()?.payload.unwrap_or_default();
    let reached: Position = serde_json::from_str(&payload)
        .map_err(|_| CatchUpError::Unusable("it doesn't say how far it has read".to_owned()))?;
    if reached.sequence > latest {
        // The index follows what was committed; it can't be ahead unless something of that is gone.
        tracing::error!(
            index.sequence = reached.sequence,
            history.sequence = latest,
            "the database ends before what the index has read; unless a backup was put back, what was approved last is \
             lost: look for it in the newest backup"
        );
    }
    if reached.sequence > latest || reached != Position::of(&records, reached.sequence)? {
        return Err(CatchUpError::Unusable("it belongs to another database".to_owned()));
    }
    if reached.sequence == latest {
        generation.reload()?;
        return Ok((latest, None));
    }
    let mut writer: IndexWriter = generation.index.writer_with_num_threads(1, UPDATE_MEMORY)?;
    Merging::prepare(&writer);
    for id in records.statements_touched_after(reached.sequence).map_err(failed)? {
        writer.delete_term(Term::from_field_u64(fields.id, number(id)));
        if let Some(text) = records.statement_text(id).map_err(failed)? {
            writer.add_document(fields.document(&text))?;
        }
    }
    commit(&mut writer, &Position::of(&records, latest)?)?;
    generation.reload()?;
    Ok((latest, Some(writer)))
}

fn commit(writer: &mut IndexWriter, position: &Position) -> Result<(), SearchError> {
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&serde_json::to_string(position).map_err(|error| SearchError::Names(error.to_string()))?);
    commit.commit()?;
    Ok(())
}

/// Builds a generation from all that is in the store; gives it with the place that it reaches. What could
/// not be finished is removed, so that it takes no room.
fn build(folder: &Path, number: u32, fields: &Fields, store: &Store) -> Result<(Generation, i64), SearchError> {
    let place = generation_path(folder, number);
    let built = build_at(folder, &place, number, fields, store);
    if built.is_err() {
        // Where it can't be removed it is seen to be of no use when it is opened.
        let _ = std::fs::remove_dir_all(&place);
    }
    built
}

fn build_at(
    folder: &Path,
    place: &Path,
    number: u32,
    fields: &Fields,
    store: &Store,
) -> Result<(Generation, i64), SearchError> {
    let records = store.reader()?.without_deadline();
    let settings = IndexSettings { docstore_blocksize: STORED_TOGETHER, ..IndexSettings::default() };
    let builder = Index::builder().schema(fields.schema.clone()).settings(settings);
    let index = match std::fs::create_dir_all(place) {
        Ok(()) => builder.create_in_dir(place)?,
        Err(error) => {
            tracing::warn!(folder = %folder.display(), %error, "the index can't be kept on disk and is held in memory");
            builder.create_in_ram()?
        }
    };
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY)?;
    let mut last = 0;
    let mut count = 0_u64;
    loop {
        let batch = records.statement_numbers(last, BATCH)?;
        let Some(&end) = batch.last() else { break };
        for id in batch {
            if let Some(text) = records.statement_text(id)? {
                writer.add_document(fields.document(&text))?;
                count += 1;
            }
        }
        last = end;
        if count.is_multiple_of(100_000) {
            tracing::info!(statements = count, "building the index");
        }
    }
    // The reader saw one state of the records from its first query on.
    let sequence = records.latest_sequence()?;
    commit(&mut writer, &Position::of(&records, sequence)?)?;
    tracing::debug!(statements = count, generation = number, "built the index");
    Ok((Generation::new(number, index)?, sequence))
}

impl Generation {
    fn new(number: u32, index: Index) -> Result<Self, SearchError> {
        // Reloads are asked for after each catching up; nothing has to watch the folder.
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let columns = Columns::open(&searcher, None)?;
        Ok(Self { number, index, reader, view: RwLock::new(View { searcher, columns }) })
    }

    /// Goes on to what was last committed.
    fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        let columns = Columns::open(&searcher, Some(&view.columns))?;
        *view = View { searcher, columns };
        Ok(())
    }
}

/// The newest generation that can be used; `None` when there is none.
fn open_newest(folder: &Path, fields: &Fields) -> Option<Generation> {
    let number = newest_number(folder);
    if number == 0 {
        return None;
    }
    let place = generation_path(folder, number);
    match open_one(&place, number, fields) {
        Ok(generation) => Some(generation),
        Err(reason) => {
            tracing::warn!(folder = %place.display(), reason, "the index can't be used and is built anew");
            None
        }
    }
}

fn open_one(place: &Path, number: u32, fields: &Fields) -> Result<Generation, String> {
    let index = Index::open_in_dir(place).map_err(|error| error.to_string())?;
    if index.schema() != fields.schema {
        return Err("it is of another version".to_owned());
    }
    if size_of(place) <= CHECKED_WHOLE {
        let damaged = index.validate_checksum().map_err(|error| error.to_string())?;
        if !damaged.is_empty() {
            return Err(format!("{} of its files are damaged", damaged.len()));
        }
    }
    Generation::new(number, index).map_err(|error| error.to_string())
}

fn size_of(place: &Path) -> u64 {
    let files = std::fs::read_dir(place).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn generation_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{FORMAT}-{number}"))
}

/// The numbers of the generations of this format, and the folders of all others.
fn generations(folder: &Path) -> (Vec<u32>, Vec<PathBuf>) {
    let mut numbers = Vec::new();
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number = name.to_string_lossy().strip_prefix(&format!("{FORMAT}-")).and_then(|number| number.parse().ok());
        match number {
            Some(number) => numbers.push(number),
            None => others.push(entry.path()),
        }
    }
    (numbers, others)
}

fn newest_number(folder: &Path) -> u32 {
    generations(folder).0.into_iter().max().unwrap_or(0)
}

/// Removes what earlier generations and formats left. A process that still reads them keeps its
/// open files.
fn remove_older(folder: &Path, number: u32) {
    let (numbers, others) = generations(folder);
    let older = numbers.into_iter().filter(|&older| older < number).map(|older| generation_path(folder, older));
    for place in older.chain(others) {
        if let Err(error) = std::fs::remove_dir_all(&place) {
            tracing::debug!(folder = %place.display(), %error, "an old index could not be removed");
        }
    }
}
