//! The limit of all requests of the bot together ("Global Rate Limit"). Discord counts them as they arrive, in seconds
//! that begin when it likes; so they are counted here for as long as they can be in a second of Discord's.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// How many requests a bot may make in a second.
const EVERYWHERE: usize = 50;
const EVERYWHERE_WITHIN: Duration = Duration::from_secs(1);

/// The requests that Discord may count within one second, whenever its second begins and however long they are on their
/// way: those that are, and those that were answered in the last second. One that was answered before arrived before.
#[derive(Debug, Default)]
pub(super) struct GlobalLimit {
    on_their_way: usize,
    /// When they were answered, in order.
    answered: VecDeque<Instant>,
}

impl GlobalLimit {
    /// Counts a request, or says when to ask again.
    pub(super) fn try_begin(&mut self, now: Instant) -> Option<Instant> {
        while self.answered.front().is_some_and(|&at| at + EVERYWHERE_WITHIN <= now) {
            self.answered.pop_front();
        }
        if self.on_their_way + self.answered.len() >= EVERYWHERE {
            // One that isn't answered yet counts for a second at least.
            return Some(self.answered.front().map_or(now, |&at| at) + EVERYWHERE_WITHIN);
        }
        self.on_their_way += 1;
        None
    }

    /// A request is over: it was answered, or given up.
    pub(super) fn end(&mut self, now: Instant) {
        self.on_their_way = self.on_their_way.saturating_sub(1);
        self.answered.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_until_a_second_after_its_answer() {
        let (mut limit, now) = (GlobalLimit::default(), Instant::now());
        let after = |millis| now + Duration::from_millis(millis);
        assert!((0..EVERYWHERE).all(|_| limit.try_begin(now).is_none()));
        // None was answered: however long ago they were sent, Discord may count them now.
        assert_eq!(limit.try_begin(after(5_000)), Some(after(6_000)));
        limit.end(after(5_200));
        limit.end(after(5_300));
        assert_eq!(limit.try_begin(after(5_500)), Some(after(6_200)));
        assert_eq!((limit.try_begin(after(6_200)), limit.try_begin(after(6_200))), (None, Some(after(6_300))));
    }
}
