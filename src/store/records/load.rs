//! Reading records back from the tables, as the model has them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::{
    Alias, AnsweredStatements, CatalogueEntry, Citation, Citations, Entity, EntityKind, HeldRecord, Key, Nature, Quote,
    Record, RecordId, RecordKey, RecordKind, RecordNotice, Response, ResponseId, SameAs, Source, SourceId, SourceName,
    Standing, Statement, StatementId,
};
use crate::store::{
    database::values::{get, get_optional},
    failure::Failure,
    records::entity_ref::EntityRef,
};

/// The id of the record of this name.
pub(in crate::store) fn id_of(connection: &Connection, name: &RecordKey) -> Result<Option<RecordId>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM record WHERE kind = ?1 AND key = ?2 AND purged_on IS NULL")?;
    let number = statement.query_row((name.kind.word(), name.key.as_str()), |row| row.get(0)).optional()?;
    Ok(number.map(|number| RecordId::new(name.kind, number)))
}

pub(in crate::store) fn key_of(connection: &Connection, id: RecordId) -> Result<Key, Failure> {
    let mut statement = connection.prepare_cached("SELECT key FROM record WHERE kind = ?1 AND id = ?2")?;
    Ok(statement.query_row((id.kind.word(), id.number), |row| get(row, "key"))?)
}

/// The record of this id, as it is held.
///
/// # Errors
/// [`Failure::Sqlite`] with "no rows" when there is none.
pub(in crate::store) fn load(connection: &Connection, id: RecordId) -> Result<HeldRecord, Failure> {
    let (revision, retracted, vetted) = connection
        .prepare_cached(
            "SELECT revision, retracted_on, retracted_reason, vetted_on FROM record WHERE kind = ?1 AND id = ?2",
        )?
        .query_row((id.kind.word(), id.number), |row| {
            let on = get_optional(row, "retracted_on")?;
            let reason = get_optional(row, "retracted_reason")?;
            let notice = on.zip(reason).map(|(on, reason)| RecordNotice { on, reason });
            Ok((row.get(0)?, notice, get_optional(row, "vetted_on")?))
        })?;
    let corrections = load_corrections(connection, id)?;
    let (record, merged_into) = match id.kind {
        RecordKind::Entity => load_entity(connection, id.number)?,
        RecordKind::Source => (Record::Source(load_source(connection, SourceId(id.number))?.source), None),
        RecordKind::Statement => {
            (Record::Statement(load_statement(connection, StatementId(id.number))?.statement), None)
        }
        RecordKind::Response => (Record::Response(load_response(connection, ResponseId(id.number))?.response), None),
    };
    Ok(HeldRecord { record, standing: Standing { corrections, retracted, merged_into, vetted }, revision })
}

/// The corrections made to a record, oldest first.
pub(in crate::store) fn load_corrections(connection: &Connection, id: RecordId) -> Result<Vec<RecordNotice>, Failure> {
    rows(
        connection,
        "SELECT decided_on, reason FROM correction WHERE kind = ?1 AND id = ?2 ORDER BY position",
        (id.kind.word(), id.number),
        |row| Ok(RecordNotice { on: get(row, "decided_on")?, reason: get(row, "reason")? }),
    )
}

/// Every row of a query, through `read`.
pub(in crate::store) fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Failure> {
    Ok(connection.prepare_cached(sql)?.query_map(parameters, read)?.collect::<rusqlite::Result<_>>()?)
}

