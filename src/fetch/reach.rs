//! Where a page may be fetched from: which addresses are refused by their form, and which by what their name stands for.

use std::{
    collections::BTreeSet,
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use url::{Host, Url};

use super::{FetchError, public::is_public};

/// The ports of the web.
const PORTS: [u16; 2] = [80, 443];

/// Ends of names that no public name has (RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`).
const NOT_PUBLIC: [&str; 5] = ["localhost", "local", "internal", "home.arpa", "onion"];

/// What gives the addresses of a name.
type LookUp = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

/// What may be reached, and how names are looked up.
#[derive(Clone, Default)]
pub struct Reach {
    /// `None`: as the system does.
    look_up: Option<Arc<LookUp>>,
    /// What is reached though it isn't public.
    besides: BTreeSet<SocketAddr>,
}

impl fmt::Debug for Reach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reach").field("besides", &self.besides).finish_non_exhaustive()
    }
}

impl Reach {
    /// All that is public, by the names that the system knows.
    #[must_use]
    pub fn public() -> Self {
        Self::default()
    }

    /// The same, with names looked up in another way, and with these sockets, for servers of a test. No setting leads here.
    #[must_use]
    pub fn with(
        look_up: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
        besides: impl IntoIterator<Item = SocketAddr>,
    ) -> Self {
        Self { look_up: Some(Arc::new(look_up)), besides: besides.into_iter().collect() }
    }

    /// Whether an address may be asked as far as its form tells. Gives its host and port.
    pub(super) fn check(&self, url: &Url) -> Result<(String, u16), FetchError> {
        if !["http", "https"].contains(&url.scheme()) {
            return Err(FetchError::Scheme { scheme: url.scheme().to_owned() });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Credentials);
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(FetchError::LeadsNowhere { host: String::new() });
        };
        let shown = host.to_string();
        if !PORTS.contains(&port) && !self.besides.iter().any(|socket| socket.port() == port) {
            return Err(FetchError::Port { host: shown, port });
        }
        // `url` has read every notation of an IPv4 address as one: in octal, in hexadecimal, as one number.
        match host {
            Host::Ipv4(address) => self.check_address(&shown, address.into(), port)?,
            Host::Ipv6(address) => self.check_address(&shown, address.into(), port)?,
            Host::Domain(name) => {
                let name = name.trim_end_matches('.');
                let is_local =
                    |end: &str| name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                if !name.contains('.') || NOT_PUBLIC.iter().any(|end| is_local(end)) {
                    return Err(FetchError::LocalName { host: shown });
                }
            }
        }
        Ok((shown, port))
    }

    fn check_address(&self, host: &str, address: IpAddr, port: u16) -> Result<(), FetchError> {
        if is_public(address) || self.besides.contains(&SocketAddr::new(address, port)) {
            return Ok(());
        }
        Err(FetchError::NotPublic { host: host.to_owned(), address })
    }

    /// Where a host is that was checked: the addresses that may be connected to, which is one at least.
    pub(super) async fn find(&self, url: &Url) -> Result<Vec<SocketAddr>, FetchError> {
        let (host, port) = self.check(url)?;
        let addresses = match url.host() {
            Some(Host::Ipv4(address)) => vec![address.into()],
            Some(Host::Ipv6(address)) => vec![address.into()],
            Some(Host::Domain(_)) | None => self.look_up(&host).await?,
        };
        let mut refused = FetchError::NoSuchName { host: host.clone() };
        let mut found = Vec::new();
        for address in addresses {
            match self.check_address(&host, address, port) {
                Ok(()) => found.push(SocketAddr::new(address, port)),
                Err(error) => refused = error,
            }
        }
        if found.is_empty() { Err(refused) } else { Ok(found) }
    }

    async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, FetchError> {
        let found = match &self.look_up {
            Some(look_up) => look_up(host),
            None => tokio::net::lookup_host((host, 0)).await.map(|found| found.map(|socket| socket.ip()).collect()),
        };
        found.map_err(|error| {
            let host = host.to_owned();
            if says_no_such_name(&error) {
                FetchError::NoSuchName { host }
            } else {
                FetchError::LookUp { host, reason: error.to_string() }
            }
        })
    }
}

/// Whether the system says that a name doesn't exist, rather than that it can't be looked up just now. The standard library
/// hands on its words alone: those of glibc, musl and Apple's library. What isn't known doesn't count.
fn says_no_such_name(error: &io::Error) -> bool {
    let words = error.to_string();
    let known = [
        "Name or service not known",
        "Name does not resolve",
        "nodename nor servname provided",
        "No such host is known",
    ];
    error.kind() == io::ErrorKind::NotFound || known.iter().any(|known| words.contains(known))
}
