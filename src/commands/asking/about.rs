//! `about`: an entity's card.

use std::collections::HashSet;

use crate::commands::{
    Arguments, CommandError, Context,
    asking::absent::not_on_record,
    asking::elsewhere,
    asking::present::{self, count, entity_in_words, names_and_ids},
    calls,
    definitions::asking::{ORGANISATIONS, PEOPLE, PLACES, TOPICS},
    split_command,
};
use crate::{
    model::{Alias, EntityId, SameAs},
    reply::{Fact, Outcome, Reply, Span, Text, json::JsonRecord},
    search::{Understanding, UnlistedPlace},
    store::{EntityCard, EntityRef},
};

/// How many entities are offered when a name means several.
const OFFERED: usize = 10;

/// How many other names are shown. An entity that is asked for in many languages has dozens, which nobody reads.
const NAMES: usize = 20;

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let names = context.search.names();
    let typed = arguments.text("name").unwrap_or_default();
    let typed = after_is(typed).filter(|rest| !names.known_as(rest).is_empty()).unwrap_or(typed);
    let exactly = names.known_as(typed);
    match context.search.unlisted_place(typed).filter(|_| exactly.is_empty()) {
        Some(UnlistedPlace::Whole(place, within)) => return elsewhere::places_in(context, typed, place, &within),
        Some(UnlistedPlace::Elsewhere(place)) => {
            let meaning = Understanding { elsewhere: vec![place], ..Understanding::default() };
            return elsewhere::nothing_on(context, &meaning);
        }
        None => {}
    }
    let (found, sure) = if exactly.is_empty() { (names.suggestions(typed, OFFERED), false) } else { (exactly, true) };
    match found.as_slice() {
        [] => Ok(Reply::new(Outcome::NothingFound).heading(format!("Nothing on record is called “{typed}”.")).hint(
            Text::from("Names on record: ")
                .ask(PLACES.call(&[]))
                .plain(", ")
                .ask(ORGANISATIONS.call(&[]))
                .plain(", ")
                .ask(PEOPLE.call(&[]))
                .plain(", ")
                .ask(TOPICS.call(&[])),
        )),
        [only] => {
            let reply = card(context, *only)?;
            let name = names.entity(*only).map_or("", |entity| entity.name.as_str());
            Ok(if sure { reply } else { reply.hint(format!("“{typed}” was read as {name}.")) })
        }
        several => {
            let (outcome, heading) = if sure {
                (Outcome::Answered, format!("“{typed}” may mean:"))
            } else {
                (Outcome::NothingFound, format!("Nothing on record is called “{typed}”. Did you mean:"))
            };
            let mut reply = Reply::new(outcome).heading(heading);
            let mut items = Vec::new();
            for entity in several.iter().filter_map(|&id| names.entity(id)) {
                let id = entity.id;
                items.push(
                    Text::new()
                        .strong(entity.name.as_str())
                        .plain(format!(", {} — ", entity_in_words(names, entity.id)))
                        .ask(calls::show(id)),
                );
                reply = reply.action(entity.name.clone(), calls::show(id));
            }
            Ok(reply.list(items))
        }
    }
}

/// The name in a question that is put as a sentence: "who is Laura Harth?", "what are …".
fn after_is(typed: &str) -> Option<&str> {
    let (verb, rest) = split_command(typed);
    ["is", "are", "was", "were"].iter().any(|known| verb.eq_ignore_ascii_case(known)).then_some(rest)
}

