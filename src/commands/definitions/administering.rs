//! Commands about people, communities and the bot itself.

use super::{PAGE, proposing::OPTIONAL_REASON};
use crate::{
    commands::{ChatUse, CommandScope, CommandSpec, CommandTask, Effect, Parameter, ParameterKind, ParameterPlace},
    model::{Digest, Role},
};

pub(in crate::commands) static SETTINGS: CommandSpec = CommandSpec {
    name: "settings",
    aliases: &["setup"],
    summary: "How the bot behaves in this community, for those who manage it",
    details: &[
        "Without options it shows what is set. Whoever may manage the community on its platform may change it; \
         that gives no rights over the records.",
        "channels:here adds this channel to those where questions are answered for all to see, channels:not-here \
         takes it away, channels:everywhere lifts the restriction. A thread counts as its channel: said in one, it is \
         meant of the channel.",
        "visibility:private shows answers to the asker alone, as far as the platform can.",
    ],
    examples: &["settings", "settings prefix:?", "settings channels:here visibility:private"],
    parameters: &[
        Parameter {
            name: "prefix",
            aliases: &[],
            summary: "What stands before a command that is typed: 1 to 5 signs, like ! or ?",
            kind: ParameterKind::Prefix,
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "channels",
            aliases: &["channel"],
            summary: "Where questions are answered for all to see: here too, not here, or everywhere",
            kind: ParameterKind::Choice(&["here", "not-here", "everywhere"]),
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "visibility",
            aliases: &["answers"],
            summary: "Whether answers are for everyone or for the asker alone",
            kind: ParameterKind::Choice(&["public", "private"]),
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "suggestions",
            aliases: &[],
            summary: "Whether members may hand in links: on or off",
            kind: ParameterKind::Choice(&["on", "off"]),
            place: ParameterPlace::Named,
            required: false,
        },
        Parameter {
            name: "language",
            aliases: &["lang"],
            summary: "The language of the bot's own words; so far there is English",
            kind: ParameterKind::Choice(&["en"]),
            place: ParameterPlace::Named,
            required: false,
        },
    ],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse { scope: CommandScope::Community, ..ChatUse::PLAIN },
    task: CommandTask::Settings,
};

pub(in crate::commands) const WATCHED: Parameter = Parameter {
    name: "name",
    aliases: &[],
    summary: "A place, organisation, person or topic, with all that lies in it",
    kind: ParameterKind::EntityName(None),
    place: ParameterPlace::Rest,
    required: true,
};

pub(in crate::commands) const TOLD: Parameter = Parameter {
    name: "to",
    aliases: &["where"],
    summary: "Whom to tell: here, this channel (for its moderators), or me, in private",
    kind: ParameterKind::Choice(&["here", "me"]),
    place: ParameterPlace::Named,
    required: false,
};

pub(in crate::commands) static WATCH: CommandSpec = CommandSpec {
    name: "watch",
    aliases: &["subscribe"],
    summary: "Be told when entries on something are new, corrected or retracted",
    details: &[
        "In a channel its moderators may set it (on Discord: Manage Channels or Manage Messages in it); anyone may for \
         themselves, in a private conversation or with to:me.",
        "digest:daily or digest:weekly gathers what there is until 8:00 UTC, or until Monday at 8:00 UTC.",
    ],
    examples: &["watch sydney", "watch sydney to:me digest:daily"],
    parameters: &[
        WATCHED,
        TOLD,
        Parameter {
            name: "digest",
            aliases: &[],
            summary: "How often: none (at once), daily or weekly",
            kind: ParameterKind::Choice(Digest::WORDS),
            place: ParameterPlace::Named,
            required: false,
        },
    ],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse { scope: CommandScope::Channel, ..ChatUse::PLAIN },
    task: CommandTask::Watch,
};

pub(in crate::commands) static UNWATCH: CommandSpec = CommandSpec {
    name: "unwatch",
    aliases: &["unsubscribe"],
    summary: "No longer be told of something; without a name, of anything",
    details: &[],
    examples: &["unwatch sydney", "unwatch"],
    parameters: &[Parameter { required: false, ..WATCHED }, TOLD],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse { scope: CommandScope::Channel, ..ChatUse::PLAIN },
    task: CommandTask::Unwatch,
};

pub(in crate::commands) static WATCHES: CommandSpec = CommandSpec {
    name: "watches",
    aliases: &[],
    summary: "What this channel, or you, are told of",
    details: &[],
    examples: &["watches", "watches to:me"],
    parameters: &[TOLD],
    role: Role::Reader,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Watches,
};

pub(in crate::commands) const WHO: Parameter = Parameter {
    name: "who",
    aliases: &[],
    summary: "An account, as discord:ID, matrix:@name:server, terminal:name, or a mention",
    kind: ParameterKind::Identity,
    place: ParameterPlace::Word,
    required: false,
};

