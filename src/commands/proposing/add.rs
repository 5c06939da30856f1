//! `add`, `edit`, `amend`: proposals from a filled-in form.

use crate::commands::{
    Arguments, CommandError, Context,
    asking::absent::not_on_record,
    calls,
    definitions::proposing::{AMEND, EDIT},
    proposing::dialogue,
    proposing::filled_in::{Aim, as_form, propose, wrong},
};
use crate::{
    editorial::{Built, Draft, FORMS, Form, prefilled},
    model::{Operation, Record, Reference},
    reply::{Outcome, Reply, Text},
};

pub(in crate::commands) fn add(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let form = arguments.text("what").and_then(Form::named).unwrap_or(&FORMS[0]);
    let Some(text) = arguments.text("fields") else { return dialogue::begin(context, form) };
    match Draft::read(form, text) {
        Ok(draft) => propose(context, &draft, Aim::New),
        Err(problems) => Ok(wrong(&Draft::new(form), &problems, &Built::default())),
    }
}

pub(in crate::commands) fn edit(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
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

pub(in crate::commands) fn amend(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let Some(Reference::Change(id)) = arguments.reference() else {
        return Ok(Reply::new(Outcome::Misused)
            .heading("Name a change, like C41.")
            .hint(Text::from("Records are changed with ").ask(EDIT.typed("ID"))));
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
            .hint(Text::from("Write what is to change below ").ask(calls::amend_typed(id))));
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

fn not_a_record() -> Reply {
    Reply::new(Outcome::Misused)
        .heading("Name a record, like S12, R7, D3 or E9.")
        .hint(Text::from("Proposals are changed with ").ask(AMEND.typed("ID")))
}
