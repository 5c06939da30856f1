//! Calls of commands and the lines that make them: the one place that writes a call, and reads it back.
//!
//! A line is read as [`read_text`] reads what a person types. So a button, a hint to type and a kept page are the same
//! call, whichever way it comes back.

use std::fmt::Display;

use super::invocation::leaves_a_quotation_open;
use crate::commands::{
    CommandSpec, GivenArguments, GivenValue, Parameter, ParameterKind, ParameterPlace, find, read_text, split_command,
};
use crate::{
    reply::{CallArgument, CommandCall, PAGE_PARAMETER},
    search::{in_quotes, opens_a_quotation},
};

impl CommandSpec {
    /// The call of this command that gives these values for its parameters.
    #[must_use]
    pub fn call(&'static self, values: &[(&Parameter, &dyn Display)]) -> CommandCall {
        let mut given = GivenArguments::default();
        for (parameter, value) in values {
            debug_assert!(self.parameter(parameter.name).is_some(), "{} has no {}", self.name, parameter.name);
            self.give(&mut given, parameter.name, value.to_string());
        }
        written(self, &given)
    }

    /// Gives a value for the parameter of this name.
    fn give(&'static self, given: &mut GivenArguments, name: &str, value: String) {
        match self.parameter(name) {
            Some(parameter) if parameter.place == ParameterPlace::Rest => given.rest = value,
            Some(parameter) => given.named.push(GivenValue { name: parameter.name, value, excluded: false }),
            None => {}
        }
    }

    /// An example as a call, in the words that the definition gives it in.
    pub(in crate::commands) fn example(&'static self, line: &'static str) -> CommandCall {
        match decode(line) {
            Some(call) => CommandCall::new(call.command(), call.arguments().to_vec(), line.to_owned()),
            None => CommandCall::new(self.name, Vec::new(), line.to_owned()),
        }
    }
}

/// The call that a line makes; `None` where it names no command or is longer than any request of it.
#[must_use]
pub fn decode(line: &str) -> Option<CommandCall> {
    let (name, rest) = split_command(line);
    let spec = find(name)?;
    spec.check_text(rest).ok()?;
    let call = written(spec, &read_text(spec, rest));
    // Words that can't be put in order without meaning something else stay as they were typed.
    let (_, again) = split_command(call.as_str());
    if written(spec, &read_text(spec, again)) == call {
        return Some(call);
    }
    Some(CommandCall::new(spec.name, call.arguments().to_vec(), line.trim().to_owned()))
}

/// The command that a call is of, and what it gives; `None` where there is no such command.
pub(crate) fn given_by(call: &CommandCall) -> Option<(&'static CommandSpec, GivenArguments)> {
    let spec = find(call.command())?;
    let mut given = GivenArguments::default();
    for argument in call.arguments() {
        let place = spec.parameter(argument.parameter).map(|parameter| parameter.place);
        if argument.parameter.is_empty() || place == Some(ParameterPlace::Rest) {
            given.rest.clone_from(&argument.value);
        } else {
            let (value, excluded) = (argument.value.clone(), argument.excluded);
            given.named.push(GivenValue { name: argument.parameter, value, excluded });
        }
    }
    Some((spec, given))
}

/// What was given, as a call.
pub(crate) fn written(spec: &'static CommandSpec, given: &GivenArguments) -> CommandCall {
    let words: Vec<&Parameter> =
        spec.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Word).collect();
    let rest = spec.parameters.iter().find(|parameter| parameter.place == ParameterPlace::Rest);
    // Words that the command has no parameter for are kept, so that it can say so.
    let rest_name = rest.map_or("", |parameter| parameter.name);
    let rest = CallArgument { parameter: rest_name, value: given.rest.clone(), excluded: false };
    let named = given.named.iter().map(|value| CallArgument {
        parameter: value.name,
        value: value.value.clone(),
        excluded: value.excluded,
    });
    let mut arguments: Vec<CallArgument> =
        std::iter::once(rest).filter(|rest| !rest.value.is_empty()).chain(named).collect();
    // Words that have places of their own are read from the start, in the order of the definition. A quotation that
    // words leave open would go on into what follows them. The page comes last.
    arguments.sort_by_key(|argument| {
        let is_rest = argument.parameter == rest_name;
        (
            argument.parameter == PAGE_PARAMETER,
            is_rest && leaves_a_quotation_open(&argument.value),
            words.iter().position(|parameter| parameter.name == argument.parameter).unwrap_or(usize::MAX),
        )
    });
    let mut line = spec.name.to_owned();
    for argument in &arguments {
        line.push(' ');
        match spec.parameter(argument.parameter).map(|parameter| parameter.place) {
            Some(ParameterPlace::Named | ParameterPlace::Filter) => {
                let minus = if argument.excluded { "-" } else { "" };
                let value = &argument.value;
                let needs_marks = value.contains(char::is_whitespace) || opens_a_quotation(value);
                let value = if needs_marks { in_quotes(value) } else { value.clone() };
                line.push_str(&format!("{minus}{}:{value}", argument.parameter));
            }
            Some(ParameterPlace::Word | ParameterPlace::Rest) | None => line.push_str(&argument.value),
        }
    }
    CommandCall::new(spec.name, arguments, line)
}

