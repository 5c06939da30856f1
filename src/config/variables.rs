//! The variables that configure the program: those of the environment first, then those of `.env`.

use std::{collections::BTreeMap, path::Path};

use super::{SettingOrigin, env_file};

/// The variables that configure the program.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    pub(super) environment: BTreeMap<String, String>,
    pub(super) file: BTreeMap<String, String>,
    /// The file, if others than its owner can read it.
    pub(super) open_file: Option<String>,
    /// What is odd about the file.
    pub(super) remarks: Vec<String>,
}

/// Why the configuration can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// `.env` can't be read.
    #[error("{file} can't be read: {reason}")]
    File {
        /// The file.
        file: String,
        /// What is wrong, with the line where there is one.
        reason: String,
    },
    /// A variable has a value that it can't have.
    #[error("{name} is {value:?}; it must be {expected}")]
    Value {
        /// The variable.
        name: &'static str,
        /// The value as it is set.
        value: String,
        /// What it can be.
        expected: String,
    },
}

/// The largest `.env`, in bytes. The limit is ours: it has a line for each setting.
const MOST_BYTES: u64 = crate::files::MIB;

impl Variables {
    /// The process's environment, and the file `.env` of the working folder where there is one.
    ///
    /// # Errors
    /// When the file is there but can't be read.
    pub fn load(env_file: &Path) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let shown = env_file.display().to_string();
        let failed = |reason: String| ConfigError::File { file: shown.clone(), reason };
        let read = if env_file.is_file() {
            let bytes = crate::files::read(env_file, MOST_BYTES).map_err(|error| {
                failed(match error {
                    crate::files::FileError::Io(error) => error.to_string(),
                    other => format!("it {other}"),
                })
            })?;
            let text = String::from_utf8(bytes).map_err(|error| failed(not_text(&error)))?;
            env_file::read(&text).map_err(|fault| failed(fault.to_string()))?
        } else {
            env_file::EnvFile::default()
        };
        let remarks = read
            .repeated
            .iter()
            .map(|(name, lines)| {
                let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
                format!("{shown} sets {name} more than once (lines {}); the last one counts", lines.join(", "))
            })
            .collect();
        let open_file = lies_open(env_file).then(|| env_file.display().to_string());
        Ok(Self { environment, file: read.values, open_file, remarks })
    }

    /// Variables given one by one, as if they were in the environment.
    #[must_use]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        let environment = pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { environment, ..Self::default() }
    }

    pub(super) fn environment(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    /// The value that is set for a variable.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|(value, _)| value)
    }

    /// An empty value counts as none, so that `NAME=` in a file or on a command line unsets it.
    pub(super) fn get(&self, name: &str) -> Option<(&str, SettingOrigin)> {
        let environment = self.environment.get(name).map(|value| (value.as_str(), SettingOrigin::Environment));
        let file = self.file.get(name).map(|value| (value.as_str(), SettingOrigin::File));
        environment.into_iter().chain(file).find(|(value, _)| !value.is_empty())
    }
}

impl ConfigError {
    /// Of a variable that has a value that it can't have.
    pub(super) fn value(name: &'static str, value: &str, expected: &str) -> Self {
        Self::Value { name, value: value.to_owned(), expected: expected.to_owned() }
    }
}

#[cfg(unix)]
fn lies_open(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn lies_open(_: &Path) -> bool {
    false
}

/// Which line is no text.
fn not_text(error: &std::string::FromUtf8Error) -> String {
    let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let advice = "save it as UTF-8";
    format!("line {line}: it is not UTF-8 text; {advice}")
}

#[cfg(test)]
mod tests {
    use super::super::{Config, LogFormat};
    use super::*;

    #[test]
    fn the_environment_comes_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        std::fs::write(&file, "# comment\nONRECORD_DATABASE=\"a b.db\"\nONRECORD_LOG_FORMAT=json\n").unwrap();
        let mut variables = Variables::load(&file).unwrap();
        variables.environment = BTreeMap::from([("ONRECORD_LOG_FORMAT".to_owned(), "human".to_owned())]);
        let config = Config::read(&variables).unwrap();
        assert_eq!(config.data.database, Path::new("a b.db"));
        assert_eq!(config.log.format, LogFormat::Human);
        std::fs::write(&file, "SECRET TOKEN\n").unwrap();
        let message = Variables::load(&file).unwrap_err().to_string();
        assert!(message.contains("NAME=value") && !message.contains("SECRET"), "{message}");
        std::fs::write(&file, b"# \xfc\nA=1\n").unwrap();
        let message = Variables::load(&file).unwrap_err().to_string();
        assert!(message.ends_with("can't be read: line 1: it is not UTF-8 text; save it as UTF-8"), "{message}");
    }

    #[test]
    fn what_the_file_sets_twice_or_by_a_name_near_ours_is_pointed_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        let text = "DISCORD_TOKN=x\nmatrix_user=x\nADMINS=x\nDISCORD_BOT_TOKEN=x\nONRECORD_DISCORD_TOKEN=x\n\
                    POSTGRES_PASSWORD=x\nONRECORD_SOLO=on\nONRECORD_SOLO=off\nONRECORD_COLOUR=x\n";
        std::fs::write(&file, text).unwrap();
        let variables = Variables { environment: BTreeMap::new(), ..Variables::load(&file).unwrap() };
        let said = Config::read(&variables).unwrap().remarks.join("\n");
        insta::assert_snapshot!(said.replace(&folder.path().display().to_string(), "FOLDER"));
    }
}
