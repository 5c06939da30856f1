//! Writing records to the tables.

use std::collections::HashMap;

use rusqlite::Transaction;

use crate::model::{
    ChangeId, Citations, Entity, HeldRecord, Key, Nature, Quote, Record, RecordId, RecordKey, RecordKind, Response,
    Source, SourceName, Statement,
};
use crate::store::{
    database::values::{optional_text, text},
    failure::Failure,
    records::load::id_of,
};

/// Carries out the writes of one change.
pub(in crate::store) struct Writing<'a> {
    pub(in crate::store) transaction: &'a Transaction<'a>,
    pub(in crate::store) new_ids: &'a HashMap<RecordKey, i64>,
    pub(in crate::store) change: ChangeId,
}

impl Writing<'_> {
    fn id(&self, kind: RecordKind, key: &Key) -> Result<i64, Failure> {
        let name = RecordKey::new(kind, key.clone());
        if let Some(number) = self.new_ids.get(&name) {
            return Ok(*number);
        }
        // The ledger checked every reference before anything is written.
        id_of(self.transaction, &name)?
            .map(|id| id.number)
            .ok_or_else(|| Failure::Unreadable(format!("the {name} is gone")))
    }

    fn entity_id(&self, key: Option<&Key>) -> Result<Option<i64>, Failure> {
        key.map(|key| self.id(RecordKind::Entity, key)).transpose()
    }

    fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<(), Failure> {
        self.transaction.prepare_cached(sql)?.execute(parameters)?;
        Ok(())
    }

    /// Writes a record whole: how it stands, its content, and that the change touched it.
    pub(in crate::store) fn record(&self, held: &HeldRecord) -> Result<(), Failure> {
        let id = RecordId::new(held.record.kind(), self.id(held.record.kind(), held.record.key())?);
        self.standing(id, held)?;
        match &held.record {
            Record::Entity(entity) => self.entity(id.number, entity, held.standing.merged_into.as_ref()),
            Record::Source(source) => self.source(id.number, source),
            Record::Statement(statement) => self.statement(id, statement),
            Record::Response(response) => self.response(id, response),
        }
    }

    fn standing(&self, id: RecordId, held: &HeldRecord) -> Result<(), Failure> {
        let retracted = held.standing.retracted.as_ref();
        self.execute(
            "INSERT INTO record (kind, id, key, revision, retracted_on, retracted_reason, changed_in, vetted_on)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, retracted_on = excluded.retracted_on,
                retracted_reason = excluded.retracted_reason, changed_in = excluded.changed_in,
                vetted_on = excluded.vetted_on",
            (
                id.kind.word(),
                id.number,
                held.record.key().as_str(),
                held.revision,
                retracted.map(|notice| text(&notice.on)),
                retracted.map(|notice| notice.reason.as_str()),
                self.change.0,
                optional_text(held.standing.vetted.as_ref()),
            ),
        )?;
        self.execute(
            "INSERT INTO touched (kind, id, change) VALUES (?1, ?2, ?3)",
            (id.kind.word(), id.number, self.change.0),
        )?;
        if held.revision > 1 {
            self.execute("DELETE FROM correction WHERE kind = ?1 AND id = ?2", (id.kind.word(), id.number))?;
        }
        for (position, notice) in held.standing.corrections.iter().enumerate() {
            self.execute(
                "INSERT INTO correction (kind, id, position, decided_on, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
                (id.kind.word(), id.number, position, text(&notice.on), notice.reason.as_str()),
            )?;
        }
        Ok(())
    }

    fn entity(&self, id: i64, entity: &Entity, merged_into: Option<&Key>) -> Result<(), Failure> {
        let (role, affiliation) = match &entity.nature {
            Nature::Person { role, affiliation } => (role.as_ref(), affiliation.as_ref()),
            Nature::Place | Nature::Organisation | Nature::Topic => (None, None),
        };
        self.execute(
            "INSERT INTO entity (id, kind, name, description, part_of, role, affiliation, merged_into)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
                description = excluded.description, part_of = excluded.part_of, role = excluded.role,
                affiliation = excluded.affiliation, merged_into = excluded.merged_into",
            (
                id,
                entity.kind().word(),
                entity.name.as_str(),
                optional_text(entity.description.as_ref()),
                self.entity_id(entity.part_of.as_ref())?,
                optional_text(role),
                self.entity_id(affiliation)?,
                self.entity_id(merged_into)?,
            ),
        )?;
        self.execute("DELETE FROM alias WHERE entity = ?1", [id])?;
        for (position, alias) in entity.aliases.iter().enumerate() {
            self.execute(
                "INSERT INTO alias (entity, position, name, language) VALUES (?1, ?2, ?3, ?4)",
                (id, position, alias.name.as_str(), alias.language.as_str()),
            )?;
        }
        self.execute("DELETE FROM same_as WHERE entity = ?1", [id])?;
        for entry in entity.same_as.iter() {
            self.execute("INSERT INTO same_as (entity, address) VALUES (?1, ?2)", (id, text(entry)))?;
        }
        Ok(())
    }

    fn source(&self, id: i64, source: &Source) -> Result<(), Failure> {
        let (title, description) = match &source.name {
            SourceName::Title(title) => (Some(title.as_str()), None),
            SourceName::Description(description) => (None, Some(description.as_str())),
        };
        self.execute(
            "INSERT INTO source (id, kind, title, description, url, archive_url, publisher, published, language,
                                 accessed, seen, note, copy_of)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title,
                description = excluded.description, url = excluded.url, archive_url = excluded.archive_url,
                publisher = excluded.publisher, published = excluded.published, language = excluded.language,
                accessed = excluded.accessed, seen = excluded.seen, note = excluded.note,
                copy_of = excluded.copy_of",
            (
                id,
                source.kind.word(),
                title,
                description,
                optional_text(source.url.as_ref()),
                optional_text(source.archive_url.as_ref()),
                self.id(RecordKind::Entity, &source.publisher)?,
                optional_text(source.published.as_ref()),
                source.language.as_str(),
                optional_text(source.accessed.as_ref()),
                source.seen.word(),
                optional_text(source.note.as_ref()),
                source.copy_of.as_ref().map(|key| self.id(RecordKind::Source, key)).transpose()?,
            ),
        )?;
        self.execute("DELETE FROM source_author WHERE source = ?1", [id])?;
        for (position, author) in source.authors.iter().enumerate() {
            self.execute(
                "INSERT INTO source_author (source, position, name) VALUES (?1, ?2, ?3)",
                (id, position, author.as_str()),
            )?;
        }
        Ok(())
    }

    fn statement(&self, id: RecordId, statement: &Statement) -> Result<(), Failure> {
        let (quote, quote_language) = quote_columns(statement.quote.as_ref());
        self.execute(
            "INSERT INTO statement (id, speaker, speaker_role, text, quote, quote_language, said, short)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET speaker = excluded.speaker, speaker_role = excluded.speaker_role,
                text = excluded.text, quote = excluded.quote, quote_language = excluded.quote_language,
                said = excluded.said, short = excluded.short",
            (
                id.number,
                self.id(RecordKind::Entity, &statement.speaker)?,
                optional_text(statement.speaker_role.as_ref()),
                statement.text.as_str(),
                quote,
                quote_language,
                optional_text(statement.said.as_ref()),
                optional_text(statement.short.as_ref()),
            ),
        )?;
        self.execute("DELETE FROM statement_about WHERE statement = ?1", [id.number])?;
        for entity in &statement.about {
            self.execute(
                "INSERT INTO statement_about (statement, entity) VALUES (?1, ?2)",
                (id.number, self.id(RecordKind::Entity, entity)?),
            )?;
        }
        self.citations(id, &statement.citations)
    }

    fn response(&self, id: RecordId, response: &Response) -> Result<(), Failure> {
        let (quote, quote_language) = quote_columns(response.quote.as_ref());
        self.execute(
            "INSERT INTO response (id, responder, kind, text, quote, quote_language, said, gist)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET responder = excluded.responder, kind = excluded.kind,
                text = excluded.text, quote = excluded.quote, quote_language = excluded.quote_language,
                said = excluded.said, gist = excluded.gist",
            (
                id.number,
                self.id(RecordKind::Entity, &response.responder)?,
                response.kind.word(),
                response.text.as_str(),
                quote,
                quote_language,
                optional_text(response.said.as_ref()),
                optional_text(response.gist.as_ref()),
            ),
        )?;
        self.execute("DELETE FROM response_to WHERE response = ?1", [id.number])?;
        for statement in response.to.iter() {
            self.execute(
                "INSERT INTO response_to (response, statement) VALUES (?1, ?2)",
                (id.number, self.id(RecordKind::Statement, statement)?),
            )?;
        }
        self.citations(id, &response.citations)
    }

    fn citations(&self, entry: RecordId, citations: &Citations) -> Result<(), Failure> {
        self.execute(
            "DELETE FROM citation WHERE entry_kind = ?1 AND entry_id = ?2",
            (entry.kind.word(), entry.number),
        )?;
        for (position, citation) in citations.iter().enumerate() {
            self.execute(
                "INSERT INTO citation (entry_kind, entry_id, position, source, role, locator)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (
                    entry.kind.word(),
                    entry.number,
                    position,
                    self.id(RecordKind::Source, &citation.source)?,
                    citation.role.word(),
                    optional_text(citation.locator.as_ref()),
                ),
            )?;
        }
        Ok(())
    }
}

fn quote_columns(quote: Option<&Quote>) -> (Option<String>, Option<String>) {
    (quote.map(|quote| text(&quote.text)), optional_text(quote.and_then(|quote| quote.language.as_ref())))
}
