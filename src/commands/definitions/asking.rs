//! Commands that answer from the records.

use super::PAGE;
use crate::{
    commands::{
        AnswerAudience, ChatUse, CommandReach, CommandSpec, CommandTask, Continuation, Effect, MessageUse, Parameter,
        ParameterKind, ParameterPlace,
    },
    model::{EntityKind, Role},
};

/// What is looked for.
pub(in crate::commands) const QUESTION: Parameter = Parameter {
    name: "question",
    aliases: &[],
    summary: "A name or words to look for",
    kind: ParameterKind::Question,
    place: ParameterPlace::Rest,
    required: false,
};

/// The publisher.
pub(in crate::commands) const FROM: Parameter = Parameter {
    name: "from",
    aliases: &["publisher"],
    summary: "Reported by this publisher",
    kind: ParameterKind::PublisherName,
    place: ParameterPlace::Filter,
    required: false,
};

/// The parameter that has entries shown whole.
pub(in crate::commands) const FULL: &str = "full";

pub(in crate::commands) static SOURCE: CommandSpec = CommandSpec {
    name: "source",
    aliases: &["sources-on", "s", "who-said"],
    summary: "Who said what about a place, a name or a topic, who answered, and where it was reported",
    details: &[
        "Ask by any name in any spelling or script: a city, a country, an organisation, a person, a topic. \
         Places include what lies in them. Several names mean entries on all of them.",
        "Other words are looked for in the wording, the quotes, the responses and the headlines. \
         Words in quotation marks must follow each other; a word after a minus is left out.",
        "A minus before a filter leaves out what it names: -from:\"Daily Mail\".",
        "With the link of a report: the entries that cite it, in whatever form the link was copied. \
         A publisher may be given by its host: from:irishtimes.com.",
        "Times may be said in words: between 2022-09 and 2023, since 2022-10, in 2023, last month, this year.",
    ],
    examples: &[
        "source sydney",
        "source safeguard defenders madrid",
        "source by:\"laura harth\"",
        "source place:netherlands since:2022-11 \"refused to comment\"",
        "source 悉尼",
    ],
    parameters: &[
        QUESTION,
        Parameter {
            name: "by",
            aliases: &["speaker"],
            summary: "Said by this person or organisation",
            kind: ParameterKind::EntityName(None),
            place: ParameterPlace::Filter,
            required: false,
        },
        Parameter {
            name: "about",
            aliases: &[],
            summary: "About this place, organisation, person or topic",
            kind: ParameterKind::EntityName(None),
            place: ParameterPlace::Filter,
            required: false,
        },
        Parameter {
            name: "place",
            aliases: &[],
            summary: "About this place or what lies in it",
            kind: ParameterKind::EntityName(Some(EntityKind::Place)),
            place: ParameterPlace::Filter,
            required: false,
        },
        Parameter {
            name: "org",
            aliases: &["organisation", "organization"],
            summary: "By, about or answered by this organisation",
            kind: ParameterKind::EntityName(Some(EntityKind::Organisation)),
            place: ParameterPlace::Filter,
            required: false,
        },
        FROM,
        Parameter {
            name: "since",
            aliases: &["after"],
            summary: "Said then or later: a year, a month or a day",
            kind: ParameterKind::Date,
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "until",
            aliases: &["before"],
            summary: "Said then or earlier: a year, a month or a day",
            kind: ParameterKind::Date,
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "lang",
            aliases: &["language"],
            summary: "With a source or quote in this language",
            kind: ParameterKind::Language,
            place: ParameterPlace::Filter,
            required: false,
        },
        Parameter {
            name: FULL,
            aliases: &["whole"],
            summary: "Each entry whole: quotes, responses at length, all sources",
            kind: ParameterKind::Choice(&["yes", "no"]),
            place: ParameterPlace::Named,
            required: false,
        },
        PAGE,
    ],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { reach: CommandReach::Anywhere, message: MessageUse::RepliedTo, ..ChatUse::PLAIN },
    task: CommandTask::Source,
};

