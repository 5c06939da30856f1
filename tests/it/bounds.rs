//! Requests of any size and shape: what is too much is refused in words, and of what is taken no more than so much is
//! asked of the index. Nothing here depends on how fast the machine is.

use std::sync::LazyLock;

use onrecord::{
    commands::{COMMANDS, MAX_VALUES, ParameterKind, ParameterPlace},
    desk::{Invocation, Request},
    reply::{Outcome, Reply, json::JsonReply},
    search::{Filter, FilterField, MOST_CONDITIONS, MOST_WORDS, Question},
};

use super::{
    editorial::{say, town},
    support::{World, request},
};

/// As much as an event of Matrix carries.
const LARGE: usize = 60 * 1_024;

static SHIPPED: LazyLock<World> = LazyLock::new(World::shipped);

fn answer(world: &World, who: &str, invocation: Invocation) -> Reply {
    world.app.desk.answer(&Request { actor: who.parse().unwrap(), invocation, ..request("") })
}

fn text(reply: &Reply) -> String {
    serde_json::to_string(&JsonReply::of(reply)).unwrap()
}

/// Something that may be given for a parameter.
fn value(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Reference => "S1".to_owned(),
        ParameterKind::Date => "2022".to_owned(),
        ParameterKind::Language => "nl".to_owned(),
        ParameterKind::Page | ParameterKind::Number => "1".to_owned(),
        ParameterKind::Period => "1d".to_owned(),
        ParameterKind::Identity => "discord:80351110224678912".to_owned(),
        ParameterKind::Choice(words) => words[0].to_owned(),
        ParameterKind::Prefix => "!".to_owned(),
        _ => "china".to_owned(),
    }
}

#[test]
fn no_command_takes_a_large_request_in_any_form() {
    let world = town();
    let admin = "matrix:@root:example.org";
    let before = world.app.store.reader().unwrap().latest_sequence().unwrap();
    let acts = || text(&say(&world, admin, "audit"));
    let audit = acts();
    let mut refused = 0;
    for spec in COMMANDS {
        let mut requests = vec![
            Invocation::Text(format!("{} {}", spec.name, "x".repeat(LARGE))),
            Invocation::Text(format!("{} {}", spec.name, "wen1zhou1 ".repeat(LARGE / 10))),
            Invocation::Text(format!("{} {}", spec.name, "\" “ -".repeat(LARGE / 6))),
        ];
        let required: Vec<(String, String)> = spec
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| (parameter.name.to_owned(), value(parameter.kind)))
            .collect();
        for parameter in spec.parameters {
            let given = value(parameter.kind);
            let all_but = || required.iter().filter(|(name, _)| name != parameter.name).cloned();
            let one = |value: String| Invocation::Options {
                command: spec.name.to_owned(),
                options: all_but().chain([(parameter.name.to_owned(), value)]).collect(),
            };
            requests.extend([
                one("x".repeat(LARGE)),
                one("é ".repeat(LARGE / 3)),
                one(given.repeat(LARGE / given.len())),
            ]);
            let again = (parameter.name.to_owned(), given.clone());
            requests.push(Invocation::Options {
                command: spec.name.to_owned(),
                options: std::iter::repeat_n(again, 5_000).collect(),
            });
            if matches!(parameter.place, ParameterPlace::Named | ParameterPlace::Filter) {
                for minus in ["", "-"] {
                    let part = format!("{minus}{}:{given} ", parameter.name);
                    requests.push(Invocation::Text(format!("{} {}", spec.name, part.repeat(LARGE / part.len()))));
                    let long = format!("{} {minus}{}:\"{}\"", spec.name, parameter.name, "x y ".repeat(LARGE / 4));
                    requests.push(Invocation::Text(long));
                }
            }
        }
        for invocation in requests {
            for who in ["terminal:leo", admin] {
                let reply = answer(&world, who, invocation.clone());
                let said = text(&reply);
                assert_eq!(reply.outcome, Outcome::Misused, "{}: {said:.300}", spec.name);
                assert!(said.len() < 3_000, "{}: an answer of {} bytes", spec.name, said.len());
                refused += 1;
            }
        }
    }
    println!("{refused} large requests of {} commands, each refused", COMMANDS.len());
    let what_is_none = answer(&world, admin, Invocation::Text("x".repeat(LARGE)));
    assert!(what_is_none.outcome == Outcome::Misused && text(&what_is_none).len() < 3_000);
    assert_eq!(world.app.store.reader().unwrap().latest_sequence().unwrap(), before);
    assert_eq!(acts(), audit, "something was done nevertheless");
}

