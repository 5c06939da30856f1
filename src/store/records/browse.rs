//! Looking around: entities with their counts, publishers with their sources.

use crate::model::{Date, Entity, EntityId, Record, RecordKind, SourceId, Standing};
use crate::store::{
    Reader,
    database::values::get_optional,
    failure::Failure,
    records::entity_ref::EntityRef,
    records::entries::{source_view, standing},
    records::entry_views::{SourceView, Vetted},
    records::load::{load, rows},
};

/// How much there is about something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Statements about it, by it, or answered by it.
    pub statements: i64,
    /// Responses to those statements.
    pub responses: i64,
    /// Sources that those statements and responses rest on.
    pub sources: i64,
}

/// An entity with how much there is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitySummary {
    /// The entity.
    pub entity: EntityRef,
    /// Statements about it or its parts, by it, or answered by it.
    pub statements: i64,
}

/// A publisher with the number of its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublisherSummary {
    /// The publisher.
    pub publisher: EntityRef,
    /// How many sources of its are on record.
    pub sources: i64,
}

/// All that is known of an entity itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityCard {
    /// Its id.
    pub id: EntityId,
    /// The entity.
    pub entity: Entity,
    /// How it stands.
    pub standing: Standing,
    /// When it was last vetted.
    pub vetted: Vetted,
    /// The wholes that it lies in, the nearest first.
    pub lies_in: Vec<EntityRef>,
    /// The organisation that a person acts for.
    pub affiliation: Option<EntityRef>,
    /// Its direct parts, and those who act for it, in order of name.
    pub parts: Vec<EntityRef>,
    /// How much there is about it and its parts.
    pub counts: Counts,
    /// The dates of the earliest and the latest statement.
    pub span: Option<(Date, Date)>,
}

/// The entity of `?1` and, below it, all its parts and those who act for them.
const FAMILY: &str = "
    WITH RECURSIVE family (id) AS (
        SELECT ?1
        UNION SELECT entity.id FROM entity JOIN family ON entity.part_of = family.id
        UNION SELECT entity.id FROM entity JOIN family ON entity.affiliation = family.id
    ),
    matter (id) AS (
        SELECT statement FROM statement_about WHERE entity IN (SELECT id FROM family)
        UNION SELECT id FROM statement WHERE speaker IN (SELECT id FROM family)
        UNION SELECT statement FROM response_to JOIN response ON response.id = response
              WHERE responder IN (SELECT id FROM family)
    )";

