//! At most one request to a host in a while, however many want to ask it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// When each host may be asked again.
#[derive(Debug)]
pub(super) struct Pace {
    between: Duration,
    hosts: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Instant>>>>>,
}

impl Pace {
    pub(super) fn new(between: Duration) -> Self {
        Self { between, hosts: Mutex::default() }
    }

    /// Waits until a host may be asked. Those who wait come in turn.
    pub(super) async fn wait(&self, host: &str) {
        let turn = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host.to_owned()).or_default())
        };
        let mut free = turn.lock().await;
        if let Some(free) = *free {
            sleep_until(free).await;
        }
        *free = Some(Instant::now() + self.between);
    }
}
