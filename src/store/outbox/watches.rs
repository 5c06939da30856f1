//! What places want to be told of, and finding whom an approved change concerns.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

use crate::model::{ChangeId, Digest, EntityId, Identity, Operation, Platform, RecordKind, StatementId};
use crate::store::{
    Reader, Store,
    database::values::get,
    failure::Failure,
    outbox::due_posts::PostTarget,
    records::entity_ref::EntityRef,
    records::load::{id_of, rows},
};

/// What a place wants to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Where.
    pub platform: Platform,
    /// Where on that platform.
    pub place: PostTarget,
    /// Of what, with all that lies in it.
    pub entity: EntityRef,
    /// How often.
    pub digest: Digest,
    /// Who set it.
    pub set_by: Identity,
}

/// Who is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watcher {
    /// Where.
    pub platform: Platform,
    /// Where on that platform.
    pub place: PostTarget,
    /// The community that a channel is of, `platform:id`.
    pub community: Option<String>,
}

impl Reader<'_> {
    /// What a place watches, in order of name.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn watches(&self, platform: Platform, place: &PostTarget) -> Result<Vec<Watch>, Failure> {
        let (channel, person) = place.columns();
        rows(
            self.connection()?,
            "SELECT entity.id, entity.name, entity.kind, watch.digest, watch.set_by
             FROM watch JOIN entity ON entity.id = watch.entity
             WHERE platform = ?1 AND channel IS ?2 AND person IS ?3 ORDER BY entity.name, entity.id",
            (platform.word(), channel, person),
            |row| {
                Ok(Watch {
                    platform,
                    place: place.clone(),
                    entity: EntityRef::read(row)?,
                    digest: get(row, "digest")?,
                    set_by: get(row, "set_by")?,
                })
            },
        )
    }
}

impl Store {
    /// Has a place told of an entity and all that lies in it; or changes how often.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn watch(
        &self,
        watcher: Watcher,
        entity: EntityId,
        digest: Digest,
        by: &Identity,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let by = by.to_string();
        self.writer()?.write(move |transaction| {
            let Watcher { platform, place, community } = watcher;
            let (channel, person) = place.columns();
            remove(transaction, platform, &place, Some(entity))?;
            transaction.execute(
                "INSERT INTO watch (platform, channel, person, community, entity, digest, set_by, set_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                (platform.word(), channel, person, community, entity, digest.word(), by, at.as_millisecond()),
            )?;
            Ok(())
        })
    }

    /// Has a place no longer told of an entity, or of anything. Says how many watches that ended.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn unwatch(&self, platform: Platform, place: PostTarget, entity: Option<EntityId>) -> Result<usize, Failure> {
        self.writer()?.write(move |transaction| remove(transaction, platform, &place, entity))
    }
}

fn remove(
    transaction: &Transaction<'_>,
    platform: Platform,
    place: &PostTarget,
    entity: Option<EntityId>,
) -> Result<usize, Failure> {
    let (channel, person) = place.columns();
    Ok(transaction.execute(
        "DELETE FROM watch WHERE platform = ?1 AND channel IS ?2 AND person IS ?3 AND (?4 IS NULL OR entity = ?4)",
        (platform.word(), channel, person, entity),
    )?)
}

/// Has the entries that a change brought or altered posted where someone watches for them.
pub(in crate::store) fn enqueue(
    transaction: &Transaction<'_>,
    change: ChangeId,
    operations: &[Operation],
    at: Timestamp,
) -> Result<(), Failure> {
    let any: bool = transaction.query_row("SELECT EXISTS (SELECT 1 FROM watch)", [], |row| row.get(0))?;
    if !any {
        return Ok(());
    }
    let mut insert = transaction.prepare_cached(
        "INSERT INTO post (platform, channel, person, community, change, entry, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for statement in statements(transaction, operations)? {
        let entry = statement.to_string();
        for (watcher, digest) in watching(transaction, statement)? {
            let (channel, person) = watcher.place.columns();
            let (platform, due) = (watcher.platform.word(), digest.due(at).as_millisecond());
            insert.execute((platform, channel, person, &watcher.community, change.0, &entry, due))?;
        }
    }
    Ok(())
}

/// The statements that are new, or of which readers must be told something.
fn statements(connection: &Connection, operations: &[Operation]) -> Result<BTreeSet<StatementId>, Failure> {
    let mut numbers = BTreeSet::new();
    for operation in operations {
        let told = match operation {
            Operation::Create { .. } | Operation::Retract { .. } | Operation::Restore { .. } => true,
            Operation::Edit { corrections, .. } => !corrections.is_empty(),
            Operation::Merge { .. } | Operation::Purge { .. } | Operation::Removed { .. } => false,
        };
        if !told {
            continue;
        }
        let Some(id) = id_of(connection, &operation.target())? else { continue };
        match id.kind {
            RecordKind::Statement => {
                numbers.insert(StatementId(id.number));
            }
            RecordKind::Response => numbers.extend(rows(
                connection,
                "SELECT statement FROM response_to WHERE response = ?1",
                [id.number],
                |row| row.get::<_, StatementId>(0),
            )?),
            RecordKind::Entity | RecordKind::Source => {}
        }
    }
    Ok(numbers)
}

/// The places that watch for what a statement is about, who said it or answered, or what these are
/// part of; each once.
fn watching(connection: &Connection, statement: StatementId) -> Result<Vec<(Watcher, Digest)>, Failure> {
    rows(
        connection,
        "WITH RECURSIVE concerned (id) AS (
             SELECT entity FROM statement_about WHERE statement = ?1
             UNION SELECT speaker FROM statement WHERE id = ?1
             UNION SELECT responder FROM response_to JOIN response ON response.id = response WHERE statement = ?1
             UNION SELECT entity.part_of FROM entity JOIN concerned ON entity.id = concerned.id
                   WHERE entity.part_of IS NOT NULL
             UNION SELECT entity.affiliation FROM entity JOIN concerned ON entity.id = concerned.id
                   WHERE entity.affiliation IS NOT NULL)
         SELECT platform, channel, person, max(community) AS community, min(digest) AS digest
         FROM watch WHERE entity IN (SELECT id FROM concerned) GROUP BY platform, channel, person",
        [statement],
        |row| {
            let (platform, community) = (get(row, "platform")?, row.get("community")?);
            Ok((Watcher { platform, place: PostTarget::read(row)?, community }, get(row, "digest")?))
        },
    )
}
