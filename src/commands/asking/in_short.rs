//! Statements in a few lines each, as they stand below each other: what was said, the one link that leads nearest to the
//! original, and everyone who answered. All parties or none: no response is left out, and none is said twice.

use std::collections::HashSet;

use super::parts::{foreign, line_of, notices, origin, speaker};
use crate::{
    model::{CitationRole, Date, EntityId, ResponseId, ResponseKind, SingleLine, SourceId},
    reply::{Entry, EntryExtent, EntryKind, NO_ORIGINAL, SourceLine, Text},
    store::{CitationView, EntryView, ResponseView},
};

/// How many characters may stand under one heading. So much fits in any message: nobody's words are parted from their
/// name.
const MOST_UNDER_ONE_HEADING: usize = 1_500;

/// How many characters of someone's own words stand in a line beside their name.
const FEW_WORDS: usize = 40;

/// What the entries so far have said.
#[derive(Debug, Default)]
pub(in crate::commands) struct EntriesInShort {
    responses: HashSet<ResponseId>,
    last: Option<Heading>,
    /// How many characters stand under the last heading.
    under_it: usize,
}

/// What statements have in common that stand under one heading: who said them, as what, when, and in which report.
#[derive(Debug, PartialEq, Eq)]
struct Heading {
    speaker: EntityId,
    role: Option<SingleLine>,
    said: Option<Date>,
    report: SourceId,
}

impl EntriesInShort {
    /// The next entry. What those before it have said isn't said again.
    pub(in crate::commands) fn entry(&mut self, view: &EntryView) -> Entry {
        let statement = &view.statement;
        let mut entry = Entry::new(EntryKind::Statement, view.id, speaker(view));
        entry.extent = EntryExtent::InShort;
        entry.date = statement.said;
        entry.notices = notices(&view.standing);
        entry.text = statement.short.as_ref().map_or_else(|| statement.text.to_string(), ToString::to_string);
        let nearest = nearest(&view.citations);
        if let Some(nearest) = nearest {
            let source = line_of(&nearest.source, origin(nearest.role), None);
            // Under the publisher's name: the headline and where in it are in the whole entry.
            entry.sources.push(SourceLine { title: None, ..source });
            entry.original = the_original(view, nearest);
        }
        let heading = nearest.map(|nearest| Heading {
            speaker: view.speaker.id,
            role: statement.speaker_role.clone(),
            said: statement.said,
            report: nearest.source.id,
        });
        self.add_answers(&mut entry, view);
        let answers = entry.responses.iter().map(|response| response.byline.to_plain("").chars().count());
        let length = entry.text.chars().count() + answers.sum::<usize>();
        let has_room = self.under_it + length <= MOST_UNDER_ONE_HEADING;
        entry.follows = has_room && entry.notices.is_empty() && heading.is_some() && heading == self.last;
        self.under_it = if entry.follows { self.under_it + length } else { length };
        self.last = heading;
        entry
    }

    fn add_answers(&mut self, entry: &mut Entry, view: &EntryView) {
        for accounts in parties(&view.responses) {
            let new: Vec<&ResponseView> =
                accounts.iter().copied().filter(|account| !self.responses.contains(&account.id)).collect();
            match new.split_first() {
                Some((first, others)) => entry.responses.push(answer(first, others)),
                None => entry.answered_above.extend(accounts.first().map(|account| account.responder.name.to_string())),
            }
        }
        self.responses.extend(view.responses.iter().map(|response| response.id));
    }
}

/// How near a source leads to what was said, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It published it first.
    Original,
    /// Its text is the original's.
    CopyOfOriginal,
    /// Whoever published the original speaks of it there.
    SamePublisher,
    /// It carries what another published.
    Copy,
    /// It speaks of it.
    Mention,
}

impl Nearness {
    fn of(citation: &CitationView, original: Option<&CitationView>) -> Self {
        let original = original.map(|original| &original.source);
        let source = &citation.source;
        let copies = original.is_some_and(|original| source.source.copy_of.as_ref() == Some(&original.source.key));
        match citation.role {
            CitationRole::Original => Self::Original,
            _ if copies => Self::CopyOfOriginal,
            _ if original.is_some_and(|original| original.publisher.id == source.publisher.id) => Self::SamePublisher,
            CitationRole::Republication => Self::Copy,
            CitationRole::Cites => Self::Mention,
        }
    }
}

/// The source that published it first, whether it has an address or not.
fn original(citations: &[CitationView]) -> Option<&CitationView> {
    citations.iter().find(|citation| citation.role == CitationRole::Original)
}

