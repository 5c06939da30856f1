//! `approve`, `reject`, `request-changes`, `withdraw`: deciding on a change.

use crate::commands::{
    Arguments, CommandError, Context, calls,
    proposing::fields::ReferenceNames,
    refused::{line, unreadable},
    reviewing::review::findings,
};
use crate::{
    editorial::Severity,
    model::{
        ChangeId, ChangeState, ChangeVersion, Date, FieldConflict, Operation, Reference, Review, Sight, SingleLine,
    },
    reply::{Outcome, Reply, Text},
    store::{Refusal, StoreError},
};

/// What a decision is about.
fn sight(arguments: &Arguments) -> Sight {
    arguments.text("seen").map_or(Sight::Remembered, |version| Sight::Of(ChangeVersion::of(version)))
}

fn change_of(arguments: &Arguments) -> Result<ChangeId, CommandError> {
    match arguments.reference() {
        Some(Reference::Change(id)) => Ok(id),
        _ => Err(unreadable("id", "name a change, like C41")),
    }
}

fn review_of(context: &Context<'_>, reason: SingleLine) -> Review {
    Review { reviewer: context.request.actor.clone(), at: context.request.now, reason }
}

pub(in crate::commands) fn approve(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = change_of(arguments)?;
    let request = &context.request;
    let change = context.records.change(id)?;
    if change.state == ChangeState::Pending {
        let wrong: Vec<Text> = findings(context, &context.records.fitted(&change)?.operations)?
            .into_iter()
            .filter(|(weight, _)| *weight == Severity::Wrong)
            .map(|(_, message)| Text::from(message))
            .collect();
        if !wrong.is_empty() {
            return Ok(Reply::new(Outcome::Misused)
                .heading(Text::new().id(id).plain(" can't be published as it is. Nothing was changed."))
                .list(wrong)
                .hint(Text::from("Send it back: ").ask(calls::request_changes_typed(id))));
        }
    }
    let reason = arguments.sentence("reason").map_or_else(|| line("Checked against its sources."), Ok)?;
    let review = review_of(context, reason);
    let approved = match request.store.approve(id, review, sight(arguments), request.authority) {
        Err(StoreError::Refused(Refusal::AlreadyDecided(_))) => return decided_before(context, id),
        Err(StoreError::Refused(Refusal::Conflict(_, conflicts))) => {
            return contradicts(context, id, &change.proposal.operations, &conflicts);
        }
        done => done?,
    };
    let mut reply = Reply::new(Outcome::Answered).heading(Text::new().id(id).plain(" is approved and in force."));
    if approved.solo {
        reply = reply.warning("You approved your own proposal, being the only reviewer; the history says so.");
    }
    // It is approved, whatever becomes of the list.
    let records = context.records;
    let applied =
        records.refresh().ok().and_then(|()| records.change(id).ok()).map(|change| change.proposal.operations);
    let mut items = Vec::new();
    let applied = applied.unwrap_or_default();
    for operation in applied.iter().take(LISTED) {
        if let Ok(Some(record)) = records.record_id(&operation.target()) {
            items.push(Text::from(format!("{} ", operation.word())).id(record));
            reply = reply.action(format!("Show {record}"), calls::show(record));
        }
    }
    if let Some(more) = applied.len().checked_sub(LISTED).filter(|more| *more > 0) {
        items.push(Text::from(format!("and {more} more: ")).ask(calls::review(id)));
    }
    Ok(reply.list(items))
}

/// How many of the records that an approval changed are named.
const LISTED: usize = 5;

/// What is said of a change that contradicts what was changed since.
fn contradicts(
    context: &Context<'_>,
    id: ChangeId,
    operations: &[Operation],
    conflicts: &[FieldConflict],
) -> Result<Reply, CommandError> {
    // Those changes may be newer than what this answer reads.
    context.records.refresh()?;
    let names = ReferenceNames { context, operations };
    let items = conflicts.iter().map(|conflict| names.conflict(conflict)).collect::<Result<Vec<_>, _>>()?;
    Ok(Reply::new(Outcome::Misused)
        .heading(Text::new().id(id).plain(" contradicts what was changed since it was proposed. Nothing was changed."))
        .list(items)
        .hint(Text::from("Send it back: ").ask(calls::request_changes_typed(id))))
}

/// What the second of two reviewers is told: by whom and when it was decided, and that nothing was done
/// twice.
fn decided_before(context: &Context<'_>, id: ChangeId) -> Result<Reply, CommandError> {
    let records = context.records;
    records.refresh()?;
    let change = records.change_head(id)?;
    let how = match &change.state {
        ChangeState::Approved(_) => "approved",
        ChangeState::Withdrawn(_) => "withdrawn",
        ChangeState::Rejected(_) | ChangeState::Pending | ChangeState::Returned { .. } => "rejected",
    };
    let mut text = Text::new().id(id).plain(format!(" was {how} before"));
    if let Some(review) = change.state.review() {
        text = text.plain(format!(" by {} on ", review.reviewer)).date(Date::of(review.at));
        text = text.plain(format!(", {} UTC", review.at.strftime("%H:%M:%S")));
    }
    Ok(Reply::new(Outcome::Misused)
        .heading(text.plain("."))
        .paragraph("Nothing was done a second time.")
        .action(format!("Show {id}"), calls::review(id)))
}

pub(in crate::commands) fn reject(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = change_of(arguments)?;
    let Some(reason) = arguments.sentence("reason") else { return Err(unreadable("reason", "it is missing")) };
    let request = &context.request;
    match request.store.reject(id, review_of(context, reason), sight(arguments), request.authority) {
        Err(StoreError::Refused(Refusal::AlreadyDecided(_))) => decided_before(context, id),
        done => {
            done?;
            Ok(Reply::new(Outcome::Answered)
                .heading(Text::new().id(id).plain(" is rejected. Its author sees the reason with it.")))
        }
    }
}

pub(in crate::commands) fn request(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = change_of(arguments)?;
    let Some(reason) = arguments.sentence("reason") else { return Err(unreadable("reason", "it is missing")) };
    let request = &context.request;
    match request.store.request_changes(id, request.actor.clone(), reason, sight(arguments), request.authority) {
        Err(StoreError::Refused(Refusal::AlreadyDecided(_))) => decided_before(context, id),
        done => {
            done?;
            Ok(Reply::new(Outcome::Answered).heading(Text::new().id(id).plain(" waits for its author now.")))
        }
    }
}

pub(in crate::commands) fn withdraw(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let id = change_of(arguments)?;
    let reason = arguments.sentence("reason").map_or_else(|| line("Withdrawn by its author."), Ok)?;
    match context.request.store.withdraw(id, review_of(context, reason)) {
        Err(StoreError::Refused(Refusal::AlreadyDecided(_))) => decided_before(context, id),
        done => {
            done?;
            Ok(Reply::new(Outcome::Answered).heading(Text::new().id(id).plain(" is taken back.")))
        }
    }
}
