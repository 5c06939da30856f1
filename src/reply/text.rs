//! Text of a document: spans, each of one meaning, none with markup.

use super::CommandCall;
use crate::model::{Date, Identity, WebAddress};

/// A stretch of text with one meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Text and nothing more.
    Plain(String),
    /// Text that stands out: a name, a count.
    Strong(String),
    /// A record's id, which the command `show` opens.
    Id(String),
    /// A call to be made by typing it; shown with the prefix of the place it is read in.
    Ask(CommandCall),
    /// A form of words to type, shown as it is: `by:NAME`.
    Syntax(String),
    /// A link. The text is never an address, so that it can't belie the one it leads to.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        address: WebAddress,
    },
    /// A date, as precisely as it is known.
    Date(Date),
    /// Who did something; shown on their own platform as it shows people, and told by nothing there that they were named.
    Person(Identity),
}

/// A sequence of spans.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Span>);

impl Text {
    /// An empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.span(Span::Plain(text.into()))
    }

    /// Adds text that stands out.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.span(Span::Strong(text.into()))
    }

    /// Adds a record's id.
    #[must_use]
    pub fn id(self, id: impl ToString) -> Self {
        self.span(Span::Id(id.to_string()))
    }

    /// Adds a call to be made by typing it.
    #[must_use]
    pub fn ask(self, call: impl Into<CommandCall>) -> Self {
        self.span(Span::Ask(call.into()))
    }

    /// Adds a form of words to type.
    #[must_use]
    pub fn syntax(self, words: impl Into<String>) -> Self {
        self.span(Span::Syntax(words.into()))
    }

    /// Adds a date.
    #[must_use]
    pub fn date(self, date: Date) -> Self {
        self.span(Span::Date(date))
    }

    /// Adds who did something.
    #[must_use]
    pub fn person(self, who: &Identity) -> Self {
        self.span(Span::Person(who.clone()))
    }

    /// Adds a span.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }

    /// Adds another text.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The words alone, as `prefix` stands before requests.
    #[must_use]
    pub fn to_plain(&self, prefix: &str) -> String {
        self.0
            .iter()
            .map(|span| match span {
                Span::Plain(text)
                | Span::Strong(text)
                | Span::Id(text)
                | Span::Syntax(text)
                | Span::Link { text, .. } => text.clone(),
                Span::Ask(ask) => format!("{prefix}{}", ask.as_str()),
                Span::Date(date) => date.in_words(),
                Span::Person(who) => who.to_string(),
            })
            .collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}
