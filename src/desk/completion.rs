//! One way to go on with what is being typed, and where names and words give some.

use crate::search::{NamedEntity, Names};

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What stands in place of what was typed.
    pub replacement: String,
    /// What is shown to choose from.
    pub label: String,
}

/// The most completions that are offered (Discord, "Autocomplete": 25 choices).
pub(super) const OFFERED: usize = 25;

/// Those of the words that begin as typed.
pub(super) fn words_of(words: &[&str], typed: &str) -> Vec<Completion> {
    words
        .iter()
        .filter(|word| word.starts_with(typed))
        .map(|&word| Completion { replacement: word.to_owned(), label: word.to_owned() })
        .collect()
}

/// Entities whose names begin with what was typed, then those that it is near to.
pub(super) fn entities(names: &Names, typed: &str, fits: impl Fn(&NamedEntity) -> bool) -> Vec<Completion> {
    let mut ids = names.beginning_with(typed, usize::MAX);
    if ids.len() < 5 && !typed.trim().is_empty() {
        for id in names.suggestions(typed, 10) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids.into_iter()
        .filter_map(|id| names.entity(id))
        .filter(|entity| fits(entity))
        .take(OFFERED)
        .map(|entity| {
            let wholes: Vec<&str> = names.wholes(entity.id).iter().map(|whole| whole.name.as_str()).collect();
            let place = if wholes.is_empty() { String::new() } else { format!(", {}", wholes.join(", ")) };
            Completion { replacement: entity.name.clone(), label: format!("{}{place} ({})", entity.name, entity.kind) }
        })
        .collect()
}
