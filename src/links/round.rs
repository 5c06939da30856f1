//! Asking many addresses, and keeping what is found.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::{
    LinkTally, LinksError, answer,
    doubt::{AskedLink, Doubt},
    hosts::ByHost,
};
use crate::{
    fetch::{FetchError, Fetcher},
    model::{LinkAnswer, LinkOutcome},
    store::{SourceLink, Store},
};

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
    let mut asking = ByHost::start(links, move |link| ask(Arc::clone(&fetcher), link));
    let mut asked = 0;
    while let Some(found) = asking.next().await? {
        asked += 1;
        told(asked);
        keep(&store, doubt.take(found?), clock(), &mut tally).await?;
    }
    doubt.finish()?;
    Ok(tally)
}

async fn ask(fetcher: Arc<Fetcher>, link: SourceLink) -> Result<AskedLink, FetchError> {
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
