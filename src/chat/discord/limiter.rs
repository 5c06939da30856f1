//! Keeping to the limits that Discord documents ("Rate Limits"), and to those that the headers of its
//! answers name. Whoever has to wait waits in line, and a line has an end.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::header::HeaderMap;
use tokio::{
    sync::{Mutex as Turn, Notify},
    time::Instant,
};

use super::global_limit::GlobalLimit;

/// How many routes are remembered; beyond that, those whose limits have passed are forgotten.
const ROUTES: usize = 5_000;

/// How many requests may wait on one route: as many as the desk lets a channel ask in 10 seconds, and
/// the word that it was too much.
const LINE: usize = 21;

/// How long a request waits in line, at most.
const IN_LINE: Duration = Duration::from_secs(15);

/// How long the first request on a route is alone, at most: its answer says what the limit is.
const ALONE: Duration = Duration::from_secs(5);

/// How long a route is taken to have no limit after an answer that named none.
const UNLIMITED: Duration = Duration::from_secs(60);

/// How far apart the ends are at most that two answers name for one window.
const SAME_WINDOW: Duration = Duration::from_millis(250);

/// How many refused requests are made within [`REFUSALS_WITHIN`]. Discord bans at 10,000.
const REFUSALS: usize = 500;
const REFUSALS_WITHIN: Duration = Duration::from_secs(600);

/// There are too many requests in line already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineIsFull;

#[derive(Debug, Default)]
pub(super) struct Limiter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    routes: HashMap<String, Route>,
    /// No request before this.
    paused: Option<Instant>,
    everywhere: GlobalLimit,
    refusals: usize,
    refusals_since: Option<Instant>,
}

/// A request that is on its way; over when it is dropped, whatever became of it.
#[derive(Debug)]
#[must_use]
pub(super) struct OnItsWay<'a> {
    limiter: &'a Limiter,
    scope: LimitScope,
}

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        if self.scope == LimitScope::Everywhere {
            self.limiter.state().everywhere.end(Instant::now());
        }
    }
}

#[derive(Debug, Default)]
struct Route {
    limit: Limit,
    line: Arc<Line>,
}

/// What is known of a route's limit.
#[derive(Debug, Clone, Copy, Default)]
enum Limit {
    #[default]
    Unknown,
    /// A request is on its way whose answer will tell.
    Asked {
        until: Instant,
    },
    Known {
        left: u64,
        until: Instant,
    },
}

impl Limit {
    fn now(self, now: Instant) -> Self {
        match self {
            Self::Asked { until } | Self::Known { until, .. } if until <= now => Self::Unknown,
            current => current,
        }
    }

    /// Answers overtake each other: of those about one window the lowest count is the latest, and what
    /// is said of an earlier window is too late.
    fn after(self, left: u64, until: Instant) -> Self {
        match self {
            Self::Known { until: known, .. } if until + SAME_WINDOW < known => self,
            Self::Known { left: known_left, until: known } if until <= known + SAME_WINDOW => {
                Self::Known { left: known_left.min(left), until }
            }
            Self::Unknown | Self::Asked { .. } | Self::Known { .. } => Self::Known { left, until },
        }
    }
}

/// Those who wait on a route, in order of arrival.
#[derive(Debug, Default)]
struct Line {
    length: AtomicUsize,
    turn: Turn<()>,
    /// The limit is known, or is another: who is first looks again.
    changed: Notify,
}

/// A place in a line, given up when it is dropped.
struct Place<'a>(&'a Line);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.length.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What limits a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitScope {
    /// Its route alone, as of requests about interactions.
    Route,
    /// Its route, and all requests of the bot together.
    Everywhere,
}

