//! What entries mean, as vectors: beside the index, made in the background, and searched for what comes near a message.
//!
//! Statements, their quotes, and the wordings and quotes of responses have a vector each; headlines have none, as they made
//! the ranking worse (docs/retrieval.md). All of it is derived: it follows the history as the index does, and without it
//! messages are checked by their words alone.

mod codes;
mod file;
mod table;
mod text;

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use crate::{
    meaning::{Embed, MeaningError},
    model::{ResponseId, Sequence, StatementId},
    store::{Failure, Store},
};
use file::{Of, VectorWriter};
pub(super) use table::Near;
use table::{MeantWording, Table};
use text::{SeenKey, key, parts, seen};

/// How many statements are read at a time.
const PAGE: usize = 500;

/// How many vectors are made before they are written down: what a process that is killed loses.
const BATCH: usize = 32;

/// How far the making of vectors is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeaningProgress {
    /// How many statements were looked at.
    pub statements: usize,
    /// Of how many; those that came since are looked at with the next round.
    pub of: usize,
    /// How many texts were embedded in this round.
    pub embedded: usize,
}

/// Why vectors don't follow the history.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The model fails.
    #[error(transparent)]
    Model(#[from] MeaningError),
    /// The store can't be read.
    #[error(transparent)]
    Store(#[from] Failure),
}

/// How vectors stand beside the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeaningStanding {
    /// The model.
    pub model: String,
    /// How many wordings have a vector.
    pub wordings: usize,
    /// Up to which place in the history all are there; `None` while the first are made.
    pub reached: Option<Sequence>,
    /// Whether they are kept on disk.
    pub kept: bool,
}

/// The model and the vectors that it made.
#[derive(Debug)]
pub(super) struct Meanings {
    model: Arc<dyn Embed>,
    making: Mutex<Making>,
    table: RwLock<Arc<Table>>,
    standing: RwLock<(Option<Sequence>, bool)>,
}

/// What is only needed while vectors are made.
#[derive(Debug)]
struct Making {
    writer: VectorWriter,
    rows: HashMap<SeenKey, u32>,
    reached: Option<Sequence>,
}

impl Meanings {
    /// Opens the file of vectors at `path`, or begins it. Nothing is found by meaning before [`Meanings::follow`].
    pub(super) fn open(model: Arc<dyn Embed>, path: &Path, purged: i64) -> Self {
        let of = Of::model(&model.model().to_string(), model.dimensions());
        let writer = VectorWriter::open(path, &of, purged);
        let rows = rows_of(&writer);
        let table = Table::new(Arc::new(writer.vectors.clone()), Vec::new());
        let kept = writer.is_kept();
        Self {
            model,
            making: Mutex::new(Making { writer, rows, reached: None }),
            table: RwLock::new(Arc::new(table)),
            standing: RwLock::new((None, kept)),
        }
    }

    /// Brings the vectors to the end of the history: at first all statements are looked at, then those that were touched.
    /// `told` hears how far it is, and may end it; what was made until then stays.
    pub(super) fn follow(
        &self,
        store: &Store,
        told: &mut dyn FnMut(MeaningProgress) -> ControlFlow<()>,
    ) -> Result<(), FollowError> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let (latest, purged, touched) = {
            let records = store.reader()?.without_deadline();
            let latest = records.latest_sequence()?;
            if making.reached.is_some_and(|reached| reached >= latest) {
                return Ok(());
            }
            let touched = making.reached.map(|reached| records.statements_touched_after(reached)).transpose()?;
            (latest, records.purged()?, touched)
        };
        let mut wordings: Vec<MeantWording> = match &touched {
            None => Vec::new(),
            Some(touched) => {
                let touched: HashSet<StatementId> = touched.iter().copied().collect();
                let table = self.table();
                table.wordings().iter().filter(|wording| !touched.contains(&wording.statement)).copied().collect()
            }
        };
        let numbers = match touched {
            Some(touched) => touched,
            None => all_statements(store)?,
        };
        let mut progress = MeaningProgress { statements: 0, of: numbers.len(), embedded: 0 };
        let mut shown = 0;
        for page in numbers.chunks(PAGE) {
            let said = read(store, page)?;
            let missing = making.missing(&said);
            for batch in missing.chunks(BATCH) {
                let made = self.embed(batch)?;
                making.add(&made);
                progress.embedded += made.len();
                if told(progress).is_break() {
                    return Ok(());
                }
            }
            wordings.extend(said.into_iter().filter_map(|said| {
                let row = *making.rows.get(&key(&said.seen))?;
                Some(MeantWording { statement: said.statement, response: said.response, row })
            }));
            progress.statements += page.len();
            // What is there is of use before all is; for a large record not too often, as each time all is sorted.
            if wordings.len() >= shown + shown / 4 {
                shown = wordings.len();
                self.show(&making.writer, wordings.clone());
            }
            if told(progress).is_break() {
                return Ok(());
            }
        }
        making.forget_unused(&mut wordings, purged);
        self.show(&making.writer, wordings);
        making.reached = Some(latest);
        *self.standing.write().unwrap_or_else(PoisonError::into_inner) = (Some(latest), making.writer.is_kept());
        Ok(())
    }

    /// How the vectors stand.
    pub(super) fn standing(&self) -> MeaningStanding {
        let (reached, kept) = *self.standing.read().unwrap_or_else(PoisonError::into_inner);
        MeaningStanding {
            model: self.model.model().to_string(),
            wordings: self.table().wordings().len(),
            reached,
            kept,
        }
    }

    /// What a message is near to, looked up when it is known which statements words find.
    pub(super) fn message(&self, message: &str) -> Result<SoughtMeaning, MeaningError> {
        let table = self.table();
        if table.wordings().is_empty() {
            return Ok(SoughtMeaning { table, parts: Vec::new() });
        }
        let parts = parts(message).iter().map(|part| self.model.message(part)).collect::<Result<Vec<_>, _>>()?;
        Ok(SoughtMeaning { table, parts })
    }

    fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn show(&self, writer: &VectorWriter, wordings: Vec<MeantWording>) {
        let table = Arc::new(Table::new(Arc::new(writer.vectors.clone()), wordings));
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = table;
    }

    /// The vectors of texts, made on all processors.
    fn embed(&self, texts: &[String]) -> Result<Vec<(SeenKey, Vec<f32>)>, MeaningError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let share = texts.len().div_ceil(threads).max(1);
        let one = |text: &String| Ok((key(text), self.model.entry(text)?));
        let one = &one;
        std::thread::scope(|scope| {
            let at_work: Vec<_> = texts
                .chunks(share)
                .map(|share| scope.spawn(move || share.iter().map(one).collect::<Result<Vec<_>, MeaningError>>()))
                .collect();
            let mut made = Vec::with_capacity(texts.len());
            for share in at_work {
                // A panic of the model's goes on as one of ours.
                made.extend(share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(made)
        })
    }
}

