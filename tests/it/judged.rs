//! The judged set over the shipped entries (`tests/fixtures/judged`): how many names are understood, how many questions
//! are answered rightly, and how many that nothing on record answers are left without an answer. The figures are
//! committed; a change of one shows in the diff. What goes wrong is listed of the half to work with alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::{LazyLock, Mutex},
    thread,
};

use onrecord::{
    desk::Request,
    model::{EntityId, RecordKey, RecordKind},
    reply::{Block, CommandCall, Outcome, PAGE_PARAMETER, Reply, Span, Text, json::JsonNamed, json::JsonRecord},
};
use serde::Deserialize;

use super::support::{World, request};

/// How many entries a page has: a question's right entry must be among them.
const PAGE: usize = 5;

/// One world for all that is asked.
static SHIPPED: LazyLock<World> = LazyLock::new(World::shipped);

/// The half of the set that an item lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Work,
    Test,
}

/// A file of the set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(alias = "names", alias = "questions", alias = "absent")]
    items: Vec<Item>,
}

/// What is typed, and what is right for it. The heads of the files say what each field means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    typed: String,
    language: String,
    kind: String,
    part: Part,
    #[serde(default)]
    is: Vec<String>,
    about: Option<String>,
    #[serde(default)]
    first: Vec<String>,
    #[serde(default)]
    page: Vec<String>,
    subject: Option<String>,
    place: Option<String>,
    #[serde(default)]
    allowed: Vec<String>,
}

fn items(file: &str) -> Vec<Item> {
    let text = std::fs::read_to_string(format!("tests/fixtures/judged/{file}.toml")).unwrap();
    toml::from_str::<File>(&text).unwrap().items
}

/// The entity of this key.
fn entity(key: &str) -> EntityId {
    EntityId(number(RecordKind::Entity, key))
}

/// The number of the record of this key.
fn number(kind: RecordKind, key: &str) -> i64 {
    let reader = SHIPPED.app.store.reader().unwrap();
    let name = RecordKey { kind, key: key.parse().unwrap() };
    reader.record_id(&name).unwrap().unwrap_or_else(|| panic!("no {kind} {key}")).number
}

/// Whether an item's answer is right, and what it was in a few words.
struct Found {
    right: bool,
    /// Whether it is right by the second measure, where there is one.
    also: bool,
    gist: String,
}

/// What is found of each item, in order. They are asked on all processors, as a desk is by several people.
fn judge(items: &[Item], found: impl Fn(&Item, &Reply) -> Found + Sync) -> Vec<Found> {
    LazyLock::force(&SHIPPED);
    let ask = |item: &Item| {
        let line = format!("source {}", item.typed);
        found(item, &SHIPPED.app.desk.answer(&Request { page_size: PAGE, ..request(&line) }))
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let ask = &ask;
    thread::scope(|scope| {
        let shares = items.chunks(items.len().div_ceil(threads));
        let at_work: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(ask).collect::<Vec<Found>>())).collect();
        at_work.into_iter().flat_map(|share| share.join().unwrap()).collect()
    })
}

/// How many are right of how many, in the half to work with and in the half to test on.
#[derive(Default)]
struct Count {
    work: (usize, usize),
    test: (usize, usize),
}

impl Count {
    fn add(&mut self, part: Part, right: bool) {
        let (rights, of) = match part {
            Part::Work => &mut self.work,
            Part::Test => &mut self.test,
        };
        *rights += usize::from(right);
        *of += 1;
    }

    fn row(&self, of: &str) -> String {
        let cell = |(right, of): (usize, usize)| if of == 0 { "-".to_owned() } else { format!("{right} of {of}") };
        format!("{of:<22}{:>12}{:>12}\n", cell(self.work), cell(self.test))
    }
}

