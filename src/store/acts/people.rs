//! Who may do what, and which identities are one person.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::model::{Authority, Identity, Role};
use crate::store::{
    Reader, Store,
    acts::deeds::{ActKind, Deed},
    acts::journal::note_act,
    database::values::{get, timestamp},
    error::StoreError,
    failure::Failure,
    records::load::rows,
    refusal::Refusal,
};

/// Someone with a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleHolder {
    /// Who.
    pub identity: Identity,
    /// The role.
    pub role: Role,
    /// Who gave it.
    pub given_by: Identity,
    /// When.
    pub given_at: Timestamp,
}

impl Reader<'_> {
    /// What an identity may do.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn role_of(&self, authority: &Authority, identity: &Identity) -> Result<Role, Failure> {
        role_of(self.connection()?, authority, identity)
    }

    /// Those with a role that an admin gave, in order of role, the highest first, then of identity.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn role_holders(&self) -> Result<Vec<RoleHolder>, Failure> {
        rows(
            self.connection()?,
            "SELECT * FROM role ORDER BY CASE role WHEN 'admin' THEN 0 WHEN 'reviewer' THEN 1 ELSE 2 END, identity",
            [],
            |row| {
                Ok(RoleHolder {
                    identity: get(row, "identity")?,
                    role: get(row, "role")?,
                    given_by: get(row, "given_by")?,
                    given_at: timestamp(row, "given_at")?,
                })
            },
        )
    }

    /// The identities that are one person with this one, itself among them, in order.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn identities_of(&self, identity: &Identity) -> Result<Vec<Identity>, Failure> {
        identities_of(self.connection()?, identity)
    }

    /// Whether two identities are one person.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn same_person(&self, one: &Identity, other: &Identity) -> Result<bool, Failure> {
        same_person(self.connection()?, one, other)
    }
}