/// What is checked.
pub(in crate::commands) const MESSAGE: Parameter = Parameter {
    name: "message",
    aliases: &[],
    summary: "The message to check, as it is",
    kind: ParameterKind::Message,
    place: ParameterPlace::Rest,
    required: true,
};

pub(in crate::commands) static CHECK: CommandSpec = CommandSpec {
    name: "check",
    aliases: &["c"],
    summary: "Look for vetted entries that match a whole message",
    details: &[
        "Paste the message as it is. An entry is shown only when it really matches, at most three, the best first; \
         otherwise the answer says that none does. Where a model is installed, what comes near is then listed, in private, \
         and said to be no match.",
        "A link in the message is looked up, too, in whatever form it was copied: the entries that cite the report that \
         it leads to are given, and where that isn't on record, what is from the same publisher.",
        "In a chat, reply to a message with this command to check that message. Words that only ask about it, as “is \
         this true?”, may stand behind it. Of a message that quotes another and only asks about it, the quotation is \
         checked.",
    ],
    examples: &["check There is a Chinese police station in Dublin, on Capel Street"],
    parameters: &[MESSAGE],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { reach: CommandReach::Anywhere, message: MessageUse::RepliedTo, ..ChatUse::PLAIN },
    task: CommandTask::Check,
};

pub(in crate::commands) static RELATED: CommandSpec = CommandSpec {
    name: "related",
    aliases: &["like", "similar"],
    summary: "Other statements on the same matter as one, the nearest first",
    details: &["Nearness is of words, names and wording: it doesn't mean that the statements agree."],
    examples: &["related S12"],
    parameters: &[ID],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Related,
};

pub(in crate::commands) static SHOW: CommandSpec = CommandSpec {
    name: "show",
    aliases: &["open", "id"],
    summary: "Open one statement, response, source, entity or change whole, by its id",
    details: &[
        "Ids stand before every entry: S12 is a statement, R7 a response, D3 a source, E9 an entity, C41 a change.",
    ],
    examples: &["show S12", "show R7", "show D3", "show S12 at 2026-11-01"],
    parameters: &[
        Parameter { place: ParameterPlace::Word, ..ID },
        Parameter {
            name: "at",
            aliases: &["on"],
            summary: "As it was at the end of this day, month or year (UTC)",
            kind: ParameterKind::Date,
            place: ParameterPlace::Named,
            required: false,
        },
    ],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { reach: CommandReach::Anywhere, ..ChatUse::PLAIN },
    task: CommandTask::Show,
};

/// The id of a record or a change.
pub(in crate::commands) const ID: Parameter = Parameter {
    name: "id",
    aliases: &[],
    summary: "The id, like S12, R7, D3, E9 or C41",
    kind: ParameterKind::Reference,
    place: ParameterPlace::Rest,
    required: true,
};

pub(in crate::commands) static ABOUT: CommandSpec = CommandSpec {
    name: "about",
    aliases: &["who", "what", "card"],
    summary: "What an entity is: its names, what it is part of, and how much is on record about it",
    details: &["Takes any name of a place, an organisation, a person or a topic, in any spelling or script."],
    examples: &["about safeguard defenders", "about 悉尼"],
    parameters: &[ENTITY_NAME],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { reach: CommandReach::Anywhere, ..ChatUse::PLAIN },
    task: CommandTask::About,
};

pub(in crate::commands) const ENTITY_NAME: Parameter = Parameter {
    name: "name",
    aliases: &[],
    summary: "The name of a place, organisation, person or topic",
    kind: ParameterKind::EntityName(None),
    place: ParameterPlace::Rest,
    required: true,
};

