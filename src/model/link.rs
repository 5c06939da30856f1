//! What became of the address of a source when it was asked, and the rule by which it counts as dead.

use jiff::{SignedDuration, Timestamp};

use super::{Date, WebAddress};

super::vocabulary! {
    /// What an address led to.
    pub enum LinkOutcome {
        /// To a page.
        Alive = "alive",
        /// To nothing: not found, or gone.
        Gone = "gone",
        /// To a host that doesn't exist.
        NoSuchName = "no_such_name",
        /// To a host where nobody listens.
        ConnectionRefused = "connection_refused",
        /// To the front page of a host, in the page's place.
        FrontPage = "front_page",
        /// To a page that isn't shown to everyone.
        Guarded = "guarded",
        /// To a host that was asked too often.
        AskedTooOften = "asked_too_often",
        /// To a host that fails.
        ServerError = "server_error",
        /// To a host that took too long.
        TimedOut = "timed_out",
        /// Not asked, as the host's robots.txt asks that.
        Robots = "robots",
        /// Not asked, as it leads where nothing is fetched from.
        NotAsked = "not_asked",
        /// To something that tells neither.
        Unclear = "unclear",
    }
}

/// What an outcome says of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkBearing {
    /// That it's there.
    There,
    /// That it isn't.
    Missing,
    /// Neither: the page may be there all the same.
    Neither,
}

impl LinkOutcome {
    /// What it says of the page.
    #[must_use]
    pub const fn bearing(self) -> LinkBearing {
        match self {
            Self::Alive => LinkBearing::There,
            Self::Gone | Self::NoSuchName | Self::ConnectionRefused | Self::FrontPage => LinkBearing::Missing,
            Self::Guarded
            | Self::AskedTooOften
            | Self::ServerError
            | Self::TimedOut
            | Self::Robots
            | Self::NotAsked
            | Self::Unclear => LinkBearing::Neither,
        }
    }

    /// The same in words that follow "the address".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Alive => "leads to a page",
            Self::Gone => "leads to nothing any more",
            Self::NoSuchName => "has a host that doesn't exist",
            Self::ConnectionRefused => "has a host that refuses the connection",
            Self::FrontPage => "leads to a front page in place of the page",
            Self::Guarded => "leads to a page that isn't shown to everyone",
            Self::AskedTooOften => "has a host that wants to be asked less often",
            Self::ServerError => "has a host that fails",
            Self::TimedOut => "has a host that took too long",
            Self::Robots => "is not asked, as the host's robots.txt wants it",
            Self::NotAsked => "is not asked, as it doesn't lead to a public website",
            Self::Unclear => "gave no clear answer",
        }
    }
}

/// On how many different days an address has to fail, without an answer in between, to count as dead.
pub const FAILURES_OF_THE_DEAD: u32 = 3;

/// What came of asking an address once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkAnswer {
    /// What it led to.
    pub outcome: LinkOutcome,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// The address that answered, where it was another one.
    pub last: Option<WebAddress>,
}

/// How an address stands by what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkState {
    /// What came of asking it last.
    pub answer: LinkAnswer,
    /// When that was.
    pub asked: Timestamp,
    /// On how many different days it has failed since it was seen to lead to a page.
    pub failures: u32,
    /// The last of these days.
    pub failed_on: Option<Date>,
    /// Since when it counts as dead.
    pub dead_since: Option<Date>,
}

/// After how long an address is asked again. The terms are ours: a failure has to show on three days soon, all else can wait.
const AFTER_A_FAILURE: SignedDuration = SignedDuration::from_hours(20);
const AFTER_ALL_ELSE: SignedDuration = SignedDuration::from_hours(7 * 24);

impl LinkState {
    /// How an address stands after it was asked once more. A failure counts once a day; what tells neither changes nothing.
    #[must_use]
    pub fn after(before: Option<&Self>, answer: LinkAnswer, asked: Timestamp) -> Self {
        let today = Date::of(asked);
        let (failures, failed_on, dead_since) =
            before.map_or((0, None, None), |before| (before.failures, before.failed_on, before.dead_since));
        let (failures, failed_on, dead_since) = match answer.outcome.bearing() {
            LinkBearing::There => (0, None, None),
            LinkBearing::Neither => (failures, failed_on, dead_since),
            LinkBearing::Missing if failed_on == Some(today) => (failures, failed_on, dead_since),
            LinkBearing::Missing => {
                let failures = failures.saturating_add(1);
                let is_dead = failures >= FAILURES_OF_THE_DEAD;
                (failures, Some(today), dead_since.or(is_dead.then_some(today)))
            }
        };
        Self { answer, asked, failures, failed_on, dead_since }
    }

