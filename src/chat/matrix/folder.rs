//! The folder of the session and the keys: one process at a time, and nobody else may read the key.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use matrix_sdk::SqliteStoreConfig;
use matrix_sdk_store_encryption::{EncryptedValue, StoreCipher};

use super::error::MatrixError;
use crate::{
    config::MatrixConfig,
    files::{Audience, Existing, Unfinished},
};

/// The folder, locked for as long as this value lives.
#[derive(Debug)]
pub(super) struct SessionFolder {
    path: PathBuf,
    secret: Secret,
    _lock: File,
}

enum Secret {
    Key(Box<[u8; 32]>),
    Passphrase(crate::config::Secret),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("(secret)")
    }
}

impl SessionFolder {
    /// Opens the folder, and makes it if there is none.
    pub(super) fn open(config: &MatrixConfig) -> Result<Self, MatrixError> {
        let path = config.store.clone();
        let failed = |error: std::io::Error| MatrixError::Folder { path: path.clone(), reason: error.to_string() };
        make_private(&path).map_err(failed)?;
        let lock = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(path.join("lock"))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(MatrixError::InUse { path }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let secret = match &config.passphrase {
            Some(passphrase) => Secret::Passphrase(passphrase.clone()),
            None => Secret::Key(Box::new(key(&path)?)),
        };
        Ok(Self { path, secret, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where matrix-sdk keeps its databases, and how they are encrypted.
    pub(super) fn store(&self) -> SqliteStoreConfig {
        let config = SqliteStoreConfig::with_low_memory_config(self.databases());
        match &self.secret {
            Secret::Key(key) => config.key(Some(key)),
            Secret::Passphrase(passphrase) => config.passphrase(Some(passphrase.reveal())),
        }
    }

    /// Encrypts what is to lie in the store and is not encrypted there: matrix-sdk writes the values that are
    /// not its own as they are.
    pub(super) fn seal(&self, plain: Vec<u8>) -> Result<Vec<u8>, MatrixError> {
        let failed = |reason: String| MatrixError::Store { path: self.path.clone(), reason };
        let cipher = StoreCipher::new().map_err(|error| failed(error.to_string()))?;
        let exported = match &self.secret {
            Secret::Key(key) => cipher.export_with_key(key),
            Secret::Passphrase(passphrase) => cipher.export(passphrase.reveal()),
        };
        let exported = exported.map_err(|error| failed(error.to_string()))?;
        let value = cipher.encrypt_value_data(plain).map_err(|error| failed(error.to_string()))?;
        serde_json::to_vec(&(exported, value)).map_err(|error| failed(error.to_string()))
    }

    /// What was sealed; `None` if it was not sealed with this key.
    pub(super) fn unseal(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (exported, value): (Vec<u8>, EncryptedValue) = serde_json::from_slice(sealed).ok()?;
        let cipher = match &self.secret {
            Secret::Key(key) => StoreCipher::import_with_key(key, &exported),
            Secret::Passphrase(passphrase) => StoreCipher::import(passphrase.reveal(), &exported),
        };
        cipher.ok()?.decrypt_value_data(value).ok()
    }

    /// Moves the databases of a device that is no more beside where they were. They are kept: their keys
    /// can decrypt what was said before.
    pub(super) fn set_aside(&self) -> Result<(), MatrixError> {
        let failed = |error: std::io::Error| MatrixError::Folder { path: self.path.clone(), reason: error.to_string() };
        if self.databases().exists() {
            if let Some(found) = stranger(&self.databases()).map_err(failed)? {
                let reason = format!("its folder store holds {found}, which is none of the bot's databases");
                return Err(MatrixError::Folder { path: self.path.clone(), reason });
            }
            let aside = self.path.join(format!("store.{}", jiff::Timestamp::now().as_millisecond()));
            std::fs::rename(self.databases(), &aside).map_err(failed)?;
            tracing::warn!(path = %aside.display(), "the databases of the former device were set aside");
        }
        make_private(&self.databases()).map_err(failed)
    }

    fn databases(&self) -> PathBuf {
        self.path.join("store")
    }
}

/// What lies in the folder of the databases and is none of them; matrix-sdk names each so.
fn stranger(databases: &Path) -> std::io::Result<Option<String>> {
    for entry in std::fs::read_dir(databases)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with("matrix-sdk-") || !entry.file_type()?.is_file() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The key of the store: random, in a file that its owner alone can read.
fn key(folder: &Path) -> Result<[u8; 32], MatrixError> {
    let path = folder.join("store.key");
    let failed = |error: std::io::Error| MatrixError::Folder { path: folder.to_owned(), reason: error.to_string() };
    let mut key = [0; 32];
    if path.exists() {
        let mut file = File::open(&path).map_err(failed)?;
        if lies_open(&file).map_err(failed)? {
            return Err(MatrixError::OpenKey { path });
        }
        file.read_exact(&mut key).map_err(failed)?;
        return Ok(key);
    }
    getrandom::fill(&mut key).map_err(|error| failed(std::io::Error::other(error.to_string())))?;
    // Written whole under another name first: half a key would lock the store for good.
    let mut file = Unfinished::beside(&path, Audience::Owner).map_err(failed)?;
    file.write_all(&key).map_err(failed)?;
    file.finish(&path, Existing::Refuse).map_err(failed)?;
    Ok(key)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(unix)]
fn lies_open(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn lies_open(_: &File) -> std::io::Result<bool> {
    Ok(false)
}
