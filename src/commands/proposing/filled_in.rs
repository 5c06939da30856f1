//! From a filled-in form to a proposal, or to what is missing in it.

use crate::commands::{CommandError, Context, calls, refused::line, reviewing::review};
use crate::{
    editorial::{Built, Draft, LookError, Problem, build, build_edit},
    model::{ChangeId, Proposal, Record, RecordId},
    reply::{Outcome, Reply, Text},
    store::{Proposed, Submission},
};

/// What a draft is for.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) enum Aim {
    /// New records.
    New,
    /// Another version of a record.
    Edit(RecordId),
    /// Another version of a proposal, which may itself be an edit.
    Amend(ChangeId, Option<RecordId>),
}

/// What a draft becomes.
pub(in crate::commands) fn built(context: &Context<'_>, draft: &Draft, aim: Aim) -> Result<Built, CommandError> {
    let ground = context.build_context();
    let edited = match aim {
        Aim::New | Aim::Amend(_, None) => None,
        Aim::Edit(id) | Aim::Amend(_, Some(id)) => context.records.held_by_id(id)?,
    };
    let mut built = match &edited {
        Some(held) => build_edit(draft, &ground, &held.record),
        None => build(draft, &ground),
    }?;
    if let Aim::Amend(amended, _) = aim {
        built.proposed.retain(|proposed| proposed.change != amended);
    }
    Ok(built)
}

/// Hands a draft in if it is ready; else says what is missing.
pub(in crate::commands) fn propose(context: &Context<'_>, draft: &Draft, aim: Aim) -> Result<Reply, CommandError> {
    let built = built(context, draft, aim)?;
    if !built.is_ready() {
        return Ok(wrong(draft, &built.problems, &built));
    }
    let request = &context.request;
    let submission = Submission {
        proposal: Proposal {
            summary: built.summary.map_or_else(|| line("A change"), Ok)?,
            author: request.actor.clone(),
            proposed_at: request.now,
            operations: built.operations,
        },
        based_on: context.records.latest_sequence()?,
        note: built.note,
        suggestion: built.suggestion,
        again: built.confirmed,
    };
    match aim {
        Aim::Amend(id, _) => {
            request.store.amend(id, submission, request.authority)?;
            review::handed_in(context, id, "changed")
        }
        Aim::New | Aim::Edit(_) => {
            let id = request.store.submit(submission, request.authority)?;
            review::handed_in(context, id, "proposed")
        }
    }
}

/// What is wrong in a draft, field by field, and what it may repeat.
pub(in crate::commands) fn wrong(draft: &Draft, problems: &[Problem], built: &Built) -> Reply {
    let item = |problem: &Problem| {
        let block = draft.blocks.get(problem.block).filter(|_| problem.block > 0);
        let whose = block.map(|block| format!("{} ", block.form.name)).unwrap_or_default();
        match problem.field {
            Some(field) => Text::from(whose).strong(field).plain(format!(": {}", problem.message)),
            None => Text::from(format!("{whose}{}", problem.message)),
        }
    };
    let mut reply = Reply::new(Outcome::Misused);
    if !problems.is_empty() {
        reply = reply.heading("Nothing was proposed yet. What is missing or wrong:");
        return reply.list(problems.iter().map(item).collect());
    }
    reply = reply.heading("Nothing was proposed yet. Look at this first:").list(built.odd.iter().map(item).collect());
    if !built.duplicates.is_empty() {
        let items = built.duplicates.iter().map(|(id, text)| Text::new().id(id).plain(format!(" {text}"))).collect();
        reply = reply.paragraph("It may already be on record:").list(items);
        for (id, _) in built.duplicates.iter().take(2) {
            reply = reply.action(format!("Show {id}"), calls::show(id));
        }
    }
    if !built.proposed.is_empty() {
        reply = reply.list(built.proposed.iter().map(already_proposed).collect());
        for proposed in built.proposed.iter().take(2) {
            reply = reply.action(format!("Review {}", proposed.change), calls::review(proposed.change));
        }
    }
    reply.hint(Text::from("If it is right, send it again with the line ").syntax("confirm: yes"))
}

/// Where the same may wait for review already, and whose it is.
pub(in crate::commands) fn already_proposed(proposed: &Proposed) -> Text {
    let what = match &proposed.record {
        Record::Statement(statement) => statement.text.to_string(),
        Record::Response(response) => response.text.to_string(),
        Record::Entity(entity) => format!("the {} {}", entity.kind(), entity.name),
        Record::Source(source) => source.url.as_ref().map_or_else(|| "the source".to_owned(), ToString::to_string),
    };
    Text::from("The same may already be proposed in ")
        .id(proposed.change)
        .plain(format!(" by {}: {what}", proposed.author))
}

/// A draft as it can be copied, a line each.
pub(in crate::commands) fn as_form(reply: Reply, draft: &Draft) -> Reply {
    reply.list(draft.write().lines().map(|line| Text::new().syntax(line)).collect())
}

impl From<LookError> for CommandError {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Store(error) => Self::Failed(error),
            LookError::Search(error) => Self::Search(error),
        }
    }
}
