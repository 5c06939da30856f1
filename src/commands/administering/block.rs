//! `block`, `unblock`, `blocked`: whom the bot doesn't hear.

use super::people::people;
use crate::commands::{
    Arguments, CommandError, Context,
    asking::present::count,
    definitions::administering::{BLOCKED, UNBLOCK},
};
use crate::{
    model::{Date, Identity},
    reply::{Outcome, Page, Reply, Text},
};

pub(in crate::commands) fn block(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let Some(who) = arguments.identity("who") else {
        return Ok(Reply::new(Outcome::Misused).heading("Name who is to be blocked."));
    };
    let until = arguments.period("for").and_then(|period| request.now.checked_add(period).ok());
    let reason = arguments.sentence("reason");
    request.store.block(who.clone(), until, reason, request.actor.clone(), request.now, request.authority)?;
    let others: Vec<Identity> = context.records.identities_of(who)?.into_iter().filter(|other| other != who).collect();
    let until = until.map(|until| format!(", until {} UTC", until.strftime("%Y-%m-%d %H:%M"))).unwrap_or_default();
    let heading = Text::new().person(who).plain(format!(" is not heard any more{until}."));
    let mut reply = Reply::new(Outcome::Answered).heading(heading);
    if !others.is_empty() {
        reply = reply.paragraph(people("Nor is the same person as ", &others));
    }
    Ok(reply.hint(Text::from("To lift it: ").ask(UNBLOCK.typed(&who.to_string()))))
}

pub(in crate::commands) fn unblock(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let Some(who) = arguments.identity("who") else {
        return Ok(Reply::new(Outcome::Misused).heading("Name who is to be heard again."));
    };
    request.store.unblock(who.clone(), request.actor.clone(), request.now, request.authority)?;
    Ok(Reply::new(Outcome::Answered).heading(Text::new().person(who).plain(" is heard again.")))
}

/// How many blocks a page has.
const BLOCKS: usize = 15;

pub(in crate::commands) fn blocked(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let page = arguments.page();
    let (blocks, total) = context.records.blocks(context.request.now, (page - 1) * BLOCKS, BLOCKS)?;
    if total == 0 {
        return Ok(Reply::new(Outcome::NothingFound).heading("Nobody is blocked."));
    }
    let items = blocks
        .iter()
        .map(|block| {
            let mut text = Text::new().person(&block.subject).plain(" — since ").date(Date::of(block.at));
            if let Some(until) = block.until {
                text = text.plain(format!(", until {} UTC", until.strftime("%Y-%m-%d %H:%M")));
            }
            text = text.plain(", by ").person(&block.by);
            match &block.reason {
                Some(reason) => text.plain(format!(": {reason}")),
                None => text,
            }
        })
        .collect();
    Ok(Reply::new(Outcome::Answered)
        .heading(format!("Not heard: {}, the latest first", count(total, "block", "blocks")))
        .list(items)
        .on_page(Page::new(page, total.div_ceil(BLOCKS), BLOCKED.call(&[]))))
}
