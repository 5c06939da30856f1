//! The private answers that were posted for all to see: each is posted once.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// How many are remembered. A press takes the button away; this is for presses that are on their way by then.
const KEPT: usize = 1_000;

/// The messages whose button was pressed, the latest last.
#[derive(Debug, Default)]
pub(super) struct PostedAnswers(Mutex<VecDeque<u64>>);

impl PostedAnswers {
    /// Whether this press is the first; then it is the one that posts.
    pub(super) fn claim(&self, message: u64) -> bool {
        let mut claimed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if claimed.contains(&message) {
            return false;
        }
        if claimed.len() >= KEPT {
            claimed.pop_front();
        }
        claimed.push_back(message);
        true
    }

    /// Whether a press posted it, or is about to.
    pub(super) fn is_claimed(&self, message: u64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&message)
    }

    /// Nothing came of it: another press may post.
    pub(super) fn release(&self, message: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|claimed| *claimed != message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_press_of_many_posts_until_it_fails() {
        let posted = PostedAnswers::default();
        assert_eq!([7, 7, 8, 7].map(|message| posted.claim(message)), [true, false, true, false]);
        posted.release(7);
        assert_eq!([7, 7, 8].map(|message| posted.claim(message)), [true, false, false]);
        assert!(posted.is_claimed(8) && !posted.is_claimed(9));
        (100..2_000).for_each(|message| assert!(posted.claim(message)));
        assert!(posted.0.lock().unwrap().len() <= KEPT);
    }
}
