//! A picture of a terminal: what it shows, drawn as SVG.

use std::io;

use onrecord::model::is_invisible;
use quick_xml::{Writer, events::BytesText};

use crate::screen::{Ink, Screen, Stretch};

/// The width of a column and the height of a line, in the picture's units.
const COLUMN: f64 = 8.4;
const LINE: f64 = 19.0;
const FONT_SIZE: f64 = 14.0;
/// The room around the text, and the height of the bar at the top of the window.
const MARGIN: f64 = 16.0;
const BAR: f64 = 34.0;

const BACKGROUND: &str = "#161b22";
const FOREGROUND: &str = "#d6dde6";
/// The eight colours of SGR 30 to 37, then the bright ones of 90 to 97.
const PALETTE: [&str; 16] = [
    "#484f58", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#d6dde6", "#6e7681", "#ffa198",
    "#a5f3ad", "#f2cc60", "#a5d6ff", "#e2c5ff", "#8be9f0", "#ffffff",
];
const FONTS: &str =
    "ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",\"Noto Sans Mono CJK SC\",monospace";

/// Where the buttons of the window are, and their colours.
const BUTTONS: [(&str, &str); 3] = [("20", "#ff5f57"), ("39", "#febc2e"), ("58", "#28c840")];

/// What is drawn so far.
type Drawing = Writer<Vec<u8>>;

/// Draws the text of a terminal of so many columns, with its colours and weights, in a window that
/// has this title. Links, cursor movements and other sequences are left out; lines that are longer
/// are broken as a terminal breaks them.
///
/// # Errors
/// None that is known: the drawing is in memory.
pub fn svg(title: &str, ansi: &str, columns: usize) -> io::Result<String> {
    let screen = Screen::read(ansi, columns.max(1));
    let width = units(columns.max(1)).mul_add(COLUMN, 2.0 * MARGIN);
    let height = units(screen.lines.len()).mul_add(LINE, BAR + MARGIN);
    let title = visible(title);
    let mut drawing = Writer::new(Vec::new());
    drawing
        .create_element("svg")
        .with_attributes([
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", &format!("{width:.0}")),
            ("height", &format!("{height:.0}")),
            ("viewBox", &format!("0 0 {width:.0} {height:.0}")),
            ("role", "img"),
            ("font-family", FONTS),
            ("font-size", &FONT_SIZE.to_string()),
        ])
        .write_inner_content(|drawing| {
            end_line(drawing);
            window(drawing, &title, width)?;
            for (row, stretches) in screen.lines.iter().enumerate() {
                for stretch in stretches {
                    draw(drawing, stretch, units(row).mul_add(LINE, BAR))?;
                }
            }
            Ok(())
        })?;
    end_line(&mut drawing);
    String::from_utf8(drawing.into_inner()).map_err(io::Error::other)
}

/// Ends a line of the file, so that a picture can be read and compared as text.
fn end_line(drawing: &mut Drawing) {
    drawing.get_mut().push(b'\n');
}

/// Draws the window without what it shows.
fn window(drawing: &mut Drawing, title: &str, width: f64) -> io::Result<()> {
    drawing.create_element("title").write_text_content(BytesText::new(title))?;
    end_line(drawing);
    let all = [("width", "100%"), ("height", "100%"), ("rx", "9"), ("fill", BACKGROUND)];
    drawing.create_element("rect").with_attributes(all).write_empty()?;
    end_line(drawing);
    for (x, fill) in BUTTONS {
        let button = [("cx", x), ("cy", "17"), ("r", "5.5"), ("fill", fill)];
        drawing.create_element("circle").with_attributes(button).write_empty()?;
    }
    end_line(drawing);
    let middle = format!("{:.1}", width / 2.0);
    let place = [("x", &*middle), ("y", "21.5"), ("text-anchor", "middle"), ("font-size", "12.5"), ("fill", "#8b949e")];
    drawing.create_element("text").with_attributes(place).write_text_content(BytesText::new(title))?;
    end_line(drawing);
    Ok(())
}

/// Draws a stretch of text whose line begins at `top`.
fn draw(drawing: &mut Drawing, stretch: &Stretch, top: f64) -> io::Result<()> {
    let x = units(stretch.column).mul_add(COLUMN, MARGIN);
    let length = units(stretch.columns) * COLUMN;
    let Ink { bold, dim, italic, underline, reverse, colour } = stretch.ink;
    let named = colour.and_then(|colour| PALETTE.get(usize::from(colour))).copied().unwrap_or(FOREGROUND);
    let (fill, behind) = if reverse { (BACKGROUND, Some(named)) } else { (named, None) };
    let in_columns = format!("{length:.1}");
    if let Some(behind) = behind {
        let (x, y, height) = (format!("{x:.1}"), format!("{top:.1}"), LINE.to_string());
        let ground = [("x", &*x), ("y", &y), ("width", &in_columns), ("height", &height), ("fill", behind)];
        drawing.create_element("rect").with_attributes(ground).write_empty()?;
        end_line(drawing);
    }
    // Whatever font is found, columns stay in line: a stretch of narrow characters is fitted to its
    // length, and a wide one stands in the middle of its columns.
    let (x, fitted) = if stretch.wide {
        (x + length / 2.0, &[("text-anchor", "middle")][..])
    } else {
        (x, &[("textLength", &*in_columns), ("lengthAdjust", "spacingAndGlyphs")][..])
    };
    let looks = [
        (bold, ("font-weight", "bold")),
        (dim, ("fill-opacity", "0.62")),
        (italic, ("font-style", "italic")),
        (underline, ("text-decoration", "underline")),
    ];
    let (x, y) = (format!("{x:.1}"), format!("{:.1}", top + 14.5));
    drawing
        .create_element("text")
        .with_attributes([("x", &*x), ("y", &y)])
        .with_attributes(fitted.iter().copied())
        .with_attributes([("xml:space", "preserve"), ("fill", fill)])
        .with_attributes(looks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, look)| look))
        .write_text_content(BytesText::new(&visible(&stretch.text)))?;
    end_line(drawing);
    Ok(())
}

/// A text without the characters that XML 1.0 has no way to write, or that can't be seen. The writer escapes the rest.
fn visible(text: &str) -> String {
    text.chars()
        .filter(|&character| !matches!(character, '\u{fffe}' | '\u{ffff}') && !is_invisible(character))
        .collect()
}

/// A count as a length; a picture is never so large that this loses anything.
fn units(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_shows_the_words_with_their_weights_in_their_columns() {
        let picture = svg(
            "onrecord <1>",
            "\u{1b}[1;36mS12\u{1b}[0m 悉尼 & \u{1b}]8;;https://a.example\u{1b}\\ABC\u{1b}]8;;\u{1b}\\",
            40,
        )
        .unwrap();
        insta::assert_snapshot!(picture);
    }

    #[test]
    fn nothing_that_xml_forbids_gets_into_a_picture() {
        let picture = svg("\u{0}\u{ffff}", "\u{1}<script>\u{7}\u{fffe}&amp;\u{202e}", 40).unwrap();
        assert!(picture.contains("&lt;script&gt;&amp;amp;"));
        assert!(picture.chars().all(|character| character == '\n' || !character.is_control()));
        assert!(!picture.contains(['\u{fffe}', '\u{ffff}', '\u{202e}']));
    }
}
