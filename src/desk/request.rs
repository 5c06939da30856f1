//! Requests, as front ends bring them.

use std::borrow::Cow;

use crate::{
    commands::{self, ChatOrigin, CommandSpec, GivenArguments, calls},
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
            Self::Text(line) => commands::find(commands::split_command(&commands::as_meant(line)).0),
            Self::Words(words) => match in_one_word(words) {
                Some(line) => commands::find(commands::split_command(&commands::as_meant(line)).0),
                None => commands::find(words_as_meant(words).first()?),
            },
            Self::Call(call) => commands::find(call.command()),
            Self::Options { command, .. } => commands::find(command),
        }
    }

    /// The command that is meant, and what is given for it; or the reply that there is none. Whoever asks behind a
    /// command how it works means the help on it.
    pub(super) fn read(&self) -> Result<(&'static CommandSpec, GivenArguments), Reply> {
        let (spec, given) = self.read_as_given()?;
        let help = commands::asks_for_help(spec, &given).then(|| commands::given_by(&calls::help(Some(spec.name))));
        Ok(help.flatten().unwrap_or((spec, given)))
    }

    fn read_as_given(&self) -> Result<(&'static CommandSpec, GivenArguments), Reply> {
        match self {
            Self::Text(line) => read_line(line),
            Self::Words(words) => {
                if let Some(line) = in_one_word(words) {
                    return read_line(line);
                }
                let words = words_as_meant(words);
                let Some((name, rest)) = words.split_first() else { return Err(commands::unknown_command("")) };
                let spec = commands::find(name).ok_or_else(|| commands::unknown_command(&words.join(" ")))?;
                spec.check_words(rest).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, commands::read_words(spec, rest)))
            }
            Self::Call(call) => {
                let (spec, given) = commands::given_by(call).ok_or_else(|| commands::unknown_command(call.as_str()))?;
                let (_, rest) = commands::split_command(call.as_str());
                spec.check_text(rest).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, given))
            }
            Self::Options { command, options } => {
                let spec = commands::find(command).ok_or_else(|| commands::unknown_command(command))?;
                spec.check_options(options).map_err(|error| commands::wrong_usage(spec, &error))?;
                let given =
                    commands::read_options(spec, options).map_err(|error| commands::wrong_usage(spec, &error))?;
                Ok((spec, given))
            }
        }
    }
}

/// A typed line, which may be a sentence without a command.
fn read_line(line: &str) -> Result<(&'static CommandSpec, GivenArguments), Reply> {
    let line = commands::as_meant(line);
    let (name, rest) = commands::split_command(&line);
    let spec = commands::find(name).ok_or_else(|| commands::unknown_command(&line))?;
    spec.check_text(rest).map_err(|error| commands::wrong_usage(spec, &error))?;
    Ok((spec, commands::read_text(spec, rest)))
}

/// All that was given to a command line, where the shell kept it together as one word of several.
fn in_one_word(words: &[String]) -> Option<&str> {
    match words {
        [line] if line.trim().contains(char::is_whitespace) => Some(line),
        _ => None,
    }
}

/// The words of a command line, with the command that asks them before them where they are a sentence.
fn words_as_meant(words: &[String]) -> Cow<'_, [String]> {
    match commands::as_meant(&words.join(" ")) {
        Cow::Borrowed(_) => Cow::Borrowed(words),
        Cow::Owned(line) => {
            let command = commands::split_command(&line).0.to_owned();
            Cow::Owned(std::iter::once(command).chain(words.iter().cloned()).collect())
        }
    }
}
