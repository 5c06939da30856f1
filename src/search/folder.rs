//! The folder of the index: whose it is, who writes in it, and which generations are there and in use.
//!
//! It has a marker, and a folder for each generation, named by format and number (`5-3`). The marker says that the folder
//! is the index's; a lock on it is held by the one process that writes. Each generation has a file that those who read
//! from it hold a shared lock on. Locks are the system's (`flock`), so none outlives its process. A generation has its
//! name only once it is complete, and is removed file by file: what we didn't make is never touched.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use super::fields::FORMAT;
use crate::files::{folder_of, is_at, make_private_folder, open_private, sync_folder};

/// The marker, and what it says to those who wonder.
const MARKER: &str = "onrecord-index";
const MARKED: &str = "The search index of onrecord. It is derived from the database and built anew when it is gone.\n";

/// The file of a generation that its readers lock.
const IN_USE: &str = "in-use";

/// What is behind a generation's name while it is built.
const UNFINISHED: &str = ".unfinished";

/// Up to which number a folder's format is taken for one of ours: this program's, and some to come, as an older program
/// meets with what a newer one made.
const NEWEST_FORMAT: u32 = FORMAT + 50;

/// What tantivy names its own files, besides those of segments.
const OF_TANTIVY: [&str; 4] = ["meta.json", ".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock"];

/// How long between two looks whether the lock is free.
const BETWEEN_LOOKS: Duration = Duration::from_millis(15);

/// How long it is waited before that is said in the log.
const TELL_AFTER: Duration = Duration::from_secs(3);

/// Why a folder can't be used for the index.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Something else lies in it.
    #[error(
        "{} (ONRECORD_INDEX) can't be the folder of the search index, as it holds {found}; name a folder of its own, which \
         is made if it isn't there; nothing was changed",
        .folder.display()
    )]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// What lies in it.
        found: String,
    },
    /// It is a file.
    #[error("{} (ONRECORD_INDEX) is no folder; name one for the search index; nothing was changed", .0.display())]
    NoFolder(PathBuf),
}

/// A folder that is the index's.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

/// The right to write in the folder, until it is dropped.
#[derive(Debug)]
pub(super) struct WriteLock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File);

/// A generation that is read from: it isn't removed until this is dropped.
#[derive(Debug)]
pub(super) struct InUse(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] Option<File>);

/// Whether generations go that others read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Older {
    /// They stay until nobody does.
    KeptWhileInUse,
    /// They go: what stands in them is to be gone. Whoever reads from one has its files open, and goes on to the
    /// newest with the next question.
    Gone,
}

impl Folder {
    /// The folder of the index of the database at `database`; makes it if there is none.
    ///
    /// A folder without the marker is taken only if nothing but generations is in it: those of before there were markers.
    pub(super) fn claim(folder: &Path, database: &Path) -> Result<Self, FolderError> {
        Self::check(folder, database)?;
        let this = Self(folder.to_owned());
        if !folder.join(MARKER).is_file() {
            // Where it can't be made the index is held in memory.
            let _ = this.marker();
        }
        Ok(this)
    }

