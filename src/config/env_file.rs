//! The file `.env`: made safe for the parser, so that a value is what stands in the file.
//!
//! dotenvy reads a shell's syntax: it refuses an unquoted value with a space, and expands `$` without a word, so
//! that a password becomes another one. Here each line is written for it anew first: a value without quotation
//! marks is taken as it stands up to its end or to a comment, and `$` stands for itself everywhere. What can't be
//! told apart is refused with the line's number. No value is ever part of a message: it may be a secret.

use std::collections::BTreeMap;

use super::{SETTINGS, nearest::nearest};
use crate::model::is_invisible;

/// The variables of a file, and what is odd about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EnvFile {
    pub(super) values: BTreeMap<String, String>,
    /// Names that are set more than once, with the lines; the last one counts.
    pub(super) repeated: BTreeMap<String, Vec<usize>>,
}

/// Why a file can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub(super) struct EnvFault {
    /// The line, counted from 1.
    line: usize,
    fault: Fault,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    /// No name, or no `=` after it.
    #[error("it is not of the form NAME=value{}", .0.map(|name| format!("; write it as {name}=value")).unwrap_or_default())]
    Form(Option<&'static str>),
    /// A quotation mark at the start of a value isn't closed.
    #[error("the quotation mark at the start of {name}'s value is never closed; write {name}={} and close it, or, if it belongs to the value, {}", .mark, in_other_marks(name, *.mark))]
    Unclosed { name: String, mark: char },
    /// Something stands after the closing quotation mark.
    #[error("something follows the closing quotation mark of {name}'s value; put all of the value between the marks: {}", in_other_marks(name, *.mark))]
    Trailing { name: String, mark: char },
    /// A backslash before something that it means nothing before.
    #[error(
        "a backslash in double quotation marks means something only before \" \\ $ and n; write {name}='the value' to have all of it as it stands"
    )]
    Escape { name: String },
    /// The marks of printed text instead of a keyboard's.
    #[error(
        "the quotation marks around {name}'s value are those of printed text; write {name}='the value', or {name}=\"the value\""
    )]
    Printed { name: String },
    /// A `#` after a space in a secret: a comment, or part of it.
    #[error(
        "{name}'s value has a # after a space, which begins a comment; write {name}='the value' if it belongs to the value, and a comment on a line of its own"
    )]
    Comment { name: String },
    /// A character that can't be seen.
    #[error("{name}'s value has a character that can't be seen (U+{code:04X}); type it anew", code = u32::from(*.character))]
    Invisible { name: String, character: char },
    /// The parser refuses the line all the same.
    #[error("it can't be read; write it as {name}='the value'")]
    Refused { name: String },
}

/// The value in the marks that it doesn't begin with.
fn in_other_marks(name: &str, mark: char) -> String {
    match mark {
        '\'' => format!("{name}=\"the value\""),
        _ => format!("{name}='the value'"),
    }
}

/// Reads the text of a file.
pub(super) fn read(text: &str) -> Result<EnvFile, EnvFault> {
    let mut file = EnvFile::default();
    let mut lines_of: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut left = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut number = 1;
    while !left.is_empty() {
        let (line, end) = first_line(left);
        let at = |fault| EnvFault { line: number, fault };
        let mut used = end;
        if let Some((name, value)) = assignment(line).map_err(at)? {
            // A value in quotation marks may go on over several lines.
            let from = line.len() - value.len();
            let rest = left.get(from..).unwrap_or_default();
            let (safe, length) = safe_value(name, value, rest).map_err(at)?;
            let after = left.get(from + length..).unwrap_or_default();
            used = from + length + first_line(after).1;
            let value = parsed(name, &safe).map_err(at)?;
            lines_of.entry(name.to_owned()).or_default().push(number);
            file.values.insert(name.to_owned(), value);
        }
        let (done, rest) = left.split_at_checked(used).unwrap_or((left, ""));
        number += done.matches('\n').count();
        left = rest;
    }
    file.repeated = lines_of.into_iter().filter(|(_, lines)| lines.len() > 1).collect();
    Ok(file)
}

/// The first line without its end, and how far it goes with it.
fn first_line(text: &str) -> (&str, usize) {
    let end = text.find('\n').map_or(text.len(), |at| at + 1);
    let line = text.get(..end).unwrap_or(text);
    (line.trim_end_matches(['\n', '\r']), end)
}

