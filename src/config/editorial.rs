//! The settings of the editorial desk.

use super::{ConfigError, read::Reading};
use crate::model::{Authority, Identity};

/// Reads on whose word roles rest, and what the desk keeps to.
pub(super) fn read(reading: &mut Reading<'_>) -> Result<Authority, ConfigError> {
    let expected = "identities parted by commas, like discord:80351110224678912, matrix:@ana:example.org";
    let admins = identities(reading, "ONRECORD_ADMINS", expected)?;
    let solo = reading.switch("ONRECORD_SOLO", false)?;
    let quote_limit = reading.number("ONRECORD_QUOTE_LIMIT", 1..=2_000)?.unwrap_or(Authority::QUOTE_LIMIT);
    let expected = "channels parted by commas, like discord:1031549384, matrix:!room:example.org";
    let review_channels = identities(reading, "ONRECORD_REVIEW_CHANNELS", expected)?;
    let days = reading.number("ONRECORD_CORRECTION_DAYS", 0..=90)?;
    let correction_days = days.and_then(|days| i64::try_from(days).ok()).unwrap_or(Authority::CORRECTION_DAYS);
    Ok(Authority { admins: admins.into_iter().collect(), solo, quote_limit, review_channels, correction_days })
}

fn identities(reading: &mut Reading<'_>, name: &'static str, expected: &str) -> Result<Vec<Identity>, ConfigError> {
    let value = reading.text(name, "");
    let parts = value.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            part.parse().map_err(|_| ConfigError::Value { name, value: value.clone(), expected: expected.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};

    #[test]
    fn the_first_admins_are_named_and_a_wrong_name_is_said() {
        let config = Config::read(&Variables::of(&[
            ("ONRECORD_ADMINS", "discord:123, matrix:@a:hs"),
            ("ONRECORD_SOLO", "true"),
        ]))
        .unwrap();
        let admins: Vec<String> = config.authority.admins.iter().map(ToString::to_string).collect();
        assert_eq!((admins.join(" "), config.authority.solo), ("discord:123 matrix:@a:hs".to_owned(), true));
        let error = Config::read(&Variables::of(&[("ONRECORD_ADMINS", "ana")])).unwrap_err().to_string();
        assert!(error.starts_with("ONRECORD_ADMINS is \"ana\"; it must be identities"), "{error}");
    }
}
