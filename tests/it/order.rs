//! The judged set of order over the shipped entries (`tests/fixtures/judged/order.toml`): how often the entry that a
//! careful reader would want first comes first, and how often all that belong on the first page are there. The figures
//! are committed; a change of one shows in the diff. What goes wrong is listed of the half to work with alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use onrecord::{
    desk::Request,
    model::{RecordKey, RecordKind},
    reply::json::JsonRecord,
};
use serde::Deserialize;

use super::support::{World, request};

/// How many entries a first page has in chats.
const PAGE: usize = 3;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    questions: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    typed: String,
    language: String,
    kind: String,
    about: String,
    first: Vec<String>,
    page: Vec<String>,
    part: String,
    why: String,
}

fn items() -> Vec<Item> {
    toml::from_str::<File>(include_str!("../fixtures/judged/order.toml")).unwrap().questions
}

/// How many are right of how many.
#[derive(Default, Clone, Copy)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    fn cell(self) -> String {
        if self.of == 0 { "-".to_owned() } else { format!("{} of {}", self.right, self.of) }
    }
}

#[test]
fn what_a_reader_expects_comes_first_as_often_as_before() {
    let world = World::shipped();
    let mut figures: BTreeMap<(&str, &str), [Share; 2]> = BTreeMap::new();
    let mut wrong = String::new();
    let items = items();
    for item in &items {
        let line = format!("source {}", item.typed);
        let reply = world.app.desk.answer(&Request { page_size: PAGE, ..request(&line) });
        let found: Vec<String> = reply
            .records
            .iter()
            .filter_map(
                |record| if let JsonRecord::Statement(found) = record { Some(found.key.to_string()) } else { None },
            )
            .collect();
        let first = found.first().is_some_and(|first| item.first.contains(first));
        let missing: Vec<&str> = item.page.iter().filter(|key| !found.contains(key)).map(String::as_str).collect();
        for of in ["all", &item.kind] {
            let [firsts, pages] = figures.entry((of, &item.part)).or_default();
            firsts.add(first);
            pages.add(missing.is_empty());
        }
        if item.part == "work" && !(first && missing.is_empty()) {
            let came = found.first().map_or("nothing", String::as_str);
            let first = if first { "first right".to_owned() } else { format!("first {came}") };
            let missing =
                if missing.is_empty() { String::new() } else { format!("; not there: {}", missing.join(", ")) };
            writeln!(wrong, "{} {}: {first}{missing}", item.kind, item.typed).unwrap();
        }
    }
    let kinds: BTreeSet<&str> = figures.keys().map(|(kind, _)| *kind).collect();
    let mut table = format!("{:<14}{:>24}{:>26}\n", "", "the right entry first", "all on the first page");
    for kind in kinds {
        let cell =
            |part, measure: usize| figures.get(&(kind, part)).map_or_else(String::new, |shares| shares[measure].cell());
        let [work, test] = ["work", "test"].map(|part| [cell(part, 0), cell(part, 1)]);
        writeln!(table, "{kind:<14}{:>12}{:>12}{:>14}{:>12}", work[0], test[0], work[1], test[1]).unwrap();
    }
    insta::assert_snapshot!(format!("(to work with, to test on)\n{table}\nIn the half to work with:\n{wrong}"));
}

#[test]
fn the_judged_order_is_of_what_is_on_record_and_its_halves_are_apart() {
    let world = World::shipped();
    let reader = world.app.store.reader().unwrap();
    let is_there =
        |kind, key: &str| reader.record_id(&RecordKey { kind, key: key.parse().unwrap() }).unwrap().is_some();
    let items = items();
    let mut halves: BTreeMap<&str, &str> = BTreeMap::new();
    let mut typed = BTreeSet::new();
    for item in &items {
        assert!(typed.insert(item.typed.to_lowercase()), "{} stands twice", item.typed);
        assert!(is_there(RecordKind::Entity, &item.about), "no entity {}", item.about);
        for key in item.first.iter().chain(&item.page) {
            assert!(is_there(RecordKind::Statement, key), "no statement {key}");
        }
        assert!(!item.first.is_empty() && !item.why.is_empty() && !item.language.is_empty());
        assert!(["work", "test"].contains(&item.part.as_str()));
        assert_eq!(*halves.entry(&item.about).or_insert(&item.part), item.part, "{} lies in both halves", item.about);
    }
    let languages: BTreeSet<&str> = items.iter().map(|item| item.language.as_str()).collect();
    assert!(items.len() >= 60 && languages.len() >= 8);
}
