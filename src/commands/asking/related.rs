//! `related`: what else is on record on the same matter as a statement.

use crate::commands::{
    Arguments, ChatUse, CommandError, CommandSpec, Context, Effect,
    asking::present::{self, EntryDetail},
    asking::show::{ID, not_on_record},
    calls,
};
use crate::{
    model::{RecordKind, Reference, Role},
    reply::{Outcome, Reply, Text},
};

pub(in crate::commands) static SPEC: CommandSpec = CommandSpec {
    name: "related",
    aliases: &["like", "similar"],
    summary: "Other statements on the same matter as one, the nearest first",
    details: &["Nearness is of words, names and wording: it doesn't mean that the statements agree."],
    examples: &["related S12"],
    parameters: &[ID],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    run,
};

fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = match arguments.reference() {
        Some(Reference::Record(id)) if id.kind == RecordKind::Statement => id,
        Some(Reference::Record(id)) => {
            return Ok(Reply::new(Outcome::NothingFound)
                .heading(format!("{id} is no statement; only statements have related ones."))
                .hint(Text::from("To open it: ").syntax(format!("show {id}"))));
        }
        Some(Reference::Change(id)) => return Ok(not_on_record(id)),
        None => return Ok(not_on_record("")),
    };
    let Some(view) = context.records.entry(id.number)? else { return Ok(not_on_record(id)) };
    let about: Vec<i64> = view.about.iter().map(|entity| entity.id.number).collect();
    let found = context.search.related(id.number, view.statement.text.as_str(), &about, context.page_size)?;
    if found.is_empty() {
        return Ok(Reply::new(Outcome::NothingFound).heading(format!("Nothing else on record is near {id}.")));
    }
    let mut reply = Reply::new(Outcome::Answered).heading(format!("Near {id}, the nearest first"));
    for checked in found {
        if let Some(view) = context.records.entry(checked.statement)? {
            reply = reply.entry(present::statement(&view, EntryDetail::Brief));
            reply.records.push(present::json_statement(&view));
        }
    }
    Ok(reply.action(format!("Open {id}"), calls::show(id)))
}
