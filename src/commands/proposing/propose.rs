//! `retract`, `restore`, `merge`, `cite`, `purge`: proposals that need no form.

use crate::commands::{
    Arguments, ChatUse, CommandError, CommandSpec, Context, Effect, Parameter, ParameterKind, ParameterPlace,
    asking::show::{ID, not_on_record},
    proposing::add::unreadable,
    proposing::revert,
    refused::line,
    reviewing::review,
};
use crate::{
    model::{
        Announcement, Citation, CitationRole, Citations, Key, Operation, Proposal, Record, RecordId, RecordKey,
        RecordKind, Reference, Role, SingleLine,
    },
    reply::{Outcome, Reply, Text},
    store::Submission,
};

pub(in crate::commands) const RECORD: Parameter = Parameter { place: ParameterPlace::Word, ..ID };

pub(in crate::commands) const REASON: Parameter = Parameter {
    name: "reason",
    aliases: &[],
    summary: "Why, in a sentence",
    kind: ParameterKind::Sentence,
    place: ParameterPlace::Rest,
    required: true,
};

pub(in crate::commands) const OPTIONAL_REASON: Parameter = Parameter { required: false, ..REASON };

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

pub(in crate::commands) static RETRACT: CommandSpec = CommandSpec {
    name: "retract",
    aliases: &[],
    summary: "Propose to take an entry out of force, for a reason that readers see",
    details: &["It stays on record and says that it is retracted. Answers of the bot that show it are edited."],
    examples: &["retract S12 The report was withdrawn by its publisher."],
    parameters: &[RECORD, REASON],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: retract,
};

fn retract(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let (id, target) = match record_of(context, arguments, "id")? {
        Named::Record(id, name) => (id, name),
        Named::Nothing(reply) => return Ok(reply),
    };
    let Some(reason) = arguments.sentence("reason") else { return Err(unreadable("reason", "it is missing")) };
    let announcement = Announcement { on: None, reason };
    hand_in(context, &format!("Retract {id}"), None, vec![Operation::Retract { target, announcement }])
}

pub(in crate::commands) static RESTORE: CommandSpec = CommandSpec {
    name: "restore",
    aliases: &[],
    summary: "Propose to put a retracted entry in force again",
    details: &[],
    examples: &["restore S12 The publisher stands by its report."],
    parameters: &[RECORD, OPTIONAL_REASON],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: restore,
};

fn restore(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
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
        Some(item) => {
            reply.hint(Text::from("Turn the merge back: ").ask(revert::REVERT.call(&[(&RECORD, &item.change)])))
        }
        None => reply,
    })
}

pub(in crate::commands) static MERGE: CommandSpec = CommandSpec {
    name: "merge",
    aliases: &[],
    summary: "Propose to make one entity of two that are the same: merge E3 into E9",
    details: &[
        "All that named the first names the second, which takes over its names and its addresses in Wikidata and GeoNames. \
         The first stays as a pointer.",
        "revert turns a merge back: what pointed to the first points to it again.",
    ],
    examples: &["merge E3 into E9"],
    parameters: &[
        Parameter { name: "from", aliases: &[], summary: "The entity that goes, like E3", ..RECORD },
        Parameter {
            name: "into",
            aliases: &[],
            summary: "The entity that stays, like E9",
            kind: ParameterKind::Reference,
            place: ParameterPlace::Named,
            required: true,
        },
    ],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: merge,
};

fn merge(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
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

pub(in crate::commands) static CITE: CommandSpec = CommandSpec {
    name: "cite",
    aliases: &[],
    summary: "Propose another source for a statement or a response: cite S12 D3 republication p. 4",
    details: &["original: it was first to publish it; republication: it carries it again; cites: it mentions it."],
    examples: &["cite S12 D3 republication", "cite R7 D9 original p. 4"],
    parameters: &[
        RECORD,
        Parameter { name: "source", aliases: &[], summary: "The source, like D3", ..RECORD },
        Parameter {
            name: "role",
            aliases: &[],
            summary: "How the source carries it: original, republication or cites",
            kind: ParameterKind::Choice(CitationRole::WORDS),
            place: ParameterPlace::Word,
            required: false,
        },
        Parameter {
            name: "locator",
            aliases: &[],
            summary: "Where in the source: a page, a paragraph, a timecode",
            ..OPTIONAL_REASON
        },
    ],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: cite,
};

fn cite(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
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

pub(in crate::commands) static PURGE: CommandSpec = CommandSpec {
    name: "purge",
    aliases: &[],
    summary: "Propose to delete a record's content for good, as the law may demand; a second admin approves",
    details: &[
        "It goes from the tables, the index, the history and the next backup. A tombstone with the day and the reason \
         stays. Write nothing of the content into the reason. Backups and copies made before still have it.",
    ],
    examples: &["purge S12 On a court's order."],
    parameters: &[RECORD, REASON],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    run: purge,
};

fn purge(context: &Context<'_>, arguments: &Arguments) -> Result<Reply, CommandError> {
    let (id, target) = match record_of(context, arguments, "id")? {
        Named::Record(id, name) => (id, name),
        Named::Nothing(reply) => return Ok(reply),
    };
    let Some(reason) = arguments.sentence("reason") else { return Err(unreadable("reason", "it is missing")) };
    let announcement = Announcement { on: None, reason };
    hand_in(context, &format!("Purge {id}"), None, vec![Operation::Purge { target, announcement }])
}
