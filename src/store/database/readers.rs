//! Connections that only read, handed out one at a time.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

use crate::model::Sequence;
use crate::store::{
    database::condition::Conditions,
    database::connection::{self, Access},
    database::open_files::OpenFiles,
    database::read_at::{self, ReadAt},
    database::sequence,
    failure::Failure,
    open_error::OpenError,
    records::entry_cache::EntryCache,
};

/// How long a caller waits for a free reader.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long one reader may work on one question.
const DEADLINE: Duration = Duration::from_secs(2);

/// How many steps of SQLite's machine lie between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

#[derive(Debug)]
pub(in crate::store) struct Readers {
    path: PathBuf,
    access: Access,
    files: Arc<OpenFiles>,
    condition: Arc<Conditions>,
    limit: usize,
    started: Instant,
    pool: Mutex<Pool>,
    returned: Condvar,
    entries: EntryCache,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<ReadConnection>,
    open: usize,
}

#[derive(Debug)]
struct ReadConnection {
    connection: Connection,
    /// Milliseconds after `started` at which the present question must be done.
    deadline: Arc<AtomicU64>,
}

impl Readers {
    pub(in crate::store) fn new(
        path: &Path,
        access: Access,
        files: Arc<OpenFiles>,
        condition: Arc<Conditions>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            access,
            files,
            condition,
            limit: std::thread::available_parallelism().map_or(2, usize::from).max(2),
            started: Instant::now(),
            pool: Mutex::default(),
            returned: Condvar::new(),
            entries: EntryCache::default(),
        }
    }

    /// As [`Readers::new`], beginning with a connection that is open already.
    pub(in crate::store) fn beginning_with(self, connection: Connection) -> Self {
        let first = self.with_deadline(connection);
        *self.pool.lock().unwrap_or_else(PoisonError::into_inner) = Pool { idle: vec![first], open: 1 };
        self
    }

    pub(in crate::store) const fn access(&self) -> Access {
        self.access
    }

    /// A reader in a read transaction of its own. Connections are opened as they are first needed.
    pub(in crate::store) fn take(&self) -> Result<Reader<'_>, Failure> {
        self.condition.check()?;
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let give_up = Instant::now() + TIMEOUT;
        let taken = loop {
            if let Some(idle) = pool.idle.pop() {
                break Some(idle);
            }
            if pool.open < self.limit {
                pool.open += 1;
                break None;
            }
            let left = give_up.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Failure::Busy);
            }
            pool = self.returned.wait_timeout(pool, left).unwrap_or_else(PoisonError::into_inner).0;
        };
        drop(pool);
        // From here on the place in the pool is given back even if something fails.
        let mut reader = Reader {
            readers: self,
            taken,
            time: AtomicU64::new(millis(DEADLINE)),
            sequence: Cell::new(None),
            link_turns: Cell::new(None),
        };
        let connection = match reader.taken.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        connection.deadline.store(self.due(DEADLINE), Ordering::Relaxed);
        let begun = connection.connection.execute_batch("BEGIN");
        reader.taken = Some(connection);
        begun?;
        Ok(reader)
    }

    /// When a question that begins now and has so long must be done.
    fn due(&self, time: Duration) -> u64 {
        millis(self.started.elapsed().saturating_add(time))
    }

    fn open(&self) -> Result<ReadConnection, Failure> {
        // Beside the connections that there are, one to another file would give other answers.
        self.files.check()?;
        let connection = connection::open_for_reading(&self.path, self.access).map_err(unopened)?;
        self.files.check()?;
        Ok(self.with_deadline(connection))
    }

    fn with_deadline(&self, connection: Connection) -> ReadConnection {
        let deadline = Arc::new(AtomicU64::new(u64::MAX));
        let (due, started) = (Arc::clone(&deadline), self.started);
        connection.progress_handler(
            STEPS_BETWEEN_LOOKS,
            Some(move || started.elapsed().as_millis() > u128::from(due.load(Ordering::Relaxed))),
        );
        ReadConnection { connection, deadline }
    }
}

