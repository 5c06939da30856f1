//! Which files a store has open, and whether they still lie where they were opened.
//!
//! A file that is deleted or replaced stays open for whoever opened it: everything seems to be written, and is gone when
//! the process ends. SQLite doesn't tell; device and inode do. They are asked for by name alone: opening the database a
//! second time in this process and closing it again would drop SQLite's locks on it (fcntl, "F_SETLK").

use std::path::{Path, PathBuf};

use crate::files::beside;
use crate::store::{database::connection::LOGS, failure::Failure, open_error::OpenError};

/// How often opening is tried while the file is being replaced.
const ATTEMPTS: u32 = 3;

/// What tells a file from every other, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The file of this name; `None` where there is none, or the system has no such numbers.
    fn at(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let found = std::fs::metadata(path).ok()?;
            Some(Self { device: found.dev(), inode: found.ino() })
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            None
        }
    }
}

/// The files of a database that is open: its own, the write-ahead log and the log's index.
#[derive(Debug)]
pub(in crate::store) struct OpenFiles {
    path: PathBuf,
    database: Option<FileId>,
    /// Each with what its name ends with. As long as one connection stays open, SQLite keeps both.
    logs: [(&'static str, Option<FileId>); LOGS.len()],
}

impl OpenFiles {
    /// Opens a connection that reads, and so opens the log, and takes note of what it has open.
    pub(in crate::store) fn open<T>(
        path: &Path,
        open: impl Fn() -> Result<T, OpenError>,
    ) -> Result<(T, Self), OpenError> {
        for _ in 0..ATTEMPTS {
            let before = FileId::at(path);
            let connection = open()?;
            let database = FileId::at(path);
            // What was made just now had no name before.
            if before.is_none() || before == database {
                let logs = LOGS.map(|suffix| (suffix, FileId::at(&beside(path, suffix))));
                return Ok((connection, Self { path: path.to_owned(), database, logs }));
            }
        }
        Err(OpenError::Locked { path: path.to_owned() })
    }

    /// That what is open is what others find under the names.
    pub(in crate::store) fn check(&self) -> Result<(), Failure> {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(wrong) = displaced(&self.path, self.database) {
            return Err(Failure::Displaced(format!("the database's file, {}, {wrong}", name(&self.path))));
        }
        for (suffix, opened) in &self.logs {
            let log = beside(&self.path, suffix);
            if let Some(wrong) = displaced(&log, *opened) {
                return Err(Failure::Displaced(format!("the file beside the database, {}, {wrong}", name(&log))));
            }
        }
        Ok(())
    }
}

/// What became of a file that was opened under this name; `None` if it is still there.
fn displaced(path: &Path, opened: Option<FileId>) -> Option<&'static str> {
    let opened = opened?;
    match FileId::at(path) {
        Some(found) if found == opened => None,
        Some(_) => Some("was replaced by another while the program had it open"),
        None => Some("was deleted or moved while the program had it open"),
    }
}
