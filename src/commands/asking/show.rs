//! `show`: one record or change, whole.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::absent::not_on_record,
    asking::link_state,
    asking::present::{self, count},
    calls,
};
use crate::{
    model::{
        ChangeId, EntityId, RecordId, RecordKind, RecordNotice, Reference, ResponseId, Role, SourceId, StatementId,
    },
    reply::{Outcome, Reply, Text, json::JsonRecord},
    store::{Refusal, StoreError},
};

pub(in crate::commands) fn run(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    if let (Some(Reference::Record(id)), Some(day)) = (arguments.reference(), arguments.date()) {
        return crate::commands::asking::past::at(context, id, day);
    }
    match arguments.reference() {
        Some(Reference::Change(id)) => change(context, id),
        Some(Reference::Record(id)) if let Some(notice) = context.records.tombstone(id)? => Ok(tombstone(id, &notice)),
        Some(Reference::Record(id)) => match id.kind {
            RecordKind::Entity => crate::commands::asking::about::card(context, EntityId(id.number)),
            RecordKind::Source => source(context, id),
            RecordKind::Statement => statement(context, id),
            RecordKind::Response => response(context, id),
        },
        None => Ok(not_on_record("")),
    }
}

/// What stands in the place of a record whose content was purged.
fn tombstone(id: RecordId, notice: &RecordNotice) -> Reply {
    Reply::new(Outcome::Answered)
        .heading(Text::new().id(id).plain(" was taken away for good on ").date(notice.on).plain("."))
        .paragraph(format!("Reason: {}", notice.reason))
        .action("History", calls::history(id))
}

fn statement(context: &Context<'_>, id: RecordId) -> Result<Reply, CommandError> {
    let Some(view) = context.records.entry(StatementId(id.number))? else { return Ok(not_on_record(id)) };
    let mut reply = Reply::new(Outcome::Answered).entry(present::statement(&view));
    reply.records.push(present::json_statement(&view));
    Ok(reply.action("History", calls::history(id)))
}

fn response(context: &Context<'_>, id: RecordId) -> Result<Reply, CommandError> {
    let Some(view) = context.records.response(ResponseId(id.number))? else { return Ok(not_on_record(id)) };
    let mut entry = present::response(&view);
    let mut answers = Text::from("Answers: ");
    for (at, statement) in view.answers.iter().enumerate() {
        answers = answers.plain(if at == 0 { "" } else { ", " }).id(statement);
    }
    entry.details.push(answers);
    entry.details.extend(present::vetted(view.vetted));
    let mut reply = Reply::new(Outcome::Answered).entry(entry);
    reply.records.push(JsonRecord::Response(present::json_response(&view)));
    for statement in view.answers.iter().take(3) {
        reply = reply.action(format!("Statement {statement}"), calls::show(statement));
    }
    Ok(reply.action("History", calls::history(id)))
}

fn source(context: &Context<'_>, id: RecordId) -> Result<Reply, CommandError> {
    let Some(view) = context.records.source(SourceId(id.number))? else { return Ok(not_on_record(id)) };
    let mut entry = present::source(&view);
    let cited = context.records.cited_by(SourceId(id.number))?;
    let mut text = Text::from("Cited by: ");
    for (at, (entry_id, role)) in cited.iter().enumerate() {
        text = text
            .plain(if at == 0 { "" } else { ", " })
            .id(entry_id)
            .plain(format!(" ({})", present::words_of(role.word())));
    }
    if !cited.is_empty() {
        entry.details.push(text);
    }
    entry.details.extend(present::vetted(view.vetted));
    let mut json = present::json_source(&view);
    if context.request.role >= Role::Contributor
        && let Some(state) = context.records.link_state(SourceId(id.number))?
    {
        entry.details.push(link_state::line(&state));
    }
    if context.request.role >= Role::Contributor
        && let Some(note) = &view.source.note
    {
        entry.details.push(Text::from(format!("Remark for editors: {note}")));
        json.note = Some(note.to_string());
    }
    let mut reply = Reply::new(Outcome::Answered).entry(entry);
    reply.records.push(JsonRecord::Source(json));
    Ok(reply.action("History", calls::history(id)))
}

/// How many operations of a change are listed.
const OPERATIONS: usize = 20;

fn change(context: &Context<'_>, id: ChangeId) -> Result<Reply, CommandError> {
    let change = match context.records.change(id) {
        Err(StoreError::Refused(Refusal::NoSuchChange(_))) => return Ok(not_on_record(id)),
        found => found?,
    };
    let operations = &change.proposal.operations;
    let mut entry = present::change(&change, context.request.role);
    entry.details.push(Text::from(count(operations.len(), "operation", "operations")));
    let mut reply = Reply::new(Outcome::Answered).entry(entry);
    let mut items: Vec<Text> = Vec::new();
    for operation in operations.iter().take(OPERATIONS) {
        let target = operation.target();
        let text = Text::from(format!("{} {} ", operation.word(), target));
        items.push(match context.records.record_id(&target)? {
            Some(record) => text.id(record),
            None => text,
        });
    }
    if operations.len() > OPERATIONS {
        items.push(Text::from(format!("and {} more", operations.len() - OPERATIONS)));
    }
    reply.records.push(present::json_change(&change));
    Ok(reply.list(items))
}
