//! The answer as a document: headings, entries, quotes, links, notes and buttons, without markup.
//!
//! Commands make replies, front ends render them. Nothing here is a string with markup in it, so a
//! text from the database or from a person can only ever be shown as text. This module knows the
//! model's value types (dates, addresses) and nothing else.

use crate::model::Sequence;
mod bounds;
mod entry;
pub mod json;
mod text;

use std::borrow::Cow;

pub use bounds::MAX_REPLY;
pub use entry::{Entry, EntryKind, NO_ADDRESS, NO_DATE, Notice, Quoted, SourceLine, SourceOrigin};
pub use text::{Ask, Span, Text};

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered.
    Answered,
    /// Nothing on record answers it.
    NothingFound,
    /// It was put wrongly: an unknown command, a missing or unreadable argument.
    Misused,
    /// It can't be answered now, through no fault of the person's.
    Failed,
}

/// The answer to one request.
#[derive(Debug, Clone)]
pub struct Reply {
    /// What became of the request.
    pub outcome: Outcome,
    /// The document, in reading order.
    pub blocks: Vec<Block>,
    /// Which page of how many this is; `None` when all of it is here.
    pub page: Option<Box<Page>>,
    /// What can be asked next, in order of use; shown as buttons where there are buttons.
    pub actions: Vec<Action>,
    /// The same answer as records, for programs.
    pub records: Vec<json::JsonRecord>,
    /// The place in the history that the records had reached when they were read; `None` where none were.
    pub as_of: Option<Sequence>,
}

/// One part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// What the document or the part of it that follows is about.
    Heading(Text),
    /// A sentence or two.
    Paragraph(Text),
    /// A statement, a response, a source or a change.
    Entry(Box<Entry>),
    /// Short items, one below the other.
    List(Vec<Text>),
    /// Labelled values, one below the other.
    Facts(Vec<Fact>),
    /// Something to be noticed beside the answer.
    Note(Note),
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What the value is, as "Part of".
    pub label: Cow<'static, str>,
    /// The value.
    pub value: Text,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Good to know: how something was understood, where to read on.
    Hint,
    /// Must be seen: a correction, a retraction, something that went wrong.
    Warning,
}

/// Something to be noticed beside the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How much it matters.
    pub weight: Weight,
    /// What it says.
    pub text: Text,
}

/// A place among pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// This page's number, from 1.
    pub number: usize,
    /// How many pages there are; at least 1.
    pub of: usize,
    /// The request for any page: [`Page::ask`] adds the number.
    base: String,
}

impl Page {
    /// Page `number` of `of` of the request `base`.
    #[must_use]
    pub const fn new(number: usize, of: usize, base: String) -> Self {
        Self { number, of, base }
    }

    /// The request for page `number`; `None` when there is no such page.
    #[must_use]
    pub fn ask(&self, number: usize) -> Option<Ask> {
        (1..=self.of).contains(&number).then(|| Ask::new(format!("{} page:{number}", self.base)))
    }

    /// The request for the next page; `None` on the last.
    #[must_use]
    pub fn next(&self) -> Option<Ask> {
        self.ask(self.number + 1)
    }

    /// The request for the page before; `None` on the first.
    #[must_use]
    pub fn previous(&self) -> Option<Ask> {
        self.ask(self.number.saturating_sub(1))
    }
}

/// Something that can be asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, in two or three words.
    pub label: String,
    /// The request.
    pub ask: Ask,
}

impl Reply {
    /// A reply of this outcome, still empty.
    #[must_use]
    pub const fn new(outcome: Outcome) -> Self {
        Self { outcome, blocks: Vec::new(), page: None, actions: Vec::new(), records: Vec::new(), as_of: None }
    }

    /// Adds a heading.
    #[must_use]
    pub fn heading(mut self, text: impl Into<Text>) -> Self {
        self.blocks.push(Block::Heading(text.into()));
        self
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn paragraph(mut self, text: impl Into<Text>) -> Self {
        self.blocks.push(Block::Paragraph(text.into()));
        self
    }

    /// Adds a list, if it has any items.
    #[must_use]
    pub fn list(mut self, items: Vec<Text>) -> Self {
        if !items.is_empty() {
            self.blocks.push(Block::List(items));
        }
        self
    }

    /// Adds labelled values, if there are any.
    #[must_use]
    pub fn facts(mut self, facts: Vec<Fact>) -> Self {
        if !facts.is_empty() {
            self.blocks.push(Block::Facts(facts));
        }
        self
    }

    /// Adds an entry.
    #[must_use]
    pub fn entry(mut self, entry: Entry) -> Self {
        self.blocks.push(Block::Entry(Box::new(entry)));
        self
    }

    /// Adds something good to know.
    #[must_use]
    pub fn hint(mut self, text: impl Into<Text>) -> Self {
        self.blocks.push(Block::Note(Note { weight: Weight::Hint, text: text.into() }));
        self
    }

    /// Adds something that must be seen.
    #[must_use]
    pub fn warning(mut self, text: impl Into<Text>) -> Self {
        self.blocks.push(Block::Note(Note { weight: Weight::Warning, text: text.into() }));
        self
    }

    /// Adds something that can be asked next.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, ask: impl Into<String>) -> Self {
        self.actions.push(Action { label: label.into(), ask: Ask::new(ask) });
        self
    }

    /// Says which page this is. A single page is not worth saying; of one past the last is said that there is none.
    #[must_use]
    pub fn on_page(mut self, page: Page) -> Self {
        if page.number > page.of {
            return Self::past_the_last(&page);
        }
        self.page = (page.of > 1).then(|| Box::new(page));
        self
    }

    fn past_the_last(page: &Page) -> Self {
        let pages = if page.of == 1 { "page" } else { "pages" };
        let nothing = Self::new(Outcome::NothingFound)
            .heading(format!("There is no page {}: the answer has {} {pages}.", page.number, page.of));
        match page.ask(page.of) {
            Some(last) => nothing
                .hint(Text::from(if page.of == 1 { "To read it: " } else { "The last one: " }).ask(last.as_str()))
                .action("Last page", last.as_str()),
            None => nothing,
        }
    }
}
