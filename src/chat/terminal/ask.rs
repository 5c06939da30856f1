//! Requests as they are typed: with the prefix of the place, quoted for a shell where that is one,
//! and back from a shell's words to a line.

use super::{
    clean::clean,
    settings::{Settings, Surface},
};
use crate::reply::CommandCall;

/// The request as it is typed in the place that the settings name.
pub(super) fn typed(settings: &Settings, ask: &CommandCall) -> String {
    typed_words(settings, ask.as_str())
}

/// The same of a request in words.
pub(super) fn typed_words(settings: &Settings, words: &str) -> String {
    let words = clean(words);
    let words = match settings.place {
        Surface::Console | Surface::Pipe => words,
        Surface::CommandLine => {
            let tokens: Vec<&str> = tokens(&words).collect();
            tokens.iter().map(|token| quote(token, tokens.len() <= 2)).collect::<Vec<_>>().join(" ")
        }
    };
    format!("{}{words}", settings.prefix)
}

/// The words of a request: parted by spaces that don't stand in quotation marks.
fn tokens(words: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    words
        .split(move |character: char| {
            quoted ^= character == '"';
            character == ' ' && !quoted
        })
        .filter(|token| !token.is_empty())
}

/// A word as a POSIX shell takes it; `alone` when it is all that follows the command. A place to fill
/// in, like `[by:NAME]`, is not typed as it stands.
fn quote(token: &str, alone: bool) -> String {
    let safe = |character: char| character.is_alphanumeric() || "_-./:,@%+=".contains(character);
    let placeholder = token.strip_prefix('[').and_then(|token| token.strip_suffix(']'));
    if placeholder.unwrap_or(token).chars().all(safe) || keeps_its_marks(token, alone) {
        token.to_owned()
    } else {
        format!("'{}'", token.replace('\'', r"'\''"))
    }
}

/// Whether the shell may take the quotation marks off a word because [`line_of_words`] puts them back.
fn keeps_its_marks(token: &str, alone: bool) -> bool {
    let harmless = |character: char| character.is_alphanumeric() || "_-./:,@%+='? ".contains(character);
    let Some((before, inner)) = token.strip_suffix('"').and_then(|token| token.split_once('"')) else { return false };
    let put_back = match before.strip_suffix(':') {
        Some(_) => named(before).is_some(),
        None => before.is_empty() && !alone && named(inner).is_none(),
    };
    put_back && inner.trim() == inner && inner.contains(' ') && inner.chars().all(harmless)
}

/// The line that the words of a command line stand for. The shell has taken the quotation marks off:
/// `by:"laura harth"` arrives as `by:laura harth` and gets them back, and so does one phrase among
/// other words. A question that was quoted as a whole, `source "new york"`, stays plain words.
#[must_use]
pub fn line_of_words(words: &[String]) -> String {
    let alone = words.len() <= 2;
    let mut line = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            line.push(' ');
        }
        let spaced = word.contains(char::is_whitespace);
        let marked = word.contains(['"', '“', '”', '„', '«', '»', '「', '」']);
        if index == 0 || !spaced || marked || word.contains('\n') {
            line.push_str(word);
        } else if let Some((name, value)) = named(word) {
            line.push_str(&format!("{name}:\"{value}\""));
        } else if alone {
            line.push_str(word);
        } else {
            line.push_str(&format!("\"{word}\""));
        }
    }
    line
}

/// The two sides of `name:value`.
fn named(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once(':')?;
    let bare = name.strip_prefix('-').unwrap_or(name);
    let is_name = !bare.is_empty() && bare.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-');
    (is_name && !value.starts_with(char::is_whitespace)).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn in_shell(ask: &str) -> String {
        let settings = Settings {
            width: 80,
            colour: false,
            hyperlinks: false,
            unicode: true,
            terminal: true,
            place: Surface::CommandLine,
            prefix: "onrecord ".to_owned(),
        };
        typed(&settings, &CommandCall::from(ask))
    }

    #[test]
    fn what_a_shell_would_change_is_quoted_for_it() {
        assert_eq!(in_shell("source sydney page:2"), "onrecord source sydney page:2");
        assert_eq!(in_shell("source 悉尼 page:2"), "onrecord source 悉尼 page:2");
        assert_eq!(
            in_shell(r#"source china's embassy "refused to comment" by:"laura harth" page:2"#),
            r#"onrecord source 'china'\''s' embassy "refused to comment" by:"laura harth" page:2"#
        );
        assert_eq!(in_shell("source [QUESTION] [by:NAME]"), "onrecord source [QUESTION] [by:NAME]");
        assert_eq!(in_shell(r#"source "new york""#), r#"onrecord source '"new york"'"#);
        assert_eq!(in_shell("source $(reboot) `x` ;"), "onrecord source '$(reboot)' '`x`' ';'");
    }

    #[test]
    fn the_words_of_a_command_line_become_the_line_that_was_meant() {
        for (given, line) in [
            (&["source", "sydney"][..], "source sydney"),
            (&["source", "by:laura harth"], r#"source by:"laura harth""#),
            (&["source", "-by:laura harth", "madrid"], r#"source -by:"laura harth" madrid"#),
            (&["source", "safeguard defenders madrid"], "source safeguard defenders madrid"),
            (&["source", "china's", "embassy", "refused to comment"], r#"source china's embassy "refused to comment""#),
            (&["source", r#"china "refused to comment""#], r#"source china "refused to comment""#),
            (&["check", "He said: there is one"], "check He said: there is one"),
        ] {
            assert_eq!(line_of_words(&words(given)), line);
        }
    }

    /// What a POSIX shell makes of a command line that has nothing special but quotation marks.
    fn shell_words(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quote, mut characters) = (Vec::new(), String::new(), None, line.chars());
        while let Some(character) = characters.next() {
            match character {
                '\'' | '"' if quote.is_none_or(|mark| mark == character) => {
                    quote = if quote.is_none() { Some(character) } else { None };
                }
                '\\' if quote.is_none() => word.extend(characters.next()),
                ' ' if quote.is_none() => words.push(std::mem::take(&mut word)),
                _ => word.push(character),
            }
        }
        words.push(word);
        words
    }

    proptest! {
        #[test]
        fn a_suggested_command_line_asks_what_it_suggests(question in r#"[a-z'$ :-]{0,9}( -?(by:)?"[a-z':? $]{1,8}"){0,2}( page:2)?"#) {
            let ask = clean(&format!("source {question}"));
            let line = in_shell(&ask);
            let words = shell_words(line.strip_prefix("onrecord ").unwrap());
            prop_assert_eq!(line_of_words(&words), ask.as_str());
            let spec = crate::commands::find("source").unwrap();
            let checked = |given| crate::commands::Arguments::check(spec, &given).map(|arguments| arguments.to_call(spec).as_str().to_owned());
            let by_words = checked(crate::commands::read_words(spec, words.get(1..).unwrap_or_default()));
            let by_text = checked(crate::commands::read_text(spec, crate::commands::split_command(&ask).1));
            let spaced = |ask: String| ask.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(by_words.map(spaced), by_text.map(spaced));
        }
    }
}
