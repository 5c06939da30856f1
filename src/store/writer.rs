//! The thread that owns the only connection that writes.

use std::{
    sync::mpsc::{SyncSender, sync_channel},
    thread::JoinHandle,
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::StoreError;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How many writes may wait. Writes are rare; a full queue makes the next caller wait.
const QUEUE: usize = 64;

#[derive(Debug)]
pub(super) struct Writer {
    /// Taken when the writer is dropped, which ends the thread.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(mut connection: Connection) -> Self {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let thread = std::thread::spawn(move || {
            for job in queue {
                job(&mut connection);
            }
            // The last connection to close folds the log into the file.
        });
        Self { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Runs `work` in a transaction of its own and waits until it is committed. An error of `work`
    /// or of the commit leaves nothing behind.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(work, |transaction| transaction.commit())
    }

    /// As [`Writer::write`], but takes everything back at the end.
    pub(super) fn rehearse<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run(work, |transaction| transaction.rollback())
    }

    /// Folds the write-ahead log into the file and empties it, as far as no reader needs it.
    pub(super) fn empty_log(&self) -> Result<(), StoreError> {
        let (answer, waiting) = sync_channel(1);
        let job: Job = Box::new(move |connection| {
            let done = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            // The caller may be gone.
            let _ = answer.send(done.map_err(StoreError::from));
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        jobs.send(job).map_err(|_| StoreError::Busy)?;
        waiting.recv().map_err(|_| StoreError::Busy)?
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
        end: impl FnOnce(Transaction<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, waiting) = sync_channel(1);
        let job: Job = Box::new(move |connection| {
            let outcome = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(StoreError::from)
                .and_then(|transaction| {
                    let done = work(&transaction)?;
                    end(transaction)?;
                    Ok(done)
                });
            // The caller may be gone; what was committed stays.
            let _ = answer.send(outcome);
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Busy)?;
        jobs.send(job).map_err(|_| StoreError::Busy)?;
        // A panic in a job ends the thread, and with it the channel.
        waiting.recv().map_err(|_| StoreError::Busy)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
