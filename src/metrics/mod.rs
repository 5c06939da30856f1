//! What the program counts about itself: one registry, which the health listener prints and the command
//! `status` tells from.
//!
//! A label is of a closed set: a platform, an outcome, a version. Who asked, where, and what, is never one.

mod connections;
mod recent;
mod sample;

use std::{
    borrow::Cow,
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use prometheus_client::{
    encoding::prometheus_text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

pub use connections::Connection;
pub use recent::{Event, Tally};
pub use sample::Sample;

use crate::{model::Platform, reply::Outcome};
use connections::Connections;
use recent::Recent;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// The upper bounds of the histograms, in seconds. Most answers take between one and twenty milliseconds; a
/// question is given up after two seconds (`store::readers`).
const BOUNDS: [f64; 12] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

type Labels<const COUNT: usize> = [(&'static str, &'static str); COUNT];
type ByPlatform<M> = Family<Labels<1>, M>;

/// The counters of one process. They begin at zero with it.
pub struct Metrics {
    registry: Registry,
    began: Instant,
    started: Timestamp,
    families: Families,
    backup_made: AtomicI64,
    recent: Mutex<Recent>,
    last_job: AtomicU64,
    meaning: Mutex<Cow<'static, str>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metrics").field("started", &self.started).finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(Timestamp::now())
    }
}

impl Metrics {
    /// Counters of a process that started then.
    #[must_use]
    pub fn new(started: Timestamp) -> Self {
        let mut registry = Registry::default();
        let process: Gauge = Gauge::default();
        process.set(started.as_second());
        registry.register(
            "process_start_time_seconds",
            "When the process started, in seconds since 1970",
            process.clone(),
        );
        let build: Family<Labels<1>, Gauge> = Family::default();
        build.get_or_create(&[("version", env!("CARGO_PKG_VERSION"))]).set(1);
        registry.register("onrecord_build_info", "The version of the program; the value is always 1", build);
        Self {
            began: Instant::now(),
            started,
            families: Families::register(registry.sub_registry_with_prefix("onrecord")),
            backup_made: AtomicI64::new(0),
            recent: Mutex::default(),
            last_job: AtomicU64::new(0),
            meaning: Mutex::new("no, by words alone".into()),
            registry,
        }
    }

    /// Everything in Prometheus' text format, version 0.0.4.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string doesn't fail.
        let _ = prometheus_text::encode(&mut text, &self.registry);
        text
    }

    /// When the process started.
    #[must_use]
    pub const fn started(&self) -> Timestamp {
        self.started
    }

    /// Counts an answer of the desk, which took so long.
    pub fn answered(&self, platform: Platform, outcome: Outcome, took: Duration) {
        self.families.answers.get_or_create(&[("platform", platform.word()), ("outcome", word(outcome))]).inc();
        self.families.answering.observe(took.as_secs_f64());
        self.note(Event::Answered(outcome));
    }

    /// Counts a request that was refused because the queue was full.
    pub fn refused_as_busy(&self, platform: Platform) {
        self.families.busy.get_or_create(&by(platform)).inc();
        self.note(Event::Busy);
    }

    /// Counts a request that was refused because someone asked too often.
    pub fn rate_limited(&self, platform: Platform) {
        self.families.limited.get_or_create(&by(platform)).inc();
        self.note(Event::Limited);
    }

    /// Counts an event of a chat that was dropped because there were too many.
    pub fn dropped(&self, platform: Platform) {
        self.families.dropped.get_or_create(&by(platform)).inc();
    }

    /// Says that work was put into the desk's queue.
    pub fn queued(&self) {
        self.families.queue.inc();
    }

    /// Says that work left the queue; after so long, if it was taken up.
    pub fn left_the_queue(&self, after: Option<Duration>) {
        self.families.queue.dec();
        if let Some(after) = after {
            self.families.waiting.observe(after.as_secs_f64());
        }
    }

    /// Says that a thread of the desk has finished a piece of work.
    pub fn job_done(&self) {
        self.families.jobs.inc();
        self.last_job.store(self.milliseconds(), Ordering::Relaxed);
    }

    /// How long ago a thread of the desk finished a piece of work; since the start if none has.
    #[must_use]
    pub fn since_last_job(&self) -> Duration {
        Duration::from_millis(self.milliseconds().saturating_sub(self.last_job.load(Ordering::Relaxed)))
    }

    /// How much waits in the desk's queue.
    #[must_use]
    pub fn queue_depth(&self) -> i64 {
        self.families.queue.get()
    }

    /// Says that a chat is configured; until it is connected it counts as not connected.
    pub fn expect(&self, platform: Platform) {
        for outcome in OUTCOMES {
            // What can happen is counted from zero, so that its first time is seen as a rise.
            let _ = self.families.answers.get_or_create(&[("platform", platform.word()), ("outcome", word(outcome))]);
        }
        for family in [&self.families.busy, &self.families.limited, &self.families.dropped] {
            let _ = family.get_or_create(&by(platform));
        }
        self.families.connections.expect(platform);
    }

    /// Says how many of a chat's connections stand: shards on Discord, the sync on Matrix.
    pub fn connected(&self, platform: Platform, up: usize, of: usize) {
        self.families.connections.set(platform, up, of, Timestamp::now());
    }

    /// The configured chats.
    #[must_use]
    pub fn connections(&self) -> Vec<(Platform, Connection)> {
        self.families.connections.all()
    }

    /// Says whether texts are found by what they mean, in words that follow "Found by meaning:".
    pub fn tell_of_meaning(&self, standing: impl Into<Cow<'static, str>>) {
        *self.meaning.lock().unwrap_or_else(PoisonError::into_inner) = standing.into();
    }

    /// Whether texts are found by what they mean, as was said last.
    #[must_use]
    pub fn meaning(&self) -> Cow<'static, str> {
        self.meaning.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says when the last good backup was made.
    pub fn backup_made(&self, at: Timestamp) {
        self.families.backup.set(at.as_second());
        self.backup_made.store(at.as_second(), Ordering::Relaxed);
    }

    /// When the last good backup was made, as far as this process knows.
    #[must_use]
    pub fn last_backup(&self) -> Option<Timestamp> {
        let second = self.backup_made.load(Ordering::Relaxed);
        (second != 0).then(|| Timestamp::from_second(second).ok()).flatten()
    }

    /// Takes over what was read from the records.
    pub fn sampled(&self, sample: &Sample) {
        self.families.sampled.set(sample);
    }

    /// What happened in the last so many minutes, the present one included; at most a day's.
    #[must_use]
    pub fn tally(&self, minutes: u64) -> Tally {
        let now = self.minute();
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).tally(now, minutes)
    }

    fn note(&self, event: Event) {
        let now = self.minute();
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).note(now, event);
    }

    /// Minutes since the start, by a clock that nobody sets.
    fn minute(&self) -> u64 {
        self.began.elapsed().as_secs() / 60
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What is registered under the program's name.
struct Families {
    answers: Family<Labels<2>, Counter>,
    answering: Histogram,
    waiting: Histogram,
    jobs: Counter,
    queue: Gauge,
    busy: ByPlatform<Counter>,
    limited: ByPlatform<Counter>,
    dropped: ByPlatform<Counter>,
    connections: Connections,
    sampled: sample::Gauges,
    backup: Gauge,
}

impl Families {
    fn register(registry: &mut Registry) -> Self {
        let families = Self {
            answers: Family::default(),
            answering: Histogram::new(BOUNDS),
            waiting: Histogram::new(BOUNDS),
            jobs: Counter::default(),
            queue: Gauge::default(),
            busy: Family::default(),
            limited: Family::default(),
            dropped: Family::default(),
            connections: Connections::register(registry),
            sampled: sample::Gauges::register(registry),
            backup: Gauge::default(),
        };
        registry.register("answers", "Requests that the desk answered, by outcome", families.answers.clone());
        registry.register(
            "answer_duration_seconds",
            "How long the desk worked on an answer, without waiting in the queue",
            families.answering.clone(),
        );
        registry.register(
            "queue_wait_duration_seconds",
            "How long work waited in the desk's queue",
            families.waiting.clone(),
        );
        registry.register("desk_jobs", "Pieces of work that the desk's threads finished", families.jobs.clone());
        registry.register("queue_depth", "Pieces of work that wait in the desk's queue", families.queue.clone());
        registry.register(
            "busy_refusals",
            "Requests that were refused because the desk's queue was full",
            families.busy.clone(),
        );
        registry.register(
            "rate_limited",
            "Requests that were refused because someone asked too often",
            families.limited.clone(),
        );
        registry.register(
            "dropped_events",
            "Events of a chat that were dropped because there were too many at once",
            families.dropped.clone(),
        );
        registry.register(
            "last_backup_timestamp_seconds",
            "When the last good backup was made, in seconds since 1970; 0 if none is known of",
            families.backup.clone(),
        );
        families
    }
}

/// Each outcome there is.
const OUTCOMES: [Outcome; 4] = [Outcome::Answered, Outcome::NothingFound, Outcome::Misused, Outcome::Failed];

/// The label of an outcome: as answers in JSON have it.
const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::NothingFound => "nothing_found",
        Outcome::Misused => "misused",
        Outcome::Failed => "failed",
    }
}

