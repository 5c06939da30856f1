//! Names to entities: through aliases in any spelling, exactly or with typos, and up and down the
//! hierarchy.

mod alike;
mod mentions;
mod near;
mod spans;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use fst::Map;

use alike::KeyLetters;
pub(super) use mentions::NameMatch;

use super::{
    SearchError,
    places::PlacesOnRecord,
    spellings::{variants, without_leading_article},
    stems::is_empty_word,
    titles::title,
    words::{Word, fold, joined, paired, words},
};
use crate::{gazetteer::Gazetteer, model::EntityId, model::EntityKind, store::EntityNames};

/// An entity as search knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedEntity {
    /// Its number.
    pub id: EntityId,
    /// What kind of entity it is.
    pub kind: EntityKind,
    /// Its name.
    pub name: String,
    /// The whole that it is a part of.
    pub part_of: Option<EntityId>,
    /// Whether all that is on record of it is that it published sources.
    pub only_publishes: bool,
}

/// All names of all entities, ready for look-up.
#[derive(Debug)]
pub struct Names {
    entities: BTreeMap<EntityId, NamedEntity>,
    /// The places among them, in order.
    place_ids: Vec<EntityId>,
    /// The parts of an entity, and those who act for it.
    children: HashMap<EntityId, Vec<EntityId>>,
    /// Folded names.
    keys: NameTable,
    /// The keys of names that are written in capitals, as abbreviations are.
    abbreviations: HashSet<String>,
    /// The words of names, each for the entities that have it.
    words: NameTable,
    /// The organisations whose longer names begin with an abbreviation, by that: "CBC" of CBC News.
    begun_by_abbreviation: HashMap<String, Vec<EntityId>>,
    /// Which of the world's places are on record.
    places: PlacesOnRecord,
}

/// Names or words of names in order, each with the entities that it stands for.
#[derive(Debug)]
struct NameTable {
    /// Each with the place of its entities in `bearers`.
    map: Map<Vec<u8>>,
    bearers: Vec<Vec<EntityId>>,
    letters: KeyLetters,
}

/// For how many entities an abbreviation may stand that begins their names.
const MOST_ABBREVIATED: usize = 6;

