//! What the search index is made of: names of entities and texts of statements, and what changed
//! since a place in the history.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::model::{
    CatalogueEntry, CitationRole, Date, EntityId, EntityKind, Language, RecordId, ResponseId, ResponseKind, Sequence,
    SourceId, StatementId,
};
use crate::store::{
    Reader,
    database::values::{get, get_optional},
    failure::Failure,
    records::entity_ref::EntityRef,
    records::load::rows,
};

/// An entity's names and its place among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityNames {
    /// Its id.
    pub id: EntityId,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// Its name.
    pub name: String,
    /// Its other names with their languages.
    pub aliases: Vec<(String, Language)>,
    /// The whole that it is a part of.
    pub part_of: Option<EntityId>,
    /// The organisation that a person acts for.
    pub affiliation: Option<EntityId>,
    /// Whether all that is on record of it is that it published sources.
    pub only_publishes: bool,
    /// Its numbers in GeoNames.
    pub geonames: Vec<u64>,
}

/// The texts of a statement and of what belongs to it, with what it can be found by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatementText {
    /// Its id.
    pub id: StatementId,
    /// Whether it is retracted.
    pub retracted: bool,
    /// The place in the history of the change that touched it last.
    pub sequence: Sequence,
    /// When it was said.
    pub said: Option<Date>,
    /// The speaker.
    pub speaker: EntityId,
    /// The entities that it is about.
    pub about: Vec<EntityId>,
    /// Those who responded.
    pub responders: Vec<EntityId>,
    /// Of those the ones who only kept silent: who made no comment, refused one, or did not respond.
    pub silent: Vec<EntityId>,
    /// The responses.
    pub responses: Vec<ResponseId>,
    /// The sources of the statement and of its responses.
    pub sources: Vec<SourceId>,
    /// Those sources' publishers.
    pub publishers: Vec<EntityId>,
    /// The publishers who told the statement themselves: those of its own citations, but for copies of another's text.
    pub tellers: Vec<EntityId>,
    /// The languages of the sources and of the quotes.
    pub languages: Vec<Language>,
    /// The statement's wording and role of its speaker, in English.
    pub text: String,
    /// The speaker's own words with their language.
    pub quote: Option<(String, Option<Language>)>,
    /// The wordings and kinds of the responses, in English.
    pub response_texts: Vec<String>,
    /// The responders' own words.
    pub response_quotes: Vec<(String, Option<Language>)>,
    /// The headlines of the sources with their languages.
    pub titles: Vec<(String, Language)>,
    /// All wordings and quotes once more, each for itself, with the response that it belongs to; `None` for those of the
    /// statement. Quotes in other languages than English aren't among them: to a model any text in the language of a
    /// message is nearer to it than what says the same in another, and all wordings are in English.
    pub apart: Vec<(Option<ResponseId>, String)>,
}

// `CROSS JOIN` keeps SQLite to the order that is written (SQLite, "Query Planner", manual control): from
// the few new changes to what they touched, where it would look through all that was ever touched.

/// The entities that what was added after a place in the history speaks of.
const NEWLY_NAMED: &str = "
    WITH added (kind, id) AS (
        SELECT touched.kind, touched.id
        FROM change CROSS JOIN touched ON touched.change = change.id WHERE change.sequence > ?1)
    SELECT speaker FROM added CROSS JOIN statement ON kind = 'statement' AND statement.id = added.id
    UNION SELECT entity FROM added CROSS JOIN statement_about ON kind = 'statement' AND statement = added.id
    UNION SELECT responder FROM added CROSS JOIN response ON added.kind = 'response' AND response.id = added.id";

/// The statements that what was touched after a place in the history belongs to.
const TOUCHED: &str = "
    WITH changed (kind, id) AS (
        SELECT DISTINCT touched.kind, touched.id
        FROM change CROSS JOIN touched ON touched.change = change.id WHERE change.sequence > ?1),
    cited (kind, id) AS (
        SELECT entry_kind, entry_id
        FROM changed CROSS JOIN citation ON changed.kind = 'source' AND citation.source = changed.id)
    SELECT id FROM changed WHERE kind = 'statement'
    UNION SELECT statement FROM changed CROSS JOIN response_to ON kind = 'response' AND response = id
    UNION SELECT id FROM cited WHERE kind = 'statement'
    UNION SELECT statement FROM cited CROSS JOIN response_to ON kind = 'response' AND response = id
    ORDER BY 1";

