//! The record of every administrative act, in a chain: each carries the hash of the one before, so that none can be
//! altered, left out or put in later without showing.
//!
//! An act's hash is SHA-256, in hexadecimal, over two lines of text: the hash before, and the act as a JSON array of
//! its number, time, actor, kind, subject and words. Nothing in an act is ever purged, so there is no salt.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::{
    Reader,
    chain::{BEGINNING, hex},
    error::StoreError,
    load::rows,
    row::{get, timestamp},
};
use crate::model::Identity;

/// What kind of administrative act it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    /// A role was given or taken.
    Role,
    /// Identities were linked or parted.
    Link,
    /// A setting was changed.
    Setting,
    /// A record was purged.
    Purge,
    /// A pack was imported.
    Import,
    /// Someone was blocked, or is heard again.
    Block,
}

impl ActKind {
    const ALL: [Self; 6] = [Self::Role, Self::Link, Self::Setting, Self::Purge, Self::Import, Self::Block];

    /// The kind that is stored as this word.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The word that it is stored as.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Link => "link",
            Self::Setting => "setting",
            Self::Purge => "purge",
            Self::Import => "import",
            Self::Block => "block",
        }
    }
}

/// An administrative act on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Identity,
    /// What kind of act it was, in one word.
    pub kind: String,
    /// Whom or what it concerned.
    pub subject: String,
    /// What was done.
    pub what: String,
}

impl Reader<'_> {
    /// Administrative acts, the latest first, from `offset` on; and how many there are in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn acts(&self, offset: usize, limit: usize) -> Result<(Vec<Act>, usize), StoreError> {
        let connection = self.connection()?;
        let acts =
            rows(connection, "SELECT * FROM act ORDER BY id DESC LIMIT ?2 OFFSET ?1", (offset, limit), read_act)?;
        let total = connection.query_row("SELECT count(*) FROM act", [], |row| row.get(0))?;
        Ok((acts, total))
    }
}

fn read_act(row: &rusqlite::Row<'_>) -> rusqlite::Result<Act> {
    Ok(Act {
        at: timestamp(row, "at")?,
        actor: get(row, "actor")?,
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        what: row.get("what")?,
    })
}

/// Puts an act on record, at the end of the chain.
pub(super) fn note_act(
    transaction: &Transaction<'_>,
    kind: ActKind,
    actor: &Identity,
    at: Timestamp,
    subject: &str,
    what: &str,
) -> Result<(), StoreError> {
    transaction.execute(
        "INSERT INTO act (at, actor, kind, subject, what) VALUES (?1, ?2, ?3, ?4, ?5)",
        (at.as_millisecond(), actor.to_string(), kind.word(), subject, what),
    )?;
    Ok(seal(transaction, transaction.last_insert_rowid())?)
}

/// Gives an act its place in the chain.
fn seal(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    let before = connection
        .prepare_cached("SELECT hash FROM act WHERE id < ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([id], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    let hash = link(&before.flatten().unwrap_or_else(|| BEGINNING.to_owned()), &sealed(connection, id)?);
    connection.prepare_cached("UPDATE act SET hash = ?2 WHERE id = ?1")?.execute((id, hash))?;
    Ok(())
}

/// The text of an act that its hash is over. Its form never changes.
fn sealed(connection: &Connection, id: i64) -> rusqlite::Result<String> {
    connection
        .prepare_cached("SELECT json_array(id, at, actor, kind, subject, what) FROM act WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
}

fn link(before: &str, act: &str) -> String {
    hex(Sha256::digest(format!("{before}\n{act}")))
}

/// Chains the acts of an earlier version of the program, which knew no chain of them. Does nothing where one has begun: a
/// gap in it is for [`verify`] to find.
pub(super) fn begin(connection: &mut Connection) -> rusqlite::Result<()> {
    let is_to_do = |connection: &Connection| {
        connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM act) AND NOT EXISTS (SELECT 1 FROM act WHERE hash IS NOT NULL)",
            [],
            |row| row.get::<_, bool>(0),
        )
    };
    if !is_to_do(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have come first while this one waited for the lock.
    if is_to_do(&transaction)? {
        let acts: Vec<i64> = transaction
            .prepare("SELECT id FROM act ORDER BY id")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for act in acts {
            seal(&transaction, act)?;
        }
    }
    transaction.commit()
}

/// What verifying the acts found.
pub(super) struct VerifiedActs {
    /// All of them, in order.
    pub(super) acts: Vec<Act>,
    /// The hash of the last.
    pub(super) hash: String,
    /// What is wrong, if anything.
    pub(super) problems: Vec<String>,
}

/// Recomputes the chain.
pub(super) fn verify(connection: &Connection) -> Result<VerifiedActs, StoreError> {
    let mut problems = Vec::new();
    let mut acts = Vec::new();
    let mut before = BEGINNING.to_owned();
    let found = rows(connection, "SELECT * FROM act ORDER BY id", [], |row| {
        Ok((row.get::<_, i64>("id")?, row.get::<_, Option<String>>("hash")?, read_act(row)?))
    })?;
    for ((id, hash, act), place) in found.into_iter().zip(1_i64..) {
        if id != place {
            problems.push(format!("the administrative act {id} stands at place {place}"));
        }
        let computed = link(&before, &sealed(connection, id)?);
        if hash.as_deref() != Some(computed.as_str()) {
            problems.push(format!("the administrative act {id} was altered, or is not the one that followed here"));
        }
        before = hash.unwrap_or(computed);
        acts.push(act);
    }
    Ok(VerifiedActs { acts, hash: before, problems })
}
