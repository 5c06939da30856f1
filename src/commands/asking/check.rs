//! `check`: whether a message repeats or speaks of something on record.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::in_short::EntriesInShort,
    asking::linked::{self, LinkedPage, LinkedSource},
    asking::nearest::{self, Rated},
    asking::present::count,
    calls,
    definitions::{asking::CHECK, proposing::SUGGEST},
};
use crate::{
    model::StatementId,
    reply::{Outcome, Reply, Text},
    search::{Links, MatchVerdict, speaks_of_another},
};

/// Of how many of those that a message names it is said what is on record about them.
const NAMED: usize = 3;

/// How many entries are shown at most.
const SHOWN: usize = 3;

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let message = arguments.text("message").unwrap_or_default();
    // "check is this true?", and no message that it replies to: an entry with these words would be a wrong one.
    if speaks_of_another(message) {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading("These words claim nothing that could be looked for.")
            .hint(
                Text::from("To check someone's message, reply to it with ")
                    .ask(CHECK.call(&[]))
                    .plain(", or write its words behind the command."),
            ));
    }
    let links = Links::read(message);
    let pages = linked::look_up(context, &links)?;
    let linked: Vec<&LinkedSource> = pages.iter().filter_map(LinkedPage::on_record).collect();
    // What only looks like a link, and leads to nothing known, may be a word.
    let is_link = !pages.is_empty() || links.all.iter().any(|link| link.written);
    // The label of a link says what there is behind it; where that isn't on record, it is all that there is to check.
    let is_link_alone = is_link && !links.has_words() && !(links.labelled && linked.is_empty());
    let found = if is_link_alone { Vec::new() } else { context.search.check(message, SHOWN)? };
    let rated = nearest::rated(context, message, &found)?;
    let (matches, near): (Vec<Rated>, Vec<Rated>) =
        rated.into_iter().partition(|rated| rated.verdict == MatchVerdict::Match);
    if matches.is_empty() && linked.is_empty() {
        let reply = if near.is_empty() {
            nothing_found(&pages, is_link_alone)
        } else {
            nearest::answer(context, message, &near)
        };
        return ways_on(context, message, with_hosts(reply, &pages));
    }
    let mut reply = Reply::new(Outcome::Answered);
    if !matches.is_empty() {
        let number = matches.len();
        reply = reply.heading(match number {
            1 => "One vetted entry matches this message.".to_owned(),
            _ => format!("{number} vetted entries match this message, the best first."),
        });
    }
    let mut in_short = EntriesInShort::default();
    for found in &matches {
        let mut entry = in_short.entry(&found.view);
        if linked.iter().any(|source| source.statements.contains(&found.checked.statement)) {
            entry.details.push(Text::from("It cites the page that is linked in the message."));
        }
        reply = reply.entry(entry);
        reply.records.push(nearest::json(found));
    }
    for source in linked {
        let is_shown = |number: &StatementId| matches.iter().any(|found| found.checked.statement == *number);
        let left: Vec<StatementId> = source.statements.iter().copied().filter(|number| !is_shown(number)).collect();
        let shown: Vec<StatementId> = left.iter().copied().take(SHOWN).collect();
        reply = source.add(context, reply, &shown)?;
        if left.len() > shown.len() {
            let all = calls::source(source.address().as_str());
            reply =
                reply.hint(Text::from("All that cite this page: ").ask(all.clone())).action("All that cite it", all);
        }
    }
    for host in pages.iter().filter_map(LinkedPage::host_only) {
        reply = reply.hint(host.sentence());
    }
    if matches.is_empty() {
        let words = "No vetted entry matches what the message says; these cite the page that is linked in it.";
        return Ok(if is_link_alone { reply } else { reply.hint(words) });
    }
    Ok(reply.hint("A match means that the entry is about the same; what it says is the speaker's, not a rating."))
}

/// Says that nothing is on record, and what is from the hosts of links.
fn nothing_found(pages: &[LinkedPage], is_link_alone: bool) -> Reply {
    let reply = if is_link_alone {
        linked::not_on_record(pages)
    } else {
        Reply::new(Outcome::NothingFound).heading("No vetted entry matches this message.")
    };
    reply.hint(Text::from("To look for something in it by name or by words: ").ask(calls::source_typed()))
}

/// Adds what is on record about whom the message names, and how it can be brought to the editors.
fn ways_on(context: &Context<'_>, message: &str, mut reply: Reply) -> Result<Reply, CommandError> {
    for id in context.search.named_in(message, NAMED) {
        let statements = context.search.statements_on(id)?;
        let name = context.search.names().entity(id).map(|entity| entity.name.clone()).unwrap_or_default();
        if statements > 0 {
            let said = count(statements, "statement", "statements");
            reply = reply.hint(Text::from(format!("On {name}: {said} — ")).ask(calls::ask_for(&name)));
            reply = reply.action(name.clone(), calls::ask_for(&name));
        }
    }
    // A community may not want suggestions, and its channels are not for long answers.
    if context.request.is_answered_in_public() {
        return Ok(reply);
    }
    Ok(reply.hint(Text::from("To tell the editors of a report on it: ").ask(SUGGEST.typed("LINK"))))
}

/// Adds what is on record from the hosts of links.
fn with_hosts(reply: Reply, pages: &[LinkedPage]) -> Reply {
    pages.iter().filter_map(LinkedPage::host_only).fold(reply, |reply, host| reply.hint(host.sentence()))
}

#[cfg(test)]
mod tests {
    use crate::{commands::MAX_MESSAGE, search::MOST_BYTES};

    #[test]
    fn all_of_the_longest_message_is_read() {
        assert!(MAX_MESSAGE * char::MAX.len_utf8() <= MOST_BYTES);
    }
}
