//! Which settings were changed since a bot read them.

use super::{SETTINGS, Setting, TakesEffect, Variables};

/// The settings of a bot that differ between two readings of the variables.
#[must_use]
pub fn changes(before: &Variables, after: &Variables) -> Vec<&'static Setting> {
    let of_a_bot = SETTINGS.iter().filter(|setting| setting.takes_effect != TakesEffect::Never);
    of_a_bot.filter(|setting| before.value(setting.name) != after.value(setting.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_told_apart_by_when_it_takes_effect() {
        let before = Variables::of(&[("ONRECORD_LOG", "info"), ("DISCORD_TOKEN", "a"), ("ONRECORD_SOLO", "on")]);
        let after = Variables::of(&[("ONRECORD_LOG", "warn"), ("DISCORD_TOKEN", "b"), ("ONRECORD_PAGE_SIZE", "3")]);
        let found: Vec<_> =
            changes(&before, &after).into_iter().map(|setting| (setting.name, setting.takes_effect)).collect();
        assert_eq!(
            found,
            [
                ("ONRECORD_LOG", TakesEffect::AtOnce),
                ("ONRECORD_SOLO", TakesEffect::AtOnce),
                ("DISCORD_TOKEN", TakesEffect::AtTheNextStart),
            ]
        );
        assert!(changes(&after, &after).is_empty());
    }
}
