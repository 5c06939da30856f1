//! Answers in, pictures out; and that a picture of anything is XML that only draws. The parser is another's: roxmltree.

use std::path::Path;

use clap::Parser;
use onrecord::{
    app::App,
    commands::calls,
    config::{Config, DataConfig, Variables},
    files::TargetError,
    model::is_invisible,
    reply::{Entry, EntryKind, Outcome, Quoted, Reply, SourceLine, SourceOrigin, Text},
};
use proptest::prelude::*;

use crate::{Arguments, PAGE_SIZE, ask, drawn, output, svg::svg};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Draws the answer to a question from the entries that the program carries.
fn asked(words: &[&str]) -> (Outcome, String) {
    let folder = tempfile::tempdir().unwrap();
    let (database, index) = (folder.path().join("onrecord.db"), folder.path().join("index"));
    let app = App::open(&DataConfig { database, index, shipped_data: true }).unwrap();
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    let reply = ask(&app, &words, PAGE_SIZE).unwrap();
    (reply.outcome, drawn(&words, &reply).unwrap())
}

#[test]
fn the_picture_in_readme_is_of_a_real_answer() {
    let (outcome, picture) = asked(&["source", "sydney"]);
    assert_eq!(outcome, Outcome::Answered);
    let file = root().join("docs/answer.svg");
    if std::env::var_os("ONRECORD_DRAW").is_some() {
        std::fs::write(&file, &picture).unwrap();
    }
    let shown = std::fs::read_to_string(&file).unwrap();
    assert!(shown == picture, "draw it anew: ONRECORD_DRAW=1 cargo test --example picture the_picture");
}

/// Holds that a picture is XML that draws and does nothing else.
fn assert_only_draws(picture: &str) {
    let document = roxmltree::Document::parse(picture).unwrap();
    for node in document.descendants() {
        if node.is_element() {
            let name = node.tag_name().name();
            assert!(["svg", "title", "rect", "circle", "text"].contains(&name), "{name}");
            for attribute in node.attributes() {
                let name = attribute.name();
                assert!(!name.starts_with("on") && !name.contains("href") && name != "style", "{name}");
            }
        } else {
            assert!(node.is_root() || node.is_text(), "{node:?}");
        }
        let text = node.text().unwrap_or_default();
        assert!(!text.chars().any(|character| character != '\n' && is_invisible(character)), "{text:?}");
    }
}

/// The strings that a program might obey (tests/fixtures/README.md).
fn hostile() -> Vec<String> {
    let files = std::fs::read_dir(root().join("tests/fixtures/hostile")).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
    texts.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// An answer that has this string wherever text of the records, or of who asks, comes to.
fn answer_of(text: &str) -> Reply {
    let source = SourceLine {
        origin: SourceOrigin::Original,
        id: "D1".to_owned(),
        publisher: text.to_owned(),
        date: None,
        title: Some(text.to_owned()),
        language: Some(text.to_owned()),
        address: Some("https://news.example.org/".parse().unwrap()),
        archive: None,
        locator: Some(text.to_owned()),
        notices: Vec::new(),
    };
    let mut entry = Entry::new(EntryKind::Statement, "S1", Text::new().strong(text).plain(text));
    entry.text = text.to_owned();
    entry.quote = Some(Quoted { text: text.to_owned(), language: Some(text.to_owned()) });
    entry.details = vec![Text::new().plain("About: ").plain(text)];
    entry.sources = vec![source];
    Reply::new(Outcome::Answered)
        .heading(text)
        .paragraph(Text::new().plain("Ask ").ask(calls::source(text)).plain(text))
        .entry(entry)
        .hint(text)
        .warning(text)
        .action(text, calls::source(text))
}

#[test]
fn a_picture_of_hostile_text_is_xml_that_only_draws() {
    let strings = hostile();
    assert!(strings.len() >= 300);
    for text in strings {
        assert_only_draws(&svg(&text, &text, 80).unwrap());
        assert_only_draws(&drawn(&["source".to_owned(), text.clone()], &answer_of(&text)).unwrap());
    }
}

/// Words in several scripts, with what could steer a terminal or end an element strewn in.
fn wording() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        4 => "[a-zA-Z]{1,12}",
        1 => "[a-z]{30,260}",
        2 => "[悉尼的联络点。，“”]{1,30}",
        1 => "[а-яא-ת؀-ۿก-๛]{1,12}",
        2 => Just(" ".to_owned()),
        2 => "[\\x00-\\x1f\\x7f-\u{9f}]{1,3}",
        1 => "[\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{e0001}]{1,3}",
        1 => Just("\u{1b}]8;;https://elsewhere.example\u{1b}\\here\u{1b}]8;;\u{7}".to_owned()),
        1 => Just("\u{1b}[31m\u{9b}2J".to_owned()),
        1 => "\u{1b}\\[[0-9;]{0,6}m",
        1 => "[👩‍👧❤️🇳🇱e\u{301}]{1,6}",
        1 => "[<>&'\"]{1,4}",
        1 => Just("</text><script>&#0;]]>".to_owned()),
        1 => "\\PC{0,8}",
        1 => any::<String>(),
    ];
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_picture_of_anything_is_well_formed(text in wording(), columns in 1..120_usize) {
        let picture = svg(&text, &text, columns).unwrap();
        prop_assert!(picture.ends_with("</svg>\n"));
        prop_assert!(picture.chars().all(|character| character == '\n' || !is_invisible(character)));
        assert_only_draws(&picture);
    }
}

#[test]
fn a_file_that_is_there_stays_unless_it_is_to_be_replaced_and_the_records_stay_whatever_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (file, database) = (at("answer.svg"), at("onrecord.db"));
    for path in [&file, &database] {
        std::fs::write(path, "mine").unwrap();
    }
    let variables = Variables::of(&[("ONRECORD_DATABASE", database.to_str().unwrap())]);
    let config = Config::read(&variables).unwrap();
    let existing = |words: &[&str]| Arguments::try_parse_from(words).unwrap().existing();
    let refused = output(&config, &file, existing(&["picture", "answer.svg", "source", "dublin"]));
    assert!(matches!(refused, Err(TargetError::Exists(_))), "{refused:?}");
    let replace = existing(&["picture", "--force", "answer.svg", "source", "dublin"]);
    output(&config, &file, replace).unwrap().write(b"new").unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
    let guarded = output(&config, &database, replace);
    assert!(matches!(guarded, Err(TargetError::Guarded { .. })), "{guarded:?}");
    assert_eq!(std::fs::read_to_string(&database).unwrap(), "mine");
}