#[test]
fn what_is_refused_is_said_and_what_forms_and_messages_need_is_taken() {
    let world = town();
    let said = |line: &str| {
        let reply = say(&world, "terminal:cai", line);
        (reply.outcome, text(&reply))
    };
    let (outcome, words) = said(&format!("source {}", "about:pier ".repeat(4_980)));
    assert_eq!(outcome, Outcome::Misused);
    assert!(words.contains("54779 characters long, and at most 2200 are read; shorten it"), "{words}");
    let (outcome, words) = said(&format!("source {}", "about:pier ".repeat(MAX_VALUES + 1)));
    assert_eq!(outcome, Outcome::Misused);
    assert!(words.contains("17 values are given by name, and at most 16 are read; leave some out"), "{words}");
    assert_eq!(said(&format!("source {}", "about:pier ".repeat(MAX_VALUES))).0, Outcome::NothingFound);
    // A whole message, and a form that is sent in one, are longer than a question.
    assert_eq!(said(&format!("check {}", "The pier is shut. ".repeat(1_000))).0, Outcome::NothingFound);
    let form = format!("add entity\nname: Tea\nkind: topic\n{}", "+ entity\nname: Chai\nkind: topic\n".repeat(500));
    let (_, words) = said(&form);
    assert!(!words.contains("the request is"), "{words:.400}");
    // The longest question can be leafed through.
    let question = format!("source {} -{}", "pier", "x".repeat(1_990));
    let (outcome, words) = said(&format!("{question} page:1"));
    assert!(outcome != Outcome::Misused, "{words}");
}

#[test]
fn a_message_is_read_to_its_end() {
    let world = World::shipped();
    let claim = "There is a Chinese police station in Dublin, on Capel Street";
    let found = |message: &str| world.keys(&format!("check {message}"));
    let expected = found(claim);
    assert!(!expected.is_empty());
    for filler in ["Good morning all. ", "早安。", "🙂 ", "é "] {
        let room = 20_000 - claim.chars().count() - 2;
        let before: String = filler.chars().cycle().take(room).collect();
        assert_eq!(found(&format!("{before}. {claim}")), expected, "{filler}");
    }
}

/// What a question may be made of: words of every script, names, names misspelt, and what is none of it.
const FILLS: [&str; 39] = [
    "china",
    "sydney",
    "wen1zhou1",
    "wenzou",
    "Safeguard Defenders",
    "safegard defendrs",
    "police",
    "the",
    "a",
    "xqzvw",
    "qwertyuiopasdfghjkl",
    "悉尼",
    "警方海外服务站",
    "สถานีตำรวจ",
    "полиция",
    "شرطة",
    "경찰",
    "ポリス",
    "e\u{301}\u{302}\u{303}",
    "ﷺ",
    "👩‍👩‍👧‍👦",
    "12,345",
    "2022-10",
    "since",
    "last month",
    "#PoliceStation",
    "@somebody",
    "https://example.org/a?b=c",
    "*",
    "a*b?",
    "(",
    "[x]",
    "~2",
    "^9",
    "AND",
    "OR NOT",
    "\\",
    "ſ",
    "\u{200b}",
];

