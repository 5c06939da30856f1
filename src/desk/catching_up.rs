//! How often it is tried to bring the index to the history while that fails, as on a full disk.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::search::SearchError;

/// How long after a failure it is tried again.
const BETWEEN_TRIES: Duration = Duration::from_secs(2);

/// When it failed last, as long as it fails.
#[derive(Debug, Default)]
pub(super) struct CatchingUp(Mutex<Option<Instant>>);

impl CatchingUp {
    pub(super) fn may_try(&self, now: Instant) -> bool {
        let failed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_none_or(|at| now.saturating_duration_since(at) >= BETWEEN_TRIES)
    }

    /// The first of several failures is logged.
    pub(super) fn failed(&self, now: Instant, error: &SearchError) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(now).is_none() {
            tracing::error!(%error, "the index can't be brought to what was approved last; answers come from before it");
        }
    }

    pub(super) fn done(&self) {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::warn!("the index has what was approved last again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_again_after_a_while() {
        let (catching_up, start) = (CatchingUp::default(), Instant::now());
        assert!(catching_up.may_try(start));
        catching_up.failed(start, &SearchError::Names("no room".to_owned()));
        assert!(!catching_up.may_try(start + Duration::from_millis(1_900)));
        assert!(catching_up.may_try(start + BETWEEN_TRIES));
        catching_up.done();
        assert!(catching_up.may_try(start));
    }
}
