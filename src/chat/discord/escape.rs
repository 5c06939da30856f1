//! Text as Discord shows it literally: nothing in it becomes markup, a mention, a link or a change
//! of direction.

use url::Url;

use crate::{
    chat::line::one_line,
    model::{WebAddress, is_invisible},
};

/// A text on one line, with every sign escaped that means something to Discord.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut at_start = true;
    let mut number = false;
    let line = one_line(text);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = match character {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '#' | '@' => true,
            // An address is no link without its colon.
            ':' => characters.peek() == Some(&'/'),
            // Lists begin so.
            '-' | '+' => at_start,
            '.' | ')' => number,
            _ => false,
        };
        number = character.is_ascii_digit() && (at_start || number);
        at_start = false;
        if escaped {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// Words to type, in a box; a box can't hold its own border.
pub(super) fn boxed(words: &str) -> String {
    format!("`{}`", one_line(words).replace('`', "ˋ"))
}

/// A labelled link. The address is written in ASCII, so that its host is what it is.
pub(super) fn link(label: &str, address: &WebAddress) -> String {
    // A bracket could end the label early.
    let label = label.replace('[', "(").replace(']', ")");
    let label = label.as_str();
    match target(address) {
        Some(target) => format!("[{}]({target})", literal(label)),
        None => literal(label),
    }
}

/// The address as a link can carry it; `None` if it is no address after all.
fn target(address: &WebAddress) -> Option<String> {
    let url = Url::parse(address.as_str()).ok()?;
    let mut out = String::new();
    for character in url.as_str().chars() {
        match character {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            _ if character.is_whitespace() || is_invisible(character) => {}
            _ => out.push(character),
        }
    }
    Some(out)
}

/// The first characters of a label, cut between characters, with a sign that it goes on.
pub(super) fn short(text: &str, limit: usize) -> String {
    let line = one_line(text);
    let line = line.trim();
    if line.chars().map(char::len_utf16).sum::<usize>() <= limit {
        return line.to_owned();
    }
    let mut out = String::new();
    let mut length = 0;
    for character in line.chars() {
        length += character.len_utf16();
        if length > limit - 1 {
            break;
        }
        out.push(character);
    }
    format!("{}…", out.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_obeyed() {
        assert_eq!(literal("@everyone <@1> <#2> <t:1:R>"), r"\@everyone \<\@1\> \<\#2\> \<t:1:R\>");
        assert_eq!(literal("**a** [b](https://c.example)"), r"\*\*a\*\* \[b\](https\://c.example)");
        assert_eq!(literal("- a\n> b\n1. c"), r"\- a \> b 1. c");
        assert_eq!(
            (literal("1. c"), literal("-# d"), literal("3-4")),
            (r"1\. c".into(), r"\-\# d".into(), "3-4".into())
        );
        assert_eq!(literal("a\u{202e}b\u{200b}c\u{2066}"), "abc");
        assert_eq!(boxed("a`b\nc"), "`aˋb c`");
    }

    #[test]
    fn a_link_shows_its_host_as_it_is_and_stays_one_link() {
        let address: WebAddress = "https://bücher.example.org/a_(b)?c=*d*".parse().unwrap();
        assert_eq!(link("a](x) [b", &address), r"[a)(x) (b](https://xn--bcher-kva.example.org/a_%28b%29?c=*d*)");
    }

    #[test]
    fn labels_are_cut_between_characters() {
        assert_eq!(short("ab  cd", 5), "ab cd");
        assert_eq!(short("abcdef", 5), "abcd…");
        assert_eq!(short("🦊🦊🦊", 5), "🦊🦊…");
    }
}