    /// That a folder can be the index's. Changes nothing.
    pub(super) fn check(folder: &Path, database: &Path) -> Result<(), FolderError> {
        if !folder.exists() {
            return Ok(());
        }
        if !folder.is_dir() {
            return Err(FolderError::NoFolder(folder.to_owned()));
        }
        let foreign = |found| Err(FolderError::Foreign { folder: folder.to_owned(), found });
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        if real(&folder_of(database)).zip(real(folder)).is_some_and(|(of, own)| of.starts_with(own)) {
            return foreign("the database".to_owned());
        }
        let stranger = if folder.join(MARKER).is_file() { None } else { stranger(folder) };
        stranger.map_or(Ok(()), foreign)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The number of the newest generation of this format.
    pub(super) fn newest(&self) -> Option<u32> {
        let own = generations(&self.0).into_iter().filter(|generation| generation.format == FORMAT);
        own.filter(|generation| generation.is_complete).map(|generation| generation.number).max()
    }

    /// Where a generation is that is complete.
    pub(super) fn generation(&self, number: u32) -> PathBuf {
        self.0.join(format!("{FORMAT}-{number}"))
    }

    /// Holds a generation as one that is read from; `None` if it is being removed.
    pub(super) fn hold(&self, number: u32) -> Option<InUse> {
        let path = self.generation(number).join(IN_USE);
        // One that an earlier version built has none; where none can be made nothing can be removed either.
        let Ok(file) = open_private(&path).or_else(|_| File::open(&path)) else { return Some(InUse(None)) };
        (file.try_lock_shared().is_ok() && is_at(&file, &path)).then_some(InUse(Some(file)))
    }

    /// The right to write; `Ok(None)` if another process has it all that time.
    ///
    /// # Errors
    /// When nothing can be written there at all.
    pub(super) fn lock(&self, patience: Duration) -> io::Result<Option<WriteLock>> {
        let begun = Instant::now();
        let mut told = false;
        loop {
            let marker = self.marker()?;
            match marker.try_lock() {
                // The folder may have been thrown away and made anew meanwhile.
                Ok(()) if is_at(&marker, &self.0.join(MARKER)) => return Ok(Some(WriteLock(marker))),
                Ok(()) | Err(std::fs::TryLockError::WouldBlock) => {}
                Err(std::fs::TryLockError::Error(error)) => return Err(error),
            }
            if begun.elapsed() >= patience {
                return Ok(None);
            }
            if begun.elapsed() > TELL_AFTER && !told {
                tracing::warn!(folder = %self.0.display(), "waiting for another process that writes the search index");
                told = true;
            }
            sleep(BETWEEN_LOOKS);
        }
    }

    /// The marker, which is made where there is none.
    fn marker(&self) -> io::Result<File> {
        make_private_folder(&self.0)?;
        let mut marker = open_private(&self.0.join(MARKER))?;
        if marker.metadata()?.len() == 0 {
            // What it says is for people; an empty one marks as well.
            let _ = io::Write::write_all(&mut marker, MARKED.as_bytes());
        }
        Ok(marker)
    }

    /// Begins a generation: gives its number, and the folder that it is built in. What others left unfinished goes.
    pub(super) fn begin(&self, _: &WriteLock, after: u32) -> io::Result<(u32, PathBuf)> {
        for left in generations(&self.0).into_iter().filter(|generation| !generation.is_complete) {
            remove(&left.path);
        }
        let number = 1 + self.newest().unwrap_or(0).max(after);
        let place = self.0.join(format!("{FORMAT}-{number}{UNFINISHED}"));
        make_private_folder(&place)?;
        Ok((number, place))
    }

    /// Gives a generation that was built its name.
    pub(super) fn finish(&self, _: &WriteLock, number: u32, place: &Path) -> io::Result<()> {
        open_private(&place.join(IN_USE))?;
        std::fs::rename(place, self.generation(number))?;
        sync_folder(place)
    }

    /// Removes what could not be finished, so that it takes no room.
    pub(super) fn abandon(&self, _: &WriteLock, place: &Path) {
        remove(place);
    }

    /// Removes what earlier generations and formats left. Says whether all are gone.
    pub(super) fn remove_older(&self, _: &WriteLock, number: u32, older: Older) -> bool {
        let is_older = |found: &Found| found.format != FORMAT || found.number < number || !found.is_complete;
        let mut all_gone = true;
        for found in generations(&self.0).into_iter().filter(is_older) {
            let in_use = File::open(found.path.join(IN_USE)).is_ok_and(|file| file.try_lock().is_err());
            let removed = (older == Older::Gone || !in_use) && remove(&found.path);
            if !removed {
                tracing::debug!(folder = %found.path.display(), in_use, "an old index was not removed");
            }
            all_gone &= removed;
        }
        all_gone
    }
}

/// A generation's folder.
struct Found {
    path: PathBuf,
    format: u32,
    number: u32,
    is_complete: bool,
}

/// What is named as a generation, and is a folder.
fn generations(folder: &Path) -> Vec<Found> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| found(entry.path()))
        .collect()
}

