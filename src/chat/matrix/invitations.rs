//! The invitations of late, counted.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId};
use tokio::sync::Semaphore;

/// The stretch of time that invitations are counted in.
const WINDOW: Duration = Duration::from_secs(10 * 60);

/// How many invitations of one person are accepted in it.
const PERSON: usize = 10;

/// How many rooms are entered at once: entering a large room is work for a homeserver.
const AT_ONCE: usize = 4;

/// The invitations of late.
#[derive(Debug)]
pub(super) struct Invitations {
    accepted: Mutex<HashMap<OwnedUserId, VecDeque<Instant>>>,
    pub(super) open: Mutex<HashSet<OwnedRoomId>>,
    pub(super) at_once: Semaphore,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { accepted: Mutex::default(), open: Mutex::default(), at_once: Semaphore::new(AT_ONCE) }
    }
}

impl Invitations {
    /// Counts an invitation, unless its sender has reached the limit.
    pub(super) fn admit(&self, sender: &OwnedUserId, now: Instant) -> bool {
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.retain(|_, times| {
            times.retain(|&at| now.duration_since(at) < WINDOW);
            !times.is_empty()
        });
        let times = accepted.entry(sender.clone()).or_default();
        let admitted = times.len() < PERSON;
        if admitted {
            times.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_invites_ten_times_in_ten_minutes() {
        let (invitations, start) = (Invitations::default(), Instant::now());
        let (ana, bo) = ("@ana:example.org".try_into().unwrap(), "@bo:example.org".try_into().unwrap());
        assert_eq!((0..12).filter(|_| invitations.admit(&ana, start)).count(), 10);
        assert!(invitations.admit(&bo, start) && invitations.admit(&ana, start + WINDOW));
    }
}
