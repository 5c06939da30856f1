//! The answer as a document: headings, entries, quotes, links, notes and buttons, without markup.
//!
//! Commands make replies, front ends render them. Nothing here is a string with markup in it, so a
//! text from the database or from a person can only ever be shown as text. This module knows the
//! model's value types (dates, addresses) and nothing else.

use crate::model::Sequence;
mod bounds;
mod call;
mod entry;
pub mod json;
mod text;

use std::borrow::Cow;

use crate::model::{ChangeId, ChangeVersion};

pub use bounds::MAX_REPLY;
pub use call::{CallArgument, CommandCall, PAGE_PARAMETER};
pub use entry::{
    Entry, EntryExtent, EntryKind, NO_ADDRESS, NO_DATE, NO_ORIGINAL, NO_RESPONSE, Notice, Quoted, SourceLine,
    SourceOrigin,
};
pub use text::{Span, Text};

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
    /// The change that can be approved under the end of the answer, for where there are no buttons.
    pub review: Option<Box<ReviewedChange>>,
    /// What the question was understood to mean, for programs; `None` where none was asked.
    pub understood: Option<Box<json::JsonUnderstood>>,
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
    /// The call for any page: [`Page::ask`] adds the number.
    base: CommandCall,
}

impl Page {
    /// Page `number` of `of` of what `base` asks, which names no page.
    #[must_use]
    pub fn new(number: usize, of: usize, base: impl Into<CommandCall>) -> Self {
        Self { number, of, base: base.into() }
    }

    /// The call for page `number`; `None` when there is no such page.
    #[must_use]
    pub fn ask(&self, number: usize) -> Option<CommandCall> {
        (1..=self.of).contains(&number).then(|| self.base.on_page(number))
    }

    /// The call for the next page; `None` on the last.
    #[must_use]
    pub fn next(&self) -> Option<CommandCall> {
        self.ask(self.number + 1)
    }

    /// The call for the page before; `None` on the first.
    #[must_use]
    pub fn previous(&self) -> Option<CommandCall> {
        self.ask(self.number.saturating_sub(1))
    }
}

/// Something that can be asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, in two or three words.
    pub label: String,
    /// The call that does it.
    pub ask: CommandCall,
    /// Where it is offered.
    pub offered: Offered,
}

/// Where something that can be asked next is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Under every part of an answer.
    Anywhere,
    /// Under the last part: it is about all of the answer.
    AtTheEnd,
    /// Where there are buttons, and not to be typed: it is long, or gives more to the one who presses it than to all.
    AsButton,
}

/// A change that an answer shows to someone who may approve it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedChange {
    /// The change.
    pub id: ChangeId,
    /// Which version of it is shown.
    pub seen: ChangeVersion,
}

impl Reply {
    /// A reply of this outcome, still empty.
    #[must_use]
    pub const fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            blocks: Vec::new(),
            page: None,
            actions: Vec::new(),
            review: None,
            understood: None,
            records: Vec::new(),
            as_of: None,
        }
    }

    /// The entries that stand by themselves, in reading order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Entry(entry) => Some(&**entry),
            Block::Heading(_) | Block::Paragraph(_) | Block::List(_) | Block::Facts(_) | Block::Note(_) => None,
        })
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
    pub fn action(mut self, label: impl Into<String>, call: impl Into<CommandCall>) -> Self {
        self.actions.push(Action { label: label.into(), ask: call.into(), offered: Offered::Anywhere });
        self
    }

    /// Adds something that a button asks. Where there are none it isn't offered.
    #[must_use]
    pub fn button(mut self, label: impl Into<String>, call: impl Into<CommandCall>) -> Self {
        self.actions.push(Action { label: label.into(), ask: call.into(), offered: Offered::AsButton });
        self
    }

    /// Adds the approval of the change that the answer shows: offered under its end alone, as nothing is approved from
    /// a part of it.
    #[must_use]
    pub fn approval(mut self, call: CommandCall, reviewed: ReviewedChange) -> Self {
        self.actions.push(Action { label: "Approve".to_owned(), ask: call, offered: Offered::AtTheEnd });
        self.review = Some(Box::new(reviewed));
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
                .hint(Text::from(if page.of == 1 { "To read it: " } else { "The last one: " }).ask(last.clone()))
                .action("Last page", last),
            None => nothing,
        }
    }
}
