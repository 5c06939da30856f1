//! The settings of what becomes of addresses on record: whether a running bot asks them, and the keys of the archive.

use super::{
    ConfigError, Secret,
    read::Reading,
    setting::{Setting, TakesEffect},
};

const KEY: &str = "ONRECORD_ARCHIVE_KEY";
const SECRET: &str = "ONRECORD_ARCHIVE_SECRET";

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_LINKS",
        default: "off",
        meaning: "Whether a running bot asks the addresses on record now and then if they still lead to their pages: check or off.",
        secret: false,
        takes_effect: TakesEffect::AtTheNextStart,
    },
    Setting {
        name: KEY,
        default: "",
        meaning: "The access key of an account at the Internet Archive, with which onrecord links archive has pages archived there. Without it only copies are found that there are.",
        secret: true,
        takes_effect: TakesEffect::Never,
    },
    Setting {
        name: SECRET,
        default: "",
        meaning: "The secret that belongs to that key.",
        secret: true,
        takes_effect: TakesEffect::Never,
    },
];

/// What becomes of addresses on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinksConfig {
    /// Whether a running bot asks them.
    pub check: bool,
    /// With what pages are archived; `None` without a key.
    pub keys: Option<ArchiveKeys>,
}

/// The keys of an account at the Internet Archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveKeys {
    /// The access key.
    pub key: Secret,
    /// The secret that belongs to it.
    pub secret: Secret,
}

impl LinksConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, ConfigError> {
        let check = reading.one_of("ONRECORD_LINKS", &[("off", false), ("check", true)])?;
        let keys = match (reading.secret(KEY), reading.secret(SECRET)) {
            (Some(key), Some(secret)) => Some(ArchiveKeys { key, secret }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(ConfigError::value(SECRET, "", "the secret that belongs to ONRECORD_ARCHIVE_KEY"));
            }
            (None, Some(_)) => {
                return Err(ConfigError::value(KEY, "", "the key that ONRECORD_ARCHIVE_SECRET belongs to"));
            }
        };
        Ok(Self { check, keys })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};

    #[test]
    fn a_bot_asks_no_address_unless_it_is_told_and_a_key_has_a_secret() {
        let read = |pairs: &[(&str, &str)]| Config::read(&Variables::of(pairs));
        let links = read(&[]).unwrap().links;
        assert_eq!((links.check, links.keys), (false, None));
        assert!(read(&[("ONRECORD_LINKS", "check")]).unwrap().links.check);
        assert!(read(&[("ONRECORD_LINKS", "on")]).unwrap_err().to_string().contains("off or check"));
        let (key, secret) = (("ONRECORD_ARCHIVE_KEY", "Xq7"), ("ONRECORD_ARCHIVE_SECRET", "Yr8"));
        for alone in [key, secret] {
            let refused = read(&[alone]).unwrap_err().to_string();
            assert!(!refused.contains(alone.1) && refused.contains("belongs to"), "{refused}");
        }
        let config = read(&[key, secret]).unwrap();
        assert!(!format!("{config:?}").contains("Xq7") && !format!("{config:?}").contains("Yr8"));
        assert_eq!(config.links.keys.unwrap().secret.reveal(), "Yr8");
    }
}
