//! A reply as someone reads it, for tests that look for words in it.

use onrecord::{
    chat::terminal::{Settings, Surface, render},
    reply::Reply,
};

/// The text that a terminal shows, on one line: where a line ends depends on the width alone.
pub(crate) fn rendered(reply: &Reply) -> String {
    let settings = Settings {
        width: 200,
        colour: false,
        hyperlinks: false,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: "!".to_owned(),
    };
    let drawn = render(reply, &settings);
    let mut text = String::with_capacity(drawn.len());
    for word in drawn.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        // A word may be parted after its hyphen.
        let is_parted = text.ends_with('-') && !text.ends_with(" -");
        if !text.is_empty() && !is_parted {
            text.push(' ');
        }
        text.push_str(&word.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    text
}
