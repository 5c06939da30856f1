//! Dates of reduced precision.

use std::{cmp::Ordering, fmt, str::FromStr};

/// A date as precisely as it is known: a year, a month or a day, in the notation of ISO 8601
/// (EDTF level 0): `2018`, `2022-10`, `2022-10-26`. An unknown date is an absent one, never a guess.
///
/// The order is by the last day that the date can mean, then the finer precision later, so that
/// "newest first" puts what is known to be newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    year: i16,
    precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Precision {
    Year,
    Month { month: i8 },
    Day { month: i8, day: i8 },
}

/// Why a text is no [`Date`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no date: write a year, a month or a day, like 2022, 2022-10 or 2022-10-26")]
pub struct DateError {
    /// The text as given, shortened.
    pub text: String,
}

impl Date {
    /// The day of a calendar date.
    #[must_use]
    pub fn from_day(day: jiff::civil::Date) -> Self {
        Self { year: day.year(), precision: Precision::Day { month: day.month(), day: day.day() } }
    }

    /// The day on which a moment falls in UTC.
    #[must_use]
    pub fn of(moment: jiff::Timestamp) -> Self {
        Self::from_day(moment.to_zoned_datetime(jiff::tz::TimeZone::UTC).date())
    }

    /// The latest day that a moment falls on anywhere on Earth: on the SingleLine Islands, 14 hours ahead of UTC. What is
    /// dated later is in the future everywhere.
    #[must_use]
    pub fn latest_of(moment: jiff::Timestamp) -> Self {
        let ahead = moment.checked_add(jiff::SignedDuration::from_hours(14));
        Self::of(ahead.unwrap_or(moment))
    }

    /// Whether the day is known, not only the month or the year.
    #[must_use]
    pub fn is_day(self) -> bool {
        matches!(self.precision, Precision::Day { .. })
    }

    /// The date as people write it, as precisely as it is known: "26 Oct 2022", "Oct 2022", "2022".
    #[must_use]
    pub fn in_words(self) -> String {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let name = |month: i8| usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("");
        match self.precision {
            Precision::Year => format!("{}", self.year),
            Precision::Month { month } => format!("{} {}", name(month), self.year),
            Precision::Day { month, day } => format!("{day} {} {}", name(month), self.year),
        }
    }

    /// The first day that this date can mean.
    #[must_use]
    pub fn first_day(self) -> jiff::civil::Date {
        let (month, day) = match self.precision {
            Precision::Year => (1, 1),
            Precision::Month { month } => (month, 1),
            Precision::Day { month, day } => (month, day),
        };
        // The parts were checked when this value was made, so the fallback is never taken.
        jiff::civil::Date::new(self.year, month, day).unwrap_or(jiff::civil::Date::MIN)
    }

    /// The last day that this date can mean.
    #[must_use]
    pub fn last_day(self) -> jiff::civil::Date {
        match self.precision {
            Precision::Year => self.first_day().last_of_year(),
            Precision::Month { .. } => self.first_day().last_of_month(),
            Precision::Day { .. } => self.first_day(),
        }
    }

    /// Whether this date lies before `other` however both are read.
    #[must_use]
    pub fn is_certainly_before(self, other: Self) -> bool {
        self.last_day() < other.first_day()
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let error = || DateError { text: text.chars().take(40).collect() };
        let number = |part: &str, digits: usize| {
            (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse::<i16>().ok())
                .flatten()
        };
        let parts = text.split('-').collect::<Vec<_>>();
        let (year, month, day) = match *parts.as_slice() {
            [year] => (number(year, 4), None, None),
            [year, month] => (number(year, 4), Some(number(month, 2)), None),
            [year, month, day] => (number(year, 4), Some(number(month, 2)), Some(number(day, 2))),
            _ => return Err(error()),
        };
        let year = year.ok_or_else(error)?;
        let small = |part: Option<i16>| part.and_then(|part| i8::try_from(part).ok()).ok_or_else(error);
        let month = month.map(small).transpose()?;
        let day = day.map(small).transpose()?;
        jiff::civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| error())?;
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (Some(month), None) => Precision::Month { month },
            (Some(month), Some(day)) => Precision::Day { month, day },
        };
        Ok(Self { year, precision })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}", self.year)?;
        match self.precision {
            Precision::Year => Ok(()),
            Precision::Month { month } => write!(formatter, "-{month:02}"),
            Precision::Day { month, day } => write!(formatter, "-{month:02}-{day:02}"),
        }
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> Ordering {
        self.last_day().cmp(&other.last_day()).then_with(|| self.first_day().cmp(&other.first_day()))
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

super::serde_as_text!(Date);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_has_a_year_a_month_or_a_day_that_the_calendar_has() {
        for good in ["2018", "2022-10", "2022-10-26", "2024-02-29", "0001"] {
            assert_eq!(date(good).to_string(), good);
        }
        for bad in [
            "",
            "22",
            "2022-",
            "2022-13",
            "2022-1",
            "2022-02-30",
            "2023-02-29",
            "2022-10-26T00:00",
            "２０２２",
            "-2022",
            "2022/10",
        ] {
            assert!(bad.parse::<Date>().is_err(), "{bad:?} was taken for a date");
        }
    }

    #[test]
    fn newest_means_known_to_be_newest() {
        let mut dates = ["2022", "2022-10-26", "2023-01", "2022-12-31", "2022-12"].map(date);
        dates.sort();
        assert_eq!(dates.map(|date| date.to_string()), ["2022-10-26", "2022", "2022-12", "2022-12-31", "2023-01"]);
    }

    #[test]
    fn only_what_is_certain_counts_as_before() {
        assert!(date("2022-09").is_certainly_before(date("2022-10-01")));
        assert!(!date("2022").is_certainly_before(date("2022-10-01")));
        assert!(!date("2022-10-01").is_certainly_before(date("2022")));
    }

    proptest! {
        #[test]
        fn any_text_parses_to_the_same_text_or_not_at_all(text in "[0-9-]{0,12}") {
            if let Ok(date) = text.parse::<Date>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
