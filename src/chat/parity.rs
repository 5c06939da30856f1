//! Whether every front end says the same: the same words in the same order, whatever the platform draws around them.

use unicode_normalization::char::is_combining_mark;

use super::{
    hostile::{addresses, documents, is_blank},
    terminal::{Settings, Surface, render, tests::samples},
};
#[cfg(feature = "discord")]
use crate::config::MessageLayout;
use crate::{
    layout::{entries_to_open, html, plain_text},
    reply::{Block, Entry, EntryExtent, Reply},
};

const PREFIX: &str = "!";

/// What is compared: letters and digits, and the signs that part them. Escapes, boxes, bullets and line breaks are a
/// platform's own, and so is what a mark stands on; Discord's boxes have another sign for their own border.
fn words(text: &str) -> String {
    let is_own = |sign: char| is_combining_mark(sign) || sign == 'ˋ';
    text.chars().filter(|sign| (sign.is_alphanumeric() && !is_own(*sign)) || "·“”,:".contains(*sign)).collect()
}

/// HTML without its elements.
fn of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').unwrap().1;
    }
    text.push_str(rest);
    words(&html_escape::decode_html_entities(&text))
}

/// Plain text without the addresses behind its links.
fn of_plain(plain: &str, reply: &Reply) -> String {
    let targets = addresses(reply).into_iter().map(|address| format!(" <{address}>"));
    words(&targets.fold(plain.to_owned(), |plain, target| plain.replace(&target, "")))
}

/// Discord's Markdown without its signs and targets, with days as they are on record.
#[cfg(feature = "discord")]
fn of_discord(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(sign) = rest.chars().next() {
        let after = &rest[sign.len_utf8()..];
        if sign == '\\' {
            let escaped = after.chars().next().unwrap();
            text.push(escaped);
            rest = &after[escaped.len_utf8()..];
        } else if sign == '`' {
            let (code, after) = after.split_once('`').unwrap();
            text.push_str(code);
            rest = after;
        } else if let Some(target) = rest.strip_prefix("](") {
            rest = target.split_once(')').unwrap().1;
        } else if let Some(time) = rest.strip_prefix("<t:") {
            let (seconds, after) = time.split_once(":D>").unwrap();
            let moment = jiff::Timestamp::from_second(seconds.parse().unwrap()).unwrap();
            text.push_str(&crate::model::Date::of(moment).in_words());
            rest = after;
        } else {
            text.push(sign);
            rest = after;
        }
    }
    words(&text)
}

/// What a terminal shows without colours. Where links can be followed, their targets are left out.
fn of_terminal(reply: &Reply, hyperlinks: bool) -> String {
    let settings = Settings {
        width: 100,
        colour: false,
        hyperlinks,
        unicode: true,
        terminal: true,
        place: Surface::Console,
        prefix: PREFIX.to_owned(),
    };
    let drawn = render(reply, &settings);
    let mut text = String::new();
    for part in drawn.split("\u{1b}]8;") {
        text.push_str(part.split_once("\u{1b}\\").map_or(part, |(_, after)| after));
    }
    // Below entries in short stands how they are opened.
    let text = match text.rfind("\n────") {
        Some(at) if !entries_to_open(reply).is_empty() => &text[..at],
        Some(_) | None => &text,
    };
    words(text)
}

/// The hosts that HTML shows because it hides addresses, and plain text doesn't.
fn hosts(reply: &Reply) -> Vec<String> {
    fn of_entry(entry: &Entry, hosts: &mut Vec<String>) {
        hosts.extend(entry.sources.iter().filter_map(|source| Some(source.address.as_ref()?.host().to_owned())));
        entry.responses.iter().for_each(|response| of_entry(response, hosts));
    }
    let mut hosts = Vec::new();
    reply.entries().for_each(|entry| of_entry(entry, &mut hosts));
    hosts
}

/// What an answer says beside what can be asked next, which each platform has its own means for.
fn without_ways_on(reply: &Reply) -> Reply {
    Reply { page: None, actions: Vec::new(), ..reply.clone() }
}

fn assert_same(name: &str, reply: &Reply) {
    let reply = without_ways_on(reply);
    let html = html(&reply, PREFIX);
    let said = of_html(&html);
    assert!(!said.is_empty() || reply.blocks.is_empty(), "{name}: nothing is said");
    assert_eq!(of_terminal(&reply, true), said, "{name}: terminal and HTML");
    let without_hosts =
        hosts(&reply).iter().fold(said.clone(), |said, host| said.replace(&words(&format!("·{host}")), ""));
    assert_eq!(of_plain(&plain_text(&reply, PREFIX), &reply), without_hosts, "{name}: plain text and HTML");
    #[cfg(feature = "discord")]
    {
        let messages = super::discord::preview(&reply, PREFIX, MessageLayout::Embeds);
        assert_eq!(messages.len(), 1, "{name}: the footer of a part is no part of the answer");
        assert_eq!(of_discord(&messages[0].texts.join("\n")), said, "{name}: Discord and HTML");
        // A message of components holds less.
        let messages = super::discord::preview(&reply, PREFIX, MessageLayout::Components);
        let texts = messages.iter().flat_map(|message| &message.texts).filter(|text| !text.starts_with("-# part "));
        let texts: Vec<&str> = texts.map(String::as_str).collect();
        assert_eq!(of_discord(&texts.join("\n")), said, "{name}: Discord's components and HTML");
    }
    #[cfg(feature = "matrix")]
    {
        let messages = super::matrix::preview(&reply, PREFIX);
        assert_eq!(messages.len(), 1, "{name}: the footer of a part is no part of the answer");
        // How entries in short are opened stands below them, as there are no menus.
        let answer = |words: String| words.split("Wholeentr").next().unwrap_or_default().to_owned();
        assert_eq!(answer(of_html(&messages[0].html)), said, "{name}: HTML on Matrix");
        assert_eq!(answer(of_plain(&messages[0].plain, &reply)), without_hosts, "{name}: plain text on Matrix");
    }
}

#[test]
fn every_front_end_says_the_same() {
    assert_same("city", &samples::city());
    assert_same("everything", &samples::everything());
    let mut entries = samples::everything();
    entries.blocks.retain(|block| matches!(block, Block::Entry(_)));
    assert_same("entries", &entries);
    for block in &mut entries.blocks {
        if let Block::Entry(entry) = block {
            entry.extent = EntryExtent::InShort;
        }
    }
    assert_same("entries in short", &entries);
}

#[test]
fn every_front_end_says_the_same_of_hostile_text() {
    let mut compared = 0;
    for (name, hostile, reply) in documents() {
        // Discord cuts the labels of links, and shows a host for a link without one.
        if hostile.len() < 300 && !is_blank(&hostile) {
            assert_same(&name, &reply);
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared} documents were compared");
}

#[test]
fn a_terminal_that_cannot_follow_links_says_the_same_beside_the_addresses() {
    let reply = without_ways_on(&samples::city());
    let mut drawn = of_terminal(&reply, false);
    for address in reply.entries().flat_map(|entry| &entry.sources).filter_map(|source| source.address.as_ref()) {
        assert!(drawn.contains(&words(address.as_str())), "{address}");
        drawn = drawn.replacen(&words(address.as_str()), "", 1);
    }
    assert_eq!(drawn, of_plain(&plain_text(&reply, PREFIX), &reply));
}