pub(in crate::commands) static ROLE: CommandSpec = CommandSpec {
    name: "role",
    aliases: &["roles"],
    summary: "Who has which role; admins give and take roles",
    details: &[
        "A reader may ask, a contributor may propose, a reviewer may decide on what others proposed, an admin may \
         give roles and change settings. Each may do what those before may. Giving reader takes a role away.",
        "A role belongs to one account on one platform, never to a name. The first admins are named in \
         ONRECORD_ADMINS.",
    ],
    examples: &["role", "role discord:80351110224678912 reviewer", "role matrix:@ana:example.org contributor"],
    parameters: &[
        WHO,
        Parameter {
            name: "role",
            aliases: &[],
            summary: "The role to give: reader, contributor, reviewer or admin",
            kind: ParameterKind::Choice(Role::WORDS),
            place: ParameterPlace::Word,
            required: false,
        },
    ],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Role,
};

pub(in crate::commands) const OTHER: Parameter = Parameter {
    name: "other",
    aliases: &[],
    summary: "The other identity of the same person",
    kind: ParameterKind::Identity,
    place: ParameterPlace::Word,
    required: true,
};

pub(in crate::commands) const ONE: Parameter = Parameter { required: true, ..WHO };

pub(in crate::commands) static LINK: CommandSpec = CommandSpec {
    name: "link",
    aliases: &[],
    summary: "Say that two accounts are one person, who can't approve what they proposed from the other",
    details: &["Roles stay with each account; only for the second pair of eyes do linked accounts count as one."],
    examples: &["link discord:80351110224678912 matrix:@ana:example.org"],
    parameters: &[ONE, OTHER],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Link,
};

pub(in crate::commands) static UNLINK: CommandSpec = CommandSpec {
    name: "unlink",
    aliases: &[],
    summary: "Say that the first account is no longer one person with the other",
    details: &[],
    examples: &["unlink discord:80351110224678912 matrix:@ana:example.org"],
    parameters: &[ONE, OTHER],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Unlink,
};

pub(in crate::commands) static AUDIT: CommandSpec = CommandSpec {
    name: "audit",
    aliases: &[],
    summary: "What admins and operators have done: roles, links, settings, blocks, purges, imports",
    details: &["Changes of the records are in their history; this is what was done around them."],
    examples: &["audit"],
    parameters: &[PAGE],
    role: Role::Reviewer,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Audit,
};

pub(in crate::commands) const WHOM: Parameter = Parameter {
    name: "who",
    aliases: &[],
    summary: "Whom, as discord:ID (a user or a server), matrix:@name:server, matrix:!room:server, or a mention",
    kind: ParameterKind::Identity,
    place: ParameterPlace::Word,
    required: true,
};

pub(in crate::commands) static BLOCK: CommandSpec = CommandSpec {
    name: "block",
    aliases: &[],
    summary: "Have the bot hear a person or a community no more, for a time or until it is lifted",
    details: &[
        "Whoever is blocked gets no answer at all, on any platform: accounts that are linked count as one person. Of \
         a community nobody is heard there but admins, who can't be blocked. It begins at once.",
        "A time is a number with a letter: 30m, 12h, 7d, 4w. Without one it lasts until unblock. Who, when, why and \
         until when is kept, and stands in audit.",
    ],
    examples: &[
        "block discord:80351110224678912 for 7d Floods the channel with questions.",
        "block matrix:!room:example.org",
    ],
    parameters: &[
        WHOM,
        Parameter {
            name: "for",
            aliases: &["time"],
            summary: "For how long: 30m, 12h, 7d or 4w; without it until it is lifted",
            kind: ParameterKind::Period,
            place: ParameterPlace::Named,
            required: false,
        },
        OPTIONAL_REASON,
    ],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Block,
};

pub(in crate::commands) static UNBLOCK: CommandSpec = CommandSpec {
    name: "unblock",
    aliases: &[],
    summary: "Have the bot hear a person or a community again",
    details: &[],
    examples: &["unblock discord:80351110224678912"],
    parameters: &[WHOM],
    role: Role::Admin,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Unblock,
};

pub(in crate::commands) static BLOCKED: CommandSpec = CommandSpec {
    name: "blocked",
    aliases: &["blocks"],
    summary: "Whom the bot doesn't hear: since when, until when, by whom and why",
    details: &["What was lifted or has run out stands in audit."],
    examples: &["blocked"],
    parameters: &[PAGE],
    role: Role::Admin,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Blocked,
};

pub(in crate::commands) static STATUS: CommandSpec = CommandSpec {
    name: "status",
    aliases: &[],
    summary: "How the bot stands: connections, sizes, what waits, and what was answered lately",
    details: &[
        "Connections and answers are those of the process that answers this: asked at the console beside a running \
         bot, they are the console's.",
    ],
    examples: &["status"],
    parameters: &[],
    role: Role::Admin,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Status,
};
