//! The answer on a place that isn't on record: that it isn't, and what is on record about what it lies in. Never other
//! entries.

use crate::{
    commands::{
        CommandError, Context,
        asking::present::{count, json_understood},
        calls::ask_for,
    },
    gazetteer::Gazetteer,
    reply::{Outcome, Reply, Text},
    search::Understanding,
};

/// How many other names of the question are offered.
const OFFERED: usize = 5;

/// Says that nothing is on record about places, what there is about those that they lie in, and about what else was named.
pub(in crate::commands) fn nothing_on(context: &Context<'_>, meaning: &Understanding) -> Result<Reply, CommandError> {
    let gazetteer = Gazetteer::shipped();
    let places = &meaning.elsewhere;
    let called: Vec<String> =
        places.iter().map(|place| gazetteer.described(place.place, place.has_namesakes)).collect();
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

/// How much is on record about an entity, and how to ask for it.
fn on(context: &Context<'_>, entity: i64, statements: usize) -> Text {
    let name = context.search.names().entity(entity).map_or("", |entity| entity.name.as_str());
    Text::from(format!("On {name}: {} — ", count(statements, "statement", "statements"))).ask(ask_for(name))
}
