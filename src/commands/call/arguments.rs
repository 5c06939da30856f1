//! Checked arguments: the one place where what was given becomes what a command works with.

use std::borrow::Cow;

use jiff::SignedDuration;

use super::{
    bounds::{MAX_PAGE, MAX_SENTENCE, MAX_VALUES},
    codec::written,
    period::{MAX_WEEKS, read_period},
};
use crate::commands::{CommandSpec, GivenArguments, GivenValue, Parameter, ParameterKind, ParameterPlace, UsageError};
use crate::{
    model::{Date, Identity, Language, MAX_PREFIX, Platform, Reference, SingleLine},
    reply::CommandCall,
    search::{Handles, without_marks},
};

/// What was given for a parameter, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words, a message or a name.
    Text(String),
    /// The id of a record or a change.
    Reference(Reference),
    /// A date.
    Date(Date),
    /// A language.
    Language(Language),
    /// A page number.
    Page(usize),
    /// Who.
    Identity(Identity),
    /// A number.
    Number(i64),
    /// A length of time.
    Period(SignedDuration),
}

/// A checked value with the parameter it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The parameter's name.
    pub name: &'static str,
    /// The value.
    pub value: Value,
    /// Whether what the value names is to be left out.
    pub excluded: bool,
}

/// The checked arguments of one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arguments(Vec<Argument>);

impl Arguments {
    /// Checks what was given against the command's parameters.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(spec: &'static CommandSpec, given: &GivenArguments) -> Result<Self, UsageError> {
        let mut arguments = Vec::new();
        let rest = spec.parameters.iter().find(|parameter| parameter.place == ParameterPlace::Rest);
        match rest {
            // Marks of a chat beside a filter are nothing that was asked.
            Some(parameter) if !given.named.is_empty() && is_marks_alone(parameter, &given.rest) => {}
            Some(parameter) if !given.rest.is_empty() => {
                arguments.push(Argument {
                    name: parameter.name,
                    value: read(parameter, &given.rest)?,
                    excluded: false,
                });
            }
            None if !given.rest.is_empty() => return Err(UsageError::NoWords),
            Some(_) | None => {}
        }
        let number = given.named.len();
        if number > MAX_VALUES {
            return Err(UsageError::TooMany { number, limit: MAX_VALUES });
        }
        for value in &given.named {
            let parameter =
                spec.parameter(value.name).ok_or_else(|| UsageError::UnknownOption { name: value.name.to_owned() })?;
            let again = arguments.iter().any(|argument| argument.name == parameter.name);
            if again && parameter.place != ParameterPlace::Filter {
                return Err(UsageError::Twice { name: parameter.name });
            }
            arguments.push(Argument {
                name: parameter.name,
                value: read(parameter, &value.value)?,
                excluded: value.excluded,
            });
        }
        for parameter in spec.parameters.iter().filter(|parameter| parameter.required) {
            if !arguments.iter().any(|argument| argument.name == parameter.name) {
                return Err(UsageError::Missing { name: parameter.name, what: parameter.summary });
            }
        }
        Ok(Self(arguments))
    }

    /// All arguments, in the order given.
    pub fn iter(&self) -> std::slice::Iter<'_, Argument> {
        self.0.iter()
    }

    /// Whether nothing was given but perhaps the page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|argument| matches!(argument.value, Value::Page(_)))
    }

    /// The text given for a parameter.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The id given.
    #[must_use]
    pub fn reference(&self) -> Option<Reference> {
        self.0.iter().find_map(|argument| match argument.value {
            Value::Reference(reference) => Some(reference),
            _ => None,
        })
    }

    /// The value given for a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|argument| argument.name == name).map(|argument| &argument.value)
    }

    /// The id given for a parameter.
    #[must_use]
    pub fn reference_of(&self, name: &str) -> Option<Reference> {
        match self.get(name) {
            Some(Value::Reference(reference)) => Some(*reference),
            _ => None,
        }
    }

    /// The identity given for a parameter.
    #[must_use]
    pub fn identity(&self, name: &str) -> Option<&Identity> {
        match self.get(name) {
            Some(Value::Identity(identity)) => Some(identity),
            _ => None,
        }
    }

    /// The date given.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.0.iter().find_map(|argument| match argument.value {
            Value::Date(date) => Some(date),
            _ => None,
        })
    }

    /// The number given for a parameter.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The length of time given for a parameter.
    #[must_use]
    pub fn period(&self, name: &str) -> Option<SignedDuration> {
        match self.get(name) {
            Some(Value::Period(period)) => Some(*period),
            _ => None,
        }
    }

    /// The sentence given for a parameter, as one line.
    #[must_use]
    pub fn sentence(&self, name: &str) -> Option<SingleLine> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    /// The page given, or the first.
    #[must_use]
    pub fn page(&self) -> usize {
        let page = self.0.iter().find_map(|argument| match argument.value {
            Value::Page(page) => Some(page),
            _ => None,
        });
        page.unwrap_or(1)
    }

    /// The call that gives these arguments, but for the page.
    #[must_use]
    pub fn to_call(&self, spec: &'static CommandSpec) -> CommandCall {
        let mut given = GivenArguments::default();
        for argument in &self.0 {
            let value = match &argument.value {
                Value::Text(text) => text.clone(),
                Value::Reference(reference) => reference.to_string(),
                Value::Date(date) => date.to_string(),
                Value::Language(language) => language.to_string(),
                Value::Identity(identity) => identity.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Period(period) => format!("{}m", period.as_mins()),
                Value::Page(_) => continue,
            };
            if spec.parameter(argument.name).is_some_and(|found| found.place == ParameterPlace::Rest) {
                given.rest = value;
            } else {
                given.named.push(GivenValue { name: argument.name, value, excluded: argument.excluded });
            }
        }
        written(spec, &given)
    }
}

