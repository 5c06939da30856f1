//! What was read of an extract: the names of those entries that were asked for, and what is broken in it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::languages::language_of;
use crate::model::{Catalogue, CatalogueEntry, Language, SingleLine, without_invisible};

/// The longest name that is taken, in characters: as long as the forms let one be. Longer ones are descriptions.
const LONGEST_NAME: usize = 200;

/// How many names of one entry are held. The limit is ours, and some four times what the largest city has.
const MOST_NAMES: usize = 1_000;

/// How many broken lines are told. The limit is ours: whoever has looked at so many knows what is wrong.
const MOST_TOLD: usize = 20;

/// Which of its names in a language one of an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameRole {
    /// The entry's own.
    Own,
    /// One beside it.
    Other,
}

/// A name that an extract has for an entry. Those that a catalogue prefers come first, then by language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundName {
    /// Which of the entry's names in that language it is.
    pub role: NameRole,
    /// The place of its language among those that are taken.
    rank: usize,
    /// The name.
    pub name: SingleLine,
    /// The language in which the entry is called so.
    pub language: Language,
}

/// A line that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct BrokenLine {
    /// Its number, from 1 on.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// What was read of an extract.
#[derive(Debug)]
pub struct Extract {
    catalogue: Catalogue,
    wanted: HashSet<CatalogueEntry>,
    names: BTreeMap<CatalogueEntry, BTreeSet<FoundName>>,
    has_entries: bool,
    broken: Vec<BrokenLine>,
    more_broken: usize,
}

impl Extract {
    pub(super) const fn new(catalogue: Catalogue, wanted: HashSet<CatalogueEntry>) -> Self {
        Self { catalogue, wanted, names: BTreeMap::new(), has_entries: false, broken: Vec::new(), more_broken: 0 }
    }

    /// The catalogue that it is of.
    #[must_use]
    pub const fn catalogue(&self) -> Catalogue {
        self.catalogue
    }

    /// The entries that were asked for and are in it, each with its names.
    pub fn entries(&self) -> impl Iterator<Item = (CatalogueEntry, &BTreeSet<FoundName>)> {
        self.names.iter().map(|(entry, names)| (*entry, names))
    }

    /// The first lines that can't be read, and how many more there are.
    #[must_use]
    pub fn broken(&self) -> (&[BrokenLine], usize) {
        (&self.broken, self.more_broken)
    }

    /// Whether any entry was read, wanted or not.
    pub(super) const fn has_entries(&self) -> bool {
        self.has_entries
    }

    /// Notes that an entry is there; says whether its names are wanted.
    pub(super) fn meet(&mut self, entry: CatalogueEntry) -> bool {
        self.has_entries = true;
        let wanted = self.wanted.contains(&entry);
        if wanted {
            self.names.entry(entry).or_default();
        }
        wanted
    }

    /// Takes a name of an entry that is wanted, where its language is one whose names are taken.
    pub(super) fn take(&mut self, entry: CatalogueEntry, name: &str, code: &str, role: NameRole) {
        let Some((rank, language)) = language_of(code) else { return };
        // Right-to-left names come with marks of direction that nobody sees.
        let name = without_invisible(name);
        let Ok(name) = name.trim().parse::<SingleLine>() else { return };
        if name.as_str().chars().count() > LONGEST_NAME {
            return;
        }
        let names = self.names.entry(entry).or_default();
        if names.len() < MOST_NAMES {
            names.insert(FoundName { role, rank, name, language });
        }
    }

    /// Notes that a line can't be read.
    pub(super) fn break_at(&mut self, line: usize, what: impl Into<String>) {
        if self.broken.len() < MOST_TOLD {
            self.broken.push(BrokenLine { line, what: what.into() });
        } else {
            self.more_broken += 1;
        }
    }
}