/// The figures of one measure, by kind and by language.
fn table<'a>(measure: &str, judged: impl Iterator<Item = (&'a Item, bool)>) -> String {
    let mut all = Count::default();
    let mut kinds: BTreeMap<&str, Count> = BTreeMap::new();
    let mut languages: BTreeMap<&str, Count> = BTreeMap::new();
    for (item, right) in judged {
        all.add(item.part, right);
        kinds.entry(&item.kind).or_default().add(item.part, right);
        languages.entry(&item.language).or_default().add(item.part, right);
    }
    let counts = kinds.into_iter().chain(languages);
    let rows: String = std::iter::once(("all", all)).chain(counts).map(|(of, count)| count.row(of)).collect();
    format!("{measure}\n{:<22}{:>12}{:>12}\n{rows}\n", "", "to work with", "to test on")
}

fn by_first_measure(measure: &str, items: &[Item], found: &[Found]) -> String {
    table(measure, items.iter().zip(found.iter().map(|found| found.right)))
}

fn by_second_measure(measure: &str, items: &[Item], found: &[Found]) -> String {
    table(measure, items.iter().zip(found.iter().map(|found| found.also)))
}

/// What is wrong by either measure in the half to work with, a line each.
fn list(heading: &str, items: &[Item], found: &[Found]) -> String {
    let mut list = format!("{heading}\n");
    for (item, found) in items.iter().zip(found) {
        if item.part == Part::Work && !(found.right && found.also) {
            writeln!(list, "{} {}: {} → {}", item.kind, item.language, item.typed, found.gist).unwrap();
        }
    }
    list
}

#[test]
fn judged_names_are_understood_as_often_as_before() {
    let items = items("names");
    let found = judge(&items, |name, reply| {
        let snapshot = SHIPPED.app.search.snapshot();
        let wanted: BTreeSet<EntityId> = name.is.iter().map(|key| entity(key)).collect();
        let wholes = wanted.iter().flat_map(|&wanted| snapshot.names().wholes(wanted)).map(|whole| whole.id);
        let fitting: BTreeSet<EntityId> = wholes.chain(wanted.iter().copied()).collect();
        let named: Vec<&JsonNamed> = reply.understood.iter().flat_map(|understood| &understood.names).collect();
        let entities = named.iter().flat_map(|named| &named.entities);
        let (taken_for, gist): (Vec<EntityId>, Vec<&str>) =
            entities.map(|entity| (EntityId(entity.id[1..].parse().unwrap()), entity.name.as_str())).unzip();
        let asked_for = named.iter().all(|named| !named.excluded);
        let right = asked_for
            && taken_for.iter().any(|id| wanted.contains(id))
            && taken_for.iter().all(|id| fitting.contains(id));
        let gist = if gist.is_empty() { "no name".to_owned() } else { gist.join(" + ") };
        Found { right, also: right, gist }
    });
    let figures = by_first_measure("Names that are understood", &items, &found);
    let figures = figures + list("Not understood:", &items, &found).as_str();
    insta::assert_snapshot!(figures);
}

/// The keys of the statements of an answer, in order.
fn statements(reply: &Reply) -> Vec<String> {
    let statements = reply.records.iter().filter_map(|record| match record {
        JsonRecord::Statement(statement) => Some(statement.key.to_string()),
        JsonRecord::Response(_) | JsonRecord::Source(_) | JsonRecord::Entity(_) | JsonRecord::Change(_) => None,
    });
    statements.collect()
}

#[test]
fn judged_questions_are_answered_as_often_as_before() {
    let items = items("questions");
    let found = judge(&items, |question, reply| {
        let found = statements(reply);
        let right = found.first().is_some_and(|first| question.first.contains(first));
        let also = found.iter().any(|key| question.page.contains(key));
        let first = found.first().map_or("nothing", String::as_str);
        Found { right, also, gist: format!("{first}{}", if also { ", later the right one" } else { "" }) }
    });
    let first = by_first_measure("Questions whose right entry comes first", &items, &found);
    let page = by_second_measure("Questions whose right entry is on the first page", &items, &found);
    let figures = format!("{first}{page}{}", list("Not first:", &items, &found));
    insta::assert_snapshot!(figures);
}

