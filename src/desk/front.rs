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
};

use tokio::sync::oneshot;

use super::{Desk, Request, cannot_answer};
use crate::reply::Reply;

type Job = Box<dyn FnOnce(&Desk) + Send>;

/// How many requests may wait. At a few milliseconds each, the last of them still waits for less
/// than a second.
const QUEUE: usize = 256;

/// Why the desk gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontError {
    /// The queue is full.
    #[error("the desk is busy")]
    Busy,
    /// The work panicked, or the desk is closed.
    #[error("the desk gave no answer")]
    Lost,
}

/// A handle on the desk; clones share it.
#[derive(Debug, Clone)]
pub struct Front {
    desk: Arc<Desk>,
    jobs: SyncSender<Job>,
}

/// The threads behind a [`Front`]: they end when the last handle is gone.
#[derive(Debug)]
pub struct Staff(Vec<JoinHandle<()>>);

impl Front {
    /// Puts the desk to work on as many threads as there are cores.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open(desk: Arc<Desk>) -> std::io::Result<(Self, Staff)> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let count = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        let threads = (0..count).map(|number| {
            let (queue, desk) = (Arc::clone(&queue), Arc::clone(&desk));
            Builder::new().name(format!("desk-{number}")).spawn(move || work(&queue, &desk))
        });
        let threads = threads.collect::<Result<_, _>>()?;
        Ok((Self { desk, jobs }, Staff(threads)))
    }

    /// The desk itself, for what it answers from memory without waiting for anything.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Answers a request. There is always a reply.
    pub async fn answer(&self, request: Request) -> Reply {
        match self.run(move |desk| desk.answer(&request)).await {
            Ok(reply) => reply,
            Err(FrontError::Busy) => cannot_answer("Too much is asked at once. Ask again in a moment."),
            Err(FrontError::Lost) => cannot_answer("Something failed inside; nothing was changed. Ask again later."),
        }
    }

    /// Runs work on the desk, off the event loop.
    ///
    /// # Errors
    /// When the queue is full or the work panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> T + Send + 'static,
    ) -> Result<T, FrontError> {
        let (answer, waiting) = oneshot::channel();
        let job: Job = Box::new(move |desk| {
            // Whoever asked may have left.
            let _ = answer.send(work(desk));
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => FrontError::Busy,
            TrySendError::Disconnected(_) => FrontError::Lost,
        })?;
        waiting.await.map_err(|_| FrontError::Lost)
    }
}

impl Staff {
    /// Waits until the threads have finished what is queued; every [`Front`] must be dropped first.
    pub fn finish(self) {
        for thread in self.0 {
            // A panic was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// One thread: takes the jobs in order of arrival. A job that panics costs its own answer only.
fn work(queue: &Mutex<Receiver<Job>>, desk: &Desk) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(desk))).is_err() {
            tracing::error!("a request panicked");
        }
    }
}
