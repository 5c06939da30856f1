//! Which settings a running bot takes over, and which wait for the next start.

use super::{SETTINGS, Setting, Variables};

/// Those that it takes over.
const AT_ONCE: &[&str] = &[
    "ONRECORD_ADMINS",
    "ONRECORD_BACKUPS",
    "ONRECORD_BACKUPS_KEPT",
    "ONRECORD_BACKUP_HOURS",
    "ONRECORD_CORRECTION_DAYS",
    "ONRECORD_DAILY_SUGGESTIONS",
    "ONRECORD_LIMIT_CHANNEL",
    "ONRECORD_LIMIT_COMMUNITY",
    "ONRECORD_LIMIT_OVERALL",
    "ONRECORD_LIMIT_PERSON",
    "ONRECORD_LOG",
    "ONRECORD_OPEN_FORMS",
    "ONRECORD_OPEN_PROPOSALS",
    "ONRECORD_OPEN_SUGGESTIONS",
    "ONRECORD_QUOTE_LIMIT",
    "ONRECORD_REVIEW_CHANNELS",
    "ONRECORD_SOLO",
];

/// Those that a bot has no use for.
const OF_THE_TERMINAL: &[&str] = &["ONRECORD_HISTORY", "ONRECORD_PAGE_SIZE", "ONRECORD_TSA", "ONRECORD_TSA_CA"];

/// What is to be done about a setting that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesEffect {
    /// A running bot takes it over.
    AtOnce,
    /// The bot must be started anew.
    AtTheNextStart,
}

/// The settings of a bot that differ between two readings of the variables.
#[must_use]
pub fn changes(before: &Variables, after: &Variables) -> Vec<(&'static Setting, TakesEffect)> {
    SETTINGS
        .iter()
        .filter(|setting| !OF_THE_TERMINAL.contains(&setting.name))
        .filter(|setting| before.value(setting.name) != after.value(setting.name))
        .map(|setting| {
            let at_once = AT_ONCE.contains(&setting.name);
            (setting, if at_once { TakesEffect::AtOnce } else { TakesEffect::AtTheNextStart })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_told_apart_by_when_it_takes_effect() {
        let before = Variables::of(&[("ONRECORD_LOG", "info"), ("DISCORD_TOKEN", "a"), ("ONRECORD_SOLO", "on")]);
        let after = Variables::of(&[("ONRECORD_LOG", "warn"), ("DISCORD_TOKEN", "b"), ("ONRECORD_PAGE_SIZE", "3")]);
        let found: Vec<_> = changes(&before, &after).into_iter().map(|(setting, when)| (setting.name, when)).collect();
        assert_eq!(
            found,
            [
                ("ONRECORD_LOG", TakesEffect::AtOnce),
                ("ONRECORD_SOLO", TakesEffect::AtOnce),
                ("DISCORD_TOKEN", TakesEffect::AtTheNextStart),
            ]
        );
        assert!(changes(&after, &after).is_empty());
        for name in AT_ONCE.iter().chain(OF_THE_TERMINAL) {
            assert!(SETTINGS.iter().any(|setting| setting.name == *name), "{name} is no setting");
        }
    }
}
