//! What people paste into a form, without what a chat or a web page put around it: markup, bullets, signs that
//! can't be seen. What is given itself stays as it is.

use super::forms::{Field, FieldKind};
use crate::model::without_invisible;

/// A value of a field as it is kept. Reading what was kept gives the same again.
pub(super) fn value(field: &Field, text: &str) -> String {
    let text = without_invisible(text);
    if field.several {
        let lines = text.lines().map(|line| item(field, line)).filter(|line| !line.is_empty());
        return lines.collect::<Vec<_>>().join("\n");
    }
    item(field, &text)
}

/// One value of a field.
pub(super) fn item(field: &Field, text: &str) -> String {
    let mut item = text.trim().to_owned();
    loop {
        // Each step leaves something out or is the last one.
        let bare = barer(field, &item);
        if bare.len() >= item.len() {
            return item;
        }
        item = bare;
    }
}

/// A value without the outermost of what stands around it.
fn barer(field: &Field, text: &str) -> String {
    let bare = unwrapped(if field.several { without_bullet(text) } else { text });
    match field.kind {
        FieldKind::Address | FieldKind::Source | FieldKind::Citation | FieldKind::Catalogue => {
            let (address, rest) = address(bare);
            format!("{address} {rest}").trim().to_owned()
        }
        // The words of a quote are given without the marks around them.
        FieldKind::Quote => {
            let whole =
                crate::search::quoted(bare).filter(|(inner, end)| *end == bare.len() && !inner.trim().is_empty());
            whole.map_or(bare, |(inner, _)| inner.trim()).to_owned()
        }
        _ => bare.to_owned(),
    }
}

/// The parts of a list on one line. Semicolons part them; in an address one is only a sign.
pub(super) fn parts(kind: FieldKind, line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut left = line;
    let mut from = 0;
    while let Some(at) = left.get(from..).and_then(|rest| rest.find(';')).map(|at| from + at) {
        let (part, rest) = (left.get(..at).unwrap_or_default(), left.get(at + 1..).unwrap_or_default());
        let begins_another = ["http://", "https://", "<", "["].iter().any(|begin| rest.starts_with(begin));
        if kind != FieldKind::Citation || rest.is_empty() || rest.starts_with(char::is_whitespace) || begins_another {
            parts.push(part);
            left = rest;
            from = 0;
        } else {
            from = at + 1;
        }
    }
    parts.push(left);
    parts
}

/// The address that a text begins with, and what follows it: out of `<…>` and `[words](…)`, as chats write links, and
/// without the comma behind it.
pub(crate) fn address(text: &str) -> (&str, &str) {
    let text = text.trim();
    let linked = text.strip_prefix('[').and_then(|text| {
        let (_, link) = text.split_once("](")?;
        let (address, rest) = link.split_at_checked(end_of_link(link)?)?;
        Some((address, rest.strip_prefix(')')?))
    });
    let (found, rest) = match linked.or_else(|| text.strip_prefix('<').and_then(|text| text.split_once('>'))) {
        Some((address, rest)) => (address.trim(), rest),
        None => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    };
    // A title may stand behind the address of a link: [words](address "title").
    let found = found.split_whitespace().next().unwrap_or_default();
    let bare = found.trim_matches(['<', '>', '`', '|']).trim_end_matches(',');
    (bare, rest.trim_start_matches(',').trim())
}

/// Where the address of a link ends: at the bracket that closes it, not at one that was opened within.
fn end_of_link(link: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, sign) in link.char_indices() {
        match sign {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// A line without the bullet before it.
pub(super) fn without_bullet(line: &str) -> &str {
    let line = line.trim();
    let bare = ["- ", "* ", "• ", "– "].iter().find_map(|bullet| line.strip_prefix(bullet));
    bare.map_or(line, str::trim_start)
}

/// The signs in pairs that chats set text off with.
const PAIRS: &[&str] = &["```", "**", "__", "~~", "||", "`", "*", "_"];

/// A text without the markup around the whole of it.
fn unwrapped(text: &str) -> &str {
    let inner = PAIRS.iter().find_map(|pair| {
        let inner = text.strip_prefix(pair)?.strip_suffix(pair)?;
        (!inner.trim().is_empty() && !inner.contains(pair)).then_some(inner)
    });
    // No value begins with a fence: a line that does would begin a block of lines when it is read again.
    inner.unwrap_or_else(|| text.trim_start_matches("```").trim_end_matches("```")).trim()
}

/// A line that begins a field, without the markup around the field's name: the name, and what stands behind it.
pub(super) fn name_and_value(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let name = without_bullet(name.trim_start_matches('#'));
    let signs = ['*', '_', '`', '~'];
    let bare = name.trim_start_matches(signs);
    let opened = name.get(..name.len() - bare.len()).unwrap_or_default();
    // Of **name:** the end of the markup stands behind the colon.
    let closed: String = opened.chars().rev().collect();
    let value = match bare.strip_suffix(closed.as_str()) {
        Some(_) if !closed.is_empty() => value,
        _ => value.strip_prefix(closed.as_str()).unwrap_or(value),
    };
    Some((bare.trim_end_matches(signs).trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_comes_out_of_what_chats_put_around_it() {
        for (text, wanted) in [
            ("https://a.example/b original", ("https://a.example/b", "original")),
            ("<https://a.example/b> original p. 4", ("https://a.example/b", "original p. 4")),
            ("[a story](https://a.example/b) cites", ("https://a.example/b", "cites")),
            ("[a](<https://a.example/b>)", ("https://a.example/b", "")),
            ("[a](https://a.example/b \"A title\"), p. 4", ("https://a.example/b", "p. 4")),
            ("[a](https://a.example/b_(c)_d) x", ("https://a.example/b_(c)_d", "x")),
            ("https://a.example/b, original", ("https://a.example/b", "original")),
            ("https://a.example/b,c", ("https://a.example/b,c", "")),
            ("`https://a.example/b`", ("https://a.example/b", "")),
            ("||https://a.example/b||", ("https://a.example/b", "")),
            ("D3, republication", ("D3", "republication")),
            ("", ("", "")),
        ] {
            assert_eq!(address(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn the_name_of_a_field_comes_out_of_its_markup() {
        for (line, wanted) in [
            ("**speaker:** Ana", ("speaker", "Ana")),
            ("**speaker**: **Ana** Silva", ("speaker", "**Ana** Silva")),
            ("- speaker: Ana", ("speaker", "Ana")),
            ("• *Speaker*: Ana", ("Speaker", "Ana")),
            ("`speaker`: Ana", ("speaker", "Ana")),
            ("## speaker: Ana", ("speaker", "Ana")),
            ("speaker：Ana", ("speaker", "Ana")),
        ] {
            assert_eq!(name_and_value(line), Some(wanted), "{line:?}");
        }
    }

    #[test]
    fn a_semicolon_in_an_address_parts_nothing() {
        let line = "https://a.example/CO;2-O original; https://b.example/x;y;https://c.example;";
        let wanted = ["https://a.example/CO;2-O original", " https://b.example/x;y", "https://c.example", ""];
        assert_eq!(parts(FieldKind::Citation, line), wanted);
        assert_eq!(parts(FieldKind::Words, "a;b"), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn what_was_kept_is_kept_the_same_again(text in r#"[a-b*_`~|<>\[\](),; "\n\u{200b}-]{0,24}"#) {
            for field in super::super::forms::FORMS.iter().flat_map(|form| form.fields()) {
                let once = value(field, &text);
                prop_assert_eq!(value(field, &once), once, "{}", field.name);
            }
        }
    }
}
