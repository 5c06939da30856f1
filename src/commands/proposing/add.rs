//! `add`, `edit`, `amend`: proposals from a filled-in form.

use crate::commands::{
    Arguments, ChatUse, CommandError, CommandSpec, Context, Effect, FormUse, Parameter, ParameterKind, ParameterPlace,
    UsageError,
    asking::show::{ID, not_on_record},
    calls,
    proposing::dialogue,
    refused::line,
    reviewing::review,
};
use crate::{
    editorial::{Built, Draft, FORMS, Form, LookError, Problem, build, build_edit, prefilled},
    model::{ChangeId, Operation, Proposal, Record, RecordId, Reference, Role},
    reply::{Outcome, Reply, Text},
    store::{Proposed, Submission},
};

const FIELDS: Parameter = Parameter {
    name: "fields",
    aliases: &[],
    summary: "The fields, one on a line: speaker: NAME; without them the questions come one by one",
    kind: ParameterKind::Fields,
    place: ParameterPlace::Rest,
    required: false,
};

/// Which form is filled in.
pub(in crate::commands) const WHAT: Parameter = Parameter {
    name: "what",
    aliases: &[],
    summary: "A statement, a response, a source or an entity",
    kind: ParameterKind::Choice(&["statement", "response", "source", "entity"]),
    place: ParameterPlace::Word,
    required: true,
};

pub(in crate::commands) static ADD: CommandSpec = CommandSpec {
    name: "add",
    aliases: &["new", "propose"],
    summary: "Propose a statement, a response, a source or an entity; someone else approves it",
    details: &[
        "Write the fields below the command, one on a line, as speaker: Ana Silva. Lines that begin no field go on \
         with the one before. A line + entity or + source begins another record of the same change.",
        "Without fields the questions come one by one: answer each, or write skip, back, later or cancel.",
        "Everything is checked before it waits for review: what is missing or looks wrong is said field by field, and \
         entries that it may repeat are shown.",
    ],
    examples: &["add statement", "add entity", "add source"],
    parameters: &[WHAT, FIELDS],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse { form: FormUse::New, ..ChatUse::PLAIN },
    run: add,
};

fn add(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let form = arguments.text("what").and_then(Form::named).unwrap_or(&FORMS[0]);
    let Some(text) = arguments.text("fields") else { return dialogue::begin(context, form) };
    match Draft::read(form, text) {
        Ok(draft) => propose(context, &draft, Aim::New),
        Err(problems) => Ok(wrong(&Draft::new(form), &problems, &Built::default())),
    }
}

const RECORD_ID: Parameter = Parameter { place: ParameterPlace::Word, ..ID };

pub(in crate::commands) static EDIT: CommandSpec = CommandSpec {
    name: "edit",
    aliases: &["correct"],
    summary: "Propose to change a record: only the fields that are given, - takes one away",
    details: &[
        "With correction: WHAT WAS WRONG those who saw the earlier version are told, and the bot's answers that show \
         it are edited. Leave it out where the sense is the same.",
        "Without fields it shows what is on record and waits for what is to change, as the questions of add do.",
    ],
    examples: &["edit S12", "edit S12 said: 2022-10-26"],
    parameters: &[RECORD_ID, FIELDS],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse { form: FormUse::OnRecord, ..ChatUse::PLAIN },
    run: edit,
};

fn edit(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some(Reference::Record(id)) = arguments.reference() else { return Ok(not_a_record()) };
    let Some(held) = context.records.held_by_id(id)? else { return Ok(not_on_record(id)) };
    let form = crate::editorial::form(id.kind);
    let Some(text) = arguments.text("fields") else {
        let draft = prefilled(&held.record, context.records)?;
        let reply = as_form(Reply::new(Outcome::Answered).heading(format!("{id} as it is on record")), &draft);
        return dialogue::begin_edit(context, reply, form, id);
    };
    match Draft::read(form, text) {
        Ok(draft) => propose(context, &draft, Aim::Edit(id)),
        Err(problems) => Ok(wrong(&Draft::new(form), &problems, &Built::default())),
    }
}

pub(in crate::commands) static AMEND: CommandSpec = CommandSpec {
    name: "amend",
    aliases: &[],
    summary: "Change your own proposal while it waits: only the fields that are given",
    details: &["Reviewers who have looked at it look again: what they saw can't be approved any more."],
    examples: &["amend C41", "amend C41 said: 2022-10-26"],
    parameters: &[RECORD_ID, FIELDS],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: amend,
};