/// The names that a reply offers to ask for.
fn offered(reply: &Reply) -> BTreeSet<String> {
    let texts = reply.blocks.iter().flat_map(|block| match block {
        Block::Heading(text) | Block::Paragraph(text) => vec![text],
        Block::Note(note) => vec![&note.text],
        Block::List(items) => items.iter().collect(),
        Block::Facts(facts) => facts.iter().map(|fact| &fact.value).collect(),
        Block::Entry(_) => Vec::new(),
    });
    let spans = texts.flat_map(|Text(spans)| spans);
    let calls = spans.filter_map(|span| if let Span::Ask(call) = span { Some(call) } else { None });
    let calls = calls.chain(reply.actions.iter().map(|action| &action.ask));
    let arguments = calls.filter(|call| call.command() == "source").flat_map(CommandCall::arguments);
    let names = arguments.filter(|argument| argument.parameter != PAGE_PARAMETER);
    names.map(|argument| argument.value.trim_matches('"').to_owned()).collect()
}

#[test]
fn what_is_not_on_record_is_answered_with_other_entries_no_more_often_than_before() {
    let items = items("absent");
    let known = Mutex::new(Vec::new());
    let found = judge(&items, |absent, reply| {
        if absent.kind == "place" {
            let places = reply.understood.as_ref().map_or(0, |understood| understood.places_not_on_record.len());
            known.lock().unwrap().push((absent.part, places > 0));
        }
        let snapshot = SHIPPED.app.search.snapshot();
        let name = |key: &String| snapshot.names().entity(entity(key)).unwrap().name.clone();
        let right = reply.outcome == Outcome::NothingFound && reply.records.is_empty();
        let mut others = offered(reply);
        for allowed in absent.allowed.iter().map(name) {
            others.remove(&allowed);
        }
        let gist = match statements(reply).first() {
            Some(first) => first.clone(),
            None => format!("nothing, but offers {}", Vec::from_iter(others.iter().cloned()).join(", ")),
        };
        Found { right, also: right && others.is_empty(), gist }
    });
    let silent = by_first_measure("Questions on what isn't on record that no entry is given for", &items, &found);
    let alone = by_second_measure("… and no other name is offered for", &items, &found);
    let known = known.into_inner().unwrap();
    let of = |part: Part| {
        let all: Vec<bool> = known.iter().filter(|(of, _)| *of == part).map(|(_, known)| *known).collect();
        format!("{} of {}", all.iter().filter(|known| **known).count(), all.len())
    };
    let known = format!("Known as places: {} to work with, {} to test on\n\n", of(Part::Work), of(Part::Test));
    let figures = format!("{silent}{known}{alone}{}", list("Other entries, or other names:", &items, &found));
    insta::assert_snapshot!(figures);
}

#[test]
fn the_judged_set_is_large_and_its_halves_are_apart() {
    let (names, questions, absent) = (items("names"), items("questions"), items("absent"));
    assert!(names.len() >= 220 && questions.len() >= 160 && absent.len() >= 90);
    for name in &names {
        assert!(!name.is.is_empty(), "{name:?}");
    }
    for question in &questions {
        assert!(question.about.is_some() && !question.first.is_empty() && !question.page.is_empty(), "{question:?}");
    }
    for absent in &absent {
        assert!(absent.subject.is_some() && absent.place.is_some() == (absent.kind == "place"), "{absent:?}");
    }
    for items in [&names, &questions, &absent] {
        let languages: BTreeSet<&str> = items.iter().map(|item| item.language.as_str()).collect();
        let thirteen = ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "tr", "zh"];
        assert!(thirteen.iter().all(|language| languages.contains(language)), "{languages:?}");
    }
    let mut typed = BTreeSet::new();
    let mut halves: BTreeMap<&str, Part> = BTreeMap::new();
    for item in names.iter().chain(&questions).chain(&absent) {
        assert!(typed.insert(item.typed.to_lowercase()), "{} stands twice", item.typed);
        for key in item.is.iter().chain(&item.about).chain(&item.allowed) {
            number(RecordKind::Entity, key);
        }
        for key in item.first.iter().chain(&item.page) {
            number(RecordKind::Statement, key);
        }
        for of in item.is.iter().chain(&item.about).chain(&item.subject) {
            assert_eq!(*halves.entry(of).or_insert(item.part), item.part, "{of} lies in both halves");
        }
    }
}
