//! Files on disk: who may read them, how they come to be whole or not at all, what is never written over, and how much
//! is read of those that people name.
//!
//! It knows nothing of what stands in them.

mod bounded;
mod lines;
mod modes;
mod output;
mod target;
mod unfinished;

pub use bounded::{FileError, MIB, open_regular, read, read_text};
pub use lines::{BoundedLines, LineRead};
pub use modes::{Audience, create_private, is_open_to_others, make_private_folder, open_private};
pub use output::OutputFile;
pub use target::{Existing, Guards, TargetError, check_target, resolved};
pub use unfinished::Unfinished;

use std::{
    fs::{File, Metadata},
    io,
    path::{Path, PathBuf},
};

/// Makes a rename or a new file last through a loss of power.
///
/// # Errors
/// When the folder can't be synced.
pub fn sync_folder(of: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder_of(of))?.sync_all()?;
    }
    Ok(())
}

/// The folder that a file lies in.
#[must_use]
pub fn folder_of(file: &Path) -> PathBuf {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// The path of what lies beside a file and is named like it, with this behind.
#[must_use]
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    file.with_file_name(name)
}

/// What tells one file from all others of the machine, by whatever name: its device and number.
#[cfg(unix)]
pub(crate) fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// Whether an open file is still the one at its path: it may have been removed or replaced meanwhile.
#[must_use]
pub fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(open), Ok(there)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    there.is_file() && identity(&open) == identity(&there)
}
