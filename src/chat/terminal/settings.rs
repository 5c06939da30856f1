//! What a terminal can show, and where what it shows is typed. Read once from the environment.

use std::io::{IsTerminal, stdin, stdout};

/// The longest line of running text, in columns: longer ones are tiring to read. Addresses, which
/// are never broken, may be longer.
pub const MAX_MEASURE: usize = 100;

/// The narrowest terminal that is drawn for, in columns; narrower ones break the lines themselves.
pub const MIN_WIDTH: usize = 20;

/// The width where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 80;

/// Where requests are typed that an answer suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// At the console's prompt, where an empty line asks for the next page.
    Console,
    /// At a shell's prompt, which has its own ideas about quotation marks and no memory.
    CommandLine,
    /// In lines that are read one by one.
    Pipe,
}

/// How an answer is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The columns of the terminal; at least [`MIN_WIDTH`] are used.
    pub width: usize,
    /// Whether colours and weights are shown.
    pub colour: bool,
    /// Whether links can be followed; otherwise addresses are printed in full.
    pub hyperlinks: bool,
    /// Whether our own signs may go beyond ASCII. Text of the records is shown as it is.
    pub unicode: bool,
    /// Whether it goes to a terminal, where JSON too is laid out to be read.
    pub terminal: bool,
    /// Where the suggested requests are typed.
    pub place: Surface,
    /// What stands before a request: `!`, or `onrecord ` on a command line.
    pub prefix: String,
}

/// The environment variables that say what a terminal can show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR`: set and not empty, it turns colours off (<https://no-color.org>).
    pub no_color: Option<String>,
    /// `CLICOLOR_FORCE`: set and not `0`, it turns colours on without a terminal.
    pub clicolor_force: Option<String>,
    /// `TERM`: `dumb` has neither colours nor links.
    pub term: Option<String>,
    /// The first set and not empty of `LC_ALL`, `LC_CTYPE` and `LANG`: whether it names UTF-8.
    pub locale: Option<String>,
    /// `COLUMNS`: the width where there is no terminal to ask.
    pub columns: Option<String>,
}

impl Environment {
    /// The variables as they are now.
    #[must_use]
    pub fn read() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            no_color: variable("NO_COLOR"),
            clicolor_force: variable("CLICOLOR_FORCE"),
            term: variable("TERM"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable),
            columns: variable("COLUMNS"),
        }
    }
}

impl Settings {
    /// The settings for this program's output, as its terminal is now.
    #[must_use]
    pub fn of_stdout(environment: &Environment, place: Surface, prefix: impl Into<String>) -> Self {
        let width = terminal_size::terminal_size_of(stdout()).map(|(width, _)| usize::from(width.0));
        let hyperlinks = supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
        Self::new(environment, stdout().is_terminal(), width, hyperlinks, place, prefix)
    }

    fn new(
        environment: &Environment,
        is_terminal: bool,
        width: Option<usize>,
        hyperlinks: bool,
        place: Surface,
        prefix: impl Into<String>,
    ) -> Self {
        let dumb = environment.term.as_deref() == Some("dumb");
        let forced = environment.clicolor_force.as_deref().is_some_and(|value| value != "0");
        let named = environment.columns.as_deref().and_then(|columns| columns.parse().ok());
        Self {
            width: width.filter(|&width| width > 0).or(named).unwrap_or(DEFAULT_WIDTH),
            colour: environment.no_color.is_none() && (forced || (is_terminal && !dumb)),
            hyperlinks: hyperlinks && !dumb,
            unicode: !is_terminal || environment.locale.as_deref().is_none_or(is_utf8),
            terminal: is_terminal,
            place,
            prefix: prefix.into(),
        }
    }

    /// The columns for running text.
    pub(super) fn measure(&self) -> usize {
        self.width.clamp(MIN_WIDTH, MAX_MEASURE)
    }
}

/// Whether a person sits at both ends: the console is for them, lines for everything else.
#[must_use]
pub fn is_interactive() -> bool {
    stdin().is_terminal() && stdout().is_terminal()
}

/// Whether a locale writes UTF-8. `C` and `POSIX` say nothing of the terminal, and are what
/// containers have; today's terminals there are UTF-8 all the same.
fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8") || !locale.contains('.')
}

/// How many lines an entry in short takes with its responses, in the middle of what was seen on the shipped entries.
const LINES_PER_ENTRY: usize = 8;

/// How many lines the heading and what can be asked next take.
const LINES_AROUND: usize = 8;

/// How many entries about fit on the terminal's screen at once; `None` where there is no terminal.
#[must_use]
pub fn entries_that_fit() -> Option<usize> {
    let (_, height) = terminal_size::terminal_size_of(stdout())?;
    Some((usize::from(height.0).saturating_sub(LINES_AROUND) / LINES_PER_ENTRY).clamp(2, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(environment: &Environment, is_terminal: bool) -> Settings {
        Settings::new(environment, is_terminal, None, true, Surface::Console, "!")
    }

    fn some(value: &str) -> Option<String> {
        Some(value.to_owned())
    }

    #[test]
    fn colours_are_for_terminals_that_have_them_and_readers_who_want_them() {
        let plain = Environment::default();
        assert!(settings(&plain, true).colour);
        assert!(!settings(&plain, false).colour);
        let forced = Environment { clicolor_force: some("1"), ..plain.clone() };
        assert!(settings(&forced, false).colour);
        assert!(!settings(&Environment { no_color: some("1"), ..forced }, true).colour);
        let dumb = Environment { term: some("dumb"), ..plain };
        assert!(!settings(&dumb, true).colour && !settings(&dumb, true).hyperlinks);
    }

    #[test]
    fn the_width_is_the_terminals_or_what_columns_says() {
        let environment = Environment { columns: some("120"), ..Environment::default() };
        assert_eq!(settings(&environment, false).width, 120);
        assert_eq!(settings(&Environment { columns: some("wide"), ..environment.clone() }, false).width, 80);
        let asked = Settings::new(&environment, true, Some(40), false, Surface::CommandLine, "onrecord ");
        assert_eq!(asked.width, 40);
    }

    #[test]
    fn only_a_locale_of_another_encoding_keeps_signs_to_ascii() {
        for (locale, unicode) in [("en_GB.UTF-8", true), ("C", true), ("de_DE.ISO-8859-1", false)] {
            let environment = Environment { locale: some(locale), ..Environment::default() };
            assert_eq!(settings(&environment, true).unicode, unicode, "{locale}");
        }
    }
}
