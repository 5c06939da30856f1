//! Roles: what a person may do with the records, and on whose word.

use std::collections::BTreeSet;

use super::{Identity, Limits};

super::vocabulary! {
    /// What a person may do with the records; each role may do what those before it may.
    pub enum Role {
        /// May ask. Everyone may.
        Reader = "reader",
        /// May propose changes.
        Contributor = "contributor",
        /// May decide on what others proposed.
        Reviewer = "reviewer",
        /// May give roles, import and change settings.
        Admin = "admin",
    }
}

/// On whose word roles rest beside those that admins gave: what the operator has configured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authority {
    /// The first admins (`ONRECORD_ADMINS`).
    pub admins: BTreeSet<Identity>,
    /// Whether the only reviewer may approve what they proposed themselves (`ONRECORD_SOLO`).
    pub solo: bool,
    /// The most characters that a quote may have (`ONRECORD_QUOTE_LIMIT`).
    pub quote_limit: usize,
    /// The channels in which new proposals are announced (`ONRECORD_REVIEW_CHANNELS`).
    pub review_channels: Vec<Identity>,
    /// For how many days the bot's messages are corrected (`ONRECORD_CORRECTION_DAYS`).
    pub correction_days: i64,
    /// How much one may ask and hand in.
    pub limits: Limits,
}

impl Authority {
    /// The most characters of a quote where nothing else is set. The limit is ours: a quote shows the
    /// speaker's words, it doesn't reprint the report.
    pub const QUOTE_LIMIT: usize = 500;

    /// For how many days messages are corrected where nothing else is set.
    pub const CORRECTION_DAYS: i64 = 30;

    /// An authority of these first admins, with everything else as it is without configuration.
    #[must_use]
    pub fn of(admins: impl IntoIterator<Item = Identity>) -> Self {
        Self {
            admins: admins.into_iter().collect(),
            solo: false,
            quote_limit: Self::QUOTE_LIMIT,
            review_channels: Vec::new(),
            correction_days: Self::CORRECTION_DAYS,
            limits: Limits::default(),
        }
    }
}
