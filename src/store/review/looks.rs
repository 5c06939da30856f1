//! What reviewers were shown of the changes that wait, so that each decides on what they saw.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{Change, ChangeId, ChangeVersion, Identity, Sight};
use crate::store::{
    Reader, Store, acts::people, database::values::get, error::StoreError, failure::Failure, refusal::Refusal,
    review::fitting::Fitted,
};

/// What someone was shown of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The change.
    pub change: ChangeId,
    /// Which version of it.
    pub version: ChangeVersion,
    /// Which of its operations, by position: from the first of these to before the second.
    pub shown: (usize, usize),
}

impl Reader<'_> {
    /// How many operations someone, under this identity, was shown of this version, if that is what they saw last.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn seen_of(
        &self,
        viewer: &Identity,
        change: ChangeId,
        version: &ChangeVersion,
    ) -> Result<Option<usize>, Failure> {
        let held = held(self.connection()?, viewer, change)?;
        Ok(held.filter(|(held, _)| held == version).map(|(_, shown)| shown))
    }
}

impl Store {
    /// Remembers what someone was shown of a change, as long as it waits. Says how many of its operations, from the
    /// first on, they have been shown by now.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn looked(&self, viewer: Identity, look: Look, at: Timestamp) -> Result<usize, Failure> {
        self.writer()?.write(move |transaction| {
            let (from, to) = look.shown;
            let before = match held(transaction, &viewer, look.change)? {
                Some((version, shown)) if version == look.version => shown,
                _ => 0,
            };
            // A later page alone leaves out what stands before it.
            let shown = if from <= before { before.max(to) } else { before };
            transaction.execute(
                "INSERT OR REPLACE INTO look (viewer, change, version, shown, at)
                 SELECT ?1, id, ?3, ?4, ?5 FROM change WHERE id = ?2 AND state = 'pending'",
                (viewer.to_string(), look.change.0, look.version.as_str(), shown, at.as_millisecond()),
            )?;
            Ok(shown)
        })
    }
}

fn held(
    connection: &Connection,
    viewer: &Identity,
    change: ChangeId,
) -> Result<Option<(ChangeVersion, usize)>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT version, shown FROM look WHERE viewer = ?1 AND change = ?2")?;
    let found = statement
        .query_row((viewer.to_string(), change.0), |row| Ok((get(row, "version")?, row.get("shown")?)))
        .optional()?;
    Ok(found)
}

/// Forgets who looked at a change: it is decided.
pub(in crate::store) fn forget(connection: &Connection, change: ChangeId) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM look WHERE change = ?1")?.execute([change.0])?;
    Ok(())
}

/// How much of a change someone must have seen to decide on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Extent {
    /// All of it: it is to be in force.
    Whole,
    /// The version as it is: it is turned down for whatever was found in it.
    Any,
}

/// Refuses a decision on something else than what the reviewer looked at.
pub(in crate::store) fn require(
    connection: &Connection,
    change: &Change,
    fitted: &Fitted,
    reviewer: &Identity,
    sight: &Sight,
    extent: Extent,
) -> Result<(), StoreError> {
    let id = change.id;
    match sight {
        Sight::Of(version) if *version == fitted.version => Ok(()),
        Sight::Of(_) => Err(StoreError::Refused(Refusal::Amended(id))),
        Sight::Remembered => {
            let mut looked = Vec::new();
            for identity in people::identities_of(connection, reviewer)? {
                looked.extend(held(connection, &identity, id)?);
            }
            if looked.is_empty() {
                return Err(StoreError::Refused(Refusal::NotSeen(id)));
            }
            let shown = looked.iter().filter(|(version, _)| *version == fitted.version).map(|(_, shown)| *shown).max();
            let operations = fitted.operations.len();
            match shown {
                None => Err(StoreError::Refused(Refusal::Amended(id))),
                Some(shown) if extent == Extent::Whole && shown < operations => {
                    Err(StoreError::Refused(Refusal::PartlySeen { change: id, shown, operations }))
                }
                Some(_) => Ok(()),
            }
        }
    }
}
