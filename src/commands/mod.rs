//! The commands: one definition each, for every front end.
//!
//! Adding a command takes one file here and one line in [`COMMANDS`].

mod about;
mod acting;
mod add;
mod arguments;
mod block;
mod bounds;
mod browse;
mod check;
mod communities;
mod decide;
mod dialogue;
mod fields;
mod help;
mod history;
mod invocation;
mod more;
mod notices;
mod operations;
mod past;
mod people;
mod present;
mod propose;
mod recent;
mod related;
mod revert;
mod review;
mod settings;
mod show;
mod source;
mod sources;
mod spec;
mod status;
mod suggest;
mod version;
mod watch;

pub use acting::Acting;
pub(crate) use acting::{needs_role, refused};
pub use arguments::{Argument, Arguments, MAX_MESSAGE, MAX_PAGE, MAX_QUESTION, UsageError, Value};
pub use bounds::MAX_VALUES;
pub use communities::{Communities, Origin};
pub(crate) use dialogue::{asked, waits};
pub(crate) use help::{unknown_command, wrong_usage};
pub use invocation::{Given, GivenValue, read_options, read_text, read_words, split_command};
pub(crate) use more::needs_an_answer_before;
pub(crate) use notices::{correction, post};
pub(crate) use present::count;
pub use spec::{CommandSpec, Parameter, ParameterKind, Place};
pub(crate) use status::sample;

use crate::{
    metrics::Metrics,
    model::Identity,
    reply::Ask,
    search::{SearchError, Snapshot},
    store::{Reader, Store, StoreError},
};

/// All commands, in the order in which help lists them.
pub static COMMANDS: &[&CommandSpec] = &[
    &source::SPEC,
    &check::SPEC,
    &related::SPEC,
    &show::SPEC,
    &about::SPEC,
    &browse::PLACES,
    &browse::ORGANISATIONS,
    &browse::PEOPLE,
    &browse::TOPICS,
    &recent::SPEC,
    &sources::SPEC,
    &history::SPEC,
    &more::SPEC,
    &help::SPEC,
    &version::SPEC,
    &settings::SPEC,
    &suggest::SUGGEST,
    &watch::WATCH,
    &watch::UNWATCH,
    &watch::WATCHES,
    &add::ADD,
    &dialogue::ANSWER,
    &add::EDIT,
    &propose::RETRACT,
    &propose::RESTORE,
    &propose::MERGE,
    &propose::CITE,
    &revert::REVERT,
    &add::AMEND,
    &decide::WITHDRAW,
    &review::QUEUE,
    &review::REVIEW,
    &review::CLAIM,
    &decide::APPROVE,
    &decide::REQUEST,
    &decide::REJECT,
    &suggest::DISMISS,
    &people::ROLE,
    &people::LINK,
    &people::UNLINK,
    &block::BLOCK,
    &block::UNBLOCK,
    &block::BLOCKED,
    &propose::PURGE,
    &people::AUDIT,
    &status::SPEC,
];

/// What a command works with: one consistent view of the records and of the index.
#[derive(Debug)]
pub struct Context<'a> {
    /// The records.
    pub records: &'a Reader<'a>,
    /// The index.
    pub search: &'a Snapshot,
    /// How many entries a page has.
    pub page_size: usize,
    /// The request for the page after the last answer in this conversation, if it had one.
    pub next_page: Option<&'a Ask>,
    /// The community that the request comes from, for the command that changes its settings.
    pub community: Option<&'a Community<'a>>,
    /// Who asks, and where what they do is written.
    pub acting: Acting<'a>,
    /// The process that answers.
    pub process: Process<'a>,
}

/// The process that answers, for the command that tells how it stands.
#[derive(Debug, Clone, Copy)]
pub struct Process<'a> {
    /// What it counts.
    pub metrics: &'a Metrics,
    /// The place in the history that its index has reached.
    pub index: i64,
}

/// The community that a request comes from.
#[derive(Debug)]
pub struct Community<'a> {
    /// Where its settings are kept.
    pub communities: &'a Communities,
    /// Where they are written.
    pub store: &'a Store,
    /// Who asks, and from where.
    pub actor: &'a Identity,
    /// The community, and what its platform says of the one who asks.
    pub origin: &'a Origin,
}

/// Why a command gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It was put wrongly.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The records couldn't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index couldn't be read.
    #[error(transparent)]
    Search(#[from] SearchError),
}

/// Which page of a long answer to give; the same for every command that has pages.
const PAGE: Parameter = Parameter {
    name: "page",
    aliases: &["p"],
    summary: "Which page of the answer",
    kind: ParameterKind::Page,
    place: Place::Named,
    required: false,
};

/// The command of this name or alias, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().copied().find(|spec| spec.is_called(name))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_name_stands_for_two_commands_and_none_for_two_parameters_of_one() {
        let mut commands = HashMap::new();
        for spec in COMMANDS {
            for name in std::iter::once(&spec.name).chain(spec.aliases) {
                let other = commands.insert(*name, spec.name);
                assert_eq!(other, None, "{name} stands for {} and for another command", spec.name);
            }
            let mut parameters = HashMap::new();
            for parameter in spec.parameters {
                for name in std::iter::once(&parameter.name).chain(parameter.aliases) {
                    let other = parameters.insert(*name, parameter.name);
                    assert_eq!(other, None, "{}: {name} stands for {} and for another", spec.name, parameter.name);
                }
            }
        }
    }
}
