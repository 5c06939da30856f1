//! The places on record among the places of the world: which entity is which place, so that all names of the place are
//! names of the entity, and what lies in what, also where no editor said so.

use std::collections::{BTreeMap, HashMap};

use super::spellings::variants;
use super::words::{Word, joined};
use crate::{
    gazetteer::{Bearers, Gazetteer, PlaceKind, PlaceNumber},
    model::{EntityId, EntityKind},
    store::EntityNames,
};

/// Words that say what kind of place a name is of. The gazetteer's names of regions lack them.
const OF_A_REGION: &[&str] =
    &["state", "region", "province", "prefecture", "krai", "oblast", "county", "canton", "governorate", "department"];

/// How much smaller, in [`crate::gazetteer::KnownPlace::size`], than the largest place of its name a place on record may be to
/// be meant by that name: a fifth of the people.
const MUCH_SMALLER: u8 = 7;

/// How many wholes up an entity's country is looked for.
const MOST_WHOLES: usize = 20;

/// Which entities are which places.
#[derive(Debug, Default)]
pub(super) struct PlacesOnRecord {
    entities: BTreeMap<PlaceNumber, EntityId>,
    places: HashMap<EntityId, PlaceNumber>,
}

impl PlacesOnRecord {
    /// Finds the place of each entity that is one: by its number in GeoNames, else by its names and what it lies in.
    pub(super) fn find(all: &[EntityNames]) -> Self {
        let gazetteer = Gazetteer::shipped();
        let by_id: HashMap<EntityId, &EntityNames> =
            all.iter().filter(|entity| entity.kind == EntityKind::Place).map(|entity| (entity.id, entity)).collect();
        let mut found = Self::default();
        let mut others: Vec<(EntityId, Vec<PlaceNumber>)> = Vec::new();
        // Wholes first, as they say which of several places of a name a part is.
        let mut in_order: Vec<(usize, &EntityNames)> =
            by_id.values().map(|entity| (wholes(entity, &by_id).len(), *entity)).collect();
        in_order.sort_by_key(|(depth, entity)| (*depth, entity.id));
        for (_, entity) in in_order {
            let whole = wholes(entity, &by_id).into_iter().find_map(|whole| found.places.get(&whole)).copied();
            let candidates = candidates(gazetteer, entity, whole);
            let by_number = entity.geonames.iter().find_map(|number| gazetteer.of_geonames(*number));
            let Some(place) = by_number.or_else(|| candidates.first().copied()) else { continue };
            found.places.insert(entity.id, place);
            found.entities.entry(place).or_insert(entity.id);
            others.push((entity.id, candidates));
        }
        // A city and the region about it that are called the same are one to those who ask.
        for (entity, candidates) in others {
            let Some(&place) = found.places.get(&entity) else { continue };
            for other in candidates {
                if gazetteer.lies_in(place, other) || gazetteer.lies_in(other, place) {
                    found.entities.entry(other).or_insert(entity);
                }
            }
        }
        found
    }

    /// The place that an entity is.
    pub(super) fn place(&self, entity: EntityId) -> Option<PlaceNumber> {
        self.places.get(&entity).copied()
    }

    /// The entity that a place is.
    pub(super) fn entity(&self, place: PlaceNumber) -> Option<EntityId> {
        self.entities.get(&place).copied()
    }

    /// The entities that lie in a place, in order of number.
    pub(super) fn within(&self, whole: PlaceNumber) -> Vec<EntityId> {
        let gazetteer = Gazetteer::shipped();
        let mut within: Vec<EntityId> = self
            .entities
            .iter()
            .filter(|(place, _)| **place != whole && gazetteer.lies_in(**place, whole))
            .map(|(_, entity)| *entity)
            .collect();
        within.sort_unstable();
        within.dedup();
        within
    }

    /// The nearest place on record that each place on record lies in, as pairs of whole and part.
    pub(super) fn wholes_and_parts(&self) -> Vec<(EntityId, EntityId)> {
        let gazetteer = Gazetteer::shipped();
        let pair = |(&place, &part): (&PlaceNumber, &EntityId)| {
            let whole = gazetteer.wholes(place).into_iter().find_map(|whole| self.entity(whole))?;
            (whole != part).then_some((whole, part))
        };
        self.entities.iter().filter_map(pair).collect()
    }

