//! The desk for asynchronous front ends: threads of its own behind a bounded queue.
//!
//! The desk is plain synchronous code that may wait for the disk; a chat's event loop must not. A
//! full queue is said at once, as a reply, and never makes anyone wait without end.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{Builder, JoinHandle},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    Desk, Request, cannot_answer,
    deliveries::{Delivery, MemoryError},
};
use crate::reply::Reply;

/// A piece of work, and since when it waits.
struct Job {
    work: Box<dyn FnOnce(&Desk) + Send>,
    since: Instant,
}

/// How many requests may wait. At a few milliseconds each, the last of them still waits for less
/// than a second.
const QUEUE: usize = 256;

/// Why the desk gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeskHandleError {
    /// The queue is full.
    #[error("the desk is busy")]
    Busy,
    /// The work panicked, or the desk is closed.
    #[error("the desk gave no answer")]
    Lost,
}

/// A handle on the desk; clones share it.
#[derive(Debug, Clone)]
pub struct DeskHandle {
    desk: Arc<Desk>,
    jobs: SyncSender<Job>,
}

/// The threads behind a [`DeskHandle`]: they end when the last handle is gone.
#[derive(Debug)]
pub struct WorkerPool(Vec<JoinHandle<()>>);

impl DeskHandle {
    /// Puts the desk to work on as many threads as there are cores.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(desk: Arc<Desk>) -> std::io::Result<(Self, WorkerPool)> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let count = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        let threads = (0..count).map(|number| {
            let (queue, desk) = (Arc::clone(&queue), Arc::clone(&desk));
            Builder::new().name(format!("desk-{number}")).spawn(move || work(&queue, &desk))
        });
        let threads = threads.collect::<Result<_, _>>()?;
        Ok((Self { desk, jobs }, WorkerPool(threads)))
    }

    /// The desk itself, for what it answers from memory without waiting for anything.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Answers a request. There is always a reply.
    pub async fn answer(&self, request: Request) -> Reply {
        let platform = request.actor.platform();
        match self.run(move |desk| desk.answer(&request)).await {
            Ok(reply) => reply,
            Err(DeskHandleError::Busy) => {
                self.desk.metrics().refused_as_busy(platform);
                cannot_answer("Too much is asked at once. Ask again in a moment.")
            }
            Err(DeskHandleError::Lost) => {
                cannot_answer("Something failed inside; nothing was changed. Ask again later.")
            }
        }
    }

    /// Remembers answers. Where the desk is too busy for that they are held, and written with the next corrections.
    ///
    /// # Errors
    /// When the database is damaged.
    pub async fn remember(&self, deliveries: Vec<Delivery>) -> Result<(), MemoryError> {
        let kept = deliveries.clone();
        match self.run(move |desk| desk.delivered(kept)).await {
            Ok(outcome) => outcome,
            // What was written all the same is written once more, as the same.
            Err(DeskHandleError::Busy | DeskHandleError::Lost) => {
                self.desk.hold(deliveries);
                Ok(())
            }
        }
    }

    /// Writes something that answers can do without: a failure is logged.
    pub async fn write(&self, work: impl FnOnce(&Desk) -> Result<(), MemoryError> + Send + 'static) {
        match self.run(work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what belongs to an answer was not kept"),
            Err(error) => tracing::warn!(%error, "what belongs to an answer was not kept"),
        }
    }

    /// Runs work on the desk, off the event loop.
    ///
    /// # Errors
    /// When the queue is full or the work panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> T + Send + 'static,
    ) -> Result<T, DeskHandleError> {
        let (answer, waiting) = oneshot::channel();
        let work = Box::new(move |desk: &Desk| {
            // Whoever asked may have left.
            let _ = answer.send(work(desk));
        });
        self.desk.metrics().queued();
        self.jobs.try_send(Job { work, since: Instant::now() }).map_err(|error| {
            self.desk.metrics().left_the_queue(None);
            match error {
                TrySendError::Full(_) => DeskHandleError::Busy,
                TrySendError::Disconnected(_) => DeskHandleError::Lost,
            }
        })?;
        waiting.await.map_err(|_| DeskHandleError::Lost)
    }
}

