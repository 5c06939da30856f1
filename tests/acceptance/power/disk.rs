//! What a disk may hold after the power was cut.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use super::trace::{Event, Inode};

/// What a disk writes whole or not at all, in bytes.
const SECTOR: usize = 512;

/// Chance from a seed, the same on every machine (xorshift64, G. Marsaglia, "Xorshift RNGs", 2003).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn share(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// What becomes of writes that were not synced.
#[derive(Debug, Clone, Copy)]
enum Unsynced {
    Dropped,
    Kept,
    /// Each on its own, so that later ones may be there and earlier ones not.
    Reordered,
    /// Each sector on its own.
    Torn,
}

/// The files that a cut after these events leaves behind. Names last in the order in which they were made, up to some
/// point behind the last sync of their folder, as file systems with a journal have it.
pub(super) fn after_a_cut(
    files: &[(String, Vec<u8>)],
    events: &[Event],
    chance: &mut Chance,
) -> BTreeMap<String, Vec<u8>> {
    let mut contents: HashMap<Inode, Vec<u8>> =
        files.iter().enumerate().map(|(inode, (_, bytes))| (inode, bytes.clone())).collect();
    let mut names: BTreeMap<String, Inode> =
        files.iter().enumerate().map(|(inode, (name, _))| (name.clone(), inode)).collect();
    let mut pending: Vec<(Inode, &Event)> = Vec::new();
    let mut renamed: Vec<&Vec<(String, Option<Inode>)>> = Vec::new();
    for event in events {
        match event {
            Event::Write { inode, .. } | Event::Resize { inode, .. } => pending.push((*inode, event)),
            Event::Sync(synced) => {
                for (inode, event) in pending.extract_if(.., |(inode, _)| inode == synced) {
                    apply(contents.entry(inode).or_default(), event);
                }
            }
            Event::Name(change) => renamed.push(change),
            Event::SyncFolder(folder) => {
                let is_in = |name: &str| name.rsplit_once('/').map_or("", |(parent, _)| parent) == folder;
                // The journal is written in order: with these go all before them.
                let last = renamed.iter().rposition(|change| change.iter().any(|(name, _)| is_in(name)));
                for change in renamed.drain(..last.map_or(0, |last| last + 1)) {
                    rename(&mut names, change);
                }
            }
            Event::Acknowledged => {}
        }
    }
    let lasting = chance.below(renamed.len() + 1);
    for change in renamed.drain(..lasting) {
        rename(&mut names, change);
    }
    let unsynced = [Unsynced::Dropped, Unsynced::Kept, Unsynced::Reordered, Unsynced::Torn][chance.below(4)];
    for (inode, event) in pending {
        let content = contents.entry(inode).or_default();
        match (unsynced, event) {
            (Unsynced::Dropped, _) => {}
            (Unsynced::Torn, Event::Write { at, bytes, .. }) => {
                for (sector, number) in bytes.chunks(SECTOR).zip(0..) {
                    if chance.share(60) {
                        write(content, at + number * SECTOR, sector);
                    }
                }
            }
            (Unsynced::Reordered | Unsynced::Torn, _) if chance.share(50) => {}
            (Unsynced::Kept | Unsynced::Reordered | Unsynced::Torn, _) => apply(content, event),
        }
    }
    names.into_iter().map(|(name, inode)| (name, contents.get(&inode).cloned().unwrap_or_default())).collect()
}

fn rename(names: &mut BTreeMap<String, Inode>, change: &[(String, Option<Inode>)]) {
    for (name, inode) in change {
        match inode {
            Some(inode) => names.insert(name.clone(), *inode),
            None => names.remove(name),
        };
    }
}

fn apply(content: &mut Vec<u8>, event: &Event) {
    match event {
        Event::Write { at, bytes, .. } => write(content, *at, bytes),
        Event::Resize { length, .. } => content.resize(*length, 0),
        Event::Sync(_) | Event::Name(_) | Event::SyncFolder(_) | Event::Acknowledged => {}
    }
}

fn write(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if content.len() < at + bytes.len() {
        content.resize(at + bytes.len(), 0);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The files in a folder and below, by their names from there.
pub(super) fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let name = entry.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read(&entry).unwrap()));
            }
        }
    }
    found.sort();
    found
}
