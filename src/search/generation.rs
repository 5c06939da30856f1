//! One generation of the index: opened, brought to the end of the history, and built from all that is in the store.

use std::{
    io::ErrorKind,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexBuilder, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, Term,
    directory::error::{LockError, OpenWriteError},
};

use super::{
    SearchError,
    columns::Columns,
    fields::{FORMAT, Fields, number},
    folder::{Folder, InUse, WriteLock},
    merging::Merging,
};
use crate::model::{Sequence, StatementId};
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
pub(super) struct Position {
    format: u32,
    /// The place of the last approved change that is in it.
    sequence: Sequence,
    /// What tells that change from one of another database at the same place.
    fingerprint: String,
    /// How many records had been purged when the index was built: of those nothing stands in its files. Those purged
    /// since are found no more, but their words may still stand there.
    #[serde(default)]
    purged: i64,
}

impl Position {
    fn of(records: &Reader<'_>, sequence: Sequence, purged: i64) -> Result<Self, SearchError> {
        Ok(Self { format: FORMAT, sequence, fingerprint: records.fingerprint(sequence)?, purged })
    }
}

/// The generation that answers come from, which nobody removes meanwhile.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) generation: Arc<Generation>,
    _in_use: Option<InUse>,
}

/// One index folder. A rebuild makes a new one beside it, and answers come from the old one until
/// the new one is complete.
pub(super) struct Generation {
    /// 0 of one that is held in memory.
    pub(super) number: u32,
    index: Index,
    reader: IndexReader,
    /// What is answered from: what the reader gave when it was last reloaded.
    pub(super) view: RwLock<View>,
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

/// Where an index stands beside the history.
pub(super) enum IndexState {
    /// At its end.
    Reached(Sequence),
    /// Before it.
    Behind { reached: Position },
    /// Something was purged since it was built: it is built anew, so that nothing of that stands in its files.
    HoldsPurged,
}

pub(super) enum CatchUpError {
    /// The index is damaged, or of another database.
    Unusable(String),
    /// The store or the disk failed, or another process writes: what the index holds is sound, and older.
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
            // An earlier version of the program, which knows no other lock.
            tantivy::TantivyError::LockFailure(LockError::LockBusy, _) => Self::Failed(SearchError::Busy),
            error if is_of_the_disk(&error) => Self::Failed(SearchError::Unwritable(std::io::Error::other(error))),
            other => Self::Unusable(other.to_string()),
        }
    }
}

/// Where a generation stands beside the history.
pub(super) fn stand(generation: &Generation, store: &Store) -> Result<IndexState, CatchUpError> {
    let failed = |error| CatchUpError::Failed(SearchError::Store(error));
    let records = store.reader().map_err(failed)?.without_deadline();
    let latest = records.latest_sequence().map_err(failed)?;
    let payload = generation.index.load_metas()?.payload.unwrap_or_default();
    let reached: Position = serde_json::from_str(&payload)
        .map_err(|_| CatchUpError::Unusable("it doesn't say how far it has read".to_owned()))?;
    if reached.sequence > latest {
        // Another process may have approved something since this one looked, and brought the index there.
        records.refresh().map_err(failed)?;
    }
    let latest = records.latest_sequence().map_err(failed)?;
    if reached.sequence > latest {
        // The index follows what was committed; it can't be ahead unless something of that is gone.
        tracing::error!(
            index.sequence = reached.sequence.0,
            history.sequence = latest.0,
            "the database ends before what the index has read; unless a backup was put back, what was approved last is \
             lost: look for it in the newest backup"
        );
    }
    if reached.sequence > latest || reached != Position::of(&records, reached.sequence, reached.purged)? {
        return Err(CatchUpError::Unusable("it belongs to another database".to_owned()));
    }
    Ok(if reached.purged != records.purged().map_err(failed)? {
        IndexState::HoldsPurged
    } else if reached.sequence == latest {
        IndexState::Reached(latest)
    } else {
        IndexState::Behind { reached }
    })
}