impl Limiter {
    /// Waits in line until a request on this route is within the limits: those of its route, and those of all requests
    /// of the bot where it counts among these. It counts until what is given is dropped.
    ///
    /// # Errors
    /// At once, when too many wait on the route already; or after waiting for too long.
    pub(super) async fn admit(&self, route: &str, scope: LimitScope) -> Result<OnItsWay<'_>, LineIsFull> {
        tokio::time::timeout(IN_LINE, self.wait_in_line(route, scope)).await.unwrap_or(Err(LineIsFull))
    }

    async fn wait_in_line(&self, route: &str, scope: LimitScope) -> Result<OnItsWay<'_>, LineIsFull> {
        let line = self.line(route);
        if line.length.fetch_add(1, Ordering::AcqRel) >= LINE {
            line.length.fetch_sub(1, Ordering::AcqRel);
            return Err(LineIsFull);
        }
        let _place = Place(&line);
        let _turn = line.turn.lock().await;
        while let Some(until) = self.try_admit(route, scope, Instant::now()) {
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = line.changed.notified() => {}
            }
        }
        Ok(OnItsWay { limiter: self, scope })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, route: &str) -> Arc<Line> {
        let now = Instant::now();
        let mut state = self.state();
        if state.routes.len() >= ROUTES {
            state.routes.retain(|_, route| {
                !matches!(route.limit.now(now), Limit::Unknown) || Arc::strong_count(&route.line) > 1
            });
        }
        Arc::clone(&state.routes.entry(route.to_owned()).or_default().line)
    }

    /// Counts a request, or says when to ask again.
    fn try_admit(&self, route: &str, scope: LimitScope, now: Instant) -> Option<Instant> {
        let mut state = self.state();
        let state = &mut *state;
        if let Some(paused) = state.paused.filter(|&until| until > now) {
            return Some(paused);
        }
        let limit = &mut state.routes.entry(route.to_owned()).or_default().limit;
        let next = match limit.now(now) {
            Limit::Unknown => Limit::Asked { until: now + ALONE },
            Limit::Asked { until } | Limit::Known { left: 0, until } => return Some(until),
            Limit::Known { left, until } => Limit::Known { left: left - 1, until },
        };
        if scope == LimitScope::Everywhere
            && let Some(until) = state.everywhere.try_begin(now)
        {
            return Some(until);
        }
        *limit = next;
        None
    }

    /// Takes in what the headers of an answer say of the limits; `None` if there was no answer.
    pub(super) fn learn(&self, route: &str, headers: Option<&HeaderMap>) {
        let now = Instant::now();
        let mut state = self.state();
        let Route { limit, line } = state.routes.entry(route.to_owned()).or_default();
        *limit = match (headers.map(named), limit.now(now)) {
            (None, Limit::Asked { .. }) => Limit::Unknown,
            (None, other) => other,
            (Some(None), _) => Limit::Known { left: u64::MAX, until: now + UNLIMITED },
            (Some(Some((left, after))), before) => before.after(left, now + after),
        };
        line.changed.notify_one();
    }

    /// A 429: nothing on this route, or nothing at all, for a while.
    pub(super) fn pause(&self, route: &str, scope: LimitScope, wait: Duration) {
        let now = Instant::now();
        let mut state = self.state();
        match scope {
            LimitScope::Everywhere => state.paused = Some(now + wait),
            LimitScope::Route => {
                state.routes.entry(route.to_owned()).or_default().limit = Limit::Known { left: 0, until: now + wait };
            }
        }
    }

    /// Counts a refused request (401, 403, 429).
    pub(super) fn refused(&self) {
        let now = Instant::now();
        let mut state = self.state();
        if state.refusals_since.is_none_or(|since| now - since > REFUSALS_WITHIN) {
            state.refusals_since = Some(now);
            state.refusals = 0;
        }
        state.refusals += 1;
    }

    /// Whether so many requests were refused that none should be made for a while.
    pub(super) fn is_closed(&self) -> bool {
        let state = self.state();
        state.refusals >= REFUSALS && state.refusals_since.is_some_and(|since| since.elapsed() <= REFUSALS_WITHIN)
    }
}

/// The requests that are left and the time until there are more, as an answer names them.
fn named(headers: &HeaderMap) -> Option<(u64, Duration)> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<f64>().ok();
    let (left, after) = (number("x-ratelimit-remaining")?, number("x-ratelimit-reset-after")?);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; it saturates")]
    let left = left as u64;
    (0.0..=86_400.0).contains(&after).then(|| (left, Duration::from_secs_f64(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(left: &str, after: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-remaining", left.parse().unwrap());
        headers.insert("x-ratelimit-reset-after", after.parse().unwrap());
        headers
    }

    #[test]
    fn a_used_up_route_waits_and_the_others_do_not() {
        let limiter = Limiter::default();
        let now = Instant::now();
        let waits = |route: &str, at: Instant| limiter.try_admit(route, LimitScope::Everywhere, at).is_some();
        // The first is alone until its answer is there.
        assert_eq!((waits("a", now), waits("a", now), waits("b", now)), (false, true, false));
        limiter.learn("a", Some(&headers("1", "2.5")));
        assert_eq!((waits("a", now), waits("a", now)), (false, true));
        // An answer that was overtaken gives nothing back.
        limiter.learn("a", Some(&headers("1", "2.5")));
        assert!(waits("a", now));
        assert!(!waits("a", now + Duration::from_secs(3)));
        limiter.learn("a", Some(&headers("4", "5")));
        assert!(!waits("a", now + Duration::from_secs(3)));
        limiter.pause("a", LimitScope::Everywhere, Duration::from_secs(1));
        assert!(waits("c", now));
    }

    #[test]
    fn a_request_without_an_answer_lets_the_next_one_find_out() {
        let limiter = Limiter::default();
        let now = Instant::now();
        assert_eq!(limiter.try_admit("a", LimitScope::Everywhere, now), None);
        limiter.learn("a", None);
        assert_eq!(limiter.try_admit("a", LimitScope::Everywhere, now), None);
    }

    #[test]
    fn all_requests_together_have_a_limit_but_for_interactions() {
        let limiter = Limiter::default();
        let now = Instant::now();
        let admitted = |scope, from: usize| {
            (from..from + 60).filter(|n| limiter.try_admit(&n.to_string(), scope, now).is_none()).count()
        };
        assert_eq!((admitted(LimitScope::Everywhere, 0), admitted(LimitScope::Route, 100)), (50, 60));
    }

    #[tokio::test]
    async fn a_line_has_an_end_and_keeps_its_order() {
        let limiter = Arc::new(Limiter::default());
        assert!(limiter.admit("a", LimitScope::Everywhere).await.is_ok());
        limiter.learn("a", Some(&headers("0", "0.05")));
        let waiting: Vec<_> = (0..LINE + 3)
            .map(|_| {
                let limiter = Arc::clone(&limiter);
                tokio::spawn(async move {
                    let is_admitted = limiter.admit("a", LimitScope::Everywhere).await.is_ok();
                    if is_admitted {
                        limiter.learn("a", Some(&headers("0", "0.05")));
                    }
                    (is_admitted, Instant::now())
                })
            })
            .collect();
        let mut times = Vec::new();
        for one in waiting {
            let (is_admitted, at) = one.await.unwrap();
            if is_admitted {
                times.push(at);
            }
        }
        assert_eq!(times.len(), LINE);
        assert!(times.is_sorted() && times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(50)));
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
