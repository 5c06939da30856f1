//! Links that anyone may hand in: they wait apart from the proposals.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Transaction;

use crate::model::{Authority, ChangeId, Identity, Limits, Role, SingleLine, SuggestionId, WebAddress};
use crate::store::{
    Reader, Store,
    acts::people,
    database::values::{get, timestamp},
    error::StoreError,
    failure::Failure,
    records::load::rows,
    refusal::Refusal,
};

/// What is counted as a day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A link that someone handed in and nobody has taken up yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its number.
    pub id: SuggestionId,
    /// The link.
    pub url: WebAddress,
    /// What it is said to show.
    pub note: String,
    /// Who handed it in.
    pub author: Identity,
    /// When.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// The suggestions that wait, oldest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn suggestions(&self, limit: usize) -> Result<Vec<Suggestion>, Failure> {
        rows(
            self.connection()?,
            "SELECT * FROM suggestion WHERE change IS NULL AND dismissed IS NULL ORDER BY id LIMIT ?1",
            [limit],
            |row| {
                Ok(Suggestion {
                    id: row.get("id")?,
                    url: get(row, "url")?,
                    note: row.get("note")?,
                    author: get(row, "author")?,
                    at: timestamp(row, "at")?,
                })
            },
        )
    }
}

impl Store {
    /// Keeps a link. Gives its number.
    ///
    /// # Errors
    /// [`Refusal::TooManySuggestions`] where the person has too many that wait, and
    /// [`Refusal::TooManyToday`] where they have handed in too many. Linked identities count as one person.
    pub fn suggest(
        &self,
        url: WebAddress,
        note: SingleLine,
        author: Identity,
        at: Timestamp,
        limits: Limits,
    ) -> Result<i64, StoreError> {
        self.writer()?.write(move |transaction| {
            let (mut open, mut today) = (0, 0);
            for identity in people::identities_of(transaction, &author)? {
                let (waiting, recent) = transaction
                    .prepare_cached(
                        "SELECT count(*) FILTER (WHERE change IS NULL AND dismissed IS NULL),
                                count(*) FILTER (WHERE at > ?2)
                         FROM suggestion WHERE author = ?1",
                    )?
                    .query_row((identity.to_string(), (at - DAY).as_millisecond()), |row| {
                        Ok((row.get::<_, usize>(0)?, row.get::<_, usize>(1)?))
                    })?;
                open += waiting;
                today += recent;
            }
            if open >= limits.open_suggestions {
                return Err(StoreError::Refused(Refusal::TooManySuggestions));
            }
            if today >= limits.daily_suggestions {
                return Err(StoreError::Refused(Refusal::TooManyToday));
            }
            transaction.execute(
                "INSERT INTO suggestion (url, note, author, at) VALUES (?1, ?2, ?3, ?4)",
                (url.as_str(), note.as_str(), author.to_string(), at.as_millisecond()),
            )?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// Puts a suggestion aside, for a reason.
    ///
    /// # Errors
    /// When there is none that waits under this number, or `by` may not propose.
    pub fn dismiss(
        &self,
        id: SuggestionId,
        reason: SingleLine,
        by: Identity,
        authority: &Authority,
    ) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            people::require(transaction, &authority, &by, Role::Contributor)?;
            let done = transaction.execute(
                "UPDATE suggestion SET dismissed = ?2, decided_by = ?3
                 WHERE id = ?1 AND change IS NULL AND dismissed IS NULL",
                (id, reason.as_str(), by.to_string()),
            )?;
            if done == 1 { Ok(()) } else { Err(StoreError::Refused(Refusal::NoSuchSuggestion(id))) }
        })
    }
}

/// Notes that a change takes a suggestion up.
pub(in crate::store) fn take(
    transaction: &Transaction<'_>,
    id: SuggestionId,
    change: ChangeId,
    by: &Identity,
) -> Result<(), StoreError> {
    let done = transaction.execute(
        "UPDATE suggestion SET change = ?2, decided_by = ?3 WHERE id = ?1 AND change IS NULL AND dismissed IS NULL",
        (id, change.0, by.to_string()),
    )?;
    if done == 1 { Ok(()) } else { Err(StoreError::Refused(Refusal::NoSuchSuggestion(id))) }
}
