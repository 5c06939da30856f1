//! Replies in, what a terminal shows out.

mod hostile;
mod pipes;
mod properties;
pub(in crate::chat) mod samples;
mod snapshots;

use super::{Settings, Surface};

/// Plain text of so many columns, as at the console.
fn plain(width: usize) -> Settings {
    Settings {
        width,
        colour: false,
        hyperlinks: false,
        unicode: true,
        terminal: true,
        place: Surface::Console,
        prefix: "!".to_owned(),
    }
}

/// The same with colours and links.
fn rich(width: usize) -> Settings {
    Settings { colour: true, hyperlinks: true, ..plain(width) }
}
