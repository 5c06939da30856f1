//! How a platform writes down what is laid out. An implementation knows the platform's signs and how they are escaped,
//! and nothing of replies.

use super::{BlockKind, Inline, Line, LineKind};
use crate::model::{Date, Identity, WebAddress};

/// A platform's markup, as it is written piece by piece.
pub trait Markup {
    /// Begins a block.
    fn begin_block(&mut self, _kind: BlockKind) {}

    /// Ends a block.
    fn end_block(&mut self, _kind: BlockKind) {}

    /// Begins a line.
    fn begin_line(&mut self, kind: LineKind);

    /// Ends a line.
    fn end_line(&mut self, kind: LineKind);

    /// Words and nothing more. Spaces at their ends part them from their neighbours.
    fn text(&mut self, words: &str);

    /// Words that stand out.
    fn strong(&mut self, words: &str);

    /// Words that stand for themselves, letter by letter.
    fn code(&mut self, words: &str);

    /// A request to type, given without the prefix of the place.
    fn call(&mut self, words: &str);

    /// Words that lead to an address.
    fn link(&mut self, words: &str, address: &WebAddress);

    /// Words that lead to an address that was given above.
    fn link_again(&mut self, words: &str, address: &WebAddress) {
        self.link(words, address);
    }

    /// What the rest of the line is.
    fn label(&mut self, words: &str) {
        self.text(words);
        self.text(": ");
    }

    /// Words that matter less than those before them.
    fn aside(&mut self, words: &str) {
        self.text(words);
    }

    /// Words in quotation marks.
    fn quoted(&mut self, words: &str, address: Option<&WebAddress>) {
        let words = format!("“{words}”");
        match address {
            Some(address) => self.link(&words, address),
            None => self.text(&words),
        }
    }

    /// A record's id.
    fn id(&mut self, id: &str) {
        self.code(id);
    }

    /// A form of words to type.
    fn syntax(&mut self, words: &str) {
        self.code(words);
    }

    /// A date.
    fn date(&mut self, date: Date) {
        self.text(&date.in_words());
    }

    /// Who did something.
    fn person(&mut self, who: &Identity) {
        self.text(&who.to_string());
    }

    /// A dot between what stands side by side.
    fn separator(&mut self) {
        self.text(" · ");
    }

    /// The host of the address that the line leads to, where the address itself can't be seen.
    fn host(&mut self, address: &WebAddress) {
        self.separator();
        self.text(address.host());
    }

    /// Another address.
    fn further_link(&mut self, label: &str, address: &WebAddress) {
        self.separator();
        self.link(label, address);
    }
}

/// Writes lines as one block.
pub fn write_lines(kind: BlockKind, lines: &[Line<'_>], markup: &mut impl Markup) {
    markup.begin_block(kind);
    for line in lines {
        write_line(line, markup);
    }
    markup.end_block(kind);
}

/// Writes a line with its lead.
pub fn write_line(line: &Line<'_>, markup: &mut impl Markup) {
    markup.begin_line(line.kind);
    if let Some(lead) = &line.lead {
        write_inline(lead, markup);
        markup.text(" ");
    }
    write_inlines(&line.inlines, markup);
    markup.end_line(line.kind);
}

/// Writes what a line says.
pub fn write_inlines(inlines: &[Inline<'_>], markup: &mut impl Markup) {
    for inline in inlines {
        write_inline(inline, markup);
    }
}

fn write_inline(inline: &Inline<'_>, markup: &mut impl Markup) {
    match inline {
        Inline::Text(words) => markup.text(words),
        Inline::Label(words) => markup.label(words),
        Inline::Aside(words) => markup.aside(words),
        Inline::Strong(words) => markup.strong(words),
        Inline::Quoted { words, address } => markup.quoted(words, *address),
        Inline::Id(id) => markup.id(id),
        Inline::Call(words) => markup.call(words),
        Inline::Syntax(words) => markup.syntax(words),
        Inline::Link { words, address } => markup.link(words, address),
        Inline::LinkAgain { words, address } => markup.link_again(words, address),
        Inline::Date(date) => markup.date(*date),
        Inline::Person(who) => markup.person(who),
        Inline::Separator => markup.separator(),
        Inline::Host(address) => markup.host(address),
        Inline::FurtherLink { label, address } => markup.further_link(label, address),
    }
}
