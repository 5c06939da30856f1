//! Asking many addresses: a few hosts at a time, the addresses of one host in turn.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::{sync::mpsc, task::JoinSet};
use url::Url;

use super::{
    LinkTally, LinksError, answer,
    doubt::{AskedLink, Doubt},
};
use crate::{
    fetch::{FetchError, Fetcher},
    model::{LinkAnswer, LinkOutcome},
    store::{SourceLink, Store},
};

/// How many hosts are asked at a time. The limit is ours.
const HOSTS: usize = 4;

type FoundLink = Result<AskedLink, FetchError>;

/// Asks addresses and keeps what is found, each as soon as it is. `told` hears how many were asked by now. Whoever stops
/// polling stops the asking.
///
/// # Errors
/// When nothing can be fetched, nothing is reached, or what is found can't be kept.
pub async fn ask_links(
    fetcher: Arc<Fetcher>,
    store: Arc<Store>,
    links: Vec<SourceLink>,
    clock: impl Fn() -> Timestamp,
    told: &mut (dyn FnMut(usize) + Send),
) -> Result<LinkTally, LinksError> {
    let (mut tally, mut doubt) = (LinkTally::default(), Doubt::default());
    let (sender, mut found) = mpsc::channel(HOSTS);
    let waiting = Arc::new(Mutex::new(by_host(links)));
    // They end with this.
    let mut tasks = JoinSet::new();
    for _ in 0..HOSTS {
        tasks.spawn(ask_hosts(Arc::clone(&fetcher), Arc::clone(&waiting), sender.clone()));
    }
    drop(sender);
    let mut asked = 0;
    while let Some(found) = found.recv().await {
        asked += 1;
        told(asked);
        keep(&store, doubt.take(found?), clock(), &mut tally).await?;
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|error| LinksError::Ended(error.to_string()))?;
    }
    keep(&store, doubt.finish()?, clock(), &mut tally).await?;
    Ok(tally)
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

async fn ask_hosts(
    fetcher: Arc<Fetcher>,
    waiting: Arc<Mutex<VecDeque<Vec<SourceLink>>>>,
    sender: mpsc::Sender<FoundLink>,
) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(links) = next else { return };
        for link in links {
            if sender.send(ask(&fetcher, link).await).await.is_err() {
                return;
            }
        }
    }
}

async fn ask(fetcher: &Fetcher, link: SourceLink) -> FoundLink {
    let answer = match Url::parse(link.address.as_str()) {
        Ok(url) => answer(&url, fetcher.look(&url).await)?,
        Err(_) => LinkAnswer { outcome: LinkOutcome::NotAsked, status: None, last: None },
    };
    Ok(AskedLink { link, answer })
}

async fn keep(
    store: &Arc<Store>,
    asked: Vec<AskedLink>,
    at: Timestamp,
    tally: &mut LinkTally,
) -> Result<(), LinksError> {
    for AskedLink { link, answer } in asked {
        let store = Arc::clone(store);
        let (source, address) = (link.source, link.address.clone());
        // The disk may keep one waiting.
        let kept = tokio::task::spawn_blocking(move || store.link_asked(source, &address, answer, at)).await;
        if let Some(state) = kept.map_err(|error| LinksError::Ended(error.to_string()))?? {
            tally.count(&link, &state);
        }
    }
    Ok(())
}