impl Reader<'_> {
    /// The entity of this id with all that is known of it; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn entity_card(&self, id: EntityId) -> Result<Option<EntityCard>, Failure> {
        let connection = self.connection()?;
        let Some((standing, vetted)) = standing(connection, id.into())? else { return Ok(None) };
        let Record::Entity(entity) = load(connection, id.into())?.record else { return Ok(None) };
        let lies_in = rows(
            connection,
            "WITH RECURSIVE whole (id, distance) AS (
                 SELECT part_of, 1 FROM entity WHERE id = ?1 AND part_of IS NOT NULL
                 UNION ALL SELECT entity.part_of, distance + 1 FROM entity JOIN whole ON entity.id = whole.id
                           WHERE entity.part_of IS NOT NULL AND distance < 20)
             SELECT entity.id, name, kind FROM whole JOIN entity ON entity.id = whole.id ORDER BY distance",
            [id],
            EntityRef::read,
        )?;
        let affiliation = rows(
            connection,
            "SELECT whole.id, whole.name, whole.kind FROM entity JOIN entity AS whole ON whole.id = entity.affiliation
             WHERE entity.id = ?1",
            [id],
            EntityRef::read,
        )?
        .pop();
        let parts = rows(
            connection,
            "SELECT id, name, kind FROM entity WHERE (part_of = ?1 OR affiliation = ?1) AND merged_into IS NULL
             ORDER BY name, id",
            [id],
            EntityRef::read,
        )?;
        let counts = connection
            .prepare_cached(&format!(
                "{FAMILY},
                 answer (id) AS (SELECT response FROM response_to WHERE statement IN (SELECT id FROM matter))
                 SELECT (SELECT count(*) FROM matter), (SELECT count(DISTINCT id) FROM answer),
                        (SELECT count(DISTINCT source) FROM citation
                         WHERE (entry_kind = 'statement' AND entry_id IN (SELECT id FROM matter))
                            OR (entry_kind = 'response' AND entry_id IN (SELECT id FROM answer)))"
            ))?
            .query_row([id], |row| {
                Ok(Counts { statements: row.get(0)?, responses: row.get(1)?, sources: row.get(2)? })
            })?;
        let mut dates: Vec<Date> = rows(
            connection,
            &format!(
                "{FAMILY} SELECT DISTINCT said FROM statement WHERE id IN (SELECT id FROM matter) AND said IS NOT NULL"
            ),
            [id],
            |row| get_optional(row, "said"),
        )?
        .into_iter()
        .flatten()
        .collect();
        dates.sort();
        let earliest = dates.iter().copied().min_by_key(|date| date.first_day());
        let span = earliest.zip(dates.last().copied());
        Ok(Some(EntityCard { id, entity, standing, vetted, lies_in, affiliation, parts, counts, span }))
    }

    /// These entities with how many statements concern them, in the order given.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn entity_summaries(&self, entities: &[EntityId]) -> Result<Vec<EntitySummary>, Failure> {
        let mut statement = self.connection()?.prepare_cached(&format!(
            "{FAMILY} SELECT id, name, kind, (SELECT count(*) FROM matter) AS statements FROM entity WHERE id = ?1"
        ))?;
        let mut summaries = Vec::with_capacity(entities.len());
        for entity in entities {
            let mut found = statement.query([entity])?;
            if let Some(row) = found.next()? {
                summaries.push(EntitySummary { entity: EntityRef::read(row)?, statements: row.get("statements")? });
            }
        }
        Ok(summaries)
    }

    /// Publishers in order of the number of their sources, most first, then of name; those from
    /// `offset` on, and how many there are in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn publishers(&self, offset: usize, limit: usize) -> Result<(Vec<PublisherSummary>, usize), Failure> {
        let connection = self.connection()?;
        let page = rows(
            connection,
            "SELECT entity.id, entity.name, entity.kind, count(*) AS sources
             FROM source JOIN entity ON entity.id = source.publisher
             GROUP BY entity.id ORDER BY sources DESC, entity.name, entity.id LIMIT ?2 OFFSET ?1",
            (offset, limit),
            |row| Ok(PublisherSummary { publisher: EntityRef::read(row)?, sources: row.get("sources")? }),
        )?;
        let total = connection
            .prepare_cached("SELECT count(DISTINCT publisher) FROM source")?
            .query_row([], |row| row.get(0))?;
        Ok((page, total))
    }

    /// The sources of one publisher, newest first, undated ones last; those from `offset` on, and
    /// how many there are in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn sources_of(
        &self,
        publisher: EntityId,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<SourceView>, usize), Failure> {
        let connection = self.connection()?;
        let sources: Vec<SourceId> = rows(
            connection,
            "SELECT id FROM source WHERE publisher = ?1
             ORDER BY published IS NULL, published DESC, id LIMIT ?3 OFFSET ?2",
            (publisher, offset, limit),
            |row| row.get(0),
        )?;
        let total = connection
            .prepare_cached("SELECT count(*) FROM source WHERE publisher = ?1")?
            .query_row([publisher], |row| row.get(0))?;
        let mut views = Vec::with_capacity(sources.len());
        for source in sources {
            views.extend(source_view(connection, source)?);
        }
        Ok((views, total))
    }

    /// How many records of each kind there are: entities, sources, statements, responses.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn totals(&self) -> Result<[(RecordKind, i64); 4], Failure> {
        let mut statement =
            self.connection()?.prepare_cached("SELECT count(*) FROM record WHERE kind = ?1 AND purged_on IS NULL")?;
        let mut count = |kind: RecordKind| -> Result<_, Failure> {
            Ok((kind, statement.query_row([kind.word()], |row| row.get(0))?))
        };
        Ok([
            count(RecordKind::Statement)?,
            count(RecordKind::Response)?,
            count(RecordKind::Source)?,
            count(RecordKind::Entity)?,
        ])
    }
}
