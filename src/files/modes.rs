//! Who may read a file. What holds the ids of people is for its owner alone; what is published keeps the umask.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

/// Whom a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Its owner: it holds the ids of people.
    Owner,
    /// Whomever the umask lets read it: it holds what is published anyway.
    Public,
}

impl Audience {
    /// The mode that a file of it is made with; the umask takes from it.
    #[cfg(unix)]
    pub(super) const fn mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Public => 0o666,
        }
    }
}

/// Opens a file for reading and writing; makes one that its owner alone may read if there is none.
///
/// # Errors
/// When it can't be opened.
pub fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, Audience::Owner.mode());
    options.open(path)
}

/// Makes a file that its owner alone may read.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where there is one; otherwise when it can't be made.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, Audience::Owner.mode());
    options.open(path)
}

/// Makes a folder that its owner alone may look into, and the folders above it as the umask has them. One that is there
/// stays as it is.
///
/// # Errors
/// When it can't be made.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(super::folder_of(path))?;
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are Unix's"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        // Another process may have come first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Whether everyone on the machine may read a file or look into a folder, and gets as far as there. A group's access may
/// be meant, so it isn't counted.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    let Ok(path) = std::fs::canonicalize(path) else { return false };
    let mut folders = path.ancestors().skip(1);
    others_may(&path, 0o004) && folders.all(|folder| others_may(folder, 0o001))
}

/// Whether those who are neither the owner nor of the group have this right.
#[cfg(unix)]
fn others_may(path: &Path, right: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & right != 0)
}

#[cfg(not(unix))]
fn others_may(_: &Path, _: u32) -> bool {
    false
}
