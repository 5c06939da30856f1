//! The terminal's own settings. Nothing but `chat/terminal` and the command line goes by them.

use std::path::PathBuf;

use super::{
    ConfigError, Variables,
    read::Reading,
    setting::{Setting, TakesEffect},
};

/// Its settings, in the order in which they are shown.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "ONRECORD_HISTORY",
        default: "onrecord/history in the user's folder for state",
        meaning: "Where the console keeps what was typed, for the next time; off keeps nothing.",
        secret: false,
        takes_effect: TakesEffect::Never,
    },
    Setting {
        name: "ONRECORD_PAGE_SIZE",
        default: "as many as fit",
        meaning: "How many entries a page has in the terminal: 1 to 50.",
        secret: false,
        takes_effect: TakesEffect::Never,
    },
];

/// How the terminal keeps and shows.
#[derive(Debug, Clone)]
pub struct TerminalConfig {
    /// Where what was typed is kept for the next time; `None`: nowhere.
    pub history: Option<PathBuf>,
    /// How many entries a page has; `None`: as many as fit.
    pub page_size: Option<usize>,
}

impl TerminalConfig {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, ConfigError> {
        let default = default_history(reading.variables());
        let history = reading.text_or("ONRECORD_HISTORY", &default);
        let page_size = reading.number("ONRECORD_PAGE_SIZE", 1..=50)?;
        Ok(Self { history: (history != "off").then(|| PathBuf::from(history)), page_size })
    }
}

/// Where the console keeps what was typed: the user's folder for state (XDG Base Directory
/// Specification), if there is a home at all.
fn default_history(variables: &Variables) -> String {
    let state = variables
        .environment("XDG_STATE_HOME")
        .filter(|folder| !folder.is_empty())
        .or_else(|| variables.environment("HOME").map(|home| format!("{home}/.local/state")));
    state.map_or_else(|| "off".to_owned(), |state| format!("{state}/onrecord/history"))
}
