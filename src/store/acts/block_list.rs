//! Whom the bot doesn't hear: people and communities, by admins, for a time or until it is lifted.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{Authority, Identity, Platform, Role, SingleLine};
use crate::store::{
    Reader, Store,
    acts::deeds::{ActKind, Deed},
    acts::journal::note_act,
    acts::people,
    database::values::{get, timestamp},
    error::StoreError,
    failure::Failure,
    records::load::rows,
    refusal::Refusal,
};

/// A block in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockInForce {
    /// Who or which community is blocked.
    pub subject: Identity,
    /// Who blocked them.
    pub by: Identity,
    /// When.
    pub at: Timestamp,
    /// When it ends by itself; `None` where it doesn't.
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
}

/// Whom not to hear, as it is held in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockList {
    /// Identities and communities with the end of their block; those of one person all together.
    pub blocked: HashMap<String, Option<Timestamp>>,
    /// Those who are heard everywhere.
    pub admins: HashSet<String>,
    /// The administrative act that this is as of: as long as it is the last, this is how it is.
    pub act: i64,
}

impl Reader<'_> {
    /// The blocks in force, the latest first, from `offset` on; and how many there are in all.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn blocks(&self, now: Timestamp, offset: usize, limit: usize) -> Result<(Vec<BlockInForce>, usize), Failure> {
        let connection = self.connection()?;
        let blocks = rows(
            connection,
            "SELECT * FROM block WHERE lifted_at IS NULL AND (until IS NULL OR until > ?1)
             ORDER BY id DESC LIMIT ?3 OFFSET ?2",
            (now.as_millisecond(), offset, limit),
            |row| {
                Ok(BlockInForce {
                    subject: get(row, "subject")?,
                    by: get(row, "blocked_by")?,
                    at: timestamp(row, "blocked_at")?,
                    until: row.get::<_, Option<i64>>("until")?.map(|_| timestamp(row, "until")).transpose()?,
                    reason: row.get("reason")?,
                })
            },
        )?;
        let total = connection.query_row(
            "SELECT count(*) FROM block WHERE lifted_at IS NULL AND (until IS NULL OR until > ?1)",
            [now.as_millisecond()],
            |row| row.get(0),
        )?;
        Ok((blocks, total))
    }

    /// The number of the last administrative act; 0 when there is none.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn last_act(&self) -> Result<i64, Failure> {
        last_act(self.connection()?)
    }

    /// Whom not to hear.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn block_list(&self, authority: &Authority) -> Result<BlockList, Failure> {
        let connection = self.connection()?;
        let mut block_list = BlockList { act: last_act(connection)?, ..BlockList::default() };
        let in_force = rows(connection, "SELECT subject, until FROM block WHERE lifted_at IS NULL", [], |row| {
            let until = row.get::<_, Option<i64>>("until")?.map(|_| timestamp(row, "until")).transpose()?;
            Ok((get::<Identity>(row, "subject")?, until))
        })?;
        for (subject, until) in in_force {
            for identity in people::identities_of(connection, &subject)? {
                let kept = block_list.blocked.entry(identity.to_string()).or_insert(until);
                // Of several blocks of one person the longest counts.
                *kept = match (*kept, until) {
                    (Some(one), Some(other)) => Some(one.max(other)),
                    (_, _) => None,
                };
            }
        }
        let given = rows(connection, "SELECT identity FROM role WHERE role = 'admin'", [], |row| get(row, "identity"))?;
        for admin in authority.admins.iter().chain(&given) {
            let identities = people::identities_of(connection, admin)?;
            block_list.admins.extend(identities.iter().map(ToString::to_string));
        }
        Ok(block_list)
    }
}

fn last_act(connection: &Connection) -> Result<i64, Failure> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(id), 0) FROM act")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

impl Store {
    /// Has a person or a community heard no more, until a time or until it is lifted. An earlier block of the
    /// same ends with it.
    ///
    /// # Errors
    /// When `by` is no admin (by now), or the subject is one, under whichever identity, or sits at the machine.
    pub fn block(
        &self,
        subject: Identity,
        until: Option<Timestamp>,
        reason: Option<SingleLine>,
        by: Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            people::require(transaction, &authority, &by, Role::Admin)?;
            if matches!(subject.platform(), Platform::Terminal | Platform::Project) {
                return Err(StoreError::Refused(Refusal::OfTheMachine(subject)));
            }
            for identity in people::identities_of(transaction, &subject)? {
                if people::role_of(transaction, &authority, &identity)? == Role::Admin {
                    return Err(StoreError::Refused(Refusal::IsAdmin(subject)));
                }
            }
            lift(transaction, &subject, &by, at)?;
            transaction.execute(
                "INSERT INTO block (subject, blocked_by, blocked_at, until, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
                (
                    subject.to_string(),
                    by.to_string(),
                    at.as_millisecond(),
                    until.map(Timestamp::as_millisecond),
                    reason.as_ref().map(SingleLine::as_str),
                ),
            )?;
            let until = until.map(Timestamp::as_millisecond);
            let deed = Deed::Block { until, reason: reason.as_ref().map(ToString::to_string) };
            Ok(note_act(transaction, ActKind::Block, &by, at, &subject.to_string(), &deed)?)
        })
    }

    /// Has a person or a community heard again, on an admin's word.
    ///
    /// # Errors
    /// When `by` is no admin (by now), or no block of it is in force.
    pub fn unblock(
        &self,
        subject: Identity,
        by: Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            people::require(transaction, &authority, &by, Role::Admin)?;
            let mut statement =
                transaction.prepare_cached("SELECT until FROM block WHERE subject = ?1 AND lifted_at IS NULL")?;
            let until: Option<Option<i64>> = statement.query_row([subject.to_string()], |row| row.get(0)).optional()?;
            if until.is_none_or(|until| until.is_some_and(|until| until <= at.as_millisecond())) {
                return Err(StoreError::Refused(Refusal::NotBlocked(subject)));
            }
            lift(transaction, &subject, &by, at)?;
            Ok(note_act(transaction, ActKind::Block, &by, at, &subject.to_string(), &Deed::HeardAgain {})?)
        })
    }
}

/// When a block ends by itself that someone made at this moment; both in milliseconds.
pub(in crate::store) fn precise_end(
    connection: &Connection,
    subject: &str,
    by: &str,
    at: i64,
) -> Result<Option<i64>, Failure> {
    let ends = rows(
        connection,
        "SELECT until FROM block WHERE subject = ?1 AND blocked_by = ?2 AND blocked_at = ?3",
        (subject, by, at),
        |row| row.get::<_, Option<i64>>(0),
    )?;
    Ok(ends.into_iter().next().flatten())
}

/// Ends the block of a subject, if there is one.
fn lift(connection: &Connection, subject: &Identity, by: &Identity, at: Timestamp) -> Result<(), Failure> {
    connection.execute(
        "UPDATE block SET lifted_by = ?2, lifted_at = ?3 WHERE subject = ?1 AND lifted_at IS NULL",
        (subject.to_string(), by.to_string(), at.as_millisecond()),
    )?;
    Ok(())
}