impl Reader<'_> {
    /// The names of all entities in force, in order of number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn entity_names(&self) -> Result<Vec<EntityNames>, Failure> {
        let connection = self.connection()?;
        let mut aliases: HashMap<EntityId, Vec<(String, Language)>> = HashMap::new();
        for (entity, name, language) in
            rows(connection, "SELECT entity, name, language FROM alias ORDER BY entity, position", [], |row| {
                Ok((row.get("entity")?, row.get("name")?, get(row, "language")?))
            })?
        {
            aliases.entry(entity).or_default().push((name, language));
        }
        let mut geonames: HashMap<EntityId, Vec<u64>> = HashMap::new();
        for (entity, entry) in
            rows(connection, "SELECT entity, address FROM same_as ORDER BY entity, address", [], |row| {
                Ok((row.get("entity")?, get::<CatalogueEntry>(row, "address")?))
            })?
        {
            geonames.entry(entity).or_default().extend(entry.geonames());
        }
        rows(
            connection,
            "SELECT entity.id, entity.kind, entity.name, entity.part_of, entity.affiliation,
                    entity.kind = 'organisation'
                    AND EXISTS (SELECT 1 FROM source WHERE publisher = entity.id)
                    AND NOT EXISTS (SELECT 1 FROM statement WHERE speaker = entity.id)
                    AND NOT EXISTS (SELECT 1 FROM statement_about WHERE entity = entity.id)
                    AND NOT EXISTS (SELECT 1 FROM response WHERE responder = entity.id)
                    AND NOT EXISTS (SELECT 1 FROM entity AS part
                                    WHERE part.part_of = entity.id OR part.affiliation = entity.id) AS only_publishes
             FROM entity JOIN record ON record.kind = 'entity' AND record.id = entity.id
             WHERE merged_into IS NULL AND retracted_on IS NULL
             ORDER BY entity.id",
            [],
            |row| {
                let entity = EntityRef::read(row)?;
                Ok(EntityNames {
                    id: entity.id,
                    kind: entity.kind,
                    name: entity.name.to_string(),
                    aliases: aliases.remove(&entity.id).unwrap_or_default(),
                    part_of: row.get("part_of")?,
                    affiliation: row.get("affiliation")?,
                    only_publishes: row.get("only_publishes")?,
                    geonames: geonames.remove(&entity.id).unwrap_or_default(),
                })
            },
        )
    }

    /// The entities that the approved changes after the place `sequence` newly speak of, if that is all
    /// that may alter [`Reader::entity_names`]; `None` if they may alter it in other ways.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn entities_newly_named_after(&self, sequence: Sequence) -> Result<Option<Vec<EntityId>>, Failure> {
        let connection = self.connection()?;
        let mut otherwise = connection.prepare_cached(
            "SELECT EXISTS (
                 SELECT 1 FROM change CROSS JOIN touched ON touched.change = change.id
                 CROSS JOIN record ON record.kind = touched.kind AND record.id = touched.id
                 WHERE change.sequence > ?1 AND (touched.kind IN ('entity', 'source')
                       OR record.revision > 1 OR record.purged_on IS NOT NULL))",
        )?;
        if otherwise.query_row([sequence], |row| row.get(0))? {
            return Ok(None);
        }
        let named = rows(connection, NEWLY_NAMED, [sequence], |row| row.get(0))?;
        Ok(Some(named))
    }

    /// What tells the approved change at this place from one of another database at the same
    /// place; empty where there is none. A purge leaves it as it is, and nothing of what was purged stands in it.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn fingerprint(&self, sequence: Sequence) -> Result<String, Failure> {
        let found = rows(
            self.connection()?,
            "SELECT id || ':' || proposed_at || ':' || reviewed_at || ':' || author || ':' || coalesce(digest, '')
             FROM change WHERE sequence = ?1",
            [sequence],
            |row| row.get(0),
        )?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// All statements after `after`, in order of number, at most `limit`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn statements_after(&self, after: StatementId, limit: usize) -> Result<Vec<StatementId>, Failure> {
        rows(self.connection()?, "SELECT id FROM statement WHERE id > ?1 ORDER BY id LIMIT ?2", (after, limit), |row| {
            row.get(0)
        })
    }

    /// The statements whose text, dates, sources or responses an approved change
    /// after the place `sequence` may have altered, in order.
    ///
    /// Names of entities are not part of a statement's text here: they are looked up apart.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn statements_touched_after(&self, sequence: Sequence) -> Result<Vec<StatementId>, Failure> {
        rows(self.connection()?, TOUCHED, [sequence], |row| row.get(0))
    }

    /// The texts of a statement; `None` when there is none of the id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn statement_text(&self, id: StatementId) -> Result<Option<StatementText>, Failure> {
        let connection = self.connection()?;
        let found = rows(
            connection,
            "SELECT statement.*, record.retracted_on IS NOT NULL AS retracted, change.sequence
             FROM statement
             JOIN record ON record.kind = 'statement' AND record.id = statement.id
             JOIN change ON change.id = record.changed_in
             WHERE statement.id = ?1",
            [id],
            |row| {
                let quote: Option<String> = row.get("quote")?;
                let language = get_optional(row, "quote_language")?;
                Ok(StatementText {
                    id,
                    retracted: row.get("retracted")?,
                    sequence: row.get("sequence")?,
                    said: get_optional(row, "said")?,
                    speaker: row.get("speaker")?,
                    text: row.get("text")?,
                    quote: quote.map(|quote| (quote, language)),
                    ..StatementText::default()
                })
            },
        )?;
        let Some(mut text) = found.into_iter().next() else { return Ok(None) };
        text.apart.push((None, text.text.clone()));
        text.apart.extend(text.quote.iter().filter(|quote| is_english(quote)).map(|(quote, _)| (None, quote.clone())));
        text.about =
            rows(connection, "SELECT entity FROM statement_about WHERE statement = ?1", [id], |row| row.get(0))?;
        text.tellers = rows(
            connection,
            "SELECT DISTINCT publisher FROM citation JOIN source ON source.id = citation.source
             WHERE entry_kind = 'statement' AND entry_id = ?1 AND role <> ?2 ORDER BY publisher",
            (id, CitationRole::Republication.word()),
            |row| row.get(0),
        )?;
        add_sources(connection, &mut text, id.into())?;
        add_responses(connection, &mut text)?;
        text.languages
            .extend(text.quote.iter().chain(&text.response_quotes).filter_map(|(_, language)| language.clone()));
        text.languages.sort();
        text.languages.dedup();
        text.responders.sort_unstable();
        text.responders.dedup();
        text.publishers.sort_unstable();
        text.publishers.dedup();
        text.sources.sort_unstable();
        text.sources.dedup();
        Ok(Some(text))
    }
}

