//! Which of the names that an extract has are new to the records: no spelling of a name that is there, and nobody else's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::extract::FoundName;
use crate::{
    model::{Alias, EntityId, RecordId, SingleLine},
    search::name_keys,
    store::EntityNames,
};

/// How many names are proposed for one entity at a time. The limit is ours: a reviewer reads each of them.
pub(super) const MOST_PROPOSED: usize = 60;

/// Why a name is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeftOut {
    /// Another entity on record has it.
    NameOf(RecordId),
    /// The extract has it for another entity on record, too.
    AlsoFoundFor(RecordId),
}

/// A name that is left out, though the entity doesn't have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameLeftOut {
    /// The entity that the extract has it for.
    pub entity: RecordId,
    /// The name.
    pub name: SingleLine,
    /// Why it is left out.
    pub because: WhyLeftOut,
}

/// Whom the names on record belong to, in all forms in which search looks them up.
#[derive(Debug, Default)]
pub(super) struct NameOwners(HashMap<String, BTreeSet<EntityId>>);

impl NameOwners {
    pub(super) fn of(entities: &[EntityNames]) -> Self {
        let mut owners = Self::default();
        for entity in entities {
            owners.add(entity.id, &entity.name);
            entity.aliases.iter().for_each(|(alias, _)| owners.add(entity.id, alias));
        }
        owners
    }

    /// Has a name belong to an entity.
    pub(super) fn add(&mut self, entity: EntityId, name: &str) {
        for key in keys(name) {
            self.0.entry(key).or_default().insert(entity);
        }
    }

    fn of_any<'a>(&'a self, keys: &'a BTreeSet<String>) -> impl Iterator<Item = EntityId> + 'a {
        keys.iter().filter_map(|key| self.0.get(key)).flatten().copied()
    }
}

/// The forms in which a name is looked up; none of what has neither letter nor digit.
fn keys(name: &str) -> BTreeSet<String> {
    name_keys(name).into_iter().filter(|key| !key.is_empty()).collect()
}

/// What is new for one entity.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fresh {
    /// The names that it doesn't have and nobody else has.
    pub(super) aliases: Vec<Alias>,
    /// How many more there are than are proposed at a time.
    pub(super) more: usize,
}

/// What is new for each of these entities, and what is left out.
pub(super) fn fresh(
    found: &BTreeMap<EntityId, BTreeSet<&FoundName>>,
    on_record: &NameOwners,
) -> (BTreeMap<EntityId, Fresh>, Vec<NameLeftOut>) {
    let mut left_out = Vec::new();
    let mut lacking: BTreeMap<EntityId, Vec<(&FoundName, BTreeSet<String>)>> = BTreeMap::new();
    let mut claimed = NameOwners::default();
    for (&entity, names) in found {
        let mut seen = HashSet::new();
        for name in names {
            let keys = keys(name.name.as_str());
            let owners: BTreeSet<EntityId> = on_record.of_any(&keys).collect();
            let is_repeated = keys.is_empty() || keys.iter().any(|key| seen.contains(key));
            if owners.contains(&entity) || is_repeated {
                continue;
            }
            seen.extend(keys.iter().cloned());
            if let Some(owner) = owners.first() {
                left_out.push(left(entity, name, WhyLeftOut::NameOf((*owner).into())));
                continue;
            }
            claimed.add(entity, name.name.as_str());
            lacking.entry(entity).or_default().push((name, keys));
        }
    }
    let mut all = BTreeMap::new();
    for (entity, names) in lacking {
        let mut fresh = Fresh::default();
        for (name, keys) in names {
            // Which of them is meant by it is for someone to say who knows both.
            if let Some(other) = claimed.of_any(&keys).find(|other| *other != entity) {
                left_out.push(left(entity, name, WhyLeftOut::AlsoFoundFor(other.into())));
            } else if fresh.aliases.len() < MOST_PROPOSED {
                fresh.aliases.push(Alias { name: name.name.clone(), language: name.language.clone() });
            } else {
                fresh.more += 1;
            }
        }
        all.insert(entity, fresh);
    }
    (all, left_out)
}

