//! Completing what is being typed: commands, their options, and names.

use super::{
    Desk,
    complete_form::form_at,
    completion::{Completion, entities, words_of},
};
use crate::{
    commands::{self, COMMANDS, CommandSpec, Parameter, ParameterKind, ParameterPlace},
    model::{EntityKind, Identity},
};

/// How much may be typed, in bytes, that is still completed. The limit is ours: completions are shown while someone types.
const LONGEST_COMPLETED: usize = 4_096;

/// How many of the last words are taken for the beginning of a name; names on record have a few.
const WORDS_COMPLETED: usize = 12;

impl Desk {
    /// Ways to go on with a line that is being typed up to `cursor`, without the prefix: where the
    /// part to be replaced begins, and what may stand there.
    #[must_use]
    pub fn complete_line(&self, line: &str, cursor: usize) -> (usize, Vec<Completion>) {
        let typed = line.get(..cursor).unwrap_or(line);
        // Nobody chooses how to go on with so much.
        if typed.len() > LONGEST_COMPLETED {
            return (typed.len(), Vec::new());
        }
        let name_start = typed.len() - typed.trim_start().len();
        let bare = typed.get(name_start..).unwrap_or_default();
        let Some(name_end) = bare.find(char::is_whitespace) else {
            return (name_start, command_names(bare));
        };
        let Some(spec) = bare.get(..name_end).and_then(commands::find) else { return (typed.len(), Vec::new()) };
        let arguments_start = name_start + name_end;
        let after_name = typed.get(arguments_start..).unwrap_or_default();
        let indent = after_name.len() - after_name.trim_start().len();
        let start = arguments_start + indent;
        let rest = typed.get(start..).unwrap_or_default();
        self.complete_arguments(spec, rest, start)
    }

    /// As [`Desk::complete_line`], where a question of a form may wait for its answer.
    #[must_use]
    pub fn complete_in(&self, conversation: &str, line: &str, cursor: usize) -> (usize, Vec<Completion>) {
        let typed = line.get(..cursor).unwrap_or(line);
        let kept = self.store.reader().and_then(|reader| reader.dialogue(conversation));
        let asked = kept.ok().flatten().and_then(|state| commands::asked(&state));
        if let Some(field) = asked {
            let (start, found) = self.value(field, typed);
            if !found.is_empty() {
                return (start, found);
            }
        }
        self.complete_line(line, cursor)
    }

    /// What may be given for an option of a command, begun with `typed` by someone who is offered what they may read.
    #[must_use]
    pub fn complete_option(&self, command: &str, option: &str, typed: &str, actor: &Identity) -> Vec<Completion> {
        if typed.len() > LONGEST_COMPLETED {
            return Vec::new();
        }
        let Some(spec) = commands::find(command) else { return Vec::new() };
        match spec.parameter(option) {
            Some(parameter) if parameter.kind == ParameterKind::Reference => self.ids(spec, typed, actor),
            Some(parameter) => self.values(parameter, typed),
            None => Vec::new(),
        }
    }

