//! Cutting the text of a pack into its records, so that each is read by itself: what is wrong with one keeps none of the
//! others from being looked at, and memory is taken for one at a time.

/// The headings that begin a record.
pub(super) const HEADINGS: [&str; 4] = ["entity", "source", "statement", "response"];

/// A record's part of a pack, or what stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Where it begins in the text, in bytes.
    pub(super) offset: usize,
    /// Its text: the heading, and all up to the next.
    pub(super) text: &'a str,
}

/// The pieces of a pack in their order; together they are its text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut lines = text.split_inclusive('\n');
    let (mut begun, mut at) = (0, 0);
    let mut quotation = Quotation::None;
    let mut ended = false;
    std::iter::from_fn(move || {
        for line in lines.by_ref() {
            let (start, is_heading) = (at, quotation == Quotation::None && is_heading(line));
            at += line.len();
            quotation = quotation.after(line);
            if is_heading && start > begun {
                let piece = Piece { offset: begun, text: text.get(begun..start).unwrap_or_default() };
                begun = start;
                return Some(piece);
            }
        }
        if ended {
            return None;
        }
        ended = true;
        Some(Piece { offset: begun, text: text.get(begun..).unwrap_or_default() })
    })
}

fn is_heading(line: &str) -> bool {
    let line = line.trim_start();
    let within = |open: &str, close: &str| line.strip_prefix(open)?.split_once(close).map(|(name, _)| name.trim());
    // With one bracket it is a mistake, of which the record before knows nothing.
    within("[[", "]]").or_else(|| within("[", "]")).is_some_and(|name| HEADINGS.contains(&name))
}

/// The text of several lines that a line may stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotation {
    None,
    /// Between `"""` and `"""`, where a backslash takes the next sign's meaning.
    Basic,
    /// Between `'''` and `'''`.
    Literal,
}

impl Quotation {
    /// The one that the next line stands in.
    fn after(self, line: &str) -> Self {
        let mut within = self;
        let mut left = line.as_bytes();
        while !left.is_empty() {
            let skipped = match within {
                Self::Basic | Self::Literal => {
                    let (mark, escapes): (&[u8], _) =
                        if within == Self::Basic { (b"\"\"\"", true) } else { (b"'''", false) };
                    if left.starts_with(mark) {
                        within = Self::None;
                        3
                    } else if escapes && left.first() == Some(&b'\\') {
                        2
                    } else {
                        1
                    }
                }
                Self::None if left.starts_with(b"\"\"\"") => {
                    within = Self::Basic;
                    3
                }
                Self::None if left.starts_with(b"'''") => {
                    within = Self::Literal;
                    3
                }
                Self::None => match left.first() {
                    Some(b'#') => return Self::None,
                    Some(b'"') => in_one_line(left, b'"', true),
                    Some(b'\'') => in_one_line(left, b'\'', false),
                    _ => 1,
                },
            };
            left = left.get(skipped..).unwrap_or_default();
        }
        within
    }
}

/// How long the text in quotation marks is that begins here, which ends with the line at the latest.
fn in_one_line(text: &[u8], mark: u8, escapes: bool) -> usize {
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        if byte == mark {
            return at + 1;
        }
        at += if escapes && byte == b'\\' { 2 } else { 1 };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_begins_at_each_heading_and_at_nothing_that_only_looks_like_one() {
        let text = "# A pack\n[[entity]]\nkey = \"a\" # \"\"\"\n  [[ source ]] # two\ntext = \"\"\"\n[[entity]]\n\\\"\"\"\n\
                    [[entity]]\"\"\"\nnote = '''\n[[entity]]'''\nq = '\"\"\"'\n[[entity.aliases]]\n[entity.retracted]\n[response]\n";
        let found: Vec<&str> = pieces(text).map(|piece| piece.text.lines().next().unwrap()).collect();
        assert_eq!(found, ["# A pack", "[[entity]]", "  [[ source ]] # two", "[response]"]);
        for text in [text, "", "[[entity]]", "key = 1", "\n\n[[entity]]\n[[entity]]"] {
            let mut at = 0;
            for piece in pieces(text) {
                assert_eq!(piece.offset, at);
                at += piece.text.len();
            }
            assert_eq!(at, text.len(), "{text:?}");
        }
    }
}
