//! An answer laid out, once for every front end: which lines it has, in which order, with which labels and separators,
//! what of a source is said again, and how it is said that something is left out.
//!
//! [`lay_out()`] makes blocks of lines of a reply; a platform's [`Markup`] writes them down. Nothing here knows a platform.
//! Plain text and HTML belong to none, and so stand here.

mod block;
mod entry;
mod html;
mod in_short;
mod lay_out;
mod marks;
mod markup;
mod notice;
mod one_line;
mod plain;
mod source;
mod ways_on;

pub use block::{BlockKind, EntryState, Inline, LaidOutBlock, Line, LineKind, line_of_text};
pub use html::{HtmlMarkup, escape, html};
pub use lay_out::lay_out;
pub use marks::Marks;
pub use markup::{Markup, write_inlines, write_line, write_lines};
pub use one_line::one_line;
pub use plain::{PlainMarkup, plain_text};
pub use ways_on::{entries_to_open, page_and_part, ways_on};