impl Store {
    /// Gives an identity a role, or takes the one it has (`Role::Reader`), on an admin's word.
    /// Returns the role that it had.
    ///
    /// # Errors
    /// When `by` is no admin (by now), or the identity has its role from the configuration.
    pub fn give_role(
        &self,
        identity: Identity,
        role: Role,
        by: Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<Role, StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            require(transaction, &authority, &by, Role::Admin)?;
            if authority.admins.contains(&identity) {
                return Err(StoreError::Refused(Refusal::ConfiguredAdmin(identity)));
            }
            let before = role_of(transaction, &authority, &identity)?;
            if role == Role::Reader {
                transaction.execute("DELETE FROM role WHERE identity = ?1", [identity.to_string()])?;
            } else {
                transaction.execute(
                    "INSERT OR REPLACE INTO role (identity, role, given_by, given_at) VALUES (?1, ?2, ?3, ?4)",
                    (identity.to_string(), role.word(), by.to_string(), at.as_millisecond()),
                )?;
            }
            let deed = Deed::Role { before, after: role };
            note_act(transaction, ActKind::Role, &by, at, &identity.to_string(), &deed)?;
            Ok(before)
        })
    }

    /// Records that two identities are one person.
    ///
    /// # Errors
    /// When `by` is no admin (by now).
    pub fn link(
        &self,
        one: Identity,
        other: Identity,
        by: Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<(), StoreError> {
        let authority = authority.clone();
        self.writer()?.write(move |transaction| {
            require(transaction, &authority, &by, Role::Admin)?;
            let (first, second) = (person_of(transaction, &one)?, person_of(transaction, &other)?);
            for (identity, person) in [(&one, &first), (&other, &first)] {
                transaction.execute(
                    "INSERT INTO person (identity, person) VALUES (?1, ?2) ON CONFLICT (identity) DO NOTHING",
                    (identity.to_string(), person),
                )?;
            }
            transaction.execute("UPDATE person SET person = ?1 WHERE person = ?2", (&first, &second))?;
            let deed = Deed::Link { with: other.to_string() };
            Ok(note_act(transaction, ActKind::Link, &by, at, &one.to_string(), &deed)?)
        })
    }

    /// Records that an identity is a person of its own, and not one with the other.
    ///
    /// # Errors
    /// When `by` is no admin (by now).
    pub fn unlink(
        &self,
        one: Identity,
        other: &Identity,
        by: Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<(), StoreError> {
        let (authority, from) = (authority.clone(), other.to_string());
        self.writer()?.write(move |transaction| {
            require(transaction, &authority, &by, Role::Admin)?;
            part(transaction, &one)?;
            Ok(note_act(transaction, ActKind::Link, &by, at, &one.to_string(), &Deed::Part { from })?)
        })
    }
}

/// Makes an identity a person of its own; the others stay one, under one of their own names.
fn part(transaction: &Transaction<'_>, identity: &Identity) -> Result<(), Failure> {
    let identity = identity.to_string();
    transaction.execute("DELETE FROM person WHERE identity = ?1", [&identity])?;
    transaction.execute(
        "UPDATE person SET person = (SELECT min(identity) FROM person WHERE person = ?1) WHERE person = ?1",
        [&identity],
    )?;
    Ok(())
}

pub(in crate::store) fn role_of(
    connection: &Connection,
    authority: &Authority,
    identity: &Identity,
) -> Result<Role, Failure> {
    if authority.admins.contains(identity) {
        return Ok(Role::Admin);
    }
    let mut statement = connection.prepare_cached("SELECT role FROM role WHERE identity = ?1")?;
    Ok(statement.query_row([identity.to_string()], |row| get(row, "role")).optional()?.unwrap_or(Role::Reader))
}

/// Refuses those who lack a role at this moment.
pub(in crate::store) fn require(
    connection: &Connection,
    authority: &Authority,
    identity: &Identity,
    needed: Role,
) -> Result<(), StoreError> {
    let has = role_of(connection, authority, identity)?;
    if has >= needed { Ok(()) } else { Err(StoreError::Refused(Refusal::NeedsRole { needed, has })) }
}

/// The word under which the identities of one person are kept together.
fn person_of(connection: &Connection, identity: &Identity) -> Result<String, Failure> {
    let mut statement = connection.prepare_cached("SELECT person FROM person WHERE identity = ?1")?;
    let identity = identity.to_string();
    Ok(statement.query_row([&identity], |row| row.get(0)).optional()?.unwrap_or(identity))
}

pub(in crate::store) fn same_person(
    connection: &Connection,
    one: &Identity,
    other: &Identity,
) -> Result<bool, Failure> {
    Ok(one == other || person_of(connection, one)? == person_of(connection, other)?)
}

/// Whether two identities are one person, or could be: for the second pair of eyes, which must be someone else's beyond
/// doubt. It gives nobody a right.
pub(in crate::store) fn may_be_same_person(
    connection: &Connection,
    one: &Identity,
    other: &Identity,
) -> Result<bool, Failure> {
    if one.resembles(other) {
        return Ok(true);
    }
    let (ones, others) = (identities_of(connection, one)?, identities_of(connection, other)?);
    Ok(ones.iter().any(|one| others.iter().any(|other| one.resembles(other))))
}

/// As [`Reader::identities_of`].
pub(in crate::store) fn identities_of(connection: &Connection, identity: &Identity) -> Result<Vec<Identity>, Failure> {
    let mut all = rows(
        connection,
        "SELECT identity FROM person WHERE person = ?1 ORDER BY identity",
        [person_of(connection, identity)?],
        |row| get(row, "identity"),
    )?;
    if !all.contains(identity) {
        all.push(identity.clone());
    }
    Ok(all)
}

/// How many people may review.
pub(in crate::store) fn reviewers(connection: &Connection, authority: &Authority) -> Result<usize, Failure> {
    let given: Vec<Identity> =
        rows(connection, "SELECT identity FROM role WHERE role IN ('reviewer', 'admin')", [], |row| {
            get(row, "identity")
        })?;
    let mut people = std::collections::BTreeSet::new();
    for identity in authority.admins.iter().chain(&given) {
        people.insert(person_of(connection, identity)?);
    }
    Ok(people.len())
}
