//! The record of every administrative act, in a chain: each carries the hash of the one before, so that none can be
//! altered, left out or put in later without showing.
//!
//! An act's hash is SHA-256, in hexadecimal, over two lines of text: the hash before, and the act as a JSON array of
//! its number, time, actor, kind, subject and data. Acts from before acts were data have the sentence that was written
//! then in place of the data; both are under the act's seal (`seals`). The summary of an import in such a sentence is
//! all that is ever purged.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{
    Connection, OptionalExtension, Transaction,
    types::{FromSql, FromSqlError, FromSqlResult, ValueRef},
};
use sha2::{Digest, Sha256};

use crate::model::{ChangeId, Identity};
use crate::store::{
    Reader,
    acts::deeds::{ActKind, Deed},
    database::values::{get, timestamp},
    failure::Failure,
    history::hash::{BEGINNING, hex},
    history::seals::{self, Subject},
    history::tombstone::REDACTED,
    records::load::rows,
};

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
    /// What was done, in words.
    pub what: String,
    /// What was done, as data.
    pub deed: Deed,
}

impl Reader<'_> {
    /// Administrative acts, the latest first, from `offset` on; and how many there are in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn acts(&self, offset: usize, limit: usize) -> Result<(Vec<Act>, usize), Failure> {
        let connection = self.connection()?;
        let acts = rows(
            connection,
            "SELECT act.*, change.summary FROM act
             LEFT JOIN change ON act.kind = 'import' AND change.id = CAST(substr(act.subject, 2) AS INTEGER)
             ORDER BY act.id DESC LIMIT ?2 OFFSET ?1",
            (offset, limit),
            |row| {
                let mut act = read_act(row)?;
                act.what = act.deed.sentence(row.get::<_, Option<String>>("summary")?.as_deref());
                if act.deed == (Deed::Told {}) {
                    act.what = row.get::<_, Option<String>>("what")?.unwrap_or_default();
                }
                Ok(act)
            },
        )?;
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
        what: String::new(),
        deed: row.get::<_, Stored>("data")?.0,
    })
}

/// A deed as it is stored.
struct Stored(Deed);

impl FromSql for Stored {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Deed::read(value.as_str()?).map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// Puts an act on record, at the end of the chain.
pub(in crate::store) fn note_act(
    transaction: &Transaction<'_>,
    kind: ActKind,
    actor: &Identity,
    at: Timestamp,
    subject: &str,
    deed: &Deed,
) -> Result<(), Failure> {
    transaction.execute(
        "INSERT INTO act (at, actor, kind, subject, data) VALUES (?1, ?2, ?3, ?4, ?5)",
        (at.as_millisecond(), actor.to_string(), kind.word(), subject, deed.written()?),
    )?;
    let id = transaction.last_insert_rowid();
    seal(transaction, id, SEALED)?;
    seals::lay(transaction, &Subject::Act(id))
}

/// Gives an act its place in the chain.
fn seal(connection: &Connection, id: i64, sealed: &str) -> rusqlite::Result<()> {
    let before = connection
        .prepare_cached("SELECT hash FROM act WHERE id < ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([id], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    let text: String = connection.prepare_cached(sealed)?.query_row([id], |row| row.get(0))?;
    let hash = link(&before.flatten().unwrap_or_else(|| BEGINNING.to_owned()), &text);
    connection.prepare_cached("UPDATE act SET hash = ?2 WHERE id = ?1")?.execute((id, hash))?;
    Ok(())
}

/// The text of an act that its hash is over. Its form never changes.
const SEALED: &str = "SELECT json_array(id, at, actor, kind, subject, coalesce(what, data)) FROM act WHERE id = ?1";

/// The same where acts are not data yet.
const SEALED_IN_WORDS: &str = "SELECT json_array(id, at, actor, kind, subject, what) FROM act WHERE id = ?1";

fn link(before: &str, act: &str) -> String {
    hex(Sha256::digest(format!("{before}\n{act}")))
}

/// Chains the acts of a version of the program that knew no chain of them: the step of the migration that brought it.
pub(in crate::store) fn begin(transaction: &Transaction<'_>) -> Result<Option<String>, Failure> {
    let acts: Vec<i64> = rows(transaction, "SELECT id FROM act ORDER BY id", [], |row| row.get(0))?;
    for act in &acts {
        seal(transaction, *act, SEALED_IN_WORDS)?;
    }
    let sealed = format!("the chain of administrative acts begins here: {} were sealed as they stood", acts.len());
    Ok((!acts.is_empty()).then_some(sealed))
}

/// Takes the summary of an import out of its act's sentence, if it has one: the change has lost it.
pub(in crate::store) fn redact(transaction: &Transaction<'_>, change: ChangeId) -> Result<(), Failure> {
    let acts: Vec<i64> = rows(
        transaction,
        "SELECT id FROM act WHERE kind = 'import' AND subject = ?1 AND what <> ?2",
        (change.to_string(), REDACTED),
        |row| row.get(0),
    )?;
    for act in acts {
        transaction.execute("UPDATE act SET what = ?2 WHERE id = ?1", (act, REDACTED))?;
        seals::lay(transaction, &Subject::Act(act))?;
    }
    Ok(())
}

/// What verifying the acts found.
pub(in crate::store) struct VerifiedActs {
    /// All of them, in order.
    pub(in crate::store) acts: Vec<Act>,
    /// The hash of the last.
    pub(in crate::store) hash: String,
    /// What is wrong, if anything.
    pub(in crate::store) problems: Vec<String>,
}

/// Recomputes the chain. Of an import whose change has lost its words (`purged`) the hash is taken as it stands; what
/// else there is of it is under its seal.
pub(in crate::store) fn verify(connection: &Connection, purged: &BTreeSet<ChangeId>) -> Result<VerifiedActs, Failure> {
    let mut problems = Vec::new();
    let mut acts = Vec::new();
    let mut before = BEGINNING.to_owned();
    let found = rows(connection, "SELECT * FROM act ORDER BY id", [], |row| {
        let (id, what): (i64, Option<String>) = (row.get("id")?, row.get("what")?);
        Ok((id, row.get::<_, Option<String>>("hash")?, what, read_act(row)?))
    })?;
    for ((id, hash, what, act), place) in found.into_iter().zip(1_i64..) {
        if id != place {
            problems.push(format!("the administrative act {id} stands at place {place}"));
        }
        let text: String = connection.prepare_cached(SEALED)?.query_row([id], |row| row.get(0))?;
        let computed = link(&before, &text);
        let number = act.subject.strip_prefix('C').and_then(|number| number.parse().ok());
        let import = number.map(ChangeId).filter(|_| act.kind == ActKind::Import.word());
        let is_purged = what.as_deref() == Some(REDACTED) && import.is_some_and(|change| purged.contains(&change));
        if hash.is_none() || (hash.as_deref() != Some(computed.as_str()) && !is_purged) {
            problems.push(format!("the administrative act {id} was altered, or is not the one that followed here"));
        }
        if let Some(what) = what.filter(|_| !matches!(act.deed, Deed::Told {} | Deed::Import {})) {
            let said = act.deed.sentence(None);
            if said != what {
                problems.push(format!("the administrative act {id} says {what:?}, and its data says {said:?}"));
            }
        }
        before = hash.unwrap_or(computed);
        acts.push(act);
    }
    Ok(VerifiedActs { acts, hash: before, problems })
}
