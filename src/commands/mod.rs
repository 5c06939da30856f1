//! The commands: one definition each, for every front end.
//!
//! Adding a command takes a definition and a line in [`COMMANDS`], a function, and a line in `carry_out`, which the
//! compiler asks for.

mod administering;
mod asking;
mod call;
pub mod calls;
mod context;
mod definitions;
mod proposing;
mod refused;
mod reviewing;

pub use crate::search::SmallTalk;
pub use administering::communities::{ChatOrigin, Communities, SeenBy};
pub(crate) use administering::status::sample;
pub(crate) use asking::as_typed::is_typed_line;
pub(crate) use asking::help::{unknown_command, wrong_usage};
pub(crate) use asking::more::needs_an_answer_before;
pub(crate) use asking::notices::{correction, post};
pub(crate) use asking::present::count;
pub use call::arguments::{Argument, Arguments, Value};
pub use call::bounds::{MAX_MESSAGE, MAX_PAGE, MAX_QUESTION, MAX_VALUES};
pub use call::chat_use::{
    AnswerAudience, ChatUse, CommandReach, CommandScope, Continuation, Effect, FormUse, MessageUse,
};
pub use call::codec::{decode, for_people, missing_sentence, with_value};
pub(crate) use call::codec::{given_by, written};
pub use call::invocation::{
    GivenArguments, GivenValue, may_be_typed, read_options, read_text, read_words, split_command,
};
pub(crate) use call::spec::CommandTask;
pub use call::spec::{CommandSpec, Parameter, ParameterKind, ParameterPlace};
pub(crate) use call::typed::is_slip_of;
pub use call::typed::{as_meant, asks_for_help};
pub use call::usage_error::UsageError;
pub use context::{Context, Process, RequestContext};
pub use definitions::{COMMANDS, find};
pub(crate) use proposing::dialogue::{asked, waits};
pub(crate) use refused::{needs_role, refused};

use crate::{
    reply::Reply,
    search::SearchError,
    store::{Failure, Refusal, StoreError},
};

/// Why a command gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It was put wrongly.
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// The store refused it to whoever asked.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The index couldn't be read.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused(refusal),
            StoreError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Carries a command out.
///
/// # Errors
/// When something was put wrongly, is refused, or can't be read.
pub(crate) fn carry_out(
    spec: &'static CommandSpec,
    context: &Context<'_>,
    arguments: &Arguments,
) -> Result<Reply, CommandError> {
    match spec.task {
        CommandTask::Source => asking::source::run(context, arguments),
        CommandTask::Check => asking::check::run(context, arguments),
        CommandTask::Related => asking::related::run(context, arguments),
        CommandTask::Show => asking::show::run(context, arguments),
        CommandTask::About => asking::about::run(context, arguments),
        CommandTask::Browse(kind) => asking::browse::browse(context, arguments, spec, kind),
        CommandTask::Recent => asking::recent::run(context, arguments),
        CommandTask::Sources => asking::sources::run(context, arguments),
        CommandTask::History => asking::history::run(context, arguments),
        CommandTask::More => asking::more::run(context, arguments),
        CommandTask::Help => asking::help::run(context, arguments),
        CommandTask::Version => asking::version::run(context, arguments),
        CommandTask::Suggest => proposing::suggest::suggest(context, arguments),
        CommandTask::Dismiss => proposing::suggest::dismiss(context, arguments),
        CommandTask::Add => proposing::add::add(context, arguments),
        CommandTask::Edit => proposing::add::edit(context, arguments),
        CommandTask::Amend => proposing::add::amend(context, arguments),
        CommandTask::Answer => proposing::dialogue::answer(context, arguments),
        CommandTask::Retract => proposing::propose::retract(context, arguments),
        CommandTask::Restore => proposing::propose::restore(context, arguments),
        CommandTask::Merge => proposing::propose::merge(context, arguments),
        CommandTask::Cite => proposing::propose::cite(context, arguments),
        CommandTask::Purge => proposing::propose::purge(context, arguments),
        CommandTask::Revert => proposing::revert::revert(context, arguments),
        CommandTask::Queue => reviewing::review::queue(context, arguments),
        CommandTask::Gaps => reviewing::gaps::run(context, arguments),
        CommandTask::Review => reviewing::review::review(context, arguments),
        CommandTask::Claim => reviewing::review::claim(context, arguments),
        CommandTask::Approve => reviewing::decide::approve(context, arguments),
        CommandTask::Reject => reviewing::decide::reject(context, arguments),
        CommandTask::RequestChanges => reviewing::decide::request(context, arguments),
        CommandTask::Withdraw => reviewing::decide::withdraw(context, arguments),
        CommandTask::Settings => administering::settings::run(context, arguments),
        CommandTask::Watch => administering::watch::watch(context, arguments),
        CommandTask::Unwatch => administering::watch::unwatch(context, arguments),
        CommandTask::Watches => administering::watch::watches(context, arguments),
        CommandTask::Role => administering::people::role(context, arguments),
        CommandTask::Link => administering::people::link(context, arguments),
        CommandTask::Unlink => administering::people::unlink(context, arguments),
        CommandTask::Audit => administering::people::audit(context, arguments),
        CommandTask::Block => administering::block::block(context, arguments),
        CommandTask::Unblock => administering::block::unblock(context, arguments),
        CommandTask::Blocked => administering::block::blocked(context, arguments),
        CommandTask::Status => administering::status::run(context, arguments),
    }
}

