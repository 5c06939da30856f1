//! Looking records up by what editors know of them: an address, a name that is taken.

use crate::model::{
    CatalogueEntry, Date, EntityId, Key, Operation, RecordId, RecordKey, RecordKind, Sequence, SourceId, WebAddress,
    ledger::{BrokenRule, Records, broken_rules},
};
use crate::store::{
    Reader,
    database::values::{get, get_optional},
    failure::Failure,
    records::load::{id_of, rows},
    records::tables::TableRecords,
};

/// Where a source is to be read, and who published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceAddresses {
    /// The source.
    pub id: SourceId,
    /// Its address.
    pub url: Option<WebAddress>,
    /// The address of an archived copy.
    pub archive: Option<WebAddress>,
    /// The publisher.
    pub publisher: EntityId,
}

impl SourceAddresses {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            url: get_optional(row, "url")?,
            archive: get_optional(row, "archive_url")?,
            publisher: row.get("publisher")?,
        })
    }
}

impl Reader<'_> {
    /// The addresses of all sources whose address or archived copy has this word in it, whatever
    /// their standing.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn addresses_with(&self, word: &str) -> Result<Vec<(RecordId, WebAddress)>, Failure> {
        rows(
            self.connection()?,
            "SELECT id, url AS address FROM source WHERE instr(lower(url), ?1) > 0
             UNION ALL SELECT id, archive_url FROM source WHERE instr(lower(archive_url), ?1) > 0 ORDER BY 1",
            [word],
            |row| Ok((RecordId::new(RecordKind::Source, row.get("id")?), get(row, "address")?)),
        )
    }

    /// The addresses of all sources.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn source_addresses(&self) -> Result<Vec<SourceAddresses>, Failure> {
        rows(
            self.connection()?,
            "SELECT id, url, archive_url, publisher FROM source WHERE url IS NOT NULL OR archive_url IS NOT NULL",
            [],
            SourceAddresses::read,
        )
    }

    /// The addresses of the source of this id; `None` when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn addresses_of(&self, id: SourceId) -> Result<Option<SourceAddresses>, Failure> {
        let found = rows(
            self.connection()?,
            "SELECT id, url, archive_url, publisher FROM source WHERE id = ?1",
            [id],
            SourceAddresses::read,
        )?;
        Ok(found.into_iter().next())
    }

    /// The sources that the approved changes after the place `sequence` touched, with the addresses of
    /// those that there still are.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn source_addresses_after(
        &self,
        sequence: Sequence,
    ) -> Result<Vec<(SourceId, Option<SourceAddresses>)>, Failure> {
        // In the order that is written, as in what the index is brought up to date with.
        let touched: Vec<SourceId> = rows(
            self.connection()?,
            "SELECT DISTINCT touched.id FROM change CROSS JOIN touched ON touched.change = change.id
             WHERE change.sequence > ?1 AND touched.kind = 'source' ORDER BY 1",
            [sequence],
            |row| row.get(0),
        )?;
        touched.into_iter().map(|id| Ok((id, self.addresses_of(id)?))).collect()
    }

    /// The entities in force that are this entry of a catalogue; no two should be.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn entities_in_catalogue(&self, entry: CatalogueEntry) -> Result<Vec<(RecordId, Key)>, Failure> {
        rows(
            self.connection()?,
            "SELECT record.id, record.key FROM same_as
             JOIN entity ON entity.id = same_as.entity
             JOIN record ON record.kind = 'entity' AND record.id = entity.id
             WHERE address = ?1 AND entity.merged_into IS NULL AND record.retracted_on IS NULL ORDER BY record.id",
            [entry.to_string()],
            |row| Ok((RecordId::new(RecordKind::Entity, row.get("id")?), get(row, "key")?)),
        )
    }

    /// What the entities in force are in catalogues, in order of the entities.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn catalogue_entries(&self) -> Result<Vec<(EntityId, CatalogueEntry)>, Failure> {
        rows(
            self.connection()?,
            "SELECT record.id, same_as.address FROM same_as
             JOIN entity ON entity.id = same_as.entity
             JOIN record ON record.kind = 'entity' AND record.id = entity.id
             WHERE entity.merged_into IS NULL AND record.retracted_on IS NULL ORDER BY record.id, same_as.address",
            [],
            |row| Ok((row.get("id")?, get(row, "address")?)),
        )
    }
}

impl Reader<'_> {
    /// Which rules of the records operations would break if they were applied to what is on record, at most so many.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn broken_rules(&self, operations: &[Operation], on: Date, most: usize) -> Result<Vec<BrokenRule>, Failure> {
        broken_rules(&mut TableRecords::new(self.connection()?), operations, on, most)
    }

    /// The names of all records, whatever their standing, that refer to this one, in order.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn referrers(&self, name: &RecordKey) -> Result<Vec<RecordKey>, Failure> {
        TableRecords::new(self.connection()?).referrers(name)
    }

    /// Whether a record has this name, or a change, decided or not, had to do with one. Entities are
    /// told apart by what is on record: two proposals of one entity must not pass for two entities.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn key_is_taken(&self, name: &RecordKey) -> Result<bool, Failure> {
        let connection = self.connection()?;
        if id_of(connection, name)?.is_some() {
            return Ok(true);
        }
        if name.kind == RecordKind::Entity {
            return Ok(false);
        }
        let mut statement = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM operation WHERE record_kind = ?1 AND record_key = ?2)")?;
        Ok(statement.query_row((name.kind.word(), name.key.as_str()), |row| row.get(0))?)
    }
}
