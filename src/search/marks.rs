//! The marks that chats put into a text: mentions, channels, emoji, times. They are the chat's, and no words of whoever
//! wrote.

use std::borrow::Cow;

/// What becomes of accounts and rooms that are written out, like `@ann:example.org`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handles {
    /// They stay: in a message, who is mentioned may be who said it.
    Kept,
    /// They go: in a question they are who is spoken to.
    Cut,
}

/// How far the end of a mark is looked for, in bytes. The limit is ours: none is as long.
const LONGEST: usize = 128;

/// A text with a space in the place of each mark of a chat: Discord's mentions, channels, commands, emoji and times
/// (`<@1>`, `<#1>`, `</name:1>`, `<:name:1>`, `<t:1:R>`), Matrix's links to people and rooms, and `:shortcodes:`.
pub(crate) fn without_marks(text: &str, handles: Handles) -> Cow<'_, str> {
    if !text.contains(['<', ':', '[', '@', '#']) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut before = None;
    let mut left = text;
    while let Some(first) = left.chars().next() {
        let length = match mark_length(left, before, handles) {
            Some(length) => {
                kept.push(' ');
                before = Some(' ');
                length
            }
            None => {
                kept.push(first);
                before = Some(first);
                first.len_utf8()
            }
        };
        left = left.get(length..).unwrap_or_default();
    }
    Cow::Owned(kept)
}

/// How long the mark at the start of a text is; `None` where there is none.
fn mark_length(text: &str, before: Option<char>, handles: Handles) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        '<' => discord(text),
        '[' => matrix_link(text),
        ':' => shortcode(text, before),
        '@' | '#' if handles == Handles::Cut => handle(text, before),
        _ => None,
    }
}

/// The part of a text in which a mark has to end.
fn within_reach(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A mark of Discord's (Discord, "Message Formatting").
fn discord(text: &str) -> Option<usize> {
    let close = within_reach(text).find('>')?;
    let inner = text.get(1..close)?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_named = |text: &str| {
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '~'))
        };
        text.rsplit_once(':').is_some_and(|(name, id)| is_name(name) && is_number(id))
    };
    let is_time = |text: &str| {
        let (number, style) = text.split_once(':').unwrap_or((text, "f"));
        is_number(number.strip_prefix('-').unwrap_or(number)) && style.chars().count() == 1
    };
    let is_mark = if let Some(account) = inner.strip_prefix('@') {
        is_number(account.strip_prefix(['!', '&']).unwrap_or(account))
    } else if let Some(channel) = inner.strip_prefix('#') {
        is_number(channel)
    } else if let Some(emoji) = inner.strip_prefix(':').or_else(|| inner.strip_prefix("a:")) {
        is_named(emoji)
    } else if let Some(time) = inner.strip_prefix("t:") {
        is_time(time)
    } else {
        inner.strip_prefix('/').is_some_and(is_named)
    };
    is_mark.then_some(close + 1)
}

/// A link to a person or room of Matrix, as clients write it into the plain form of a message.
fn matrix_link(text: &str) -> Option<usize> {
    const TARGET: &str = "](https://matrix.to/#/";
    let reach = within_reach(text);
    let close = reach.find(']')?;
    reach.get(close..)?.strip_prefix(TARGET)?;
    let target = close + TARGET.len();
    // The address has a reach of its own behind the name.
    let address = within_reach(text.get(target..)?);
    let end = address.find(|character: char| character == ')' || character.is_whitespace())?;
    address.get(end..)?.starts_with(')').then_some(target + end + 1)
}

/// An emoji by its name, like `:flag_ie:`. A time of day is none, nor what stands within a word or an address.
fn shortcode(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|before| before.is_alphanumeric() || matches!(before, ':' | '/' | '=' | '：')) {
        return None;
    }
    let name = within_reach(text.get(1..)?);
    let end = name.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '+')))?;
    let (name, rest) = name.split_at_checked(end)?;
    let after = rest.strip_prefix(':')?.chars().next();
    let ends = after.is_none_or(|after| !after.is_alphanumeric() && after != '/');
    // ":+1:" is an emoji, ":30:" a part of a time.
    let is_name = name.starts_with(['+', '-']) || name.chars().any(|letter| letter.is_ascii_alphabetic());
    (name.len() >= 2 && is_name && ends).then_some(end + 2)
}

/// An account or a room of Matrix by its whole name, `@local:server` or `#local:server`.
fn handle(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|before| !before.is_whitespace() && !matches!(before, '(' | '[' | '"' | '“' | ',' | ';')) {
        return None;
    }
    let reach = within_reach(text.get(1..)?);
    let local = reach.find(|letter: char| !(letter.is_alphanumeric() || "._=-/+".contains(letter)))?;
    let server = reach.get(local..)?.strip_prefix(':')?;
    let end = server.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':')));
    let server = server.get(..end.unwrap_or(server.len()))?.trim_end_matches(['.', ':', '-']);
    let is_server = server.starts_with("localhost") || server.trim_start_matches('.').contains('.');
    (local > 0 && is_server).then_some(1 + local + 1 + server.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str, handles: Handles) -> String {
        without_marks(text, handles).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_marks_of_chats_are_cut_and_nothing_else_is() {
        for (text, expected) in [
            ("dublin <@123456789012345678>", "dublin"),
            ("<@!1>dublin<@&2>", "dublin"),
            ("<#123> dublin <:flag_ie:123> <a:wave:1>", "dublin"),
            ("since <t:1700000000> or <t:-1:R> dublin", "since or dublin"),
            ("dublin </source:12345>", "dublin"),
            ("dublin :flag_ie::wave: :+1:", "dublin"),
            ("[Ann](https://matrix.to/#/@ann:example.org) dublin", "dublin"),
            ("@ann:example.org dublin (#room:example.org)", "dublin ( )"),
            ("@ann:localhost:8448, dublin", ", dublin"),
            ("@bbc dublin", "@bbc dublin"),
            ("#tag:word", "#tag:word"),
            ("mail@ann:example.org", "mail@ann:example.org"),
            ("a < b > c", "a < b > c"),
            ("<@ann> <#general> <t:soon> <id> <:a>", "<@ann> <#general> <t:soon> <id> <:a>"),
            ("12:30:45 or :30: or a:b:c", "12:30:45 or :30: or a:b:c"),
            ("place:netherlands :a:", "place:netherlands :a:"),
            ("https://example.org/:foo:/x?y=:bar: z", "https://example.org/:foo:/x?y=:bar: z"),
            ("[a](https://example.org)", "[a](https://example.org)"),
        ] {
            assert_eq!(cut(text, Handles::Cut), expected, "{text}");
        }
        assert_eq!(cut("@ann:example.org said <@1>", Handles::Kept), "@ann:example.org said");
    }

    proptest! {
        #[test]
        fn what_is_left_of_any_text_has_no_mark(
            text in r"(<|>|@|#|:|/|!|a|t:|1|é|\[|\]|\(|\)|\.| |x\.org|\]\(https://matrix\.to/#/){0,24}"
        ) {
            for handles in [Handles::Kept, Handles::Cut] {
                let once = without_marks(&text, handles).into_owned();
                prop_assert_eq!(without_marks(&once, handles).into_owned(), once.clone(), "{:?}", text);
            }
        }
    }
}
