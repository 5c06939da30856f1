//! The folder of the time stamps: two files for each, what is stamped (`.txt`) and the authority's answer (`.tsr`), named
//! by the time of the stamp.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{AnchorError, text::Stamped};
use crate::{
    files::{self, FileError},
    store::hand_over,
};

/// What the folder's name ends with, behind the database's.
const FOLDER: &str = ".anchors";

/// The largest file that is read, in bytes. A time stamp with its certificates has some five thousand.
pub(super) const LARGEST: u64 = 256 * 1024;

/// The time stamps of a database.
#[derive(Debug)]
pub struct Anchors {
    folder: PathBuf,
    database: PathBuf,
}

/// A time stamp as it was kept.
#[derive(Debug)]
pub struct Anchor {
    /// The file with the authority's answer.
    pub file: PathBuf,
    /// What is stamped; `None` where the text beside it is missing, or isn't one.
    pub stamped: Option<Stamped>,
    /// The authority's answer.
    pub reply: Vec<u8>,
}

#[cfg(feature = "anchor")]
impl Anchor {
    /// Checks the authority's answer, without asking anyone.
    ///
    /// # Errors
    /// When it can't be relied on, or is over another text.
    pub fn check(&self, stamped: &Stamped, roots: &super::Roots) -> Result<super::Stamp, super::TokenError> {
        super::token::check(&self.reply, stamped.text().as_bytes(), None, roots)
    }
}

impl Anchors {
    /// Those of the database at this path.
    #[must_use]
    pub fn of(database: &Path) -> Self {
        let mut name = database.file_name().unwrap_or_default().to_owned();
        name.push(FOLDER);
        Self { folder: database.with_file_name(name), database: database.to_owned() }
    }

    /// All of them, the oldest first; none where there is no folder.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn all(&self) -> Result<Vec<Anchor>, AnchorError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let file = entry.map_err(|error| self.failed(error))?.path();
            if file.extension().is_some_and(|extension| extension == "tsr") {
                files.push(file);
            }
        }
        files.sort();
        files.into_iter().map(|file| self.read(file)).collect()
    }

    fn read(&self, file: PathBuf) -> Result<Anchor, AnchorError> {
        let read = |path: &Path| {
            files::read(path, LARGEST).map_err(|error| match error {
                FileError::Io(error) => error,
                other => std::io::Error::other(format!("{} {other}", path.display())),
            })
        };
        let reply = read(&file).map_err(|error| self.failed(error))?;
        let text = match read(&file.with_extension("txt")) {
            Ok(text) => String::from_utf8(text).ok(),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(self.failed(error)),
        };
        Ok(Anchor { file, stamped: text.as_deref().and_then(Stamped::read), reply })
    }

    /// Keeps a time stamp that was found good: what is stamped first, as it means nothing alone. Says where the answer is.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep(&self, at: Timestamp, stamped: &Stamped, reply: &[u8]) -> Result<PathBuf, AnchorError> {
        self.write(at, stamped, reply).map_err(|error| self.failed(error))
    }

    fn write(&self, at: Timestamp, stamped: &Stamped, reply: &[u8]) -> std::io::Result<PathBuf> {
        if !self.folder.is_dir() {
            #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are Unix's"))]
            let mut builder = std::fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&self.folder)?;
            hand_over(&self.folder, &self.database)?;
        }
        let first = self.folder.join(at.strftime("%Y%m%dT%H%M%SZ").to_string());
        let named = |number: u32| {
            let mut name = first.clone().into_os_string();
            name.push(format!("-{number}"));
            PathBuf::from(name)
        };
        let is_free = |name: &PathBuf| ["txt", "tsr"].iter().all(|ending| !name.with_added_extension(ending).exists());
        let name = std::iter::once(first.clone()).chain((2..).map(named)).find(is_free).unwrap_or(first);
        let (text, answer) = (name.with_added_extension("txt"), name.with_added_extension("tsr"));
        self.write_whole(&text, stamped.text().as_bytes())?;
        if let Err(error) = self.write_whole(&answer, reply) {
            let _ = std::fs::remove_file(&text);
            return Err(error);
        }
        Ok(answer)
    }

    /// Writes a file of ours, private, that is there whole or not at all.
    fn write_whole(&self, file: &Path, content: &[u8]) -> std::io::Result<()> {
        let mut out = tempfile::NamedTempFile::new_in(&self.folder)?;
        out.write_all(content)?;
        out.as_file().sync_all()?;
        hand_over(out.path(), &self.database)?;
        out.persist_noclobber(file)?;
        if cfg!(unix) {
            std::fs::File::open(&self.folder)?.sync_all()?;
        }
        Ok(())
    }

    fn failed(&self, source: std::io::Error) -> AnchorError {
        AnchorError::Folder { folder: self.folder.clone(), source }
    }
}
