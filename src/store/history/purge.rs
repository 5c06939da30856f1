//! Purging: a record's content goes for good, from the tables and from the history; a tombstone with
//! the day and the reason stays, and so do the digests, which say nothing without their salt.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction};

use crate::model::{ChangeId, Identity, Operation, RecordId, RecordKey, RecordKind, Review};
use crate::store::{
    Store,
    acts::deeds::{ActKind, Deed},
    acts::journal::{self, note_act},
    backup::replication,
    error::StoreError,
    failure::Failure,
    history::changes::{parsed, written},
    history::seals::{self, Subject},
    history::tombstone::{REDACTED, tombstone_key},
    history::traces::Telling,
    records::load::{id_of, rows},
};

impl Store {
    /// Whether Litestream has the write-ahead log, so that it alone empties it.
    #[must_use]
    pub fn log_is_litestreams(&self) -> bool {
        replication::is_replicated(&self.path)
    }

    /// Empties the write-ahead log, in which purged content still stands for a while. Says whether it is empty: it isn't
    /// while anyone reads the database as it was before, nor where Litestream has the log.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn empty_log(&self) -> Result<bool, Failure> {
        if self.log_is_litestreams() {
            return Ok(self.log_is_empty());
        }
        match self.writer()?.empty_log() {
            Ok(()) => Ok(self.log_is_empty()),
            // A reader needs it, or the process that keeps the log, which empties it within a minute.
            Err(Failure::Busy) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn log_is_empty(&self) -> bool {
        std::fs::metadata(crate::files::beside(&self.path, "-wal")).map_or(true, |log| log.len() == 0)
    }
}

/// Carries out the purges of an approved change.
pub(in crate::store) fn erase(
    transaction: &Transaction<'_>,
    change: ChangeId,
    operations: &[Operation],
    review: &Review,
) -> Result<(), StoreError> {
    let purges = operations.iter().enumerate().filter_map(|(position, operation)| match operation {
        Operation::Purge { target, announcement } => Some((position, target, announcement)),
        _ => None,
    });
    for (position, target, announcement) in purges {
        let Some(id) = id_of(transaction, target)? else {
            return Err(crate::model::ledger::BrokenRule::Missing(target.clone()).into());
        };
        let notice = announcement.approved_on(crate::model::Date::of(review.at));
        erase_rows(transaction, id)?;
        transaction.execute(
            "UPDATE record SET key = ?3, revision = revision + 1, retracted_on = NULL, retracted_reason = NULL, vetted_on = NULL,
                 changed_in = ?4, purged_on = ?5, purged_reason = ?6 WHERE kind = ?1 AND id = ?2",
            (id.kind.word(), id.number, tombstone_key(id), change.0, notice.on.to_string(), notice.reason.as_str()),
        )?;
        transaction.execute(
            "INSERT OR IGNORE INTO touched (kind, id, change) VALUES (?1, ?2, ?3)",
            (id.kind.word(), id.number, change.0),
        )?;
        let tomb = RecordKey::new(id.kind, tombstone_key(id).parse().map_err(|_| StoreError::Failed(Failure::Empty))?);
        erase_history(transaction, change, target, &tomb, (id, &review.reviewer))?;
        let stays = Operation::Purge { target: tomb.clone(), announcement: announcement.clone() };
        transaction.execute(
            "UPDATE operation SET content = ?3, record_key = ?4, proposed = NULL WHERE change = ?1 AND position = ?2",
            (change.0, position, written(&stays)?, tomb.key.as_str()),
        )?;
        let deed = Deed::Purge { reason: notice.reason.to_string() };
        note_act(transaction, ActKind::Purge, &review.reviewer, review.at, &id.to_string(), &deed)?;
    }
    Ok(())
}

/// The purges that were approved: what stands in the record's place, and the place of the purge in the history.
pub(in crate::store) fn approved(connection: &Connection) -> Result<BTreeMap<String, i64>, Failure> {
    let found = rows(
        connection,
        "SELECT content, change.sequence FROM operation JOIN change ON change.id = operation.change
         WHERE change.sequence IS NOT NULL AND json_extract(content, '$.operation') = 'purge'",
        [],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
    )?;
    let mut purges = BTreeMap::new();
    for (content, sequence) in found {
        purges.insert(written(&Operation::Removed { target: parsed(&content)?.target() })?, sequence);
    }
    Ok(purges)
}

/// What an approved change has without a salt.
#[derive(Debug, Default)]
pub(in crate::store) struct WithoutSalt {
    /// Whether the words of its decision were purged.
    pub(in crate::store) decision: bool,
    /// Where a purge doesn't account for it.
    pub(in crate::store) problems: Vec<String>,
}

/// What an approved change has without a salt, which only a later purge takes away: then the content is that of a
/// tombstone to the letter, and nothing is said in the decision any more. What the author and the reviewer noted is under
/// the seal of the change.
pub(in crate::store) fn without_salt(
    connection: &Connection,
    change: ChangeId,
    purges: &BTreeMap<String, i64>,
) -> Result<WithoutSalt, Failure> {
    let mut found = WithoutSalt::default();
    let (place, salt, is_silent): (i64, Option<String>, bool) = connection
        .prepare_cached("SELECT sequence, salt, summary = ?2 AND reason = ?2 FROM change WHERE id = ?1")?
        .query_row((change.0, REDACTED), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let operations = rows(
        connection,
        "SELECT content, proposed FROM operation WHERE change = ?1 AND salt IS NULL",
        [change.0],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)),
    )?;
    let is_purged = |(content, proposed): &(String, Option<String>)| {
        proposed.is_none() && purges.get(content).is_some_and(|purge| *purge > place)
    };
    if !operations.iter().all(is_purged) {
        found.problems.push(format!("{change}: an operation has no salt, and no purge says so"));
    }
    if salt.is_none() {
        found.decision = is_silent && operations.iter().any(is_purged);
        if !found.decision {
            found.problems.push(format!("{change}: its decision has no salt, and no purge says so"));
        }
    }
    Ok(found)
}

