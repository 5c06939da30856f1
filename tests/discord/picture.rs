//! A picture of a message as Discord shows it, drawn from the message's own body for the docs.

use std::fmt::Write;

use quick_xml::escape::partial_escape;
use serde_json::Value;

use crate::fake::Message;

const LINE: f64 = 20.0;

/// The size of text that all lengths here are meant for.
const TEXT: f64 = 14.0;

/// What a message is shown on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    width: f64,
    text: f64,
}

impl Screen {
    pub(crate) const DESKTOP: Self = Self { width: 640.0, text: TEXT };
    /// A common phone, in CSS pixels.
    pub(crate) const PHONE: Self = Self { width: 390.0, text: 16.0 };
}

/// How a piece of text is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Style {
    bold: bool,
    code: bool,
    link: bool,
    small: bool,
    quote: bool,
}

impl Style {
    /// The attributes of a piece.
    fn look(self) -> String {
        let fill = match (self.link, self.bold) {
            (true, _) => " fill=\"#00a8fc\"",
            (false, true) => " fill=\"#fff\"",
            (false, false) => "",
        };
        let weight = if self.bold { " font-weight=\"bold\"" } else { "" };
        let family = if self.code { " font-family=\"monospace\"" } else { "" };
        let size = if self.code || self.small { " font-size=\"12\"" } else { "" };
        let faint = if self.small { " opacity=\"0.75\"" } else { "" };
        [fill, weight, family, size, faint].concat()
    }
}

/// Draws a message that answers one of `asker`'s.
pub(crate) fn svg(asker: &str, asked: &str, message: &Message, screen: Screen) -> String {
    let scale = screen.text / TEXT;
    let width = screen.width / scale;
    let mut canvas = Canvas { body: String::new(), y: 18.0 };
    canvas.speaker(asker, "#f0b232", false);
    canvas.paragraph(asked, 56.0, width - 16.0);
    canvas.y += 12.0;
    canvas.speaker("Onrecord", "#5865f2", true);
    for embed in &message.embeds {
        let top = canvas.y;
        canvas.y += 12.0;
        for line in embed["description"].as_str().unwrap_or_default().lines() {
            canvas.paragraph(line, 76.0, width - 32.0);
        }
        if let Some(footer) = embed["footer"]["text"].as_str() {
            canvas.y += 4.0;
            canvas.words(&[(footer.to_owned(), Style { small: true, ..Style::default() })], 76.0, width - 32.0);
        }
        canvas.y += 6.0;
        let height = canvas.y - top;
        let box_ = format!(
            "<rect x=\"56\" y=\"{top:.0}\" width=\"{:.0}\" height=\"{height:.0}\" rx=\"4\" fill=\"#242429\"/>\
             <rect x=\"56\" y=\"{top:.0}\" width=\"4\" height=\"{height:.0}\" rx=\"2\" fill=\"#{:06x}\"/>",
            width - 72.0,
            embed["color"].as_u64().unwrap_or_default(),
        );
        canvas.body.insert_str(0, &box_);
        canvas.y += 8.0;
    }
    for row in &message.components {
        canvas.row(row);
    }
    let height = (canvas.y + 10.0) * scale;
    let width = screen.width;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"14\" fill=\"#dbdee1\">\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1a1a1e\"/><g transform=\"scale({scale:.3})\">{}</g></svg>\n",
        canvas.body
    )
}

struct Canvas {
    body: String,
    /// Where the next line goes.
    y: f64,
}

impl Canvas {
    fn speaker(&mut self, name: &str, colour: &str, is_app: bool) {
        let y = self.y;
        let app = if is_app { "<tspan fill=\"#949cf7\" font-size=\"11\">  APP</tspan>" } else { "" };
        let _ = write!(
            self.body,
            "<circle cx=\"30\" cy=\"{:.0}\" r=\"16\" fill=\"{colour}\"/>\
             <text x=\"56\" y=\"{:.0}\" font-weight=\"bold\" fill=\"#fff\" xml:space=\"preserve\">{name}{app}</text>",
            y + 8.0,
            y + 6.0
        );
        self.y += 18.0;
    }

    fn paragraph(&mut self, line: &str, left: f64, right: f64) {
        let (line, small) = line.strip_prefix("-# ").map_or((line, false), |line| (line, true));
        let (line, quote) = line.strip_prefix("> ").map_or((line, false), |line| (line, true));
        let top = self.y;
        let left = if quote { left + 12.0 } else { left };
        self.words(&pieces(line, Style { small, quote, ..Style::default() }), left, right);
        if quote {
            let height = self.y - top - 4.0;
            let _ = write!(
                self.body,
                "<rect x=\"{:.0}\" y=\"{:.0}\" width=\"4\" height=\"{height:.0}\" rx=\"2\" fill=\"#4e5058\"/>",
                left - 12.0,
                top + 2.0
            );
        }
    }