fn left(entity: EntityId, name: &FoundName, because: WhyLeftOut) -> NameLeftOut {
    NameLeftOut { entity: entity.into(), name: name.name.clone(), because }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::{Catalogue, CatalogueEntry, EntityKind},
        name_extracts::{Extract, extract::NameRole},
    };

    /// The names of one entry each, as an extract has them in English.
    fn extract(names: &[(i64, Vec<String>)]) -> (Extract, BTreeMap<CatalogueEntry, EntityId>) {
        let entry = |id: &i64| CatalogueEntry::of(Catalogue::Wikidata, &format!("Q{id}")).unwrap();
        let numbers: BTreeMap<CatalogueEntry, EntityId> =
            names.iter().map(|(id, _)| (entry(id), EntityId(*id))).collect();
        let mut extract = Extract::new(Catalogue::Wikidata, numbers.keys().copied().collect());
        for (id, names) in names {
            extract.meet(entry(id));
            names.iter().for_each(|name| extract.take(entry(id), name, "en", NameRole::Other));
        }
        (extract, numbers)
    }

    fn entity(id: i64, names: &[String]) -> EntityNames {
        EntityNames {
            id: EntityId(id),
            kind: EntityKind::Place,
            name: names.first().cloned().unwrap_or_default(),
            aliases: names.iter().skip(1).map(|name| (name.clone(), "en".parse().unwrap())).collect(),
            part_of: None,
            affiliation: None,
            only_publishes: false,
            geonames: Vec::new(),
        }
    }

    fn of(known: &[EntityNames], names: &[(i64, Vec<String>)]) -> (BTreeMap<EntityId, Fresh>, Vec<NameLeftOut>) {
        let (extract, numbers) = extract(names);
        let found = extract.entries().map(|(entry, names)| (numbers[&entry], names.iter().collect())).collect();
        fresh(&found, &NameOwners::of(known))
    }

    /// Names near to each other: in other letters, with an article, with what stands in brackets, in British spelling.
    fn name() -> impl Strategy<Value = String> {
        let stem = prop_oneof![
            Just("Köln".to_owned()),
            Just("koeln".to_owned()),
            Just("COLOGNE".to_owned()),
            Just("Harbour Town".to_owned()),
            Just("harbor town".to_owned()),
            Just("悉尼".to_owned()),
            Just("Сидней".to_owned()),
            Just("!?".to_owned()),
            "[a-cA-Cáàäöü]{1,3}",
        ];
        (any::<bool>(), stem, any::<bool>()).prop_map(|(article, stem, bracket)| {
            format!("{}{stem}{}", if article { "the " } else { "" }, if bracket { " (town)" } else { "" })
        })
    }

    proptest! {
        #[test]
        fn no_name_on_record_is_proposed_and_none_twice(
            known in prop::collection::vec(prop::collection::vec(name(), 1..5), 1..5),
            new in prop::collection::vec(prop::collection::vec(name(), 0..8), 1..5),
        ) {
            let known: Vec<EntityNames> = (1..).zip(&known).map(|(id, names)| entity(id, names)).collect();
            let new: Vec<(i64, Vec<String>)> = (1..).zip(new).collect();
            let (all, _) = of(&known, &new);
            let mut taken: HashSet<String> =
                known.iter().flat_map(|entity| std::iter::once(&entity.name).chain(entity.aliases.iter().map(|(name, _)| name)))
                .flat_map(|name| keys(name)).collect();
            for alias in all.values().flat_map(|fresh| &fresh.aliases) {
                let keys = keys(alias.name.as_str());
                prop_assert!(!keys.is_empty());
                prop_assert!(keys.is_disjoint(&taken.iter().cloned().collect()), "{alias:?}");
                taken.extend(keys);
            }
        }
    }

    #[test]
    fn what_another_has_or_would_get_too_is_left_out_and_said() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let known =
            [entity(1, &names(&["Netherlands"])), entity(2, &names(&["Holland (region)"])), entity(3, &names(&["X"]))];
        let (all, left_out) = of(
            &known,
            &[(1, names(&["The Netherlands", "Holland", "Low Lands", "Nederland"])), (3, names(&["low lands", "Y"]))],
        );
        let proposed =
            |id: i64| all[&EntityId(id)].aliases.iter().map(|alias| alias.name.to_string()).collect::<Vec<_>>();
        assert_eq!((proposed(1), proposed(3)), (names(&["Nederland"]), names(&["Y"])));
        let because: Vec<_> = left_out.iter().map(|left| (left.name.as_str(), left.because)).collect();
        assert_eq!(
            because,
            [
                ("Holland", WhyLeftOut::NameOf(EntityId(2).into())),
                ("Low Lands", WhyLeftOut::AlsoFoundFor(EntityId(3).into())),
                ("low lands", WhyLeftOut::AlsoFoundFor(EntityId(1).into())),
            ]
        );
    }

    #[test]
    fn no_more_is_proposed_than_someone_can_read() {
        let many: Vec<String> = (0..MOST_PROPOSED + 5).map(|number| format!("Name {number}")).collect();
        let (all, _) = of(&[entity(1, &["X".to_owned()])], &[(1, many)]);
        assert_eq!((all[&EntityId(1)].aliases.len(), all[&EntityId(1)].more), (MOST_PROPOSED, 5));
    }
}
