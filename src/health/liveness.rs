//! What must hold for a bot to be alive, and what for it to be ready.
//!
//! Alive: the writer and the desk's threads move. A bot that isn't should be started anew. Ready: it is
//! connected, up to date and can write. A bot that isn't may become so by itself.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::metrics::Metrics;

/// How long the writer and the desk may stand still. The longest work of theirs is the approval of an import of
/// tens of thousands of entries, which takes some ten seconds.
pub(super) const STALL: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Liveness {
    metrics: Arc<Metrics>,
    writer: Mutex<Writer>,
    index: Mutex<Index>,
    stopping: AtomicBool,
}

#[derive(Debug)]
struct Writer {
    /// When it last answered.
    moved: Instant,
    /// Why nothing can be written, where that is so; unknown until it was tried.
    tried: Option<Result<(), String>>,
}

/// How far the search index is behind the records, as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Index {
    Unknown,
    Behind(i64),
    Failed,
}

impl Liveness {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self {
            metrics,
            writer: Mutex::new(Writer { moved: Instant::now(), tried: None }),
            index: Mutex::new(Index::Unknown),
            stopping: AtomicBool::new(false),
        }
    }

    /// The writer has answered.
    pub(super) fn wrote(&self, outcome: Result<(), String>) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *writer = Writer { moved: Instant::now(), tried: Some(outcome) };
    }

    /// The index was looked at. Says whether that is news.
    pub(super) fn indexed(&self, seen: Index) -> bool {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let news = *index != seen;
        *index = seen;
        news
    }

    pub(super) fn stopping(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// What stands still that must not, a line each; nothing of a bot that is alive.
    pub(super) fn stalled(&self) -> Vec<String> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).moved.elapsed();
        stalled(writer, self.metrics.since_last_job())
    }

    /// Whether each configured chat is connected.
    pub(super) fn is_connected(&self) -> bool {
        self.metrics.connections().iter().all(|(_, chat)| chat.is_whole())
    }

    /// What keeps the bot from being ready, a line each; nothing of one that is.
    pub(super) fn lacking(&self) -> Vec<String> {
        let mut lacking = self.stalled();
        if self.stopping.load(Ordering::Relaxed) {
            lacking.push("the bot is stopping".to_owned());
        }
        for (platform, chat) in self.metrics.connections() {
            if !chat.is_whole() {
                let name = platform.name();
                lacking.push(match chat.of {
                    0 | 1 => format!("{name} is not connected"),
                    of => format!("{name} is not connected: {} of {of} shards are", chat.up),
                });
            }
        }
        match &*self.index.lock().unwrap_or_else(PoisonError::into_inner) {
            Index::Unknown => lacking.push("the search index was not looked at yet".to_owned()),
            Index::Behind(0) => {}
            Index::Behind(changes) => {
                lacking.push(format!("the search index is behind the records, by changes: {changes}"));
            }
            Index::Failed => {
                lacking.push("the search index can't be brought up to the records; the log says why".to_owned());
            }
        }
        match &self.writer.lock().unwrap_or_else(PoisonError::into_inner).tried {
            None => lacking.push("it was not tried yet whether the database can be written".to_owned()),
            Some(Ok(())) => {}
            Some(Err(error)) => lacking.push(format!("the database can't be written: {error}")),
        }
        lacking
    }

    /// How the bot stands, in one line.
    pub(super) fn in_one_line(&self) -> String {
        let lacking = self.lacking();
        if !lacking.is_empty() {
            return lacking.join("; ");
        }
        let names: Vec<&str> = self.metrics.connections().iter().map(|(platform, _)| platform.name()).collect();
        format!("Connected to {}", names.join(" and "))
    }
}

fn stalled(writer: Duration, desk: Duration) -> Vec<String> {
    [("the writer of the database", writer), ("the desk", desk)]
        .into_iter()
        .filter(|(_, still)| *still >= STALL)
        .map(|(what, still)| format!("{what} has not moved for {} seconds", still.as_secs()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Platform;

    #[test]
    fn a_bot_is_alive_while_the_writer_and_the_desk_move() {
        let (moves, stands) = (Duration::from_secs(59), Duration::from_secs(61));
        assert_eq!(stalled(moves, moves), Vec::<String>::new());
        assert_eq!(stalled(stands, moves), ["the writer of the database has not moved for 61 seconds"]);
        assert_eq!(stalled(moves, stands), ["the desk has not moved for 61 seconds"]);
    }

    #[test]
    fn what_is_lacking_is_said_line_by_line_until_nothing_is() {
        let metrics = Arc::new(Metrics::default());
        metrics.expect(Platform::Discord);
        metrics.expect(Platform::Matrix);
        let liveness = Liveness::new(Arc::clone(&metrics));
        assert_eq!(liveness.lacking().len(), 4, "{:?}", liveness.lacking());
        metrics.connected(Platform::Discord, 1, 4);
        metrics.connected(Platform::Matrix, 1, 1);
        liveness.indexed(Index::Behind(3));
        liveness.wrote(Err("the disk is full".to_owned()));
        assert_eq!(
            liveness.lacking(),
            [
                "Discord is not connected: 1 of 4 shards are",
                "the search index is behind the records, by changes: 3",
                "the database can't be written: the disk is full",
            ]
        );
        assert!(!liveness.is_connected());
        metrics.connected(Platform::Discord, 4, 4);
        liveness.wrote(Ok(()));
        assert!(liveness.indexed(Index::Behind(0)) && !liveness.indexed(Index::Behind(0)));
        assert_eq!(liveness.lacking(), Vec::<String>::new());
        assert!(liveness.is_connected());
        assert_eq!(liveness.in_one_line(), "Connected to Discord and Matrix");
        liveness.stopping();
        assert_eq!(liveness.lacking(), ["the bot is stopping"]);
    }
}
