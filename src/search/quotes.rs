//! Text in quotation marks, as people of many languages type them.

/// The pairs of quotation marks that people type.
const QUOTES: &[(char, &[char])] =
    &[('"', &['"']), ('“', &['”', '“', '"']), ('„', &['“', '”', '"']), ('«', &['»']), ('「', &['」'])];

/// Reads a text in quotation marks at the start of `text`: what stands between them, and how long
/// it is with them. An opening mark that is never closed is a character like any other.
#[must_use]
pub(crate) fn quoted(text: &str) -> Option<(&str, usize)> {
    let open = text.chars().next()?;
    let (_, closing) = QUOTES.iter().find(|(mark, _)| *mark == open)?;
    let inner = text.get(open.len_utf8()..)?;
    let end = inner.find(|character| closing.contains(&character))?;
    let close = inner.get(end..)?.chars().next()?;
    Some((inner.get(..end)?, open.len_utf8() + end + close.len_utf8()))
}
