//! What a person typed or chose, before it is checked: a command's name and what was given for its
//! parameters.
//!
//! Reading the text form does no more than take `name:value` apart; what a person typed is otherwise
//! left as it is. The words of a command line were parted by the shell already: each stands for itself, and
//! nothing in it is parted again, but for a question that has quotation marks or filters of its own.

use super::period::read_period;
use crate::commands::{CommandSpec, ParameterKind, ParameterPlace};
use crate::{model::Reference, search::Quotes};

/// What was given for the parameters of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenArguments {
    /// The words that were given for no parameter in particular.
    pub rest: String,
    /// What was given by name, in order.
    pub named: Vec<GivenValue>,
}

/// A value that was given by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenValue {
    /// The parameter's own name.
    pub name: &'static str,
    /// What was given for it.
    pub value: String,
    /// Whether it was given with a minus before it.
    pub excluded: bool,
}

/// Marks that open or close a quotation.
const MARKS: [char; 8] = ['"', '“', '”', '„', '«', '»', '「', '」'];

/// Parts the first word from the rest of a line.
#[must_use]
pub fn split_command(line: &str) -> (&str, &str) {
    let line = line.trim_start();
    match line.find(char::is_whitespace) {
        Some(end) => {
            let (name, rest) = line.split_at(end);
            (name, rest.trim())
        }
        None => (line.trim_end(), ""),
    }
}

/// Takes `name:value` of the command's parameters out of the words after its name. Whatever has the
/// form but not the name of a parameter stays among the words, and so does what stands in quotation
/// marks.
#[must_use]
pub fn read_text(spec: &CommandSpec, text: &str) -> GivenArguments {
    let mut given = GivenArguments::default();
    let text = take_words(spec, text, &mut given);
    let takes_names = spec
        .parameters
        .iter()
        .any(|parameter| matches!(parameter.place, ParameterPlace::Named | ParameterPlace::Filter));
    if !takes_names {
        given.rest = text.trim().to_owned();
        return given;
    }
    let mut kept = String::new();
    let mut quotes = Quotes::default();
    let mut left = text;
    while let Some(first) = left.chars().next() {
        if first.is_whitespace() {
            kept.push(first);
            left = left.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let end = match read_named(spec, left, &mut quotes) {
            Some((value, end)) => {
                given.named.push(value);
                end
            }
            None => {
                let end = token_end(left, &mut quotes);
                kept.push_str(left.get(..end).unwrap_or(left));
                end
            }
        };
        left = left.get(end..).unwrap_or_default();
    }
    given.rest = kept.trim().to_owned();
    // Words may stand behind what is given by name.
    let rest = std::mem::take(&mut given.rest);
    given.rest = take_words(spec, &rest, &mut given).trim().to_owned();
    given
}

/// Takes the words that have places of their own from the start of a text, and what follows a bare
/// name of a parameter, as in `merge E3 into E9`; gives the rest.
fn take_words<'a>(spec: &CommandSpec, text: &'a str, given: &mut GivenArguments) -> &'a str {
    let mut left = text;
    let places = spec.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Word);
    let mut any = false;
    for parameter in places {
        any = true;
        if given.named.iter().any(|value| value.name == parameter.name) {
            continue;
        }
        let (word, rest) = split_command(left);
        let fits = !word.is_empty()
            && read_named(spec, left.trim_start(), &mut Quotes::default()).is_none()
            && could_be(parameter, word);
        if fits {
            given.named.push(GivenValue { name: parameter.name, value: word.to_owned(), excluded: false });
            left = rest;
        }
    }
    let (word, rest) = split_command(left);
    let bare =
        spec.parameters.iter().find(|parameter| parameter.place == ParameterPlace::Named && parameter.is_called(word));
    if let (true, Some(parameter)) = (any, bare)
        && !given.named.iter().any(|value| value.name == parameter.name)
    {
        let (value, rest) = split_command(rest);
        if !value.is_empty() && is_value_of(parameter, value) {
            given.named.push(GivenValue { name: parameter.name, value: value.to_owned(), excluded: false });
            left = rest;
        }
    }
    left
}

/// Whether a word can be meant for a parameter that can also be left out.
fn could_be(parameter: &crate::commands::Parameter, word: &str) -> bool {
    if parameter.required {
        return true;
    }
    match parameter.kind {
        ParameterKind::Choice(words) => words.iter().any(|known| known.eq_ignore_ascii_case(word)),
        ParameterKind::Reference => word.parse::<Reference>().is_ok(),
        _ => true,
    }
}

