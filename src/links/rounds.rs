//! The slow round of a running bot: the addresses that are due, some of them at a time, behind everything else.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{LinkTally, LinksError, ask_links};
use crate::{
    config::FetchConfig,
    fetch::Fetcher,
    model::LinkOutcome,
    store::{Failure, SourceLink, Store},
};

/// How long after the start the first round comes, and how long after one the next. The terms are ours.
const BEFORE_THE_FIRST: Duration = Duration::from_mins(5);
const BETWEEN_ROUNDS: Duration = Duration::from_mins(30);

/// How many addresses are asked in a round at most.
const IN_A_ROUND: usize = 50;

/// How many addresses that are alive are asked along with those that failed: that these are reached shows that the fault
/// isn't here.
const WITNESSES: usize = 2;

/// The addresses that it's time to ask again, those that were asked longest ago first; where some of them failed last time,
/// with a few that didn't before them.
///
/// # Errors
/// When the records can't be read.
pub fn due_links(store: &Store, now: Timestamp) -> Result<Vec<SourceLink>, Failure> {
    let links = store.reader()?.without_deadline().source_links()?;
    let is_due = |link: &SourceLink| link.state.as_ref().is_none_or(|state| state.is_due(now));
    let (mut due, mut others): (Vec<_>, Vec<_>) = links.into_iter().partition(is_due);
    let asked = |link: &SourceLink| link.state.as_ref().map(|state| state.asked);
    due.sort_by_key(asked);
    if due.iter().any(|link| link.state.as_ref().is_some_and(|state| state.failures > 0)) {
        others.retain(|link| link.state.as_ref().is_some_and(|state| state.answer.outcome == LinkOutcome::Alive));
        others.sort_by_key(asked);
        others.truncate(WITNESSES);
        due.splice(0..0, others);
    }
    Ok(due)
}

/// Asks what is due again and again, for as long as it is polled. What goes wrong is logged, and tried again.
pub async fn run(config: FetchConfig, store: Arc<Store>) {
    tokio::time::sleep(BEFORE_THE_FIRST).await;
    loop {
        match round(&config, &store).await {
            Ok(tally) if tally.asked > 0 => tracing::info!(
                links.asked = tally.asked,
                links.alive = tally.alive,
                links.failed = tally.failed_once.len() + tally.failed_twice.len(),
                links.dead = tally.dead_now.len() + tally.dead_before.len(),
                "asked addresses on record whether they lead to their pages"
            ),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "addresses on record were not asked; it is tried again in half an hour")
            }
        }
        tokio::time::sleep(BETWEEN_ROUNDS).await;
    }
}

async fn round(config: &FetchConfig, store: &Arc<Store>) -> Result<LinkTally, LinksError> {
    let fetcher = Arc::new(Fetcher::new(config)?);
    let records = Arc::clone(store);
    let due = tokio::task::spawn_blocking(move || due_links(&records, Timestamp::now())).await;
    let mut due = due.map_err(|error| LinksError::Ended(error.to_string()))??;
    due.truncate(IN_A_ROUND);
    ask_links(fetcher, Arc::clone(store), due, Timestamp::now, &mut |_| {}).await
}
