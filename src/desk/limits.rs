//! How often may someone ask? The same for every platform: 5 requests in 10 seconds for a person, 20
//! for a channel, 60 for a community. The limits are ours.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The stretch of time that requests are counted in.
const WINDOW: Duration = Duration::from_secs(10);

const PERSON: usize = 5;
const PLACE: usize = 20;
const COMMUNITY: usize = 60;

/// How many counters are kept; beyond that those that have run out are thrown away, and then all.
const KEPT: usize = 50_000;

/// Whether a request is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is.
    Granted,
    /// It isn't, and this is to be said: it is the first time in a while.
    Refused,
    /// It isn't, as was said before.
    RefusedAgain,
}

#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<String, Counter>>);

#[derive(Debug, Default)]
struct Counter {
    taken: VecDeque<Instant>,
    told: Option<Instant>,
}

impl Counter {
    fn is_full(&mut self, limit: usize, now: Instant) -> bool {
        while self.taken.front().is_some_and(|&at| now.duration_since(at) >= WINDOW) {
            self.taken.pop_front();
        }
        self.taken.len() >= limit
    }

    fn refuse(&mut self, now: Instant) -> Admission {
        let lately = self.told.is_some_and(|at| now.duration_since(at) < WINDOW);
        if lately {
            return Admission::RefusedAgain;
        }
        self.told = Some(now);
        Admission::Refused
    }
}

impl Limits {
    /// Counts a request, unless one of the limits is reached.
    pub(super) fn admit(&self, person: &str, place: &str, community: Option<&str>, now: Instant) -> Admission {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() > KEPT {
            counters.retain(|_, counter| counter.is_full(1, now));
            if counters.len() > KEPT {
                counters.clear();
            }
        }
        let keys = [
            Some((format!("person {person}"), PERSON)),
            Some((format!("place {place}"), PLACE)),
            community.map(|community| (format!("community {community}"), COMMUNITY)),
        ];
        for (key, limit) in keys.iter().flatten() {
            let counter = counters.entry(key.clone()).or_default();
            if counter.is_full(*limit, now) {
                return counter.refuse(now);
            }
        }
        for (key, _) in keys.into_iter().flatten() {
            counters.entry(key).or_default().taken.push_back(now);
        }
        Admission::Granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_once_and_may_ask_again_later() {
        let (limits, start) = (Limits::default(), Instant::now());
        let at = |seconds: u64| limits.admit("ana", "room", None, start + Duration::from_secs(seconds));
        for _ in 0..5 {
            assert_eq!(at(0), Admission::Granted);
        }
        assert_eq!((at(1), at(2)), (Admission::Refused, Admission::RefusedAgain));
        assert_eq!(at(10), Admission::Granted);
    }

    #[test]
    fn channels_and_communities_have_limits_of_their_own() {
        let (limits, now) = (Limits::default(), Instant::now());
        let asked =
            |person: usize, place: usize| limits.admit(&format!("p{person}"), &format!("c{place}"), Some("town"), now);
        let granted = (0..30).filter(|&person| asked(person, 0) == Admission::Granted).count();
        assert_eq!(granted, 20);
        let granted = (30..200).filter(|&person| asked(person, person) == Admission::Granted).count();
        assert_eq!(granted, 40);
    }
}
