//! `role`, `link`, `unlink`, `audit`: who may do what, and what admins have done.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::present::{self, count},
    definitions::administering::AUDIT,
};
use crate::{
    model::{Date, Identity, Role},
    reply::{Outcome, Page, Reply, Text},
};

pub(in crate::commands) fn role(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let wanted = arguments.text("role").and_then(Role::from_word);
    match (arguments.identity("who"), wanted) {
        (Some(who), Some(_)) if !who.is_a_person() => Ok(no_person(who)),
        (Some(who), Some(role)) => {
            let before =
                request.store.give_role(who.clone(), role, request.actor.clone(), request.now, request.authority)?;
            Ok(Reply::new(Outcome::Answered)
                .heading(Text::new().person(who).plain(format!(" is {role} now, and was {before}."))))
        }
        (Some(who), None) => {
            let role = context.records.role_of(request.authority, who)?;
            let others: Vec<Identity> =
                context.records.identities_of(who)?.into_iter().filter(|other| other != who).collect();
            let mut reply =
                Reply::new(Outcome::Answered).heading(Text::new().person(who).plain(format!(" is {role}.")));
            if request.role == Role::Admin && !others.is_empty() {
                reply = reply.paragraph(people("One person with ", &others));
            }
            Ok(reply)
        }
        (None, _) => {
            let reply = Reply::new(Outcome::Answered).heading(
                Text::from("Your role is ").strong(request.role.word()).plain(", as ").person(request.actor).plain("."),
            );
            if request.role < Role::Reviewer {
                return Ok(reply);
            }
            let configured =
                request.authority.admins.iter().map(|who| Text::new().person(who).plain(" — admin by ONRECORD_ADMINS"));
            let given = context.records.role_holders()?;
            let given = given.iter().map(|holder| {
                Text::new()
                    .person(&holder.identity)
                    .plain(format!(" — {}, given by ", holder.role))
                    .person(&holder.given_by)
                    .plain(" on ")
                    .date(Date::of(holder.given_at))
            });
            Ok(reply.list(configured.chain(given).collect()))
        }
    }
}

pub(in crate::commands) fn link(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some((one, other)) = two_of(arguments) else { return Ok(no_two()) };
    if let Some(stranger) = [one, other].into_iter().find(|who| !who.is_a_person()) {
        return Ok(no_person(stranger));
    }
    let request = &context.request;
    request.store.link(one.clone(), other.clone(), request.actor.clone(), request.now, request.authority)?;
    Ok(Reply::new(Outcome::Answered).heading(both(one, other).plain(" are one person now.")))
}

pub(in crate::commands) fn unlink(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some((one, other)) = two_of(arguments) else { return Ok(no_two()) };
    let request = &context.request;
    request.store.unlink(one.clone(), other, request.actor.clone(), request.now, request.authority)?;
    Ok(Reply::new(Outcome::Answered).heading(both(one, other).plain(" are two people now.")))
}

fn both(one: &Identity, other: &Identity) -> Text {
    Text::new().person(one).plain(" and ").person(other)
}

/// Some people behind these words, in a sentence.
pub(super) fn people(words: &str, who: &[Identity]) -> Text {
    let mut text = Text::from(words);
    for (at, one) in who.iter().enumerate() {
        text = if at == 0 { text } else { text.plain(", ") }.person(one);
    }
    text.plain(".")
}

/// The two identities of a request; both were checked to be there.
fn two_of(arguments: &Arguments) -> Option<(&Identity, &Identity)> {
    arguments.identity("who").zip(arguments.identity("other"))
}

fn no_two() -> Reply {
    Reply::new(Outcome::Misused).heading("Name two identities.")
}

/// What is said where a room, or whoever was not named, is to have a person's rights.
fn no_person(who: &Identity) -> Reply {
    Reply::new(Outcome::Misused).heading(format!("{who} is no person's account.")).paragraph("Nothing was changed.")
}

/// How many acts a page has.
const ACTS: usize = 15;

pub(in crate::commands) fn audit(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let page = arguments.page();
    let (acts, total) = context.records.acts((page - 1) * ACTS, ACTS)?;
    if total == 0 {
        return Ok(Reply::new(Outcome::NothingFound).heading("No such act is on record."));
    }
    let items = acts
        .iter()
        .map(|act| {
            Text::new()
                .date(Date::of(act.at))
                .plain(" ")
                .person(&act.actor)
                .plain(format!(" — {} of ", present::words_of(&act.kind)))
                .strong(act.subject.as_str())
                .plain(format!(": {}", act.what))
        })
        .collect();
    Ok(Reply::new(Outcome::Answered)
        .heading(format!("What was done: {}, the latest first", count(total, "act", "acts")))
        .list(items)
        .on_page(Page::new(page, total.div_ceil(ACTS), AUDIT.call(&[]))))
}
