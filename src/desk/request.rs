//! Requests, as front ends bring them.

use crate::{
    commands::{self, ChatOrigin, CommandSpec, GivenArguments},
    model::Identity,
    reply::{CommandCall, Reply},
};

/// One request of one person.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub actor: Identity,
    /// Where the conversation takes place: what follows on what is kept apart by it. Of the form
    /// `platform:place:person`, as each front end has it.
    pub conversation: String,
    /// What is asked.
    pub invocation: Invocation,
    /// Where in a chat it comes from; `None` for those who sit at the machine.
    pub origin: Option<ChatOrigin>,
    /// How many entries a page has in this place.
    pub page_size: usize,
}

/// What is asked, in one of the forms that commands have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invocation {
    /// A line as typed, without the prefix: `source sydney page:2`.
    Text(String),
    /// The words of a command line, as the shell parted them; the first is the command's name.
    Words(Vec<String>),
    /// A call, as buttons, menus and reactions make it.
    Call(CommandCall),
    /// A command with named options, as slash commands give them.
    Options {
        /// The command's name.
        command: String,
        /// The options' names and values.
        options: Vec<(String, String)>,
    },
}

impl Invocation {
    /// What is asked by a line that the bot wrote itself and has kept. One of an earlier version, which can't be read
    /// any more, is answered as if it was typed: with what is wrong with it.
    #[must_use]
    pub fn of_line(line: &str) -> Self {
        commands::decode(line).map_or_else(|| Self::Text(line.to_owned()), Self::Call)
    }

    /// The call that asks the same; `None` where there is no such command or it is put wrongly.
    #[must_use]
    pub fn call(&self) -> Option<CommandCall> {
        match self {
            Self::Call(call) => Some(call.clone()),
            Self::Text(line) => commands::decode(line),
            Self::Words(_) | Self::Options { .. } => {
                self.read().ok().map(|(spec, given)| commands::written(spec, &given))
            }
        }
    }

    /// The command that is meant; `None` where there is none of that name.
    #[must_use]
    pub fn command(&self) -> Option<&'static CommandSpec> {
        match self {
            Self::Text(line) => commands::find(commands::split_command(line).0),
            Self::Words(words) => commands::find(words.first()?),
            Self::Call(call) => commands::find(call.command()),
            Self::Options { command, .. } => commands::find(command),
        }
    }

    /// The command that is meant, and what is given for it; or the reply that there is none.
    pub(super) fn read(&self) -> Result<(&'static CommandSpec, GivenArguments), Reply> {
        let named = |name: &str| commands::find(name).ok_or_else(|| commands::unknown_command(name));
        match self {
            Self::Text(line) => {
                let (name, rest) = commands::split_command(line);
                let spec = named(name)?;
                spec.check_text(rest).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, commands::read_text(spec, rest)))
            }
            Self::Words(words) => {
                let (name, rest) = words.split_first().map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
                let spec = named(name)?;
                spec.check_words(rest).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, commands::read_words(spec, rest)))
            }
            Self::Call(call) => {
                let (spec, given) =
                    commands::given_by(call).ok_or_else(|| commands::unknown_command(call.command()))?;
                let (_, rest) = commands::split_command(call.as_str());
                spec.check_text(rest).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, given))
            }
            Self::Options { command, options } => {
                let spec = named(command)?;
                spec.check_options(options).map_err(|error| commands::wrong_usage(spec, &error))?;
                let given =
                    commands::read_options(spec, options).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, given))
            }
        }
    }
}
