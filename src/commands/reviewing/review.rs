//! `queue`, `review`, `claim-review`: what waits, and a change as a reviewer reads it.

use crate::commands::{
    Arguments, CommandError, CommandSpec, Context,
    asking::present::{self, count},
    calls,
    definitions::{
        proposing::{DISMISS, REASON},
        reviewing::{APPROVE, CHANGE, CLAIM, QUEUE, REJECT, REQUEST},
    },
    proposing::fields::ReferenceNames,
    proposing::operations,
    refused::unreadable,
    with_value,
};
use crate::{
    editorial::Severity,
    model::{Change, ChangeId, ChangeState, Date, Operation, RecordKey, Reference, Role},
    reply::{Entry, EntryKind, Outcome, Page, Reply, ReviewedChange, Span, Text},
    store::{Fitted, Look, Refusal, StoreError},
};

/// How many changes and suggestions are listed at a time.
const LISTED: usize = 10;

pub(in crate::commands) fn queue(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let page = arguments.page();
    let (waiting, total) = context.records.waiting(context.request.now, (page - 1) * LISTED, LISTED)?;
    let suggestions = context.records.suggestions(LISTED)?;
    if total == 0 && suggestions.is_empty() {
        return Ok(Reply::new(Outcome::NothingFound).heading("Nothing waits for review."));
    }
    let mut reply = Reply::new(Outcome::Answered)
        .heading(format!("Waiting for review: {}, the oldest first", count(total, "change", "changes")));
    for item in &waiting {
        let mut entry =
            Entry::new(EntryKind::Change, item.change.id, Text::new().strong(item.change.proposal.summary.as_str()));
        entry.date = Some(Date::of(item.change.proposal.proposed_at));
        let operations = count(item.operations, "operation", "operations");
        entry.details.push(Text::from("By ").person(&item.change.proposal.author).plain(format!(", {operations}")));
        if let ChangeState::Returned { request } = &item.change.state {
            entry.details.push(Text::from(format!("Waits for its author, who is asked: {request}")));
        }
        if let Some(reviewer) = &item.claimed_by {
            entry.details.push(Text::new().person(reviewer).plain(" works on it"));
        }
        reply = reply.entry(entry);
        reply.records.push(present::json_change(&item.change));
        if reply.actions.len() < 5 {
            reply = reply.action(format!("Review {}", item.change.id), calls::review(item.change.id));
        }
    }
    if page == 1 && !suggestions.is_empty() {
        let items = suggestions
            .iter()
            .map(|suggestion| {
                Text::from(format!("{}. ", suggestion.id))
                    .span(Span::Link { text: suggestion.url.host().to_owned(), address: suggestion.url.clone() })
                    .plain(format!(" — {} (by ", suggestion.note))
                    .person(&suggestion.author)
                    .plain(", ")
                    .date(Date::of(suggestion.at))
                    .plain(")")
            })
            .collect();
        reply = reply.heading("Suggested links").list(items).hint(
            Text::from("Take one up with the line ")
                .syntax("suggestion: N")
                .plain(" in a form, or put it aside: ")
                .ask(DISMISS.typed("N REASON")),
        );
    }
    Ok(reply.on_page(Page::new(page, total.div_ceil(LISTED).max(1), QUEUE.call(&[]))))
}

pub(in crate::commands) fn review(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    match arguments.reference() {
        Some(Reference::Change(id)) => view(context, id, arguments.page()),
        _ => Err(unreadable("id", "name a change, like C41")),
    }
}

/// What is said when a proposal was handed in, or changed (`done`): that, and the change as reviewers
/// see it.
pub(in crate::commands) fn handed_in(context: &Context<'_>, id: ChangeId, done: &str) -> Result<Reply, CommandError> {
    // What this answer reads is older than the proposal, which is on record whatever becomes of the view.
    let viewed = context.records.refresh().map_err(CommandError::from).and_then(|()| view(context, id, 1));
    let mut reply = viewed.unwrap_or_else(|error| {
        tracing::warn!(%error, "a proposal could not be shown to its author");
        Reply::new(Outcome::Answered).action(format!("Review {id}"), calls::review(id))
    });
    let heading = Text::new().id(id).plain(format!(" is {done}. Someone else decides on it."));
    reply.blocks.insert(0, crate::reply::Block::Heading(heading));
    Ok(reply)
}

