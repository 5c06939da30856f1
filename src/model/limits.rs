//! How much one may ask and hand in.

use std::time::Duration;

/// How much one may ask and hand in, as the operator has configured it.
///
/// The defaults are ours. Requests are counted within [`Limits::WINDOW`]; what waits is counted for a
/// person, whose linked identities count as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests of one person (`ONRECORD_LIMIT_PERSON`).
    pub person: usize,
    /// Requests in one channel (`ONRECORD_LIMIT_CHANNEL`).
    pub channel: usize,
    /// Requests in one community (`ONRECORD_LIMIT_COMMUNITY`).
    pub community: usize,
    /// Requests from everywhere (`ONRECORD_LIMIT_OVERALL`).
    pub overall: usize,
    /// Proposals that wait for a decision (`ONRECORD_OPEN_PROPOSALS`).
    pub open_proposals: usize,
    /// Forms that are being filled in (`ONRECORD_OPEN_FORMS`).
    pub open_forms: usize,
    /// Suggestions that wait (`ONRECORD_OPEN_SUGGESTIONS`).
    pub open_suggestions: usize,
    /// Suggestions within 24 hours, also where they were decided on meanwhile (`ONRECORD_DAILY_SUGGESTIONS`).
    pub daily_suggestions: usize,
}

impl Limits {
    /// The stretch of time that requests are counted in.
    pub const WINDOW: Duration = Duration::from_secs(10);
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            person: 5,
            channel: 20,
            community: 60,
            // Discord lets a bot post 50 messages a second: more than this can't be answered there.
            overall: 400,
            open_proposals: 50,
            open_forms: 5,
            open_suggestions: 10,
            daily_suggestions: 20,
        }
    }
}
