//! Hostile strings in every field of a document, for each front end to render and to parse back.
//!
//! The corpus is in `tests/fixtures/hostile`. A front end's test gives the structure that its
//! platform finds in what was rendered; it must be the one that a harmless word gives.

use unicode_normalization::char::is_combining_mark;
use url::Url;

use crate::{
    layout::Marks,
    model::{Date, WebAddress, is_invisible},
    reply::{
        Block, Entry, EntryKind, Fact, Notice, Outcome, Page, Quoted, Reply, SourceLine, SourceOrigin, Span, Text,
    },
};

/// What stands in all fields that the hostile string doesn't.
const HARMLESS: &str = "word";

/// The places of a document that text comes to, by the part of the document that they are in. Those of
/// one part are tried together.
const PARTS: &[&[&str]] = &[
    &["heading", "strong heading", "paragraph", "two spans", "list item", "fact", "hint", "warning"],
    &["name", "role", "statement", "quote", "language of the quote", "retraction", "correction", "detail", "id"],
    &["publisher", "title", "language", "locator", "correction of a source", "address", "archive"],
    &["response", "responder", "quote of a response"],
    &["request", "form of words", "link", "button", "request of a button", "page"],
];

/// The strings of the corpus, each with its family and number, which name it in a failure.
pub(super) fn strings() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hostile");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut strings = Vec::new();
    for file in files {
        let family = file.file_stem().unwrap().to_str().unwrap().to_owned();
        for (line, number) in std::fs::read_to_string(&file).unwrap().lines().zip(1..) {
            strings.push((format!("{family} {number}"), serde_json::from_str(line).unwrap()));
        }
    }
    strings
}

/// A part of a document with this string in these of its fields, and with a harmless word in the others.
fn document(part: usize, fields: &[&str], hostile: &str) -> Reply {
    let at = |name: &str| {
        assert!(PARTS.iter().any(|fields| fields.contains(&name)), "{name} is no field");
        if fields.contains(&name) { hostile.to_owned() } else { HARMLESS.to_owned() }
    };
    let date: Date = "2022-10-26".parse().unwrap();
    let notices = |retraction: &str, correction: &str| {
        vec![
            Notice::Retracted { on: date, reason: at(retraction) },
            Notice::Corrected { on: date, reason: at(correction) },
        ]
    };
    let source = |id: &str, origin| SourceLine {
        origin,
        id: id.to_owned(),
        publisher: at("publisher"),
        date: Some(date),
        title: Some(at("title")),
        language: Some(at("language")),
        address: Some(address("news", &at("address"))),
        archive: Some(address("archive", &at("archive"))),
        locator: Some(at("locator")),
        notices: vec![Notice::Corrected { on: date, reason: at("correction of a source") }],
    };
    let mut response = Entry::new(EntryKind::Response, "R1", Text::new().strong(at("responder")).plain(" — denial"));
    response.text = at("response");
    response.quote = Some(Quoted { text: at("quote of a response"), language: None });
    response.sources = vec![source("D2", SourceOrigin::Carried)];
    let mut entry = Entry::new(
        EntryKind::Statement,
        "S1",
        Text::new().strong(at("name")).plain(format!(" ({}, {})", at("role"), at("name"))),
    );
    entry.date = Some(date);
    entry.notices = notices("retraction", "correction");
    entry.text = at("statement");
    entry.quote = Some(Quoted { text: at("quote"), language: Some(at("language of the quote")) });
    entry.details = vec![Text::new().plain("About: ").plain(at("detail")).plain(" ").id(at("id"))];
    entry.sources = vec![source("D1", SourceOrigin::Original), source("D3", SourceOrigin::Carried)];
    entry.responses = vec![response];
    let whole = Reply::new(Outcome::Answered)
        .heading(at("heading"))
        .heading(Text::new().strong(at("strong heading")).plain(", a place"))
        .paragraph(at("paragraph"))
        .paragraph(Text::new().plain(at("two spans")).strong(at("two spans")).plain(at("two spans")))
        .list(vec![Text::from(at("list item")), Text::new().plain("x ").plain(at("list item"))])
        .facts(vec![Fact { label: "Part of".into(), value: at("fact").into() }])
        .hint(at("hint"))
        .warning(at("warning"))
        .paragraph(
            Text::new()
                .plain("Ask ")
                .ask(format!("source {}", at("request")))
                .plain(" or ")
                .syntax(at("form of words"))
                .plain("."),
        )
        .paragraph(Text::new().plain("See ").span(Span::Link { text: at("link"), address: address("link", HARMLESS) }))
        .entry(entry)
        .action(at("button"), format!("about {}", at("request of a button")))
        .on_page(Page::new(2, 3, format!("source {}", at("page"))));
    only(part, whole)
}

