//! The ends of the chains: what is to be kept outside of the file to tell later that nothing before was altered.

use rusqlite::OptionalExtension;

use crate::store::{Reader, failure::Failure, history::hash::BEGINNING};

/// A chain of hashes in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// The approved changes, which the records are what they add up to.
    Changes,
    /// The administrative acts, which roles, links, blocks and settings follow from.
    Acts,
    /// The seals over all changes and acts, also those that wait or were rejected.
    Seals,
}

/// A place in a chain, and the hash there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The chain.
    pub chain: Chain,
    /// How many there are up to here.
    pub place: i64,
    /// The hash of the last of them.
    pub hash: String,
}

impl Chain {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Changes, Self::Acts, Self::Seals];

    /// What stands in it, in words whose form never changes: time stamps are over them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changes => "approved changes",
            Self::Acts => "administrative acts",
            Self::Seals => "seals",
        }
    }

    /// The same in one word, for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Acts => "acts",
            Self::Seals => "seals",
        }
    }

    /// So many of what stands in it, in words.
    #[must_use]
    pub fn counted(self, number: i64) -> String {
        let name = self.name();
        // The names are plurals.
        format!("{number} {}", if number == 1 { name.strip_suffix('s').unwrap_or(name) } else { name })
    }

    const fn last(self) -> &'static str {
        match self {
            Self::Changes => "SELECT coalesce(max(sequence), 0) FROM change",
            Self::Acts => "SELECT coalesce(max(id), 0) FROM act",
            Self::Seals => "SELECT coalesce(max(id), 0) FROM seal",
        }
    }

    const fn hash(self) -> &'static str {
        match self {
            Self::Changes => "SELECT hash FROM change WHERE sequence = ?1",
            Self::Acts => "SELECT hash FROM act WHERE id = ?1",
            Self::Seals => "SELECT hash FROM seal WHERE id = ?1",
        }
    }
}

impl Reader<'_> {
    /// Where each chain ends.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn heads(&self) -> Result<Vec<Head>, Failure> {
        Chain::ALL
            .into_iter()
            .map(|chain| {
                let place = self.connection()?.prepare_cached(chain.last())?.query_row([], |row| row.get(0))?;
                Ok(Head { chain, place, hash: self.hash_at(chain, place)?.unwrap_or_else(|| BEGINNING.to_owned()) })
            })
            .collect()
    }

    /// The hash at a place of a chain; `None` where the chain doesn't go so far.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn hash_at(&self, chain: Chain, place: i64) -> Result<Option<String>, Failure> {
        if place == 0 {
            return Ok(Some(BEGINNING.to_owned()));
        }
        let mut statement = self.connection()?.prepare_cached(chain.hash())?;
        Ok(statement.query_row([place], |row| row.get::<_, Option<String>>(0)).optional()?.flatten())
    }
}
