//! What holds for any text in any field at any width.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{plain, rich, samples};
use crate::{
    chat::terminal::{MIN_WIDTH, Settings, clean::clean, render},
    model::is_invisible,
    reply::{Entry, EntryKind, Notice, Outcome, Page, Quoted, Reply, SourceLine, SourceOrigin, Span, Text},
};

const ADDRESSES: [&str; 3] = [
    "https://news.example.org/a/rather/long/path/that/no/narrow/terminal/could/show/on/one/line?with=a&query=string",
    "https://bücher.example.org/führerschein/悉尼",
    "https://a.example.org/",
];

/// Words in several scripts, with what could steer a terminal strewn in.
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
        1 => "[👩‍👧❤️🇳🇱e\u{301}]{1,6}",
        1 => "\\PC{0,8}",
        1 => any::<String>(),
    ];
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

/// Whether something is there or not, and which address it has.
type Shape = (bool, bool, usize);

/// A reply in which every field that takes text has one of these, over and over.
fn reply(words: &[String], shape: Shape) -> Reply {
    let mut at = 0;
    let mut next = || {
        at += 1;
        words[at % words.len()].clone()
    };
    let (full, dated, which) = shape;
    let address = samples::address(ADDRESSES[which]);
    let date = dated.then(|| samples::date("2022-10-26"));
    let mut entry = |kind: EntryKind| {
        let mut entry = Entry::new(kind, next(), Text::new().strong(next()).plain(next()));
        entry.date = date;
        entry.text = next();
        entry.quote = full.then(|| Quoted { text: next(), language: dated.then(&mut next) });
        entry.notices = vec![
            Notice::Retracted { on: samples::date("2026"), reason: next() },
            Notice::Corrected { on: samples::date("2026"), reason: next() },
        ];
        entry.details = vec![Text::new().plain(next()).id(next())];
        entry.more_sources = which;
        entry.sources = [(SourceOrigin::Original, full), (SourceOrigin::Carried, true), (SourceOrigin::Carried, false)]
            .map(|(origin, linked)| SourceLine {
                date,
                title: full.then(&mut next),
                language: full.then(&mut next),
                locator: dated.then(&mut next),
                address: linked.then(|| address.clone()),
                archive: full.then(|| address.clone()),
                notices: vec![Notice::Corrected { on: samples::date("2026"), reason: next() }],
                ..samples::source(&next(), origin, &next())
            })
            .to_vec();
        entry
    };
    let mut statement = entry(EntryKind::Statement);
    statement.responses = vec![entry(EntryKind::Response)];
    let others = [entry(EntryKind::Source), entry(EntryKind::Change)];
    let text = Text::new()
        .plain(next())
        .strong(next())
        .id(next())
        .ask(next())
        .syntax(next())
        .span(Span::Link { text: next(), address })
        .plain(next());
    let mut reply = Reply::new(Outcome::Answered)
        .heading(text.clone())
        .paragraph(text.clone())
        .list(vec![text.clone()])
        .facts(vec![crate::reply::Fact { label: "Part of".into(), value: text.clone() }])
        .hint(text.clone())
        .warning(text)
        .entry(statement)
        .on_page(Page::new(1, 2, next()))
        .action(next(), next());
    for other in others {
        reply = reply.entry(other);
    }
    reply
}

/// The lines that hold an address, which is never broken.
fn is_address(line: &str) -> bool {
    ADDRESSES.iter().any(|address| line.ends_with(address))
}

/// The drawn text without the escape sequences that this front end has; what is left of others is
/// found by the tests.
fn without_ours(drawn: &str) -> String {
    let mut left = String::new();
    let mut rest = drawn;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        left.push_str(before);
        rest = if let Some(sgr) = after.strip_prefix('[') {
            let (parameters, after) = sgr.split_once('m').unwrap();
            assert!(["0", "1", "2", "4", "36", "1;36", "1;33", "1;31"].contains(&parameters), "{parameters:?}");
            after
        } else if let Some(after) = after.strip_prefix("]8;;\u{1b}\\") {
            after
        } else if let Some(link) = after.strip_prefix("]8;id=onrecord-") {
            let (target, after) = link.split_once("\u{1b}\\").unwrap();
            let (number, target) = target.split_once(';').unwrap();
            assert!(number.parse::<usize>().is_ok());
            assert!(target.starts_with("https://") && target.bytes().all(|byte| byte.is_ascii_graphic()));
            after
        } else {
            panic!("an escape sequence that isn't ours: {:?}", after.chars().take(20).collect::<String>());
        };
    }
    left.push_str(rest);
    left
}

fn check_lines(drawn: &str, width: usize) -> Result<(), TestCaseError> {
    for line in drawn.lines() {
        prop_assert!(line.chars().all(|character| !is_invisible(character)), "{line:?}");
        prop_assert!(!line.ends_with(' '), "{line:?}");
        let narrow = line.width() <= width || is_address(line);
        // A character of more columns than there are is as narrow as it gets.
        prop_assert!(narrow || line.trim_start().graphemes(true).count() == 1, "{} > {width}: {line:?}", line.width());
    }
    Ok(())
}

fn letters(text: &str) -> String {
    clean(text).chars().filter(|character| !character.is_whitespace()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_but_lines_of_the_width_comes_out(
        words in prop::collection::vec(wording(), 1..9),
        shape in (any::<bool>(), any::<bool>(), 0..3_usize),
        width in 0..200_usize,
        unicode in any::<bool>(),
    ) {
        let drawn = render(&reply(&words, shape), &Settings { unicode, ..plain(width) });
        check_lines(&drawn, width.max(MIN_WIDTH))?;
    }

    #[test]
    fn colours_and_links_add_only_our_own_sequences_and_change_no_line(
        words in prop::collection::vec(wording(), 1..9),
        shape in (any::<bool>(), any::<bool>(), 0..3_usize),
        width in 20..200_usize,
    ) {
        let reply = reply(&words, shape);
        check_lines(&without_ours(&render(&reply, &rich(width))), width)?;
        let coloured = without_ours(&render(&reply, &Settings { colour: true, ..plain(width) }));
        check_lines(&coloured, width)?;
    }

    #[test]
    fn every_character_of_the_wording_is_there_in_order(text in wording(), quote in wording(), width in 20..200_usize) {
        let mut entry = Entry::new(EntryKind::Statement, "S1", Text::new().strong("Who"));
        entry.text.clone_from(&text);
        entry.quote = Some(Quoted { text: quote.clone(), language: None });
        let drawn = render(&Reply::new(Outcome::Answered).entry(entry), &plain(width));
        // A line may begin with a mark that clusters with nothing; cleaning would drop it there.
        let drawn: String = drawn.chars().filter(|character| !character.is_whitespace()).collect();
        prop_assert_eq!(drawn, format!("S1Who·datenotonrecord{}“{}”", letters(&text), letters(&quote)));
    }
}
