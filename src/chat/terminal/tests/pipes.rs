//! Questions from a pipe, and answers to one.

use std::io::{self, Write};

use insta::assert_snapshot;

use super::plain;
use crate::{
    chat::terminal::{OutputForm, Piped, Settings, Surface, TypedForm, once},
    reply::{Outcome, Reply, Text},
};

/// Answers with what was asked, found nothing for what begins with "no".
fn echo(request: &str, _: TypedForm) -> Reply {
    let outcome = if request.starts_with("no") { Outcome::NothingFound } else { Outcome::Answered };
    let shown: String = request.chars().take(60).collect();
    Reply::new(outcome).paragraph(Text::from("Asked: ").strong(shown))
}

fn run(form: OutputForm, mut input: &[u8]) -> (u8, String) {
    let settings = Settings { place: Surface::Pipe, prefix: String::new(), ..plain(80) };
    let piped = Piped { answer: &echo, form, settings: &settings };
    let mut output = Vec::new();
    let code = piped.run(&mut input, &mut output).unwrap();
    (code, String::from_utf8(output).unwrap())
}

#[test]
fn each_line_is_answered_and_what_is_no_question_is_passed_over() {
    let (code, output) =
        run(OutputForm::Text, "# a list\n\n!source sydney\r\n  source 悉尼\n   \nquit\nsource paris\n".as_bytes());
    assert_eq!(code, 0);
    assert_snapshot!(output, @r#"
    Asked: source sydney

    Asked: source 悉尼
    "#);
}

#[test]
fn a_line_that_cannot_be_read_gets_a_message_and_the_next_is_answered() {
    let mut input = b"source caf\xe9\n".to_vec();
    input.extend("x".repeat(100_000).bytes());
    input.extend(b"\nsource \x1b[31m\x00sydney\x07\n");
    let (code, output) = run(OutputForm::Text, &input);
    assert_eq!(code, 2);
    assert_snapshot!(output, @r#"
    ! Line 1 is not UTF-8 text and was not read. Save the file as UTF-8 and ask
      again.

    ! Line 2 is longer than 65536 bytes and was not read. A question is a line or
      two: shorten it.

    Asked: source [31msydney
    "#);
}

#[test]
fn json_is_one_line_for_each_line() {
    let (code, output) = run(OutputForm::Json, b"source sydney\n\nno such\n\xff\n");
    assert_eq!(code, 2);
    assert_snapshot!(output, @r#"
    {"outcome":"answered","records":[],"text":["Asked: source sydney"]}
    {"outcome":"nothing_found","records":[],"text":["Asked: no such"]}
    {"outcome":"misused","records":[],"text":["Line 4 is not UTF-8 text and was not read. Save the file as UTF-8 and ask again."]}
    "#);
}

#[test]
fn the_exit_code_is_the_worst_that_matters() {
    assert_eq!(run(OutputForm::Text, b"").0, 0);
    assert_eq!(run(OutputForm::Text, b"no one\nno two\n").0, 1);
    assert_eq!(run(OutputForm::Text, b"no one\nsource sydney").0, 0);
}

#[test]
fn one_answer_gives_its_outcome_as_exit_code() {
    for (outcome, code) in
        [(Outcome::Answered, 0), (Outcome::NothingFound, 1), (Outcome::Misused, 2), (Outcome::Failed, 3)]
    {
        let mut output = Vec::new();
        let reply = Reply::new(outcome).paragraph("Done.");
        assert_eq!(once(&reply, OutputForm::Text, &plain(80), &mut output).unwrap(), code);
        assert_eq!(output, b"Done.\n");
    }
    let mut output = Vec::new();
    once(&Reply::new(Outcome::Answered).paragraph("Done."), OutputForm::Json, &plain(80), &mut output).unwrap();
    assert_snapshot!(String::from_utf8(output).unwrap(), @r#"
    {
      "outcome": "answered",
      "records": [],
      "text": [
        "Done."
      ]
    }
    "#);
}

/// A reader that leaves after so many bytes.
struct Leaving(usize, io::ErrorKind);

impl Write for Leaving {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(self.1.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_leaves_ends_it_quietly_and_a_full_disk_does_not() {
    let settings = plain(80);
    let piped = Piped { answer: &echo, form: OutputForm::Text, settings: &settings };
    let mut input = &b"source sydney\nsource paris\n"[..];
    assert_eq!(piped.run(&mut input, &mut Leaving(20, io::ErrorKind::BrokenPipe)).unwrap(), 0);
    let mut input = &b"source sydney\n"[..];
    let error = piped.run(&mut input, &mut Leaving(3, io::ErrorKind::StorageFull)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    let reply = echo("no such", TypedForm::Bare);
    assert_eq!(once(&reply, OutputForm::Json, &settings, &mut Leaving(3, io::ErrorKind::BrokenPipe)).unwrap(), 1);
    assert!(once(&reply, OutputForm::Text, &settings, &mut Leaving(3, io::ErrorKind::StorageFull)).is_err());
}
