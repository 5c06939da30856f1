//! Keeping to the limits that Discord names in the headers of its answers ("Rate Limits").

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::header::HeaderMap;
use tokio::time::Instant;

/// How many routes are remembered; beyond that, those whose limits have passed are forgotten.
const ROUTES: usize = 5_000;

/// How many refused requests are made within [`REFUSALS_WITHIN`]. Discord bans at 10,000.
const REFUSALS: usize = 500;
const REFUSALS_WITHIN: Duration = Duration::from_secs(600);

#[derive(Debug, Default)]
pub(super) struct Limiter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    routes: HashMap<String, Route>,
    /// No request before this.
    all: Option<Instant>,
    refusals: usize,
    refusals_since: Option<Instant>,
}

#[derive(Debug)]
struct Route {
    left: u64,
    until: Instant,
}

impl Limiter {
    /// Waits until a request on this route is within the limits.
    pub(super) async fn admit(&self, route: &str) {
        loop {
            let Some(until) = self.try_admit(route, Instant::now()) else { return };
            tokio::time::sleep_until(until).await;
        }
    }

    fn try_admit(&self, route: &str, now: Instant) -> Option<Instant> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(all) = state.all.filter(|&all| all > now) {
            return Some(all);
        }
        let route = state.routes.get_mut(route)?;
        if route.until <= now {
            route.left = u64::MAX;
            return None;
        }
        if route.left == 0 {
            return Some(route.until);
        }
        route.left = route.left.saturating_sub(1);
        None
    }

    /// Takes in what an answer says of the limits.
    pub(super) fn learn(&self, route: &str, headers: &HeaderMap) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<f64>().ok();
        let (Some(left), Some(after)) = (number("x-ratelimit-remaining"), number("x-ratelimit-reset-after")) else {
            return;
        };
        if !(0.0..=86_400.0).contains(&after) {
            return;
        }
        let now = Instant::now();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.routes.len() >= ROUTES {
            state.routes.retain(|_, route| route.until > now);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; it saturates")]
        let left = left as u64;
        let until = now + Duration::from_secs_f64(after);
        let known = state.routes.entry(route.to_owned()).or_insert(Route { left, until });
        // Answers overtake each other: within one window the lower count is the later one.
        known.left = if known.until > now { known.left.min(left) } else { left };
        known.until = until;
    }

    /// A 429: nothing on this route, or nothing at all, for a while.
    pub(super) fn pause(&self, route: &str, global: bool, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if global {
            state.all = Some(until);
        } else {
            state.routes.insert(route.to_owned(), Route { left: 0, until });
        }
    }

    /// Counts a refused request (401, 403, 429).
    pub(super) fn refused(&self) {
        let now = Instant::now();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.refusals_since.is_none_or(|since| now - since > REFUSALS_WITHIN) {
            state.refusals_since = Some(now);
            state.refusals = 0;
        }
        state.refusals += 1;
    }

    /// Whether so many requests were refused that none should be made for a while.
    pub(super) fn is_closed(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.refusals >= REFUSALS && state.refusals_since.is_some_and(|since| since.elapsed() <= REFUSALS_WITHIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_up_route_waits_and_the_others_do_not() {
        let limiter = Limiter::default();
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-remaining", "1".parse().unwrap());
        headers.insert("x-ratelimit-reset-after", "2.5".parse().unwrap());
        limiter.learn("a", &headers);
        let now = Instant::now();
        assert_eq!(limiter.try_admit("a", now), None);
        assert!(limiter.try_admit("a", now).is_some());
        assert_eq!(limiter.try_admit("b", now), None);
        assert_eq!(limiter.try_admit("a", now + Duration::from_secs(3)), None);
        limiter.pause("a", true, Duration::from_secs(1));
        assert!(limiter.try_admit("b", now).is_some());
    }

    #[test]
    fn too_many_refusals_close_the_door() {
        let limiter = Limiter::default();
        for _ in 0..REFUSALS {
            assert!(!limiter.is_closed());
            limiter.refused();
        }
        assert!(limiter.is_closed());
    }
}
