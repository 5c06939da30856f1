//! How often may someone ask? The same for every platform: a person, a channel, a community and everyone
//! together have limits ([`Limits`]).
//!
//! Whoever comes to a limit is told once in each stretch of time, and then nothing. Where it is the limit of
//! a channel, each channel is told once; of a community or of all, each channel, too, so that nobody is met
//! with silence because strangers were told. It is counted by the monotonic clock: setting the machine's time
//! neither opens nor closes anything.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use crate::model::Limits;

/// How many counters are kept; beyond that those that have run out are thrown away, and then all.
const KEPT: usize = 50_000;

/// Whether a request is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is.
    Granted,
    /// It isn't, and this is to be said: it is the first time in a while.
    Refused,
    /// It isn't, as was said before, or as nothing is said.
    RefusedAgain,
}

/// Who asks, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountedRequest<'a> {
    pub(super) person: &'a str,
    pub(super) channel: &'a str,
    pub(super) community: Option<&'a str>,
}

#[derive(Debug, Default)]
pub(super) struct Counters(Mutex<HashMap<String, Counter>>);

#[derive(Debug, Default)]
struct Counter {
    taken: VecDeque<Instant>,
    told: Option<Instant>,
}

impl Counter {
    fn is_full(&mut self, limit: usize, now: Instant) -> bool {
        while self.taken.front().is_some_and(|&at| now.saturating_duration_since(at) >= Limits::WINDOW) {
            self.taken.pop_front();
        }
        self.taken.len() >= limit
    }

    fn was_told_lately(&self, now: Instant) -> bool {
        self.told.is_some_and(|at| now.saturating_duration_since(at) < Limits::WINDOW)
    }

    fn refuse(&mut self, now: Instant) -> Admission {
        if self.was_told_lately(now) {
            return Admission::RefusedAgain;
        }
        self.told = Some(now);
        Admission::Refused
    }
}

impl Counters {
    /// Counts a request, unless one of the limits is reached.
    pub(super) fn admit(&self, limits: &Limits, asked: CountedRequest<'_>, now: Instant) -> Admission {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() > KEPT {
            counters.retain(|_, counter| counter.is_full(1, now) || counter.was_told_lately(now));
            if counters.len() > KEPT {
                counters.clear();
            }
        }
        let (person, channel) = (format!("person {}", asked.person), format!("channel {}", asked.channel));
        let community = asked.community.map(|community| format!("community {community}"));
        // Whose limit it is, and who is told.
        let checks = [
            Some((person.as_str(), limits.person, person.as_str())),
            Some((channel.as_str(), limits.channel, channel.as_str())),
            community.as_deref().map(|community| (community, limits.community, channel.as_str())),
            Some(("all", limits.overall, channel.as_str())),
        ];
        for (key, limit, told) in checks.into_iter().flatten() {
            if counters.entry(key.to_owned()).or_default().is_full(limit, now) {
                return counters.entry(told.to_owned()).or_default().refuse(now);
            }
        }
        for (key, ..) in checks.into_iter().flatten() {
            counters.entry(key.to_owned()).or_default().taken.push_back(now);
        }
        Admission::Granted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn admit(counters: &Counters, person: &str, channel: &str, community: Option<&str>, now: Instant) -> Admission {
        counters.admit(&Limits::default(), CountedRequest { person, channel, community }, now)
    }

    #[test]
    fn a_person_is_told_once_and_may_ask_again_later() {
        let (counters, start) = (Counters::default(), Instant::now());
        let at = |seconds: u64| admit(&counters, "ana", "room", None, start + Duration::from_secs(seconds));
        for _ in 0..5 {
            assert_eq!(at(0), Admission::Granted);
        }
        assert_eq!((at(1), at(2)), (Admission::Refused, Admission::RefusedAgain));
        assert_eq!(at(10), Admission::Granted);
    }

    #[test]
    fn who_goes_on_asking_is_told_once_in_ten_seconds() {
        let (counters, start) = (Counters::default(), Instant::now());
        let told = (0..6_000_u64)
            .map(|tenth| admit(&counters, "ana", "room", Some("town"), start + Duration::from_millis(tenth * 100)))
            .filter(|admission| *admission == Admission::Refused)
            .count();
        // Ten minutes: 60 stretches of time, in each of which five were answered.
        assert!((55..=60).contains(&told), "{told}");
    }

    #[test]
    fn channels_communities_and_everyone_have_limits_of_their_own() {
        let (counters, now) = (Counters::default(), Instant::now());
        let asked = |person: usize, place: usize, town: usize| {
            let town = format!("town {town}");
            admit(&counters, &format!("p{person}"), &format!("c{place}"), Some(&town), now) == Admission::Granted
        };
        assert_eq!((0..30).filter(|&person| asked(person, 0, 0)).count(), 20);
        assert_eq!((30..200).filter(|&person| asked(person, person, 0)).count(), 40);
        assert_eq!((200..2_000).filter(|&person| asked(person, person, person)).count(), 400 - 60);
    }

    #[test]
    fn where_all_is_used_up_each_channel_hears_of_it_once() {
        let (counters, now) = (Counters::default(), Instant::now());
        let limits = Limits { overall: 1, ..Limits::default() };
        let ask =
            |person, channel| counters.admit(&limits, CountedRequest { person, channel, community: Some("town") }, now);
        assert_eq!(ask("ana", "square"), Admission::Granted);
        for channel in ["square", "market"] {
            assert_eq!((ask("bo", channel), ask("cai", channel)), (Admission::Refused, Admission::RefusedAgain));
        }
    }

    #[test]
    fn a_clock_that_runs_backwards_panics_nowhere() {
        let (counters, start) = (Counters::default(), Instant::now() + Duration::from_hours(1));
        assert_eq!(admit(&counters, "ana", "room", None, start), Admission::Granted);
        assert_eq!(admit(&counters, "ana", "room", None, start - Duration::from_secs(5)), Admission::Granted);
    }
}
