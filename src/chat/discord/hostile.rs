//! Whether Discord finds anything in an answer that the document didn't ask for.
//!
//! Discord publishes what its Markdown can do ("Markdown Text 101", "Message Formatting") but no
//! grammar. This parser takes the reading that is worse for us wherever there is a doubt: a sign that
//! could begin something does.

use serde_json::Value;
use url::Url;

use super::answer::{Showing, show};
use crate::{
    chat::hostile::{addresses, assert_legible, every_string_in_every_field},
    config::MessageLayout,
    reply::Reply,
};

/// Something that Discord would act on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Active {
    Bold(Vec<Self>),
    Code,
    Link(String, Vec<Self>),
    BareLink(String),
    Time(String),
    Mention(String),
    Emoji(String),
    Invite,
    Quote,
    Heading,
    Small,
    Item,
    /// A sign of formatting that stands alone or that we never write.
    Stray(char),
}

/// Parses a text as Discord does, as far as what it acts on.
fn parse(text: &str) -> Vec<Active> {
    let mut found = Vec::new();
    inline(text, true, &mut found);
    found
}

fn inline(text: &str, mut at_line_start: bool, found: &mut Vec<Active>) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if at_line_start && let Some(block) = block(rest) {
            found.push(block);
        }
        at_line_start = character == '\n' || (at_line_start && character == ' ');
        let taken = match character {
            // A backslash takes the next sign's meaning, but not a letter's or a space's.
            '\\' if rest.chars().nth(1).is_some_and(|next| !next.is_alphanumeric() && !next.is_whitespace()) => {
                1 + rest.chars().nth(1).map_or(0, char::len_utf8)
            }
            '`' => code(rest, found),
            '[' => masked(rest, found),
            '*' if rest.starts_with("**") => bold(rest, found),
            '*' | '_' | '~' | '|' | ']' => {
                found.push(Active::Stray(character));
                1
            }
            '<' => angle(rest, found),
            '@' if ["@everyone", "@here"].iter().any(|word| rest.starts_with(word)) => {
                found.push(Active::Mention(rest.chars().take(9).collect()));
                1
            }
            ':' => emoji(rest, found),
            'h' | 'H' | 's' | 'S' | 'd' | 'D' => bare(rest, found),
            _ => character.len_utf8(),
        };
        rest = &rest[taken..];
    }
}

/// What a line begins.
fn block(line: &str) -> Option<Active> {
    let bare = line.trim_start_matches(' ');
    let after = |marks: &str| bare.strip_prefix(marks).is_some_and(|rest| rest.starts_with(' '));
    let number = bare.trim_start_matches(|digit: char| digit.is_ascii_digit());
    if after(">") || after(">>>") {
        Some(Active::Quote)
    } else if after("#") || after("##") || after("###") {
        Some(Active::Heading)
    } else if after("-#") {
        Some(Active::Small)
    } else if after("-")
        || after("*")
        || after("+")
        || (number.len() < bare.len() && (number.starts_with(". ") || number.starts_with(") ")))
    {
        Some(Active::Item)
    } else {
        None
    }
}

/// As many backticks as open a box close it, wherever they stand.
fn code(text: &str, found: &mut Vec<Active>) -> usize {
    let marks = text.len() - text.trim_start_matches('`').len();
    let mut at = marks;
    while let Some(next) = text[at..].find('`') {
        let start = at + next;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        if length == marks {
            assert!(!text[..start].contains('\n'), "a box spans lines: {:?}", &text[..start]);
            found.push(if marks == 1 { Active::Code } else { Active::Stray('`') });
            return start + length;
        }
        at = start + length;
    }
    found.push(Active::Stray('`'));
    marks
}

