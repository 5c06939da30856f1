//! Questions from a pipe or a file: one line each, answered in turn, without a prompt.

use std::io::{self, BufRead, ErrorKind, Write};

use super::{
    answer::{JsonLayout, OutputForm, exit_code, write},
    input::{MAX_LINE_BYTES, Read, next_line},
    line::{self, ConsoleInput, TypedForm},
    settings::Settings,
    wording,
};
use crate::reply::{Outcome, Reply};

/// Answers lines one by one. Empty lines and those that begin with `#` are passed over.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Piped<'a> {
    /// Answers a request, given without the prefix, and how it was typed.
    pub answer: &'a dyn Fn(&str, TypedForm) -> Reply,
    /// In what form answers are written. An empty line parts texts, and JSON has a line for each.
    pub form: OutputForm,
    /// How answers are drawn.
    pub settings: &'a Settings,
}

impl Piped<'_> {
    /// Answers all lines of the input and gives the exit code: 3 when an answer failed, else 2 when a
    /// line was put wrongly, else 1 when nothing was found for any, else 0. A reader of the output
    /// that has left ends it quietly.
    ///
    /// # Errors
    /// When the input can't be read or the output can't be written.
    pub fn run(&self, input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<u8> {
        let mut tally = Tally::default();
        match self.answer_lines(input, output, &mut tally) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            Ok(()) | Err(_) => Ok(tally.exit_code()),
        }
    }

    fn answer_lines(&self, input: &mut dyn BufRead, output: &mut dyn Write, tally: &mut Tally) -> io::Result<()> {
        let mut number = 0;
        // Lines that go on with the next.
        let mut begun = String::new();
        while let Some(read) = next_line(input)? {
            number += 1;
            let reply = match read {
                Read::Text(text) if begun.is_empty() && text.trim_start().starts_with('#') => continue,
                Read::Text(text) if text.ends_with(line::GOES_ON) && begun.len() < MAX_LINE_BYTES => {
                    begun.push_str(text.trim_end_matches(line::GOES_ON));
                    begun.push('\n');
                    continue;
                }
                Read::Text(text) => {
                    let text = std::mem::take(&mut begun) + text.as_str();
                    match line::read(&text, &self.settings.prefix) {
                        ConsoleInput::Nothing => continue,
                        ConsoleInput::Leave => break,
                        ConsoleInput::Request(request) => {
                            (self.answer)(request, TypedForm::of(&text, &self.settings.prefix))
                        }
                    }
                }
                Read::NotUtf8 => Reply::new(Outcome::Misused).warning(wording::not_utf8(number)),
                Read::TooLong => Reply::new(Outcome::Misused).warning(wording::too_long(number, MAX_LINE_BYTES)),
            };
            if self.form == OutputForm::Text && tally.any() {
                output.write_all(b"\n")?;
            }
            tally.count(reply.outcome);
            write(&reply, self.form, JsonLayout::OneLine, self.settings, output)?;
            // Whoever feeds the pipe may wait for the answer before asking on.
            output.flush()?;
        }
        Ok(())
    }
}

/// What became of the lines so far.
#[derive(Debug, Default)]
struct Tally {
    /// The outcome of each kind that came up, as its exit code.
    seen: [bool; 4],
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        if let Some(seen) = self.seen.get_mut(usize::from(exit_code(outcome))) {
            *seen = true;
        }
    }

    fn any(&self) -> bool {
        self.seen.contains(&true)
    }

    const fn exit_code(&self) -> u8 {
        match self.seen {
            [_, _, _, true] => exit_code(Outcome::Failed),
            [_, _, true, false] => exit_code(Outcome::Misused),
            [false, true, false, false] => exit_code(Outcome::NothingFound),
            [_, _, false, false] => exit_code(Outcome::Answered),
        }
    }
}
