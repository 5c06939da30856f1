//! A question in its parts: words, phrases, what is to be left out, and filters.
//!
//! What a person typed is a question, not a pattern: only the forms that the help documents mean
//! anything; stars, colons, brackets and operators are text.

use super::Quotes;
use crate::model::{Date, EntityId, Language};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// The parts of the free text, in order.
    pub parts: Vec<QueryPart>,
    /// The filters.
    pub filters: Vec<Filter>,
    /// The words that were read as a time, and the question without them; where its words say one.
    pub time_said: Option<TimeSaid>,
}

/// Words of a question that were read as a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSaid {
    /// The words: "in 2023".
    pub words: String,
    /// The free text without them.
    pub rest: String,
}

/// A part of the free text of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPart {
    /// The text.
    pub text: String,
    /// Whether it stood in quotation marks: the words must follow each other.
    pub phrase: bool,
    /// Whether it stood after a minus: entries with it are left out.
    pub excluded: bool,
}

/// A condition on what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What it is about.
    pub field: FilterField,
    /// Whether what fulfils it is left out.
    pub excluded: bool,
}

/// What a filter is about, with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterField {
    /// The speaker of the statement.
    By(String),
    /// What the statement is about.
    About(String),
    /// A place that it is about.
    Place(String),
    /// An organisation that speaks, answers or is spoken of.
    Organisation(String),
    /// The publisher of a source.
    From(String),
    /// The publishers of sources on a host, which was asked for instead of a name.
    Host {
        /// The host as it is written.
        host: String,
        /// The publishers that have sources there.
        publishers: Vec<EntityId>,
    },
    /// Said then or later.
    Since(Date),
    /// Said then or earlier.
    Until(Date),
    /// The language of a source or quote.
    Language(Language),
}

impl Question {
    /// Reads the free text of a question.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut parts: Vec<QueryPart> = Vec::new();
        let mut quotes = Quotes::default();
        let mut left = text.trim_start();
        while !left.is_empty() {
            let after_minus = left
                .strip_prefix('-')
                .filter(|rest| rest.starts_with(|next: char| !next.is_whitespace() && next != '-'));
            let excluded = after_minus.is_some();
            let bare = after_minus.unwrap_or(left);
            let (part, length, phrase) = match quotes.read(bare) {
                Some((inner, length)) => (inner, length, true),
                None => {
                    let length = bare.find(char::is_whitespace).unwrap_or(bare.len());
                    (bare.get(..length).unwrap_or(bare), length, false)
                }
            };
            match parts.last_mut() {
                // Words that follow each other may be one name.
                Some(last) if !phrase && !excluded && !last.phrase && !last.excluded => {
                    last.text.push(' ');
                    last.text.push_str(part);
                }
                _ if part.trim().is_empty() => {}
                _ => parts.push(QueryPart { text: part.to_owned(), phrase, excluded }),
            }
            left = bare.get(length..).unwrap_or_default().trim_start();
        }
        Self { parts, filters: Vec::new(), time_said: None }
    }

    /// The earliest and the latest date asked for.
    #[must_use]
    pub fn dates(&self) -> (Option<Date>, Option<Date>) {
        let mut since = None;
        let mut until = None;
        for filter in &self.filters {
            match filter.field {
                FilterField::Since(date) => since = Some(date),
                FilterField::Until(date) => until = Some(date),
                FilterField::By(_)
                | FilterField::About(_)
                | FilterField::Place(_)
                | FilterField::Organisation(_)
                | FilterField::From(_)
                | FilterField::Host { .. }
                | FilterField::Language(_) => {}
            }
        }
        (since, until)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::looked_at, *};

    #[test]
    fn reading_a_question_takes_as_long_as_it_is_long() {
        for pattern in ["“ ", "„a ", "\"a\" ", "« - ", "“\" ", "「", "-“ ", "a "] {
            let read = |times: usize| {
                let text = pattern.repeat(times);
                looked_at(|| {
                    let _ = Question::read(&text);
                })
            };
            let (short, long) = (read(500), read(8_000));
            assert!(long <= 17 * short, "{pattern:?}: {short} for 500 of it, {long} for 8,000");
        }
    }
}
