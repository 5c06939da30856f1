//! The lines of a file that may be far larger than memory: each is given with its number, and none is held beyond its
//! bound. Knows nothing of what is in them.

use std::io::{self, BufRead, Read};

/// The lines of an input, one at a time.
#[derive(Debug)]
pub struct BoundedLines<R> {
    input: R,
    longest: u64,
    number: usize,
    line: Vec<u8>,
}

/// A line that was read.
#[derive(Debug, PartialEq, Eq)]
pub enum LineRead<'a> {
    /// The line, without what ends it.
    Whole(&'a [u8]),
    /// It is longer than what is held, and was passed over.
    TooLong,
}

impl<R: BufRead> BoundedLines<R> {
    /// The lines of `input`, of at most `longest` bytes each.
    pub const fn new(input: R, longest: u64) -> Self {
        Self { input, longest, number: 0, line: Vec::new() }
    }

    /// The next line with its number, from 1 on; `None` at the end.
    ///
    /// # Errors
    /// When the input can't be read.
    pub fn next_line(&mut self) -> io::Result<Option<(usize, LineRead<'_>)>> {
        self.line.clear();
        // One more byte than the longest line has is its end.
        (&mut self.input).take(self.longest + 1).read_until(b'\n', &mut self.line)?;
        if self.line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if u64::try_from(self.line.len()).is_ok_and(|length| length > self.longest) {
            self.line = Vec::new();
            self.skip_line()?;
            return Ok(Some((self.number, LineRead::TooLong)));
        }
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(Some((self.number, LineRead::Whole(&self.line))))
    }

    /// What follows the lines that were read.
    pub fn into_rest(self) -> R {
        self.input
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let held = self.input.fill_buf()?;
            if held.is_empty() {
                return Ok(());
            }
            let (length, ends) = match held.iter().position(|&byte| byte == b'\n') {
                Some(place) => (place + 1, true),
                None => (held.len(), false),
            };
            self.input.consume(length);
            if ends {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn each_line_has_its_number_and_none_is_held_beyond_its_bound() {
        for (text, wanted) in [
            ("", vec![]),
            ("a", vec![(1, Some("a"))]),
            ("a\n\nb\r\n", vec![(1, Some("a")), (2, Some("")), (3, Some("b"))]),
            ("1234\n12345\n123456\n1", vec![(1, Some("1234")), (2, None), (3, None), (4, Some("1"))]),
            ("12345", vec![(1, None)]),
            ("1234", vec![(1, Some("1234"))]),
        ] {
            // A small buffer, so that lines go on in the next.
            let mut lines = BoundedLines::new(BufReader::with_capacity(2, text.as_bytes()), 4);
            let mut found = Vec::new();
            while let Some((number, line)) = lines.next_line().unwrap() {
                found.push(match line {
                    LineRead::Whole(line) => (number, Some(String::from_utf8(line.to_vec()).unwrap())),
                    LineRead::TooLong => (number, None),
                });
            }
            let wanted: Vec<_> = wanted.into_iter().map(|(number, line)| (number, line.map(str::to_owned))).collect();
            assert_eq!(found, wanted, "{text:?}");
        }
    }
}
