//! Forms that are being filled in, question by question: kept so that a restart loses no answer.

use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension;

use crate::model::Identity;
use crate::store::{Reader, Store, acts::people, error::StoreError, failure::Failure, refusal::Refusal};

/// How long a form that nobody goes on with is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Reader<'_> {
    /// The state of the form of a conversation, as JSON.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn dialogue(&self, conversation: &str) -> Result<Option<String>, Failure> {
        let mut statement = self.connection()?.prepare_cached("SELECT state FROM dialogue WHERE conversation = ?1")?;
        Ok(statement.query_row([conversation], |row| row.get(0)).optional()?)
    }
}

impl Store {
    /// Keeps the state of the form of a conversation, or (`None`) forgets it. It is that of this person, who may
    /// have begun so many.
    ///
    /// # Errors
    /// [`Refusal::TooManyForms`] where they have begun as many elsewhere; otherwise when it can't be written.
    /// Then it is as before.
    pub fn keep_dialogue(
        &self,
        conversation: &str,
        state: Option<String>,
        person: Identity,
        limit: usize,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let conversation = conversation.to_owned();
        self.writer()?.write(move |transaction| {
            transaction.execute("DELETE FROM dialogue WHERE at < ?1", [(at - KEPT).as_millisecond()])?;
            match state {
                Some(state) => {
                    let mut elsewhere = 0_usize;
                    for identity in people::identities_of(transaction, &person)? {
                        elsewhere += transaction.query_row(
                            "SELECT count(*) FROM dialogue WHERE person = ?1 AND conversation <> ?2",
                            (identity.to_string(), &conversation),
                            |row| row.get::<_, usize>(0),
                        )?;
                    }
                    if elsewhere >= limit {
                        return Err(StoreError::Refused(Refusal::TooManyForms(elsewhere)));
                    }
                    transaction.execute(
                        "INSERT OR REPLACE INTO dialogue (conversation, state, at, person) VALUES (?1, ?2, ?3, ?4)",
                        (conversation, state, at.as_millisecond(), person.to_string()),
                    )?
                }
                None => transaction.execute("DELETE FROM dialogue WHERE conversation = ?1", [conversation])?,
            };
            Ok(())
        })
    }
}
