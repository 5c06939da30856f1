//! Copies of the database that the program has put beside it: before an upgrade, and when a backup was put back. They hold
//! all that was on record then, also what was purged since, and stay until someone removes them.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::files::{folder_of, resolved};
use crate::store::{
    database::connection::{self, LOGS},
    schema::migrations,
};

/// What is between the database's name and the rest of a copy's.
const REPLACED: &str = ".replaced-";
const SCHEMA: &str = ".schema-";
const BACKUP: &str = ".backup";

/// A copy that the program has put beside the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Where it is.
    pub path: PathBuf,
    /// Why it was made.
    pub origin: LeftoverOrigin,
    /// How many bytes it has.
    pub size: u64,
    /// When it was written last; what it holds is from then or earlier.
    pub written: SystemTime,
}

/// Why a copy was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftoverOrigin {
    /// An upgrade began.
    BeforeUpgrade,
    /// A backup was put in the database's place.
    Replaced,
}

impl Leftover {
    /// Removes the copy, if it is one of our databases and nothing has it open.
    ///
    /// # Errors
    /// What stands in the way; it is there still.
    pub fn remove(&self) -> Result<(), String> {
        if is_log(&self.path) {
            return std::fs::remove_file(&self.path).map_err(|error| error.to_string());
        }
        let ours = connection::open_for_reading(&self.path, connection::copy_access(&self.path))
            .and_then(|connection| migrations::check_ours(&connection, &self.path));
        ours.map_err(|error| error.to_string())?;
        if crate::files::beside(&self.path, "-shm").exists() {
            return Err("it is open, or was not closed".to_owned());
        }
        std::fs::remove_file(&self.path).map_err(|error| error.to_string())?;
        // What was not folded in when a damaged database was put aside.
        let _ = std::fs::remove_file(crate::files::beside(&self.path, "-wal"));
        Ok(())
    }
}

/// The copies beside the database at `path`, oldest first. Names alone tell them, to the letter.
#[must_use]
pub fn leftovers(path: &Path) -> Vec<Leftover> {
    let mut found = beside(path);
    // Where the database's name is a link, what a restore put aside lies beside what it leads to.
    if let Some(real) = resolved(path).ok().filter(|real| real != path) {
        found.extend(beside(&real));
    }
    found.sort_by(|one, other| (one.written, &one.path).cmp(&(other.written, &other.path)));
    found
}

/// Whether it is the log alone of a database that wasn't there any more when a restore put it aside.
fn is_log(copy: &Path) -> bool {
    LOGS.iter().any(|log| copy.to_string_lossy().ends_with(log))
}

fn beside(path: &Path) -> Vec<Leftover> {
    let Some(own) = path.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let entries = std::fs::read_dir(folder_of(path)).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let whole = LOGS.iter().find_map(|log| name.strip_suffix(log)).unwrap_or(&name);
            let origin = origin(whole.strip_prefix(own)?)?;
            // The log of a copy goes with it.
            if whole != name && path.with_file_name(whole).exists() {
                return None;
            }
            let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            let path = path.with_file_name(entry.file_name());
            Some(Leftover { path, origin, size: metadata.len(), written: metadata.modified().ok()? })
        })
        .collect()
}

/// Why a copy was made, by what follows the database's name: `.schema-4.backup`, `.replaced-20261124T120000Z` and the same
/// with `-2` behind.
fn origin(rest: &str) -> Option<LeftoverOrigin> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(schema) = rest.strip_prefix(SCHEMA).and_then(|rest| rest.strip_suffix(BACKUP)) {
        return is_number(schema).then_some(LeftoverOrigin::BeforeUpgrade);
    }
    let rest = rest.strip_prefix(REPLACED)?;
    let (time, number) = rest.split_once('-').map_or((rest, None), |(time, number)| (time, Some(number)));
    let (day, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let is_time = day.len() == 8 && clock.len() == 6 && is_number(day) && is_number(clock);
    (is_time && number.is_none_or(is_number)).then_some(LeftoverOrigin::Replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_known_by_its_name_to_the_letter() {
        for (name, expected) in [
            (".schema-4.backup", Some(LeftoverOrigin::BeforeUpgrade)),
            (".schema-12.backup", Some(LeftoverOrigin::BeforeUpgrade)),
            (".replaced-20261124T120000Z", Some(LeftoverOrigin::Replaced)),
            (".replaced-20261124T120000Z-2", Some(LeftoverOrigin::Replaced)),
            (".schema-.backup", None),
            (".schema-4.backup.mine", None),
            (".replaced-20261124T120000Z-wal", None),
            (".replaced-20261124", None),
            (".replaced-mine", None),
            ("-wal", None),
            ("", None),
        ] {
            assert_eq!(origin(name), expected, "{name}");
        }
    }
}