/// One part of a document: all of it each time would take minutes.
fn only(part: usize, mut reply: Reply) -> Reply {
    let blocks = match part {
        0 => 0..8,
        4 => 8..10,
        _ => 10..11,
    };
    reply.blocks = reply.blocks.drain(blocks).collect();
    if let Some(Block::Entry(entry)) = reply.blocks.first_mut() {
        match part {
            1 => entry.sources.clear(),
            2 => entry.sources.truncate(2),
            _ => {}
        }
        if part < 3 {
            entry.responses.clear();
        }
    }
    reply
}

/// Every document of the corpus: a part of a document with a string, named, in all of its fields.
pub(super) fn documents() -> impl Iterator<Item = (String, String, Reply)> {
    strings().into_iter().flat_map(|(name, hostile)| {
        let whole = |(part, fields): (usize, &&[&str])| {
            (format!("{name} in part {part}"), hostile.clone(), document(part, fields, &hostile))
        };
        PARTS.iter().enumerate().map(whole).collect::<Vec<_>>()
    })
}

/// An address with this string in its path, its query and its fragment, as far as it is one.
fn address(host: &str, hostile: &str) -> WebAddress {
    let visible: String =
        hostile.chars().filter(|&character| !character.is_whitespace() && !is_invisible(character)).collect();
    let visible: String = visible.chars().take(24).collect();
    let text = format!("https://{host}.example.org/{visible}?q={visible}#{visible}");
    text.parse().or_else(|_| format!("https://{host}.example.org/").parse()).unwrap()
}

/// The addresses that a document links to, as parsers give them.
pub(super) fn addresses(reply: &Reply) -> Vec<Url> {
    let mut found = Vec::new();
    let mut waiting: Vec<&Entry> = Vec::new();
    let mut texts: Vec<&Text> = Vec::new();
    for block in &reply.blocks {
        match block {
            Block::Entry(entry) => waiting.push(entry),
            Block::Heading(text) | Block::Paragraph(text) => texts.push(text),
            Block::List(items) => texts.extend(items),
            Block::Facts(facts) => texts.extend(facts.iter().map(|fact| &fact.value)),
            Block::Note(note) => texts.push(&note.text),
        }
    }
    found.extend(texts.iter().flat_map(|text| &text.0).filter_map(|span| match span {
        Span::Link { address, .. } => Some(address.clone()),
        _ => None,
    }));
    while let Some(entry) = waiting.pop() {
        waiting.extend(&entry.responses);
        found
            .extend(entry.sources.iter().flat_map(|source| [source.address.clone(), source.archive.clone()]).flatten());
    }
    found.iter().map(|address| Url::parse(address.as_str()).unwrap()).collect()
}

/// What holds of a text wherever it is shown: nothing invisible in it, and no tower of marks.
pub(super) fn assert_legible(text: &str) {
    let mut marks = Marks::default();
    for character in text.chars() {
        assert!(character == '\n' || !is_invisible(character), "{character:?} in {text:?}");
        assert!(marks.take(character), "a tower of marks in {text:?}");
    }
}

/// Whether a string has anything in it that can be seen.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || is_invisible(character) || is_combining_mark(character))
}

/// Renders the corpus in every field, and in all at once, and compares structures. `structure` renders a
/// document, panics where something isn't inert, and gives what its platform makes of it.
pub(super) fn every_string_in_every_field(structure: impl Fn(&Reply) -> Vec<String>) {
    let strings = strings();
    assert!(strings.len() >= 300);
    let mut found = Vec::new();
    for (part, fields) in PARTS.iter().enumerate() {
        let harmless = structure(&document(part, &[], HARMLESS));
        let wrong = |fields: &[&str], hostile: &str| {
            let reply = document(part, fields, hostile);
            match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| structure(&reply))) {
                Err(panic) => Some(said(&*panic)),
                // Where nothing is to be seen, nothing is drawn.
                Ok(shape) if shape == harmless || (is_blank(hostile) && is_part_of(&shape, &harmless)) => None,
                Ok(shape) => {
                    let differs = shape.iter().zip(&harmless).position(|(left, right)| left != right);
                    let around = shape.iter().skip(differs.unwrap_or(shape.len()).saturating_sub(1)).take(4);
                    Some(format!("{:?}", around.collect::<Vec<_>>()))
                }
            }
        };
        for (name, hostile) in &strings {
            // Together, long ones would fill several messages.
            let together = if hostile.len() > 400 {
                fields.iter().find_map(|field| wrong(&[*field], hostile))
            } else {
                wrong(fields, hostile)
            };
            if let Some(together) = together {
                let alone: Vec<&&str> = fields.iter().filter(|field| wrong(&[**field], hostile).is_some()).collect();
                let text: String = hostile.chars().take(40).collect();
                found.push(format!("{name} {text:?} in {alone:?} of {fields:?}: {together}"));
            }
        }
    }
    let some = found.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(found.is_empty(), "{} of {} parts are not inert:\n{some}", found.len(), strings.len() * PARTS.len());
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default()
}

/// Whether some things are all among others, in their order.
fn is_part_of(some: &[String], others: &[String]) -> bool {
    let mut others = others.iter();
    some.iter().all(|one| others.any(|other| other == one))
}