fn erase_rows(connection: &Connection, id: RecordId) -> Result<(), Failure> {
    let tables: &[&str] = match id.kind {
        RecordKind::Entity => &[
            "DELETE FROM alias WHERE entity = ?1",
            "DELETE FROM same_as WHERE entity = ?1",
            "DELETE FROM watch WHERE entity = ?1",
            "DELETE FROM entity WHERE id = ?1",
        ],
        RecordKind::Source => &[
            "DELETE FROM source_author WHERE source = ?1",
            "DELETE FROM link WHERE source = ?1",
            "DELETE FROM source WHERE id = ?1",
        ],
        RecordKind::Statement => &[
            "DELETE FROM citation WHERE entry_kind = 'statement' AND entry_id = ?1",
            "DELETE FROM statement_about WHERE statement = ?1",
            "DELETE FROM statement WHERE id = ?1",
        ],
        RecordKind::Response => &[
            "DELETE FROM citation WHERE entry_kind = 'response' AND entry_id = ?1",
            "DELETE FROM response_to WHERE response = ?1",
            "DELETE FROM response WHERE id = ?1",
        ],
    };
    for sql in tables {
        connection.execute(sql, [id.number])?;
    }
    connection.execute("DELETE FROM correction WHERE kind = ?1 AND id = ?2", (id.kind.word(), id.number))?;
    Ok(())
}

/// Takes the content out of every operation on the record, decided or not, and out of all else that names it: the words
/// of the changes that have these operations, forms that are being filled in, suggestions, long questions behind buttons.
fn erase_history(
    connection: &Transaction<'_>,
    purge: ChangeId,
    target: &RecordKey,
    tomb: &RecordKey,
    (id, by): (RecordId, &Identity),
) -> Result<(), StoreError> {
    let telling = Telling::of(connection, target, purge)?;
    let changes: Vec<i64> = rows(
        connection,
        "SELECT DISTINCT change FROM operation WHERE record_kind = ?1 AND record_key = ?2 AND change <> ?3",
        (target.kind.word(), target.key.as_str(), purge.0),
        |row| row.get(0),
    )?;
    for change in &changes {
        // What was altered unseen must not get a new seal with the tombstone.
        seals::check(connection, ChangeId(*change))?;
    }
    let removed = written(&Operation::Removed { target: tomb.clone() })?;
    connection.execute(
        "UPDATE operation SET content = ?4, record_key = ?5, proposed = NULL, salt = NULL
         WHERE record_kind = ?1 AND record_key = ?2 AND change <> ?3",
        (target.kind.word(), target.key.as_str(), purge.0, removed, tomb.key.as_str()),
    )?;
    for change in changes {
        erase_words(connection, change, &telling)?;
        seals::lay(connection, &Subject::Change(change))?;
    }
    Ok(erase_elsewhere(connection, &telling, id, by)?)
}

