//! Commands by which proposals are looked at and decided on.

use super::{
    PAGE,
    proposing::{OPTIONAL_REASON, REASON, RECORD},
};
use crate::{
    commands::{ChatUse, CommandSpec, CommandTask, Effect, Parameter, ParameterKind, ParameterPlace},
    model::Role,
};

pub(in crate::commands) const CHANGE: Parameter = Parameter { summary: "The change, like C41", ..RECORD };

pub(in crate::commands) static QUEUE: CommandSpec = CommandSpec {
    name: "queue",
    aliases: &["pending"],
    summary: "What waits for review, the oldest first, and the links that were suggested",
    details: &["What waits for its author comes last. Reviewers read a change with review and decide on it."],
    examples: &["queue", "review C41"],
    parameters: &[PAGE],
    role: Role::Contributor,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Queue,
};

pub(in crate::commands) static GAPS: CommandSpec = CommandSpec {
    name: "gaps",
    aliases: &[],
    summary: "What is missing on record, the worst first: links, originals, addresses, dates, responses",
    details: &[
        "First come entries with no link at all, then those without an original, then those whose original has no link; \
         then sources without an address, a date or a headline, statements without a response, and sources without an \
         archived copy. A record stands once, with all that it misses.",
    ],
    examples: &["gaps"],
    parameters: &[PAGE],
    role: Role::Contributor,
    effect: Effect::Reads,
    chat: ChatUse::PLAIN,
    task: CommandTask::Gaps,
};

pub(in crate::commands) static REVIEW: CommandSpec = CommandSpec {
    name: "review",
    aliases: &["diff"],
    summary: "Read a change before deciding on it: what differs, word by word, and its sources",
    details: &[
        "What goes is shown as [-so-], what comes as {+so+}. If a record was changed since, what is shown is how it \
         would become now; what can't go together is said.",
        "It is remembered what you were shown: approve, reject and request-changes are about that and nothing else. A \
         long change has several pages, and is approved when all were read.",
    ],
    examples: &["review C41"],
    parameters: &[CHANGE, PAGE],
    role: Role::Contributor,
    effect: Effect::Notes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Review,
};

pub(in crate::commands) static CLAIM: CommandSpec = CommandSpec {
    name: "claim-review",
    aliases: &["claim"],
    summary: "Say that you are working on a change, so that nobody else starts; for 30 minutes",
    details: &["A claim keeps others from claiming it, not from deciding. It ends by itself."],
    examples: &["claim-review C41"],
    parameters: &[CHANGE],
    role: Role::Reviewer,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Claim,
};

pub(in crate::commands) static APPROVE: CommandSpec = CommandSpec {
    name: "approve",
    aliases: &[],
    summary: "Approve a change that someone else proposed; all of it is applied, or nothing",
    details: &[
        "Approving says that you have opened the sources and that they carry what is proposed. You approve what review \
         has shown you, all of it: it is remembered for each reviewer, across restarts and linked accounts. If you \
         haven't looked, or the change isn't that any more, as its author or what was approved since has changed it, it \
         is refused and said. So is what contradicts what was changed since.",
    ],
    examples: &["approve C41", "approve C41 Read both reports."],
    parameters: &[CHANGE, OPTIONAL_REASON, SEEN],
    role: Role::Reviewer,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Approve,
};

/// Under which version someone decides, where that is said and not remembered.
pub(in crate::commands) const SEEN: Parameter = Parameter {
    name: "seen",
    aliases: &[],
    summary: "Which version you looked at, if not the last: the button under a review gives it",
    kind: ParameterKind::Version,
    place: ParameterPlace::Named,
    required: false,
};

pub(in crate::commands) static REJECT: CommandSpec = CommandSpec {
    name: "reject",
    aliases: &[],
    summary: "Turn down a change that someone else proposed, with the reason",
    details: &["As with approve, it is about what review has shown you last."],
    examples: &["reject C41 The source does not say that."],
    parameters: &[CHANGE, REASON, SEEN],
    role: Role::Reviewer,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Reject,
};

pub(in crate::commands) static REQUEST: CommandSpec = CommandSpec {
    name: "request-changes",
    aliases: &["request"],
    summary: "Send a change back to its author, with what is to be changed",
    details: &[
        "It waits for its author, who changes it with amend; then it waits for review again. As with approve, it is \
         about what review has shown you last.",
    ],
    examples: &["request-changes C41 Name the page of the report."],
    parameters: &[CHANGE, REASON, SEEN],
    role: Role::Reviewer,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::RequestChanges,
};

pub(in crate::commands) static WITHDRAW: CommandSpec = CommandSpec {
    name: "withdraw",
    aliases: &[],
    summary: "Take back your own proposal while it waits",
    details: &[],
    examples: &["withdraw C41"],
    parameters: &[CHANGE, OPTIONAL_REASON],
    role: Role::Reader,
    effect: Effect::Writes,
    chat: ChatUse::PLAIN,
    task: CommandTask::Withdraw,
};