macro_rules! browse {
    ($spec:ident, $name:literal, $aliases:expr, $summary:literal, $examples:expr, $kind:expr) => {
        pub(in crate::commands) static $spec: CommandSpec = CommandSpec {
            name: $name,
            aliases: $aliases,
            summary: $summary,
            details: &["With the beginning of a name, only what is called so in any language or script."],
            examples: $examples,
            parameters: &[
                Parameter {
                    name: "beginning",
                    aliases: &[],
                    summary: "How the name begins",
                    kind: ParameterKind::NamePrefix($kind),
                    place: ParameterPlace::Rest,
                    required: false,
                },
                PAGE,
            ],
            role: Role::Reader,
            effect: Effect::Reads,
            chat: ChatUse::PLAIN,
            task: CommandTask::Browse($kind),
        };
    };
}

browse!(
    PLACES,
    "places",
    &["cities", "countries"],
    "The places on record, with the number of statements on each",
    &["places", "places new"],
    EntityKind::Place
);
browse!(
    ORGANISATIONS,
    "organisations",
    &["organizations", "orgs"],
    "The organisations on record that speak, answer or are spoken of, with the number of statements",
    &["organisations", "organisations embassy"],
    EntityKind::Organisation
);
browse!(
    PEOPLE,
    "people",
    &["persons"],
    "The people on record, with the number of statements by or about each",
    &["people", "people lau"],
    EntityKind::Person
);
browse!(
    TOPICS,
    "topics",
    &["subjects"],
    "The topics on record, with the number of statements on each",
    &["topics"],
    EntityKind::Topic
);

pub(in crate::commands) static RECENT: CommandSpec = CommandSpec {
    name: "recent",
    aliases: &["latest"],
    summary: "The statements that were added or changed last, the newest first",
    details: &["Those of one change are in order of when they were said."],
    examples: &["recent", "recent page:2"],
    parameters: &[PAGE],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Recent,
};

pub(in crate::commands) static SOURCES: CommandSpec = CommandSpec {
    name: "sources",
    aliases: &["publishers"],
    summary: "The publishers on record with the number of their sources, or the sources of one of them",
    details: &[
        "A publisher may be given by its host, too: sources irishtimes.com.",
        "To read the statements that a publisher reported, use source from:NAME.",
    ],
    examples: &["sources", "sources irish times"],
    parameters: &[
        Parameter {
            name: "publisher",
            aliases: &[],
            summary: "The publisher whose sources are listed",
            kind: ParameterKind::PublisherName,
            place: ParameterPlace::Rest,
            required: false,
        },
        PAGE,
    ],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Sources,
};

pub(in crate::commands) static HISTORY: CommandSpec = CommandSpec {
    name: "history",
    aliases: &["log"],
    summary: "Every approved change of a record: who proposed it, who approved it, when and why",
    details: &[],
    examples: &["history S12"],
    parameters: &[ID],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::History,
};

pub(in crate::commands) static MORE: CommandSpec = CommandSpec {
    name: "more",
    aliases: &["next", "m"],
    summary: "The next page of your last answer here",
    details: &[],
    examples: &["more"],
    parameters: &[],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { continuation: Continuation::NextPage, ..ChatUse::PLAIN },
    task: CommandTask::More,
};

/// The command that is explained.
pub(in crate::commands) const COMMAND: Parameter = Parameter {
    name: "command",
    aliases: &[],
    summary: "The command to explain; all for a list of them",
    kind: ParameterKind::CommandName,
    place: ParameterPlace::Rest,
    required: false,
};

pub(in crate::commands) static HELP: CommandSpec = CommandSpec {
    name: "help",
    aliases: &["h", "?", "commands"],
    summary: "What can be asked, or how one command works",
    details: &[],
    examples: &["help", "help all", "help source"],
    parameters: &[COMMAND],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse { reach: CommandReach::Anywhere, audience: AnswerAudience::Asker, ..ChatUse::PLAIN },
    task: CommandTask::Help,
};

pub(in crate::commands) static VERSION: CommandSpec = CommandSpec {
    name: "version",
    aliases: &[],
    summary: "The program's version, and how much is on record",
    details: &[],
    examples: &["version"],
    parameters: &[],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Version,
};
