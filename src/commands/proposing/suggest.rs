//! `suggest`, `dismiss`: links that anyone may hand in.

use crate::commands::{Arguments, CommandError, Context, calls, refused::unreadable};
use crate::{
    editorial::pasted_address,
    model::{SingleLine, SuggestionId, WebAddress},
    reply::{Outcome, Reply, Text},
    search::SourceAt,
};

pub(in crate::commands) fn suggest(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let closed = request.community().is_some_and(|(id, _)| request.communities.of(id).no_suggestions);
    if closed {
        return Ok(Reply::new(Outcome::Misused).heading("This community takes no suggestions."));
    }
    let given = arguments.text("url").unwrap_or_default();
    let note = arguments.text("note").unwrap_or_default();
    // The words of a link may have spaces: [a report](https://…).
    let joined = crate::model::without_invisible(&format!("{given} {note}")).into_owned();
    let (text, rest) = pasted_address(&joined);
    let url: WebAddress = text.parse().map_err(|error| unreadable("url", format!("{error}")))?;
    let ground = context.build_context();
    let known = ground.source_at(&url)?;
    let Ok(note) = rest.parse::<SingleLine>() else {
        return Err(unreadable("note", "it is missing: what it shows, in a sentence"));
    };
    let number = request.store.suggest(url, note, request.actor.clone(), request.now, request.authority.limits)?;
    let reply = Reply::new(Outcome::Answered)
        .heading(format!("Thank you. Your suggestion has the number {number}; editors will look at it."));
    Ok(match known {
        Some(SourceAt { id, .. }) => reply
            .paragraph(Text::from("The report is on record already, as ").id(id).plain("."))
            .action(format!("Show {id}"), calls::show(id)),
        None => reply,
    })
}

pub(in crate::commands) fn dismiss(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let (Some(number), Some(reason)) = (arguments.number("number"), arguments.sentence("reason")) else {
        return Err(unreadable("number", "it is missing"));
    };
    let (request, number) = (&context.request, SuggestionId(number));
    request.store.dismiss(number, reason, request.actor.clone(), request.authority)?;
    Ok(Reply::new(Outcome::Answered).heading(format!("Suggestion {number} is put aside.")))
}
