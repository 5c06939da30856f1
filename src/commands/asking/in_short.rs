//! A statement in a few lines, as it stands among others: what was said, the one link that leads nearest to the original,
//! and everyone who answered, in a line each. All parties or none: no response is left out.

use super::parts::{foreign, notices, source_line};
use crate::{
    model::{CitationRole, Date},
    reply::{Entry, EntryKind, NO_ORIGINAL, NO_ORIGINAL_ADDRESS, NO_RESPONSE, SourceLine, Text},
    store::{CitationView, EntryView, ResponseView},
};

/// How many characters of someone's own words stand in a line beside their name.
const FEW_WORDS: usize = 40;

/// Fills in what an entry shows beside its wording.
pub(super) fn fill(entry: &mut Entry, view: &EntryView) {
    if let Some(nearest) = nearest(&view.citations) {
        // Under the publisher's name: the headline and where in it are in the whole entry.
        entry.sources.push(SourceLine { title: None, locator: None, ..source_line(nearest) });
        if nearest.role != CitationRole::Original || nearest.source.source.url.is_none() {
            entry.details.extend(missing_original(&view.citations, nearest));
        }
    }
    // They are in order of date. Those who answered come first.
    let (silent, answered): (Vec<_>, Vec<_>) = view.responses.iter().partition(|view| view.response.kind.is_silence());
    let mut accounts: Vec<Vec<&ResponseView>> = answered.into_iter().map(|view| vec![view]).collect();
    for view in silent {
        let same =
            accounts.iter_mut().find(|known| known.first().is_some_and(|known| are_accounts_of_one(known, view)));
        match same {
            Some(known) => known.push(view),
            None => accounts.push(vec![view]),
        }
    }
    entry.responses = accounts.iter().filter_map(|accounts| answer(accounts)).collect();
    if entry.responses.is_empty() {
        entry.details.push(Text::from(NO_RESPONSE));
    }
}

/// The source that leads a reader nearest to what was said: the original, else a copy of it, else what mentions it; one
/// with an address; rather in English, as the wording is; the earliest.
fn nearest(citations: &[CitationView]) -> Option<&CitationView> {
    citations.iter().min_by_key(|citation| {
        let source = &citation.source.source;
        let published = source.published.map(Date::first_day);
        (source.url.is_none(), citation.role, foreign(&source.language).is_some(), published.is_none(), published)
    })
}

/// That the original can't be followed, said once.
fn missing_original(citations: &[CitationView], nearest: &CitationView) -> Option<Text> {
    let original = citations.iter().find(|citation| citation.role == CitationRole::Original);
    match original {
        None => Some(Text::from(NO_ORIGINAL)),
        // The line of the source says it of itself.
        Some(original) if original.source.id == nearest.source.id => None,
        Some(original) => {
            let text = Text::from(format!("{NO_ORIGINAL_ADDRESS}: {}", original.source.publisher.name));
            Some(original.source.source.published.into_iter().fold(text, |text, day| text.plain(", ").date(day)))
        }
    }
}

/// Whether two responses are accounts of the same silence by different reports.
fn are_accounts_of_one(one: &ResponseView, next: &ResponseView) -> bool {
    one.responder.id == next.responder.id
        && one.response.kind.is_silence()
        && next.response.kind.is_silence()
        && one.standing.retracted.is_none()
        && next.standing.retracted.is_none()
}

/// Accounts of one response as a line.
fn answer(accounts: &[&ResponseView]) -> Option<Entry> {
    let (first, others) = accounts.split_first()?;
    let mut byline = Text::from(format!("{}: ", first.responder.name)).plain(in_few_words(first));
    for other in others.iter().filter(|other| other.response.kind != first.response.kind) {
        byline = byline.plain(format!(", or {}", in_few_words(other)));
    }
    let mut entry = Entry::new(EntryKind::Response, first.id, byline);
    entry.date = first.response.said;
    entry.notices = accounts.iter().flat_map(|view| notices(&view.standing)).collect();
    Some(entry)
}

/// What was answered: its own words where they are few, else its kind where that says it, else our wording, whole.
fn in_few_words(view: &ResponseView) -> String {
    let response = &view.response;
    let quote = response.quote.as_ref().filter(|quote| quote.text.as_str().chars().count() <= FEW_WORDS);
    if let Some(quote) = quote {
        let language =
            quote.language.as_ref().or_else(|| view.citations.first().map(|first| &first.source.source.language));
        let language = language.and_then(foreign).map(|name| format!(" ({name})")).unwrap_or_default();
        return format!("“{}”{language}", quote.text);
    }
    if response.kind.speaks_for_itself() { response.kind.label().to_owned() } else { response.text.to_string() }
}
