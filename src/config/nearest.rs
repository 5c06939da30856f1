//! The setting that a name is taken for which is none.

use super::SETTINGS;

/// The setting that a name is taken for: at most two letters away from it, in any case.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_uppercase();
    if name.chars().count() > 60 {
        return None;
    }
    let dfa = levenshtein_automata::LevenshteinAutomatonBuilder::new(2, true).build_dfa(&name);
    SETTINGS
        .iter()
        .filter_map(|setting| match dfa.eval(setting.name.as_bytes()) {
            levenshtein_automata::Distance::Exact(distance) => Some((distance, setting.name)),
            levenshtein_automata::Distance::AtLeast(_) => None,
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// As [`nearest`], also without a prefix that it lacks or has too many of, and without `BOT`, which other programs'
/// names have in them.
pub(super) fn nearest_of_file(name: &str) -> Option<&'static str> {
    let upper = name.to_uppercase();
    let with = format!("ONRECORD_{upper}");
    let without = upper.strip_prefix("ONRECORD_").unwrap_or(&upper);
    [upper.as_str(), &with, without, &upper.replace("_BOT_", "_")].into_iter().find_map(nearest)
}
