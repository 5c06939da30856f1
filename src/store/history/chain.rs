//! The chain of approved changes: each carries the hash of the one before, so that what was decided
//! can't be altered, left out or put in later without showing.
//!
//! A change's hash is SHA-256, in hexadecimal, over lines of text: the hash before, the place, the
//! digest of the decision, and the digests of the operations. Each digest is over a random salt and
//! the content. What is purged loses content and salt, and keeps its digest: the chain still holds,
//! and nobody can guess from it what stood there. What the chain is not over is under the seals (`seals`).

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};
use sha2::{Digest, Sha256};

use crate::model::{RecordId, Sequence, ledger::Ledger};
use crate::store::{
    Reader,
    acts::journal,
    acts::replay as administration,
    backup::copies,
    error::StoreError,
    failure::Failure,
    history::derived,
    history::purge,
    history::seals,
    records::load::{load, rows},
    schema::comparison,
    schema::tally,
};

/// What the first change has in place of a hash before it.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What verifying the history found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many approved changes there are.
    pub changes: usize,
    /// How many records they add up to.
    pub records: usize,
    /// The hash of the last change. Whoever keeps it elsewhere can tell later that nothing before it
    /// was altered.
    pub hash: String,
    /// How many administrative acts there are.
    pub acts: usize,
    /// The hash of the last act, as of the last change.
    pub acts_hash: String,
    /// How many seals there are.
    pub seals: usize,
    /// The hash of the last seal, which is over all changes, those that wait and those that were rejected, and over all
    /// administrative acts.
    pub seal: String,
    /// What is wrong, if anything.
    pub problems: Vec<String>,
}

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
    fn holds(&self) -> bool {
        match (&self.salt, &self.content) {
            (Some(salt), Some(content)) => digest(salt, content) == self.digest,
            _ => true,
        }
    }
}

pub(in crate::store) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
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

fn link(previous: &str, sequence: Sequence, digest: &str, operations: &[String]) -> String {
    hex(Sha256::digest(format!("{previous}\n{sequence}\n{digest}\n{}", operations.join("\n"))))
}