/// The name that a line sets, and all that stands behind the `=`; nothing for an empty line and a comment.
fn assignment(line: &str) -> Result<Option<(&str, &str)>, Fault> {
    let bare = line.trim_start();
    if bare.is_empty() || bare.starts_with('#') {
        return Ok(None);
    }
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.'))
    };
    let exported =
        bare.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(bare).trim_start();
    // What stands before the first sign that no name has may be a secret: only a name of ours is ever repeated.
    let meant = || {
        let first = exported.split(|character: char| character.is_whitespace() || "=:".contains(character)).next()?;
        nearest(&first.replace('-', "_"))
    };
    let Some((name, value)) = exported.split_once('=') else { return Err(Fault::Form(meant())) };
    let name = name.trim();
    if is_name(name) { Ok(Some((name, value))) } else { Err(Fault::Form(meant())) }
}

/// A value as the parser takes it for what stands there, and how much of `rest` it takes. `value` is the rest of
/// its line, `rest` that of the file, both from the same place on.
fn safe_value(name: &str, value: &str, rest: &str) -> Result<(String, usize), Fault> {
    let name = || name.to_owned();
    let gap = value.len() - value.trim_start().len();
    let Some(mark) = value.trim_start().chars().next().filter(|mark| matches!(mark, '"' | '\'')) else {
        return Ok((bare_value(&name(), value)?, value.len()));
    };
    let quoted = rest.get(gap + 1..).unwrap_or_default();
    let mut safe = String::from(mark);
    let mut signs = quoted.char_indices();
    let end = loop {
        match signs.next() {
            None => return Err(Fault::Unclosed { name: name(), mark }),
            Some((at, sign)) if sign == mark => break at + 1,
            Some((_, '\\')) if mark == '"' => match signs.next() {
                Some((_, escaped @ ('"' | '\\' | '$' | 'n'))) => safe.extend(['\\', escaped]),
                Some(_) => return Err(Fault::Escape { name: name() }),
                None => return Err(Fault::Unclosed { name: name(), mark }),
            },
            Some((_, '$')) if mark == '"' => safe.push_str("\\$"),
            Some((_, sign)) => safe.push(sign),
        }
    };
    safe.push(mark);
    let (after, _) = first_line(quoted.get(end..).unwrap_or_default());
    let is_comment = after.starts_with(char::is_whitespace) && after.trim_start().starts_with('#');
    if !after.trim().is_empty() && !is_comment {
        return Err(Fault::Trailing { name: name(), mark });
    }
    // In single marks a backslash means nothing, but the parser looks for the end of the value as if it did.
    let safe = if mark == '\'' { in_double_marks(quoted.get(..end - 1).unwrap_or_default()) } else { safe };
    Ok((safe, gap + 1 + end))
}

/// A value without quotation marks: all of it up to a comment, each sign standing for itself.
fn bare_value(name: &str, value: &str) -> Result<String, Fault> {
    let comment = value
        .match_indices('#')
        .find(|(at, _)| value.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace)));
    let secret = SETTINGS.iter().any(|setting| setting.secret && setting.name == name);
    let value = match comment {
        Some(_) if secret => return Err(Fault::Comment { name: name.to_owned() }),
        Some((at, _)) => value.get(..at).unwrap_or(value),
        None => value,
    };
    let value = value.trim();
    let printed = [('“', '”'), ('„', '“'), ('‘', '’'), ('«', '»'), ('”', '”'), ('’', '’')];
    if printed.iter().any(|&(open, close)| value.len() > 3 && value.starts_with(open) && value.ends_with(close)) {
        return Err(Fault::Printed { name: name.to_owned() });
    }
    if let Some(character) = value.chars().find(|&character| is_invisible(character) && character != '\t') {
        return Err(Fault::Invisible { name: name.to_owned(), character });
    }
    Ok(in_double_marks(value))
}

/// The text in double quotation marks, each sign standing for itself.
fn in_double_marks(text: &str) -> String {
    let mut marked = String::from('"');
    for sign in text.chars() {
        if matches!(sign, '"' | '\\' | '$') {
            marked.push('\\');
        }
        marked.push(sign);
    }
    marked.push('"');
    marked
}

