//! A picture of a terminal: what it shows, drawn as SVG.

use std::fmt::Write as _;

use onrecord::model::is_invisible;

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
const FONTS: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,&quot;DejaVu Sans Mono&quot;,\
&quot;Noto Sans Mono CJK SC&quot;,monospace";

/// Draws the text of a terminal of so many columns, with its colours and weights, in a window that
/// has this title. Links, cursor movements and other sequences are left out; lines that are longer
/// are broken as a terminal breaks them.
pub fn svg(title: &str, ansi: &str, columns: usize) -> String {
    let screen = Screen::read(ansi, columns.max(1));
    let width = units(columns.max(1)).mul_add(COLUMN, 2.0 * MARGIN);
    let height = units(screen.lines.len()).mul_add(LINE, BAR + MARGIN);
    let title = escape(title);
    let mut out = String::new();
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" font-family=\"{FONTS}\" font-size=\"{FONT_SIZE}\">\n\
<title>{title}</title>\n\
<rect width=\"100%\" height=\"100%\" rx=\"9\" fill=\"{BACKGROUND}\"/>\n\
<circle cx=\"20\" cy=\"17\" r=\"5.5\" fill=\"#ff5f57\"/><circle cx=\"39\" cy=\"17\" r=\"5.5\" fill=\"#febc2e\"/>\
<circle cx=\"58\" cy=\"17\" r=\"5.5\" fill=\"#28c840\"/>\n\
<text x=\"{:.1}\" y=\"21.5\" text-anchor=\"middle\" font-size=\"12.5\" fill=\"#8b949e\">{title}</text>\n",
        width / 2.0
    );
    for (row, stretches) in screen.lines.iter().enumerate() {
        for stretch in stretches {
            draw(&mut out, stretch, units(row).mul_add(LINE, BAR));
        }
    }
    out.push_str("</svg>\n");
    out
}

/// Draws a stretch of text whose line begins at `top`.
fn draw(out: &mut String, stretch: &Stretch, top: f64) {
    let x = units(stretch.column).mul_add(COLUMN, MARGIN);
    let length = units(stretch.columns) * COLUMN;
    let Ink { bold, dim, italic, underline, reverse, colour } = stretch.ink;
    let named = colour.and_then(|colour| PALETTE.get(usize::from(colour))).copied().unwrap_or(FOREGROUND);
    let (fill, behind) = if reverse { (BACKGROUND, Some(named)) } else { (named, None) };
    if let Some(behind) = behind {
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{length:.1}\" height=\"{LINE}\" fill=\"{behind}\"/>"
        );
    }
    let mut looks = String::new();
    for (is_so, look) in [
        (bold, " font-weight=\"bold\""),
        (dim, " fill-opacity=\"0.62\""),
        (italic, " font-style=\"italic\""),
        (underline, " text-decoration=\"underline\""),
    ] {
        if is_so {
            looks.push_str(look);
        }
    }
    // Whatever font is found, columns stay in line: a stretch of narrow characters is fitted to its
    // length, and a wide one stands in the middle of its columns.
    let (x, fitted) = if stretch.wide {
        (x + length / 2.0, " text-anchor=\"middle\"".to_owned())
    } else {
        (x, format!(" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\""))
    };
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\"{fitted} xml:space=\"preserve\" fill=\"{fill}\"{looks}>{}</text>",
        top + 14.5,
        escape(&stretch.text)
    );
}

/// Text as XML takes it.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Characters that XML 1.0 has no way to write, or that can't be seen.
            '\u{fffe}' | '\u{ffff}' => {}
            character if is_invisible(character) => {}
            character => escaped.push(character),
        }
    }
    escaped
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
        );
        insta::assert_snapshot!(picture);
    }

    #[test]
    fn nothing_that_xml_forbids_gets_into_a_picture() {
        let picture = svg("\u{0}\u{ffff}", "\u{1}<script>\u{7}\u{fffe}&amp;\u{202e}", 40);
        assert!(picture.contains("&lt;script&gt;&amp;amp;"));
        assert!(picture.chars().all(|character| character == '\n' || !character.is_control()));
        assert!(!picture.contains(['\u{fffe}', '\u{ffff}', '\u{202e}']));
    }
}