impl WorkerPool {
    /// Waits until the threads have finished what is queued, but not for longer than that; every [`DeskHandle`] must be
    /// dropped first. Says whether they have.
    #[must_use]
    pub fn finish(self, within: Duration) -> bool {
        let (done, waiting) = sync_channel(1);
        let waiter = Builder::new().spawn(move || {
            for thread in self.0 {
                // A panic was reported when it happened.
                let _ = thread.join();
            }
            let _ = done.send(());
        });
        waiter.is_ok() && waiting.recv_timeout(within).is_ok()
    }
}

/// One thread: takes the jobs in order of arrival. A job that panics costs its own answer only.
fn work(queue: &Mutex<Receiver<Job>>, desk: &Desk) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { work, since }) = next else { return };
        desk.metrics().left_the_queue(Some(since.elapsed()));
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(desk))).is_err() {
            tracing::error!("a request panicked");
        }
        desk.metrics().job_done();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Sender;

    use super::*;
    use crate::{search::Search, store::Store};

    fn desk() -> (tempfile::TempDir, Arc<Desk>) {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&folder.path().join("onrecord.db")).unwrap());
        let search = Arc::new(Search::open(&folder.path().join("index"), &store).unwrap());
        (folder, Arc::new(Desk::new(store, search)))
    }

    /// Gives each of the threads something to wait for, until what comes back is dropped, and has so many more wait in
    /// the queue.
    async fn occupy(
        front: &DeskHandle,
        staff: &WorkerPool,
        more: usize,
    ) -> (Vec<tokio::task::JoinHandle<()>>, Sender<()>) {
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let (begun, beginning) = std::sync::mpsc::channel();
        let wait = || {
            let (front, gate, begun) = (front.clone(), Arc::clone(&gate), begun.clone());
            tokio::spawn(async move {
                let work = move |_: &Desk| {
                    let _ = begun.send(());
                    let _ = gate.lock().unwrap_or_else(PoisonError::into_inner).recv();
                };
                front.run(work).await.unwrap();
            })
        };
        let mut waiting: Vec<_> = staff.0.iter().map(|_| wait()).collect();
        for _ in 0..staff.0.len() {
            while beginning.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
        }
        waiting.extend((0..more).map(|_| wait()));
        while usize::try_from(front.desk().metrics().queue_depth()).unwrap() < more {
            tokio::task::yield_now().await;
        }
        (waiting, open)
    }

    #[tokio::test]
    async fn an_answer_that_a_busy_desk_can_not_write_down_is_held_and_written_later() {
        let (_folder, desk) = desk();
        let (front, staff) = DeskHandle::open(Arc::clone(&desk)).unwrap();
        let (waiting, open) = occupy(&front, &staff, QUEUE).await;
        assert_eq!(front.run(|_| ()).await, Err(DeskHandleError::Busy));
        let delivery = Delivery {
            platform: crate::model::Platform::Discord,
            question: "1".to_owned(),
            channel: "2".to_owned(),
            answer: "3".to_owned(),
            entries: vec!["S1".to_owned()],
            as_of: None,
            at: jiff::Timestamp::from_millisecond(1_795_521_600_000).unwrap(),
        };
        front.remember(vec![delivery.clone()]).await.unwrap();
        let stored = || desk.store().reader().unwrap().delivery(delivery.platform, "1").unwrap();
        assert_eq!((stored(), desk.delivery(delivery.platform, "1").unwrap()), (None, Some(delivery.clone())));
        drop(open);
        for job in waiting {
            job.await.unwrap();
        }
        desk.write_held().unwrap();
        assert_eq!(stored(), Some(delivery));
    }

    #[tokio::test]
    async fn what_waits_and_what_was_done_is_counted_and_a_desk_that_hangs_is_not_waited_for() {
        let (_folder, desk) = desk();
        let metrics = Arc::clone(desk.metrics());
        let (front, staff) = DeskHandle::open(desk).unwrap();
        for number in 0..20 {
            assert_eq!(front.run(move |_| number).await, Ok(number));
        }
        assert_eq!(metrics.queue_depth(), 0);
        let (waiting, open) = occupy(&front, &staff, staff.0.len()).await;
        for job in waiting {
            job.abort();
            let _ = job.await;
        }
        drop(front);
        assert!(!staff.finish(Duration::from_millis(50)));
        drop(open);
    }
}
