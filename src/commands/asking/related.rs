//! `related`: what else is on record on the same matter as a statement.

use crate::commands::{
    Arguments, CommandError, Context, asking::absent::not_on_record, asking::in_short::EntriesInShort, asking::present,
    calls,
};
use crate::{
    model::{EntityId, RecordKind, Reference, StatementId},
    reply::{Outcome, Reply, Text},
};

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = match arguments.reference() {
        Some(Reference::Record(id)) if id.kind == RecordKind::Statement => id,
        Some(Reference::Record(id)) => {
            return Ok(Reply::new(Outcome::NothingFound)
                .heading(format!("{id} is no statement; only statements have related ones."))
                .hint(Text::from("To open it: ").ask(calls::show(id))));
        }
        Some(Reference::Change(id)) => return Ok(not_on_record(id)),
        None => return Ok(not_on_record("")),
    };
    let statement = StatementId(id.number);
    let Some(view) = context.records.entry(statement)? else { return Ok(not_on_record(id)) };
    let about: Vec<EntityId> = view.about.iter().map(|entity| entity.id).collect();
    let found = context.search.related(statement, view.statement.text.as_str(), &about, context.page_size)?;
    if found.is_empty() {
        return Ok(Reply::new(Outcome::NothingFound).heading(format!("Nothing else on record is near {id}.")));
    }
    let mut reply = Reply::new(Outcome::Answered).heading(format!("Near {id}, the nearest first"));
    let mut in_short = EntriesInShort::default();
    for checked in found {
        if let Some(view) = context.records.entry(checked.statement)? {
            reply = reply.entry(in_short.entry(&view));
            reply.records.push(present::json_statement(&view));
        }
    }
    Ok(reply.action(format!("Open {id}"), calls::show(id)))
}
