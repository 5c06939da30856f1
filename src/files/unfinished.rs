//! A file that has no name of its own yet: it gets one once it is whole, and goes if it doesn't become so.
//!
//! It lies beside its target under a name that nobody can guess, is new (whatever was put there before is never
//! followed or opened), and is locked while it is written. So what a process left that ended in the middle is told from
//! what another is just writing, and is removed by the next that writes in the same folder.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

use super::{Audience, Existing, beside, folder_of, is_at, sync_folder};

/// How the name begins and ends; between them stand so many random letters and digits.
const BEFORE: &str = ".onrecord-";
const AFTER: &str = ".unfinished";
const RANDOM: usize = 12;

/// What SQLite puts beside a database that is open (SQLite, "Temporary Files Used By SQLite").
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// How often a name is tried: another process may take a new file for a leftover before it is locked.
const ATTEMPTS: usize = 5;

/// A file that is being written; it goes when it is dropped.
#[derive(Debug)]
pub struct Unfinished {
    file: NamedTempFile,
    _companions: Companions,
}

/// What SQLite puts beside the file while it is open; it goes with this value, where SQLite was cut short.
#[derive(Debug)]
struct Companions(PathBuf);

impl Unfinished {
    /// Begins a file that will lie where `target` is. Removes what earlier ones left in its folder.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn beside(target: &Path, audience: Audience) -> io::Result<Self> {
        let folder = folder_of(target);
        remove_leftovers(&folder);
        let mut builder = Builder::new();
        builder.prefix(BEFORE).suffix(AFTER).rand_bytes(RANDOM);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(audience.mode()));
        #[cfg(not(unix))]
        let _ = audience;
        for _ in 0..ATTEMPTS {
            let file = builder.tempfile_in(&folder)?;
            if file.as_file().try_lock().is_ok() && is_at(file.as_file(), file.path()) {
                let _companions = Companions(file.path().to_owned());
                return Ok(Self { file, _companions });
            }
        }
        Err(io::Error::other("another process removes what is written there"))
    }

    /// Where it lies until it has its name.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Has it read by those who may read `other`, which it will replace.
    ///
    /// # Errors
    /// When its mode can't be set.
    pub fn take_mode_of(&self, other: &Path) -> io::Result<()> {
        match std::fs::metadata(other) {
            Ok(found) => self.file.as_file().set_permissions(found.permissions()),
            Err(_) => Ok(()),
        }
    }

    /// Gives the file its name. With [`Existing::Refuse`] nothing that bears it is replaced, also if it came to be
    /// just now.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where the name is taken; otherwise when it can't be written. What bore the name
    /// stays then.
    pub fn finish(self, target: &Path, existing: Existing) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        let persisted = match existing {
            Existing::Refuse => self.file.persist_noclobber(target),
            Existing::Replace => self.file.persist(target),
        };
        persisted.map_err(|error| error.error)?;
        sync_folder(target)
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Companions {
    fn drop(&mut self) {
        remove_companions(&self.0);
    }
}

fn remove_companions(of: &Path) {
    for companion in COMPANIONS {
        let _ = std::fs::remove_file(beside(of, companion));
    }
}

/// Whether a name is one that we give, to the letter.
fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(BEFORE).and_then(|name| name.strip_suffix(AFTER));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Removes what a process left that ended while it wrote. What can't be removed is in nobody's way.
fn remove_leftovers(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let (whole, companion) = COMPANIONS
            .iter()
            .find_map(|companion| name.strip_suffix(companion))
            .map_or((name, false), |whole| (whole, true));
        if !is_ours(whole) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let is_left = if companion {
            !folder.join(whole).exists()
        } else {
            File::open(&path).is_ok_and(|file| file.try_lock().is_ok() && is_at(&file, &path))
        };
        if is_left {
            tracing::debug!(file = %path.display(), "removed what an earlier run left unfinished");
            let _ = std::fs::remove_file(&path);
            remove_companions(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_left_goes_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("all.toml");
        let left = [".onrecord-abcdefABCDEF.unfinished", ".onrecord-abcdefABCDEF.unfinished-wal"];
        let others = [".onrecord-notes.unfinished", "all.toml.unfinished", ".onrecord-abcdefABCDE_.unfinished"];
        for name in left.iter().chain(&others) {
            std::fs::write(folder.path().join(name), "half").unwrap();
        }
        let mut being_written = Unfinished::beside(&target, Audience::Public).unwrap();
        being_written.write_all(b"whole").unwrap();
        drop(Unfinished::beside(&target, Audience::Owner).unwrap());
        let mut expected: Vec<String> = others.iter().map(|&name| name.to_owned()).collect();
        expected.push(being_written.path().file_name().unwrap().to_str().unwrap().to_owned());
        expected.sort();
        assert_eq!(names(folder.path()), expected);
        being_written.finish(&target, Existing::Refuse).unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "whole");
        // A companion goes once the file that it belongs to has gone.
        std::fs::write(folder.path().join(left[1]), "half").unwrap();
        drop(Unfinished::beside(&target, Audience::Owner).unwrap());
        assert!(!folder.path().join(left[1]).exists());
    }

    #[test]
    fn a_name_that_is_taken_is_replaced_only_on_demand() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("all.toml");
        std::fs::write(&target, "mine").unwrap();
        let begun = || {
            let mut begun = Unfinished::beside(&target, Audience::Public).unwrap();
            begun.write_all(b"new").unwrap();
            begun
        };
        let refused = begun().finish(&target, Existing::Refuse).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
        begun().finish(&target, Existing::Replace).unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(names(folder.path()), ["all.toml"]);
    }
}