/// `[label](target)`. Brackets in the label count though they are escaped.
fn masked(text: &str, found: &mut Vec<Active>) -> usize {
    let Some((label, after)) = text[1..].split_once("](") else {
        found.push(Active::Stray('['));
        return 1;
    };
    let Some((target, _)) = after.split_once(')') else {
        found.push(Active::Stray('['));
        return 1;
    };
    assert!(!target.contains(char::is_whitespace) && !label.contains('\n'), "a link is broken: {text:?}");
    assert!(!label.trim().is_empty(), "a link without a label: {text:?}");
    let mut inner = Vec::new();
    inline(label, false, &mut inner);
    found.push(Active::Link(target.to_owned(), inner));
    1 + label.len() + 2 + target.len() + 1
}

/// `**text**`, up to the first two stars that aren't escaped.
fn bold(text: &str, found: &mut Vec<Active>) -> usize {
    let mut characters = text[2..].char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if at > 0 && text[2 + at..].starts_with("**") {
            let mut inner = Vec::new();
            inline(&text[2..2 + at], false, &mut inner);
            found.push(Active::Bold(inner));
            return at + 4;
        }
    }
    found.push(Active::Stray('*'));
    2
}

fn angle(text: &str, found: &mut Vec<Active>) -> usize {
    let Some(end) = text.find('>') else {
        found.push(Active::Stray('<'));
        return 1;
    };
    let inner = &text[1..end];
    found.push(match inner.strip_prefix("t:") {
        Some(time) => Active::Time(time.to_owned()),
        None => Active::Mention(inner.to_owned()),
    });
    end + 1
}

/// `:name:` is drawn as an emoji, as far as there is one of the name.
fn emoji(text: &str, found: &mut Vec<Active>) -> usize {
    if let Some((name, _)) = text[1..].split_once(':')
        && !name.is_empty()
        && name.chars().all(|character| character.is_alphanumeric() || "_+-~".contains(character))
    {
        found.push(Active::Emoji(name.to_owned()));
    }
    1
}

fn bare(text: &str, found: &mut Vec<Active>) -> usize {
    let lower: String = text.chars().take(24).collect::<String>().to_ascii_lowercase();
    if let Some(scheme) =
        ["http://", "https://", "steam://", "discord://"].iter().find(|scheme| lower.starts_with(**scheme))
    {
        let end = text.find([' ', '\n', '<']).unwrap_or(text.len());
        found.push(Active::BareLink(text[..end].to_owned()));
        return scheme.len();
    }
    // Invitations are shown as cards wherever they stand, but not in a box.
    if ["discord.gg/", "discord.com/invite/", "discordapp.com/invite/", "discord.new/"]
        .iter()
        .any(|host| lower.starts_with(host))
    {
        found.push(Active::Invite);
    }
    text.chars().next().map_or(1, char::len_utf8)
}

/// Names what was found; targets and times are checked against the document.
fn structure(active: &[Active], asked: &[Url]) -> Vec<String> {
    let mut names = Vec::new();
    for one in active {
        match one {
            Active::Bold(inner) => {
                names.push("bold".to_owned());
                names.extend(structure(inner, asked));
                names.push("end".to_owned());
            }
            Active::Link(target, inner) => {
                let url = Url::parse(target).unwrap();
                let plain = |url: &Url| url.as_str().replace("%28", "(").replace("%29", ")").replace("%5C", "\\");
                assert!(asked.iter().any(|asked| plain(asked) == plain(&url)), "nobody asked for {target}");
                names.push("link".to_owned());
                names.extend(structure(inner, asked));
                names.push("end".to_owned());
            }
            Active::Time(time) => {
                assert!(["1666778400:D"].contains(&time.as_str()), "nobody asked for {time}");
                names.push("time".to_owned());
            }
            other => names.push(format!("{other:?}")),
        }
    }
    names
}

/// Renders an answer in a layout, with embeds also without them, and parses all of it.
fn rendered(reply: &Reply, layout: MessageLayout) -> Vec<String> {
    let asked = addresses(reply);
    // However many messages it takes.
    let parts = super::packing::message_parts(reply, "!", layout).len();
    (0..parts).flat_map(|part| message(reply, part, layout, &asked)).collect()
}

