//! What happened lately, minute by minute, for the last day.

use std::collections::VecDeque;

use crate::reply::Outcome;

/// For how many minutes it is kept.
const KEPT: u64 = 24 * 60;

/// Something that happened to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was answered.
    Answered(Outcome),
    /// It was refused because the queue was full.
    Busy,
    /// It was refused because someone asked too often.
    Limited,
}

/// How often each thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Answered from the records.
    pub answered: u64,
    /// Nothing on record answers it.
    pub nothing_found: u64,
    /// Put wrongly.
    pub misused: u64,
    /// Failed.
    pub failed: u64,
    /// Refused because the queue was full.
    pub busy: u64,
    /// Refused because someone asked too often.
    pub limited: u64,
}

impl Tally {
    fn count(&mut self, event: Event) {
        let counter = match event {
            Event::Answered(Outcome::Answered) => &mut self.answered,
            Event::Answered(Outcome::NothingFound) => &mut self.nothing_found,
            Event::Answered(Outcome::Misused) => &mut self.misused,
            Event::Answered(Outcome::Failed) => &mut self.failed,
            Event::Busy => &mut self.busy,
            Event::Limited => &mut self.limited,
        };
        *counter += 1;
    }

    const fn add(self, other: Self) -> Self {
        Self {
            answered: self.answered + other.answered,
            nothing_found: self.nothing_found + other.nothing_found,
            misused: self.misused + other.misused,
            failed: self.failed + other.failed,
            busy: self.busy + other.busy,
            limited: self.limited + other.limited,
        }
    }
}

/// A tally for each minute in which something happened, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Recent(VecDeque<(u64, Tally)>);

impl Recent {
    pub(super) fn note(&mut self, minute: u64, event: Event) {
        while self.0.front().is_some_and(|(first, _)| first + KEPT <= minute) {
            self.0.pop_front();
        }
        match self.0.back_mut() {
            // Two threads may come by at the turn of a minute in either order.
            Some((last, tally)) if *last >= minute => tally.count(event),
            _ => {
                let mut tally = Tally::default();
                tally.count(event);
                self.0.push_back((minute, tally));
            }
        }
    }

    pub(super) fn tally(&self, now: u64, minutes: u64) -> Tally {
        let lately = self.0.iter().rev().take_while(|(minute, _)| minute + minutes.min(KEPT) > now);
        lately.fold(Tally::default(), |sum, (_, tally)| sum.add(*tally))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_asked_for_is_not_counted_and_after_a_day_not_kept() {
        let mut recent = Recent::default();
        for minute in 0..3 * KEPT {
            recent.note(minute, Event::Answered(Outcome::Answered));
            recent.note(minute, if minute % 2 == 0 { Event::Busy } else { Event::Limited });
        }
        let now = 3 * KEPT - 1;
        let tally = recent.tally(now, 60);
        assert_eq!((tally.answered, tally.busy, tally.limited, tally.failed), (60, 30, 30, 0));
        assert_eq!(recent.tally(now, 10 * KEPT).answered, KEPT);
        assert_eq!(recent.0.len(), usize::try_from(KEPT).unwrap());
        // An hour in which nothing happened.
        assert_eq!(recent.tally(now + 60, 60), Tally::default());
        assert_eq!(recent.tally(now + 59, 60).answered, 1);
    }
}
