//! Seals: what the history consists of, in one chain. Whenever a change or an administrative act is written, a seal over
//! all of it is laid; so what waits for review, what was rejected, and what stands around the operations can't be
//! altered, left out or put in without showing either.
//!
//! A seal's digest is SHA-256, in hexadecimal, over a random salt and the rows, each as a JSON array on a line of its
//! own. Its hash is over the hash before, its number, what it seals, and the digest. A later seal of the same takes the
//! place of the earlier one, which loses its salt: nobody can guess from it what stood there, as after a purge.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Transaction, types::ValueRef};
use sha2::{Digest, Sha256};

use crate::model::ChangeId;
use crate::store::{
    Reader,
    error::StoreError,
    failure::Failure,
    history::hash::{BEGINNING, hex},
    records::load::rows,
    refusal::Refusal,
};

/// What a seal is laid on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Subject {
    Change(i64),
    Act(i64),
    /// The settings of a community, where they are older than the record of acts.
    Community(String),
}

/// The rows of a change that its seal is over. Their form never changes: what a later migration adds has seals of a form
/// of its own.
const OF_CHANGE: &[&str] = &[
    "SELECT 'change', id, summary, author, proposed_at, state, sequence, reviewer, reviewed_at, reason, based_on, note,
         stage, request, claimed_by, claimed_until, solo, salt, digest, hash FROM change WHERE id = ?1",
    "SELECT 'operation', position, record_kind, record_key, content, proposed, salt, digest
     FROM operation WHERE change = ?1 ORDER BY position",
    "SELECT 'touched', kind, id FROM touched WHERE change = ?1 ORDER BY kind, id",
    // What stands in place of a purged record is never touched again.
    "SELECT 'purged', kind, id, key, revision, retracted_on, retracted_reason, purged_on, purged_reason
     FROM record WHERE changed_in = ?1 AND purged_on IS NOT NULL ORDER BY kind, id",
];

const OF_ACT: &[&str] = &["SELECT 'act', id, at, actor, kind, subject, what, data, hash FROM act WHERE id = ?1"];

const OF_COMMUNITY: &[&str] = &[
    "SELECT 'community', id, prefix, visibility, changed_by, changed_at, suggestions FROM community WHERE id = ?1",
    "SELECT 'channel', channel FROM community_channel WHERE community = ?1 ORDER BY channel",
];

impl Subject {
    fn of(kind: &str, subject: &str) -> Option<Self> {
        match kind {
            "change" => subject.parse().ok().map(Self::Change),
            "act" => subject.parse().ok().map(Self::Act),
            "community" => Some(Self::Community(subject.to_owned())),
            _ => None,
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Change(_) => "change",
            Self::Act(_) => "act",
            Self::Community(_) => "community",
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Change(id) | Self::Act(id) => id.to_string(),
            Self::Community(id) => id.clone(),
        }
    }

    /// The digest of what stands there now; `None` where nothing does.
    fn digest(&self, connection: &Connection, salt: &str) -> rusqlite::Result<Option<String>> {
        let (parts, number, id) = match self {
            Self::Change(number) => (OF_CHANGE, Some(*number), None),
            Self::Act(number) => (OF_ACT, Some(*number), None),
            Self::Community(id) => (OF_COMMUNITY, None, Some(id.as_str())),
        };
        let mut hasher = Sha256::new();
        hasher.update(salt);
        hasher.update("\n");
        for (part, sql) in parts.iter().enumerate() {
            let mut statement = connection.prepare_cached(sql)?;
            match (number, id) {
                (Some(number), _) => statement.raw_bind_parameter(1, number)?,
                (None, id) => statement.raw_bind_parameter(1, id)?,
            }
            let columns = statement.column_count();
            let mut found = statement.raw_query();
            let mut is_there = false;
            while let Some(row) = found.next()? {
                is_there = true;
                let values = (0..columns).map(|column| row.get_ref(column)).collect::<rusqlite::Result<Vec<_>>>()?;
                hasher.update(line(&values));
                hasher.update("\n");
            }
            if part == 0 && !is_there {
                return Ok(None);
            }
        }
        Ok(Some(hex(hasher.finalize())))
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Change(id) => ChangeId(*id).fmt(formatter),
            Self::Act(id) => write!(formatter, "the administrative act {id}"),
            Self::Community(id) => write!(formatter, "the setting of {id}"),
        }
    }
}

