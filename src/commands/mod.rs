//! The commands: one definition each, for every front end.
//!
//! Adding a command takes one file here and one line in [`COMMANDS`].

mod administering;
mod asking;
mod call;
pub mod calls;
mod context;
mod proposing;
mod refused;
mod reviewing;

pub use administering::communities::{ChatOrigin, Communities};
pub(crate) use administering::status::sample;
pub(crate) use asking::as_typed::is_typed_line;
pub(crate) use asking::help::{unknown_command, wrong_usage};
pub(crate) use asking::more::needs_an_answer_before;
pub(crate) use asking::notices::{correction, post};
pub(crate) use asking::present::count;
pub use call::arguments::{Argument, Arguments, MAX_MESSAGE, MAX_PAGE, MAX_QUESTION, UsageError, Value};
pub use call::bounds::MAX_VALUES;
pub use call::chat_use::{ChatUse, CommandScope, Continuation, Effect, FormUse, MessageUse};
pub use call::codec::{decode, for_people, missing_sentence, with_value};
pub(crate) use call::codec::{given_by, written};
pub use call::invocation::{
    GivenArguments, GivenValue, may_be_typed, read_options, read_text, read_words, split_command,
};
pub use call::spec::{CommandSpec, Parameter, ParameterKind, ParameterPlace};
pub(crate) use call::typed::is_slip_of;
pub use call::typed::{as_meant, asks_for_help};
pub use context::{Context, Process, RequestContext};
pub(crate) use proposing::dialogue::{asked, waits};
pub(crate) use refused::{needs_role, refused};

use crate::{
    reply::PAGE_PARAMETER,
    search::SearchError,
    store::{Failure, Refusal, StoreError},
};

/// All commands, in the order in which help lists them.
pub static COMMANDS: &[&CommandSpec] = &[
    &asking::source::SPEC,
    &asking::check::SPEC,
    &asking::related::SPEC,
    &asking::show::SPEC,
    &asking::about::SPEC,
    &asking::browse::PLACES,
    &asking::browse::ORGANISATIONS,
    &asking::browse::PEOPLE,
    &asking::browse::TOPICS,
    &asking::recent::SPEC,
    &asking::sources::SPEC,
    &asking::history::SPEC,
    &asking::more::SPEC,
    &asking::help::SPEC,
    &asking::version::SPEC,
    &administering::settings::SPEC,
    &proposing::suggest::SUGGEST,
    &administering::watch::WATCH,
    &administering::watch::UNWATCH,
    &administering::watch::WATCHES,
    &proposing::add::ADD,
    &proposing::dialogue::ANSWER,
    &proposing::add::EDIT,
    &proposing::propose::RETRACT,
    &proposing::propose::RESTORE,
    &proposing::propose::MERGE,
    &proposing::propose::CITE,
    &proposing::revert::REVERT,
    &proposing::add::AMEND,
    &reviewing::decide::WITHDRAW,
    &reviewing::review::QUEUE,
    &reviewing::review::REVIEW,
    &reviewing::review::CLAIM,
    &reviewing::decide::APPROVE,
    &reviewing::decide::REQUEST,
    &reviewing::decide::REJECT,
    &proposing::suggest::DISMISS,
    &administering::people::ROLE,
    &administering::people::LINK,
    &administering::people::UNLINK,
    &administering::block::BLOCK,
    &administering::block::UNBLOCK,
    &administering::block::BLOCKED,
    &proposing::propose::PURGE,
    &administering::people::AUDIT,
    &administering::status::SPEC,
];

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

/// Which page of a long answer to give; the same for every command that has pages.
const PAGE: Parameter = Parameter {
    name: PAGE_PARAMETER,
    aliases: &["p"],
    summary: "Which page of the answer",
    kind: ParameterKind::Page,
    place: ParameterPlace::Named,
    required: false,
};

/// Whether words only speak of another message, so that in a reply that one is meant: "is this true?", "source please".
#[must_use]
pub fn speaks_of_another(words: &str) -> bool {
    crate::search::speaks_of_another(words)
}

/// Whether a text quotes another message, line by line.
#[must_use]
pub fn quotes_a_message(text: &str) -> bool {
    crate::search::quotes_a_message(text)
}

/// The command of this name or alias, in any case.
#[must_use]
pub fn find(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().copied().find(|spec| spec.is_called(name))
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
