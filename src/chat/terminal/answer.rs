//! One answer, written once: as text, or as JSON for programs.

use std::io::{self, ErrorKind, Write};

use serde_json::Error;

use super::{render::render, settings::Settings};
use crate::{
    model::is_invisible,
    reply::{Outcome, Reply, json::JsonReply},
};

/// In what form answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputForm {
    /// Text for people.
    Text,
    /// JSON: laid out when one answer goes to a terminal, else on one line.
    Json,
}

/// The exit code for an outcome: 0 answered, 1 nothing found, 2 put wrongly, 3 failed.
#[must_use]
pub const fn exit_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Answered => 0,
        Outcome::NothingFound => 1,
        Outcome::Misused => 2,
        Outcome::Failed => 3,
    }
}

/// Writes one answer and gives the exit code for it. A reader that has left, as `head` does, has had
/// what it wanted.
///
/// # Errors
/// When the answer can't be written.
pub fn once(reply: &Reply, form: OutputForm, settings: &Settings, output: &mut dyn Write) -> io::Result<u8> {
    match write(reply, form, JsonLayout::at(settings), settings, output).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        Ok(()) | Err(_) => Ok(exit_code(reply.outcome)),
    }
}

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonLayout {
    /// In lines, to be read by people.
    Lines,
    /// In one line.
    OneLine,
}

impl JsonLayout {
    /// As it is wanted of one answer by itself.
    const fn at(settings: &Settings) -> Self {
        if settings.terminal { Self::Lines } else { Self::OneLine }
    }
}

/// Writes an answer.
pub(super) fn write(
    reply: &Reply,
    form: OutputForm,
    layout: JsonLayout,
    settings: &Settings,
    output: &mut dyn Write,
) -> io::Result<()> {
    match form {
        OutputForm::Text => output.write_all(render(reply, settings).as_bytes()),
        OutputForm::Json if layout == JsonLayout::Lines => {
            write_json(serde_json::to_string_pretty(&JsonReply::of(reply)), output)
        }
        OutputForm::Json => write_json(serde_json::to_string(&JsonReply::of(reply)), output),
    }
}

/// Writes JSON with every character escaped that can't be seen, as JSON may also go to a terminal.
fn write_json(json: Result<String, Error>, output: &mut dyn Write) -> io::Result<()> {
    let json = json?;
    let mut escaped = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        // Line breaks of the layout are the only control characters outside of strings.
        if character != '\n' && is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    escaped.push('\n');
    output.write_all(escaped.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_escapes_what_a_terminal_would_obey_and_means_the_same() {
        let mut out = Vec::new();
        let text = "a\u{9b}2J\u{202e}\u{e0001}\u{1b}b 悉尼\n";
        write_json(serde_json::to_string(&text), &mut out).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert_eq!(written, "\"a\\u009b2J\\u202e\\udb40\\udc01\\u001bb 悉尼\\n\"\n");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