/// What the parser reads from a line that was made safe.
fn parsed(name: &str, safe: &str) -> Result<String, Fault> {
    let line = format!("{name}={safe}\n");
    let mut read = dotenvy::from_read_iter(line.as_bytes());
    match (read.next(), read.next()) {
        (Some(Ok((found, value))), None) if found == name => Ok(value),
        _ => Err(Fault::Refused { name: name.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> Result<String, String> {
        read(text).map(|file| file.values["MATRIX_PASSWORD"].clone()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_value_is_what_stands_in_the_file() {
        for (line, wanted) in [
            ("MATRIX_PASSWORD=the password", "the password"),
            ("MATRIX_PASSWORD= a$b${HOME}c ", "a$b${HOME}c"),
            ("MATRIX_PASSWORD=a#b\\c'd\"e`f", "a#b\\c'd\"e`f"),
            ("MATRIX_PASSWORD=#a", "#a"),
            ("MATRIX_PASSWORD='a $b # \\'", "a $b # \\"),
            ("MATRIX_PASSWORD=\"a $b # \\\" \\\\ \\$\"", "a $b # \" \\ $"),
            ("MATRIX_PASSWORD='a' # a comment", "a"),
            ("export MATRIX_PASSWORD=a b", "a b"),
            ("  MATRIX_PASSWORD = a b\r", "a b"),
            ("\u{feff}MATRIX_PASSWORD=a\r\n", "a"),
            ("\u{feff}# a comment\r\nMATRIX_PASSWORD=a\r\nOTHER=b\r\n", "a"),
            ("MATRIX_PASSWORD=", ""),
            ("MATRIX_PASSWORD=\"\"", ""),
            ("OTHER='-----\nKEY=\n'\nMATRIX_PASSWORD=a", "a"),
            ("MATRIX_PASSWORD=a=b", "a=b"),
            ("MATRIX_PASSWORD=悉尼 🔎", "悉尼 🔎"),
        ] {
            assert_eq!(value(line).as_deref(), Ok(wanted), "{line:?}");
        }
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused_with_its_line_and_without_its_value() {
        let lines = [
            "SECRET",
            "MATRIX_PASSWORD: SECRET",
            "matrix-password=SECRET",
            "MATRIX_PASWORD SECRET=x",
            "MATRIX_PASSWORD='SECRET",
            "MATRIX_PASSWORD=\"SECRET",
            "MATRIX_PASSWORD='SEC'RET",
            "MATRIX_PASSWORD=\"SECRET\"#x",
            "MATRIX_PASSWORD=\"SECRET\\t\"",
            "MATRIX_PASSWORD=“SECRET”",
            "MATRIX_PASSWORD=SECRET # more",
            "MATRIX_PASSWORD=SEC\u{200b}RET",
            "1PASSWORD=SECRET",
        ];
        let said: Vec<String> =
            lines.iter().map(|line| read(&format!("# first\n{line}\n")).unwrap_err().to_string()).collect();
        assert!(said.iter().all(|said| !said.contains("SEC") && said.starts_with("line 2: ")), "{said:#?}");
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn a_name_that_is_set_twice_counts_as_it_is_set_last_and_is_pointed_out() {
        let file = read("A=1\nB=2\n\nA=3\n").unwrap();
        assert_eq!((file.values["A"].as_str(), &file.repeated["A"]), ("3", &vec![1, 4]));
        assert_eq!(file.repeated.len(), 1);
    }

    #[test]
    fn a_comment_ends_what_is_no_secret() {
        let file = read("ONRECORD_SOLO=on # for now\nONRECORD_LOG=#x #y\nA= # nothing\n").unwrap();
        let of = |name: &str| file.values[name].as_str();
        assert_eq!((of("ONRECORD_SOLO"), of("ONRECORD_LOG"), of("A")), ("on", "#x", ""));
    }

    proptest! {
        #[test]
        fn no_value_is_changed_in_silence(text in "[a-z$#{}'\"\\\\` =é]{1,20}") {
            let text = text.trim();
            if let Ok(file) = read(&format!("MATRIX_PASSWORD={text}\n")) {
                let found = &file.values["MATRIX_PASSWORD"];
                let marked = text.starts_with(['"', '\'']);
                prop_assert!(marked || found == text, "{:?} was read as {:?}", text, found);
            }
        }

        #[test]
        fn single_marks_keep_every_sign(text in "[a-z$#{}\"\\\\` =é\n]{0,20}") {
            let file = read(&format!("MATRIX_PASSWORD='{text}'\nOTHER=x\n")).unwrap();
            prop_assert_eq!(&file.values["MATRIX_PASSWORD"], &text);
            prop_assert_eq!(file.values["OTHER"].as_str(), "x");
        }
    }
}
