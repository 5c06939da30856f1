//! Merging the small pieces that approvals leave behind in the index.
//!
//! Each approval writes a segment of its own, and an answer looks into every segment. So small ones are merged, behind
//! the answers' back: what was approved is in the next answer before its segment is merged with others.

use std::{
    sync::{Mutex, PoisonError},
    thread::{Builder, JoinHandle},
};

use tantivy::{IndexWriter, indexer::LogMergePolicy};

/// The largest segment that is merged with others, in documents. Merging a few of them takes seconds, for which the next
/// approval would have to wait.
const LARGEST: usize = 10_000;

/// The merges under way, at most one writer's at a time. Dropping it waits for them, so that the index can be opened
/// again.
#[derive(Debug, Default)]
pub(super) struct Merging(Mutex<Option<JoinHandle<()>>>);

impl Merging {
    /// Has a writer merge what is small when it commits.
    pub(super) fn prepare(writer: &IndexWriter) {
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(LARGEST);
        writer.set_merge_policy(Box::new(policy));
    }

    /// Lets a writer that has committed finish its merges on a thread of its own, and then does `done`.
    pub(super) fn begin(&self, writer: IndexWriter, done: impl FnOnce() + Send + 'static) {
        let merge = move || {
            if let Err(error) = writer.wait_merging_threads() {
                tracing::warn!(%error, "small pieces of the index could not be merged; it is tried again later");
            }
            done();
        };
        match Builder::new().name("index-merge".to_owned()).spawn(merge) {
            Ok(thread) => *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread),
            Err(error) => {
                tracing::warn!(%error, "no thread for merging small pieces of the index; it is tried again later")
            }
        }
    }

    /// Waits until nothing is merged any more. To be called before the index is written.
    pub(super) fn finish(&self) {
        let thread = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic was reported when it happened; what was not merged still stands there.
            let _ = thread.join();
        }
    }
}

impl Drop for Merging {
    fn drop(&mut self) {
        self.finish();
    }
}
