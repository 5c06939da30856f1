//! What tells whether something that was read is as it was: where it was read in the history, and how often an address had
//! turned out dead, or alive again, by then. Both only grow.

use rusqlite::Connection;

use crate::{model::Sequence, store::failure::Failure};

/// Where something was read. Of two, the later one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct ReadAt {
    /// The place in the history.
    pub(in crate::store) sequence: Sequence,
    /// How often an address had turned out dead or alive again.
    pub(in crate::store) link_turns: i64,
}

impl ReadAt {
    /// Before anything was written.
    pub(in crate::store) const BEGINNING: Self = Self { sequence: Sequence::BEGINNING, link_turns: 0 };
}

/// How often an address has turned out dead or alive again.
pub(in crate::store) fn link_turns(connection: &Connection) -> Result<i64, Failure> {
    Ok(connection.prepare_cached("SELECT coalesce(max(number), 0) FROM link_turns")?.query_row([], |row| row.get(0))?)
}
