//! Why a page wasn't fetched, each in a sentence.

use std::{net::IpAddr, time::Duration};

/// Why a page wasn't fetched. A page that answers with an error of its own was fetched: its status tells.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Fetching is switched off.
    #[error("pages are not fetched here: ONRECORD_FETCH is off")]
    Off,
    /// What is told of the operator can't be sent.
    #[error("the client that fetches pages can't be made: {reason}")]
    Client {
        /// What is wrong.
        reason: String,
    },
    /// No http and no https.
    #[error("only http and https are fetched, and not {scheme}")]
    Scheme {
        /// The scheme found.
        scheme: String,
    },
    /// A port that isn't one of the web's.
    #[error("{host} is asked on the ports 80 and 443 alone, and not on {port}")]
    Port {
        /// The host.
        host: String,
        /// The port found.
        port: u16,
    },
    /// A user name or password.
    #[error("an address with a user name or password is not fetched")]
    Credentials,
    /// A name that is no public one by its form.
    #[error("{host} is no public name of a website, so it is not asked")]
    LocalName {
        /// The host.
        host: String,
    },
    /// An address that isn't globally routable.
    #[error("{host} is at {address}, which is no public address, so it is not asked")]
    NotPublic {
        /// The host.
        host: String,
        /// Where it is.
        address: IpAddr,
    },
    /// No such name.
    #[error("there is no {host}")]
    NoSuchName {
        /// The host.
        host: String,
    },
    /// The name couldn't be looked up.
    #[error("{host} can't be looked up: {reason}")]
    LookUp {
        /// The host.
        host: String,
        /// What happened.
        reason: String,
    },
    /// Nobody listens there.
    #[error("{host} refuses the connection")]
    ConnectionRefused {
        /// The host.
        host: String,
    },
    /// It can't be reached, or broke off.
    #[error("{host} can't be reached, or broke off: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// What happened.
        reason: String,
    },
    /// The proxy that is to be asked can't be.
    #[error("the proxy of ONRECORD_FETCH_PROXY can't be asked: {reason}")]
    Proxy {
        /// What happened.
        reason: String,
    },
    /// It took too long.
    #[error("{host} didn't answer within {} seconds", .limit.as_secs_f32())]
    TimedOut {
        /// The host.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// The page is too long.
    #[error("{host} sends more than {limit} bytes, which are the most that are read")]
    TooLong {
        /// The host.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// What was sent can't be unpacked.
    #[error("{host} sends what can't be unpacked: {reason}")]
    Encoding {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// It leads on and on.
    #[error("{host} leads on more than {limit} times")]
    TooManyRedirects {
        /// The host that was asked first.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// It leads in a circle.
    #[error("{host} leads back to where it was asked before")]
    Circle {
        /// The host that leads back.
        host: String,
    },
    /// It leads on, and doesn't say where.
    #[error("{host} leads on, and not to a web address")]
    LeadsNowhere {
        /// The host.
        host: String,
    },
    /// Its robots.txt asks not to.
    #[error("the robots.txt of {host} asks that this page isn't fetched by programs")]
    Robots {
        /// The host.
        host: String,
    },
    /// Its robots.txt can't be had, which means that nothing may be fetched (RFC 9309, section 2.3.1.4).
    #[error("the robots.txt of {host} can't be had ({reason}), so nothing is fetched there for now")]
    NoRobots {
        /// The host.
        host: String,
        /// What happened.
        reason: String,
    },
}