    /// Which of the places of a name is on record and may be meant by it: not one that is much smaller than another of
    /// the name.
    pub(super) fn meant(&self, bearers: &Bearers) -> Option<EntityId> {
        let gazetteer = Gazetteer::shipped();
        let likeliest = gazetteer.place(*bearers.places.first()?)?;
        // A city that comes before a country is meant rather than what the country is called in some language: Brasilia.
        let may_be_meant = |place: &&PlaceNumber| {
            gazetteer.place(**place).is_some_and(|place| {
                (place.kind > PlaceKind::Country || likeliest.kind <= PlaceKind::Country)
                    && place.size.saturating_add(MUCH_SMALLER) >= likeliest.size
            })
        };
        bearers.places.iter().filter(may_be_meant).find_map(|place| self.entity(*place))
    }
}

/// The places that an entity may be, the likeliest first.
fn candidates(gazetteer: &Gazetteer, entity: &EntityNames, whole: Option<PlaceNumber>) -> Vec<PlaceNumber> {
    let fits = |place: PlaceNumber| match whole {
        None => true,
        Some(whole) => {
            place != whole
                && (gazetteer.lies_in(place, whole)
                    || (gazetteer.country(whole).is_some() && gazetteer.country(place) == gazetteer.country(whole)))
        }
    };
    let mut votes: BTreeMap<PlaceNumber, (bool, usize)> = BTreeMap::new();
    let (bare, is_region) = without_kind(&entity.name);
    let own = names_of(bare);
    let names = std::iter::once(own.clone()).chain(entity.aliases.iter().map(|(name, _)| names_of(name)));
    for keys in names {
        let mut of_name: Vec<PlaceNumber> =
            keys.iter().filter_map(|key| gazetteer.named(key)).flat_map(|bearers| bearers.places).collect();
        of_name.sort_unstable();
        of_name.dedup();
        for place in of_name.into_iter().filter(|place| fits(*place)) {
            let own_name = keys == own;
            let vote = votes.entry(place).or_default();
            *vote = (vote.0 || own_name, vote.1 + 1);
        }
    }
    let mut candidates: Vec<_> = votes
        .into_iter()
        .filter_map(|(place, vote)| Some((place, vote, gazetteer.place(place)?)))
        .filter(|(_, _, place)| !is_region || place.kind == PlaceKind::Region)
        .collect();
    candidates.sort_by_key(|(number, (own_name, count), place)| {
        let large = place.kind <= PlaceKind::Country;
        (std::cmp::Reverse((large && whole.is_none(), *own_name, *count, place.size)), *number)
    });
    // Without a whole, a town is told from its namesakes only by being by far the largest.
    if let (None, [(_, _, first), (_, _, second), ..]) = (whole, candidates.as_slice())
        && first.kind > PlaceKind::Country
        && first.size < second.size.saturating_add(MUCH_SMALLER)
        && !(first.within == second.within && first.kind != second.kind)
    {
        return Vec::new();
    }
    candidates.into_iter().map(|(number, ..)| number).collect()
}

fn names_of(name: &str) -> Vec<String> {
    variants(name).iter().map(|variant: &Vec<Word>| joined(variant)).filter(|key| !key.is_empty()).collect()
}

/// A name without the word that says that it is a region's, and whether it had one.
fn without_kind(name: &str) -> (&str, bool) {
    match name.rsplit_once(' ') {
        Some((bare, kind)) if OF_A_REGION.contains(&kind.to_lowercase().as_str()) => (bare, true),
        _ => (name, false),
    }
}

/// The wholes of an entity among places, the nearest first.
fn wholes(entity: &EntityNames, by_id: &HashMap<EntityId, &EntityNames>) -> Vec<EntityId> {
    let mut wholes = Vec::new();
    let mut next = entity.part_of;
    while let Some(whole) = next.filter(|_| wholes.len() < MOST_WHOLES) {
        wholes.push(whole);
        next = by_id.get(&whole).and_then(|entity| entity.part_of);
    }
    wholes
}
