//! Links that people paste: which page they lead to, whatever way they were copied, and what is on record of it.

use std::fmt::Write;

use onrecord::{
    chat::terminal::{Settings, Surface, render},
    model::{WebAddress, same_page},
    reply::{Outcome, Reply, json::JsonReply},
};

use super::editorial::{decide, say, town};

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
