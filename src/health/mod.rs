//! How a running bot stands, for those who watch over it: an HTTP listener, and the service manager.
//!
//! All of it runs on a thread of its own, beside the bots' event loop and the desk's threads. What it wants to
//! know of the records it asks the desk for, in the desk's own queue, so that it never takes a place from those
//! who ask.

mod heartbeat;
mod hosts;
mod listener;
mod liveness;
mod places;
mod service;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
};

use tokio::sync::oneshot;

use crate::{config::HealthConfig, desk::worker_pool::DeskHandle};
use hosts::Hosts;
use liveness::Liveness;
use service::Service;

/// Why the health listener can't start.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// Nothing can listen there.
    #[error(
        "ONRECORD_HEALTH is {address}, and nothing can listen there: {source}; name another address or port, or leave it empty to do without"
    )]
    Bind {
        /// The address as it is set.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no thread.
    #[error("the health listener can't be started: {0}")]
    Thread(#[from] io::Error),
}

/// The watch over a running bot. To be stopped before the desk is closed.
#[derive(Debug)]
pub struct Health {
    address: Option<SocketAddr>,
    liveness: Arc<Liveness>,
    service: Arc<Service>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// A handle for those who change how the bot stands; clones share it.
#[derive(Debug, Clone)]
pub struct HealthReport {
    liveness: Arc<Liveness>,
    service: Arc<Service>,
}

impl Health {
    /// Begins to watch over a desk, and to listen where that is configured.
    ///
    /// # Errors
    /// When nothing can listen at the address.
    pub fn start(config: Option<HealthConfig>, handle: DeskHandle) -> Result<Self, HealthError> {
        let listener = match config {
            Some(config) => Some((bind(config.address)?, Hosts::of(config.hosts))),
            None => None,
        };
        let address = listener.as_ref().map(|(listener, _)| listener.local_addr()).transpose()?;
        let liveness = Arc::new(Liveness::new(Arc::clone(handle.desk().metrics())));
        let service = Arc::new(Service::of_environment()?);
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (watched, told) = (Arc::clone(&liveness), Arc::clone(&service));
        let thread = std::thread::Builder::new().name("health".to_owned()).spawn(move || {
            runtime.block_on(async move {
                tokio::spawn(heartbeat::of_writer(Arc::clone(handle.desk().store()), Arc::clone(&watched)));
                tokio::spawn(heartbeat::of_desk(handle.clone(), Arc::clone(&watched)));
                tokio::spawn(service::keep_told(told, Arc::clone(&watched)));
                if let Some((listener, hosts)) = listener {
                    tokio::spawn(listener::listen(listener, hosts, handle, watched));
                }
                let _ = stopped.await;
            });
            // A writer that doesn't answer is not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, liveness, service, stop, thread })
    }

    /// Where it listens, if it does: with the port that it got.
    #[must_use]
    pub const fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// A handle for those who change how the bot stands.
    #[must_use]
    pub fn standing(&self) -> HealthReport {
        HealthReport { liveness: Arc::clone(&self.liveness), service: Arc::clone(&self.service) }
    }

    /// Stops listening and gives the desk back.
    pub fn stop(self) {
        let _ = self.stop.send(());
        // A panic was reported when it happened.
        let _ = self.thread.join();
    }
}

impl HealthReport {
    /// The bot ends: it is not ready any more, and the service manager is told.
    pub fn stopping(&self) {
        self.liveness.stopping();
        self.service.stopping();
    }

    /// The settings are being read again.
    pub fn reloading(&self) {
        self.service.reloading();
    }

    /// The settings were read again, with or without success.
    pub fn reloaded(&self) {
        self.service.reloaded();
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, HealthError> {
    let listener = TcpListener::bind(address).map_err(|source| HealthError::Bind { address, source })?;
    listener.set_nonblocking(true)?;
    tracing::info!(health.address = %listener.local_addr()?, "the health listener is there");
    Ok(listener)
}