fn amend(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some(Reference::Change(id)) = arguments.reference() else {
        return Ok(Reply::new(Outcome::Misused).heading("Name a change, like C41. Records are changed with edit."));
    };
    let change = context.records.change(id)?;
    let main = change.proposal.operations.iter().rev().find_map(|operation| match operation {
        Operation::Create { record, .. } => Some((record, None)),
        Operation::Edit { record, .. } => Some((record, Some(record.record_key()))),
        _ => None,
    });
    let Some((record, edited)) = main else {
        return Ok(Reply::new(Outcome::Misused)
            .heading(format!("{id} has no form to fill in."))
            .hint(Text::from("Take it back and propose anew: ").ask(calls::withdraw(id))));
    };
    let form = crate::editorial::form(record.kind());
    let before = draft_of(context, &change.proposal.operations, record)?;
    let Some(text) = arguments.text("fields") else {
        return Ok(as_form(Reply::new(Outcome::Answered).heading(format!("{id} as it was proposed")), &before)
            .hint(Text::from("Write what is to change below ").syntax(format!("amend {id}"))));
    };
    let given = match Draft::read(form, text) {
        Ok(given) => given,
        Err(problems) => return Ok(wrong(&before, &problems, &Built::default())),
    };
    let mut draft = before;
    let mut blocks = given.blocks.into_iter();
    if let (Some(main), Some(changes)) = (draft.blocks.first_mut(), blocks.next()) {
        for field in form.fields() {
            if let Some(value) = changes.get(field.name) {
                main.set(field.name, if value == "-" { "" } else { value });
            }
        }
    }
    draft.blocks.extend(blocks);
    let edited = edited.map(|name| context.records.record_id(&name)).transpose()?.flatten();
    propose(context, &draft, Aim::Amend(id, edited))
}

/// The forms of a proposal, the main one first; entities and sources that it brings along follow.
fn draft_of(context: &Context<'_>, operations: &[Operation], main: &Record) -> Result<Draft, CommandError> {
    let mut draft = prefilled(main, context.records)?;
    for operation in operations {
        if let Operation::Create { record, .. } = operation
            && record != main
        {
            draft.blocks.extend(prefilled(record, context.records)?.blocks);
        }
    }
    // What is only in the change has no id yet: its key gives way to its name or address.
    let mut renamed = Vec::new();
    for operation in operations {
        match operation {
            Operation::Create { record: Record::Entity(entity), .. } => {
                renamed.push((entity.key.to_string(), entity.name.to_string()));
            }
            Operation::Create { record: Record::Source(source), .. } => {
                renamed.extend(source.url.as_ref().map(|url| (source.key.to_string(), url.as_str().to_owned())));
            }
            _ => {}
        }
    }
    for block in &mut draft.blocks {
        for field in block.form.fields() {
            let Some(value) = block.get(field.name).map(str::to_owned) else { continue };
            let line = |line: &str| {
                let (first, rest) = crate::commands::split_command(line);
                let new = renamed.iter().find(|(key, _)| key == first).map(|(_, name)| format!("{name} {rest}"));
                new.map_or_else(|| line.to_owned(), |text| text.trim().to_owned())
            };
            let value: Vec<String> = value.lines().map(line).collect();
            block.set(field.name, &value.join("\n"));
        }
    }
    if let Some(Operation::Edit { corrections, .. }) = operations.last()
        && let (Some(block), Some(correction)) = (draft.blocks.first_mut(), corrections.first())
    {
        block.set("correction", correction.reason.as_str());
    }
    Ok(draft)
}

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

fn not_a_record() -> Reply {
    Reply::new(Outcome::Misused).heading("Name a record, like S12, R7, D3 or E9. Proposals are changed with amend.")
}

impl From<LookError> for CommandError {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Store(error) => Self::Failed(error),
            LookError::Search(error) => Self::Search(error),
        }
    }
}

/// What was put wrongly, under the name of a parameter.
pub(in crate::commands) fn unreadable(name: &'static str, message: impl Into<String>) -> CommandError {
    UsageError::Unreadable { name, message: message.into() }.into()
}
