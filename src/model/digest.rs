//! How often someone is told of what they watch.

use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};

super::vocabulary! {
    /// How often a place is told of what it watches.
    pub enum Digest {
        /// Of each change as it is approved.
        None = "none",
        /// Once a day, at 8:00 UTC.
        Daily = "daily",
        /// Once a week, on Monday at 8:00 UTC.
        Weekly = "weekly",
    }
}

/// The hour at which digests are due, UTC. The choice is ours: morning in Europe, evening in Sydney.
const HOUR: i8 = 8;

impl Digest {
    /// When something that happened `at` this moment is due.
    #[must_use]
    pub fn due(self, at: Timestamp) -> Timestamp {
        let days = match self {
            Self::None => return at,
            Self::Daily => 1,
            Self::Weekly => 7,
        };
        let today = TimeZone::UTC.to_datetime(at).date();
        // The next 8:00 of a day that is right, at most a week away.
        (0..=days)
            .filter_map(|ahead| {
                let day = today.checked_add(i64::from(ahead).days()).ok()?;
                let right = self == Self::Daily || day.weekday() == Weekday::Monday;
                let due = TimeZone::UTC.to_timestamp(day.at(HOUR, 0, 0, 0)).ok()?;
                (right && due > at).then_some(due)
            })
            .next()
            .unwrap_or(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_due_on_the_next_morning_or_monday() {
        for (digest, at, due) in [
            (Digest::None, "2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z"),
            (Digest::Daily, "2026-11-24T07:59:59Z", "2026-11-24T08:00:00Z"),
            (Digest::Daily, "2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z"),
            (Digest::Weekly, "2026-11-24T08:00:00Z", "2026-11-30T08:00:00Z"),
            (Digest::Weekly, "2026-11-30T08:00:00Z", "2026-12-07T08:00:00Z"),
        ] {
            assert_eq!(digest.due(at.parse().unwrap()), due.parse::<Timestamp>().unwrap(), "{digest} {at}");
        }
    }
}