/// Whether a quote is in the language of the wordings, as far as is known.
fn is_english((_, language): &(String, Option<Language>)) -> bool {
    language.as_ref().is_none_or(|language| language.primary() == "en")
}

fn add_responses(connection: &Connection, text: &mut StatementText) -> Result<(), Failure> {
    let responses = rows(
        connection,
        "SELECT response.id, responder, kind, text, quote, quote_language
         FROM response_to JOIN response ON response.id = response WHERE statement = ?1 ORDER BY response.id",
        [text.id],
        |row| {
            let kind: ResponseKind = get(row, "kind")?;
            let quote: Option<String> = row.get("quote")?;
            let language: Option<Language> = get_optional(row, "quote_language")?;
            let wording: String = row.get("text")?;
            Ok((
                row.get::<_, ResponseId>("id")?,
                row.get::<_, EntityId>("responder")?,
                kind,
                wording,
                quote.map(|quote| (quote, language)),
            ))
        },
    )?;
    let spoke: Vec<EntityId> =
        responses.iter().filter(|(_, _, kind, ..)| !kind.is_silence()).map(|(_, responder, ..)| *responder).collect();
    for (id, responder, kind, wording, quote) in responses {
        text.responses.push(id);
        text.responders.push(responder);
        if !spoke.contains(&responder) && !text.silent.contains(&responder) {
            text.silent.push(responder);
        }
        text.response_texts.push(format!("{}: {wording}", kind.label()));
        text.apart.push((Some(id), wording));
        let comparable = quote.iter().filter(|quote| is_english(quote));
        text.apart.extend(comparable.map(|(quote, _)| (Some(id), quote.clone())));
        text.response_quotes.extend(quote);
        add_sources(connection, text, id.into())?;
    }
    Ok(())
}

fn add_sources(connection: &Connection, text: &mut StatementText, cited_by: RecordId) -> Result<(), Failure> {
    let sources = rows(
        connection,
        "SELECT source.id, publisher, title, language FROM citation JOIN source ON source.id = citation.source
         WHERE entry_kind = ?1 AND entry_id = ?2 ORDER BY position",
        (cited_by.kind.word(), cited_by.number),
        |row| {
            Ok((
                row.get::<_, SourceId>("id")?,
                row.get::<_, EntityId>("publisher")?,
                row.get::<_, Option<String>>("title")?,
                get::<Language>(row, "language")?,
            ))
        },
    )?;
    for (id, publisher, title, language) in sources {
        if !text.sources.contains(&id) {
            text.titles.extend(title.map(|title| (title, language.clone())));
        }
        text.sources.push(id);
        text.publishers.push(publisher);
        text.languages.push(language);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{MIGRATIONS, Store};

    #[test]
    fn what_changed_is_found_without_looking_through_what_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_with(&folder.path().join("onrecord.db"), MIGRATIONS).unwrap();
        let reader = store.reader().unwrap();
        for sql in [NEWLY_NAMED, TOUCHED] {
            let mut plan = reader.connection().unwrap().prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps: Vec<String> =
                plan.query_map([0], |row| row.get("detail")).unwrap().collect::<Result<_, _>>().unwrap();
            for step in steps.iter().filter(|step| step.starts_with("SCAN")) {
                assert!(["SCAN added", "SCAN changed", "SCAN cited"].contains(&step.as_str()), "{step}");
            }
        }
    }
}
