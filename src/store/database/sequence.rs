//! How far the history goes.

use rusqlite::Connection;

use crate::{model::Sequence, store::failure::Failure};

/// The place of the last approved change; 0 when there is none.
pub(in crate::store) fn latest(connection: &Connection) -> Result<Sequence, Failure> {
    Ok(connection.prepare_cached("SELECT coalesce(max(sequence), 0) FROM change")?.query_row([], |row| row.get(0))?)
}