/// Whether a word behind the bare name of a parameter is its value. A sentence may begin with the same word: "for being
/// rude".
fn is_value_of(parameter: &crate::commands::Parameter, word: &str) -> bool {
    match parameter.kind {
        ParameterKind::Period => read_period(word).is_some(),
        ParameterKind::Version => is_a_version(word),
        _ => true,
    }
}

/// How many characters the name of a parameter has at most.
const LONGEST_NAME: usize = 32;

/// Reads `name:value` at the start of `text`; gives the value and where it ends.
fn read_named(spec: &CommandSpec, text: &str, quotes: &mut Quotes) -> Option<(GivenValue, usize)> {
    let (excluded, bare) = match text.strip_prefix('-') {
        Some(bare) => (true, bare),
        None => (false, text),
    };
    // No name is longer than that; looking further at each word would take time that grows with the text.
    let colon = bare.char_indices().take(LONGEST_NAME + 1).find(|(_, sign)| matches!(sign, ':' | '：'))?.0;
    let parameter = spec.parameter(bare.get(..colon)?)?;
    let allowed = match parameter.place {
        ParameterPlace::Rest | ParameterPlace::Word => false,
        ParameterPlace::Named => !excluded,
        ParameterPlace::Filter => true,
    };
    if !allowed {
        return None;
    }
    let after = bare.get(colon..)?;
    let value_text = after.get(after.chars().next()?.len_utf8()..)?;
    let value_start = text.len() - value_text.len();
    // A reason may have the same word: "seen: nowhere else".
    if parameter.kind == ParameterKind::Version && !is_a_version(value_text.split(char::is_whitespace).next()?) {
        return None;
    }
    let (value, length) = match quotes.read(value_text) {
        Some((inner, length)) => (inner, length),
        None => {
            let length = value_text.find(char::is_whitespace).unwrap_or(value_text.len());
            (value_text.get(..length)?, length)
        }
    };
    // "by:" with nothing after it is given, and found wanting when it is checked.
    let value = GivenValue { name: parameter.name, value: value.trim().to_owned(), excluded };
    Some((value, value_start + length))
}

/// Takes the words of a command line, without the command's name. A word that the shell kept together is one value:
/// `by:laura harth` is a name of two words, and `speaker-role: Minister of Foreign Affairs` a line of a form.
#[must_use]
pub fn read_words(spec: &CommandSpec, words: &[String]) -> GivenArguments {
    let mut given = GivenArguments::default();
    let mut rest: Vec<String> = Vec::new();
    let takes_names = spec
        .parameters
        .iter()
        .any(|parameter| matches!(parameter.place, ParameterPlace::Named | ParameterPlace::Filter));
    let kind = spec
        .parameters
        .iter()
        .find(|parameter| parameter.place == ParameterPlace::Rest)
        .map(|parameter| parameter.kind);
    let left = take_first_words(spec, words, &mut given);
    for word in left {
        match named_word(spec, word).filter(|_| takes_names) {
            Some(value) => given.named.push(value),
            // All of the question in one word, and what has marks or several filters in it, are as if typed.
            None if kind == Some(ParameterKind::Question)
                && (words.len() == 1 || word.contains(MARKS) || begins_with_a_filter(spec, word)) =>
            {
                let inner = read_text(spec, word);
                given.named.extend(inner.named);
                rest.push(inner.rest);
            }
            None => rest.push(word.clone()),
        }
    }
    // Words with places of their own may stand behind what is given by name.
    let rest = take_first_words(spec, &rest, &mut given);
    given.rest = joined(kind, rest, words.len() == 1).trim().to_owned();
    given
}

/// As [`take_words`], of words that are parted already.
fn take_first_words<'a>(spec: &CommandSpec, words: &'a [String], given: &mut GivenArguments) -> &'a [String] {
    let mut left = words;
    let mut any = false;
    for parameter in spec.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Word) {
        any = true;
        if given.named.iter().any(|value| value.name == parameter.name) {
            continue;
        }
        let Some((word, rest)) = left.split_first() else { continue };
        if !word.trim().is_empty() && named_word(spec, word).is_none() && could_be(parameter, word.trim()) {
            given.named.push(GivenValue { name: parameter.name, value: word.trim().to_owned(), excluded: false });
            left = rest;
        }
    }
    if let (true, [name, value, rest @ ..]) = (any, left)
        && let Some(parameter) = spec
            .parameters
            .iter()
            .find(|parameter| parameter.place == ParameterPlace::Named && parameter.is_called(name))
        && !given.named.iter().any(|value| value.name == parameter.name)
        && is_value_of(parameter, value)
    {
        given.named.push(GivenValue { name: parameter.name, value: value.trim().to_owned(), excluded: false });
        left = rest;
    }
    left
}