/// The card of the entity of this id.
pub(in crate::commands) fn card(context: &Context<'_>, id: EntityId) -> Result<Reply, CommandError> {
    let Some(card) = context.records.entity_card(id)? else {
        return Ok(not_on_record(id));
    };
    let names = context.search.names();
    let mut heading = Text::new().strong(card.entity.name.as_str());
    let what = entity_in_words(names, id);
    if !what.is_empty() {
        heading = heading.plain(format!(", {what}"));
    }
    let mut reply = Reply::new(Outcome::Answered).heading(heading.plain(" ").id(card.id));
    if let Some(into) = &card.standing.merged_into {
        reply = reply.warning(format!("This entry was merged into another, of the key {into}."));
    }
    if let Some(notice) = &card.standing.retracted {
        reply = reply.warning(format!("Retracted {}: {}", notice.on, notice.reason));
    }
    if let Some(description) = &card.entity.description {
        reply = reply.paragraph(description.as_str());
    }
    reply = reply.facts(facts(&card));
    let own = EntityRef { id: card.id, name: card.entity.name.clone(), kind: card.entity.kind() };
    let mut json = present::json_entity(&own, Some(card.counts.statements), None);
    if let JsonRecord::Entity(entity) = &mut json {
        entity.same_as.extend(card.entity.same_as.iter());
    }
    reply.records.push(json);
    if card.counts.statements > 0 {
        reply = reply.action("Statements", calls::ask_for(card.entity.name.as_str()));
    }
    Ok(reply.action("History", calls::history(card.id)))
}

/// How many parts of an entity are listed on its card.
const PARTS: usize = 12;

/// The first name in each language before the rest, English first: what is shown of many is varied.
fn one_of_each_language(aliases: &[Alias]) -> Vec<&Alias> {
    let mut seen = HashSet::new();
    let mut ordered: Vec<(bool, bool, &Alias)> = aliases
        .iter()
        .map(|alias| (!seen.insert(alias.language.primary()), alias.language.primary() != "en", alias))
        .collect();
    ordered.sort_by_key(|(again, foreign, _)| (*again, *foreign));
    ordered.into_iter().map(|(_, _, alias)| alias).collect()
}

fn facts(card: &EntityCard) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |label: &'static str, value: Text| facts.push(Fact { label: label.into(), value });
    if !card.entity.aliases.is_empty() {
        let all = &card.entity.aliases;
        let shown = if all.len() > NAMES { one_of_each_language(all) } else { all.iter().collect() };
        let mut aliases: Vec<String> = shown
            .into_iter()
            .take(NAMES)
            .map(|alias| {
                if alias.language.primary() == "en" {
                    alias.name.to_string()
                } else {
                    format!("{} ({})", alias.name, alias.language.name())
                }
            })
            .collect();
        if let Some(more) = all.len().checked_sub(NAMES).filter(|more| *more > 0) {
            aliases.push(format!("{more} more"));
        }
        add("Also called", aliases.join(", ").into());
    }
    if let Some(office) = present::office(&card.entity.nature) {
        add("Role", office.into());
    }
    if let Some(affiliation) = &card.affiliation {
        add("Acts for", names_and_ids("", std::slice::from_ref(affiliation)));
    }
    if !card.lies_in.is_empty() {
        add("Part of", names_and_ids("", &card.lies_in));
    }
    if !card.parts.is_empty() {
        let shown = card.parts.get(..PARTS.min(card.parts.len())).unwrap_or_default();
        let text = names_and_ids("", shown);
        let more = card.parts.len() - shown.len();
        add("Parts", if more > 0 { text.plain(format!(" and {more} more")) } else { text });
    }
    if !card.entity.same_as.is_empty() {
        add("Also known in", known_in(&card.entity.same_as));
    }
    let counts = &card.counts;
    let on_record = format!(
        "{} · {} · {}",
        count(counts.statements, "statement", "statements"),
        count(counts.responses, "response", "responses"),
        count(counts.sources, "source", "sources"),
    );
    add("On record", on_record.into());
    if let Some((earliest, latest)) = card.span {
        add("Statements from", Text::new().date(earliest).plain(" to ").date(latest));
    }
    if let Some(day) = card.vetted.on {
        add("Last vetted", Text::new().date(day));
    }
    facts
}

/// What an entity is in public catalogues, each with a link.
fn known_in(entries: &SameAs) -> Text {
    let mut text = Text::new();
    for (at, entry) in entries.iter().enumerate() {
        text = text.plain(if at == 0 { "" } else { ", " });
        text = match entry.address() {
            Some(address) => text.span(Span::Link { text: entry.called(), address }),
            None => text.plain(entry.called()),
        };
    }
    text
}
