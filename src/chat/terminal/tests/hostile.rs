//! Whether a terminal or a program that reads JSON finds anything in an answer that the document didn't
//! ask for. Parsers are those of others: vte and serde_json.

use url::Url;

use super::{plain, rich};
use crate::{
    chat::{
        hostile::{addresses, assert_legible, every_string_in_every_field},
        terminal::{OutputForm, Settings, Surface, once, render},
    },
    model::is_invisible,
    reply::Reply,
};

/// What a terminal would do.
#[derive(Default)]
struct Terminal {
    links: Vec<String>,
    shown: String,
    other: Vec<String>,
}

impl vte::Perform for Terminal {
    fn print(&mut self, character: char) {
        self.shown.push(character);
    }

    fn execute(&mut self, byte: u8) {
        if byte != b'\n' {
            self.other.push(format!("control {byte:#x}"));
        }
    }

    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.other.push(format!("device control {action:?}"));
    }

    fn osc_dispatch(&mut self, parameters: &[&[u8]], _: bool) {
        match parameters {
            [b"8", _, target @ ..] => {
                // An address may have semicolons.
                let target = target.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(";");
                self.links.extend(Some(target).filter(|target| !target.is_empty()));
            }
            _ => self.other.push(format!("command {parameters:?}")),
        }
    }

    fn csi_dispatch(&mut self, parameters: &vte::Params, intermediates: &[u8], _: bool, action: char) {
        let numbers: Vec<u16> = parameters.iter().flatten().copied().collect();
        let ours = [&[0][..], &[1], &[2], &[4], &[36], &[1, 36], &[1, 33], &[1, 31]];
        if action != 'm' || !intermediates.is_empty() || !ours.contains(&numbers.as_slice()) {
            self.other.push(format!("sequence {numbers:?} {action:?}"));
        }
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        // The end of a command is a sequence of its own to a parser.
        if byte != b'\\' {
            self.other.push(format!("escape {:?}", char::from(byte)));
        }
    }
}

fn terminal(drawn: &str) -> Terminal {
    let mut terminal = Terminal::default();
    vte::Parser::new().advance(&mut terminal, drawn.as_bytes());
    terminal
}

fn on_terminal(reply: &Reply) -> Vec<String> {
    let asked = addresses(reply);
    for (bare, rich) in [(plain(30), rich(80)), (plain(80), rich(30))] {
        assert_legible(&render(reply, &bare));
        let shown = terminal(&render(reply, &rich));
        assert_eq!(shown.other, Vec::<String>::new());
        assert_legible(&shown.shown);
        for link in &shown.links {
            // vte reads no more than 16 parameters: what follows many semicolons is cut off.
            let cut = link.matches(';').count() > 12;
            let is_target = |asked: &Url| {
                Ok(asked) == Url::parse(link).as_ref() || (cut && asked.as_str().starts_with(link.as_str()))
            };
            assert!(asked.iter().any(is_target), "nobody asked for {link}");
        }
    }
    Vec::new()
}

fn as_json(reply: &Reply) -> Vec<String> {
    let mut out = Vec::new();
    let settings = Settings { place: Surface::Pipe, ..plain(80) };
    once(reply, OutputForm::Json, &settings, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(!out.chars().any(|character| character != '\n' && is_invisible(character)), "{out:?}");
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    value
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| format!("{name} {}", value.as_array().map_or(0, Vec::len)))
        .collect()
}

#[test]
fn a_terminal_finds_in_hostile_text_only_what_the_document_asks_for() {
    every_string_in_every_field(on_terminal);
}

#[test]
fn json_of_hostile_text_has_the_same_structure_and_nothing_to_obey() {
    every_string_in_every_field(as_json);
}
