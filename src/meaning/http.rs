//! What is said of addresses and of what went wrong at them.

use std::error::Error;

use url::Url;

/// An address without what may be secret in it.
pub(super) fn shown(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    let port = address.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", address.scheme(), address.path())
}

/// What lies at the bottom of an error: what is above it tells of layers that nobody asked for.
pub(super) fn reason(error: &dyn Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = cause.to_string();
        source = cause.source();
    }
    reason
}
