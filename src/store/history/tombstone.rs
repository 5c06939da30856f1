//! What stays where a record was purged.

use crate::model::{RecordId, RecordNotice};
use crate::store::{Reader, database::values::get_optional, failure::Failure, records::load::rows};

/// What is written in place of the words of a change whose content was purged.
pub(in crate::store) const REDACTED: &str = "(purged)";

impl Reader<'_> {
    /// The day and the reason of a purge; `None` where the record was not purged.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn tombstone(&self, id: RecordId) -> Result<Option<RecordNotice>, Failure> {
        let found = rows(
            self.connection()?,
            "SELECT purged_on, purged_reason FROM record WHERE kind = ?1 AND id = ?2",
            (id.kind.word(), id.number),
            |row| Ok(get_optional(row, "purged_on")?.zip(get_optional(row, "purged_reason")?)),
        )?;
        Ok(found.into_iter().next().flatten().map(|(on, reason)| RecordNotice { on, reason }))
    }

    /// How many records were purged so far.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn purged(&self) -> Result<i64, Failure> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT count(*) FROM record WHERE purged_on IS NOT NULL")?
            .query_row([], |row| row.get(0))?)
    }
}

/// The record's id in words, for those who look for a tombstone.
pub(in crate::store) fn tombstone_key(id: RecordId) -> String {
    format!("purged-{}", id.to_string().to_lowercase())
}
