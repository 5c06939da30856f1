//! `retract`, `restore`, `merge`, `cite`, `purge`: proposals that need no form.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::absent::not_on_record,
    definitions::proposing::{RECORD, REVERT},
    refused::{line, unreadable},
    reviewing::review,
};
use crate::{
    model::{
        Announcement, Citation, CitationRole, Citations, Key, Operation, Proposal, Record, RecordId, RecordKey,
        RecordKind, Reference, SingleLine,
    },
    reply::{Outcome, Reply, Text},
    store::Submission,
};

/// Hands in operations under a summary.
pub(in crate::commands) fn hand_in(
    context: &Context<'_>,
    summary: &str,
    note: Option<SingleLine>,
    operations: Vec<Operation>,
) -> Result<Reply, CommandError> {
    let request = &context.request;
    let submission = Submission {
        proposal: Proposal {
            summary: line(summary)?,
            author: request.actor.clone(),
            proposed_at: request.now,
            operations,
        },
        based_on: context.records.latest_sequence()?,
        note,
        suggestion: None,
        again: false,
    };
    let id = request.store.submit(submission, request.authority)?;
    review::handed_in(context, id, "proposed")
}

fn record_of(context: &Context<'_>, arguments: &Arguments, name: &'static str) -> Result<Named, CommandError> {
    match arguments.reference_of(name) {
        Some(Reference::Record(id)) => match context.records.name_of(id)? {
            Some(record) if context.records.tombstone(id)?.is_none() => Ok(Named::Record(id, record)),
            _ => Ok(Named::Nothing(not_on_record(id))),
        },
        Some(Reference::Change(id)) => {
            Err(unreadable(name, format!("{id} is a change; changes are taken back with revert")))
        }
        None => Ok(Named::Nothing(not_on_record(""))),
    }
}

/// What an id names.
enum Named {
    Record(RecordId, RecordKey),
    Nothing(Reply),
}

pub(in crate::commands) fn retract(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let (id, target) = match record_of(context, arguments, "id")? {
        Named::Record(id, name) => (id, name),
        Named::Nothing(reply) => return Ok(reply),
    };
    let Some(reason) = arguments.sentence("reason") else { return Err(unreadable("reason", "it is missing")) };
    let announcement = Announcement { on: None, reason };
    hand_in(context, &format!("Retract {id}"), None, vec![Operation::Retract { target, announcement }])
}

pub(in crate::commands) fn restore(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let (id, target) = match record_of(context, arguments, "id")? {
        Named::Record(id, name) => (id, name),
        Named::Nothing(reply) => return Ok(reply),
    };
    let held = context.records.held(&target)?;
    if held.is_some_and(|held| held.standing.merged_into.is_some()) {
        return merged_away(context, id);
    }
    let note = arguments.sentence("reason");
    hand_in(context, &format!("Restore {id}"), note, vec![Operation::Restore { target }])
}

/// What is said of an entity that isn't retracted but merged away: restored alone, nothing would point to it.
fn merged_away(context: &Context<'_>, id: RecordId) -> Result<Reply, CommandError> {
    let history = context.records.history(id)?;
    let merge = history.iter().rev().find(|item| item.operations.iter().any(|word| word == "merge"));
    let reply = Reply::new(Outcome::Misused).heading(format!("{id} is not retracted; it was merged into another."));
    Ok(match merge {
        Some(item) => reply.hint(Text::from("Turn the merge back: ").ask(REVERT.call(&[(&RECORD, &item.change)]))),
        None => reply,
    })
}

pub(in crate::commands) fn merge(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let mut keys: Vec<(RecordId, Key)> = Vec::new();
    for name in ["from", "into"] {
        match record_of(context, arguments, name)? {
            Named::Record(id, record) if id.kind == RecordKind::Entity => keys.push((id, record.key)),
            Named::Record(id, _) => return Err(unreadable(name, format!("{id} is no entity; entities are like E9"))),
            Named::Nothing(reply) => return Ok(reply),
        }
    }
    let [(from_id, from), (into_id, into)] = keys.as_slice() else { return Ok(not_on_record("")) };
    let operation = Operation::Merge { from: from.clone(), into: into.clone() };
    hand_in(context, &format!("Merge {from_id} into {into_id}"), None, vec![operation])
}

pub(in crate::commands) fn cite(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = match record_of(context, arguments, "id")? {
        Named::Record(id, _) => id,
        Named::Nothing(reply) => return Ok(reply),
    };
    let source = match record_of(context, arguments, "source")? {
        Named::Record(source, name) if source.kind == RecordKind::Source => name.key,
        Named::Record(source, _) => return Err(unreadable("source", format!("{source} is no source"))),
        Named::Nothing(reply) => return Ok(reply),
    };
    let Some(held) = context.records.held_by_id(id)? else { return Ok(not_on_record(id)) };
    let role = arguments.text("role").and_then(CitationRole::from_word).unwrap_or(CitationRole::Cites);
    let mut citations = held.record.citations().to_vec();
    citations.push(Citation { source, role, locator: arguments.sentence("locator") });
    let citations = Citations::try_from(citations).map_err(|error| unreadable("source", error.to_string()))?;
    let record = match held.record {
        Record::Statement(statement) => Record::Statement(crate::model::Statement { citations, ..statement }),
        Record::Response(response) => Record::Response(crate::model::Response { citations, ..response }),
        Record::Entity(_) | Record::Source(_) => {
            return Err(unreadable("id", "only statements and responses cite sources"));
        }
    };
    let operation = Operation::Edit { record, corrections: Vec::new(), vetted: None };
    hand_in(context, &format!("Another source for {id}"), None, vec![operation])
}

pub(in crate::commands) fn purge(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let (id, target) = match record_of(context, arguments, "id")? {
        Named::Record(id, name) => (id, name),
        Named::Nothing(reply) => return Ok(reply),
    };
    let Some(reason) = arguments.sentence("reason") else { return Err(unreadable("reason", "it is missing")) };
    let announcement = Announcement { on: None, reason };
    hand_in(context, &format!("Purge {id}"), None, vec![Operation::Purge { target, announcement }])
}
