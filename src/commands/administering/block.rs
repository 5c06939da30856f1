//! `block`, `unblock`, `blocked`: whom the bot doesn't hear.

use crate::commands::{
    Arguments, ChatUse, CommandError, CommandSpec, Context, Effect, PAGE, Parameter, ParameterKind, ParameterPlace,
    asking::present::count, proposing::propose::OPTIONAL_REASON,
};
use crate::{
    model::{Date, Role},
    reply::{Outcome, Page, Reply, Text},
};

const WHO: Parameter = Parameter {
    name: "who",
    aliases: &[],
    summary: "Whom, as discord:ID (a user or a server), matrix:@name:server, matrix:!room:server, or a mention",
    kind: ParameterKind::Identity,
    place: ParameterPlace::Word,
    required: true,
};

pub(in crate::commands) static BLOCK: CommandSpec = CommandSpec {
    name: "block",
    aliases: &[],
    summary: "Have the bot hear a person or a community no more, for a time or until it is lifted",
    details: &[
        "Whoever is blocked gets no answer at all, on any platform: accounts that are linked count as one person. Of \
         a community nobody is heard there but admins, who can't be blocked. It begins at once.",
        "A time is a number with a letter: 30m, 12h, 7d, 4w. Without one it lasts until unblock. Who, when, why and \
         until when is kept, and stands in audit.",
    ],
    examples: &[
        "block discord:80351110224678912 for 7d Floods the channel with questions.",
        "block matrix:!room:example.org",
    ],
    parameters: &[
        WHO,
        Parameter {
            name: "for",
            aliases: &["time"],
            summary: "For how long: 30m, 12h, 7d or 4w; without it until it is lifted",
            kind: ParameterKind::Period,
            place: ParameterPlace::Named,
            required: false,
        },
        OPTIONAL_REASON,
    ],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: block,
};

fn block(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let Some(who) = arguments.identity("who") else {
        return Ok(Reply::new(Outcome::Misused).heading("Name who is to be blocked."));
    };
    let until = arguments.period("for").and_then(|period| request.now.checked_add(period).ok());
    let reason = arguments.sentence("reason");
    request.store.block(who.clone(), until, reason, request.actor.clone(), request.now, request.authority)?;
    let others: Vec<String> =
        context.records.identities_of(who)?.iter().filter(|other| *other != who).map(ToString::to_string).collect();
    let mut reply = Reply::new(Outcome::Answered).heading(match until {
        Some(until) => format!("{who} is not heard any more, until {} UTC.", until.strftime("%Y-%m-%d %H:%M")),
        None => format!("{who} is not heard any more."),
    });
    if !others.is_empty() {
        reply = reply.paragraph(format!("Nor is the same person as {}.", others.join(", ")));
    }
    Ok(reply.hint(Text::from("To lift it: ").syntax(format!("unblock {who}"))))
}

pub(in crate::commands) static UNBLOCK: CommandSpec = CommandSpec {
    name: "unblock",
    aliases: &[],
    summary: "Have the bot hear a person or a community again",
    details: &[],
    examples: &["unblock discord:80351110224678912"],
    parameters: &[WHO],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: unblock,
};

fn unblock(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let request = &context.request;
    let Some(who) = arguments.identity("who") else {
        return Ok(Reply::new(Outcome::Misused).heading("Name who is to be heard again."));
    };
    request.store.unblock(who.clone(), request.actor.clone(), request.now, request.authority)?;
    Ok(Reply::new(Outcome::Answered).heading(format!("{who} is heard again.")))
}

pub(in crate::commands) static BLOCKED: CommandSpec = CommandSpec {
    name: "blocked",
    aliases: &["blocks"],
    summary: "Whom the bot doesn't hear: since when, until when, by whom and why",
    details: &["What was lifted or has run out stands in audit."],
    examples: &["blocked"],
    parameters: &[PAGE],
    role: Role::Admin,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    run: blocked,
};

/// How many blocks a page has.
const BLOCKS: usize = 15;

fn blocked(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let page = arguments.page();
    let (blocks, total) = context.records.blocks(context.request.now, (page - 1) * BLOCKS, BLOCKS)?;
    if total == 0 {
        return Ok(Reply::new(Outcome::NothingFound).heading("Nobody is blocked."));
    }
    let items = blocks
        .iter()
        .map(|block| {
            let mut text = Text::new().strong(block.subject.to_string()).plain(" — since ").date(Date::of(block.at));
            if let Some(until) = block.until {
                text = text.plain(format!(", until {} UTC", until.strftime("%Y-%m-%d %H:%M")));
            }
            text = text.plain(format!(", by {}", block.by));
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
