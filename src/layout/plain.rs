//! Plain text: lines of any length, with addresses in angle brackets.

use super::{BlockKind, LineKind, Markup, html::target, lay_out, one_line, write_lines};
use crate::{model::WebAddress, reply::Reply};

/// A reply as plain text; `prefix` stands before requests.
#[must_use]
pub fn plain_text(reply: &Reply, prefix: &str) -> String {
    let mut text = String::new();
    for block in lay_out(reply) {
        if !text.is_empty() {
            let is_close = block.continues && (block.kind != BlockKind::Entry || block.depth > 0);
            text.push_str(if is_close { "\n" } else { "\n\n" });
        }
        let mut markup = PlainMarkup::new(prefix);
        write_lines(block.kind, &block.lines, &mut markup);
        text.push_str(&markup.finish());
    }
    text
}

/// Lines as plain text.
#[derive(Debug, Clone)]
pub struct PlainMarkup<'a> {
    out: String,
    prefix: &'a str,
    is_first_line: bool,
}

impl<'a> PlainMarkup<'a> {
    /// Nothing yet.
    #[must_use]
    pub const fn new(prefix: &'a str) -> Self {
        Self { out: String::new(), prefix, is_first_line: true }
    }

    /// The lines, without a line break at the end.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
}

impl Markup for PlainMarkup<'_> {
    fn begin_line(&mut self, kind: LineKind) {
        if !std::mem::take(&mut self.is_first_line) {
            self.out.push('\n');
        }
        self.out.push_str(match kind {
            LineKind::Item => "• ",
            LineKind::Quote => "> ",
            LineKind::Answer => "↳ ",
            other => other.sign(),
        });
    }

    fn end_line(&mut self, _kind: LineKind) {}

    fn text(&mut self, words: &str) {
        self.out.push_str(&one_line(words));
    }

    fn strong(&mut self, words: &str) {
        self.text(words);
    }

    fn code(&mut self, words: &str) {
        self.text(words);
    }

    fn call(&mut self, words: &str) {
        self.text(&format!("{}{words}", self.prefix));
    }

    fn link(&mut self, words: &str, address: &WebAddress) {
        self.text(words);
        if let Some(target) = target(address) {
            self.out.push_str(&format!(" <{}>", target.replace('<', "%3C").replace('>', "%3E")));
        }
    }

    fn link_again(&mut self, words: &str, _address: &WebAddress) {
        self.text(words);
    }

    /// The whole address is there already.
    fn host(&mut self, _address: &WebAddress) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::{Outcome, Span, Text};

    #[test]
    fn a_link_is_followed_by_its_address_as_it_is() {
        let address = "https://bücher.example.org/a?b=\"c\"&d".parse().unwrap();
        let link = Text::new().span(Span::Link { text: "<b>\u{202e}".to_owned(), address });
        let text = plain_text(&Reply::new(Outcome::Answered).heading("Links").paragraph(link), "!");
        assert_eq!(text, "Links\n\n<b> <https://xn--bcher-kva.example.org/a?b=%22c%22&d>");
    }
}