fn load_entity(connection: &Connection, id: i64) -> Result<(Record, Option<Key>), Failure> {
    let aliases =
        rows(connection, "SELECT name, language FROM alias WHERE entity = ?1 ORDER BY position", [id], |row| {
            Ok(Alias { name: get(row, "name")?, language: get(row, "language")? })
        })?;
    let same_as: BTreeSet<CatalogueEntry> =
        rows(connection, "SELECT address FROM same_as WHERE entity = ?1", [id], |row| get(row, "address"))?
            .into_iter()
            .collect();
    let same_as = SameAs::try_from(same_as).map_err(|error| Failure::Unreadable(error.to_string()))?;
    let mut statement = connection.prepare_cached(
        "SELECT record.key, entity.kind, entity.name, entity.description, entity.role,
                whole.key AS part_of, affiliation.key AS affiliation, merged.key AS merged_into
         FROM entity
         JOIN record ON record.kind = 'entity' AND record.id = entity.id
         LEFT JOIN record AS whole ON whole.kind = 'entity' AND whole.id = entity.part_of
         LEFT JOIN record AS affiliation ON affiliation.kind = 'entity' AND affiliation.id = entity.affiliation
         LEFT JOIN record AS merged ON merged.kind = 'entity' AND merged.id = entity.merged_into
         WHERE entity.id = ?1",
    )?;
    Ok(statement.query_row([id], |row| {
        let nature = match get(row, "kind")? {
            EntityKind::Place => Nature::Place,
            EntityKind::Organisation => Nature::Organisation,
            EntityKind::Topic => Nature::Topic,
            EntityKind::Person => {
                Nature::Person { role: get_optional(row, "role")?, affiliation: get_optional(row, "affiliation")? }
            }
        };
        let entity = Entity {
            key: get(row, "key")?,
            nature,
            name: get(row, "name")?,
            aliases,
            part_of: get_optional(row, "part_of")?,
            description: get_optional(row, "description")?,
            same_as,
        };
        Ok((Record::Entity(entity), get_optional(row, "merged_into")?))
    })?)
}

/// A source, and what is read along with it, as an answer shows it.
pub(in crate::store) struct LoadedSource {
    pub(in crate::store) source: Source,
    pub(in crate::store) publisher: EntityRef,
}

pub(in crate::store) fn load_source(connection: &Connection, id: SourceId) -> Result<LoadedSource, Failure> {
    let authors =
        rows(connection, "SELECT name FROM source_author WHERE source = ?1 ORDER BY position", [id], |row| {
            get(row, "name")
        })?;
    let mut statement = connection.prepare_cached(
        "SELECT record.key, source.*, publisher.key AS publisher_key, copied.key AS copied_key,
                entity.id AS entity_id, entity.name AS entity_name, entity.kind AS entity_kind
         FROM source
         JOIN record ON record.kind = 'source' AND record.id = source.id
         JOIN record AS publisher ON publisher.kind = 'entity' AND publisher.id = source.publisher
         JOIN entity ON entity.id = source.publisher
         LEFT JOIN record AS copied ON copied.kind = 'source' AND copied.id = source.copy_of
         WHERE source.id = ?1",
    )?;
    Ok(statement.query_row([id], |row| {
        let name = match get_optional(row, "title")? {
            Some(title) => SourceName::Title(title),
            None => SourceName::Description(get(row, "description")?),
        };
        let source = Source {
            key: get(row, "key")?,
            kind: get(row, "kind")?,
            name,
            url: get_optional(row, "url")?,
            archive_url: get_optional(row, "archive_url")?,
            publisher: get(row, "publisher_key")?,
            copy_of: get_optional(row, "copied_key")?,
            authors,
            published: get_optional(row, "published")?,
            language: get(row, "language")?,
            accessed: get_optional(row, "accessed")?,
            seen: get(row, "seen")?,
            note: get_optional(row, "note")?,
        };
        Ok(LoadedSource { source, publisher: EntityRef::read_joined(row)? })
    })?)
}

/// A statement, and what is read along with it, as an answer shows it.
pub(in crate::store) struct LoadedStatement {
    pub(in crate::store) statement: Statement,
    pub(in crate::store) speaker: EntityRef,
    /// In order of name.
    pub(in crate::store) about: Vec<EntityRef>,
    /// Its sources, in the order of its citations.
    pub(in crate::store) sources: Vec<SourceId>,
}