impl Names {
    /// Indexes names.
    pub(crate) fn build(all: Vec<EntityNames>) -> Result<Self, SearchError> {
        let mut keys: BTreeMap<String, BTreeSet<EntityId>> = BTreeMap::new();
        let mut abbreviations = HashSet::new();
        let mut by_word: BTreeMap<String, BTreeSet<EntityId>> = BTreeMap::new();
        let mut children: HashMap<EntityId, Vec<EntityId>> = HashMap::new();
        let mut entities = BTreeMap::new();
        let places = PlacesOnRecord::find(&all);
        for (whole, part) in places.wholes_and_parts() {
            children.entry(whole).or_default().push(part);
        }
        let mut begun_by_abbreviation: HashMap<String, Vec<EntityId>> = HashMap::new();
        for entity in all {
            for whole in entity.part_of.into_iter().chain(entity.affiliation) {
                children.entry(whole).or_default().push(entity.id);
            }
            let mut entity_words = BTreeSet::new();
            let names =
                std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(|(name, _)| name.as_str()));
            for name in names {
                for variant in variants(name) {
                    let key = joined(&variant);
                    if key.is_empty() {
                        continue;
                    }
                    if variant.iter().all(|word| word.capitals) {
                        abbreviations.insert(key.clone());
                    }
                    if let [first, _, ..] = variant.as_slice()
                        && first.capitals
                        && entity.kind == EntityKind::Organisation
                        && name == entity.name
                    {
                        begun_by_abbreviation.entry(first.folded.clone()).or_default().push(entity.id);
                    }
                    // In some languages the family name comes first, and in lists.
                    if let ([given, family], EntityKind::Person) = (variant.as_slice(), entity.kind) {
                        keys.entry(joined(&[family.clone(), given.clone()])).or_default().insert(entity.id);
                    }
                    entity_words.extend(paired(&variant).iter().map(|word| word_of_a_name(word).to_owned()));
                    keys.entry(key).or_default().insert(entity.id);
                }
            }
            for word in entity_words.into_iter().filter(|word| !is_empty_word(word)) {
                by_word.entry(word).or_default().insert(entity.id);
            }
            entities.insert(
                entity.id,
                NamedEntity {
                    id: entity.id,
                    kind: entity.kind,
                    name: entity.name,
                    part_of: entity.part_of,
                    only_publishes: entity.only_publishes,
                },
            );
        }
        let keys = NameTable::of(&keys)?;
        let words = NameTable::of(&by_word)?;
        for bearers in begun_by_abbreviation.values_mut() {
            bearers.sort_unstable();
            bearers.dedup();
        }
        let places_alone = entities.values().filter(|entity| entity.kind == EntityKind::Place);
        let place_ids = places_alone.map(|entity| entity.id).collect();
        Ok(Self { entities, place_ids, children, keys, abbreviations, words, begun_by_abbreviation, places })
    }

    /// The entity of this number.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> Option<&NamedEntity> {
        self.entities.get(&id)
    }

    /// Whether the entity of this number is a place.
    #[must_use]
    pub(super) fn is_place(&self, id: EntityId) -> bool {
        self.place_ids.binary_search(&id).is_ok()
    }

    /// All entities, in order of number.
    pub fn entities(&self) -> impl Iterator<Item = &NamedEntity> {
        self.entities.values()
    }

    /// The entity, its parts, theirs, and those who act for any of them, in order of number.
    #[must_use]
    pub fn family(&self, id: EntityId) -> Vec<EntityId> {
        let mut family = BTreeSet::from([id]);
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            for &child in self.children.get(&next).into_iter().flatten() {
                if family.insert(child) {
                    waiting.push(child);
                }
            }
        }
        family.into_iter().collect()
    }

    /// The wholes that an entity lies in, the nearest first.
    #[must_use]
    pub fn wholes(&self, id: EntityId) -> Vec<&NamedEntity> {
        let mut wholes = Vec::new();
        let mut whole = self.entity(id).and_then(|entity| entity.part_of);
        while let Some(entity) = whole.and_then(|whole| self.entity(whole)) {
            if wholes.len() > 20 {
                break;
            }
            wholes.push(entity);
            whole = entity.part_of;
        }
        wholes
    }

    /// The entities of exactly this name, once folded.
    #[must_use]
    pub fn exactly(&self, name: &str) -> Vec<EntityId> {
        self.bearers_of(&joined(without_leading_article(&words(name)))).to_vec()
    }

    fn bearers_of(&self, key: &str) -> &[EntityId] {
        self.keys.bearers_of(key)
    }

    fn with_word(&self, word: &str) -> &[EntityId] {
        self.words.bearers_of(word)
    }

    /// Which of the world's places are on record.
    pub(super) fn places(&self) -> &PlacesOnRecord {
        &self.places
    }

    /// The entities that an abbreviation may mean that is no whole name of any: "ABC" for those called ABC News and ABC
    /// (Spain); in order of number. `known` are those that it is taken for. What is short for a place means the place,
    /// and other names don't count: that people say "UK government" makes the government no bearer of "UK".
    pub(super) fn abbreviated(&self, typed: &str, known: &[EntityId]) -> Vec<EntityId> {
        let key = joined(&words(typed));
        let is_whole_name = |entity: &NamedEntity| entity.kind == EntityKind::Place || fold(&entity.name) == key;
        let short = self.abbreviations.contains(&key) && !key.contains(' ');
        if !short || known.iter().filter_map(|&id| self.entity(id)).any(is_whole_name) {
            return known.to_vec();
        }
        let longer = self.begun_by_abbreviation.get(&key).into_iter().flatten().copied();
        let all: BTreeSet<EntityId> = longer.chain(known.iter().copied()).collect();
        if all.len() > MOST_ABBREVIATED { known.to_vec() } else { all.into_iter().collect() }
    }

    /// The entities of exactly this name, also where it is one that the world has for a place on record.
    #[must_use]
    pub fn known_as(&self, name: &str) -> Vec<EntityId> {
        self.known_by(&words(name))
    }

    /// The same of a name that is cut into words already.
    pub(super) fn known_by(&self, name: &[Word]) -> Vec<EntityId> {
        let key = joined(without_leading_article(name));
        let own = self.bearers_of(&key);
        if !own.is_empty() {
            return own.to_vec();
        }
        let bearers = Gazetteer::shipped().named(&key);
        bearers.and_then(|bearers| self.places.meant(&bearers)).into_iter().collect()
    }

    /// The entities that have all words of a text among those of their names, in order of number.
    #[must_use]
    pub fn with_words(&self, text: &str) -> Vec<EntityId> {
        self.with_all_words(&words(text))
    }

    /// The entities that have all of these words among those of their names, in order of number.
    pub(crate) fn with_all_words(&self, text: &[Word]) -> Vec<EntityId> {
        // "St" alone stands for no name that begins so.
        if text.iter().all(|word| title(&word.folded).is_some()) {
            return Vec::new();
        }
        let mut lists =
            text.iter().filter(|word| !is_empty_word(&word.folded)).map(|word| self.with_word(word_of_a_name(word)));
        let Some(first) = lists.next() else { return Vec::new() };
        let mut common: BTreeSet<EntityId> = first.iter().copied().collect();
        for list in lists {
            let list: BTreeSet<EntityId> = list.iter().copied().collect();
            common.retain(|id| list.contains(id));
        }
        common.into_iter().collect()
    }

    /// The entities of a kind whose name or an alias begins so, in order of name; all of the kind
    /// for an empty beginning. Organisations that only publish are left out.
    #[must_use]
    pub fn of_kind(&self, kind: EntityKind, beginning: &str) -> Vec<EntityId> {
        let begins: Option<HashSet<EntityId>> =
            (!beginning.trim().is_empty()).then(|| self.beginning_with(beginning, usize::MAX).into_iter().collect());
        let mut found: Vec<(String, EntityId)> = self
            .entities
            .values()
            .filter(|entity| entity.kind == kind && !entity.only_publishes)
            .filter(|entity| begins.as_ref().is_none_or(|begins| begins.contains(&entity.id)))
            .map(|entity| (fold(&entity.name), entity.id))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }
}

impl NameTable {
    fn of(keys: &BTreeMap<String, BTreeSet<EntityId>>) -> Result<Self, SearchError> {
        let map = Map::from_iter(keys.keys().zip(0_u64..)).map_err(|error| SearchError::Names(error.to_string()))?;
        let letters = KeyLetters::of(keys.keys().map(String::as_str).zip(0..));
        Ok(Self { map, bearers: keys.values().map(|ids| ids.iter().copied().collect()).collect(), letters })
    }

    fn bearers_of(&self, key: &str) -> &[EntityId] {
        self.bearers_at(self.map.get(key))
    }

    /// The entities at a value of the map.
    fn bearers_at(&self, value: Option<u64>) -> &[EntityId] {
        let place = value.and_then(|value| usize::try_from(value).ok());
        place.and_then(|place| self.bearers.get(place)).map_or(&[], Vec::as_slice)
    }
}

/// A word as the words of names are looked up.
fn word_of_a_name(word: &Word) -> &str {
    title(&word.folded).unwrap_or(&word.folded)
}