/// Takes out the words of a change that had operations on the record: all where it had no others, else those that name
/// the record. Summary and reason go together, as one digest is over both.
fn erase_words(connection: &Transaction<'_>, change: i64, telling: &Telling) -> Result<(), Failure> {
    let names = |text: &Option<String>| text.as_ref().is_some_and(|text| telling.is_in(text));
    let (others, summary, reason, note, request) = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM operation WHERE change = ?1 AND json_extract(content, '$.operation') <> 'removed'),
                summary, reason, note, request FROM change WHERE id = ?1",
        [change],
        |row| Ok((row.get::<_, bool>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    )?;
    if !others || names(&summary) || names(&reason) {
        connection.execute(
            "UPDATE change SET summary = ?2, salt = NULL, reason = CASE WHEN reason IS NULL THEN NULL ELSE ?2 END
             WHERE id = ?1",
            (change, REDACTED),
        )?;
        journal::redact(connection, ChangeId(change))?;
    }
    if !others || names(&note) {
        connection.execute("UPDATE change SET note = NULL WHERE id = ?1", [change])?;
    }
    if !others || names(&request) {
        // An author who is asked to change it has nothing to change any more.
        connection.execute(
            "UPDATE change SET request = NULL, stage = CASE stage WHEN 'author' THEN NULL ELSE stage END WHERE id = ?1",
            [change],
        )?;
    }
    if !others {
        connection.execute("UPDATE suggestion SET url = '', note = ?2 WHERE change = ?1", (change, REDACTED))?;
    }
    Ok(())
}

/// Takes out what names the record and belongs to no change on it.
fn erase_elsewhere(connection: &Connection, telling: &Telling, id: RecordId, by: &Identity) -> Result<(), Failure> {
    let forms: Vec<(String, String)> =
        rows(connection, "SELECT conversation, state FROM dialogue", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (conversation, state) in forms {
        let edited = serde_json::from_str::<serde_json::Value>(&state).unwrap_or_default()["edits"] == id.to_string();
        if edited || telling.is_in_json(&state) {
            connection.execute("DELETE FROM dialogue WHERE conversation = ?1", [conversation])?;
        }
    }
    let suggestions: Vec<(i64, String, String, Option<String>)> =
        rows(connection, "SELECT id, url, note, dismissed FROM suggestion", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    let named = suggestions.into_iter().filter(|(_, url, note, dismissed)| {
        [Some(url), Some(note), dismissed.as_ref()].into_iter().flatten().any(|text| telling.is_in(text))
    });
    for (suggestion, ..) in named {
        // One that waited is put aside: there is nothing to look at any more.
        connection.execute(
            "UPDATE suggestion SET url = '', note = ?2,
                 dismissed = CASE WHEN change IS NULL THEN ?2 ELSE dismissed END,
                 decided_by = coalesce(decided_by, ?3) WHERE id = ?1",
            (suggestion, REDACTED, by.to_string()),
        )?;
    }
    let asked: Vec<(String, String)> =
        rows(connection, "SELECT id, words FROM ask", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (ask, _) in asked.into_iter().filter(|(_, words)| telling.is_in(words)) {
        connection.execute("DELETE FROM ask WHERE id = ?1", [ask])?;
    }
    // An address that a source had once, or one that it led on to.
    let asked: Vec<(i64, String, Option<String>)> =
        rows(connection, "SELECT source, address, final_address FROM link", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let named = asked
        .into_iter()
        .filter(|(_, address, last)| telling.is_in(address) || last.as_ref().is_some_and(|last| telling.is_in(last)));
    for (source, ..) in named {
        connection.execute("DELETE FROM link WHERE source = ?1", [source])?;
    }
    Ok(())
}
