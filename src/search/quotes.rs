//! Text in quotation marks, as people of many languages type them.

/// The pairs of quotation marks that people type.
const QUOTES: &[(char, &[char])] =
    &[('"', &['"']), ('“', &['”', '“', '"']), ('„', &['“', '”', '"']), ('«', &['»']), ('「', &['」'])];

/// Reads the quotations of one text from its start to its end. That a mark is never closed is found out
/// once, so that a text of nothing but opening marks takes no longer than another of its length.
#[derive(Debug, Default)]
pub(crate) struct Quotes {
    /// For each kind of mark, whether none of what closes it is left.
    unclosed: [bool; QUOTES.len()],
}

impl Quotes {
    /// Whether a quotation was opened that isn't closed.
    pub(crate) fn is_any_open(&self) -> bool {
        self.unclosed.contains(&true)
    }

    /// Reads a text in quotation marks at the start of `text`, which must be a part of the whole that
    /// reaches to its end and begins no earlier than the one before: what stands between them, and how
    /// long it is with them. An opening mark that is never closed is a character like any other.
    pub(crate) fn read<'a>(&mut self, text: &'a str) -> Option<(&'a str, usize)> {
        let open = text.chars().next()?;
        let kind = QUOTES.iter().position(|(mark, _)| *mark == open)?;
        let (_, closing) = QUOTES.get(kind)?;
        let unclosed = self.unclosed.get_mut(kind)?;
        if *unclosed {
            return None;
        }
        let inner = text.get(open.len_utf8()..)?;
        let Some(end) = inner.find(|character| {
            look();
            closing.contains(&character)
        }) else {
            *unclosed = true;
            return None;
        };
        let close = inner.get(end..)?.chars().next()?;
        Some((inner.get(..end)?, open.len_utf8() + end + close.len_utf8()))
    }
}

/// Reads a text in quotation marks at the start of `text`, as [`Quotes::read`].
#[must_use]
pub(crate) fn quoted(text: &str) -> Option<(&str, usize)> {
    Quotes::default().read(text)
}

/// Puts a text in quotation marks that [`quoted`] reads it from again. A text that closes every kind of mark has its
/// straight marks made into apostrophes.
#[must_use]
pub(crate) fn in_quotes(text: &str) -> String {
    let fits = |(_, closing): &&(char, &[char])| !text.contains(*closing);
    match QUOTES.iter().find(fits) {
        Some((open, closing)) => format!("{open}{text}{}", closing.first().unwrap_or(open)),
        None => format!("\"{}\"", text.replace('"', "'")),
    }
}

/// Whether a text begins with a mark that opens a quotation.
#[must_use]
pub(crate) fn opens_a_quotation(text: &str) -> bool {
    QUOTES.iter().any(|(open, _)| text.starts_with(*open))
}

/// Counts a character that was looked at, for the tests.
#[cfg(not(test))]
const fn look() {}

#[cfg(test)]
fn look() {
    tests::LOOKED.with(|looked| looked.set(looked.get() + 1));
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        pub(super) static LOOKED: Cell<usize> = const { Cell::new(0) };
    }

    /// How many characters are looked at for a closing mark while something is read.
    pub(crate) fn looked_at(read: impl FnOnce()) -> usize {
        LOOKED.with(|looked| looked.set(0));
        read();
        LOOKED.with(Cell::get)
    }

    #[test]
    fn a_quotation_ends_at_a_mark_that_closes_its_own() {
        assert_eq!(quoted("“a b” c"), Some(("a b", "“a b”".len())));
        assert_eq!(quoted("„a“ b"), Some(("a", "„a“".len())));
        assert_eq!(quoted("\"a"), None);
        assert_eq!(quoted("a"), None);
        let mut quotes = Quotes::default();
        assert_eq!(quotes.read("«a"), None);
        assert_eq!(quotes.read("\"b\""), Some(("b", 3)), "one kind of mark says nothing about another");
    }
}
