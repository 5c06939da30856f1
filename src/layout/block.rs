//! Blocks of lines: what a reply becomes before it is written down, and what a text becomes in a line.

use std::borrow::Cow;

use crate::{
    model::{Date, Identity, WebAddress},
    reply::{CommandCall, Span, Text},
};

/// Lines that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidOutBlock<'a> {
    /// What it is.
    pub kind: BlockKind,
    /// How deep it lies: 0 for what stands by itself, 1 in a response.
    pub depth: usize,
    /// Whether what it shows of the records stands as it was.
    pub state: EntryState,
    /// Whether it belongs to the block before it: an entry has several.
    pub continues: bool,
    /// Its lines, at least one.
    pub lines: Vec<Line<'a>>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// What the blocks that follow are about.
    Heading,
    /// Sentences.
    Paragraph,
    /// Items, one in each line.
    List,
    /// Labelled values, one in each line.
    Facts,
    /// Good to know.
    Hint,
    /// To be seen.
    Warning,
    /// The beginning of an entry: who and when, what readers must be told first, our wording.
    Entry,
    /// The speaker's own words.
    Quote,
    /// The end of an entry: what it is about, its sources, what is left out.
    Details,
    /// What was answered to an entry in short, a response in each line.
    Answers,
}

/// How what an entry shows stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryState {
    /// As it was first published; also of what isn't an entry.
    InForce,
    /// Corrected.
    Corrected,
    /// Retracted.
    Retracted,
}

/// A line: what stands before its words, and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// What it is.
    pub kind: LineKind,
    /// What may stand in a column of its own: an entry's id, the label of a value.
    pub lead: Option<Inline<'a>>,
    /// What it says.
    pub inlines: Vec<Inline<'a>>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A sentence or more.
    Prose,
    /// A heading.
    Heading {
        /// Whether a part of it stands out by itself; else all of it does.
        is_marked: bool,
    },
    /// Good to know.
    Hint,
    /// To be seen.
    Warning,
    /// An item of a list.
    Item,
    /// A labelled value.
    Fact,
    /// Who and when; the lead is the entry's id.
    Byline {
        /// Whether the entry answers the one that it belongs to.
        is_response: bool,
    },
    /// What someone answered, in one line.
    Answer,
    /// That a record was corrected or is retracted.
    Notice(EntryState),
    /// The speaker's own words.
    Quote,
    /// What an entry is about, when it was vetted.
    Detail,
    /// A source that published first.
    Original,
    /// A source that carries what another published.
    Carried,
    /// The source that the entry itself is.
    OwnSource,
    /// The one source of an entry in short.
    ShortSource,
    /// How many responses or sources are left out.
    LeftOut,
}

impl LineKind {
    /// Whether it matters less than the lines around it.
    #[must_use]
    pub const fn is_small(self) -> bool {
        match self {
            Self::Hint | Self::Detail | Self::Carried | Self::ShortSource | Self::LeftOut => true,
            Self::Prose
            | Self::Heading { .. }
            | Self::Warning
            | Self::Item
            | Self::Fact
            | Self::Byline { .. }
            | Self::Answer
            | Self::Notice(_)
            | Self::Quote
            | Self::Original
            | Self::OwnSource => false,
        }
    }

    /// The sign that such a line begins with.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Warning | Self::Notice(_) => "⚠️ ",
            Self::Byline { is_response: true } => "↳ ",
            Self::Answer
            | Self::Prose
            | Self::Heading { .. }
            | Self::Hint
            | Self::Item
            | Self::Fact
            | Self::Byline { is_response: false }
            | Self::Quote
            | Self::Detail
            | Self::Original
            | Self::Carried
            | Self::OwnSource
            | Self::ShortSource
            | Self::LeftOut => "",
        }
    }
}

/// A stretch of a line with one meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline<'a> {
    /// Words and nothing more.
    Text(Cow<'a, str>),
    /// What the rest of the line is; a colon and a space follow it.
    Label(&'a str),
    /// Words that matter less than those before them.
    Aside(Cow<'a, str>),
    /// Words that stand out.
    Strong(Cow<'a, str>),
    /// Words in quotation marks, which lead to an address where there is one.
    Quoted {
        /// The words, without the marks.
        words: &'a str,
        /// Where they lead.
        address: Option<&'a WebAddress>,
    },
    /// A record's id.
    Id(&'a str),
    /// A request to type, without the prefix.
    Call(Cow<'a, str>),
    /// A form of words to type, shown as it is.
    Syntax(&'a str),
    /// Words that lead to an address.
    Link {
        /// The words.
        words: &'a str,
        /// Where they lead.
        address: &'a WebAddress,
    },
    /// Words that lead to an address that was given above.
    LinkAgain {
        /// The words.
        words: &'a str,
        /// Where they lead.
        address: &'a WebAddress,
    },
    /// A date.
    Date(Date),
    /// Who did something.
    Person(&'a Identity),
    /// A dot between what stands side by side.
    Separator,
    /// The host of the address that the line leads to, set off by a separator.
    Host(&'a WebAddress),
    /// Another address, set off by a separator.
    FurtherLink {
        /// What is there.
        label: &'static str,
        /// The address.
        address: &'a WebAddress,
    },
}

impl<'a> Line<'a> {
    /// A line without a lead.
    pub(super) const fn new(kind: LineKind, inlines: Vec<Inline<'a>>) -> Self {
        Self { kind, lead: None, inlines }
    }

    pub(super) fn of(kind: LineKind, text: &'a Text) -> Self {
        Self::new(kind, inlines(text))
    }
}

impl<'a> LaidOutBlock<'a> {
    /// A block that is of no entry.
    pub(super) const fn new(kind: BlockKind, lines: Vec<Line<'a>>) -> Self {
        Self { kind, depth: 0, state: EntryState::InForce, continues: false, lines }
    }
}

/// A text that stands by itself, as a line.
#[must_use]
pub fn line_of_text(text: &Text) -> Line<'_> {
    Line::of(LineKind::Prose, text)
}

/// A text's spans.
pub(super) fn inlines(text: &Text) -> Vec<Inline<'_>> {
    text.0.iter().map(inline).collect()
}

fn inline(span: &Span) -> Inline<'_> {
    match span {
        Span::Plain(words) => Inline::Text(Cow::Borrowed(words)),
        Span::Strong(words) => Inline::Strong(Cow::Borrowed(words)),
        Span::Id(id) => Inline::Id(id),
        Span::Ask(ask) => Inline::Call(typed(ask)),
        Span::Syntax(words) => Inline::Syntax(words),
        Span::Link { text, address } => Inline::Link { words: text, address },
        Span::Date(date) => Inline::Date(*date),
        Span::Person(who) => Inline::Person(who),
    }
}

/// A request as it is typed, without the prefix.
pub(super) fn typed(call: &CommandCall) -> Cow<'_, str> {
    Cow::Borrowed(call.as_str())
}

/// The name of a language behind what is in it.
pub(super) fn in_language<'a>(language: &str) -> Inline<'a> {
    Inline::Aside(Cow::Owned(format!(" ({language})")))
}
