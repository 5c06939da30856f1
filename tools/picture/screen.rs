//! What a terminal of a given width shows for a text with escape sequences: stretches of one look,
//! each at its column. Understands "select graphic rendition" and passes over everything else.

use std::{iter::Peekable, str::Chars};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute that a terminal turns on and off by itself")]
pub struct Ink {
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underline: bool,
    pub reverse: bool,
    /// One of the sixteen colours.
    pub colour: Option<u8>,
}

/// A stretch of text of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins, from 0.
    pub column: usize,
    /// How many columns it takes.
    pub columns: usize,
    pub text: String,
    pub ink: Ink,
    /// Whether it is one character of several columns: such a one stands alone, as fonts that have it
    /// differ in how wide they make it.
    pub wide: bool,
}

/// The lines of a terminal.
#[derive(Debug, Default)]
pub struct Screen {
    pub lines: Vec<Vec<Stretch>>,
    columns: usize,
    column: usize,
}

impl Screen {
    /// Reads a text with escape sequences.
    pub fn read(ansi: &str, columns: usize) -> Self {
        let mut screen = Self { lines: vec![Vec::new()], columns, column: 0 };
        let mut ink = Ink::default();
        let mut text = String::new();
        let mut characters = ansi.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\u{1b}' => {
                    screen.write(&std::mem::take(&mut text), ink);
                    escape_sequence(&mut characters, &mut ink);
                }
                '\n' => {
                    screen.write(&std::mem::take(&mut text), ink);
                    screen.next_line();
                }
                '\t' => text.push(' '),
                character if character.is_control() => {}
                character => text.push(character),
            }
        }
        screen.write(&text, ink);
        while screen.lines.len() > 1 && screen.lines.last().is_some_and(Vec::is_empty) {
            screen.lines.pop();
        }
        screen
    }

    fn next_line(&mut self) {
        self.lines.push(Vec::new());
        self.column = 0;
    }

    fn write(&mut self, text: &str, ink: Ink) {
        for cluster in text.graphemes(true) {
            let width = cluster.width();
            if self.column + width > self.columns {
                self.next_line();
            }
            self.place(cluster, width, ink);
            self.column += width;
        }
    }

    /// Puts a character at the end of the current line, joined to the stretch before where it is alike.
    fn place(&mut self, cluster: &str, width: usize, ink: Ink) {
        let column = self.column;
        let Some(line) = self.lines.last_mut() else { return };
        let visible = cluster != " " || ink.reverse;
        match line.last_mut() {
            Some(last) if last.ink == ink && !last.wide && width == 1 && last.column + last.columns == column => {
                last.text.push_str(cluster);
                last.columns += width;
            }
            // Spaces before a stretch say no more than where it begins.
            Some(_) | None if visible && width > 0 => {
                line.push(Stretch { column, columns: width, text: cluster.to_owned(), ink, wide: width > 1 });
            }
            Some(_) | None => {}
        }
    }
}

/// Reads an escape sequence, of which the first character has been taken.
fn escape_sequence(characters: &mut Peekable<Chars<'_>>, ink: &mut Ink) {
    match characters.next() {
        Some('[') => {
            let mut parameters = String::new();
            for character in characters.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&character) {
                    if character == 'm' {
                        select(&parameters, ink);
                    }
                    return;
                }
                parameters.push(character);
            }
        }
        // An operating system command ends with BEL or with ESC and a backslash.
        Some(']') => {
            while let Some(character) = characters.next() {
                if character == '\u{7}' || (character == '\u{1b}' && characters.next_if_eq(&'\\').is_some()) {
                    return;
                }
            }
        }
        Some(_) | None => {}
    }
}

/// Selects how the text that follows looks.
fn select(parameters: &str, ink: &mut Ink) {
    for parameter in parameters.split(';') {
        match parameter.parse::<u8>().unwrap_or(0) {
            0 => *ink = Ink::default(),
            1 => ink.bold = true,
            2 => ink.dim = true,
            3 => ink.italic = true,
            4 => ink.underline = true,
            7 => ink.reverse = true,
            22 => (ink.bold, ink.dim) = (false, false),
            23 => ink.italic = false,
            24 => ink.underline = false,
            27 => ink.reverse = false,
            code @ 30..=37 => ink.colour = Some(code - 30),
            39 => ink.colour = None,
            code @ 90..=97 => ink.colour = Some(code - 90 + 8),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ansi: &str, columns: usize) -> Vec<Vec<(usize, String)>> {
        let lines = Screen::read(ansi, columns).lines;
        lines.into_iter().map(|line| line.into_iter().map(|part| (part.column, part.text)).collect()).collect()
    }

    fn at(column: usize, text: &str) -> (usize, String) {
        (column, text.to_owned())
    }

    #[test]
    fn wide_characters_take_two_columns_and_long_lines_are_broken() {
        assert_eq!(shown("a悉尼b", 40), [vec![at(0, "a"), at(1, "悉"), at(3, "尼"), at(5, "b")]]);
        assert_eq!(shown("abc悉尼\n\n", 4), [vec![at(0, "abc")], vec![at(0, "悉"), at(2, "尼")]]);
    }

    #[test]
    fn spaces_between_looks_are_places_and_not_text() {
        assert_eq!(shown("  a\u{1b}[1m  b c\u{1b}[0m", 40), [vec![at(2, "a"), at(5, "b c")]]);
    }

    #[test]
    fn other_sequences_are_passed_over() {
        assert_eq!(shown("\u{1b}]8;;https://a.example\u{7}x\u{1b}[2J\u{1b}[?25ly\u{1b}", 40), [vec![at(0, "xy")]]);
    }
}
