//! What the stand-in writes down: every request with its time and answer, and every broken rule.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::faults::Trouble;
use super::ids::InteractionId;

/// One request of the bot's.
#[derive(Clone, Debug)]
pub(crate) struct RequestRecord {
    /// When it arrived.
    pub(crate) at: Instant,
    /// How long the stand-in took to answer.
    pub(crate) took: Duration,
    /// The HTTP method.
    pub(crate) method: String,
    /// The path as it was asked for, without the `/api/v10` prefix.
    pub(crate) path: String,
    /// The query string.
    pub(crate) query: String,
    /// Discord's name of the operation; `None` if there is no such route.
    pub(crate) operation: Option<String>,
    /// The JSON body; null if there was none.
    pub(crate) body: Value,
    /// The names of the files that came along.
    pub(crate) files: Vec<String>,
    /// The status answered; 0 if the connection was reset.
    pub(crate) status: u16,
    /// Discord's JSON error code, if the request was refused.
    pub(crate) code: Option<u32>,
    /// The trouble that a test had ordered for it.
    pub(crate) trouble: Option<Trouble>,
}

/// The whole record.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) requests: Vec<RequestRecord>,
    pub(super) violations: Vec<String>,
    pub(super) late: Vec<InteractionId>,
    /// How many requests have arrived and are not answered yet.
    pub(super) in_flight: usize,
    /// Whether bodies are left out, so that a load test keeps its memory.
    pub(super) without_bodies: bool,
}
