//! A file that someone names, to be written whole or not at all.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Audience, Existing, Guards, TargetError, Unfinished, check_target};

/// A file that is to be written, and may be.
#[derive(Debug)]
pub struct OutputFile {
    /// As it was named.
    named: PathBuf,
    /// Where that is.
    target: PathBuf,
    existing: Existing,
    audience: Audience,
}

impl OutputFile {
    /// Looks whether a file may be written, before what goes into it is worked out.
    ///
    /// # Errors
    /// When it may not.
    pub fn check(named: &Path, existing: Existing, audience: Audience, guards: &Guards) -> Result<Self, TargetError> {
        let target = check_target(named, existing, guards)?;
        Ok(Self { named: named.to_owned(), target, existing, audience })
    }

    /// Writes it.
    ///
    /// # Errors
    /// When its name is taken by now, or it can't be written. What bore the name stays then.
    pub fn write(self, contents: &[u8]) -> Result<(), TargetError> {
        let Self { named, target, existing, audience } = self;
        let write = || {
            let mut file = Unfinished::beside(&target, audience)?;
            if audience == Audience::Public {
                // Who may read what is replaced may read what comes in its place.
                file.take_mode_of(&target)?;
            }
            file.write_all(contents)?;
            file.finish(&target, existing)
        };
        write().map_err(|source| {
            if source.kind() == io::ErrorKind::AlreadyExists {
                TargetError::Exists(named)
            } else {
                TargetError::Write { path: named, source }
            }
        })
    }
}