/// Who is meant: an identity as it is written, a mention of Discord's, or a user id of Matrix.
pub(in crate::commands) fn read_identity(text: &str) -> Option<Identity> {
    let text = text.trim();
    let mention = text.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>')).map(|id| id.trim_start_matches('!'));
    if let Some(id) = mention {
        let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        return Identity::new(Platform::Discord, id).ok().filter(|_| digits);
    }
    if text.starts_with('@') && text.contains(':') {
        return Identity::new(Platform::Matrix, text).ok();
    }
    Identity::written(text).ok()
}

/// What is given for a parameter, without the marks that chats put into a text where names or words are asked for: whose
/// account or which emoji it is says nothing of what to look for.
fn without_marks_of_chats<'a>(parameter: &Parameter, text: &'a str) -> Cow<'a, str> {
    let is_asked_by_words = matches!(
        parameter.kind,
        ParameterKind::Question
            | ParameterKind::EntityName(_)
            | ParameterKind::PublisherName
            | ParameterKind::NamePrefix(_)
    );
    if !is_asked_by_words {
        return Cow::Borrowed(text);
    }
    match without_marks(text, Handles::Cut) {
        Cow::Owned(left) if left != text => Cow::Owned(left.split_whitespace().collect::<Vec<_>>().join(" ")),
        Cow::Owned(_) | Cow::Borrowed(_) => Cow::Borrowed(text),
    }
}

/// Whether nothing is given for a parameter but marks of a chat.
fn is_marks_alone(parameter: &Parameter, text: &str) -> bool {
    !text.trim().is_empty() && without_marks_of_chats(parameter, text).is_empty()
}

