//! What is missing on record, for editors to look for: of entries their original, of sources their address.

use crate::model::{RecordId, RecordKind};
use crate::store::{Reader, database::values::get, failure::Failure, records::load::rows};

/// What may be missing, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// An entry that no link leads on from.
    Link,
    /// An entry that cites no original.
    Original,
    /// An entry whose originals have no address.
    OriginalLink,
    /// A source without an address.
    Address,
    /// A source whose address is dead.
    LiveAddress,
    /// A source without a date.
    Date,
    /// A source without its headline.
    Headline,
    /// A statement that nobody's response is on record of.
    Response,
    /// A source without an archived copy.
    ArchivedCopy,
}

impl Missing {
    /// All of them, the worst first.
    pub const ALL: [Self; 9] = [
        Self::Link,
        Self::Original,
        Self::OriginalLink,
        Self::Address,
        Self::LiveAddress,
        Self::Date,
        Self::Headline,
        Self::Response,
        Self::ArchivedCopy,
    ];
}

/// A record with what it misses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordGap {
    /// The record.
    pub record: RecordId,
    /// Whose it is: the speaker, the responder or the publisher.
    pub whose: String,
    /// What is missing, the worst first.
    pub missing: Vec<Missing>,
}

/// How many records miss something, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapCounts {
    /// How many miss anything.
    pub records: usize,
    /// How many miss each.
    pub each: Vec<(Missing, usize)>,
    /// The statements, responses and sources in force.
    pub statements: usize,
    /// See [`GapCounts::statements`].
    pub responses: usize,
    /// See [`GapCounts::statements`].
    pub sources: usize,
}

/// Of every statement, response and source in force, which of [`Missing::ALL`] it misses, as bits: the lowest is the
/// worst. SQLite gives shifts no precedence before `|`.
const GAPS: &str = "
    WITH cited AS (
        SELECT entry_kind, entry_id, max(url IS NOT NULL OR archive_url IS NOT NULL) AS linked,
               max(role = 'original') AS original,
               max(role = 'original' AND (url IS NOT NULL OR archive_url IS NOT NULL)) AS original_linked
        FROM citation JOIN source ON source.id = citation.source GROUP BY entry_kind, entry_id),
    answered AS (
        SELECT DISTINCT statement FROM response_to
        JOIN record ON record.kind = 'response' AND record.id = response AND retracted_on IS NULL),
    entry AS (
        SELECT record.kind, record.id, coalesce(linked, 0) AS linked, coalesce(original, 0) AS original,
               coalesce(original_linked, 0) AS original_linked
        FROM record LEFT JOIN cited ON entry_kind = record.kind AND entry_id = record.id
        WHERE record.kind IN ('statement', 'response') AND retracted_on IS NULL AND purged_on IS NULL),
    gap AS (
        SELECT 'statement' AS kind, entry.id AS id, speaker AS whose,
               (NOT linked) | ((NOT original) << 1) | ((original AND NOT original_linked) << 2)
               | ((answered.statement IS NULL) << 7) AS missing
        FROM entry JOIN statement ON statement.id = entry.id
        LEFT JOIN answered ON answered.statement = entry.id WHERE entry.kind = 'statement'
        UNION ALL
        SELECT 'response', entry.id, responder,
               (NOT linked) | ((NOT original) << 1) | ((original AND NOT original_linked) << 2)
        FROM entry JOIN response ON response.id = entry.id WHERE entry.kind = 'response'
        UNION ALL
        SELECT 'source', source.id, publisher,
               ((url IS NULL) << 3) | ((dead_since IS NOT NULL) << 4) | ((published IS NULL) << 5)
               | ((title IS NULL) << 6) | ((archive_url IS NULL) << 8)
        FROM source JOIN record ON record.kind = 'source' AND record.id = source.id
        LEFT JOIN link ON link.source = source.id AND link.address = url
        WHERE retracted_on IS NULL AND purged_on IS NULL)";

impl Reader<'_> {
    /// The records that miss something, `limit` of them after the first `offset`: those of the worst gap first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn gaps(&self, offset: usize, limit: usize) -> Result<Vec<RecordGap>, Failure> {
        rows(
            self.connection()?,
            &format!(
                "{GAPS} SELECT gap.kind, gap.id, entity.name, missing FROM gap JOIN entity ON entity.id = whose
                 WHERE missing <> 0
                 ORDER BY missing & -missing,
                          CASE gap.kind WHEN 'statement' THEN 0 WHEN 'response' THEN 1 ELSE 2 END, gap.id
                 LIMIT ?1 OFFSET ?2"
            ),
            (limit, offset),
            |row| {
                Ok(RecordGap {
                    record: RecordId::new(get(row, "kind")?, row.get("id")?),
                    whose: row.get("name")?,
                    missing: missing(row.get("missing")?).collect(),
                })
            },
        )
    }

    /// How much is missing in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn gap_counts(&self) -> Result<GapCounts, Failure> {
        let groups: Vec<(RecordKind, i64, usize)> = rows(
            self.connection()?,
            &format!("{GAPS} SELECT kind, missing, count(*) AS records FROM gap GROUP BY kind, missing"),
            [],
            |row| Ok((get(row, "kind")?, row.get("missing")?, row.get("records")?)),
        )?;
        let sum = |of: &dyn Fn(RecordKind, i64) -> bool| {
            groups.iter().filter(|(kind, bits, _)| of(*kind, *bits)).map(|(_, _, records)| records).sum()
        };
        Ok(GapCounts {
            records: sum(&|_, bits| bits != 0),
            each: Missing::ALL
                .into_iter()
                .map(|wanted| (wanted, sum(&|_, bits| missing(bits).any(|found| found == wanted))))
                .collect(),
            statements: sum(&|kind, _| kind == RecordKind::Statement),
            responses: sum(&|kind, _| kind == RecordKind::Response),
            sources: sum(&|kind, _| kind == RecordKind::Source),
        })
    }
}

fn missing(bits: i64) -> impl Iterator<Item = Missing> {
    (0..).zip(Missing::ALL).filter(move |(place, _)| bits >> place & 1 == 1).map(|(_, missing)| missing)
}
