//! A thread that makes vectors behind the answers: all that are missing at first, then those of what is approved.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{MeaningProgress, Search};
use crate::{meaning::Embed, store::Store};

/// How long after an approval its words are embedded at the latest, unless others are before them.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// How long it is waited after a failure.
const AFTER_FAILURE: Duration = Duration::from_mins(1);

/// How often the log says how far it is.
const BETWEEN_REPORTS: Duration = Duration::from_secs(30);

/// Keeps the vectors in step with the history until it is dropped.
#[derive(Debug)]
pub struct MeaningKeeper {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl MeaningKeeper {
    /// Opens the model and keeps the vectors that it makes in step with the history, on a thread of its own. A model that
    /// can't be opened is said in the log, and answers are as without one.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start<E: std::fmt::Display>(
        search: Arc<Search>,
        store: Arc<Store>,
        open: impl FnOnce() -> Result<Option<Arc<dyn Embed>>, E> + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new().name("meaning".to_owned()).spawn(move || {
            let model = match open() {
                Ok(Some(model)) => model,
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, "the model can't be used; messages are checked by their words alone");
                    return;
                }
            };
            match search.use_model(model, &store) {
                Ok(()) => keep(&search, &store, &stopped),
                Err(error) => tracing::warn!(%error, "messages are checked by their words alone until the next start"),
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for MeaningKeeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // What it panicked with stands in the log.
            let _ = thread.join();
        }
    }
}

fn keep(search: &Search, store: &Store, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let mut reported = Instant::now();
        let mut told = |progress: MeaningProgress| {
            if reported.elapsed() > BETWEEN_REPORTS {
                reported = Instant::now();
                tracing::info!(statements = progress.statements, of = progress.of, "making vectors");
            }
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let pause = match search.follow_meaning(store, &mut told) {
            Ok(()) => BETWEEN_LOOKS,
            Err(error) => {
                tracing::warn!(%error, "vectors can't be made for now; what has none is found by its words");
                AFTER_FAILURE
            }
        };
        if !stop.load(Ordering::Relaxed) {
            thread::park_timeout(pause);
        }
    }
}
