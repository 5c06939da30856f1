//! How far the events of the homeserver are worked through. Each answer to a sync is a stage; when it
//! and all before it are done, its end is noted, and from there a restart goes on. What was begun and
//! not finished comes again, and is known by the answers that are on record.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

/// The stages that are at work.
#[derive(Debug, Default)]
pub(super) struct Progress {
    state: Mutex<State>,
    /// Told when more is done.
    advanced: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    open: BTreeMap<u64, Stage>,
    /// The last place up to which all is done, until it was taken to be noted.
    reached: Option<String>,
    /// Whether no further place is reached.
    halted: bool,
}

#[derive(Debug)]
struct Stage {
    position: String,
    left: usize,
}

/// A part of a stage; done when it is dropped.
#[derive(Debug)]
pub(super) struct Task {
    progress: Arc<Progress>,
    stage: u64,
}

impl Progress {
    /// Begins a stage that ends at `position`, with its first task.
    pub(super) fn begin(self: &Arc<Self>, position: String) -> Task {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let stage = state.next;
        state.next += 1;
        state.open.insert(stage, Stage { position, left: 1 });
        Task { progress: Arc::clone(self), stage }
    }

    /// A task of no stage: what it works on came late, and no place waits for it.
    pub(super) fn begin_late(self: &Arc<Self>) -> Task {
        Task { progress: Arc::clone(self), stage: u64::MAX }
    }

    /// From now on no further place is reached: what is at work can't be done, and is to come again.
    pub(super) fn halt(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).halted = true;
    }

    /// Whether nothing more counts as done.
    pub(super) fn is_halted(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).halted
    }

    /// Waits until there is a new place to be noted, and takes it.
    pub(super) async fn reached(&self) -> String {
        loop {
            let advanced = self.advanced.notified();
            if let Some(position) = self.take() {
                return position;
            }
            advanced.await;
        }
    }

    /// The place to be noted, if there is a new one.
    pub(super) fn take(&self) -> Option<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).reached.take()
    }
}

impl Task {
    /// Another task of the same stage.
    pub(super) fn another(&self) -> Self {
        let mut state = self.progress.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stage) = state.open.get_mut(&self.stage) {
            stage.left += 1;
        }
        Self { progress: Arc::clone(&self.progress), stage: self.stage }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let mut state = self.progress.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stage) = state.open.get_mut(&self.stage) {
            stage.left = stage.left.saturating_sub(1);
        }
        while !state.halted
            && let Some(first) = state.open.first_entry()
            && first.get().left == 0
        {
            let done = first.remove();
            state.reached = Some(done.position);
        }
        drop(state);
        self.progress.advanced.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_reached_when_all_before_it_is_done() {
        let progress = Arc::new(Progress::default());
        let (first, second) = (progress.begin("1".to_owned()), progress.begin("2".to_owned()));
        let more = first.another();
        drop(second);
        assert_eq!(progress.take(), None);
        drop(first);
        assert_eq!(progress.take(), None);
        drop(more);
        assert_eq!((progress.take().as_deref(), progress.take()), (Some("2"), None));
    }

    #[test]
    fn what_was_reached_counts_and_nothing_after_a_halt() {
        let progress = Arc::new(Progress::default());
        let (first, second) = (progress.begin("1".to_owned()), progress.begin("2".to_owned()));
        drop(first);
        progress.halt();
        drop(second);
        assert!(progress.is_halted());
        assert_eq!((progress.take().as_deref(), progress.take()), (Some("1"), None));
    }
}