/// The value that a word of a command line gives by name; all behind the colon, whatever stands in it. Quotation
/// marks that reached the program are taken off.
fn named_word(spec: &CommandSpec, word: &str) -> Option<GivenValue> {
    let (mut value, end) = read_named(spec, word, &mut Quotes::default())?;
    if end < word.len() {
        let whole = word.split_once([':', '：']).map(|(_, value)| value.trim())?;
        // Several values in one word, as in 'by:"laura harth" sydney', are a question that was quoted as a whole.
        if crate::search::opens_a_quotation(whole) {
            return None;
        }
        // So are a filter and another beside it, and a date with words behind it: 'since:2022 sydney'.
        let takes_a_question = spec.parameters.iter().any(|parameter| parameter.kind == ParameterKind::Question);
        let is_in_words = spec.parameter(value.name).is_some_and(|parameter| parameter.kind.is_in_words());
        let mut rest = word.get(end..)?.split_whitespace();
        if takes_a_question && (!is_in_words || rest.any(|word| begins_with_a_filter(spec, word))) {
            return None;
        }
        value.value = whole.to_owned();
    }
    Some(value)
}

fn begins_with_a_filter(spec: &CommandSpec, word: &str) -> bool {
    read_named(spec, word, &mut Quotes::default()).is_some()
}

/// Whether the words of a command line can also be read as a line that was typed. `by:laura harth` in one word may be a
/// name of two words whose quotation marks the shell took off, or a name and a word beside it: only the records can tell.
#[must_use]
pub fn may_be_typed(spec: &CommandSpec, words: &[String]) -> bool {
    let [word] = words else { return false };
    let spaced = named_word(spec, word).is_some_and(|value| value.value.contains(char::is_whitespace));
    spaced && spec.parameters.iter().any(|parameter| parameter.kind == ParameterKind::Question)
}

/// The words that belong to no parameter in particular, as what takes them reads them.
fn joined(kind: Option<ParameterKind>, words: &[String], alone: bool) -> String {
    match kind {
        // A phrase that the shell kept together is a phrase still, unless it is all of the question.
        Some(ParameterKind::Question) if !alone => {
            let phrase = |word: &String| {
                let is_whole = word.contains(char::is_whitespace) && !word.contains(MARKS);
                if is_whole { crate::search::in_quotes(word) } else { word.clone() }
            };
            words.iter().map(phrase).collect::<Vec<_>>().join(" ")
        }
        // What the shell kept together is a line of its own.
        Some(ParameterKind::Fields) => {
            let mut lines = String::new();
            let mut after_line = false;
            for word in words {
                let is_line = word.contains(char::is_whitespace);
                if !lines.is_empty() {
                    lines.push(if is_line || after_line { '\n' } else { ' ' });
                }
                lines.push_str(word);
                after_line = is_line;
            }
            lines
        }
        _ => words.join(" "),
    }
}