/// Writes what was approved since the index had `reached` a place; gives the place that it goes to, and the writer, which may still
/// have pieces to merge.
pub(super) fn write_missing(
    generation: &Generation,
    fields: &Fields,
    store: &Store,
    reached: &Position,
) -> Result<(Sequence, IndexWriter), CatchUpError> {
    let failed = |error| CatchUpError::Failed(SearchError::Store(error));
    let records = store.reader().map_err(failed)?.without_deadline();
    let latest = records.latest_sequence().map_err(failed)?;
    let mut writer: IndexWriter = generation.index.writer_with_num_threads(1, UPDATE_MEMORY)?;
    Merging::prepare(&writer);
    for id in records.statements_touched_after(reached.sequence).map_err(failed)? {
        writer.delete_term(Term::from_field_u64(fields.id, number(id.0)));
        if let Some(text) = records.statement_text(id).map_err(failed)? {
            writer.add_document(fields.document(&text))?;
        }
    }
    commit(&mut writer, &Position::of(&records, latest, reached.purged)?)?;
    generation.reload()?;
    Ok((latest, writer))
}

fn commit(writer: &mut IndexWriter, position: &Position) -> Result<(), SearchError> {
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&serde_json::to_string(position).map_err(|error| SearchError::Names(error.to_string()))?);
    commit.commit()?;
    Ok(())
}

/// Builds a generation, after those up to `after`, from all that is in the store; gives it with the place that it
/// reaches. Without the right to write it is held in memory.
pub(super) fn build(
    folder: &Folder,
    lock: Option<&WriteLock>,
    after: u32,
    fields: &Fields,
    store: &Store,
) -> Result<(Open, Sequence), SearchError> {
    let Some(lock) = lock else {
        let index = builder(fields).create_in_ram()?;
        let sequence = fill(&index, fields, store)?;
        return Ok((Generation::open(0, index, None)?, sequence));
    };
    let (number, place) = folder.begin(lock, after).map_err(SearchError::Unwritable)?;
    let built = builder(fields)
        .create_in_dir(&place)
        .map_err(SearchError::from)
        .and_then(|index| fill(&index, fields, store))
        .and_then(|sequence| folder.finish(lock, number, &place).map(|()| sequence).map_err(SearchError::Unwritable));
    let sequence = built.inspect_err(|_| folder.abandon(lock, &place))?;
    let in_use = folder.hold(number);
    let index = Index::open_in_dir(folder.generation(number))?;
    Ok((Generation::open(number, index, in_use)?, sequence))
}

fn builder(fields: &Fields) -> IndexBuilder {
    let settings = IndexSettings { docstore_blocksize: STORED_TOGETHER, ..IndexSettings::default() };
    Index::builder().schema(fields.schema.clone()).settings(settings)
}

/// Writes all that is in the store to an empty index; gives the place in the history that it reaches then.
fn fill(index: &Index, fields: &Fields, store: &Store) -> Result<Sequence, SearchError> {
    let records = store.reader()?.without_deadline();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY)?;
    let mut last = StatementId::default();
    let mut count = 0_u64;
    loop {
        let batch = records.statements_after(last, BATCH)?;
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
    commit(&mut writer, &Position::of(&records, sequence, records.purged()?)?)?;
    // The folder gets its name once nothing is written in it any more.
    writer.wait_merging_threads()?;
    tracing::debug!(statements = count, "built the index");
    Ok(sequence)
}

impl Generation {
    fn open(number: u32, index: Index, in_use: Option<InUse>) -> Result<Open, SearchError> {
        // Reloads are asked for after each catching up; nothing has to watch the folder.
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let columns = Columns::open(&searcher, None)?;
        let generation = Self { number, index, reader, view: RwLock::new(View { searcher, columns }) };
        Ok(Open { generation: Arc::new(generation), _in_use: in_use })
    }

    /// Goes on to what was last committed.
    pub(super) fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        let columns = Columns::open(&searcher, Some(&view.columns))?;
        *view = View { searcher, columns };
        Ok(())
    }
}

/// The newest generation; `None` when there is none.
///
/// # Errors
/// Why it can't be used.
pub(super) fn open_newest(folder: &Folder, fields: &Fields) -> Result<Option<Open>, String> {
    let Some(number) = folder.newest() else { return Ok(None) };
    let in_use = folder.hold(number).ok_or("another process is removing it")?;
    let place = folder.generation(number);
    let index = Index::open_in_dir(&place).map_err(|error| error.to_string())?;
    if index.schema() != fields.schema {
        return Err("it is of another version".to_owned());
    }
    if size_of(&place) <= CHECKED_WHOLE {
        let damaged = index.validate_checksum().map_err(|error| error.to_string())?;
        if !damaged.is_empty() {
            return Err(format!("{} of its files are damaged", damaged.len()));
        }
    }
    Generation::open(number, index, Some(in_use)).map(Some).map_err(|error| error.to_string())
}

fn size_of(place: &Path) -> u64 {
    let files = std::fs::read_dir(place).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}