/// How it may be put: one after the other, as phrases, left out, or in filters.
const SHAPES: [&str; 36] = [
    "{} ",
    "{}, ",
    "{}{} ",
    "{}-{} ",
    "-{} ",
    "--{} ",
    "\"{}\" ",
    "-\"{}\" ",
    "“{}” ",
    "„{}“ ",
    "«{}» ",
    "「{}」",
    "\"{} {}\" ",
    "\"{} ",
    "“{} ",
    "by:{} ",
    "about:{} ",
    "place:{} ",
    "org:{} ",
    "from:{} ",
    "-by:{} ",
    "-about:{} ",
    "-place:{} ",
    "-org:{} ",
    "-from:{} ",
    "by:\"{} {}\" ",
    "about:\"{} {}\" ",
    "-from:“{} {}” ",
    "{} of {} ",
    "in {} ",
    "{}1 ",
    "1{} ",
    "{}?! ",
    "({}) ",
    "{}'s ",
    "the {} ",
];

#[test]
fn whatever_the_shape_of_a_question_the_index_is_asked_for_no_more_than_so_much() {
    let world = &*SHIPPED;
    let snapshot = world.app.search.snapshot();
    let (mut asked, mut most, mut looked_near) = (0, 0, 0);
    for fill in FILLS {
        for shape in SHAPES {
            let part = shape.replace("{}", fill);
            let line = part.repeat(2_000 / part.chars().count());
            // As the command would read it, and with more filters than it takes, as another front end might bring them.
            let mut question = Question::read(&line);
            let field = |name: &str| {
                let name = name.to_owned();
                [FilterField::By(name.clone()), FilterField::About(name.clone()), FilterField::From(name)]
            };
            let filters = (0..6).flat_map(|number| field(&format!("{fill}{number}")));
            question.filters = filters.map(|field| Filter { field, excluded: shape.starts_with('-') }).collect();
            let meaning = snapshot.understand(&question).unwrap();
            asked += 1;
            most = most.max(meaning.clauses());
            looked_near = looked_near.max(meaning.looked_near);
            assert!(meaning.clauses() <= MOST_WORDS + MOST_CONDITIONS + 2, "{} for {part:?}", meaning.clauses());
        }
    }
    println!(
        "{asked} shaped questions: at most {most} clauses, names near to what was typed looked for {looked_near} times"
    );
    assert_eq!(asked, 1_404);
    assert!((1..=64).contains(&looked_near), "looked for {looked_near} times");
}

#[test]
fn a_name_that_is_given_again_and_again_is_one_condition() {
    let snapshot = SHIPPED.app.search.snapshot();
    let mut question = Question::read(&"\"police station\" -rcmp ".repeat(80));
    let china = Filter { field: FilterField::About("china".to_owned()), excluded: false };
    question.filters = vec![china; 4_980];
    let meaning = snapshot.understand(&question).unwrap();
    assert_eq!((meaning.named.len(), meaning.phrases.len(), meaning.conditions_left_out), (2, 1, 0));
    // What is left out is said.
    let many: String = (0..40).map(|number| format!("\"phrase {number}\" ")).collect();
    let said = text(&SHIPPED.ask(&format!("source {many}")));
    assert!(said.contains("Only the first 24 names, phrases and exclusions were minded; 16 were left out."), "{said}");
}

#[test]
fn understanding_a_question_has_the_deadline() {
    use onrecord::search::SearchError;
    use std::time::Duration;
    let snapshot = SHIPPED.app.search.snapshot().within(Duration::ZERO);
    for line in ["wen1zhou1 wenzou", "\"police station\"", "sydney"] {
        assert!(matches!(snapshot.understand(&Question::read(line)), Err(SearchError::Deadline)), "{line}");
    }
    let filters = vec![Filter { field: FilterField::By("x".to_owned()), excluded: false }];
    let question = Question { filters, ..Question::default() };
    assert!(matches!(snapshot.understand(&question), Err(SearchError::Deadline)));
    // And so has reading a message.
    assert!(matches!(snapshot.check("A police station in Sydney", 3), Err(SearchError::Deadline)));
}