/// Whether a word can be the version of a change, of this program or of an earlier one.
fn is_a_version(word: &str) -> bool {
    (12..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether words open a quotation and don't close it.
pub(in crate::commands) fn leaves_a_quotation_open(words: &str) -> bool {
    let mut quotes = Quotes::default();
    let mut left = words.trim_start();
    while !left.is_empty() {
        left = left.get(token_end(left, &mut quotes)..).unwrap_or_default().trim_start();
    }
    quotes.is_any_open()
}

/// Where the token at the start of `text` ends: at the closing quotation mark of a phrase, else at
/// the next white space.
fn token_end(text: &str, quotes: &mut Quotes) -> usize {
    let minus = usize::from(text.starts_with('-'));
    let bare = text.get(minus..).unwrap_or_default();
    match quotes.read(bare) {
        Some((_, length)) => minus + length,
        None => text.find(char::is_whitespace).unwrap_or(text.len()),
    }
}

/// Takes options given by name, as slash commands and command lines give them. The words that make
/// up the rest may be given by the name of their parameter.
///
/// # Errors
/// When the command has no such option.
pub fn read_options(
    spec: &CommandSpec,
    options: &[(String, String)],
) -> Result<GivenArguments, crate::commands::UsageError> {
    let mut given = GivenArguments::default();
    for (name, value) in options {
        let parameter = spec.parameter(name).ok_or_else(|| crate::commands::UsageError::UnknownOption {
            name: name.chars().take(LONGEST_NAME).collect(),
        })?;
        if parameter.place == ParameterPlace::Rest {
            given.rest = value.trim().to_owned();
        } else {
            given.named.push(GivenValue { name: parameter.name, value: value.trim().to_owned(), excluded: false });
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::commands::{Arguments, find};

    fn read(text: &str) -> (String, Vec<String>) {
        let given = read_text(find("source").unwrap(), text);
        let named = given.named.iter().map(|value| {
            let minus = if value.excluded { "-" } else { "" };
            format!("{minus}{}={}", value.name, value.value)
        });
        (given.rest.clone(), named.collect())
    }

    #[test]
    fn only_what_names_a_parameter_is_taken_out() {
        for (text, rest, named) in [
            ("sydney", "sydney", &[][..]),
            ("by:\"laura harth\" sydney", "sydney", &["by=laura harth"]),
            ("sydney by:“laura harth”", "sydney", &["by=laura harth"]),
            ("a speaker:x PLACE:y b", "a   b", &["by=x", "place=y"]),
            ("-from:\"Daily Mail\" -word", "-word", &["-from=Daily Mail"]),
            ("https://example.org/a?b=c 12:30 note:this", "https://example.org/a?b=c 12:30 note:this", &[]),
            ("\"by:nobody said\" x", "\"by:nobody said\" x", &[]),
            ("by:\"unclosed sydney", "sydney", &["by=\"unclosed"]),
            ("by: sydney", "sydney", &["by="]),
            ("place：悉尼", "", &["place=悉尼"]),
            ("-page:2", "-page:2", &[]),
        ] {
            let (found_rest, found_named) = read(text);
            assert_eq!(
                (found_rest.as_str(), found_named.as_slice()),
                (rest, named.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>().as_slice()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn reading_a_request_takes_as_long_as_it_is_long() {
        let spec = find("source").unwrap();
        for pattern in ["“ ", "by:“ ", "-by:„a ", "\"a\" ", "by:\"a b\" ", "「", "a "] {
            let read = |times: usize| {
                let text = pattern.repeat(times);
                crate::search::looked_at(|| {
                    let _ = read_text(spec, &text);
                })
            };
            let (short, long) = (read(500), read(8_000));
            assert!(long <= 17 * short, "{pattern:?}: {short} for 500 of it, {long} for 8,000");
        }
        for spec in crate::commands::COMMANDS {
            for name in spec.parameters.iter().map(|parameter| parameter.name) {
                assert!(name.chars().count() <= LONGEST_NAME, "{name}");
                assert!(spec.parameter(name).is_some());
            }
        }
    }

    #[test]
    fn a_command_that_takes_no_names_gets_its_text_as_it_is() {
        let message = "by:someone said: -this \"or that\"";
        assert_eq!(read_text(find("check").unwrap(), message).rest, message);
    }

    proptest! {
            #[test]
            fn reading_any_text_loses_no_word(text in "[a-z:\"“” -]{0,60}") {
                let given = read_text(find("source").unwrap(), &text);
                let kept: String = given.rest.chars().filter(|character| character.is_alphabetic()).collect();
                let named: usize = given.named.iter().map(|value| value.value.chars().filter(|character| character.is_alphabetic()).count()).sum();
                let all = text.chars().filter(|character| character.is_alphabetic()).count();
                prop_assert!(kept.len() + named <= all);
    prop_assert!(!given.named.is_empty() || kept.len() == all);
            }

            #[test]
            fn a_request_with_any_marks_asks_the_same_again(words in "[a“„\" ]{0,8}", name in "[a:\"”«」 \u{b}]{1,8}") {
                let spec = find("source").unwrap();
                let options = [("question".to_owned(), words), ("by".to_owned(), name)];
                let Ok(arguments) = Arguments::check(spec, &read_options(spec, &options).unwrap()) else { return Ok(()) };
                let ask = arguments.to_call(spec).as_str().to_owned();
                let again = Arguments::check(spec, &read_text(spec, split_command(&ask).1));
                prop_assert_eq!(again, Ok(arguments), "{}", ask);
            }

            #[test]
            fn the_request_for_another_page_asks_the_same(name in "[a-z]{1,8}( [a-z]{1,8})?", words in "[a-z]{2,8}( [a-z]{2,8}){0,2}", minus in any::<bool>()) {
                let spec = find("source").unwrap();
                let minus = if minus { "-" } else { "" };
                let text = format!("{words} {minus}by:\"{name}\" since:2022-10 lang:nl page:3");
                let arguments = Arguments::check(spec, &read_text(spec, &text)).unwrap();
                let ask = arguments.to_call(spec).as_str().to_owned();
                let (_, rest) = split_command(&ask);
                let again = Arguments::check(spec, &read_text(spec, &format!("{rest} page:3"))).unwrap();
                prop_assert_eq!(again, arguments);
            }
        }
}
