//! Commands by which editors, and everyone with a link, propose changes.

use super::asking::ID;
use crate::{
    commands::{ChatUse, CommandSpec, CommandTask, Effect, FormUse, Parameter, ParameterKind, ParameterPlace},
    model::{CitationRole, Role},
};

pub(in crate::commands) static SUGGEST: CommandSpec = CommandSpec {
    name: "suggest",
    aliases: &[],
    summary: "Hand in a link to a report, with a note on what it shows; editors look at it",
    details: &["Anyone may, where the community allows it. A suggestion is no entry: nobody is shown it but editors."],
    examples: &["suggest https://www.example.org/report The mayor answers the report on page 2."],
    parameters: &[
        Parameter {
            name: "url",
            aliases: &[],
            summary: "The address of the report",
            kind: ParameterKind::Message,
            place: ParameterPlace::Word,
            required: true,
        },
        Parameter { name: "note", aliases: &[], summary: "What it shows, in a sentence", ..REASON },
    ],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Suggest,
};

pub(in crate::commands) static DISMISS: CommandSpec = CommandSpec {
    name: "dismiss",
    aliases: &[],
    summary: "Put a suggested link aside, for a reason",
    details: &[],
    examples: &["dismiss 3 It only repeats what D12 says."],
    parameters: &[
        Parameter {
            name: "number",
            aliases: &[],
            summary: "The number of the suggestion, from the queue",
            kind: ParameterKind::Number,
            place: ParameterPlace::Word,
            required: true,
        },
        REASON,
    ],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Dismiss,
};

pub(in crate::commands) const FIELDS: Parameter = Parameter {
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
    task: CommandTask::Add,
};

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
    parameters: &[RECORD, FIELDS],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse { form: FormUse::OnRecord, ..ChatUse::PLAIN },
    task: CommandTask::Edit,
};

pub(in crate::commands) static AMEND: CommandSpec = CommandSpec {
    name: "amend",
    aliases: &[],
    summary: "Change your own proposal while it waits: only the fields that are given",
    details: &["Reviewers who have looked at it look again: what they saw can't be approved any more."],
    examples: &["amend C41", "amend C41 said: 2022-10-26"],
    parameters: &[RECORD, FIELDS],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Amend,
};

/// What is said to the question of a form.
pub(in crate::commands) const ANSWER_TEXT: Parameter = Parameter {
    name: "text",
    aliases: &[],
    summary: "The answer",
    kind: ParameterKind::Fields,
    place: ParameterPlace::Rest,
    required: false,
};

pub(in crate::commands) static ANSWER: CommandSpec = CommandSpec {
    name: "answer",
    aliases: &["a"],
    summary: "Answer the question that was asked last, while a form is being filled in",
    details: &[
        "Where every message goes to the bot the answer alone is enough. Instead of an answer: skip leaves the field \
         empty, back goes to the one before, show shows the form so far, submit hands it in, later keeps it, cancel \
         throws it away.",
    ],
    examples: &["answer Laura Harth", "answer skip"],
    parameters: &[ANSWER_TEXT],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Answer,
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
    task: CommandTask::Retract,
};

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
    task: CommandTask::Restore,
};

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
    task: CommandTask::Merge,
};

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
    task: CommandTask::Cite,
};

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
    task: CommandTask::Purge,
};

pub(in crate::commands) static REVERT: CommandSpec = CommandSpec {
    name: "revert",
    aliases: &["undo"],
    summary: "Propose the opposite of an approved change",
    details: &[
        "What it brought is retracted, what it edited is as before, but for what others changed since; what it merged \
         is two again, and what pointed to the first points to it again. Someone else approves it, as any change. \
         Purges can't be turned back.",
    ],
    examples: &["revert C41 The wrong report was cited."],
    parameters: &[RECORD, OPTIONAL_REASON],
    role: Role::Contributor,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Revert,
};