pub(in crate::store) fn load_statement(connection: &Connection, id: StatementId) -> Result<LoadedStatement, Failure> {
    let (keys, mut about): (BTreeSet<Key>, Vec<EntityRef>) = rows(
        connection,
        "SELECT record.key, entity.id, entity.name, entity.kind
         FROM statement_about
         JOIN entity ON entity.id = statement_about.entity
         JOIN record ON record.kind = 'entity' AND record.id = entity.id
         WHERE statement = ?1",
        [id],
        |row| Ok((get(row, "key")?, EntityRef::read(row)?)),
    )?
    .into_iter()
    .unzip();
    // SQLite would set up a sorter, for one entity as a rule.
    about.sort_by(|one, other| (one.name.as_str(), one.id).cmp(&(other.name.as_str(), other.id)));
    let (citations, sources) = load_citations(connection, id.into())?;
    let mut statement = connection.prepare_cached(
        "SELECT record.key, speaker.key AS speaker, statement.speaker_role, statement.text, statement.quote,
                statement.quote_language, statement.said, statement.short,
                entity.id AS entity_id, entity.name AS entity_name, entity.kind AS entity_kind
         FROM statement
         JOIN record ON record.kind = 'statement' AND record.id = statement.id
         JOIN record AS speaker ON speaker.kind = 'entity' AND speaker.id = statement.speaker
         JOIN entity ON entity.id = statement.speaker
         WHERE statement.id = ?1",
    )?;
    Ok(statement.query_row([id], |row| {
        let statement = Statement {
            key: get(row, "key")?,
            speaker: get(row, "speaker")?,
            speaker_role: get_optional(row, "speaker_role")?,
            text: get(row, "text")?,
            short: get_optional(row, "short")?,
            quote: quote(row)?,
            said: get_optional(row, "said")?,
            about: keys,
            citations,
        };
        Ok(LoadedStatement { statement, speaker: EntityRef::read_joined(row)?, about, sources })
    })?)
}

/// A response, and what is read along with it, as an answer shows it.
pub(in crate::store) struct LoadedResponse {
    pub(in crate::store) response: Response,
    pub(in crate::store) responder: EntityRef,
    /// The statements that it answers, in order.
    pub(in crate::store) answers: Vec<StatementId>,
    /// Its sources, in the order of its citations.
    pub(in crate::store) sources: Vec<SourceId>,
}

pub(in crate::store) fn load_response(connection: &Connection, id: ResponseId) -> Result<LoadedResponse, Failure> {
    let (answered, answers): (BTreeSet<Key>, Vec<StatementId>) = rows(
        connection,
        "SELECT statement, record.key
         FROM response_to JOIN record ON record.kind = 'statement' AND record.id = statement
         WHERE response = ?1 ORDER BY statement",
        [id],
        |row| Ok((get(row, "key")?, row.get::<_, StatementId>("statement")?)),
    )?
    .into_iter()
    .unzip();
    let to = AnsweredStatements::try_from(answered).map_err(|error| Failure::Unreadable(error.to_string()))?;
    let (citations, sources) = load_citations(connection, id.into())?;
    let mut statement = connection.prepare_cached(
        "SELECT record.key, responder.key AS responder, response.kind, response.text, response.quote,
                response.quote_language, response.said, response.gist,
                entity.id AS entity_id, entity.name AS entity_name, entity.kind AS entity_kind
         FROM response
         JOIN record ON record.kind = 'response' AND record.id = response.id
         JOIN record AS responder ON responder.kind = 'entity' AND responder.id = response.responder
         JOIN entity ON entity.id = response.responder
         WHERE response.id = ?1",
    )?;
    Ok(statement.query_row([id], |row| {
        let response = Response {
            key: get(row, "key")?,
            to,
            responder: get(row, "responder")?,
            kind: get(row, "kind")?,
            text: get(row, "text")?,
            gist: get_optional(row, "gist")?,
            quote: quote(row)?,
            said: get_optional(row, "said")?,
            citations,
        };
        Ok(LoadedResponse { response, responder: EntityRef::read_joined(row)?, answers, sources })
    })?)
}

/// The citations of an entry in their order, and the sources that they name.
fn load_citations(connection: &Connection, entry: RecordId) -> Result<(Citations, Vec<SourceId>), Failure> {
    let (citations, sources): (Vec<Citation>, Vec<SourceId>) = rows(
        connection,
        "SELECT record.key AS source, citation.source AS number, role, locator
         FROM citation JOIN record ON record.kind = 'source' AND record.id = citation.source
         WHERE entry_kind = ?1 AND entry_id = ?2 ORDER BY position",
        (entry.kind.word(), entry.number),
        |row| {
            let citation = Citation {
                source: get(row, "source")?,
                role: get(row, "role")?,
                locator: get_optional(row, "locator")?,
            };
            Ok((citation, row.get::<_, SourceId>("number")?))
        },
    )?
    .into_iter()
    .unzip();
    let citations = Citations::try_from(citations).map_err(|error| Failure::Unreadable(format!("{entry}: {error}")))?;
    Ok((citations, sources))
}

fn quote(row: &Row<'_>) -> rusqlite::Result<Option<Quote>> {
    let language = get_optional(row, "quote_language")?;
    Ok(get_optional(row, "quote")?.map(|text| Quote { text, language }))
}
