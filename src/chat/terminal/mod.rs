//! The terminal: an interactive console, lines from a pipe, and one answer for a command line.
//!
//! It is given functions that answer and complete a line, and knows nothing of what is behind them:
//! not the desk, the records or the index. Everything that comes from data or from a person is stripped of control
//! characters before it is drawn: the only escape sequences that leave this module are its own.

mod answer;
mod ask;
mod canvas;
mod clean;
mod console;
mod flow;
mod footer;
mod input;
mod line;
mod markup;
mod piped;
mod render;
mod settings;
mod style;
mod wording;

pub use answer::{OutputForm, exit_code, once};
pub use ask::line_of_words;
pub use console::{Complete, Console, may_be_history};
pub use input::MAX_LINE_BYTES;
pub use line::TypedForm;
pub use piped::Piped;
pub use render::render;
pub use settings::{Environment, MAX_MEASURE, MIN_WIDTH, Settings, Surface, entries_that_fit, is_interactive};
pub use wording::intro;

#[cfg(test)]
pub(super) mod tests;
