//! What a chat doesn't take in because it is too much at once: counted, and said now and then.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{desk::Desk, model::Platform};

/// How much was dropped.
#[derive(Debug, Default)]
pub struct Shed(AtomicU64);

impl Shed {
    /// Counts one event that is dropped. Gives how many were, where that is worth a line in the log: one for each power
    /// of two tells enough.
    pub fn count(&self, desk: &Desk, platform: Platform) -> Option<u64> {
        desk.metrics().dropped(platform);
        let shed = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        shed.is_power_of_two().then_some(shed)
    }
}
