//! Who may stay connected to the health listener. A connection whose request is there is answered; of those that wait
//! for one so many are kept, and beyond them the oldest of the address that has the most gives its place to the next.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::task::AbortHandle;

/// How many connections may wait for their requests. Each has a few kilobytes.
pub(super) const WAITING: usize = 128;

/// How many requests may be answered at once. A scraper and a prober or two need one each.
pub(super) const ANSWERED: usize = 32;

/// The connections that wait for their requests, and how many are answered. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionSlots(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// In the order in which they came.
    waiting: BTreeMap<u64, Waiting>,
    answered: usize,
}

#[derive(Debug)]
struct Waiting {
    from: IpAddr,
    /// `None` until its task has begun.
    task: Option<AbortHandle>,
}

impl ConnectionSlots {
    /// A place for a connection from this address. Where there is none, another's connection is closed for it.
    pub(super) fn take(&self, from: IpAddr) -> Place {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.waiting.len() >= WAITING
            && let Some(oldest) = state.oldest_of_the_most()
            && let Some(Waiting { task: Some(task), .. }) = state.waiting.remove(&oldest)
        {
            task.abort();
        }
        let number = state.next;
        state.next += 1;
        state.waiting.insert(number, Waiting { from: from.to_canonical(), task: None });
        Place { number, places: self.clone() }
    }
}

impl State {
    fn oldest_of_the_most(&self) -> Option<u64> {
        let mut of: HashMap<IpAddr, (usize, u64)> = HashMap::new();
        for (&number, waiting) in &self.waiting {
            of.entry(waiting.from).or_insert((0, number)).0 += 1;
        }
        of.into_values().max_by_key(|&(count, oldest)| (count, std::cmp::Reverse(oldest))).map(|(_, oldest)| oldest)
    }
}

/// A connection's place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    number: u64,
    places: ConnectionSlots,
}

impl Place {
    /// Which place it is, for [`ConnectionSlots::belongs_to`].
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// The request is there: the connection is not closed for another's sake any more. `None` where too many are
    /// answered already.
    pub(super) fn answer(&self) -> Option<Answering> {
        let mut state = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting.remove(&self.number);
        if state.answered >= ANSWERED {
            return None;
        }
        state.answered += 1;
        Some(Answering(self.places.clone()))
    }
}

impl ConnectionSlots {
    /// The task that a place belongs to, which is ended when the place goes to another.
    pub(super) fn belongs_to(&self, number: u64, task: AbortHandle) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = state.waiting.get_mut(&number) {
            waiting.task = Some(task);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.0.lock().unwrap_or_else(PoisonError::into_inner).waiting.remove(&self.number);
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Answering(ConnectionSlots);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).answered -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_with_the_most_that_wait_gives_way_and_who_asked_does_not() {
        let places = ConnectionSlots::default();
        let (many, few): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "127.0.0.1".parse().unwrap());
        let first = places.take(few);
        let asked = places.take(many);
        let answering = asked.answer().unwrap();
        let held: Vec<Place> = (0..WAITING * 3).map(|_| places.take(many)).collect();
        let waits = |place: &Place| places.0.lock().unwrap().waiting.contains_key(&place.number);
        assert!(waits(&first) && !waits(&held[0]) && waits(&held[held.len() - 1]));
        assert_eq!(places.0.lock().unwrap().waiting.len(), WAITING);
        let more: Vec<Option<Answering>> = held.iter().take(ANSWERED).map(Place::answer).collect();
        assert_eq!(more.iter().flatten().count(), ANSWERED - 1);
        drop((more, answering, held, first));
        let state = places.0.lock().unwrap();
        assert_eq!((state.waiting.len(), state.answered), (0, 0));
    }
}