/// All components of a message, however deep.
fn components(all: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    for one in all.as_array().into_iter().flatten() {
        found.push(one);
        found.extend(components(&one["components"]));
    }
    found
}

fn message(reply: &Reply, part: usize, layout: MessageLayout, asked: &[Url]) -> Vec<String> {
    let showing = Showing { asker: 1, prefix: "!", part, may_be_posted: false, layout };
    let answer = show(reply, Some(&"source word".into()), showing);
    let mut names = Vec::new();
    for body in std::iter::once(&answer.body).chain(&answer.plain) {
        assert_eq!(body["allowed_mentions"]["parse"], Value::Array(Vec::new()));
        strings(body, &mut assert_legible);
        for component in
            components(&body["components"]).into_iter().filter(|one| matches!(one["type"].as_u64(), Some(2 | 3)))
        {
            let label = component["label"].as_str().unwrap_or("menu");
            assert!(!label.trim().is_empty() && label.chars().count() <= 80, "{label:?}");
        }
    }
    for embed in answer.body["embeds"].as_array().into_iter().flatten() {
        let text = embed["description"].as_str().unwrap();
        assert!(text.encode_utf16().count() <= 4_096, "an embed is longer than Discord takes");
        names.extend(structure(&parse(text), asked));
    }
    let displays = components(&answer.body["components"]);
    assert!(displays.len() <= 40, "{} components", displays.len());
    let texts: Vec<&str> = displays.iter().filter_map(|one| one["content"].as_str()).collect();
    assert!(texts.iter().map(|text| text.encode_utf16().count()).sum::<usize>() <= 4_000, "more than Discord takes");
    // Which part of how many it is depends on how long the text is.
    let is_footer = |text: &&&str| text.starts_with("-# Page ") || text.starts_with("-# part ");
    texts.iter().filter(|text| !is_footer(text)).for_each(|text| names.extend(structure(&parse(text), asked)));
    // Without embeds the end may be missing, as there is less room: what there is must be as asked for.
    for line in answer.plain.iter().flat_map(|plain| plain["content"].as_str().unwrap().lines()) {
        let found = structure(&parse(line), asked);
        assert!(!found.iter().any(|name| name.contains('(') || name == "Invite"), "{line:?}: {found:?}");
    }
    names
}

fn strings(value: &Value, check: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => check(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, check)),
        // What buttons carry goes back to the bot and is shown to nobody.
        Value::Object(fields) => {
            fields
                .iter()
                .filter(|(name, _)| !["custom_id", "value"].contains(&name.as_str()))
                .for_each(|(_, value)| strings(value, check));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn discord_finds_in_hostile_text_only_what_the_document_asks_for() {
    every_string_in_every_field(|reply| rendered(reply, MessageLayout::Embeds));
}

#[test]
fn discord_finds_in_hostile_text_in_components_only_what_the_document_asks_for() {
    every_string_in_every_field(|reply| rendered(reply, MessageLayout::Components));
}

#[test]
fn the_parser_finds_what_is_active() {
    for text in [
        "**a**",
        "*a*",
        "__a__",
        "~~a~~",
        "||a||",
        "`a`",
        "``a``",
        "a`",
        "[a](https://e.example)",
        "https://e.example",
        "<@1>",
        "<#1>",
        "</a:1>",
        "<t:1>",
        "<:a:1>",
        ":thumbsup:",
        "@everyone",
        "discord.gg/a",
        "> a",
        ">>> a",
        "# a",
        "-# a",
        "- a",
        "1. a",
        "a\n- b",
        "[a\\](https://e.example)",
        "<a@b.example>",
    ] {
        assert!(!parse(text).is_empty(), "{text}");
    }
    for text in ["a", "\\*a\\*", "\\<@1\\>", "12:30", "a - b", "1 a", "https\\://e.example", "a: b"] {
        assert!(parse(text).is_empty(), "{text}: {:?}", parse(text));
    }
}