/// A page of a change as a reviewer reads it.
fn view(context: &Context<'_>, id: ChangeId, page: usize) -> Result<Reply, CommandError> {
    let records = context.records;
    let change = records.change(id)?;
    let request = &context.request;
    let mut entry = present::change(&change, context.request.role);
    if let Some(reviewer) = records.claimed_by(id, request.now)? {
        entry.details.push(Text::from(format!("{reviewer} works on it")));
    }
    let mut reply = Reply::new(Outcome::Answered).entry(entry);
    let fitted = records.fitted(&change)?;
    let before = |name: &RecordKey| before(context, &change, name);
    let pages = operations::pages(&fitted.operations);
    let this_page = Page::new(page, pages.len(), calls::review(id));
    let Some(shown) = pages.get(page - 1).cloned() else {
        return Ok(reply.on_page(this_page));
    };
    reply = operations::show(context, reply, &fitted.operations, shown.clone(), &before)?;
    reply.records.push(present::json_change(&change));
    reply = reply.on_page(this_page);
    if !change.state.is_open() {
        return Ok(reply);
    }
    let names = ReferenceNames { context, operations: &fitted.operations };
    for conflict in &fitted.conflicts {
        reply = reply.warning(Text::from("In conflict: ").join(names.conflict(conflict)?));
    }
    if !fitted.rewritten.is_empty() {
        reply =
            reply.hint("Others changed the record since this was proposed; theirs stays where it is something else.");
    }
    let mut is_fit = fitted.conflicts.is_empty();
    for (weight, message) in findings(context, &fitted.operations)? {
        is_fit &= weight != Severity::Wrong;
        reply = reply.warning(message);
    }
    if let Err(StoreError::Refused(Refusal::Rule(rule))) = records.would_apply(&fitted.operations, request.now) {
        is_fit = false;
        let why = operations::in_words(records, &rule);
        reply = reply.warning(format!("As things are it can't be applied: {why}."));
    }
    let own = records.same_person(&change.proposal.author, request.actor)?;
    let may_decide = request.role >= Role::Reviewer && (!own || request.authority.solo);
    if may_decide && change.state == ChangeState::Pending {
        let look = Look { change: id, version: fitted.version.clone(), shown: (shown.start, shown.end) };
        let is_remembered = remember(context, look).is_some();
        let next = (page < pages.len()).then_some(page + 1);
        reply = offer(reply, id, &fitted, is_fit, is_remembered, next);
    } else if own {
        reply = reply
            .action("Withdraw", calls::withdraw(id))
            .hint(Text::from("Change it while it waits: ").ask(calls::amend_typed(id)));
    }
    Ok(reply)
}

/// Remembers what the reviewer is shown; says how many operations, from the first on, they have been shown by now. If
/// it can't be written the change is shown all the same: deciding on it then takes the version in words.
fn remember(context: &Context<'_>, look: Look) -> Option<usize> {
    let request = &context.request;
    let (change, to) = (look.change, look.shown.1);
    let done = match context.records.seen_of(request.actor, change, &look.version) {
        Ok(Some(seen)) if seen >= to => Ok(seen),
        Ok(_) => request.store.looked(request.actor.clone(), look, request.now),
        Err(error) => Err(error),
    };
    done.inspect_err(|error| tracing::warn!(%error, %change, "what a reviewer was shown could not be remembered")).ok()
}

/// Adds the ways to decide on what is shown: to approve it only where it can be approved as it is, and under its end.
fn offer(
    mut reply: Reply,
    id: ChangeId,
    fitted: &Fitted,
    is_fit: bool,
    is_remembered: bool,
    next: Option<usize>,
) -> Reply {
    let seen = &fitted.version;
    let decide = |spec| calls::decision(spec, id, seen);
    // What is remembered needn't be said again.
    let typed = |spec: &'static CommandSpec| if is_remembered { spec.call(&[(&CHANGE, &id)]) } else { decide(spec) };
    let mut text = Text::from("Decide: ");
    if is_fit && next.is_none() {
        reply = reply.approval(decide(&APPROVE), ReviewedChange { id, seen: seen.clone() });
        text = text.ask(typed(&APPROVE)).plain(", ");
    }
    reply = reply
        .action("Request changes", decide(&REQUEST))
        .action("Reject", decide(&REJECT))
        .action("Claim", CLAIM.call(&[(&CHANGE, &id)]))
        .hint(text.ask(with_value(&typed(&REJECT), &REASON, "REASON")).plain(" or ").ask(with_value(
            &typed(&REQUEST),
            &REASON,
            "REASON",
        )));
    match next {
        Some(page) => {
            let text = Text::from("It goes on: ").ask(calls::review(id).on_page(page));
            let text = text.plain(". It can be approved when all of it was read; if you have read it elsewhere, with ");
            reply.hint(text.ask(decide(&APPROVE)))
        }
        None => reply,
    }
}

/// What a record is without the change: as it is now, or as it was before an approved one.
fn before(
    context: &Context<'_>,
    change: &Change,
    name: &RecordKey,
) -> Result<Option<crate::model::Record>, CommandError> {
    let held = match &change.state {
        ChangeState::Approved(approved) => context.records.version(name, approved.sequence.previous())?,
        _ => context.records.held(name)?,
    };
    Ok(held.map(|held| held.record))
}

/// What is found in the records that operations bring or alter, in words; and how much it matters.
pub(in crate::commands) fn findings(
    context: &Context<'_>,
    operations: &[Operation],
) -> Result<Vec<(Severity, String)>, CommandError> {
    let ground = context.build_context();
    let mut found = Vec::new();
    // An import has its own checks, and more records than anyone would read here.
    for operation in operations.iter().take(200) {
        let of_operation = match operation {
            Operation::Create { record, .. } | Operation::Edit { record, .. } => ground.findings(record)?,
            _ => ground.findings_in_entities(operation, operations)?,
        };
        for finding in of_operation {
            let text = format!("{} of the {}: {}", finding.field, operation.target().kind, finding.message);
            found.push((finding.weight, text));
        }
    }
    Ok(found)
}

pub(in crate::commands) fn claim(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some(Reference::Change(id)) = arguments.reference() else {
        return Err(unreadable("id", "name a change, like C41"));
    };
    let request = &context.request;
    let until = request.store.claim(id, request.actor.clone(), request.now, request.authority)?;
    Ok(Reply::new(Outcome::Answered)
        .heading(Text::new().id(id).plain(format!(" is yours until {} UTC.", until.strftime("%H:%M"))))
        .action(format!("Review {id}"), calls::review(id)))
}
