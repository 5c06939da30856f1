//! Fetching pages of strangers: what an address on record leads to, or one that someone hands in.
//!
//! Whoever can name an address must not reach through this program what only this machine reaches. So an address is refused by
//! its form or by what its name stands for before anything is sent; the connection goes to the very addresses that were
//! checked; and each page that it leads on to is checked anew. Of robots.txt, of pace, of time and of size it keeps limits of
//! its own. It knows nothing of records.

mod body;
mod client;
mod error;
mod fetcher;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod pace;
mod public;
mod reach;
mod robots;

use std::time::Duration;

use url::Url;

pub use client::{bottom, client};
pub use error::FetchError;
pub use fetcher::Fetcher;
#[cfg(any(test, fuzzing))]
pub(crate) use fuzz::fuzz_robots;
pub use reach::Reach;

/// How much is spent on one page. The limits are ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLimits {
    /// How long one page may take in all, with what it leads on to, but without waiting for one's turn.
    pub time: Duration,
    /// The most bytes that a page may have, unpacked.
    pub bytes: usize,
    /// How long after one request to a host the next one comes.
    pub pace: Duration,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(10), bytes: 2 * 1024 * 1024, pace: Duration::from_secs(5) }
    }
}

/// How often an address may lead on to another one.
pub const REDIRECTS: usize = 5;

/// A page as it was fetched: what was asked and answered on the way there, the page itself last.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Each request with its answer; one at least.
    pub exchanges: Vec<Exchange>,
    /// The page, unpacked.
    pub body: Vec<u8>,
}

/// A request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// What was asked for.
    pub url: Url,
    /// The request's headers, in order.
    pub asked: Vec<(String, String)>,
    /// The answer's status.
    pub status: u16,
    /// What stands behind the status, where that is usual.
    pub reason: &'static str,
    /// The answer's headers, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// What was sent, as it was packed.
    pub sent: Vec<u8>,
}

/// What an address leads to, as far as can be told without reading the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// The address that answered at last.
    pub last: Url,
    /// What it answered.
    pub status: u16,
}
