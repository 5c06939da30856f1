//! What else was found that a page doesn't hold, in few numbers: how much of it is on which place, and how much of which
//! year.

use std::collections::{BTreeMap, BTreeSet};

use super::{centrality::AskedFor, names::Names};
use crate::model::{EntityId, EntityKind};

/// How many places are told, and how many years: those of which there is most.
const MOST_TOLD: usize = 4;

/// What a page doesn't hold of what was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// How many statements are on which place, the most first. A place outside what was asked about stands for what it
    /// lies in: Rio de Janeiro for Brazil.
    pub places: Vec<(EntityId, usize)>,
    /// How many are of which year, in order of time.
    pub years: Vec<(i64, usize)>,
}

impl Beyond {
    /// Of statements, each with its year and what it is about.
    pub(super) fn of(
        names: &Names,
        asked: &[AskedFor],
        statements: impl Iterator<Item = (Option<i64>, impl Iterator<Item = u64>)>,
    ) -> Self {
        let mut places: BTreeMap<EntityId, usize> = BTreeMap::new();
        let mut years: BTreeMap<i64, usize> = BTreeMap::new();
        for (year, subjects) in statements {
            let told: BTreeSet<EntityId> = subjects.filter_map(|id| told_as(names, asked, id)).collect();
            for place in told {
                *places.entry(place).or_default() += 1;
            }
            if let Some(year) = year {
                *years.entry(year).or_default() += 1;
            }
        }
        let mut years = most(years);
        years.sort_unstable();
        Self { places: most(places), years }
    }
}

fn most<K: Ord + Copy>(counts: BTreeMap<K, usize>) -> Vec<(K, usize)> {
    let mut most: Vec<(K, usize)> = counts.into_iter().collect();
    most.sort_by_key(|&(key, count)| (std::cmp::Reverse(count), key));
    most.truncate(MOST_TOLD);
    most
}

/// The place that a subject is told as; `None` where it is no place, or says no more than what was asked.
fn told_as(names: &Names, asked: &[AskedFor], id: u64) -> Option<EntityId> {
    let entity = names.entity(EntityId(i64::try_from(id).ok()?))?;
    if entity.kind != EntityKind::Place || asked.iter().any(|asked| asked.is_or_lies_in(id)) {
        return None;
    }
    if asked.iter().any(|asked| asked.has(id)) {
        return Some(entity.id);
    }
    let whole = names.wholes(entity.id).last().map_or(entity.id, |whole| whole.id);
    (!asked.iter().any(|asked| asked.is_or_lies_in(whole.0.unsigned_abs()))).then_some(whole)
}
