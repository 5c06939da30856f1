//! The settings of anchors: who stamps the history, and by whom that one is known.

use std::path::PathBuf;

use url::Url;

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_TSA",
        default: "",
        meaning: "The address of the time-stamping authority (RFC 3161) that onrecord anchor asks, like https://tsa.example.org/tsr.",
        secret: false,
        takes_effect: TakesEffect::Never,
    },
    Setting {
        name: "ONRECORD_TSA_CA",
        default: "",
        meaning: "The file with the certificates, in PEM, of those who say which time-stamping authorities are real.",
        secret: false,
        takes_effect: TakesEffect::Never,
    },
];

/// Where time stamps come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnchorConfig {
    /// The authority that is asked for them.
    pub authority: Option<Url>,
    /// The file with the certificates that authorities are trusted by.
    pub roots: Option<PathBuf>,
}

impl AnchorConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, ConfigError> {
        let name = "ONRECORD_TSA";
        let address = reading.address(name);
        let wrong = || ConfigError::Value {
            name,
            value: super::without_credentials(&address).into_owned(),
            expected: "the address of a time-stamping authority, like https://tsa.example.org/tsr".to_owned(),
        };
        let is_web = |address: &Url| ["http", "https"].contains(&address.scheme()) && address.has_host();
        let authority = match address.as_str() {
            "" => None,
            address => Some(Url::parse(address).ok().filter(is_web).ok_or_else(wrong)?),
        };
        let roots = reading.text("ONRECORD_TSA_CA");
        Ok(Self { authority, roots: (!roots.is_empty()).then(|| PathBuf::from(roots)) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};

    #[test]
    fn an_authority_has_an_address_on_the_web() {
        let read = |address: &str| Config::read(&Variables::of(&[("ONRECORD_TSA", address)]));
        assert_eq!(read("").unwrap().anchor.authority, None);
        assert_eq!(read("http://127.0.0.1:3180/tsr").unwrap().anchor.authority.unwrap().port(), Some(3180));
        for wrong in ["tsa.example.org", "ftp://tsa.example.org/", "/tsr"] {
            let refused = read(wrong).unwrap_err().to_string();
            assert!(refused.starts_with("ONRECORD_TSA is ") && refused.contains("authority"), "{refused}");
        }
    }
}
