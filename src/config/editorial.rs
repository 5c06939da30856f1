//! The settings of the editorial desk.

use super::{
    ConfigError,
    read::Reading,
    setting::{Setting, TakesEffect},
};
use crate::model::{Authority, Identity, IdentityError, Limits};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_ADMINS",
        default: "",
        meaning: "The first admins, who give everyone else their roles: identities parted by commas, like discord:80351110224678912, matrix:@ana:example.org, terminal:ana.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_SOLO",
        default: "off",
        meaning: "Whether the only reviewer may approve what they proposed themselves: on or off. It is refused where there are more.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_QUOTE_LIMIT",
        default: "500",
        meaning: "The most characters that a quote may have: 1 to 2000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_REVIEW_CHANNELS",
        default: "",
        meaning: "The channels in which new proposals are announced, parted by commas, like discord:1031549384, matrix:!room:example.org.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_CORRECTION_DAYS",
        default: "30",
        meaning: "For how many days the bot's answers are edited when an entry that they show is corrected or retracted: 0 to 90.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_LIMIT_PERSON",
        default: "5",
        meaning: "How many requests of one person are answered within 10 seconds: 1 to 1000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_LIMIT_CHANNEL",
        default: "20",
        meaning: "How many requests in one channel are answered within 10 seconds: 1 to 10000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_LIMIT_COMMUNITY",
        default: "60",
        meaning: "How many requests in one community are answered within 10 seconds: 1 to 10000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_LIMIT_OVERALL",
        default: "400",
        meaning: "How many requests are answered within 10 seconds in all: 1 to 100000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_OPEN_PROPOSALS",
        default: "50",
        meaning: "How many proposals of one person may wait for a decision: 1 to 10000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_OPEN_FORMS",
        default: "5",
        meaning: "How many forms one person may have begun to fill in: 1 to 100.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_OPEN_SUGGESTIONS",
        default: "10",
        meaning: "How many suggested links of one person may wait: 0 to 1000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
    Setting {
        name: "ONRECORD_DAILY_SUGGESTIONS",
        default: "20",
        meaning: "How many links one person may suggest within 24 hours: 0 to 1000.",
        secret: false,
        takes_effect: TakesEffect::AtOnce,
    },
];

/// Reads on whose word roles rest, and what the desk keeps to.
pub(super) fn read(reading: &mut Reading<'_>) -> Result<Authority, ConfigError> {
    let expected = "identities parted by commas, like discord:80351110224678912, matrix:@ana:example.org";
    let admins = identities(reading, "ONRECORD_ADMINS", expected, Identity::written_of_a_person)?;
    let solo = reading.off_by_default("ONRECORD_SOLO")?;
    let quote_limit = reading.number("ONRECORD_QUOTE_LIMIT", 1..=2_000)?.unwrap_or(Authority::QUOTE_LIMIT);
    let expected = "channels parted by commas, like discord:1031549384, matrix:!room:example.org";
    let review_channels = identities(reading, "ONRECORD_REVIEW_CHANNELS", expected, Identity::written)?;
    let days = reading.number("ONRECORD_CORRECTION_DAYS", 0..=90)?;
    let correction_days = days.and_then(|days| i64::try_from(days).ok()).unwrap_or(Authority::CORRECTION_DAYS);
    let limits = limits(reading)?;
    Ok(Authority { admins: admins.into_iter().collect(), solo, quote_limit, review_channels, correction_days, limits })
}

/// Reads how much one may ask and hand in.
fn limits(reading: &mut Reading<'_>) -> Result<Limits, ConfigError> {
    let default = Limits::default();
    let mut number = |name, range, default| Ok(reading.number(name, range)?.unwrap_or(default));
    Ok(Limits {
        person: number("ONRECORD_LIMIT_PERSON", 1..=1_000, default.person)?,
        channel: number("ONRECORD_LIMIT_CHANNEL", 1..=10_000, default.channel)?,
        community: number("ONRECORD_LIMIT_COMMUNITY", 1..=10_000, default.community)?,
        overall: number("ONRECORD_LIMIT_OVERALL", 1..=100_000, default.overall)?,
        open_proposals: number("ONRECORD_OPEN_PROPOSALS", 1..=10_000, default.open_proposals)?,
        open_forms: number("ONRECORD_OPEN_FORMS", 1..=100, default.open_forms)?,
        open_suggestions: number("ONRECORD_OPEN_SUGGESTIONS", 0..=1_000, default.open_suggestions)?,
        daily_suggestions: number("ONRECORD_DAILY_SUGGESTIONS", 0..=1_000, default.daily_suggestions)?,
    })
}

fn identities(
    reading: &mut Reading<'_>,
    name: &'static str,
    expected: &str,
    read: impl Fn(&str) -> Result<Identity, IdentityError>,
) -> Result<Vec<Identity>, ConfigError> {
    let value = reading.text(name);
    let parts = value.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            read(part).map_err(|error| ConfigError::Value {
                name,
                value: value.clone(),
                expected: format!("{expected}; {error}"),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Variables};
    use crate::model::Limits;

    #[test]
    fn limits_are_set_one_by_one_and_are_otherwise_as_they_are_listed() {
        let config = Config::read(&Variables::of(&[("ONRECORD_LIMIT_PERSON", "9"), ("ONRECORD_OPEN_FORMS", "1")]));
        let wanted = Limits { person: 9, open_forms: 1, ..Limits::default() };
        assert_eq!(config.unwrap().authority.limits, wanted);
        let listed = |name: &str| {
            let setting = super::super::SETTINGS.iter().find(|setting| setting.name == name).unwrap();
            setting.default.parse::<usize>().unwrap()
        };
        let default = Limits::default();
        for (name, limit) in [
            ("ONRECORD_LIMIT_PERSON", default.person),
            ("ONRECORD_LIMIT_CHANNEL", default.channel),
            ("ONRECORD_LIMIT_COMMUNITY", default.community),
            ("ONRECORD_LIMIT_OVERALL", default.overall),
            ("ONRECORD_OPEN_PROPOSALS", default.open_proposals),
            ("ONRECORD_OPEN_FORMS", default.open_forms),
            ("ONRECORD_OPEN_SUGGESTIONS", default.open_suggestions),
            ("ONRECORD_DAILY_SUGGESTIONS", default.daily_suggestions),
        ] {
            assert_eq!(listed(name), limit, "{name}");
            assert!(Config::read(&Variables::of(&[(name, "none")])).is_err(), "{name}");
        }
    }

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
