//! The line of a source: the headline, which leads there, publisher and date, where in it, and its id; in short, the
//! publisher alone, who leads there.

use std::{borrow::Cow, collections::HashSet};

use super::block::{Inline, Line, LineKind, in_language, inlines};
use crate::reply::{Entry, EntryKind, NO_ADDRESS, NO_DATE, SourceLine, SourceOrigin};

/// The ids of the sources that were named so far: in a whole entry and its responses, or in all entries in short.
pub(super) type NamedSources<'a> = HashSet<&'a str>;

/// Whether a source was named above in the same entry. Then it isn't spelt out again for each response that cites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// For the first time.
    First,
    /// Once more.
    Again,
}

/// What a link to an archived copy is called.
const ARCHIVED_COPY: &str = "archived copy";

/// Whether a source leads to the archived copy, as its page is gone.
fn leads_to_copy(source: &SourceLine) -> bool {
    source.archive.is_some() && source.archive == source.address
}

/// The line of one of an entry's sources.
pub(super) fn source_line<'a>(source: &'a SourceLine, entry: &Entry, naming: Naming) -> Line<'a> {
    let is_own = entry.kind == EntryKind::Source && source.id == entry.id;
    let first = naming == Naming::First;
    let mut inlines = Vec::with_capacity(12);
    if !is_own {
        inlines.push(Inline::Label(source.origin.label()));
    }
    let comma = || Inline::Text(Cow::Borrowed(", "));
    let date = source.date.map_or(Inline::Text(Cow::Borrowed(NO_DATE)), Inline::Date);
    match (source.title.as_deref().filter(|_| first), &source.address) {
        // Publisher and date of its own stand in an entry's first line.
        (Some(title), address) if is_own => {
            inlines.push(Inline::Quoted { words: title.trim(), address: address.as_ref() });
        }
        (Some(title), address) => {
            inlines.push(Inline::Quoted { words: title.trim(), address: address.as_ref() });
            inlines.extend([comma(), Inline::Text(Cow::Borrowed(&source.publisher)), comma(), date]);
        }
        (None, Some(address)) if first => {
            inlines.extend([Inline::Link { words: &source.publisher, address }, comma(), date]);
        }
        (None, Some(address)) => {
            inlines.extend([Inline::LinkAgain { words: &source.publisher, address }, comma(), date]);
        }
        (None, None) => inlines.extend([Inline::Text(Cow::Borrowed(&source.publisher)), comma(), date]),
    }
    inlines.extend(source.language.as_deref().filter(|_| first).map(in_language));
    if let Some(locator) = &source.locator {
        inlines.extend([comma(), Inline::Text(Cow::Borrowed(locator))]);
    }
    if first {
        match &source.address {
            Some(address) => inlines.push(Inline::Host(address)),
            None => inlines.extend([Inline::Separator, Inline::Aside(Cow::Borrowed(NO_ADDRESS))]),
        }
        match &source.archive {
            Some(_) if leads_to_copy(source) => {
                inlines.extend([Inline::Separator, Inline::Aside(Cow::Borrowed(ARCHIVED_COPY))]);
            }
            archive => {
                let archive = archive.as_ref();
                inlines.extend(archive.map(|address| Inline::FurtherLink { label: ARCHIVED_COPY, address }));
            }
        }
    }
    if !is_own {
        inlines.extend([Inline::Separator, Inline::Id(&source.id)]);
    }
    if !first {
        inlines.push(Inline::Aside(Cow::Borrowed(", see above")));
    }
    let kind = match source.origin {
        _ if is_own => LineKind::OwnSource,
        SourceOrigin::Original => LineKind::Original,
        SourceOrigin::Carried | SourceOrigin::Mentioned => LineKind::Carried,
    };
    Line::new(kind, inlines)
}

/// The line of the one source of an entry in short: the link under the publisher's name, and what is to be said of the
/// original.
pub(super) fn short_source_line<'a>(source: &'a SourceLine, entry: &'a Entry, naming: Naming) -> Line<'a> {
    let is_first = naming == Naming::First;
    let mut words = vec![Inline::Label(source.origin.label())];
    words.push(match &source.address {
        Some(address) if is_first => Inline::Link { words: &source.publisher, address },
        Some(address) => Inline::LinkAgain { words: &source.publisher, address },
        None => Inline::Text(Cow::Borrowed(&source.publisher)),
    });
    if is_first {
        words.extend(source.date.into_iter().flat_map(|date| [", ".into(), Inline::Date(date)]));
        words.extend(source.language.as_deref().map(in_language));
    }
    if source.address.is_none() {
        words.extend([", ".into(), Inline::Aside(Cow::Borrowed(NO_ADDRESS))]);
    }
    if is_first && leads_to_copy(source) {
        words.extend([", ".into(), Inline::Aside(Cow::Borrowed(ARCHIVED_COPY))]);
    }
    if let Some(original) = &entry.original {
        words.push("; ".into());
        words.extend(inlines(original));
    }
    Line::new(LineKind::ShortSource, words)
}
