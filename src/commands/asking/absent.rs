//! What is said of an id that nothing on record has.

use crate::{
    commands::calls,
    reply::{Outcome, Reply, Text},
};

/// The reply that no record has this id.
pub(in crate::commands) fn not_on_record(id: impl ToString) -> Reply {
    Reply::new(Outcome::NothingFound)
        .heading(format!("Nothing on record has the id {}.", id.to_string()))
        .hint(Text::from("Ids are given by each database; look for names and words with ").ask(calls::source_typed()))
}
