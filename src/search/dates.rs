//! Times said in words: "between 2022-09 and 2023", "since 2022-10", "in 2023", "last month".
//!
//! Only these forms mean a time. "Before the election" is text like any other.

use super::question::{Filter, FilterField, QueryPart, Question, TimeSaid};
use crate::model::Date;

impl Question {
    /// The question with the times that its words say as filters. `today` is what "last month" is
    /// counted from. Where a filter names a time already, words say none.
    #[must_use]
    pub fn with_dates(mut self, today: Date) -> Self {
        let is_time = |filter: &Filter| matches!(filter.field, FilterField::Since(_) | FilterField::Until(_));
        if self.filters.iter().any(is_time) {
            return self;
        }
        let mut said = None;
        let typed = |part: &QueryPart| match (part.excluded, part.phrase) {
            (excluded, true) => format!("{}\"{}\"", if excluded { "-" } else { "" }, part.text),
            (true, false) => format!("-{}", part.text),
            (false, false) => part.text.clone(),
        };
        for part in self.parts.iter_mut().filter(|part| !part.phrase && !part.excluded) {
            let words: Vec<&str> = part.text.split_whitespace().collect();
            let found = (0..words.len()).find_map(|at| {
                let (since, until, count) = time_at(words.get(at..)?, today)?;
                Some((at, count, since, until))
            });
            if let Some((at, count, since, until)) = found {
                let time = words.get(at..at + count).unwrap_or_default().join(" ");
                let left = words.iter().enumerate().filter(|(place, _)| !(at..at + count).contains(place));
                part.text = left.map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
                said = Some((since, until, time));
                break;
            }
        }
        self.parts.retain(|part| !part.text.trim().is_empty());
        if let Some((since, until, words)) = said {
            let rest = self.parts.iter().map(typed).collect::<Vec<_>>().join(" ");
            self.time_said = Some(TimeSaid { words, rest });
            self.filters.extend(since.map(|date| Filter { field: FilterField::Since(date), excluded: false }));
            self.filters.extend(until.map(|date| Filter { field: FilterField::Until(date), excluded: false }));
        }
        self
    }
}

/// The time that the first words say: its beginning, its end, and how many words say it.
fn time_at(words: &[&str], today: Date) -> Option<(Option<Date>, Option<Date>, usize)> {
    let lower: Vec<String> = words.iter().take(4).map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let date = |word: &str| word.trim_end_matches(['.', ',', '?', '!', ';']).parse::<Date>().ok();
    let found = match lower.as_slice() {
        ["between", from, "and", to] | ["from", from, "to" | "until", to] => (Some(date(from)?), Some(date(to)?), 4),
        ["since" | "after", from, ..] => (Some(date(from)?), None, 2),
        ["until" | "before", to, ..] => (None, Some(date(to)?), 2),
        ["in", when, ..] => (Some(date(when)?), Some(date(when)?), 2),
        ["last" | "this", unit, ..] => {
            let back = i64::from(lower.first() == Some(&"last"));
            let period = period(unit.trim_end_matches(['.', ',', '?', '!', ';']), back, today)?;
            (Some(period), Some(period), 2)
        }
        _ => return None,
    };
    Some(found)
}

/// The year or the month that is so many before today's.
fn period(unit: &str, back: i64, today: Date) -> Option<Date> {
    let day = today.first_day();
    let (year, month) = (i64::from(day.year()), i64::from(day.month()));
    let text = match unit {
        "year" => format!("{:04}", year - back),
        "month" => {
            let months = year * 12 + month - 1 - back;
            format!("{:04}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
        }
        _ => return None,
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let question = Question::read(text).with_dates("2026-01-15".parse().unwrap());
        let parts: Vec<&str> = question.parts.iter().map(|part| part.text.as_str()).collect();
        let (since, until) = question.dates();
        let shown = |date: Option<Date>| date.map_or("-".to_owned(), |date| date.to_string());
        format!("{} | {} | {}", parts.join(" + "), shown(since), shown(until))
    }

    #[test]
    fn times_in_words_are_filters_and_all_else_is_text() {
        for (text, expected) in [
            ("canada between 2022-09 and 2023", "canada | 2022-09 | 2023"),
            ("since 2022-10 canada", "canada | 2022-10 | -"),
            ("canada before 2023?", "canada | - | 2023"),
            ("canada in 2023", "canada | 2023 | 2023"),
            ("canada last month", "canada | 2025-12 | 2025-12"),
            ("canada this year!", "canada | 2026 | 2026"),
            ("from 2022 to 2023-05 canada -london", "canada + london | 2022 | 2023-05"),
            ("canada before the election", "canada before the election | - | -"),
            ("between rome and milan", "between rome and milan | - | -"),
            ("\"in 2023\" canada", "in 2023 + canada | - | -"),
            ("the last station", "the last station | - | -"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
