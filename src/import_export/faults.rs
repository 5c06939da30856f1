//! What is wrong in packs: where, and what; as many of them as someone can put right at a time.

use std::fmt;

/// What is wrong in a pack, and where. Nothing of the import is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PackError {
    /// The file as it was named; empty where all of them are meant.
    pub file: String,
    /// The line, from 1; `None` when the file as a whole is meant.
    pub line: Option<usize>,
    /// The field, as `statement.said` or `statement.citations[0].role`.
    pub field: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.file.is_empty() {
            return formatter.write_str(&self.message);
        }
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        if let Some(field) = &self.field {
            write!(formatter, ", field {field}")?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// How many faults are told in one run. The limit is ours: whoever has put so many right looks again.
const MOST_TOLD: usize = 50;

/// The first [`MOST_TOLD`] faults, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Faults {
    told: Vec<PackError>,
    more: usize,
}

impl Faults {
    /// Adds one. Finding out its place may take time, so it is asked for where it is told only.
    pub(super) fn add(&mut self, fault: impl FnOnce() -> PackError) {
        if self.told.len() < MOST_TOLD {
            self.told.push(fault());
        } else {
            self.more += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The faults; the last one says how many more there are.
    pub(super) fn into_errors(mut self) -> Vec<PackError> {
        if self.more > 0 {
            let message = format!("and {} more", self.more);
            self.told.push(PackError { file: String::new(), line: None, field: None, message });
        }
        self.told
    }
}