/// A message's vectors, and the table that they are held against.
pub(super) struct SoughtMeaning {
    table: Arc<Table>,
    parts: Vec<Vec<f32>>,
}

impl SoughtMeaning {
    /// How near the statements come; those of `also` are among them.
    pub(super) fn near(&self, also: &[StatementId]) -> Near {
        if self.parts.is_empty() { Near::default() } else { self.table.near(&self.parts, also) }
    }
}

/// A wording as the model sees it.
struct Said {
    statement: StatementId,
    response: Option<ResponseId>,
    seen: String,
}

impl Making {
    /// The texts that have no vector, each once.
    fn missing(&self, said: &[Said]) -> Vec<String> {
        let mut asked = HashSet::new();
        let texts = said.iter().map(|said| (key(&said.seen), &said.seen));
        texts
            .filter(|(key, _)| !self.rows.contains_key(key) && asked.insert(*key))
            .map(|(_, seen)| seen.clone())
            .collect()
    }

    fn add(&mut self, made: &[(SeenKey, Vec<f32>)]) {
        let first = self.writer.vectors.len();
        self.writer.add(made);
        for (row, (key, _)) in (first..).zip(made) {
            self.rows.extend(u32::try_from(row).ok().map(|row| (*key, row)));
        }
    }

    /// After a purge, and where an eighth is of no use any more, the file is written anew with what is.
    fn forget_unused(&mut self, wordings: &mut [MeantWording], purged: i64) {
        let used: HashSet<u32> = wordings.iter().map(|wording| wording.row).collect();
        let all = self.writer.vectors.len();
        if self.writer.vectors.purged == purged && used.len() >= all - all / 8 {
            return;
        }
        let mut kept: Vec<u32> = used.into_iter().collect();
        kept.sort_unstable();
        let places: HashMap<u32, u32> = kept.iter().copied().zip(0..).collect();
        self.writer.keep(&kept.iter().map(|row| *row as usize).collect::<Vec<_>>(), purged);
        self.rows = rows_of(&self.writer);
        for wording in wordings {
            wording.row = places.get(&wording.row).copied().unwrap_or(wording.row);
        }
    }
}

fn rows_of(writer: &VectorWriter) -> HashMap<SeenKey, u32> {
    let vectors = &writer.vectors;
    (0..vectors.len()).filter_map(|row| Some((vectors.key(row)?, u32::try_from(row).ok()?))).collect()
}

fn all_statements(store: &Store) -> Result<Vec<StatementId>, Failure> {
    let records = store.reader()?.without_deadline();
    let mut all = Vec::new();
    loop {
        let page = records.statements_after(all.last().copied().unwrap_or_default(), PAGE)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// The wordings of these statements. A reader for each page, so that none is held while vectors are made.
fn read(store: &Store, page: &[StatementId]) -> Result<Vec<Said>, Failure> {
    let records = store.reader()?.without_deadline();
    let mut said = Vec::new();
    for &statement in page {
        let Some(text) = records.statement_text(statement)? else { continue };
        let wordings =
            text.apart.iter().map(|(response, text)| Said { statement, response: *response, seen: seen(text) });
        said.extend(wordings.filter(|said| !said.seen.is_empty()));
    }
    Ok(said)
}
