//! What a command is: its name, help, parameters and the role it needs, as data.
//!
//! One [`CommandSpec`] serves the text prefix in every chat, slash commands with their completion,
//! the terminal, the command line and the help text.

use crate::{
    commands::{ChatUse, Effect},
    model::{EntityKind, Role},
};

/// One command.
#[derive(Debug)]
pub struct CommandSpec {
    /// The name that is typed: lower-case ASCII letters and hyphens, at most 32 (Discord, "Application Command Naming").
    pub name: &'static str,
    /// Other names for it in the text form.
    pub aliases: &'static [&'static str],
    /// What it does, in one line of at most 100 characters (Discord, "Application Command Structure").
    pub summary: &'static str,
    /// What else there is to know, a paragraph each.
    pub details: &'static [&'static str],
    /// Examples of the text form, without the prefix; the first is shown when arguments are wrong.
    pub examples: &'static [&'static str],
    /// Its parameters: those that are required first.
    pub parameters: &'static [Parameter],
    /// The role that it needs.
    pub role: Role,
    /// Whether it changes anything.
    pub effect: Effect,
    /// What chats do with it.
    pub chat: ChatUse,
    /// What carries it out.
    pub(crate) task: CommandTask,
}

/// What is to be done where a command is called. A definition names no function, so that whatever carries commands out may
/// use definitions; [`carry_out`](crate::commands::carry_out) has the functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandTask {
    Source,
    Check,
    Related,
    Show,
    About,
    /// Which entities of a kind there are.
    Browse(EntityKind),
    Recent,
    Sources,
    History,
    More,
    Help,
    Version,
    Suggest,
    Dismiss,
    Add,
    Edit,
    Amend,
    Answer,
    Retract,
    Restore,
    Merge,
    Cite,
    Purge,
    Revert,
    Queue,
    Gaps,
    Review,
    Claim,
    Approve,
    Reject,
    RequestChanges,
    Withdraw,
    Settings,
    Watch,
    Unwatch,
    Watches,
    Role,
    Link,
    Unlink,
    Audit,
    Block,
    Unblock,
    Blocked,
    Status,
}

/// One parameter of a command.
#[derive(Debug)]
pub struct Parameter {
    /// The name: of the option, of the filter (`by:`), and in the usage.
    pub name: &'static str,
    /// Other names for it in the text form.
    pub aliases: &'static [&'static str],
    /// What it means, in one line of at most 100 characters (Discord, "Application Command Option Structure").
    pub summary: &'static str,
    /// What can be given for it.
    pub kind: ParameterKind,
    /// How it is given in the text form.
    pub place: ParameterPlace,
    /// Whether the command can't do without it.
    pub required: bool,
}

/// What can be given for a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// Words to search for, with phrases and exclusions.
    Question,
    /// Text that is taken as it is.
    Message,
    /// The name of an entity, of any kind or of this one.
    EntityName(Option<EntityKind>),
    /// The name of an organisation that published sources.
    PublisherName,
    /// The beginning of a name.
    NamePrefix(EntityKind),
    /// The id of a record or a change.
    Reference,
    /// A date, as precisely as it is known.
    Date,
    /// A language, by its code or English name.
    Language,
    /// The name of a command.
    CommandName,
    /// A page number, from 1.
    Page,
    /// What stands before commands in the text form: 1 to 5 characters.
    Prefix,
    /// Who: an account on a platform.
    Identity,
    /// A sentence or two that is kept, as a reason.
    Sentence,
    /// The fields of a form, a line each.
    Fields,
    /// A number.
    Number,
    /// Which version of a change, as a button under its review carries it.
    Version,
    /// A length of time: 30m, 12h, 7d, 4w.
    Period,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// How a parameter is given in the text form of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    /// The next word, in the order of the parameters.
    Word,
    /// All words that aren't given for another parameter.
    Rest,
    /// As `name:value` or `name:"a longer value"`; once.
    Named,
    /// As [`ParameterPlace::Named`], any number of times, and as `-name:value` for the opposite.
    Filter,
}

impl Parameter {
    /// Whether the parameter goes by this name, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}

impl CommandSpec {
    /// How the command is typed, without the prefix: `source [QUESTION] [by:NAME]`.
    #[must_use]
    pub fn usage(&self) -> String {
        let mut usage = self.name.to_owned();
        for parameter in self.parameters {
            let value = match parameter.kind {
                ParameterKind::Question => "QUESTION",
                ParameterKind::Message => "TEXT",
                ParameterKind::EntityName(_) | ParameterKind::PublisherName => "NAME",
                ParameterKind::NamePrefix(_) => "BEGINNING",
                ParameterKind::Reference => "ID",
                ParameterKind::Date => "DATE",
                ParameterKind::Language => "LANGUAGE",
                ParameterKind::CommandName => "COMMAND",
                ParameterKind::Page => "N",
                ParameterKind::Prefix => "PREFIX",
                ParameterKind::Identity => "WHO",
                ParameterKind::Sentence => "REASON",
                ParameterKind::Fields => "FIELDS",
                ParameterKind::Number => "NUMBER",
                ParameterKind::Version => "VERSION",
                ParameterKind::Period => "TIME",
                ParameterKind::Choice(_) => "CHOICE",
            };
            let form = match parameter.place {
                ParameterPlace::Word | ParameterPlace::Rest => value.to_owned(),
                ParameterPlace::Named | ParameterPlace::Filter => format!("{}:{value}", parameter.name),
            };
            usage.push(' ');
            usage.push_str(&if parameter.required { form } else { format!("[{form}]") });
        }
        usage
    }

    /// Whether it is for those who were given a role.
    #[must_use]
    pub fn is_for_editors(&self) -> bool {
        self.role > Role::Reader
    }

    /// Whether it writes anything down.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self.effect {
            Effect::Reads => false,
            Effect::Notes | Effect::Writes => true,
        }
    }

    /// Whether something is done by it, which isn't to be done again in order to read its answer once more.
    #[must_use]
    pub fn acts(&self) -> bool {
        match self.effect {
            Effect::Reads | Effect::Notes => false,
            Effect::Writes => true,
        }
    }

    /// Whether it can't do without a sentence that says why.
    #[must_use]
    pub fn needs_reason(&self) -> bool {
        let is_reason = |parameter: &Parameter| parameter.required && parameter.kind == ParameterKind::Sentence;
        self.parameters.iter().any(is_reason)
    }

    /// The parameter of this name or alias, in any case.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.is_called(name))
    }

    /// Whether the command goes by this name, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}