    /// Sets words in lines. Each line is one text, so that its words stand as the reader's font has them.
    fn words(&mut self, pieces: &[(String, Style)], left: f64, right: f64) {
        let mut x = left;
        let mut line = String::new();
        for (text, style) in pieces {
            for word in text.split_inclusive(' ') {
                let width = wide(word, *style);
                if x + width > right && x > left {
                    self.line(left, &line);
                    line.clear();
                    x = left;
                }
                let _ = write!(line, "<tspan{}>{}</tspan>", style.look(), partial_escape(word));
                x += width;
            }
        }
        self.line(left, &line);
    }

    fn line(&mut self, left: f64, line: &str) {
        self.y += LINE;
        let baseline = self.y - 5.0;
        let _ = write!(self.body, "<text x=\"{left:.0}\" y=\"{baseline:.0}\" xml:space=\"preserve\">{line}</text>");
    }

    fn row(&mut self, row: &Value) {
        let mut x = 56.0;
        for part in row["components"].as_array().into_iter().flatten() {
            let is_menu = part["type"] == 3;
            let label = if is_menu { &part["placeholder"] } else { &part["label"] }.as_str().unwrap_or_default();
            let label = if is_menu { format!("{label} ▾") } else { label.to_owned() };
            let width = if is_menu { 300.0 } else { wide(&label, Style::default()) + 28.0 };
            let colour = if part["style"] == 1 { "#5865f2" } else { "#3c3d44" };
            let _ = write!(
                self.body,
                "<rect x=\"{x:.0}\" y=\"{:.0}\" width=\"{width:.0}\" height=\"30\" rx=\"5\" fill=\"{colour}\"/>\
                 <text x=\"{:.0}\" y=\"{:.0}\" fill=\"#fff\">{}</text>",
                self.y,
                x + 14.0,
                self.y + 20.0,
                partial_escape(&*label)
            );
            x += width + 8.0;
        }
        self.y += 38.0;
    }
}

/// A line of Discord's markdown as pieces.
fn pieces(line: &str, base: Style) -> Vec<(String, Style)> {
    let mut all = Vec::new();
    let mut plain = String::new();
    let mut style = base;
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        let mut flush = |plain: &mut String| {
            if !plain.is_empty() {
                all.push((std::mem::take(plain), style));
            }
        };
        if let Some(after) = rest.strip_prefix('\\') {
            let taken = after.chars().next().unwrap_or_default();
            plain.push(taken);
            rest = &after[taken.len_utf8()..];
        } else if let Some(after) = rest.strip_prefix("**") {
            flush(&mut plain);
            style.bold = !style.bold;
            rest = after;
        } else if let Some((code, after)) = rest.strip_prefix('`').and_then(|after| after.split_once('`')) {
            flush(&mut plain);
            all.push((code.to_owned(), Style { code: true, ..style }));
            rest = after;
        } else if let Some((moment, after)) = rest.strip_prefix("<t:").and_then(|after| after.split_once(":D>")) {
            let date = jiff::Timestamp::from_second(moment.parse().unwrap()).unwrap();
            plain.push_str(&onrecord::model::Date::of(date).in_words());
            rest = after;
        } else if let Some((label, after)) = link(rest) {
            flush(&mut plain);
            all.extend(pieces(label, Style { link: true, ..style }));
            rest = after;
        } else {
            plain.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        all.push((plain, style));
    }
    all
}

/// The label of a link at the beginning, and what follows the link.
fn link(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('[')?;
    let (label, after) = inner.split_once("](http")?;
    let (_, after) = after.split_once(')')?;
    Some((label, after))
}

/// How wide a text is, nearly: the font is the reader's.
fn wide(text: &str, style: Style) -> f64 {
    let one = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '(' | ')' => 4.2,
        'm' | 'w' | 'M' | 'W' | '@' => 11.5,
        letter if letter.is_uppercase() => 9.6,
        letter if !letter.is_ascii() && letter.is_alphabetic() && letter > '\u{2e80}' => 14.0,
        _ => 8.9,
    };
    let letters: f64 = if style.code { 7.3 * text.chars().count() as f64 } else { text.chars().map(one).sum() };
    letters * if style.bold { 1.06 } else { 1.0 } * if style.small { 0.86 } else { 1.0 }
}
