//! What each command is, as data: its names, help, examples and parameters, and who may use it. What carries it out is
//! in the rooms beside this one.

pub(in crate::commands) mod administering;
pub(in crate::commands) mod asking;
pub(in crate::commands) mod proposing;
pub(in crate::commands) mod reviewing;

use super::{CommandSpec, Parameter, ParameterKind, ParameterPlace};
use crate::reply::PAGE_PARAMETER;

/// All commands, in the order in which help lists them.
pub static COMMANDS: &[&CommandSpec] = &[
    &asking::SOURCE,
    &asking::CHECK,
    &asking::RELATED,
    &asking::SHOW,
    &asking::ABOUT,
    &asking::PLACES,
    &asking::ORGANISATIONS,
    &asking::PEOPLE,
    &asking::TOPICS,
    &asking::RECENT,
    &asking::SOURCES,
    &asking::HISTORY,
    &asking::MORE,
    &asking::HELP,
    &asking::VERSION,
    &administering::SETTINGS,
    &proposing::SUGGEST,
    &administering::WATCH,
    &administering::UNWATCH,
    &administering::WATCHES,
    &proposing::ADD,
    &proposing::ANSWER,
    &proposing::EDIT,
    &proposing::RETRACT,
    &proposing::RESTORE,
    &proposing::MERGE,
    &proposing::CITE,
    &proposing::REVERT,
    &proposing::AMEND,
    &reviewing::WITHDRAW,
    &reviewing::QUEUE,
    &reviewing::GAPS,
    &reviewing::REVIEW,
    &reviewing::CLAIM,
    &reviewing::APPROVE,
    &reviewing::REQUEST,
    &reviewing::REJECT,
    &proposing::DISMISS,
    &administering::ROLE,
    &administering::LINK,
    &administering::UNLINK,
    &administering::BLOCK,
    &administering::UNBLOCK,
    &administering::BLOCKED,
    &proposing::PURGE,
    &administering::AUDIT,
    &administering::STATUS,
];

/// Which page of a long answer to give; the same for every command that has pages.
pub(in crate::commands) const PAGE: Parameter = Parameter {
    name: PAGE_PARAMETER,
    aliases: &["p"],
    summary: "Which page of the answer",
    kind: ParameterKind::Page,
    place: ParameterPlace::Named,
    required: false,
};

/// The command of this name or alias, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().copied().find(|spec| spec.is_called(name))
}
