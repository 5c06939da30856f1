//! What a line asks that someone typed: a command with what is given for it, a question in words, or help on a command.

use std::borrow::Cow;

use super::codec::decode;
use crate::{
    commands::{COMMANDS, CommandSpec, GivenArguments, ParameterPlace, calls, find, split_command},
    reply::CommandCall,
    search::speaks_of_another,
};

/// The line that is meant by a line that begins with no command, or with one by chance: where it is a sentence, the
/// question for its words. A line that begins with what is nearly a command stays as it is, so that it can be asked back.
#[must_use]
pub fn as_meant(line: &str) -> Cow<'_, str> {
    let (word, rest) = split_command(line);
    let is_question = match find(word) {
        Some(spec) => begins_a_sentence(spec, word, rest),
        None => !word.is_empty() && misspelt(word).is_none(),
    };
    if is_question { Cow::Owned(calls::source(line.trim()).as_str().to_owned()) } else { Cow::Borrowed(line) }
}

/// Words of English that a sentence goes on with after "who" and "what".
const VERBS: &[&str] =
    &["did", "do", "does", "has", "have", "had", "said", "says", "say", "can", "could", "will", "would", "should"];

/// Whether a command's name is the beginning of a sentence: "who said this?", "what did Laura Harth say".
fn begins_a_sentence(spec: &CommandSpec, word: &str, rest: &str) -> bool {
    let asks = ["who", "what"].iter().any(|asking| word.eq_ignore_ascii_case(asking));
    let (next, _) = split_command(rest);
    let goes_on = VERBS.iter().any(|verb| next.eq_ignore_ascii_case(verb));
    asks && spec.aliases.contains(&word.to_lowercase().as_str())
        && (goes_on || (!rest.is_empty() && speaks_of_another(rest)))
}

/// The command that a word is meant for which is none: near enough to its name to be a slip of the hand, and no word that
/// a sentence begins with.
fn misspelt(word: &str) -> Option<&'static CommandSpec> {
    let names = COMMANDS
        .iter()
        .flat_map(|spec| std::iter::once(&spec.name).chain(spec.aliases).map(move |name| (*spec, *name)));
    names.filter(|(_, name)| is_slip_of(word, name)).map(|(spec, _)| spec).next()
}

/// From how many letters on a name with one letter more, less or other is taken for a slip, and from how many on with two.
const ONE_OTHER: usize = 5;
const TWO_OTHER: usize = 8;

/// Whether a word is a name with a slip of the hand in it. A first letter is seldom missed, and a short name with another
/// letter is another word: "city" is not "cite".
#[must_use]
pub(crate) fn is_slip_of(word: &str, name: &str) -> bool {
    let word = word.to_lowercase();
    let (length, of_name) = (word.chars().count(), name.chars().count());
    if word.chars().next() != name.chars().next() || length < 4 || length.abs_diff(of_name) > 2 {
        return false;
    }
    let mut letters: Vec<char> = word.chars().collect();
    let mut of_it: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    of_it.sort_unstable();
    let allowed = match of_name {
        TWO_OTHER.. => 2,
        ONE_OTHER.. => 1,
        _ => return letters == of_it && distance(&word, name, 1),
    };
    distance(&word, name, allowed)
}

fn distance(word: &str, name: &str, allowed: u8) -> bool {
    let dfa = levenshtein_automata::LevenshteinAutomatonBuilder::new(allowed, true).build_dfa(word);
    matches!(dfa.eval(name), levenshtein_automata::Distance::Exact(_))
}

/// The call of a command near to the one that a line begins with, with the words of the line.
pub(in crate::commands) fn with_words_of(spec: &'static CommandSpec, line: &str) -> CommandCall {
    let (_, rest) = split_command(line);
    let fits = rest.chars().count() <= REPEATED;
    fits.then(|| decode(&format!("{} {rest}", spec.name))).flatten().unwrap_or_else(|| spec.call(&[]))
}

/// How many characters of a line are repeated in a hint at most. The limit is ours: longer is no hint.
pub(in crate::commands) const REPEATED: usize = 200;

/// Whether someone asks behind a command's name how it works, as on a command line. Telephones make a dash of two
/// hyphens.
#[must_use]
pub fn asks_for_help(spec: &CommandSpec, given: &GivenArguments) -> bool {
    let is_asked = |text: &str| ["--help", "—help", "–help"].contains(&text.trim());
    match given.named.as_slice() {
        [] => is_asked(&given.rest),
        // A word that has a place of its own takes whatever comes first.
        [only] => {
            let place = spec.parameter(only.name).map(|parameter| parameter.place);
            given.rest.is_empty() && place == Some(ParameterPlace::Word) && is_asked(&only.value)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_a_question_and_a_command_with_a_slip_is_none() {
        for line in [
            "is there a police station in dublin",
            "  dublin ",
            "悉尼有中国警察局吗",
            "city of london police",
            "how many stations are there",
            "where is it",
            "report on dublin",
            "What did Laura Harth say about Madrid?",
            "who said this?",
            "who is this",
        ] {
            assert_eq!(as_meant(line), format!("source {}", line.trim()), "{line}");
        }
        for line in [
            "source sydney",
            "sorce sydney",
            "soruce sydney",
            "chekc this is a claim",
            "hlep",
            "organistaions",
            "about sydney",
            "who laura harth",
            "who is laura harth",
            "what safeguard defenders",
            "who",
            "",
            "  ",
        ] {
            assert_eq!(as_meant(line), line, "{line}");
        }
    }
}
