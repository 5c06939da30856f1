//! Addresses to sources, and hosts to publishers, in whatever form an address was copied.
//!
//! Made when an address is first asked for, and brought to the end of the history whenever one is asked for again: who
//! never asks for one pays nothing. Pages are held as numbers; what a number may stand for is read from the records and
//! compared before it is given.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{PoisonError, RwLock},
};

use super::Snapshot;
use crate::{
    model::{EntityId, Sequence, SourceId, WebAddress, bare_host, host_of_page, same_page},
    store::{Failure, Reader, SourceAddresses},
};

/// A source that an address leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceAt {
    /// The source.
    pub id: SourceId,
    /// Whether it has this very address, and not only one of the same page.
    pub exactly: bool,
}

/// What the addresses of sources were found to be, kept between questions.
#[derive(Debug, Default)]
pub(super) struct AddressBook(RwLock<Option<KnownAddresses>>);

/// The addresses of all sources at a place in the history.
#[derive(Debug)]
struct KnownAddresses {
    sequence: Sequence,
    /// The pages of all sources, with their numbers.
    pages: BTreeSet<(u64, SourceId)>,
    /// The hosts of all sources, with how many each publisher has there.
    hosts: BTreeMap<String, BTreeMap<EntityId, usize>>,
    /// What is held of each source, to take it out again.
    sources: HashMap<SourceId, HeldAddresses>,
}

#[derive(Debug)]
struct HeldAddresses {
    pages: [Option<u64>; 2],
    host: Option<String>,
    publisher: EntityId,
}

impl AddressBook {
    /// Reads in the book as it is at the place in the history that the reader sees, or later.
    fn read<T>(&self, records: &Reader<'_>, read: impl FnOnce(&KnownAddresses) -> T) -> Result<T, Failure> {
        let latest = records.latest_sequence()?;
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.as_ref().filter(|known| known.sequence >= latest) {
                return Ok(read(known));
            }
        }
        let mut place = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = match place.as_mut() {
            Some(known) => known,
            None => place.insert(KnownAddresses::of(&records.source_addresses()?, latest)),
        };
        if known.sequence < latest {
            for (number, addresses) in records.source_addresses_after(known.sequence)? {
                known.take_out(number);
                if let Some(addresses) = addresses {
                    known.put_in(&addresses);
                }
            }
            known.sequence = latest;
        }
        Ok(read(known))
    }
}

impl KnownAddresses {
    fn of(all: &[SourceAddresses], sequence: Sequence) -> Self {
        let sources = HashMap::with_capacity(all.len());
        let mut known = Self { sequence, pages: BTreeSet::new(), hosts: BTreeMap::new(), sources };
        all.iter().for_each(|addresses| known.put_in(addresses));
        known
    }

    fn put_in(&mut self, source: &SourceAddresses) {
        let [url, archive] = [&source.url, &source.archive].map(|address| address.as_ref().map(same_page));
        let host = url.as_ref().or(archive.as_ref()).map(|page| host_of_page(page).to_owned());
        let held = HeldAddresses {
            pages: [url, archive].map(|page| page.as_deref().map(number_of)),
            host,
            publisher: source.publisher,
        };
        self.pages.extend(held.pages.iter().flatten().map(|page| (*page, source.id)));
        if let Some(host) = &held.host {
            *self.hosts.entry(host.clone()).or_default().entry(held.publisher).or_default() += 1;
        }
        self.sources.insert(source.id, held);
    }

    fn take_out(&mut self, id: SourceId) {
        let Some(held) = self.sources.remove(&id) else { return };
        for page in held.pages.into_iter().flatten() {
            self.pages.remove(&(page, id));
        }
        let Some(host) = held.host else { return };
        if let Some(publishers) = self.hosts.get_mut(&host) {
            if let Some(count) = publishers.get_mut(&held.publisher) {
                *count -= 1;
            }
            publishers.retain(|_, count| *count > 0);
            if publishers.is_empty() {
                self.hosts.remove(&host);
            }
        }
    }
}

fn number_of(page: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    hasher.finish()
}

impl Snapshot {
    /// The sources on record whose page, or whose archived copy, an address leads to, whatever their standing: the one
    /// that has this very address first, then those whose own page it is.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn sources_at(&self, records: &Reader<'_>, address: &WebAddress) -> Result<Vec<SourceAt>, Failure> {
        let page = same_page(address);
        let number = number_of(&page);
        let candidates: Vec<SourceId> = self.addresses.read(records, |known| {
            known
                .pages
                .range((number, SourceId(i64::MIN))..=(number, SourceId(i64::MAX)))
                .map(|(_, source)| *source)
                .collect()
        })?;
        let mut found = Vec::with_capacity(candidates.len());
        for id in candidates {
            let Some(known) = records.addresses_of(id)? else { continue };
            let leads = |other: &Option<WebAddress>| other.as_ref().is_some_and(|other| same_page(other) == page);
            let is_it = |other: &Option<WebAddress>| other.as_ref() == Some(address);
            let exactly = is_it(&known.url) || is_it(&known.archive);
            if exactly || leads(&known.url) || leads(&known.archive) {
                let own = is_it(&known.url) || (!exactly && leads(&known.url));
                found.push((SourceAt { id, exactly }, own));
            }
        }
        found.sort_by_key(|(source, own)| (!source.exactly, !own, source.id));
        Ok(found.into_iter().map(|(source, _)| source).collect())
    }

    /// The publishers that have sources on record on this host, those with the most first; where there are none, those
    /// with sources on hosts below it: `news.example.org` for `example.org`.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn publishers_at(&self, records: &Reader<'_>, host: &str) -> Result<Vec<EntityId>, Failure> {
        let host = bare_host(host);
        let mut counts: BTreeMap<EntityId, usize> = BTreeMap::new();
        self.addresses.read(records, |known| {
            let below = |other: &str| other.strip_suffix(&host).is_some_and(|rest| rest.ends_with('.'));
            match known.hosts.get(&host) {
                Some(publishers) => counts.clone_from(publishers),
                None if host.contains('.') => {
                    for (_, publishers) in known.hosts.iter().filter(|(other, _)| below(other)) {
                        for (publisher, count) in publishers {
                            *counts.entry(*publisher).or_default() += count;
                        }
                    }
                }
                None => {}
            }
        })?;
        let mut publishers: Vec<(EntityId, usize)> = counts.into_iter().collect();
        publishers.sort_by_key(|(publisher, count)| (std::cmp::Reverse(*count), *publisher));
        Ok(publishers.into_iter().map(|(publisher, _)| publisher).collect())
    }

    /// The hosts of all sources on record.
    ///
    /// # Errors
    /// When the records can't be read.
    pub fn hosts(&self, records: &Reader<'_>) -> Result<BTreeSet<String>, Failure> {
        self.addresses.read(records, |known| known.hosts.keys().cloned().collect())
    }
}
