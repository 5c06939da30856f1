//! Whether texts are found by what they mean, in a sentence, without opening the model.

use std::path::Path;

use super::PINNED;

/// How the model at a place stands, in words that follow "Found by meaning:".
#[must_use]
pub fn standing(model: &Path) -> String {
    if !cfg!(feature = "semantic") {
        return "no, by words alone: this program was built without the feature semantic".to_owned();
    }
    match std::fs::metadata(model) {
        Ok(found) if found.is_file() && found.len() == PINNED.bytes => format!("yes, by {}", PINNED.name),
        Ok(_) => format!(
            "no, by words alone: {} is not the model that is known; onrecord model status tells more",
            model.display()
        ),
        Err(_) => "no, by words alone: no model is installed; to fetch it: onrecord model install".to_owned(),
    }
}
