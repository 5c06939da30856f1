//! Working through many addresses: a few hosts at a time, the addresses of one host in turn.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::mpsc, task::JoinSet};

use super::LinksError;
use crate::store::SourceLink;

/// How many hosts are asked at a time. The limit is ours.
const HOSTS: usize = 4;

/// The addresses of each host that nobody works on yet.
type Waiting = Arc<Mutex<VecDeque<Vec<SourceLink>>>>;

/// The work, which ends with this value, and what comes of it.
pub(super) struct ByHost<T> {
    tasks: JoinSet<()>,
    results: mpsc::Receiver<T>,
}

impl<T: Send + 'static> ByHost<T> {
    /// Begins to do something with each address.
    pub(super) fn start<F, W>(links: Vec<SourceLink>, work: F) -> Self
    where
        F: Fn(SourceLink) -> W + Clone + Send + Sync + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        let (sender, results) = mpsc::channel(HOSTS);
        let waiting: Waiting = Arc::new(Mutex::new(by_host(links)));
        let mut tasks = JoinSet::new();
        for _ in 0..HOSTS {
            let (waiting, sender, work) = (Arc::clone(&waiting), sender.clone(), work.clone());
            tasks.spawn(async move {
                while let Some(links) = next_host(&waiting) {
                    for link in links {
                        if sender.send(work(link).await).await.is_err() {
                            return;
                        }
                    }
                }
            });
        }
        Self { tasks, results }
    }

    /// What came next of an address, in the order in which it comes; `None` once all are through.
    pub(super) async fn next(&mut self) -> Result<Option<T>, LinksError> {
        if let Some(result) = self.results.recv().await {
            return Ok(Some(result));
        }
        while let Some(ended) = self.tasks.join_next().await {
            ended.map_err(|error| LinksError::Ended(error.to_string()))?;
        }
        Ok(None)
    }
}

fn next_host(waiting: &Waiting) -> Option<Vec<SourceLink>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// The addresses of each host, those of hosts with many first: they take longest.
fn by_host(links: Vec<SourceLink>) -> VecDeque<Vec<SourceLink>> {
    let mut hosts: BTreeMap<String, Vec<SourceLink>> = BTreeMap::new();
    for link in links {
        hosts.entry(link.address.host().to_owned()).or_default().push(link);
    }
    let mut hosts: Vec<Vec<SourceLink>> = hosts.into_values().collect();
    hosts.sort_by_key(|links| std::cmp::Reverse(links.len()));
    hosts.into()
}
