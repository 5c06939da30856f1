//! What comes near a message that no entry matches: a line each, said to be no match.

use crate::{
    commands::{CommandError, Context, asking::parts::leads_to, asking::present, calls, definitions::asking::CHECK},
    reply::{Outcome, Reply, Text, json::JsonChecked, json::JsonRecord, json::JsonVerdict},
    search::{Checked, MatchVerdict},
    store::EntryView,
};

/// How many characters of an entry's words are shown.
const FIRST_WORDS: usize = 90;

/// A statement that was found, and whether the message matches it.
pub(super) struct Rated {
    pub(super) view: std::sync::Arc<EntryView>,
    pub(super) checked: Checked,
    pub(super) verdict: MatchVerdict,
}

/// Reads the statements that were found, and holds the numbers, years and places of a message against them: one that contradicts
/// what it matches otherwise is only near it.
pub(super) fn rated(context: &Context<'_>, message: &str, found: &[Checked]) -> Result<Vec<Rated>, CommandError> {
    // Words alone decide as they always did.
    let by_meaning = found.iter().any(|checked| checked.meaning.is_some());
    let facts = by_meaning.then(|| context.search.facts_of_message(message));
    let mut rated = Vec::with_capacity(found.len());
    for &checked in found {
        let Some(view) = context.records.entry(checked.statement)? else { continue };
        let facts = facts.as_ref().filter(|_| checked.meaning.is_some());
        let contradicted = facts.is_some_and(|facts| facts.contradict(&context.search.facts_of_entry(&view)));
        let verdict = if contradicted { MatchVerdict::Near } else { checked.verdict };
        rated.push(Rated { view, checked, verdict });
    }
    if rated.iter().any(|rated| rated.verdict == MatchVerdict::Match) {
        rated.retain(|rated| rated.verdict == MatchVerdict::Match);
    }
    Ok(rated)
}

/// A statement that was found, for programs.
pub(super) fn json(rated: &Rated) -> JsonRecord {
    let mut record = present::json_statement(&rated.view);
    if let JsonRecord::Statement(statement) = &mut record
        && rated.checked.meaning.is_some()
    {
        let verdict = if rated.verdict == MatchVerdict::Match { JsonVerdict::Match } else { JsonVerdict::Near };
        statement.checked = Some(JsonChecked { verdict, likelihood: rated.checked.likelihood });
    }
    record
}

/// The answer where nothing matches and these come near. In a channel, where it would fill the room, it is said how the one
/// who asks can see them.
pub(super) fn answer(context: &Context<'_>, message: &str, near: &[Rated]) -> Reply {
    let reply = Reply::new(Outcome::NothingFound);
    if context.request.is_answered_in_public() {
        return reply
            .heading("No vetted entry matches this message.")
            .hint(Text::from("Some come near it; whoever checks it in private is shown them: ").ask(CHECK.call(&[])))
            .button("Show me the nearest", calls::check(message));
    }
    let lines = near.iter().map(line).collect();
    let mut reply = reply.heading("No entry says this. The nearest on record:").list(lines);
    reply.records = near.iter().map(json).collect();
    reply.hint("These are no matches: they may be about something else, or say otherwise.")
}

/// Who said it, when, and the first words: of the response, where that is what comes near.
fn line(rated: &Rated) -> Text {
    let view = &rated.view;
    let response = rated.checked.response;
    let response = view.responses.iter().find(|view| Some(view.id) == response);
    let (name, said, words) = match response {
        Some(response) => (&response.responder.name, response.response.said, response.response.text.as_str()),
        None => (&view.speaker.name, view.statement.said, view.statement.text.as_str()),
    };
    let mut line = Text::new().strong(name.as_str());
    if let Some(said) = said {
        line = line.plain(", ").date(said);
    }
    let line = line.plain(format!(": {} ", beginning(words)));
    let line = if response.is_some() {
        line.plain("(an answer to ").ask(calls::show(view.id)).plain(")")
    } else {
        line.ask(calls::show(view.id))
    };
    let link = response.map_or(&view.citations, |response| &response.citations).iter().find_map(|citation| {
        let (address, copy) = leads_to(&citation.source);
        let of_copy = if copy.is_some() && copy == address { ", archived copy" } else { "" };
        Some((format!("{}{of_copy}", citation.source.publisher.name), address?))
    });
    match link {
        Some((text, address)) => line.plain(" · ").span(crate::reply::Span::Link { text, address }),
        None => line,
    }
}

fn beginning(words: &str) -> String {
    match words.char_indices().nth(FIRST_WORDS) {
        None => words.to_owned(),
        Some((end, _)) => {
            let cut = words.get(..end).unwrap_or_default();
            format!("{}…", cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole))
        }
    }
}