/// What was decided, in one text whose form never changes.
fn decision(connection: &Connection, change: i64) -> Result<(Sequence, String), Failure> {
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

fn operations_of(connection: &Connection, change: i64) -> Result<Vec<Sealed>, Failure> {
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
    /// Reads every page, and does all of [`Reader::verify_history`]. What can't be read is a problem like any
    /// other; then it may be that nothing more is said of the history.
    ///
    /// # Errors
    /// When the disk fails, or it takes longer than the reader has.
    pub fn verify(&self) -> Result<Verified, Failure> {
        // SQLite's own complaints are of what stands in the file, too: text that is no JSON any more.
        let found =
            |error: &Failure| matches!(error, Failure::Damaged(_) | Failure::Unreadable(_) | Failure::Sqlite(_));
        let pages = self.checking().and_then(|connection| {
            Ok([comparison::differences(&connection)?, copies::integrity(&connection)?].concat())
        });
        let mut problems = match pages {
            Ok(problems) => problems,
            Err(error) if found(&error) => vec![error.to_string()],
            Err(error) => return Err(error),
        };
        match self.verify_history() {
            Ok(verified) => {
                problems.extend(verified.problems);
                Ok(Verified { problems, ..verified })
            }
            Err(error) if found(&error) => {
                problems.push(error.to_string());
                let hash = || BEGINNING.to_owned();
                Ok(Verified {
                    changes: 0,
                    records: 0,
                    hash: hash(),
                    acts: 0,
                    acts_hash: hash(),
                    seals: 0,
                    seal: hash(),
                    problems,
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Recomputes the chains, and what the approved changes and the administrative acts add up to.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn verify_history(&self) -> Result<Verified, Failure> {
        let connection = self.connection()?;
        let mut problems = Vec::new();
        let mut previous = BEGINNING.to_owned();
        let changes = self.approved_after(Sequence::BEGINNING)?;
        let purges = purge::approved(connection)?;
        let mut purged = BTreeSet::new();
        for (id, place) in changes.iter().zip((1_i64..).map(Sequence)) {
            let (sequence, decision) = decision(connection, id.0)?;
            if sequence != place {
                problems.push(format!("{id} stands at place {sequence} of the history, not {place}"));
            }
            let (salt, digest, hash) = seals(connection, id.0)?;
            let decided =
                Sealed { content: salt.is_some().then_some(decision), salt, digest: digest.unwrap_or_default() };
            let operations = operations_of(connection, id.0)?;
            let gone = purge::without_salt(connection, *id, &purges)?;
            problems.extend(gone.problems);
            if gone.decision {
                purged.insert(*id);
            }
            if !decided.holds() {
                problems.push(format!("{id}: who decided it, when or why was altered"));
            }
            for (_, number) in operations.iter().zip(1..).filter(|(operation, _)| !operation.holds()) {
                problems.push(format!("{id}: operation {number} was altered"));
            }
            let digests: Vec<String> = operations.into_iter().map(|operation| operation.digest).collect();
            let computed = link(&previous, sequence, &decided.digest, &digests);
            if hash.as_deref() != Some(computed.as_str()) {
                problems.push(format!("{id} is not the change that followed here"));
            }
            previous = hash.unwrap_or(computed);
        }
        let derived = derived::verify(connection)?;
        problems.extend(derived.problems);
        let mut tables = Vec::new();
        for id in self.all_ids()? {
            tables.push(load(connection, id)?);
        }
        let records = tables.len();
        let tables: Ledger = tables.into_iter().collect();
        problems.extend(differences(&derived.records, &tables));
        let acts = journal::verify(connection, &purged)?;
        problems.extend(acts.problems);
        let seals = seals::verify(connection)?;
        problems.extend(seals.problems);
        problems.extend(administration::differences(connection, &acts.acts, &seals.communities)?);
        problems.extend(tally::verify(connection)?);
        Ok(Verified {
            changes: changes.len(),
            records,
            hash: previous,
            acts: acts.acts.len(),
            acts_hash: acts.hash,
            seals: seals.seals,
            seal: seals.hash,
            problems,
        })
    }

    /// The change of this id with all that its hash is over.
    ///
    /// # Errors
    /// When there is none, or the database can't be read.
    pub fn audit_line(&self, id: crate::model::ChangeId) -> Result<AuditLine, StoreError> {
        let connection = self.connection()?;
        let change = self.change(id)?;
        let (salt, digest, hash) = seals(connection, id.0)?;
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

type Seals = (Option<String>, Option<String>, Option<String>);

fn seals(connection: &Connection, change: i64) -> Result<Seals, Failure> {
    Ok(connection
        .prepare_cached("SELECT salt, digest, hash FROM change WHERE id = ?1")?
        .query_row([change], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// How many differences between the fold and the tables are named.
const NAMED: usize = 20;

fn differences(folded: &Ledger, tables: &Ledger) -> Vec<String> {
    let by_name = |ledger: &Ledger| {
        ledger.iter().map(|held| (held.record.record_key(), held.clone())).collect::<std::collections::BTreeMap<_, _>>()
    };
    let (folded, tables) = (by_name(folded), by_name(tables));
    let mut found = Vec::new();
    for (name, held) in &folded {
        match tables.get(name) {
            None => found.push(format!("the {name} is in the history but not on record")),
            Some(other) if other != held => found.push(format!("the {name} is not what the history says")),
            Some(_) => {}
        }
    }
    found.extend(
        tables.keys().filter(|name| !folded.contains_key(name)).map(|name| format!("the {name} is not in the history")),
    );
    found.truncate(NAMED);
    found
}

/// The record's id in words, for those who look for a tombstone.
pub(in crate::store) fn tombstone_key(id: RecordId) -> String {
    format!("purged-{}", id.to_string().to_lowercase())
}
