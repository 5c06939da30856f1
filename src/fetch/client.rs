//! What asks over HTTP: under which name, through which proxy, without cookies and without following anything.

use std::{error::Error, net::SocketAddr, sync::Arc};

use reqwest::{
    Client, Proxy,
    dns::{Name, Resolve, Resolving},
    redirect::Policy,
};

use super::FetchError;
use crate::config::FetchConfig;

/// Knows no name: what is asked was looked up before.
struct Nowhere;

impl Resolve for Nowhere {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        Box::pin(async move { Err(format!("{name} was not looked up").into()) })
    }
}

/// The name under which pages are asked for: with whom to turn to, where the operator says it.
pub(super) fn agent(config: &FetchConfig) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match &config.contact {
        Some(contact) => format!("Onrecord/{version} (+{contact})"),
        None => format!("Onrecord/{version}"),
    }
}

/// A client for a service that is trusted, through the same proxy and under the same name as pages are fetched. It follows
/// nothing.
///
/// # Errors
/// When fetching is off, or the proxy's address can't be used.
pub fn client(config: &FetchConfig) -> Result<Client, FetchError> {
    build(config, None)
}

/// A client that connects to these addresses of a host and to nothing else; through a proxy, wherever that finds the host.
pub(super) fn to(config: &FetchConfig, host: &str, addresses: &[SocketAddr]) -> Result<Client, FetchError> {
    build(config, Some((host, addresses)))
}

fn build(config: &FetchConfig, only: Option<(&str, &[SocketAddr])>) -> Result<Client, FetchError> {
    if !config.on {
        return Err(FetchError::Off);
    }
    let fail = |error: &dyn Error| FetchError::Client { reason: bottom(error) };
    // Whatever proxy the environment names is for others.
    let mut builder = Client::builder().no_proxy().redirect(Policy::none()).user_agent(agent(config));
    // What is packed is unpacked within limits, whatever others have this client's crate do.
    builder = builder.no_gzip().no_brotli().no_deflate().no_zstd();
    if let Some(proxy) = &config.proxy {
        builder = builder.proxy(Proxy::all(proxy.clone()).map_err(|error| fail(&error))?);
    } else if let Some((host, addresses)) = only {
        builder = builder.dns_resolver(Arc::new(Nowhere)).resolve_to_addrs(host, addresses);
    }
    builder.build().map_err(|error| fail(&error))
}

/// What lies at the bottom of an error: what is above it tells of layers that nobody asked for.
#[must_use]
pub fn bottom(error: &dyn Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = cause.to_string();
        source = cause.source();
    }
    reason
}

/// Whether a connection was refused, which is told at the bottom of what the client says.
pub(super) fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return true;
        }
        cause = error.source();
    }
    false
}
