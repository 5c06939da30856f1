//! Lines as styled runs. Addresses that can't be followed are kept, to be drawn on lines of their own.

use super::{
    ask::typed_words,
    canvas::Canvas,
    clean::{clean, keep_ends},
    flow::Run,
    style::Style,
};
use crate::{
    layout::{EntryState, Inline, Line, LineKind, Markup, write_inlines},
    model::WebAddress,
};

/// What a line says, ready to be drawn, and the addresses that must be printed after it where links can't be followed,
/// each with its label.
#[derive(Debug, Default)]
pub(super) struct StyledLine {
    pub(super) runs: Vec<Run>,
    pub(super) addresses: Vec<(String, WebAddress)>,
}

/// What a line says, without its lead; what has no meaning of its own is in the style `base`.
pub(super) fn styled(canvas: &mut Canvas<'_>, line: &Line<'_>, base: Style) -> StyledLine {
    let links = line.inlines.iter().filter(|inline| matches!(inline, Inline::Link { .. })).count();
    let mut markup = TerminalMarkup {
        canvas,
        base,
        numbers_links: links > 1,
        sets_off: line.kind != LineKind::LeftOut,
        separator: "",
        line: StyledLine::default(),
    };
    write_inlines(&line.inlines, &mut markup);
    let mut styled = markup.line;
    if let Some(first) = styled.runs.first_mut() {
        first.text = first.text.trim_start_matches(' ').to_owned();
    }
    styled
}

/// The style of a line that says how a record stands.
pub(super) const fn style_of(state: EntryState) -> Style {
    match state {
        EntryState::Retracted => Style::Alarm,
        EntryState::Corrected => Style::Warning,
        EntryState::InForce => Style::Strong,
    }
}

/// A line as it becomes runs.
#[derive(Debug)]
struct TerminalMarkup<'c, 's> {
    canvas: &'c mut Canvas<'s>,
    base: Style,
    /// Whether several links are told apart by numbers.
    numbers_links: bool,
    /// Whether words to type are set off from the sentence that they stand in.
    sets_off: bool,
    /// A dot that is to stand before what comes next, on the same line; else empty.
    separator: &'static str,
    line: StyledLine,
}

impl TerminalMarkup<'_, '_> {
    /// What is set off by a dot matters less than what is before it, and stays whole.
    fn words(&mut self, words: String, run: impl Fn(String) -> Run) {
        let separator = std::mem::take(&mut self.separator);
        let run = if separator.is_empty() { run(words) } else { Run::whole(format!("{separator}{words}"), Style::Dim) };
        self.line.runs.push(run);
    }

    /// Something with a style of its own, after the dot if there is one.
    fn run(&mut self, run: Run) {
        let separator = std::mem::take(&mut self.separator);
        if !separator.is_empty() {
            self.line.runs.push(Run::whole(separator, Style::Dim));
        }
        self.line.runs.push(run);
    }

    /// Without colours, several words to type need something that sets them off from the sentence they
    /// stand in; what a text begins with stands apart by itself.
    fn typed(&mut self, words: String) {
        let amid = self.sets_off && !self.line.runs.is_empty();
        let is_set_off = amid && !self.canvas.settings.colour && words.contains(' ');
        self.run(Run::new(if is_set_off { format!("`{words}`") } else { words }, Style::Ask));
    }
}

impl Markup for TerminalMarkup<'_, '_> {
    fn begin_line(&mut self, _kind: LineKind) {}

    fn end_line(&mut self, _kind: LineKind) {}

    fn text(&mut self, words: &str) {
        let base = self.base;
        self.words(keep_ends(words), |words| Run::new(words, base));
    }

    fn strong(&mut self, words: &str) {
        let style = stronger(self.base);
        self.run(Run::new(keep_ends(words), style));
    }

    fn code(&mut self, words: &str) {
        self.run(Run::new(clean(words), Style::Id));
    }

    fn syntax(&mut self, words: &str) {
        self.typed(clean(words));
    }

    fn call(&mut self, words: &str) {
        self.typed(typed_words(self.canvas.settings, words));
    }

    fn label(&mut self, words: &str) {
        self.run(Run::new(format!("{}: ", clean(words)), Style::Dim));
    }

    fn aside(&mut self, words: &str) {
        self.words(keep_ends(words), |words| Run::whole(words, Style::Dim));
    }

    fn quoted(&mut self, words: &str, address: Option<&WebAddress>) {
        let (open, close) = (self.canvas.sign("“", "\""), self.canvas.sign("”", "\""));
        let words = format!("{open}{}{close}", clean(words));
        match address {
            Some(address) => self.link(&words, address),
            None => self.run(Run::new(words, self.base)),
        }
    }

    fn link(&mut self, words: &str, address: &WebAddress) {
        let run = self.canvas.link(&clean(words), address);
        if run.link.is_some() {
            return self.run(run);
        }
        self.run(Run::new(run.text, self.base));
        let mut label = String::new();
        if self.numbers_links {
            label = format!("[{}] ", self.line.addresses.len() + 1);
            self.run(Run::new(format!(" {}", label.trim_end()), Style::Dim));
        }
        self.line.addresses.push((label, address.clone()));
    }

    fn link_again(&mut self, words: &str, address: &WebAddress) {
        let run = self.canvas.link(&clean(words), address);
        let is_link = run.link.is_some();
        self.run(if is_link { run } else { Run::new(run.text, self.base) });
    }

    fn separator(&mut self) {
        self.separator = self.canvas.sign(" · ", " - ");
    }

    /// An address that is printed shows its host.
    fn host(&mut self, address: &WebAddress) {
        if self.canvas.settings.hyperlinks {
            self.separator();
            self.text(address.host());
        }
    }

    fn further_link(&mut self, label: &str, address: &WebAddress) {
        if self.canvas.settings.hyperlinks {
            self.separator();
            self.link(label, address);
        } else {
            self.line.addresses.push((format!("{label}: "), address.clone()));
        }
    }
}

const fn stronger(base: Style) -> Style {
    match base {
        Style::Plain | Style::Dim => Style::Strong,
        Style::Strong | Style::Heading | Style::Id | Style::Ask | Style::Link | Style::Warning | Style::Alarm => base,
    }
}
