//! What a file that someone names may be written over: nothing unasked, and never what the program lives on.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};

use super::{folder_of, identity};

/// What is done with a file that bears the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Refuse,
    /// It is replaced.
    Replace,
}

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// It is one that the program lives on.
    #[error("{} is {what}; nothing was written, name another file", .path.display())]
    Guarded {
        /// The file as it was named.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// Its name is taken.
    #[error("{} is there already; nothing was written, name another file or add --force to replace it", .0.display())]
    Exists(PathBuf),
    /// It is a folder, a pipe, a device, or a link to nothing.
    #[error("{} is {what}; nothing was written, name a file, or none for standard output where that is possible", .path.display())]
    NoFile {
        /// What was named.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// It can't be written.
    #[error("{} can't be written: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What is never written over, whatever is asked.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    files: Vec<(PathBuf, String)>,
    folders: Vec<(PathBuf, String)>,
}

impl Guards {
    /// Guards a file, whether it is there or not; `what` it is, in words that follow "is".
    pub fn file(&mut self, path: impl Into<PathBuf>, what: impl Into<String>) {
        self.files.push((path.into(), what.into()));
    }

    /// Guards all that lies in a folder or will.
    pub fn folder(&mut self, path: impl Into<PathBuf>, what: impl Into<String>) {
        self.folders.push((path.into(), what.into()));
    }

    /// What a file is that is guarded, under this name or another: spelt otherwise, through a link, or as a second name.
    fn holds(&self, path: &Path) -> Option<&str> {
        let (place, found) = (place(path), std::fs::metadata(path).ok().and_then(|found| identity(&found)));
        let is_it = |other: &Path| {
            let same_place = place.is_some() && place == self::place(other);
            same_place || (found.is_some() && std::fs::metadata(other).ok().and_then(|it| identity(&it)) == found)
        };
        if let Some((_, what)) = self.files.iter().find(|(file, _)| is_it(file)) {
            return Some(what);
        }
        let lies_in = |folder: &Path| {
            let Ok(folder) = std::fs::canonicalize(folder) else { return false };
            let inside = place.as_ref().is_some_and(|place| place.starts_with(&folder));
            inside || found.is_some_and(|found| identities_in(&folder).contains(&found))
        };
        self.folders.iter().find(|(folder, _)| lies_in(folder)).map(|(_, what)| what.as_str())
    }
}

/// Where a path leads, also where nothing is there yet.
fn place(path: &Path) -> Option<PathBuf> {
    std::fs::canonicalize(path)
        .or_else(|_| {
            std::fs::canonicalize(folder_of(path)).map(|folder| folder.join(path.file_name().unwrap_or_default()))
        })
        .ok()
}

/// The files in a folder and in those within it, by what tells them from all others.
fn identities_in(folder: &Path) -> HashSet<(u64, u64)> {
    let mut found = HashSet::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => waiting.push(entry.path()),
                Ok(metadata) => found.extend(identity(&metadata)),
                Err(_) => {}
            }
        }
    }
    found
}

/// Where a link leads; any other path as it is.
///
/// # Errors
/// When the link leads to nothing.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => std::fs::canonicalize(path),
        Ok(_) | Err(_) => Ok(path.to_owned()),
    }
}

/// Whether a file may be written where someone named it; gives where that is, as a link is followed.
///
/// # Errors
/// When it may not.
pub fn check_target(path: &Path, existing: Existing, guards: &Guards) -> Result<PathBuf, TargetError> {
    let no_file = |what| TargetError::NoFile { path: path.to_owned(), what };
    if let Some(what) = guards.holds(path) {
        return Err(TargetError::Guarded { path: path.to_owned(), what: what.to_owned() });
    }
    if path.file_name().is_none() {
        return Err(no_file("a folder"));
    }
    let target = resolved(path).map_err(|_| no_file("a link to what isn't there"))?;
    match std::fs::metadata(&target) {
        Ok(found) if found.is_dir() => Err(no_file("a folder")),
        Ok(found) if !found.is_file() => Err(no_file("a pipe or a device")),
        Ok(_) if existing == Existing::Refuse => Err(TargetError::Exists(path.to_owned())),
        Ok(_) => Ok(target),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(target),
        Err(source) => Err(TargetError::Write { path: path.to_owned(), source }),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_guarded_file_is_known_by_every_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("onrecord.db"), "records").unwrap();
        std::fs::create_dir_all(at("store/keys")).unwrap();
        std::fs::write(at("store/keys/one"), "key").unwrap();
        std::fs::write(at("other"), "mine").unwrap();
        std::os::unix::fs::symlink("onrecord.db", at("link")).unwrap();
        std::os::unix::fs::symlink("store", at("link-to-store")).unwrap();
        std::os::unix::fs::symlink("nothing", at("link-to-nothing")).unwrap();
        std::fs::hard_link(at("onrecord.db"), at("second-name")).unwrap();
        std::fs::hard_link(at("store/keys/one"), at("second-key")).unwrap();
        let mut guards = Guards::default();
        guards.file(at("onrecord.db"), "the database");
        guards.file(at("onrecord.db-wal"), "the database's log");
        guards.folder(at("store"), "in the store");
        let check = |name: &str| check_target(&at(name), Existing::Replace, &guards).map_err(|error| error.to_string());
        for (name, what) in [
            ("onrecord.db", "the database;"),
            ("store/../onrecord.db", "the database;"),
            ("link", "the database;"),
            ("second-name", "the database;"),
            ("onrecord.db-wal", "the database's log"),
            ("store/../onrecord.db-wal", "the database's log"),
            ("store/new", "in the store"),
            ("link-to-store/keys/new", "in the store"),
            ("second-key", "in the store"),
            ("link-to-nothing", "a link to what isn't there"),
            ("store/..", "a folder"),
        ] {
            let refused = check(name).unwrap_err();
            assert!(refused.contains(what), "{name}: {refused}");
        }
        assert_eq!(check("other"), Ok(at("other")));
        assert_eq!(check("new"), Ok(at("new")));
        let refused = check_target(&at("other"), Existing::Refuse, &guards).unwrap_err();
        assert!(matches!(refused, TargetError::Exists(_)), "{refused}");
    }
}