/// A row as a JSON array. Bytes, which no table of ours holds, are written in hexadecimal.
pub(in crate::store) fn line(values: &[ValueRef<'_>]) -> Vec<u8> {
    let values = values.iter().map(|value| match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(number) => (*number).into(),
        ValueRef::Real(number) => (*number).into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => hex(bytes).into(),
    });
    serde_json::Value::Array(values.collect()).to_string().into_bytes()
}

/// Lays a seal over what stands there now, at the end of the chain.
pub(in crate::store) fn lay(transaction: &Transaction<'_>, subject: &Subject) -> Result<(), Failure> {
    let salt: String =
        transaction.prepare_cached("SELECT lower(hex(randomblob(16)))")?.query_row([], |row| row.get(0))?;
    let digest = subject.digest(transaction, &salt)?.ok_or(Failure::Sqlite(rusqlite::Error::QueryReturnedNoRows))?;
    let (last, before): (i64, String) = transaction
        .prepare_cached("SELECT id, hash FROM seal ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or_else(|| (0, BEGINNING.to_owned()));
    let (kind, key) = (subject.kind(), subject.key());
    transaction
        .prepare_cached("UPDATE seal SET salt = NULL WHERE kind = ?1 AND subject = ?2 AND salt IS NOT NULL")?
        .execute((kind, &key))?;
    let hash = link(&before, last + 1, kind, &key, &digest);
    transaction
        .prepare_cached("INSERT INTO seal (id, kind, subject, salt, digest, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((last + 1, kind, &key, salt, &digest, &hash))?;
    Ok(())
}

fn link(before: &str, id: i64, kind: &str, subject: &str, digest: &str) -> String {
    let line = serde_json::json!([id, kind, subject, digest]);
    hex(Sha256::digest(format!("{before}\n{line}")))
}

/// Refuses to go on with a change that isn't what was sealed last: whoever decides on it would decide on what someone
/// put there unseen, and the next seal would hide it.
pub(in crate::store) fn check(connection: &Connection, change: ChangeId) -> Result<(), StoreError> {
    let subject = Subject::Change(change.0);
    let sealed: Option<(Option<String>, String)> = connection
        .prepare_cached("SELECT salt, digest FROM seal WHERE kind = ?1 AND subject = ?2 ORDER BY id DESC LIMIT 1")?
        .query_row((subject.kind(), subject.key()), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let holds = match sealed {
        Some((Some(salt), digest)) => subject.digest(connection, &salt)? == Some(digest),
        Some((None, _)) | None => false,
    };
    if holds { Ok(()) } else { Err(StoreError::Refused(Refusal::Altered(change))) }
}

/// Seals what was written by a version of the program that knew no seals: the step of the migration that brought them.
pub(in crate::store) fn begin(transaction: &Transaction<'_>) -> Result<Option<String>, Failure> {
    let changes: Vec<i64> = rows(transaction, "SELECT id FROM change ORDER BY id", [], |row| row.get(0))?;
    let acts: Vec<i64> = rows(transaction, "SELECT id FROM act ORDER BY id", [], |row| row.get(0))?;
    let settings: Vec<String> = rows(
        transaction,
        "SELECT id FROM community
         WHERE NOT EXISTS (SELECT 1 FROM act WHERE act.kind = 'setting' AND act.subject = community.id) ORDER BY id",
        [],
        |row| row.get(0),
    )?;
    let count = changes.len() + acts.len() + settings.len();
    let subjects = changes.into_iter().map(Subject::Change).chain(acts.into_iter().map(Subject::Act));
    for subject in subjects.chain(settings.into_iter().map(Subject::Community)) {
        lay(transaction, &subject)?;
    }
    let told = "the seals of the whole history begin here: its changes and acts were sealed as they stood, the chains \
                from before go on";
    Ok((count > 0).then(|| told.to_owned()))
}

/// What verifying the seals found.
pub(in crate::store) struct VerifiedSeals {
    /// How many there are.
    pub(in crate::store) seals: usize,
    /// The hash of the last.
    pub(in crate::store) hash: String,
    /// The communities whose settings are sealed as older than the record of acts.
    pub(in crate::store) communities: BTreeSet<String>,
    /// What is wrong, if anything.
    pub(in crate::store) problems: Vec<String>,
}

/// Recomputes the chain, and compares each change and act with its last seal.
pub(in crate::store) fn verify(connection: &Connection) -> Result<VerifiedSeals, Failure> {
    let mut problems = Vec::new();
    let mut before = BEGINNING.to_owned();
    let mut last: BTreeMap<Subject, (Option<String>, String)> = BTreeMap::new();
    let mut seals = 0;
    let mut statement =
        connection.prepare_cached("SELECT id, kind, subject, salt, digest, hash FROM seal ORDER BY id")?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        seals += 1;
        let (id, kind, key): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (salt, digest, hash): (Option<String>, String, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
        let computed = link(&before, id, &kind, &key, &digest);
        if id != seals || hash != computed {
            problems.push(format!("the seal {id} was altered, or is not the one that followed here"));
        }
        before = hash;
        match Subject::of(&kind, &key) {
            Some(subject) => {
                if let Some((Some(_), _)) = last.insert(subject, (salt, digest)) {
                    problems.push(format!("the seal {id} takes the place of one that still has its salt"));
                }
            }
            None => problems.push(format!("the seal {id} is of nothing that there is")),
        }
    }
    for (subject, (salt, digest)) in &last {
        let now = match salt {
            Some(salt) => subject.digest(connection, salt)?,
            None => None,
        };
        match now {
            Some(now) if now == *digest => {}
            Some(_) => problems.push(format!("{subject} is not what was sealed last")),
            None => problems.push(format!("{subject} was sealed and is gone, or its seal lost its salt")),
        }
    }
    let numbers = |sql| rows(connection, sql, [], |row| row.get::<_, i64>(0));
    let changes = numbers("SELECT id FROM change ORDER BY id")?.into_iter().zip(1..);
    let acts = numbers("SELECT id FROM act ORDER BY id")?.into_iter();
    for (id, place) in changes {
        if id != place {
            problems.push(format!("{} stands where {} should", ChangeId(id), ChangeId(place)));
        }
        if !last.contains_key(&Subject::Change(id)) {
            problems.push(format!("{} was never sealed", ChangeId(id)));
        }
    }
    let unsealed = acts.map(Subject::Act).filter(|act| !last.contains_key(act));
    problems.extend(unsealed.map(|act| format!("{act} was never sealed")));
    let communities = last.into_keys().filter_map(|subject| match subject {
        Subject::Community(id) => Some(id),
        Subject::Change(_) | Subject::Act(_) => None,
    });
    Ok(VerifiedSeals {
        seals: usize::try_from(seals).unwrap_or_default(),
        hash: before,
        communities: communities.collect(),
        problems,
    })
}

impl Reader<'_> {
    /// How many seals there are, and the hash of the last: whoever keeps it elsewhere can tell later that nothing of
    /// the changes and acts before it was altered, those that wait and those that were rejected among them.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn last_seal(&self) -> Result<(i64, String), Failure> {
        let last = self
            .connection()?
            .prepare_cached("SELECT id, hash FROM seal ORDER BY id DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(last.unwrap_or_else(|| (0, BEGINNING.to_owned())))
    }
}