    fn complete_arguments(&self, spec: &CommandSpec, rest: &str, start: usize) -> (usize, Vec<Completion>) {
        let has_fields = spec.parameters.iter().any(|parameter| parameter.kind == ParameterKind::Fields);
        if let Some((form, at)) = form_at(rest).filter(|_| has_fields) {
            let (within, found) = self.fields(form, rest.get(at..).unwrap_or_default());
            return (start + at + within, found);
        }
        // A value that is being typed after "name:" or "name:\"".
        if let Some((parameter, value_at)) = open_option(spec, rest) {
            let value = rest.get(value_at..).unwrap_or_default();
            let bare = value.strip_prefix('"').unwrap_or(value);
            let mut found = self.values(parameter, bare);
            for completion in &mut found {
                if completion.replacement.contains(char::is_whitespace) || value.starts_with('"') {
                    completion.replacement = format!("\"{}\"", completion.replacement);
                }
            }
            return (start + value_at, found);
        }
        let word_at = rest.rfind(char::is_whitespace).map_or(0, |space| space + 1);
        let word = rest.get(word_at..).unwrap_or_default();
        let options = spec.parameters.iter().filter(|parameter| {
            matches!(parameter.place, ParameterPlace::Named | ParameterPlace::Filter)
                && !word.is_empty()
                && parameter.name.starts_with(word)
        });
        let mut found: Vec<Completion> = options
            .map(|parameter| Completion {
                replacement: format!("{}:", parameter.name),
                label: format!("{}: {}", parameter.name, parameter.summary),
            })
            .collect();
        // A word that has a place of its own, as long as it is the first.
        let first = spec.parameters.iter().find(|parameter| parameter.place == ParameterPlace::Word);
        if let Some(parameter) = first.filter(|_| word_at == 0) {
            found.extend(self.values(parameter, word));
        }
        let whole = spec.parameters.iter().find(|parameter| parameter.place == ParameterPlace::Rest);
        let Some(parameter) = whole else { return (start + word_at, found) };
        // A name may have several words: the longest end of what was typed that begins one counts.
        let starts: Vec<usize> = std::iter::once(0)
            .chain(rest.match_indices(char::is_whitespace).map(|(at, space)| at + space.len()))
            .collect();
        for &at in starts.get(starts.len().saturating_sub(WORDS_COMPLETED)..).unwrap_or_default() {
            let names = self.values(parameter, rest.get(at..).unwrap_or_default());
            if !names.is_empty() && !rest.get(at..).unwrap_or_default().trim().is_empty() || rest.is_empty() {
                if at == word_at {
                    found.extend(names);
                    return (start + at, found);
                }
                return (start + at, names);
            }
        }
        (start + word_at, found)
    }

    /// What may be given for a parameter, begun with `typed`, the likeliest first.
    fn values(&self, parameter: &Parameter, typed: &str) -> Vec<Completion> {
        let snapshot = self.search.snapshot();
        let names = snapshot.names();
        match parameter.kind {
            ParameterKind::Question | ParameterKind::EntityName(None) => entities(names, typed, |_| true),
            ParameterKind::EntityName(Some(kind)) | ParameterKind::NamePrefix(kind) => {
                entities(names, typed, |found| found.kind == kind && !found.only_publishes)
            }
            ParameterKind::PublisherName => entities(names, typed, |found| found.kind == EntityKind::Organisation),
            ParameterKind::CommandName => command_names(typed),
            ParameterKind::Choice(words) => words_of(words, typed),
            ParameterKind::Message
            | ParameterKind::Prefix
            | ParameterKind::Reference
            | ParameterKind::Date
            | ParameterKind::Language
            | ParameterKind::Page
            | ParameterKind::Identity
            | ParameterKind::Sentence
            | ParameterKind::Fields
            | ParameterKind::Number
            | ParameterKind::Version
            | ParameterKind::Period => Vec::new(),
        }
    }
}

fn command_names(typed: &str) -> Vec<Completion> {
    COMMANDS
        .iter()
        .filter(|spec| spec.name.starts_with(typed))
        .map(|spec| Completion {
            replacement: spec.name.to_owned(),
            label: format!("{} — {}", spec.name, spec.summary),
        })
        .collect()
}

/// The option whose value is being typed at the end of `rest`, and where the value begins.
fn open_option(spec: &CommandSpec, rest: &str) -> Option<(&'static Parameter, usize)> {
    let colon = rest.rfind(':')?;
    let name_at = rest.get(..colon)?.rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let name = rest.get(name_at..colon)?.trim_start_matches('-');
    let parameter = spec
        .parameter(name)
        .filter(|parameter| matches!(parameter.place, ParameterPlace::Named | ParameterPlace::Filter))?;
    let value = rest.get(colon + 1..)?;
    let open = match value.strip_prefix('"') {
        Some(inner) => !inner.contains('"'),
        None => !value.contains(char::is_whitespace),
    };
    open.then_some((parameter, colon + 1))
}