/// The source that leads a reader nearest to what was said: one with an address, the nearest; rather in English, as the
/// wording is; the earliest.
fn nearest(citations: &[CitationView]) -> Option<&CitationView> {
    let original = original(citations);
    citations.iter().min_by_key(|citation| {
        let source = &citation.source.source;
        let published = source.published.map(Date::first_day);
        let nearness = Nearness::of(citation, original);
        (source.url.is_none(), nearness, foreign(&source.language).is_some(), published.is_none(), published)
    })
}

/// That the original can't be followed, where the link leads elsewhere. A source without an address says so of itself.
/// Whose report it is needn't be said where it is told beside it.
fn the_original(view: &EntryView, nearest: &CitationView) -> Option<Text> {
    if nearest.role == CitationRole::Original {
        return None;
    }
    let Some(original) = original(&view.citations) else { return Some(Text::from(NO_ORIGINAL)) };
    let publisher = &original.source.publisher;
    if publisher.id == view.speaker.id || publisher.id == nearest.source.publisher.id {
        return Some(Text::from("original: no address"));
    }
    Some(Text::from(format!("original: {}, no address", publisher.name)))
}

/// The responses by who gave them: those who answered first, then those who only kept silent; each in order of date, in
/// which they come. What is retracted stands by itself.
fn parties(responses: &[ResponseView]) -> Vec<Vec<&ResponseView>> {
    let (silent, answered): (Vec<_>, Vec<_>) = responses.iter().partition(|view| view.response.kind.is_silence());
    let mut parties: Vec<Vec<&ResponseView>> = Vec::new();
    for view in answered.into_iter().chain(silent) {
        let is_one = |known: &&mut Vec<&ResponseView>| {
            let both = known.first().into_iter().chain([&view]);
            known.first().is_some_and(|first| first.responder.id == view.responder.id)
                && both.into_iter().all(|account| account.standing.retracted.is_none())
        };
        match parties.iter_mut().find(is_one) {
            Some(known) => known.push(view),
            None => parties.push(vec![view]),
        }
    }
    parties
}

/// What a party answered, as a line. Accounts of one silence differ in how it is told; other answers stand side by side.
fn answer(first: &ResponseView, others: &[&ResponseView]) -> Entry {
    let mut told: Vec<(String, Option<Date>, ResponseKind)> = Vec::with_capacity(1 + others.len());
    for view in std::iter::once(first).chain(others.iter().copied()) {
        let words = in_few_words(view);
        if !told.iter().any(|(known, said, _)| *known == words && *said == view.response.said) {
            told.push((words, view.response.said, view.response.kind));
        }
    }
    let is_of_one_date = told.iter().all(|(_, said, _)| *said == first.response.said);
    let mut byline = Text::from(format!("{}: ", first.responder.name));
    let mut silence_before = false;
    for (at, (words, said, kind)) in told.into_iter().enumerate() {
        let joint = match (at, silence_before && kind.is_silence()) {
            (0, _) => "",
            (_, true) => ", or ",
            (_, false) => "; ",
        };
        // To comment, as is said of the other account.
        let words = if joint == ", or " { words.trim_end_matches(" to comment") } else { &words };
        byline = byline.plain(format!("{joint}{words}"));
        if !is_of_one_date {
            byline = said.into_iter().fold(byline, |line, day| line.plain(", ").date(day));
        }
        silence_before = kind.is_silence();
    }
    let mut entry = Entry::new(EntryKind::Response, first.id, byline);
    entry.date = first.response.said.filter(|_| is_of_one_date);
    entry.notices =
        std::iter::once(first).chain(others.iter().copied()).flat_map(|view| notices(&view.standing)).collect();
    entry
}

/// What was answered: as editors put it in a few words, else its own words where they are few, else its kind where that
/// says it, else our wording, whole.
fn in_few_words(view: &ResponseView) -> String {
    let response = &view.response;
    if let Some(gist) = &response.gist {
        return gist.to_string();
    }
    let quote = response.quote.as_ref().filter(|quote| quote.text.as_str().chars().count() <= FEW_WORDS);
    if let Some(quote) = quote {
        let language =
            quote.language.as_ref().or_else(|| view.citations.first().map(|first| &first.source.source.language));
        let language = language.and_then(foreign).map(|name| format!(" ({name})")).unwrap_or_default();
        return format!("“{}”{language}", quote.text);
    }
    if response.kind.speaks_for_itself() { response.kind.label().to_owned() } else { response.text.to_string() }
}
