//! `watch`, `unwatch`, `watches`: being told of what is new or has changed.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::present,
    definitions::administering::{UNWATCH, WATCH, WATCHED},
};
use crate::{
    model::{Digest, EntityId},
    reply::{Outcome, Reply, Text},
    store,
};

/// The place that a request is about, or why there is none.
fn place(context: &Context<'_>, arguments: &Arguments, changes: bool) -> Result<store::PostTarget, Reply> {
    let request = &context.request;
    let Some(origin) = request.origin else {
        return Err(Reply::new(Outcome::Misused).heading("There is nobody to tell here: watches are for chats."));
    };
    let private = origin.community.is_none() || arguments.text("to") == Some("me");
    if private {
        return Ok(store::PostTarget::Person(request.actor.account().to_owned()));
    }
    if changes && !origin.may_manage_community && !origin.may_moderate_channel {
        return Err(Reply::new(Outcome::Misused)
            .heading("Only those who moderate this channel can have it told.")
            .paragraph(
                "That is Manage Channels or Manage Messages in it on Discord, and a power level of 50 on Matrix.",
            )
            .hint(Text::from("To be told yourself: ").ask(WATCH.typed("NAME to:me"))));
    }
    Ok(store::PostTarget::Channel(origin.home().to_owned()))
}

/// The one entity of a name, or what to say.
fn entity(context: &Context<'_>, name: &str) -> Result<EntityId, Reply> {
    let names = context.search.names();
    let found = match name.parse() {
        Ok(crate::model::Reference::Record(id)) if id.kind == crate::model::RecordKind::Entity => {
            names.entity(EntityId(id.number)).map(|entity| vec![entity.id]).unwrap_or_default()
        }
        _ => names.exactly(name),
    };
    let described = |id: &EntityId| {
        let called = names.entity(*id).map(|entity| entity.name.clone()).unwrap_or_default();
        Text::new().id(id).plain(format!(" {called}, {}", present::entity_in_words(names, *id)))
    };
    match found.as_slice() {
        [id] => Ok(*id),
        [] => {
            let near: Vec<Text> = names.suggestions(name, 3).iter().map(described).collect();
            Err(Reply::new(Outcome::NothingFound).heading(format!("Nothing on record is called “{name}”.")).list(near))
        }
        several => Err(Reply::new(Outcome::Misused)
            .heading(format!("“{name}” may be any of these; write the id."))
            .list(several.iter().map(described).collect())),
    }
}

pub(in crate::commands) fn watch(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let (place, entity) = match (place(context, arguments, true), arguments.text("name")) {
        (Ok(place), Some(name)) => match entity(context, name) {
            Ok(entity) => (place, entity),
            Err(reply) => return Ok(reply),
        },
        (Err(reply), _) => return Ok(reply),
        (_, None) => return Ok(Reply::new(Outcome::Misused).heading("Name what to watch.")),
    };
    let digest = arguments.text("digest").and_then(Digest::from_word).unwrap_or(Digest::None);
    let whom = whom(&place);
    let community = match place {
        store::PostTarget::Channel(_) => request.origin.and_then(|origin| origin.community.clone()),
        store::PostTarget::Person(_) => None,
    };
    let watcher = store::Watcher { platform: request.actor.platform(), place, community };
    request.store.watch(watcher, entity, digest, request.actor, request.now)?;
    let name = context.search.names().entity(entity).map(|entity| entity.name.clone()).unwrap_or_default();
    Ok(Reply::new(Outcome::Answered)
        .heading(format!("{whom} will be told {} of what is new or changed on {name}.", how_often(digest)))
        .hint(Text::from("To end it: ").ask(UNWATCH.call(&[(&WATCHED, &name)]))))
}

const fn whom(place: &store::PostTarget) -> &'static str {
    match place {
        store::PostTarget::Channel(_) => "This channel",
        store::PostTarget::Person(_) => "You",
    }
}

const fn how_often(digest: Digest) -> &'static str {
    match digest {
        Digest::None => "at once",
        Digest::Daily => "once a day",
        Digest::Weekly => "once a week",
    }
}

pub(in crate::commands) fn unwatch(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let place = match place(context, arguments, true) {
        Ok(place) => place,
        Err(reply) => return Ok(reply),
    };
    let entity = match arguments.text("name").map(|name| entity(context, name)).transpose() {
        Ok(entity) => entity,
        Err(reply) => return Ok(reply),
    };
    let ended = request.store.unwatch(request.actor.platform(), place, entity)?;
    Ok(match ended {
        0 => Reply::new(Outcome::NothingFound).heading("Nothing of that was watched here."),
        number => {
            Reply::new(Outcome::Answered).heading(format!("{} ended.", present::count(number, "watch", "watches")))
        }
    })
}

pub(in crate::commands) fn watches(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let place = match place(context, arguments, false) {
        Ok(place) => place,
        Err(reply) => return Ok(reply),
    };
    let watches = context.records.watches(context.request.actor.platform(), &place)?;
    if watches.is_empty() {
        return Ok(Reply::new(Outcome::NothingFound)
            .heading("Nothing is watched here.")
            .hint(Text::from("To begin: ").ask(WATCH.typed("NAME"))));
    }
    let items = watches
        .iter()
        .map(|watch| {
            Text::new().strong(watch.entity.name.as_str()).plain(format!(
                " ({}) — {}, set by {}",
                watch.entity.id,
                how_often(watch.digest),
                watch.set_by
            ))
        })
        .collect();
    Ok(Reply::new(Outcome::Answered)
        .heading(match place {
            store::PostTarget::Channel(_) => "This channel is told of:",
            store::PostTarget::Person(_) => "You are told of:",
        })
        .list(items))
}