fn read(parameter: &'static Parameter, text: &str) -> Result<Value, UsageError> {
    let name = parameter.name;
    let unreadable = |message: String| UsageError::Unreadable { name, message };
    if is_marks_alone(parameter, text) {
        let message = "there is nothing to look for in it; mentions, channels and emoji of a chat are passed over";
        return Err(unreadable(message.to_owned()));
    }
    let text = &*without_marks_of_chats(parameter, text);
    if text.trim().is_empty() {
        return Err(unreadable(format!("nothing is given for it ({})", parameter.summary)));
    }
    let limited = |limit: usize| {
        let length = text.chars().count();
        if length > limit { Err(UsageError::TooLong { name, length, limit }) } else { Ok(Value::Text(text.to_owned())) }
    };
    match parameter.kind {
        ParameterKind::Question
        | ParameterKind::EntityName(_)
        | ParameterKind::PublisherName
        | ParameterKind::NamePrefix(_)
        | ParameterKind::CommandName
        | ParameterKind::Message
        | ParameterKind::Fields => limited(parameter.kind.longest()),
        ParameterKind::Sentence => {
            let text = crate::model::without_invisible(text);
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let line = crate::search::quoted(&line)
                .filter(|(_, end)| *end == line.len())
                .map_or_else(|| line.clone(), |(inner, _)| inner.to_owned());
            let length = line.chars().count();
            if length > MAX_SENTENCE {
                return Err(UsageError::TooLong { name, length, limit: MAX_SENTENCE });
            }
            line.parse::<SingleLine>()
                .map(|line| Value::Text(line.to_string()))
                .map_err(|error| unreadable(format!("{error}")))
        }
        ParameterKind::Identity => read_identity(text).map(Value::Identity).ok_or_else(|| {
            unreadable(format!(
                "{text:?} is no identity: write it as discord:80351110224678912, matrix:@ana:example.org or \
                     terminal:ana. Names can be imitated; ids can't"
            ))
        }),
        ParameterKind::Version => Ok(Value::Text(text.trim().to_ascii_lowercase())),
        ParameterKind::Number => text
            .trim()
            .trim_start_matches('#')
            .parse()
            .map(Value::Number)
            .map_err(|_| unreadable(format!("{text:?} is no number"))),
        ParameterKind::Period => read_period(text).map(Value::Period).ok_or_else(|| {
            unreadable(format!("{text:?} is no length of time of at most {MAX_WEEKS} weeks, like 30m, 12h, 7d or 4w"))
        }),
        ParameterKind::Reference => text.parse().map(Value::Reference).map_err(|error| unreadable(format!("{error}"))),
        ParameterKind::Date => text.parse().map(Value::Date).map_err(|error| unreadable(format!("{error}"))),
        ParameterKind::Language => text
            .to_lowercase()
            .parse()
            .ok()
            .filter(|language: &Language| language.primary().len() <= 3)
            .or_else(|| Language::from_name(text))
            .map(Value::Language)
            .ok_or_else(|| {
                unreadable(format!("{text:?} is no language; write its code or English name, like nl or Dutch"))
            }),
        ParameterKind::Prefix => {
            let length = text.chars().count();
            let clear = !text.chars().any(|character| {
                character.is_alphanumeric()
                    || character.is_whitespace()
                    || character.is_control()
                    || "@#<:/".contains(character)
            });
            if length <= MAX_PREFIX && clear {
                Ok(Value::Text(text.to_owned()))
            } else {
                Err(unreadable(format!("a prefix is 1 to {MAX_PREFIX} signs that are no letters, like ! or ?")))
            }
        }
        ParameterKind::Choice(words) => words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(text.trim()))
            .map(|&word| Value::Text(word.to_owned()))
            .ok_or_else(|| unreadable(format!("{text:?} is none of {}", words.join(", ")))),
        ParameterKind::Page => match text.parse() {
            Ok(page) if (1..=MAX_PAGE).contains(&page) => Ok(Value::Page(page)),
            Ok(_) | Err(_) => Err(unreadable(format!("{text:?} is no page number; pages go from 1 to {MAX_PAGE}"))),
        },
    }
}
