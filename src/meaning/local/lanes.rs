//! Threads to work on, one for each text that is worked on at the moment. The multiplications part their work among the
//! threads of the pool that they run in; a text is too little for that, so each of these pools has one thread.

use std::sync::{Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::meaning::ModelFault;

/// The threads that wait for work.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    idle: Mutex<Vec<ThreadPool>>,
}

impl Lanes {
    /// Does some work on a thread that nobody else works on. There come to be as many as are asked for at once.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, ModelFault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let lane = match idle {
            Some(lane) => lane,
            None => {
                let builder = ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "meaning".to_owned());
                builder.build().map_err(|error| ModelFault::Work(error.to_string()))?
            }
        };
        let done = lane.install(work);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(lane);
        Ok(done)
    }
}
