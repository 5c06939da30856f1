//! Links that people paste: which page they lead to, whatever way they were copied, and what is on record of it.

use std::{fmt::Write, sync::LazyLock};

use onrecord::{
    chat::terminal::{Settings, Surface, render},
    model::{WebAddress, same_page},
    reply::{Outcome, Reply, json::JsonReply},
};

use super::{
    editorial::{decide, say, town},
    support::World,
};

static HARBOUR: LazyLock<World> = LazyLock::new(|| World::of(include_str!("../fixtures/addresses/harbour.toml")));
static SHIPPED: LazyLock<World> = LazyLock::new(World::shipped);

const PIER: &str = "https://www.gull.example.org/2022/10/26/pier?id=7";

fn pairs(text: &'static str) -> Vec<(&'static str, &'static str)> {
    text.lines().map(|line| line.split_once('\t').unwrap()).collect()
}

fn page(address: &str) -> String {
    same_page(&address.parse::<WebAddress>().unwrap())
}

/// What is shown at a terminal that can't open links.
fn shown(reply: &Reply) -> String {
    let settings = Settings {
        width: 100,
        colour: false,
        hyperlinks: false,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: String::new(),
    };
    render(reply, &settings)
}

fn conversation(world: &World, lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        writeln!(text, "> {line}\n{}\n", shown(&world.ask(line))).unwrap();
    }
    text
}

