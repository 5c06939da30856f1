//! What became of one record, change by change.

use jiff::Timestamp;

use crate::model::{ChangeId, HeldRecord, Identity, RecordId, RecordKey, SingleLine};
use crate::store::{
    Reader,
    database::values::{get, timestamp},
    failure::Failure,
    records::load::{id_of, load, rows},
};

/// One approved change that touched a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryItem {
    /// The change.
    pub change: ChangeId,
    /// What it was for.
    pub summary: SingleLine,
    /// Who proposed it.
    pub author: Identity,
    /// Who approved it.
    pub reviewer: Identity,
    /// When it was approved.
    pub approved_at: Timestamp,
    /// Why it was approved.
    pub reason: SingleLine,
    /// What the change did to the record, in one word per operation; empty where the record was
    /// only drawn along, as by the merge of an entity that it named.
    pub operations: Vec<String>,
}

impl Reader<'_> {
    /// The approved changes that touched a record, in order of approval.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn history(&self, id: RecordId) -> Result<Vec<HistoryItem>, Failure> {
        rows(
            self.connection()?,
            "SELECT change.*,
                    (SELECT group_concat(word, ' ') FROM (
                        SELECT json_extract(content, '$.operation') AS word
                        FROM operation JOIN record ON record.kind = record_kind AND record.key = record_key
                        WHERE operation.change = change.id AND record.kind = ?1 AND record.id = ?2
                        ORDER BY position)) AS words
             FROM touched JOIN change ON change.id = touched.change
             WHERE touched.kind = ?1 AND touched.id = ?2
             ORDER BY change.sequence",
            (id.kind.word(), id.number),
            |row| {
                let words: Option<String> = row.get("words")?;
                Ok(HistoryItem {
                    change: ChangeId(row.get("id")?),
                    summary: get(row, "summary")?,
                    author: get(row, "author")?,
                    reviewer: get(row, "reviewer")?,
                    approved_at: timestamp(row, "reviewed_at")?,
                    reason: get(row, "reason")?,
                    operations: words.map(|words| words.split(' ').map(str::to_owned).collect()).unwrap_or_default(),
                })
            },
        )
    }

    /// The record of this name, as it is held; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn held(&self, name: &RecordKey) -> Result<Option<HeldRecord>, Failure> {
        let connection = self.connection()?;
        id_of(connection, name)?.map(|id| load(connection, id)).transpose()
    }

    /// The id of the record of this name; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn record_id(&self, name: &RecordKey) -> Result<Option<RecordId>, Failure> {
        id_of(self.connection()?, name)
    }

    /// The ids of all records of all kinds, in order of kind and number, whatever their standing.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn all_ids(&self) -> Result<Vec<RecordId>, Failure> {
        rows(self.connection()?, "SELECT kind, id FROM record WHERE purged_on IS NULL ORDER BY kind, id", [], |row| {
            Ok(RecordId::new(get(row, "kind")?, row.get("id")?))
        })
    }

    /// The record of this id, as it is held; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn held_by_id(&self, id: RecordId) -> Result<Option<HeldRecord>, Failure> {
        match load(self.connection()?, id) {
            Ok(held) => Ok(Some(held)),
            Err(Failure::Sqlite(rusqlite::Error::QueryReturnedNoRows)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
