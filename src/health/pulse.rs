//! Looks at what must move: asks it for something small, again and again.

use std::{sync::Arc, time::Duration};

use super::vitals::{Index, Vitals};
use crate::{
    desk::front::{Front, FrontError},
    store::Store,
};

/// How long between two looks: so long a bot may seem ready that isn't.
const BETWEEN: Duration = Duration::from_secs(2);

/// Has the writer begin and take back a transaction. Only one such request waits at any time.
pub(super) async fn of_writer(store: Arc<Store>, vitals: Arc<Vitals>) {
    loop {
        let asked = Arc::clone(&store);
        let outcome = tokio::task::spawn_blocking(move || asked.try_writer()).await;
        if let Ok(outcome) = outcome {
            vitals.wrote(outcome.map_err(|error| error.to_string()));
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Has the desk bring the index to the end of the history, so that it is there before the next question. The
/// request waits in line like any other.
pub(super) async fn of_desk(front: Front, vitals: Arc<Vitals>) {
    loop {
        match front.run(crate::desk::Desk::catch_up).await {
            Ok(Ok(behind)) => {
                vitals.indexed(Index::Behind(behind));
            }
            Ok(Err(error)) => {
                if vitals.indexed(Index::Failed) {
                    tracing::error!(%error, "the search index can't be brought up to the records");
                }
            }
            // A full queue says nothing of the index, and that the desk moves is seen from its work.
            Err(FrontError::Busy) => {}
            Err(FrontError::Lost) => {
                if vitals.indexed(Index::Failed) {
                    tracing::error!("the search index can't be brought up to the records: the work was lost");
                }
            }
        }
        tokio::time::sleep(BETWEEN).await;
    }
}