/// What it means for a question that the file can't be opened.
fn unopened(error: OpenError) -> Failure {
    match error {
        OpenError::Migration { source, .. } => Failure::from(source),
        OpenError::Locked { .. } => Failure::Busy,
        OpenError::Full { .. } => Failure::Full,
        OpenError::Disk { reason, .. } => Failure::Disk(reason),
        error @ (OpenError::NotADatabase { .. } | OpenError::Damaged { .. }) => Failure::Damaged(error.to_string()),
        other => Failure::Disk(other.to_string()),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The database as it stood when the reader was taken.
#[derive(Debug)]
pub struct Reader<'store> {
    readers: &'store Readers,
    taken: Option<ReadConnection>,
    /// How long a question may take, in milliseconds; `u64::MAX`: as long as it does.
    time: AtomicU64,
    /// The place in the history at which it reads, once it was asked for.
    sequence: Cell<Option<Sequence>>,
    /// How often an address had turned out dead or alive by then, once it was asked for.
    link_turns: Cell<Option<i64>>,
}

impl Reader<'_> {
    /// Goes on to the database as it stands now, for those who have just written and read on. Taking a
    /// second reader beside the first could wait for ever: everyone might do so.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn refresh(&self) -> Result<(), Failure> {
        self.sequence.set(None);
        self.link_turns.set(None);
        self.connection()?.execute_batch("ROLLBACK; BEGIN")?;
        self.set_time(self.time.load(Ordering::Relaxed));
        Ok(())
    }

    /// Gives a question that begins now so much time, in place of the 2 seconds that it has otherwise.
    pub fn allow(&self, time: Duration) {
        self.set_time(millis(time));
    }

    fn set_time(&self, time: u64) {
        self.time.store(time, Ordering::Relaxed);
        if let Some(taken) = &self.taken {
            let due = if time == u64::MAX { time } else { self.readers.due(Duration::from_millis(time)) };
            taken.deadline.store(due, Ordering::Relaxed);
        }
    }

    /// Lifts the deadline, for work that reads everything: an export, a rebuild of the index.
    #[must_use]
    pub fn without_deadline(self) -> Self {
        self.set_time(u64::MAX);
        self
    }

    /// The place of the last approved change; 0 when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn latest_sequence(&self) -> Result<Sequence, Failure> {
        if let Some(sequence) = self.sequence.get() {
            return Ok(sequence);
        }
        let sequence = sequence::latest(self.connection()?)?;
        self.sequence.set(Some(sequence));
        Ok(sequence)
    }

    /// Where it reads.
    pub(in crate::store) fn read_at(&self) -> Result<ReadAt, Failure> {
        let link_turns = match self.link_turns.get() {
            Some(turns) => turns,
            None => read_at::link_turns(self.connection()?)?,
        };
        self.link_turns.set(Some(link_turns));
        Ok(ReadAt { sequence: self.latest_sequence()?, link_turns })
    }

    pub(in crate::store) const fn entries(&self) -> &EntryCache {
        &self.readers.entries
    }

    /// A connection of its own for reading every page, as the database stands now. It has no deadline.
    pub(in crate::store) fn checking(&self) -> Result<Connection, Failure> {
        self.readers.files.check()?;
        let connection = connection::open_for_checking(&self.readers.path, self.readers.access).map_err(unopened)?;
        self.readers.files.check()?;
        Ok(connection)
    }

    pub(in crate::store) fn connection(&self) -> Result<&Connection, Failure> {
        self.taken.as_ref().map(|taken| &taken.connection).ok_or(Failure::Busy)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        // A transaction that only read has nothing to lose. It is ended before the pool is locked: others wait for that.
        let taken = self.taken.take().filter(|taken| taken.connection.execute_batch("ROLLBACK").is_ok());
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match taken {
            Some(taken) => pool.idle.push(taken),
            None => pool.open -= 1,
        }
        drop(pool);
        self.readers.returned.notify_one();
    }
}
