//! Whose a file is, and who may read it: what root makes in a service's folder must be the service's.

use std::{io, path::Path};

/// Owner, group and mode of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Ownership {
    #[cfg(unix)]
    user: u32,
    #[cfg(unix)]
    group: u32,
    /// The bits for owner, group and others; nothing that people write is to be run.
    #[cfg(unix)]
    mode: u32,
}

/// The number of the user root.
#[cfg(unix)]
const ROOT: u32 = 0;

/// Who may do what with a file that holds people's ids: its owner alone.
#[cfg(unix)]
const PRIVATE: u32 = 0o600;

impl Ownership {
    /// That of a file that is there.
    pub(in crate::store) fn of(file: &Path) -> io::Result<Self> {
        let found = std::fs::metadata(file)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            Ok(Self { user: found.uid(), group: found.gid(), mode: found.mode() & 0o666 })
        }
        #[cfg(not(unix))]
        {
            let _ = found;
            Ok(Self {})
        }
    }

    /// That which a file is to have that was made just now and is nobody else's yet: private, and where root made it,
    /// the folder's owner's, as whose folder it is will want to open it.
    pub(in crate::store) fn of_new(file: &Path) -> io::Result<Self> {
        let made = Self::of(file)?;
        #[cfg(unix)]
        {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let owner = if made.user == ROOT { Self::of(folder)? } else { made };
            Ok(Self { mode: PRIVATE, ..owner })
        }
        #[cfg(not(unix))]
        Ok(made)
    }

    /// Gives it to a file, as far as it has another.
    pub(in crate::store) fn give(self, file: &Path) -> io::Result<()> {
        let has = Self::of(file)?;
        if has == self {
            return Ok(());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, chown};
            if (has.user, has.group) != (self.user, self.group) {
                chown(file, Some(self.user), Some(self.group))?;
            }
            std::fs::set_permissions(file, PermissionsExt::from_mode(self.mode))?;
        }
        Ok(())
    }
}

/// Makes what root made beside a database the property of the database's owner, who will want to open it.
///
/// # Errors
/// When the system refuses.
pub fn hand_over(file: &Path, database: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        if std::fs::metadata(file)?.uid() == ROOT {
            let owner = std::fs::metadata(database)?;
            chown(file, Some(owner.uid()), Some(owner.gid()))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (file, database);
    Ok(())
}
