//! Lines from a pipe, of which none can fill the memory. Knows nothing of what is asked in them.

use std::io::{self, BufRead, ErrorKind};

/// The longest line that is read, in bytes. The limit is ours: what is longer is no question.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// Text, without its line break.
    Text(String),
    /// Bytes that aren't UTF-8.
    NotUtf8,
    /// More than [`MAX_LINE_BYTES`], which are passed over.
    TooLong,
}

/// Reads the next line; `None` at the end. A byte order mark at its start is dropped.
pub(super) fn next_line(input: &mut dyn BufRead) -> io::Result<Option<Read>> {
    let mut line = Vec::new();
    let mut any = false;
    let mut too_long = false;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            break;
        }
        any = true;
        let line_break = available.iter().position(|&byte| byte == b'\n');
        let part = available.get(..line_break.unwrap_or(available.len())).unwrap_or_default();
        if too_long || line.len() + part.len() > MAX_LINE_BYTES {
            too_long = true;
            line.clear();
        } else {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(line_break.is_some());
        input.consume(used);
        if line_break.is_some() {
            break;
        }
    }
    if !any {
        return Ok(None);
    }
    if too_long {
        return Ok(Some(Read::TooLong));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(match String::from_utf8(line) {
        Ok(text) => Read::Text(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(_) => Read::NotUtf8,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: impl BufRead) -> Vec<Read> {
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input).unwrap() {
            lines.push(line);
        }
        lines
    }

    #[test]
    fn lines_end_in_either_line_break_or_with_the_input() {
        let text = |text: &str| Read::Text(text.to_owned());
        assert_eq!(all(&b"\xef\xbb\xbfone\r\n\ntwo"[..]), [text("one"), text(""), text("two")]);
        assert_eq!(all(&b""[..]), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_read() {
        let at_limit = "x".repeat(MAX_LINE_BYTES);
        let input = format!("{at_limit}y\n{at_limit}\nshort\n");
        let buffered = io::BufReader::with_capacity(100, input.as_bytes());
        assert_eq!(all(buffered), [Read::TooLong, Read::Text(at_limit), Read::Text("short".to_owned())]);
    }

    #[test]
    fn bytes_that_are_no_text_are_told_apart() {
        assert_eq!(all(&b"\xff\xfes\0\nok\n"[..]), [Read::NotUtf8, Read::Text("ok".to_owned())]);
    }
}
