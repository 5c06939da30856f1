//! Text as Discord shows it literally: nothing in it becomes markup, a mention, a link or a change
//! of direction.

use url::Url;

use crate::{
    layout::one_line,
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
            // An address is no link without its colon, and a name no emoji.
            ':' => characters.peek() == Some(&'/') || begins_emoji(characters.clone()),
            // Invitations are shown as cards without being addresses.
            '/' => ends_in_host_of_invitations(&out),
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

/// Whether what follows a colon is the name of an emoji and the colon that ends it.
fn begins_emoji(rest: impl Iterator<Item = char>) -> bool {
    let mut name = 0;
    for character in rest.take(64) {
        match character {
            ':' => return name > 0,
            _ if character.is_alphanumeric() || matches!(character, '_' | '+' | '-' | '~') => name += 1,
            _ => return false,
        }
    }
    false
}

fn ends_in_host_of_invitations(text: &str) -> bool {
    let ends_in = |host: &str| {
        let start = text.len().checked_sub(host.len());
        start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(host))
    };
    ["discord.gg", "discord.com", "discordapp.com", "discord.new"].into_iter().any(ends_in)
}

/// A text that stands out; nothing where there is nothing to be seen, as four stars alone would be
/// taken for the beginning of something.
pub(super) fn strong(text: &str) -> String {
    let text = literal(text.trim());
    if text.trim().is_empty() { String::new() } else { format!("**{}**", text.trim()) }
}

/// Words to type, in a box; a box can't hold its own border, and two borders alone are none.
pub(super) fn boxed(words: &str) -> String {
    let words = one_line(words).replace('`', "ˋ");
    if words.trim().is_empty() { String::new() } else { format!("`{words}`") }
}

/// The longest address that is made a link, so that a line stays within what Discord takes.
const LONGEST_TARGET: usize = 1_000;

/// A labelled link; of a very long address the label alone. The address is written in ASCII, so that its host is what it is.
pub(super) fn link(label: &str, address: &WebAddress) -> String {
    // A bracket could end the label early.
    let label = literal(&short(label, 400).replace('[', "(").replace(']', ")"));
    let label = if label == "…" { literal(address.host()) } else { label };
    match target(address).filter(|target| target.len() <= LONGEST_TARGET) {
        Some(target) => format!("[{label}]({target})"),
        None => label,
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
        // Discord refuses a label with nothing in it.
        return if line.is_empty() { "…".to_owned() } else { line.to_owned() };
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
        assert_eq!(literal("@everyone <@1> <#2> <t:1:R>"), r"\@everyone \<\@1\> \<\#2\> \<t\:1:R\>");
        assert_eq!(literal("**a** [b](https://c.example)"), r"\*\*a\*\* \[b\](https\://c.example)");
        assert_eq!(literal("a:b: 10:30 :100: x:"), r"a\:b: 10:30 \:100: x:");
        assert_eq!(literal("Discord.gg/x a/b discord.com/invite/x"), r"Discord.gg\/x a/b discord.com\/invite/x");
        assert_eq!((strong(" \u{200b}"), boxed("\u{200b}")), (String::new(), String::new()));
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