    /// Whether it counts as dead.
    #[must_use]
    pub const fn is_dead(&self) -> bool {
        self.dead_since.is_some()
    }

    /// Whether it is time to ask it again.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let is_failing = self.failures > 0 && !self.is_dead();
        let passing = matches!(
            self.answer.outcome,
            LinkOutcome::AskedTooOften | LinkOutcome::ServerError | LinkOutcome::TimedOut | LinkOutcome::Unclear
        );
        let term = if is_failing || passing { AFTER_A_FAILURE } else { AFTER_ALL_ELSE };
        // After a clock was put back, too.
        now.duration_since(self.asked).abs() >= term
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came of asking on some days, and how the address stands then.
    type AskedOnDays = (&'static [(u8, LinkOutcome)], u32, Option<u8>);

    fn answer(outcome: LinkOutcome) -> LinkAnswer {
        LinkAnswer { outcome, status: None, last: None }
    }

    #[test]
    fn an_address_is_dead_after_failures_on_three_days_and_nothing_else() {
        use LinkOutcome::{
            Alive, AskedTooOften, ConnectionRefused, FrontPage, Gone, Guarded, NoSuchName, NotAsked, Robots,
            ServerError, TimedOut, Unclear,
        };
        // What comes of asking on these days of a month, and then: the failures, and since which day it is dead.
        let cases: &[AskedOnDays] = &[
            (&[(1, Alive)], 0, None),
            (&[(1, Gone)], 1, None),
            (&[(1, Gone), (1, Gone), (1, Gone)], 1, None),
            (&[(1, Gone), (2, Gone)], 2, None),
            (&[(1, Gone), (2, Gone), (3, Gone)], 3, Some(3)),
            (&[(1, Gone), (9, Gone), (27, Gone)], 3, Some(27)),
            (&[(1, Gone), (2, NoSuchName), (3, ConnectionRefused)], 3, Some(3)),
            (&[(1, FrontPage), (2, FrontPage), (3, FrontPage)], 3, Some(3)),
            (&[(1, Gone), (2, Gone), (3, Gone), (4, Gone)], 4, Some(3)),
            (&[(1, Gone), (2, Gone), (3, Alive)], 0, None),
            (&[(1, Gone), (2, Gone), (3, Alive), (4, Gone)], 1, None),
            (&[(1, Gone), (2, Gone), (3, Gone), (4, Alive)], 0, None),
            (&[(1, Gone), (2, Gone), (3, Gone), (4, ServerError)], 3, Some(3)),
            (&[(1, Gone), (2, TimedOut), (3, Gone), (4, Guarded), (5, Gone)], 3, Some(5)),
            (&[(1, Guarded), (2, Guarded), (3, Guarded)], 0, None),
            (&[(1, AskedTooOften), (2, ServerError), (3, TimedOut), (4, Unclear)], 0, None),
            (&[(1, Robots), (2, NotAsked), (3, Robots), (4, Robots)], 0, None),
            (&[(1, Gone), (2, Gone), (2, Robots), (2, Gone)], 2, None),
        ];
        for (asked, failures, dead_since) in cases {
            let mut state: Option<LinkState> = None;
            for (day, outcome) in *asked {
                let at: Timestamp = format!("2026-11-{day:02}T12:00:00Z").parse().unwrap();
                state = Some(LinkState::after(state.as_ref(), answer(*outcome), at));
            }
            let state = state.unwrap();
            let dead = dead_since.map(|day| format!("2026-11-{day:02}").parse::<Date>().unwrap());
            assert_eq!((state.failures, state.dead_since), (*failures, dead), "{asked:?}");
        }
    }

    #[test]
    fn what_fails_is_asked_again_the_next_day_and_all_else_after_a_week() {
        let begun: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
        for (outcome, hours) in [
            (LinkOutcome::Alive, 168),
            (LinkOutcome::Gone, 20),
            (LinkOutcome::ServerError, 20),
            (LinkOutcome::Guarded, 168),
            (LinkOutcome::Robots, 168),
        ] {
            let state = LinkState::after(None, answer(outcome), begun);
            let after = |hours| begun + SignedDuration::from_hours(hours);
            assert!(!state.is_due(after(hours - 1)) && state.is_due(after(hours)), "{outcome}");
        }
    }
}