const fn by(platform: Platform) -> Labels<1> {
    [("platform", platform.word())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_is_counted_under_labels_of_closed_sets() {
        let metrics = Metrics::new("2026-11-24T12:00:00Z".parse().unwrap());
        metrics.expect(Platform::Discord);
        metrics.answered(Platform::Discord, Outcome::Answered, Duration::from_millis(3));
        metrics.answered(Platform::Discord, Outcome::NothingFound, Duration::from_secs(9));
        metrics.refused_as_busy(Platform::Matrix);
        metrics.rate_limited(Platform::Discord);
        metrics.dropped(Platform::Discord);
        metrics.queued();
        metrics.queued();
        metrics.left_the_queue(Some(Duration::ZERO));
        metrics.backup_made("2026-11-24T11:00:00Z".parse().unwrap());
        let text = metrics.text();
        for line in [
            "process_start_time_seconds 1795521600",
            concat!("onrecord_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
            "onrecord_answers_total{platform=\"discord\",outcome=\"answered\"} 1",
            "onrecord_answers_total{platform=\"discord\",outcome=\"misused\"} 0",
            "onrecord_answer_duration_seconds_bucket{le=\"0.0025\"} 0",
            "onrecord_answer_duration_seconds_bucket{le=\"0.005\"} 1",
            "onrecord_answer_duration_seconds_bucket{le=\"+Inf\"} 2",
            "onrecord_answer_duration_seconds_count 2",
            "onrecord_busy_refusals_total{platform=\"matrix\"} 1",
            "onrecord_rate_limited_total{platform=\"discord\"} 1",
            "onrecord_dropped_events_total{platform=\"discord\"} 1",
            "onrecord_queue_depth 1",
            "onrecord_last_backup_timestamp_seconds 1795518000",
            "onrecord_chat_connected{platform=\"discord\"} 0",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is missing in\n{text}");
        }
        let tally = metrics.tally(60);
        assert_eq!((tally.answered, tally.nothing_found, tally.busy, tally.limited), (1, 1, 1, 1));
        assert_eq!(metrics.last_backup(), Some("2026-11-24T11:00:00Z".parse().unwrap()));
    }
}
