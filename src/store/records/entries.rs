//! Entries as they are answered with: a statement, its responses, its sources, all with ids and names.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use crate::model::{
    CitationRole, Citations, Date, Identity, RecordId, RecordNotice, ResponseId, SourceId, Standing, StatementId,
};
use crate::store::{
    Reader,
    database::values::{get, get_optional, timestamp},
    failure::Failure,
    links::dead_since,
    records::entry_views::{CitationView, EntryView, ResponseView, SourceView, Vetted},
    records::load::{
        LoadedResponse, LoadedSource, LoadedStatement, load_corrections, load_response, load_source, load_statement,
        rows,
    },
};

impl Reader<'_> {
    /// The statement of this id with all that belongs to it; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn entry(&self, id: StatementId) -> Result<Option<Arc<EntryView>>, Failure> {
        let read_at = self.read_at()?;
        if let Some(entry) = self.entries().get(id, read_at) {
            return Ok(Some(entry));
        }
        let entry = self.read_entry(id)?.map(Arc::new);
        if let Some(entry) = &entry {
            self.entries().keep(id, read_at, entry);
        }
        Ok(entry)
    }

    fn read_entry(&self, id: StatementId) -> Result<Option<EntryView>, Failure> {
        let connection = self.connection()?;
        let Some((standing, own)) = standing(connection, id.into())? else { return Ok(None) };
        let LoadedStatement { statement, speaker, about, sources } = load_statement(connection, id)?;
        let mut responses =
            rows(connection, "SELECT response FROM response_to WHERE statement = ?1 ORDER BY response", [id], |row| {
                row.get(0)
            })?
            .into_iter()
            .filter_map(|response| self.response(response).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        // Stable, so that ties stay in order of id.
        responses.sort_by_key(|view| (view.response.said.is_none(), view.response.said.map(Date::first_day)));
        let vetted = responses.iter().map(|view| view.vetted).fold(own, Vetted::or_later);
        let citations = citations(connection, &statement.citations, &sources)?;
        Ok(Some(EntryView { id, statement, speaker, about, citations, responses, standing, vetted }))
    }

    /// The response of this id with all that belongs to it; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn response(&self, id: ResponseId) -> Result<Option<ResponseView>, Failure> {
        let connection = self.connection()?;
        let Some((standing, vetted)) = standing(connection, id.into())? else { return Ok(None) };
        let LoadedResponse { response, responder, answers, sources } = load_response(connection, id)?;
        let citations = citations(connection, &response.citations, &sources)?;
        Ok(Some(ResponseView { id, response, responder, answers, citations, standing, vetted }))
    }

    /// The source of this id; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn source(&self, id: SourceId) -> Result<Option<SourceView>, Failure> {
        source_view(self.connection()?, id)
    }

    /// When a record was last vetted; `None` when there is no such record.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn vetted(&self, id: RecordId) -> Result<Option<Vetted>, Failure> {
        Ok(standing(self.connection()?, id)?.map(|(_, vetted)| vetted))
    }

    /// The statements and responses that cite a source, in order of kind and id.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn cited_by(&self, source: SourceId) -> Result<Vec<(RecordId, CitationRole)>, Failure> {
        rows(
            self.connection()?,
            "SELECT entry_kind, entry_id, role FROM citation WHERE source = ?1 ORDER BY entry_kind DESC, entry_id",
            [source],
            |row| Ok((RecordId::new(get(row, "entry_kind")?, row.get("entry_id")?), get(row, "role")?)),
        )
    }
}

/// How a record stands and when it was last vetted; `None` when there is no such record.
pub(in crate::store) fn standing(connection: &Connection, id: RecordId) -> Result<Option<(Standing, Vetted)>, Failure> {
    let found = connection
        .prepare_cached(
            "SELECT record.retracted_on, record.retracted_reason, record.vetted_on, change.reviewed_at, change.reviewer,
                    CASE record.kind WHEN 'entity' THEN
                        (SELECT merged.key FROM entity
                         JOIN record AS merged ON merged.kind = 'entity' AND merged.id = entity.merged_into
                         WHERE entity.id = record.id)
                    END AS merged_into,
                    EXISTS (SELECT 1 FROM correction WHERE correction.kind = record.kind AND correction.id = record.id)
                        AS is_corrected
             FROM record
             JOIN change ON change.id = record.changed_in
             WHERE record.kind = ?1 AND record.id = ?2 AND record.purged_on IS NULL",
        )?
        .query_row((id.kind.word(), id.number), |row| {
            let on = get_optional(row, "retracted_on")?;
            let reason = get_optional(row, "retracted_reason")?;
            Ok((
                on.zip(reason).map(|(on, reason)| RecordNotice { on, reason }),
                get_optional(row, "merged_into")?,
                get_optional(row, "vetted_on")?,
                get::<Identity>(row, "reviewer")?,
                timestamp(row, "reviewed_at")?,
                row.get("is_corrected")?,
            ))
        })
        .optional()?;
    let Some((retracted, merged_into, vetted, reviewer, at, is_corrected)) = found else { return Ok(None) };
    // Few are.
    let corrections = if is_corrected { load_corrections(connection, id)? } else { Vec::new() };
    let known = match vetted {
        Some(day) => Vetted { on: Some(day), at: None },
        // Nobody reviewed anything on the day on which a database was filled.
        None if reviewer.is_nobody() => Vetted { on: None, at: None },
        None => Vetted { on: Some(Date::of(at)), at: Some(at) },
    };
    Ok(Some((Standing { corrections, retracted, merged_into, vetted }, known)))
}

/// What an entry cites, with these sources, which are in the same order.
fn citations(connection: &Connection, cited: &Citations, sources: &[SourceId]) -> Result<Vec<CitationView>, Failure> {
    let mut views = Vec::with_capacity(sources.len());
    for (citation, &id) in cited.iter().zip(sources) {
        if let Some(source) = source_view(connection, id)? {
            views.push(CitationView { source, role: citation.role, locator: citation.locator.clone() });
        }
    }
    views.sort_by_key(|view| view.role);
    Ok(views)
}

pub(in crate::store) fn source_view(connection: &Connection, id: SourceId) -> Result<Option<SourceView>, Failure> {
    let Some((standing, vetted)) = standing(connection, id.into())? else { return Ok(None) };
    let LoadedSource { source, publisher } = load_source(connection, id)?;
    let dead_since = dead_since(connection, id)?;
    Ok(Some(SourceView { id, source, publisher, standing, vetted, dead_since }))
}
