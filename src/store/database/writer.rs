//! The thread that owns the only connection that writes.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::store::{
    database::checkpoints::Log, database::condition::Conditions, database::open_files::OpenFiles, error::WriteError,
    failure::Failure,
};

type Job = Box<dyn FnOnce(&mut Connection, &Log) + Send>;

/// How many writes may wait. Writes are rare; a full queue makes the next caller wait.
const QUEUE: usize = 64;

/// How long after a failure of the disk it is tried whether something can be written again.
const BETWEEN_PROBES: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(in crate::store) struct Writer {
    condition: Arc<Conditions>,
    files: Arc<OpenFiles>,
    /// Taken when the writer is dropped, which ends the thread.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Has a thread of its own write through this connection to these files, look after the log and keep the condition.
    pub(in crate::store) fn start(
        mut connection: Connection,
        files: Arc<OpenFiles>,
        mut log: Log,
        condition: Arc<Conditions>,
    ) -> Self {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let (kept, open) = (Arc::clone(&condition), Arc::clone(&files));
        let thread = std::thread::spawn(move || {
            work(&mut connection, &mut log, &queue, &open, &kept);
            log.close(connection);
        });
        Self { condition, files, jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs `work` in a transaction of its own and waits until it is committed. An error of `work`
    /// or of the commit leaves nothing behind.
    pub(in crate::store) fn write<T: Send + 'static, E: WriteError>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.run(work, |transaction| transaction.commit())
    }

    /// As [`Writer::write`], but takes everything back at the end.
    pub(in crate::store) fn rehearse<T: Send + 'static, E: WriteError>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.run(work, |transaction| transaction.rollback())
    }

    /// Folds the write-ahead log into the file and empties it. [`Failure::Busy`] where a reader needs it, or another
    /// process looks after the log.
    pub(in crate::store) fn empty_log(&self) -> Result<(), Failure> {
        let (answer, waiting) = sync_channel(1);
        let job: Job = Box::new(move |connection, log| {
            // The caller may be gone.
            let _ = answer.send(log.empty(connection));
        });
        let jobs = self.jobs.as_ref().ok_or(Failure::Busy)?;
        jobs.send(job).map_err(|_| Failure::Busy)?;
        waiting.recv().map_err(|_| Failure::Busy)?
    }

    fn run<T: Send + 'static, E: WriteError>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        end: impl FnOnce(Transaction<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<T, E> {
        self.condition.check()?;
        let (condition, files) = (Arc::clone(&self.condition), Arc::clone(&self.files));
        let (answer, waiting) = sync_channel(1);
        let job: Job = Box::new(move |connection, _| {
            let outcome = (|| {
                files.check()?;
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let done = work(&transaction)?;
                files.check()?;
                end(transaction)?;
                // What was committed to a file that nobody finds again is not acknowledged.
                files.check()?;
                Ok(done)
            })();
            match outcome.as_ref().map_err(E::failure) {
                Ok(_) => condition.wrote(),
                Err(Some(failure)) => condition.note(failure),
                Err(None) => {}
            }
            // The caller may be gone; what was committed stays.
            let _ = answer.send(outcome);
        });
        let jobs = self.jobs.as_ref().ok_or(Failure::Busy)?;
        jobs.send(job).map_err(|_| Failure::Busy)?;
        // A panic in a job drops its end of the channel.
        waiting.recv().map_err(|_| E::from(Failure::Busy))?
    }
}

/// Does the jobs in order. While the disk fails it is also tried by itself, so that what is said of the
/// store is true also where nobody asks for anything to be written.
fn work(connection: &mut Connection, log: &mut Log, queue: &Receiver<Job>, files: &OpenFiles, condition: &Conditions) {
    loop {
        let is_unwritable = condition.is_unwritable();
        let patience = if is_unwritable { Some(BETWEEN_PROBES) } else { log.due_in() };
        let next = match patience {
            Some(patience) => queue.recv_timeout(patience),
            None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match next {
            Ok(job) => {
                // Its transaction is rolled back as it is dropped, and nothing else of the connection changes.
                if catch_unwind(AssertUnwindSafe(|| job(connection, log))).is_err() {
                    tracing::error!("something that was to be written panicked; nothing of it was kept");
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if is_unwritable && files.check().is_ok() && probe(connection).is_ok() {
                    condition.wrote();
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if files.check().is_ok() {
            log.look_after(connection);
        }
    }
}

/// Writes a page of the file as it is.
fn probe(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
