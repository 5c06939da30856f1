//! What is read from the records now and then, as it can't be counted along the way: other processes
//! change it, too.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{metrics::gauge::Gauge, registry::Registry};

use crate::model::Sequence;
/// How the records stood at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sample {
    /// The size of the database's file, in bytes.
    pub database_bytes: u64,
    /// The size of the write-ahead log, in bytes.
    pub log_bytes: u64,
    /// Proposals that nobody has decided on.
    pub proposals: i64,
    /// Messages of the bot that are to be edited.
    pub corrections: i64,
    /// Messages that are due to be posted.
    pub posts: i64,
    /// The place in the history of the last approved change.
    pub history: Sequence,
    /// The place in the history that the index has reached.
    pub index: Sequence,
    /// For how long Litestream has copied nothing of what there is to copy; `None` where it isn't at work.
    pub replication_lag: Option<Duration>,
}

#[derive(Debug, Default)]
pub(super) struct Gauges {
    database: Gauge,
    log: Gauge,
    proposals: Gauge,
    corrections: Gauge,
    posts: Gauge,
    history: Gauge,
    index: Gauge,
    replication_lag: Gauge<f64, AtomicU64>,
}

impl Gauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let gauges = Self::default();
        for (name, help, gauge) in [
            ("database_size_bytes", "The size of the database's file", &gauges.database),
            ("wal_size_bytes", "The size of the database's write-ahead log", &gauges.log),
            ("pending_proposals", "Proposals that nobody has decided on yet", &gauges.proposals),
            ("corrections_waiting", "Messages of the bot that wait to be edited", &gauges.corrections),
            ("posts_waiting", "Messages that are due and wait to be posted", &gauges.posts),
            ("history_position", "The place in the history of the last approved change", &gauges.history),
            ("index_position", "The place in the history that the search index has reached", &gauges.index),
        ] {
            registry.register(name, help, gauge.clone());
        }
        let help =
            "For how long Litestream has copied nothing of what there is to copy; not a number without Litestream";
        registry.register("replication_lag_seconds", help, gauges.replication_lag.clone());
        gauges.replication_lag.set(f64::NAN);
        gauges
    }

    pub(super) fn set(&self, sample: &Sample) {
        self.database.set(i64::try_from(sample.database_bytes).unwrap_or(i64::MAX));
        self.log.set(i64::try_from(sample.log_bytes).unwrap_or(i64::MAX));
        self.proposals.set(sample.proposals);
        self.corrections.set(sample.corrections);
        self.posts.set(sample.posts);
        self.history.set(sample.history.0);
        self.index.set(sample.index.0);
        self.replication_lag.set(sample.replication_lag.map_or(f64::NAN, |lag| lag.as_secs_f64()));
    }
}
