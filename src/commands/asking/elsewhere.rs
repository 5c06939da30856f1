//! The answer on a place that is no entity: what is on record of what lies in it, or that it isn't on record, and what
//! there is about what it lies in. Never other entries.

use std::collections::HashSet;

use crate::{
    commands::{
        CommandError, Context,
        asking::present::{count, json_understood},
        calls::{self, ask_for},
    },
    gazetteer::{Gazetteer, PlaceNumber},
    model::EntityId,
    reply::{Outcome, Reply, Text},
    search::{Elsewhere, Understanding},
};

/// How many other names of the question are offered.
const OFFERED: usize = 5;

/// How many of the places in a place are listed.
const LISTED: usize = 20;

/// Says that nothing is on record about places, what there is about those that they lie in, and about what else was named.
pub(in crate::commands) fn nothing_on(context: &Context<'_>, meaning: &Understanding) -> Result<Reply, CommandError> {
    let gazetteer = Gazetteer::shipped();
    let places = &meaning.elsewhere;
    let called: Vec<String> = places.iter().map(Elsewhere::described).collect();
    let mut reply =
        Reply::new(Outcome::NothingFound).heading(format!("Nothing on record about {}.", called.join(" or about ")));
    let mut offered = Vec::new();
    for place in places {
        let mut answered = false;
        for &whole in &place.wholes {
            let statements = context.search.statements_on(whole)?;
            if statements > 0 && !offered.contains(&whole) {
                offered.push(whole);
                reply = reply.hint(on(context, whole, statements));
            }
            answered |= statements > 0;
            if answered {
                break;
            }
        }
        let country = gazetteer.country(place.place).filter(|country| *country != place.place && !answered);
        if let Some(country) = country.and_then(|country| gazetteer.place(country)) {
            reply = reply.hint(format!("In {}: nothing.", country.name));
        }
    }
    let others = meaning.named.iter().filter(|named| !named.excluded && named.entities.len() == 1);
    for &entity in others.flat_map(|named| &named.entities).take(OFFERED) {
        let statements = context.search.statements_on(entity)?;
        if statements > 0 && !offered.contains(&entity) {
            offered.push(entity);
            reply = reply.hint(on(context, entity, statements));
        }
    }
    // What has the place in its name is another thing, but may be what is sought: an embassy there.
    for place in places {
        for id in context.search.names().with_words(&place.typed).into_iter().take(OFFERED) {
            let statements = context.search.statements_on(id)?;
            if statements > 0 && !offered.contains(&id) {
                offered.push(id);
                reply = reply.hint(on(context, id, statements));
            }
        }
    }
    for entity in offered.into_iter().filter_map(|id| context.search.names().entity(id)) {
        reply = reply.action(entity.name.clone(), ask_for(&entity.name));
    }
    reply.understood = Some(Box::new(json_understood(context.search.names(), meaning)));
    Ok(reply)
}

/// The card of a place that is no entry itself: the places on record that lie in it. Of those that lie in one another the
/// largest are listed.
pub(in crate::commands) fn places_in(
    context: &Context<'_>,
    typed: &str,
    place: PlaceNumber,
    within: &[EntityId],
) -> Result<Reply, CommandError> {
    let names = context.search.names();
    let called = Gazetteer::shipped().told_apart(place);
    let parts: HashSet<EntityId> =
        within.iter().flat_map(|&id| names.family(id).into_iter().filter(move |&part| part != id)).collect();
    let mut largest = Vec::new();
    for &id in within.iter().filter(|id| !parts.contains(id)) {
        largest.push((context.search.statements_on(id)?, id));
    }
    largest.sort_by_key(|&(statements, id)| (std::cmp::Reverse(statements), id));
    let lie = if within.len() == 1 { "lies" } else { "lie" };
    let mut reply = Reply::new(Outcome::Answered)
        .heading(format!("{called} has no card. {} on record {lie} in it:", count(within.len(), "place", "places")));
    let mut items = Vec::new();
    for &(statements, id) in largest.iter().take(LISTED) {
        let Some(entity) = names.entity(id) else { continue };
        let said = count(statements, "statement", "statements");
        items.push(
            Text::new().strong(entity.name.as_str()).plain(format!(", {said} — ")).ask(calls::about(&entity.name)),
        );
        reply = reply.action(entity.name.clone(), calls::about(&entity.name));
    }
    if largest.len() > LISTED {
        items.push(Text::from(format!("and {} more", largest.len() - LISTED)));
    }
    Ok(reply.list(items).hint(Text::from("What was said about all of them: ").ask(calls::source(typed))))
}

/// How much is on record about an entity, and how to ask for it.
fn on(context: &Context<'_>, entity: EntityId, statements: usize) -> Text {
    let name = context.search.names().entity(entity).map_or("", |entity| entity.name.as_str());
    Text::from(format!("On {name}: {} — ", count(statements, "statement", "statements"))).ask(ask_for(name))
}