/// The sentence that a call lacks and its command needs, where all else that it needs is given: as of a button that
/// rejects a change. `None` where nothing or something else is missing.
#[must_use]
pub fn missing_sentence(call: &CommandCall) -> Option<&'static Parameter> {
    let spec = find(call.command())?;
    let mut missing =
        spec.parameters.iter().filter(|parameter| parameter.required && call.value(parameter.name).is_none());
    let sentence = missing.next().filter(|parameter| parameter.kind == ParameterKind::Sentence)?;
    (missing.next().is_none() && !call.arguments().is_empty()).then_some(sentence)
}

/// The call with a value for one more parameter.
#[must_use]
pub fn with_value(call: &CommandCall, parameter: &Parameter, value: &str) -> CommandCall {
    let Some((spec, mut given)) = given_by(call) else { return call.clone() };
    spec.give(&mut given, parameter.name, value.trim().to_owned());
    written(spec, &given)
}

impl CommandSpec {
    /// How the command is typed with these words behind it, of which some stand for others: `source QUESTION`. Shown as a
    /// call, it has the prefix of the place where it is read.
    #[must_use]
    pub fn typed(&'static self, words: &str) -> CommandCall {
        as_it_stands(self, format!("{} {words}", self.name))
    }

    /// [`CommandSpec::usage`], shown as a call.
    #[must_use]
    pub fn usage_call(&'static self) -> CommandCall {
        as_it_stands(self, self.usage())
    }
}

/// The call that a line makes, with the line as it stands.
fn as_it_stands(spec: &'static CommandSpec, line: String) -> CommandCall {
    let arguments = decode(&line).map(|call| call.arguments().to_vec()).unwrap_or_default();
    CommandCall::new(spec.name, arguments, line)
}

/// The line of a call without what only programs read: which version of a change was seen.
#[must_use]
pub fn for_people(call: &CommandCall) -> String {
    let Some((spec, mut given)) = given_by(call) else { return call.as_str().to_owned() };
    let is_version = |name: &str| spec.parameter(name).is_some_and(|found| found.kind == ParameterKind::Version);
    given.named.retain(|value| !is_version(value.name));
    written(spec, &given).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::commands::COMMANDS;

    #[test]
    fn what_a_button_lacks_is_the_sentence_alone() {
        for (line, lacks) in [
            ("reject C41", Some("reason")),
            ("reject C41 seen:0123456789ab", Some("reason")),
            ("reject C41 No.", None),
            ("reject", None),
            ("approve C41", None),
            ("dismiss 3", Some("reason")),
            ("show S1", None),
        ] {
            let found = decode(line).as_ref().and_then(missing_sentence).map(|parameter| parameter.name);
            assert_eq!(found, lacks, "{line}");
        }
        let call = decode("reject C41 seen:0123456789ab").unwrap();
        let reason = missing_sentence(&call).unwrap();
        assert_eq!(for_people(&call), "reject C41");
        assert_eq!(
            decode(with_value(&call, reason, " seen: nowhere else. ").as_str()).unwrap().value("reason"),
            Some("seen: nowhere else.")
        );
    }

    #[test]
    fn every_example_is_a_call_of_a_command() {
        for spec in COMMANDS {
            for example in spec.examples {
                let call = spec.example(example);
                let decoded = decode(example).unwrap_or_else(|| panic!("{example}"));
                assert_eq!((call.as_str(), call.arguments()), (*example, decoded.arguments()));
                assert_eq!(decode(decoded.as_str()).as_ref(), Some(&decoded), "{example}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read_the_same_after_it_was_written(
            which in 0..COMMANDS.len(),
            words in r#"([a-zA-Z“„"」:-]{0,6}|C41|S1|3|https://example\.org|-?(by|seen|page|reason|to|into|at|for|since):"?[a-z0-9 ]{0,4}"?|0123456789ab|\n| ){0,8}"#,
        ) {
            let line = format!("{} {words}", COMMANDS[which].name);
            let call = decode(&line).unwrap();
            let again = decode(call.as_str()).unwrap();
            prop_assert_eq!(&again, &call, "{:?}", line);
            let of = |call: &CommandCall| given_by(call).map(|(spec, given)| crate::commands::Arguments::check(spec, &given));
            let typed = read_text(COMMANDS[which], split_command(&line).1);
            let sorted = |arguments: Result<crate::commands::Arguments, _>| arguments.ok().map(|arguments| arguments.to_call(COMMANDS[which]));
            prop_assert_eq!(
                of(&call).map(sorted),
                Some(sorted(crate::commands::Arguments::check(COMMANDS[which], &typed)))
            );
        }
    }
}
