//! HTML: the few elements that Matrix allows and every browser knows.

use url::Url;

use super::{BlockKind, LineKind, Markup, lay_out, one_line, write_lines};
use crate::{
    model::{WebAddress, is_invisible},
    reply::Reply,
};

/// A reply as HTML; `prefix` stands before requests.
#[must_use]
pub fn html(reply: &Reply, prefix: &str) -> String {
    let mut markup = HtmlMarkup::new(prefix, Some("small"));
    for block in lay_out(reply) {
        write_lines(block.kind, &block.lines, &mut markup);
    }
    markup.finish()
}

/// Blocks as HTML. Each is whole in itself, so that they can be parted anywhere.
#[derive(Debug, Clone)]
pub struct HtmlMarkup<'a> {
    out: String,
    prefix: &'a str,
    small: Option<&'static str>,
    block: BlockKind,
    is_first_line: bool,
}

impl<'a> HtmlMarkup<'a> {
    /// Nothing yet. `small` is the element for what matters less, if there is one.
    #[must_use]
    pub const fn new(prefix: &'a str, small: Option<&'static str>) -> Self {
        Self { out: String::new(), prefix, small, block: BlockKind::Paragraph, is_first_line: true }
    }

    /// The HTML.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    fn element(&mut self, name: &str, words: &str) {
        self.open(name);
        self.text(words);
        self.close(name);
    }

    /// Whether each line is an item.
    const fn is_list(&self) -> bool {
        matches!(self.block, BlockKind::List | BlockKind::Answers)
    }

    fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

const fn element(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::List | BlockKind::Answers => "ul",
        BlockKind::Quote => "blockquote",
        BlockKind::Heading
        | BlockKind::Paragraph
        | BlockKind::Facts
        | BlockKind::Hint
        | BlockKind::Warning
        | BlockKind::Entry
        | BlockKind::Details => "p",
    }
}

impl Markup for HtmlMarkup<'_> {
    fn begin_block(&mut self, kind: BlockKind) {
        self.open(element(kind));
        self.block = kind;
        self.is_first_line = true;
    }

    fn end_block(&mut self, kind: BlockKind) {
        self.close(element(kind));
    }

    fn begin_line(&mut self, kind: LineKind) {
        if self.is_list() {
            self.open("li");
        } else if !std::mem::take(&mut self.is_first_line) {
            self.out.push_str("<br>");
        }
        if kind.is_small() {
            if let Some(name) = self.small {
                self.open(name);
            }
        } else if kind == (LineKind::Heading { is_marked: false }) {
            self.open("strong");
        }
        self.out.push_str(kind.sign());
    }

    fn end_line(&mut self, kind: LineKind) {
        if kind.is_small() {
            if let Some(name) = self.small {
                self.close(name);
            }
        } else if kind == (LineKind::Heading { is_marked: false }) {
            self.close("strong");
        }
        if self.is_list() {
            self.close("li");
        }
    }

    fn text(&mut self, words: &str) {
        html_escape::encode_text_to_string(one_line(words), &mut self.out);
    }

    fn strong(&mut self, words: &str) {
        self.element("strong", words);
    }

    fn code(&mut self, words: &str) {
        self.element("code", words);
    }

    fn call(&mut self, words: &str) {
        self.code(&format!("{}{words}", self.prefix));
    }

    fn link(&mut self, words: &str, address: &WebAddress) {
        let Some(target) = target(address) else { return self.text(words) };
        self.out.push_str("<a href=\"");
        html_escape::encode_double_quoted_attribute_to_string(target, &mut self.out);
        self.out.push_str("\">");
        self.text(words);
        self.close("a");
    }
}

/// An address in ASCII, so that its host is what it is.
pub(super) fn target(address: &WebAddress) -> Option<String> {
    let url = Url::parse(address.as_str()).ok()?;
    Some(url.as_str().chars().filter(|sign| !sign.is_whitespace() && !is_invisible(*sign)).collect())
}

/// A text on one line, as HTML that says just that.
#[must_use]
pub fn escape(text: &str) -> String {
    html_escape::encode_text(&one_line(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::{Outcome, Span, Text};

    #[test]
    fn nothing_in_a_text_is_obeyed() {
        let hostile = "<script>x</script> <a href=\"https://e.example\">b</a> &lt; @room\u{202e} \u{200b}'\"";
        let html = html(&Reply::new(Outcome::Answered).paragraph(hostile), "!");
        assert_eq!(
            html,
            "<p>&lt;script&gt;x&lt;/script&gt; &lt;a href=\"https://e.example\"&gt;b&lt;/a&gt; &amp;lt; @room '\"</p>"
        );
    }

    #[test]
    fn a_link_shows_its_host_as_it_is() {
        let address = "https://bücher.example.org/a?b=\"c\"&d".parse().unwrap();
        let link = Text::new().span(Span::Link { text: "<b>".to_owned(), address });
        let html = html(&Reply::new(Outcome::Answered).paragraph(link), "!");
        assert_eq!(html, "<p><a href=\"https://xn--bcher-kva.example.org/a?b=%22c%22&amp;d\">&lt;b&gt;</a></p>");
    }
}
