//! Looking records up by what editors know of them: an address, a name that is taken.

use crate::model::{
    CatalogueEntry, Date, Key, Operation, RecordId, RecordKey, RecordKind, WebAddress,
    ledger::{BrokenRule, Records, broken_rules},
};
use crate::store::{
    Reader,
    database::values::get,
    failure::Failure,
    records::load::{id_of, rows},
    records::tables::TableRecords,
};

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

    /// The addresses of all sources, for the hosts of publishers.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn addresses(&self) -> Result<Vec<WebAddress>, Failure> {
        rows(self.connection()?, "SELECT url FROM source WHERE url IS NOT NULL", [], |row| get(row, "url"))
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