#[test]
fn addresses_of_one_page_are_one_and_others_are_not() {
    let mut wrong = String::new();
    let same = pairs(include_str!("../fixtures/addresses/same.tsv"));
    let other = pairs(include_str!("../fixtures/addresses/other.tsv"));
    assert!(same.len() >= 60 && other.len() >= 30);
    for (one, two, are_one) in
        same.iter().map(|(one, two)| (one, two, true)).chain(other.iter().map(|(one, two)| (one, two, false)))
    {
        let (left, right) = (page(one), page(two));
        if (left == right) != are_one {
            writeln!(wrong, "{one} is {left}\n{two} is {right}\n").unwrap();
        }
        // What is compared is its own form.
        assert_eq!((page(&left), page(&right)), (left, right));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn each_form_of_an_address_on_record_finds_the_source() {
    let mut pack = String::from("[[entity]]\nkey = \"p\"\nkind = \"organisation\"\nname = \"Pub\"\n");
    let same = pairs(include_str!("../fixtures/addresses/same.tsv"));
    // Several pairs have one left side: it is one source.
    let mut pages: Vec<(String, &str)> = same.iter().map(|(one, _)| (page(one), *one)).collect();
    pages.sort();
    pages.dedup_by(|(one, _), (other, _)| one == other);
    for (at, (_, url)) in pages.iter().enumerate() {
        write!(
            pack,
            "[[source]]\nkey = \"s-{at}\"\nkind = \"news_article\"\ntitle = \"Title {at}\"\nurl = {url:?}\n\
             publisher = \"p\"\npublished = \"2022\"\nlanguage = \"en\"\nseen = \"full\"\n"
        )
        .unwrap();
    }
    let world = World::of(&pack);
    for (one, two) in same {
        let at = pages.iter().position(|(known, _)| *known == page(one)).unwrap();
        for line in [format!("check {two}"), format!("source <{two}>")] {
            assert_eq!(world.keys(&line), [format!("s-{at}")], "{line}");
        }
    }
}

#[test]
fn a_link_gives_the_entries_that_cite_the_page() {
    insta::assert_snapshot!(conversation(
        &HARBOUR,
        &[
            &format!("check {PIER}"),
            "source https://web.archive.org/web/2022/http://gull.example.org/2022/10/26/pier/?id=7&utm_source=x",
            "check <https://archive.is/AbC12>",
            "source [what the board says](https://bulletin.example.net/board-answers)",
            "source https://youtu.be/A5p-ZrwIC-1?si=x",
            "check https://www.gull.example.org/2022/11/02/whales",
        ],
    ));
}

#[test]
fn a_link_that_leads_elsewhere_gives_what_there_is_from_its_host() {
    insta::assert_snapshot!(conversation(
        &HARBOUR,
        &[
            "check https://m.gull.example.org/2023/01/01/other",
            "source https://m.gull.example.org/2023/01/01/other",
            "source from:gull.example.org",
            "check https://nowhere.example.com/a",
            "source https://nowhere.example.com/a",
            "source from:nowhere.example.com/a",
            "check Did the pier close? https://nowhere.example.com/a",
        ],
    ));
}

#[test]
fn a_message_with_words_and_a_link_is_checked_for_both() {
    insta::assert_snapshot!(conversation(
        &HARBOUR,
        &[
            "check They say a crane will be bought for the harbour: https://gull.example.org/2022/10/26/pier?id=7.",
            "check lol https://gull.example.org/2022/10/26/pier?id=7",
            "check A crane will be bought for the harbour https://gull.example.org/2023/unknown",
            "source the pier in https://gull.example.org/2022/10/26/pier?id=7 by:\"ana silva\"",
            "source crane https://nowhere.example.com/a",
        ],
    ));
}

#[test]
fn a_publisher_is_known_by_the_host_of_its_sources() {
    let names = SHIPPED.keys("source from:\"the irish times\"");
    assert!(!names.is_empty());
    for host in [
        "irishtimes.com",
        "www.irishtimes.com",
        "https://www.irishtimes.com",
        "http://irishtimes.com/",
        "https://www.irishtimes.com/a/b?c=d",
        "irishtimes.com/a/b",
        "IrishTimes.com",
    ] {
        assert_eq!(SHIPPED.keys(&format!("source from:{host}")), names, "{host}");
    }
    assert_eq!(SHIPPED.keys("source irishtimes.com"), names);
    assert_eq!(SHIPPED.keys("source dublin from:irishtimes.com"), SHIPPED.keys("source dublin from:\"irish times\""));
    assert_eq!(SHIPPED.keys("source dublin -from:irishtimes.com"), SHIPPED.keys("source dublin -from:\"irish times\""));
    assert_eq!(SHIPPED.keys("sources irishtimes.com"), SHIPPED.keys("sources irish times"));
    // Where several have sources on one host, it may be any of them.
    let both = shown(&HARBOUR.ask("source from:youtube.com"));
    assert!(both.contains("Harbour Bulletin or Pier Watch"), "{both}");
    assert_eq!(HARBOUR.keys("source from:youtube.com"), ["pier-filmed", "pier-closed"]);
    for nobody in ["from:nobody.example.com", "from:https://nobody.example.com/a", "from:www.nobody.com"] {
        let reply = SHIPPED.ask(&format!("source {nobody}"));
        assert_eq!((reply.outcome, reply.records.len()), (Outcome::NothingFound, 0), "{nobody}");
    }
}

#[test]
fn what_only_looks_like_a_link_is_a_word() {
    for line in ["check Node.js", "source Node.js", "source harbour.town", "check 3.5 metres", "source e.g. nothing"] {
        let said = shown(&HARBOUR.ask(line));
        assert!(!said.contains("This page"), "{line}: {said}");
    }
    assert_eq!(HARBOUR.keys("check gull.example.org/2022/10/26/pier?id=7"), ["pier-closed", "crane-bought"]);
}

#[test]
fn what_an_editor_changes_is_found_from_then_on() {
    let world = town();
    let cited = |url: &str| world.keys(&format!("check {url}"));
    let (old, new) = ("https://gull.example.org/pier?id=7", "https://gull.example.org/pier?id=8");
    assert_eq!((cited(old), cited(new)), (vec!["pier-closed".to_owned()], Vec::new()));
    say(&world, "terminal:cai", &format!("edit D1\nurl: {new}"));
    assert_eq!(cited(new), Vec::<String>::new(), "a proposal changes nothing");
    decide(&world, "terminal:rui", "approve C2");
    assert_eq!((cited(old), cited(new)), (Vec::new(), vec!["pier-closed".to_owned()]));
    say(&world, "terminal:cai", "edit D1\narchive: https://archive.ph/AbC12");
    decide(&world, "terminal:rui", "approve C3");
    assert_eq!(cited("https://archive.today/AbC12"), ["pier-closed"]);
    let url = "https://other.example.org/a";
    say(&world, "terminal:cai", &format!("add source\nurl: {url}\npublisher: The Daily Gull\ntitle: T\nlanguage: en"));
    decide(&world, "terminal:rui", "approve C4");
    assert_eq!(world.ids(&format!("check {url}")), ["D2"]);
}

#[test]
fn a_page_that_only_looks_like_one_on_record_is_added_once_it_is_confirmed() {
    for (known, new) in pairs(include_str!("../fixtures/addresses/other.tsv")) {
        let world = town();
        let source = |url: &str| format!("add source\nurl: {url}\npublisher: The Daily Gull\ntitle: T\nlanguage: en");
        for (url, change) in [(known, "C2"), (new, "C3")] {
            let reply = say(&world, "terminal:cai", &source(url));
            assert_eq!(reply.outcome, Outcome::Answered, "{url}: {}", shown(&reply));
            decide(&world, "terminal:rui", &format!("approve {change}"));
        }
        if known.contains("localhost") {
            break;
        }
    }
    let world = town();
    let twin = "https://gull.example.org/pier?id=7&utm_source=second-edition";
    let source = format!("add source\nurl: {twin}\npublisher: The Daily Gull\ntitle: Second edition\nlanguage: en");
    let reply = say(&world, "terminal:cai", &source);
    assert_eq!(reply.outcome, Outcome::Misused);
    insta::assert_snapshot!(shown(&reply));
    let reply = say(&world, "terminal:cai", &format!("{source}\nconfirm: yes"));
    assert_eq!(reply.outcome, Outcome::Answered, "{}", shown(&reply));
    decide(&world, "terminal:rui", "approve C2");
    // Each is cited by its own address.
    for (url, id, text) in [
        (twin, "D2", "Whales came by in spring."),
        ("https://gull.example.org/pier?id=7", "D1", "A market would be built on the hill."),
    ] {
        let add = format!("add statement\nspeaker: Ana Silva\ntext: {text}\nsource: {url}\nabout: Harbour Town");
        let reply = say(&world, "terminal:cai", &add);
        let text = serde_json::to_value(JsonReply::of(&reply)).unwrap().to_string();
        assert!(reply.outcome == Outcome::Answered && text.contains(id), "{text}");
    }
    // The very address is on record: nothing is to be confirmed.
    let again = source.replace("Second edition", "Third");
    let reply = say(&world, "terminal:cai", &format!("{again}\nconfirm: yes"));
    assert!(reply.outcome == Outcome::Misused && shown(&reply).contains("the page is on record as D2"), "{reply:?}");
}
