//! What became of the addresses of sources when they were asked. It's no part of the history: nobody decides it.

use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use crate::model::{Date, LinkAnswer, LinkState, SourceId, WebAddress};
use crate::store::{
    Reader, Store,
    database::values::{get, get_optional, optional_text, timestamp},
    failure::Failure,
    records::load::rows,
};

/// The address of a source, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLink {
    /// The source.
    pub source: SourceId,
    /// Its address.
    pub address: WebAddress,
    /// Whether an archived copy of it is on record.
    pub archived: bool,
    /// How the address stands; `None`: it was never asked.
    pub state: Option<LinkState>,
}

impl Reader<'_> {
    /// The addresses of all sources in force, in order of the sources.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn source_links(&self) -> Result<Vec<SourceLink>, Failure> {
        rows(
            self.connection()?,
            "SELECT source.id, source.url, archive_url IS NOT NULL AS archived, link.*
             FROM source JOIN record ON record.kind = 'source' AND record.id = source.id
             LEFT JOIN link ON link.source = source.id AND link.address = source.url
             WHERE source.url IS NOT NULL AND retracted_on IS NULL AND purged_on IS NULL ORDER BY source.id",
            [],
            |row| {
                let is_known = row.get::<_, Option<SourceId>>("source")?.is_some();
                Ok(SourceLink {
                    source: row.get("id")?,
                    address: get(row, "url")?,
                    archived: row.get("archived")?,
                    state: is_known.then(|| read(row)).transpose()?,
                })
            },
        )
    }

    /// How the address of a source stands; `None`: it was never asked.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn link_state(&self, source: SourceId) -> Result<Option<LinkState>, Failure> {
        state(self.connection()?, source)
    }
}

impl Store {
    /// Remembers what came of asking the address of a source; gives how it stands by that. `None` where the source has
    /// another address by now.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn link_asked(
        &self,
        source: SourceId,
        address: &WebAddress,
        answer: LinkAnswer,
        at: jiff::Timestamp,
    ) -> Result<Option<LinkState>, Failure> {
        let address = address.clone();
        self.writer()?.write(move |transaction| {
            let sql = "SELECT EXISTS (SELECT 1 FROM source WHERE id = ?1 AND url = ?2)";
            if !transaction.query_row(sql, (source, address.as_str()), |row| row.get::<_, bool>(0))? {
                return Ok(None);
            }
            let before = state(transaction, source)?;
            let state = LinkState::after(before.as_ref(), answer, at);
            keep(transaction, source, &address, &state)?;
            if before.is_some_and(|before| before.is_dead()) != state.is_dead() {
                transaction.execute(
                    "INSERT INTO link_turns (id, number) VALUES (1, 1)
                     ON CONFLICT (id) DO UPDATE SET number = number + 1",
                    [],
                )?;
            }
            Ok(Some(state))
        })
    }
}

/// How the address stands that a source has; `None`: it was never asked.
fn state(connection: &Connection, source: SourceId) -> Result<Option<LinkState>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT link.* FROM link JOIN source ON source.id = link.source AND source.url = link.address
         WHERE link.source = ?1",
    )?;
    Ok(statement.query_row([source], read).optional()?)
}

/// Since when the address of a source counts as dead.
pub(in crate::store) fn dead_since(connection: &Connection, source: SourceId) -> Result<Option<Date>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT dead_since FROM link JOIN source ON source.id = link.source AND source.url = link.address
         WHERE link.source = ?1",
    )?;
    Ok(statement.query_row([source], |row| get_optional(row, "dead_since")).optional()?.flatten())
}

fn read(row: &Row<'_>) -> rusqlite::Result<LinkState> {
    Ok(LinkState {
        answer: LinkAnswer {
            outcome: get(row, "outcome")?,
            status: row.get("status")?,
            last: get_optional(row, "final_address")?,
        },
        asked: timestamp(row, "asked_at")?,
        failures: row.get("failures")?,
        failed_on: get_optional(row, "failed_on")?,
        dead_since: get_optional(row, "dead_since")?,
    })
}

fn keep(
    transaction: &Transaction<'_>,
    source: SourceId,
    address: &WebAddress,
    state: &LinkState,
) -> Result<(), Failure> {
    transaction.execute(
        "INSERT OR REPLACE INTO link (source, address, asked_at, outcome, status, failures, failed_on, dead_since,
                                      final_address)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            source,
            address.as_str(),
            state.asked.as_millisecond(),
            state.answer.outcome.word(),
            state.answer.status,
            state.failures,
            optional_text(state.failed_on.as_ref()),
            optional_text(state.dead_since.as_ref()),
            optional_text(state.answer.last.as_ref()),
        ),
    )?;
    Ok(())
}