/// Whether words only speak of another message, so that in a reply that one is meant: "is this true?", "source please".
#[must_use]
pub fn speaks_of_another(words: &str) -> bool {
    crate::search::speaks_of_another(words)
}

/// Whether words are small talk, and of which kind.
#[must_use]
pub fn small_talk(words: &str) -> Option<SmallTalk> {
    crate::search::small_talk(words)
}

/// Whether a text quotes another message, line by line.
#[must_use]
pub fn quotes_a_message(text: &str) -> bool {
    crate::search::quotes_a_message(text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::model::{Platform, Reference};

    /// The names of a command or of a parameter, as whoever types them sees them: in no particular case.
    fn names(name: &str, aliases: &[&str]) -> Vec<String> {
        std::iter::once(&name).chain(aliases).map(|name| name.to_lowercase()).collect()
    }

    #[test]
    fn no_name_stands_for_two_commands_and_none_for_two_parameters_of_one() {
        let mut commands = HashMap::new();
        for spec in COMMANDS {
            for name in names(spec.name, spec.aliases) {
                let other = commands.insert(name.clone(), spec.name);
                assert_eq!(other, None, "{name} stands for {} and for another command", spec.name);
            }
            let mut parameters = HashMap::new();
            for parameter in spec.parameters {
                for name in names(parameter.name, parameter.aliases) {
                    let other = parameters.insert(name.clone(), parameter.name);
                    assert_eq!(other, None, "{}: {name} stands for {} and for another", spec.name, parameter.name);
                }
            }
        }
    }

    #[test]
    fn no_name_is_taken_for_what_else_may_stand_where_it_is_typed() {
        // An account begins with its platform and an address with its scheme; a name before a colon would take the rest.
        let begins: Vec<&str> = Platform::WORDS.iter().copied().chain(["http", "https", "mailto"]).collect();
        for spec in COMMANDS {
            let of_parameters = spec.parameters.iter().flat_map(|parameter| names(parameter.name, parameter.aliases));
            for name in names(spec.name, spec.aliases).into_iter().chain(of_parameters) {
                assert!(!begins.contains(&name.as_str()), "{}: {name} begins accounts or addresses", spec.name);
                assert!(name.parse::<Reference>().is_err(), "{}: {name} is an id", spec.name);
                assert!(!name.contains([':', '：']) && !name.contains(char::is_whitespace), "{}: {name}", spec.name);
                assert!(!name.starts_with('-'), "{}: {name} is given as its opposite", spec.name);
            }
            // "role WHO for 7d": what stands behind the words is read by its bare name.
            let words = spec.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Word);
            let choices = words.filter_map(|parameter| match parameter.kind {
                ParameterKind::Choice(words) => Some(words),
                _ => None,
            });
            let choices: Vec<&str> = choices.flatten().copied().collect();
            for parameter in spec.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Named) {
                for name in names(parameter.name, parameter.aliases) {
                    assert!(!choices.contains(&name.as_str()), "{}: {name} is a word to choose, too", spec.name);
                }
            }
        }
    }
}
