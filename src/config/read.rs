//! Reading variables: from the environment first, then from `.env`.

use std::{collections::BTreeMap, ops::RangeInclusive, path::Path};

use super::{
    InForce, SETTINGS, Secret, SettingOrigin, env_file,
    mask::masked_address,
    nearest::{nearest, nearest_of_file},
};
use crate::model::MAX_PREFIX;

/// The variables that configure the program.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
    /// The file, if others than its owner can read it.
    open_file: Option<String>,
    /// What is odd about the file.
    remarks: Vec<String>,
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
    fn get(&self, name: &str) -> Option<(&str, SettingOrigin)> {
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

/// The default that is listed for a setting.
fn default_of(name: &str) -> &'static str {
    SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default)
}

/// Reads settings and remembers which are in force.
pub(super) struct Reading<'a> {
    variables: &'a Variables,
    in_force: Vec<InForce>,
}

impl<'a> Reading<'a> {
    pub(super) const fn new(variables: &'a Variables) -> Self {
        Self { variables, in_force: Vec::new() }
    }

    /// The variables that it reads from.
    pub(super) const fn variables(&self) -> &'a Variables {
        self.variables
    }

    fn note(&mut self, name: &'static str, value: String, origin: SettingOrigin) {
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
            let value = if setting.secret && origin != SettingOrigin::Default { "(set)".to_owned() } else { value };
            self.in_force.push(InForce { setting, value, origin });
        }
    }

    /// A text; where none is set, the default that is listed.
    pub(super) fn text(&mut self, name: &'static str) -> String {
        self.text_or(name, default_of(name))
    }

    /// As [`Reading::text`], with a default that is worked out.
    pub(super) fn text_or(&mut self, name: &'static str, default: &str) -> String {
        let (value, origin) = self.variables.get(name).unwrap_or((default, SettingOrigin::Default));
        let value = value.to_owned();
        self.note(name, value.clone(), origin);
        value
    }

    /// What stands before typed commands; `None`: nothing does.
    pub(super) fn prefix(&mut self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let prefix = self.text(name);
        let fits = (1..=MAX_PREFIX).contains(&prefix.chars().count()) && !prefix.contains(char::is_whitespace);
        match prefix.as_str() {
            "off" => Ok(None),
            _ if fits => Ok(Some(prefix)),
            _ => Err(ConfigError::value(name, &prefix, "1 to 5 signs without a space, or off")),
        }
    }

    /// A secret; `None` where none is set.
    pub(super) fn secret(&mut self, name: &'static str) -> Option<Secret> {
        Some(self.text(name)).filter(|text| !text.trim().is_empty()).map(Secret::new)
    }

    /// As [`Reading::text`], of an address: credentials in it are not shown.
    pub(super) fn address(&mut self, name: &'static str) -> String {
        let (value, origin) = self.variables.get(name).unwrap_or(("", SettingOrigin::Default));
        let value = value.to_owned();
        self.note(name, masked_address(&value), origin);
        value
    }

    /// Whether something is on that is off unless it is set.
    pub(super) fn off_by_default(&mut self, name: &'static str) -> Result<bool, ConfigError> {
        self.switch(name, "off")
    }

    /// Whether something is on that is on unless it is set.
    pub(super) fn on_by_default(&mut self, name: &'static str) -> Result<bool, ConfigError> {
        self.switch(name, "on")
    }

    fn switch(&mut self, name: &'static str, default: &str) -> Result<bool, ConfigError> {
        let words = [("on", true), ("off", false), ("true", true), ("false", false)];
        self.choice(name, &words, default, "on or off".to_owned())
    }

    /// One of several words, of which the first is the default.
    pub(super) fn one_of<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.choice(name, words, known.first().unwrap_or(&""), known.join(" or "))
    }

    fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        words: &[(&str, T)],
        default: &str,
        expected: String,
    ) -> Result<T, ConfigError> {
        let (value, origin) = self.variables.get(name).unwrap_or((default, SettingOrigin::Default));
        let chosen = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(value)).map(|(_, value)| *value);
        let value = value.to_owned();
        self.note(name, value.clone(), origin);
        chosen.ok_or(ConfigError::Value { name, value, expected })
    }

    pub(super) fn number(
        &mut self,
        name: &'static str,
        range: RangeInclusive<usize>,
    ) -> Result<Option<usize>, ConfigError> {
        let Some((value, origin)) = self.variables.get(name) else {
            self.note(name, default_of(name).to_owned(), SettingOrigin::Default);
            return Ok(None);
        };
        let number = value.parse().ok().filter(|number| range.contains(number));
        let value = value.to_owned();
        self.note(name, value.clone(), origin);
        let expected = format!("a number from {} to {}", range.start(), range.end());
        number.map(Some).ok_or(ConfigError::Value { name, value, expected })
    }

    pub(super) fn finish(self) -> (Vec<InForce>, Vec<String>) {
        let ours = |name: &&String| SETTINGS.iter().any(|setting| setting.name == name.as_str());
        let of_environment = self.variables.environment.keys();
        let mut unknown: BTreeMap<&String, Option<&'static str>> = of_environment
            .filter(|name| name.starts_with("ONRECORD_") && !ours(name))
            .map(|name| (name, nearest(name)))
            .collect();
        // A file for this program has little else in it, so that a name near one of ours is taken for it.
        let of_file = self.variables.file.keys().filter(|name| !ours(name));
        unknown.extend(
            of_file
                .map(|name| (name, nearest_of_file(name)))
                .filter(|(name, meant)| meant.is_some() || name.starts_with("ONRECORD_")),
        );
        // Said, not refused: where files are handed to a container their modes are often not ours to set.
        let secret = self.in_force.iter().find(|entry| entry.setting.secret && entry.origin == SettingOrigin::File);
        let open = self.variables.open_file.as_ref().zip(secret).map(|(file, entry)| {
            format!("{file} holds {} and can be read by others; run chmod 600 {file}", entry.setting.name)
        });
        let remarks = unknown
            .into_iter()
            .map(|(name, meant)| match meant {
                Some(setting) => format!("{name} is set but nothing reads it; did you mean {setting}?"),
                None => format!("{name} is set but nothing reads it; onrecord config lists what is read"),
            })
            .chain(self.variables.remarks.iter().cloned())
            .chain(open)
            .collect();
        (self.in_force, remarks)
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
    fn nothing_has_to_be_set() {
        let config = Config::read(&Variables::default()).unwrap();
        assert_eq!(config.data.database, Path::new("onrecord.db"));
        assert_eq!(config.data.index, Path::new("onrecord.db.index"));
        assert_eq!(config.terminal.history, None);
        assert!(config.remarks.is_empty());
        assert_eq!(config.in_force.len(), SETTINGS.len(), "a setting is listed that nothing reads");
    }

    #[test]
    fn a_wrong_value_is_named_with_what_it_can_be() {
        for (name, value, message) in [
            ("ONRECORD_LOG_FORMAT", "xml", "ONRECORD_LOG_FORMAT is \"xml\"; it must be human or json"),
            ("ONRECORD_SHIPPED_DATA", "maybe", "ONRECORD_SHIPPED_DATA is \"maybe\"; it must be on or off"),
            ("ONRECORD_PAGE_SIZE", "0", "ONRECORD_PAGE_SIZE is \"0\"; it must be a number from 1 to 50"),
        ] {
            let error = Config::read(&Variables::of(&[(name, value)])).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_variable_that_nothing_reads_is_pointed_out() {
        let variables = Variables::of(&[("ONRECORD_DATABSE", "x"), ("ONRECORD_COLOUR", "x"), ("PATH", "x")]);
        insta::assert_snapshot!(Config::read(&variables).unwrap().remarks.join("\n"), @r"
        ONRECORD_COLOUR is set but nothing reads it; onrecord config lists what is read
        ONRECORD_DATABSE is set but nothing reads it; did you mean ONRECORD_DATABASE?
        ");
    }

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

    #[test]
    fn the_example_file_has_every_setting_with_its_default() {
        let example = include_str!("../../.env.example");
        for setting in SETTINGS {
            assert!(example.contains(&format!("# {}=", setting.name)), ".env.example lacks {}", setting.name);
            let words = |text: &str| text.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>().join(" ");
            assert!(
                words(example).contains(&words(setting.meaning)),
                ".env.example explains {} otherwise",
                setting.name
            );
        }
    }
}
