//! Reading settings out of the variables: each as what it is, with its default, and noted as it is in force.

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::{
    ConfigError, InForce, SETTINGS, Secret, SettingOrigin, Variables,
    mask::masked_address,
    nearest::{nearest, nearest_of_file},
};
use crate::model::MAX_PREFIX;

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

    /// A variable that is another program's, too.
    pub(super) fn environment(&self, name: &str) -> Option<String> {
        self.variables.environment(name)
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Config;
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
