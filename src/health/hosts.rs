//! Under which names the health listener may be asked.

use std::net::IpAddr;

use hyper::{Request, Version, header::HOST};

/// The names beside the listener's own address and `localhost`.
#[derive(Debug)]
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    pub(super) fn of(names: Vec<String>) -> Self {
        Self(names)
    }

    /// Whether a request to the address `here` asks for a host that is meant by it. Older versions of HTTP than 1.1 know
    /// no hosts; browsers speak newer ones.
    pub(super) fn allow<T>(&self, request: &Request<T>, here: IpAddr) -> bool {
        let mut named = request.headers().get_all(HOST).iter();
        let by_header = match (named.next(), named.next()) {
            (None, _) => request.version() < Version::HTTP_11,
            (Some(host), None) => host.to_str().is_ok_and(|host| self.is_meant(without_port(host), here)),
            (Some(_), Some(_)) => false,
        };
        by_header && request.uri().host().is_none_or(|host| self.is_meant(host, here))
    }

    fn is_meant(&self, host: &str, here: IpAddr) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) => address.to_canonical() == here.to_canonical() || self.has(host),
            Err(_) => host.eq_ignore_ascii_case("localhost") || self.has(host),
        }
    }

    fn has(&self, host: &str) -> bool {
        self.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// A host without the port behind it, of which an address of IPv6 has colons, too.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !is_bare_ipv6(host) => name,
        _ => host,
    }
}

fn is_bare_ipv6(host: &str) -> bool {
    host.parse::<std::net::Ipv6Addr>().is_ok()
}
