//! Looks at what must move: asks it for something small, again and again.

use std::{sync::Arc, time::Duration};

use super::liveness::{Index, Liveness};
use crate::{
    desk::worker_pool::{DeskHandle, DeskHandleError},
    store::Store,
};

/// How long between two looks: so long a bot may seem ready that isn't.
const BETWEEN: Duration = Duration::from_secs(2);

/// Has the writer begin and take back a transaction. Only one such request waits at any time.
pub(super) async fn of_writer(store: Arc<Store>, liveness: Arc<Liveness>) {
    loop {
        let asked = Arc::clone(&store);
        let outcome = tokio::task::spawn_blocking(move || asked.try_writer()).await;
        if let Ok(outcome) = outcome {
            liveness.wrote(outcome.map_err(|error| error.to_string()));
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Has the desk bring the index to the end of the history, so that it is there before the next question. The
/// request waits in line like any other.
pub(super) async fn of_desk(handle: DeskHandle, liveness: Arc<Liveness>) {
    loop {
        match handle.run(crate::desk::Desk::catch_up).await {
            Ok(Ok(behind)) => {
                liveness.indexed(Index::Behind(behind));
            }
            Ok(Err(error)) => {
                if liveness.indexed(Index::Failed) {
                    tracing::error!(%error, "the search index can't be brought up to the records");
                }
            }
            // A full queue says nothing of the index, and that the desk moves is seen from its work.
            Err(DeskHandleError::Busy) => {}
            Err(DeskHandleError::Lost) => {
                if liveness.indexed(Index::Failed) {
                    tracing::error!("the search index can't be brought up to the records: the work was lost");
                }
            }
        }
        tokio::time::sleep(BETWEEN).await;
    }
}
