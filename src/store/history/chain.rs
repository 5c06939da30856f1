//! The chain of approved changes: each carries the hash of the one before, so that what was decided
//! can't be altered, left out or put in later without showing.
//!
//! A change's hash is SHA-256, in hexadecimal, over lines of text: the hash before, the place, the
//! digest of the decision, and the digests of the operations. Each digest is over a random salt and
//! the content. What is purged loses content and salt, and keeps its digest: the chain still holds,
//! and nobody can guess from it what stood there. What the chain is not over is under the seals (`seals`).

use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};

use crate::model::Sequence;
use crate::store::{
    Reader,
    error::StoreError,
    failure::Failure,
    history::hash::{BEGINNING, hex},
    records::load::rows,
};

/// A change as the audit trail has it: one line of JSON.
#[derive(Debug, serde::Serialize)]
pub struct AuditLine {
    /// The change.
    #[serde(flatten)]
    pub change: crate::model::Change,
    /// The hash of the approved change before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Its own hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// What was decided, as its digest is over it: after the salt, this text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Sealed>,
    /// The operations, as their digests are over them.
    pub sealed: Vec<Sealed>,
}

/// Content with its salt and digest; purged content is not there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sealed {
    /// The salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// SHA-256 of salt and content, in hexadecimal.
    pub digest: String,
}

impl Sealed {
    pub(in crate::store) fn holds(&self) -> bool {
        match (&self.salt, &self.content) {
            (Some(salt), Some(content)) => digest(salt, content) == self.digest,
            _ => true,
        }
    }
}

fn digest(salt: &str, content: &str) -> String {
    hex(Sha256::digest(format!("{salt}\n{content}")))
}

/// Seals an approved change: gives it its digests and its place in the chain.
pub(in crate::store) fn seal(transaction: &Transaction<'_>, change: i64) -> Result<(), Failure> {
    let salt = || -> rusqlite::Result<String> {
        transaction.prepare_cached("SELECT lower(hex(randomblob(16)))")?.query_row([], |row| row.get(0))
    };
    let operations: Vec<(i64, String)> =
        rows(transaction, "SELECT position, content FROM operation WHERE change = ?1", [change], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let mut update = transaction
        .prepare_cached("UPDATE operation SET salt = ?3, digest = ?4 WHERE change = ?1 AND position = ?2")?;
    for (position, content) in operations {
        let salt = salt()?;
        let digest = digest(&salt, &content);
        update.execute((change, position, salt, digest))?;
    }
    let salt = salt()?;
    let (sequence, decision) = decision(transaction, change)?;
    let digest = digest(&salt, &decision);
    let previous = previous(transaction, sequence)?;
    let digests = operations_of(transaction, change)?.into_iter().map(|sealed| sealed.digest).collect::<Vec<_>>();
    let hash = link(&previous, sequence, &digest, &digests);
    transaction
        .prepare_cached("UPDATE change SET salt = ?2, digest = ?3, hash = ?4 WHERE id = ?1")?
        .execute((change, salt, digest, hash))?;
    Ok(())
}

/// The hash of a change.
pub(in crate::store) fn link(previous: &str, sequence: Sequence, digest: &str, operations: &[String]) -> String {
    hex(Sha256::digest(format!("{previous}\n{sequence}\n{digest}\n{}", operations.join("\n"))))
}

/// What was decided, in one text whose form never changes.
pub(in crate::store) fn decision(connection: &Connection, change: i64) -> Result<(Sequence, String), Failure> {
    Ok(connection
        .prepare_cached(
            "SELECT sequence, json_array(id, summary, author, proposed_at, reviewer, reviewed_at, reason, solo)
             FROM change WHERE id = ?1",
        )?
        .query_row([change], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn previous(connection: &Connection, sequence: Sequence) -> Result<String, Failure> {
    let before = rows(connection, "SELECT hash FROM change WHERE sequence = ?1 - 1", [sequence], |row| {
        row.get::<_, Option<String>>(0)
    })?;
    Ok(before.into_iter().next().flatten().unwrap_or_else(|| BEGINNING.to_owned()))
}

/// The operations of a change, as their digests are over them.
pub(in crate::store) fn operations_of(connection: &Connection, change: i64) -> Result<Vec<Sealed>, Failure> {
    rows(
        connection,
        "SELECT salt, content, coalesce(digest, '') AS digest FROM operation WHERE change = ?1 ORDER BY position",
        [change],
        |row| {
            let salt: Option<String> = row.get("salt")?;
            let content = if salt.is_some() { Some(row.get("content")?) } else { None };
            Ok(Sealed { salt, content, digest: row.get("digest")? })
        },
    )
}

/// Seals what was approved by a version of the program that knew no chain: the step of the migration that brought it.
pub(in crate::store) fn begin(transaction: &Transaction<'_>) -> Result<Option<String>, Failure> {
    let changes: Vec<i64> =
        rows(transaction, "SELECT id FROM change WHERE sequence IS NOT NULL ORDER BY sequence", [], |row| row.get(0))?;
    for change in &changes {
        seal(transaction, *change)?;
    }
    let sealed =
        format!("the chain of changes begins here: {} approved before were sealed as they stood", changes.len());
    Ok((!changes.is_empty()).then_some(sealed))
}

impl Reader<'_> {
    /// The change of this id with all that its hash is over.
    ///
    /// # Errors
    /// When there is none, or the database can't be read.
    pub fn audit_line(&self, id: crate::model::ChangeId) -> Result<AuditLine, StoreError> {
        let connection = self.connection()?;
        let change = self.change(id)?;
        let (salt, digest, hash) = seals_of(connection, id.0)?;
        let mut previous_hash = None;
        let mut sealed_decision = None;
        if let (Some(digest), crate::model::ChangeState::Approved(approved)) = (digest, &change.state) {
            previous_hash = Some(previous(connection, approved.sequence)?);
            let (_, decision) = decision(connection, id.0)?;
            sealed_decision = Some(Sealed { content: salt.is_some().then_some(decision), salt, digest });
        }
        let sealed = if hash.is_some() { operations_of(connection, id.0)? } else { Vec::new() };
        Ok(AuditLine { change, previous: previous_hash, hash, decision: sealed_decision, sealed })
    }

    /// The ids of all changes, whatever became of them, in order.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn all_changes(&self) -> Result<Vec<crate::model::ChangeId>, Failure> {
        rows(self.connection()?, "SELECT id FROM change ORDER BY id", [], |row| row.get(0).map(crate::model::ChangeId))
    }
}

pub(in crate::store) type Seals = (Option<String>, Option<String>, Option<String>);

/// The salt, the digest and the hash of a change.
pub(in crate::store) fn seals_of(connection: &Connection, change: i64) -> Result<Seals, Failure> {
    Ok(connection
        .prepare_cached("SELECT salt, digest, hash FROM change WHERE id = ?1")?
        .query_row([change], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}