fn found(path: PathBuf) -> Option<Found> {
    let name = path.file_name()?.to_str()?;
    let (whole, is_complete) = name.strip_suffix(UNFINISHED).map_or((name, true), |whole| (whole, false));
    let (format, number) = whole.split_once('-')?;
    let read = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    // Other numbers, as of months, are someone else's.
    let format = read(format).filter(|format| (1..=NEWEST_FORMAT).contains(format))?;
    Some(Found { format, number: read(number)?, is_complete, path: path.clone() })
}

/// Something in the folder that is no generation of an index.
fn stranger(folder: &Path) -> Option<String> {
    // Where it can't be looked at nothing can be removed, and the index is held in memory.
    let mut entries = std::fs::read_dir(folder).ok()?;
    entries.find_map(|entry| {
        let Ok(entry) = entry else { return Some("what can't be looked at".to_owned()) };
        let is_generation = entry.file_type().is_ok_and(|kind| kind.is_dir())
            && found(entry.path()).is_some()
            && files_of(&entry.path()).is_some();
        (!is_generation).then(|| entry.file_name().to_string_lossy().into_owned())
    })
}

/// The files of a generation; `None` if there is anything else in its folder.
fn files_of(generation: &Path) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(generation).ok()? {
        let entry = entry.ok()?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !entry.file_name().to_str().is_some_and(is_of_a_generation) {
            return None;
        }
        files.push(entry.path());
    }
    let list = generation.join("meta.json");
    (!files.contains(&list) || is_list_of_segments(&list)).then_some(files)
}

/// Whether a file is tantivy's list of an index's segments, or what damage has left of one: others have files of that
/// name, too.
fn is_list_of_segments(file: &Path) -> bool {
    match std::fs::read(file) {
        Ok(bytes) => bytes.is_empty() || bytes.windows(SEGMENTS.len()).any(|part| part == SEGMENTS),
        Err(_) => false,
    }
}

/// What stands in tantivy's list of segments.
const SEGMENTS: &[u8] = b"\"segments\"";

/// Whether a generation has files of such a name: tantivy's, those of a segment (32 hexadecimal digits and what part it
/// is), and what is just written under a name for the time being.
fn is_of_a_generation(name: &str) -> bool {
    let of_a_segment = || {
        let Some((segment, part)) = name.split_once('.') else { return false };
        let is_hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_of_a_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
        segment.len() == 32 && segment.bytes().all(is_hexadecimal) && !part.is_empty() && part.bytes().all(is_of_a_part)
    };
    let for_the_time_being = || {
        let random = name.strip_prefix(".tmp");
        random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    name == IN_USE || OF_TANTIVY.contains(&name) || for_the_time_being() || of_a_segment()
}

/// Removes a generation, and nothing else that may lie in its folder. Says whether it is gone.
fn remove(generation: &Path) -> bool {
    let Some(files) = files_of(generation) else { return !generation.exists() };
    let removed = files.iter().all(|file| std::fs::remove_file(file).is_ok());
    removed && std::fs::remove_dir(generation).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_known_by_its_name_and_by_what_is_in_it() {
        for name in ["5-1", "12-30", "5-1.unfinished"] {
            assert!(found(PathBuf::from("index").join(name)).is_some(), "{name}");
        }
        for name in [
            "2023-10",
            "2023-10.unfinished",
            "0-1",
            "5",
            "5-",
            "-1",
            "5-+1",
            "v5-1",
            "5-1-2",
            "5-1.db",
            "2026-11-24",
            "photos",
            "5-1.unfinished.d",
        ] {
            assert!(found(PathBuf::from("index").join(name)).is_none(), "{name}");
        }
        let segment = "0123456789abcdef0123456789abcdef";
        for part in ["idx", "pos", "term", "store", "store.temp", "fast", "fieldnorm", "42.del"] {
            assert!(is_of_a_generation(&format!("{segment}.{part}")), "{part}");
        }
        for name in ["meta.json", ".managed.json", ".tmpAbC123", ".tantivy-meta.lock", "in-use"] {
            assert!(is_of_a_generation(name), "{name}");
        }
        for name in ["photo.jpg", "store.key", "0123.idx", "meta.json.bak", ".tmp", segment, ".env"] {
            assert!(!is_of_a_generation(name), "{name}");
        }
    }
}
