//! From the names of an extract to proposals, one for each entity.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;

use super::{
    extract::{Extract, FoundName},
    fresh::{Fresh, NameLeftOut, NameOwners, fresh},
};
use crate::{
    model::{
        Alias, Authority, Catalogue, CatalogueEntry, ChangeId, Entity, EntityId, Identity, Operation, Proposal, Record,
        RecordId, RecordKey, RecordKind, Sequence, SingleLine,
    },
    store::{Failure, Reader, Store, StoreError, Submission},
};

/// How many characters of an entity's name stand in what its proposal is called.
const SHOWN_OF_NAME: usize = 100;

/// What names of an extract are proposed for one entity.
#[derive(Debug, Clone)]
pub struct NameProposal {
    /// The entity.
    pub id: RecordId,
    /// What the proposal is called: whose names, and where they are from.
    pub summary: SingleLine,
    /// The names.
    pub aliases: Vec<Alias>,
    /// How many more there are than are proposed at a time.
    pub more: usize,
    /// The entity with the names.
    entity: Entity,
}

/// What an extract has for the entities on record.
#[derive(Debug)]
pub struct NameSuggestions {
    /// What is proposed, in order of the entities.
    pub proposals: Vec<NameProposal>,
    /// What is left out, though the entity doesn't have it.
    pub left_out: Vec<NameLeftOut>,
    /// How many entities on record the extract has.
    pub entities: usize,
    /// The entities whose names an open proposal changes already: two proposals for the names of one couldn't both be
    /// approved, so nothing is proposed for these before that is decided on.
    pub waiting: Vec<AwaitingReview>,
    /// The catalogue.
    pub catalogue: Catalogue,
    /// The place in the history that this was worked out at.
    seen: Sequence,
}

/// An entity whose names an open proposal changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwaitingReview {
    /// The entity.
    pub entity: RecordId,
    /// The proposal.
    pub change: ChangeId,
}

/// The licence that a catalogue's data are under: its short name, and where it stands.
#[must_use]
pub const fn licence(catalogue: Catalogue) -> (&'static str, &'static str) {
    match catalogue {
        Catalogue::Wikidata => ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Catalogue::GeoNames => ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    }
}

/// The entries of catalogues that entities on record have.
///
/// # Errors
/// When the records can't be read.
pub fn wanted_entries(reader: &Reader<'_>) -> Result<HashSet<CatalogueEntry>, Failure> {
    Ok(reader.catalogue_entries()?.into_iter().map(|(_, entry)| entry).collect())
}

/// What an extract has for the entities that `reader` sees: the names that they lack, and that don't wait already.
///
/// # Errors
/// When the records can't be read.
pub fn suggest_names(reader: &Reader<'_>, extract: &Extract) -> Result<NameSuggestions, StoreError> {
    let of_extract: BTreeMap<CatalogueEntry, &BTreeSet<FoundName>> = extract.entries().collect();
    let mut found: BTreeMap<EntityId, BTreeSet<&FoundName>> = BTreeMap::new();
    let mut entries: BTreeMap<EntityId, Vec<CatalogueEntry>> = BTreeMap::new();
    for (id, entry) in reader.catalogue_entries()? {
        if let Some(names) = of_extract.get(&entry) {
            found.entry(id).or_default().extend(names.iter());
            entries.entry(id).or_default().push(entry);
        }
    }
    let entities = found.len();
    let mut owners = NameOwners::of(&reader.entity_names()?);
    let mut held = BTreeMap::new();
    let mut waiting = Vec::new();
    for &number in found.keys() {
        let Some(entity) = entity_of(reader, number)? else { continue };
        let open = open_names(reader, &entity)?;
        open.iter().for_each(|(_, name)| owners.add(number, name.as_str()));
        if let Some((change, _)) = open.first() {
            waiting.push(AwaitingReview { entity: number.into(), change: *change });
        } else {
            held.insert(number, entity);
        }
    }
    found.retain(|number, _| held.contains_key(number));
    let (all, left_out) = fresh(&found, &owners);
    let mut proposals = Vec::new();
    for (number, Fresh { aliases, more }) in all {
        let Some(mut entity) = held.remove(&number).filter(|_| !aliases.is_empty()) else { continue };
        entity.aliases.extend(aliases.iter().cloned());
        let summary = summary(&entity, entries.get(&number).map(Vec::as_slice).unwrap_or_default())?;
        let id = number.into();
        proposals.push(NameProposal { id, summary, aliases, more, entity });
    }
    Ok(NameSuggestions {
        proposals,
        left_out,
        entities,
        waiting,
        catalogue: extract.catalogue(),
        seen: reader.latest_sequence()?,
    })
}

impl NameSuggestions {
    /// Hands one of the proposals in; someone else approves it.
    ///
    /// # Errors
    /// When the author may not propose or has too much that waits, or the entity is none any more.
    pub fn propose(
        &self,
        store: &Store,
        proposal: &NameProposal,
        author: &Identity,
        at: Timestamp,
        authority: &Authority,
    ) -> Result<ChangeId, StoreError> {
        let (name, address) = licence(self.catalogue);
        let note = format!(
            "These names are from an extract of {}, whose data are under {name} ({address}).",
            self.catalogue.name()
        );
        let operation =
            Operation::Edit { record: Record::Entity(proposal.entity.clone()), corrections: Vec::new(), vetted: None };
        let submission = Submission {
            proposal: Proposal {
                summary: proposal.summary.clone(),
                author: author.clone(),
                proposed_at: at,
                operations: vec![operation],
            },
            based_on: self.seen,
            note: Some(line(&note)?),
            suggestion: None,
            again: false,
        };
        store.submit(submission, authority)
    }
}

fn entity_of(reader: &Reader<'_>, number: EntityId) -> Result<Option<Entity>, Failure> {
    Ok(match reader.held_by_id(number.into())?.map(|held| held.record) {
        Some(Record::Entity(entity)) => Some(entity),
        Some(Record::Source(_) | Record::Statement(_) | Record::Response(_)) | None => None,
    })
}

/// The names of an entity as open proposals would have them, fitted to what is on record by now; none where they leave the
/// names as they are.
fn open_names(reader: &Reader<'_>, entity: &Entity) -> Result<Vec<(ChangeId, SingleLine)>, StoreError> {
    let mut names = Vec::new();
    for change in reader.open_edits_of(&RecordKey::new(RecordKind::Entity, entity.key.clone()))? {
        for operation in reader.fitted(&reader.change(change)?)?.operations {
            if let Operation::Edit { record: Record::Entity(proposed), .. } = operation
                && proposed.key == entity.key
                && (proposed.name != entity.name || proposed.aliases != entity.aliases)
            {
                names.push((change, proposed.name));
                names.extend(proposed.aliases.into_iter().map(|alias| (change, alias.name)));
            }
        }
    }
    Ok(names)
}

/// What the proposal for an entity is called: it stays in the history, and credits the catalogue there.
fn summary(entity: &Entity, entries: &[CatalogueEntry]) -> Result<SingleLine, Failure> {
    let name: String = entity.name.as_str().chars().take(SHOWN_OF_NAME).collect();
    let called: Vec<String> = entries.iter().map(|entry| entry.called()).collect();
    let licence = entries.first().map_or("", |entry| licence(entry.catalogue()).0);
    line(&format!("Names of {} from {} ({licence})", name.trim(), called.join(" and ")))
}

/// A sentence of ours, which is a line: what may not stand in one stands in no name, either.
fn line(text: &str) -> Result<SingleLine, Failure> {
    text.parse().map_err(|error| Failure::Unreadable(format!("{text:?}: {error}")))
}
