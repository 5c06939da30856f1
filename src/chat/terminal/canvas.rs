//! What an answer is drawn on: lines with hanging indents, and addresses on lines of
//! their own. Knows nothing of replies.

use super::{
    clean::clean,
    flow::{Run, wrap},
    settings::Settings,
    style::{LinkTarget, Style, paint},
};
use crate::model::WebAddress;

/// The fewest columns that text gets, however deep it is indented.
const LEAST_ROOM: usize = 8;

/// Text being drawn.
#[derive(Debug)]
pub(super) struct Canvas<'a> {
    pub(super) settings: &'a Settings,
    out: String,
    links: usize,
}

impl<'a> Canvas<'a> {
    pub(super) const fn new(settings: &'a Settings) -> Self {
        Self { settings, out: String::new(), links: 0 }
    }

    /// The text drawn, each line with its line break.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// One of our own signs, or what stands for it in ASCII.
    pub(super) const fn sign(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.settings.unicode { unicode } else { ascii }
    }

    /// Draws text, the first line indented by `first` columns and the others by `hang`.
    pub(super) fn flow(&mut self, first: usize, hang: usize, runs: &[Run]) {
        let measure = self.settings.measure();
        let deepest = measure.saturating_sub(LEAST_ROOM);
        let (first, hang) = (first.min(deepest), hang.min(deepest));
        for (index, line) in wrap(runs, measure - first, measure - hang).iter().enumerate() {
            self.indent(if index == 0 { first } else { hang });
            for run in line {
                self.run(run);
            }
            self.out.push('\n');
        }
    }

    /// Draws an address in full on a line of its own, which is never broken. A host in another script
    /// is followed by its ASCII form, which no look-alike can share.
    pub(super) fn address(&mut self, indent: usize, label: &str, address: &WebAddress) {
        let text = clean(address.as_str());
        self.indent(indent);
        self.write(label, Style::Dim);
        self.write(&text, Style::Link);
        self.out.push('\n');
        if !text.is_ascii() && !text.to_ascii_lowercase().contains(address.host()) {
            self.flow(indent, indent, &[Run::new(format!("(the host is {})", address.host()), Style::Dim)]);
        }
    }

    /// Parts what follows from what stands there by an empty line.
    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Draws a line across.
    pub(super) fn rule(&mut self, length: usize) {
        let line = self.sign("─", "-").repeat(length.min(self.settings.measure()));
        self.write(&line, Style::Dim);
        self.out.push('\n');
    }

    /// A stretch of text that leads to an address where links can be followed.
    pub(super) fn link(&mut self, text: &str, address: &WebAddress) -> Run {
        let target = self.settings.hyperlinks.then(|| LinkTarget::of(address)).flatten();
        let style = if target.is_some() { Style::Link } else { Style::Plain };
        let link = target.map(|target| {
            self.links += 1;
            (target, self.links)
        });
        Run { link, ..Run::new(text, style) }
    }

    /// Writes text in a style; as it is where there are no colours.
    fn write(&mut self, text: &str, style: Style) {
        if self.settings.colour {
            paint(&mut self.out, text, style);
        } else {
            self.out.push_str(text);
        }
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    fn run(&mut self, run: &Run) {
        if let Some((target, number)) = &run.link {
            target.open(&mut self.out, *number);
        }
        self.write(&run.text, run.style);
        if run.link.is_some() {
            LinkTarget::close(&mut self.out);
        }
    }
}
