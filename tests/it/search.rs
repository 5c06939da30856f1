//! Questions over the shipped entries: what is understood, what comes first, what comes not at all.

use std::sync::LazyLock;

use onrecord::{
    desk::Request,
    model::{EntityId, StatementId},
    reply::{Outcome, Reply, json::JsonRecord},
};
use proptest::prelude::*;

use super::{
    rendered::rendered,
    support::{World, request},
};

/// One world for the questions that only ask.
static SHIPPED: LazyLock<World> = LazyLock::new(World::shipped);

/// The heading and the first lines of an answer.
fn gist(world: &World, line: &str) -> String {
    let reply = world.ask(line);
    let json = serde_json::to_value(onrecord::reply::json::JsonReply::of(&reply)).unwrap();
    let text: Vec<&str> = json["text"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let keys: Vec<String> = world.keys(line).into_iter().take(3).collect();
    format!("{}\n→ {}", text.join("\n"), keys.join(", "))
}

#[test]
fn a_city_is_found_in_any_spelling_script_and_width() {
    let world = &*SHIPPED;
    let sydney = world.keys("source sydney");
    assert_eq!(sydney.len(), 10);
    for spelling in [
        "SYDNEY",
        "ｓｙｄｎｅｙ",
        "悉尼",
        "sydeny",
        "Sydney's",
        "syd\u{200b}ney",
        "the sydney",
        "\"sydney\"",
        "about:sydney",
        "place:悉尼",
    ] {
        assert_eq!(world.keys(&format!("source {spelling}")), sydney, "{spelling:?}");
    }
    assert_eq!(world.keys("source nyc"), world.keys("source new york city"));
    assert_eq!(world.keys("source N.Y.C."), world.keys("source 纽约"));
}

#[test]
fn what_is_understood_is_said() {
    let world = &*SHIPPED;
    let transcript: Vec<String> = [
        "source sydney",
        "source sydeny",
        "source safeguard defenders madrid",
        "source ottawa",
        "source place:netherlands kind of station",
        "source china's embassy \"refused to comment\"",
        "source by:\"laura harth\" -sydney since:2022",
        "source driving licences lang:nl",
        "source by:harht",
        "source atlantis",
        "check There's a secret Chinese police station in Dublin",
    ]
    .into_iter()
    .map(|line| format!("> {line}\n{}\n", gist(world, line)))
    .collect();
    insta::assert_snapshot!(transcript.join("\n"));
}

#[test]
fn programs_are_told_what_the_names_in_a_question_were_taken_for() {
    let understood = |line: &str| {
        let reply = SHIPPED.ask(line);
        let json = serde_json::to_value(onrecord::reply::json::JsonReply::of(&reply)).unwrap();
        let names = json["understood"]["names"].as_array().cloned().unwrap_or_default();
        let told = names.iter().map(|name| {
            let entities: Vec<&str> =
                name["entities"].as_array().unwrap().iter().map(|entity| entity["name"].as_str().unwrap()).collect();
            let (misspelt, excluded) = (name["misspelt"] == true, name["excluded"] == true);
            format!("{} is {} {misspelt} {excluded}", name["typed"].as_str().unwrap(), entities.join("/"))
        });
        told.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(understood("source 悉尼 station"), "悉尼 is Sydney false false");
    assert_eq!(understood("source sydeny"), "sydeny is Sydney true false");
    assert_eq!(understood("source dublin -sydney"), "dublin is Dublin false false, sydney is Sydney false true");
    let both = "Overseas Chinese Service Center in Seoul/Overseas Chinese service centres";
    assert_eq!(understood("source OCSC"), format!("OCSC is {both} false false"));
    assert_eq!(understood("source place:sydney atlantis"), "sydney is Sydney false false");
    assert_eq!(understood("source atlantis"), "");
}

/// The keys of the statements of an answer, in order.
fn keys(reply: &Reply) -> Vec<String> {
    let keys = reply.records.iter().filter_map(|record| match record {
        JsonRecord::Statement(statement) => Some(statement.key.to_string()),
        _ => None,
    });
    keys.collect()
}

#[test]
fn places_include_what_lies_in_them_and_what_most_answer_comes_first() {
    let world = &*SHIPPED;
    let [australia, sydney] = ["source australia", "source sydney"].map(|line| {
        let reply = world.app.desk.answer(&Request { page_size: 50, ..request(line) });
        keys(&reply)
    });
    assert!(sydney.iter().all(|key| australia.contains(key)) && australia.len() > sydney.len());
    assert_eq!(australia[0], "seed-sydney-established-2018");
    assert_eq!(sydney[0], australia[0]);
}

#[test]
fn a_page_that_holds_not_all_says_what_else_there_is_and_one_that_does_says_nothing() {
    let world = &*SHIPPED;
    let also = |line: &str, page_size| {
        let reply = world.app.desk.answer(&Request { page_size, ..request(line) });
        let text = rendered(&reply);
        text.split_once("Also: ").map(|(_, also)| also.split_once('.').map_or(also, |(also, _)| also).to_owned())
    };
    let beyond = also("source safeguard defenders", 3).unwrap();
    assert!(beyond.contains(" on Spain") && beyond.contains(" of 2022"), "{beyond}");
    assert_eq!(also("source sydney", 50), None);
    assert_eq!(also("source sydney page:2", 3), None);
    // A city of what was asked stands for itself, and what it lies in says nothing.
    let beyond = also("source australia", 3).unwrap();
    assert!(beyond.contains(" on Sydney") && !beyond.contains("Australia"), "{beyond}");
}

#[test]
fn the_same_question_gives_the_same_order_and_pages_do_not_overlap() {
    let world = &*SHIPPED;
    let pages: Vec<Vec<String>> = (1..=6).map(|page| world.ids(&format!("source china page:{page}"))).collect();
    assert_eq!(pages, (1..=6).map(|page| world.ids(&format!("source china page:{page}"))).collect::<Vec<_>>());
    let mut all: Vec<String> = pages.concat();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    assert!(count > 50);
}

#[test]
fn filters_narrow_and_a_minus_leaves_out() {
    let world = &*SHIPPED;
    let all = world.ids("source dublin");
    let without: Vec<String> = world.ids("source dublin -by:\"safeguard defenders\"");
    assert!(!without.is_empty() && without.len() < all.len());
    assert!(without.iter().all(|id| all.contains(id)));
    let reader = world.app.store.reader().unwrap();
    for id in world.ids("source dublin since:2022-11 until:2023-03") {
        let said = reader.entry(StatementId(id[1..].parse().unwrap())).unwrap().unwrap().statement.said.unwrap();
        assert!(!said.is_certainly_before("2022-11".parse().unwrap()), "{said}");
        assert!(!"2023-03".parse::<onrecord::model::Date>().unwrap().is_certainly_before(said), "{said}");
    }
    for id in world.ids("source from:\"irish times\"") {
        let view = reader.entry(StatementId(id[1..].parse().unwrap())).unwrap().unwrap();
        let responses = view.responses.iter().flat_map(|response| &response.citations);
        assert!(
            view.citations
                .iter()
                .chain(responses)
                .any(|citation| citation.source.publisher.name.as_str() == "The Irish Times")
        );
    }
}

#[test]
fn what_a_person_typed_is_a_question_not_a_pattern() {
    let world = &*SHIPPED;
    for line in [
        "source * OR 1=1; DROP TABLE statement; --",
        "source NEAR(a b) AND {text} : ^x NOT -",
        "source \"unbalanced sydney",
        "source by:",
        "source ((((((((((",
        "source https://example.org/a?b=c:d",
        "source 12:30",
        "source \u{202e}yendys",
        "source ' '' \\ % _ ?1 :a @b $c",
        "source -",
        "source --- -\"\"",
    ] {
        let reply = world.ask(line);
        assert!(
            matches!(reply.outcome, Outcome::Answered | Outcome::NothingFound | Outcome::Misused),
            "{line:?}: {reply:?}"
        );
    }
    assert_eq!(world.keys("source \"unbalanced sydney"), world.keys("source unbalanced sydney"));
}

#[test]
fn nothing_is_answered_from_nothing() {
    let world = &*SHIPPED;
    for line in [
        "source 🙂",
        "source atlantis",
        "source zzzz qqqq",
        "check good morning everyone",
        "check 🙂🙂",
        "source since:2031",
        "source harry potter",
        "source bitcoin price",
        "source climate change conference glaciers",
    ] {
        let reply = world.ask(line);
        assert_eq!((reply.outcome, reply.records.len()), (Outcome::NothingFound, 0), "{line}: {:?}", reply.blocks);
    }
}

#[test]
fn a_message_is_matched_only_when_an_entry_really_matches() {
    let world = &*SHIPPED;
    let about_dublin = world
        .keys("check There's a secret Chinese police station in Dublin, on Capel Street!! https://t.co/x @someone");
    assert!(about_dublin.iter().any(|key| key.contains("dublin")), "{about_dublin:?}");
    assert!(about_dublin.len() <= 3);
    for message in
        ["I love the pubs in Dublin", "The police arrested a man in Sydney for speeding", "China won the match"]
    {
        assert_eq!(world.keys(&format!("check {message}")), Vec::<String>::new(), "{message}");
    }
}

#[test]
fn texts_in_other_languages_and_scripts_are_found_by_their_own_words() {
    let world = &*SHIPPED;
    for (word, language) in [
        ("comisarías", "es"),
        ("politiebureaus", "nl"),
        ("commissariats", "fr"),
        ("stazioni di polizia", "it"),
        ("Ingérence", "fr"),
        ("海外警察", "ja"),
    ] {
        let found = world.keys(&format!("source {word}"));
        assert!(!found.is_empty(), "{word} ({language})");
    }
}

#[test]
fn the_sydney_answer_has_the_refusals_of_embassy_and_consulate_and_originals_first() {
    let world = &*SHIPPED;
    let reply = world.ask("source sydney");
    let json = serde_json::to_value(onrecord::reply::json::JsonReply::of(&reply)).unwrap();
    let mut refusals = Vec::new();
    for record in json["records"].as_array().unwrap() {
        for response in record["responses"].as_array().unwrap() {
            if response["kind"] == "refused_to_comment" {
                refusals.push(response["responder"]["name"].as_str().unwrap().to_owned());
            }
        }
        let roles: Vec<&str> =
            record["citations"].as_array().unwrap().iter().map(|citation| citation["role"].as_str().unwrap()).collect();
        let first_other = roles.iter().position(|role| *role != "original").unwrap_or(roles.len());
        assert!(roles[first_other..].iter().all(|role| *role != "original"), "{roles:?}");
    }
    refusals.sort();
    refusals.dedup();
    assert_eq!(refusals, ["Consulate-General of China in Sydney", "Embassy of China in Australia"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is typed, there is a reply, and it is the same the second time.
    #[test]
    fn any_line_gets_the_same_reply_twice(
        command in prop::sample::select(vec!["source ", "check ", "about ", "show ", "places ", "sources ", "help ", ""]),
        text in prop_oneof![".{0,60}", "[a-z\\-:\"*()悉尼é ]{0,60}", "(by|place|from|since|lang|page|-org):[^ ]{0,12} .{0,20}"],
    ) {
        let line = format!("{command}{text}");
        let first = SHIPPED.ask(&line);
        prop_assert!(first.outcome != Outcome::Failed, "{line:?}: {first:?}");
        prop_assert!(!first.blocks.is_empty());
        prop_assert_eq!(first.blocks, SHIPPED.ask(&line).blocks);
    }
}

#[test]
fn related_statements_are_on_the_same_matter_and_never_the_statement_itself() {
    let world = &*SHIPPED;
    let ids = world.ids("source dublin");
    let first = &ids[0];
    let related = world.ids(&format!("related {first}"));
    assert!(!related.is_empty() && !related.contains(first), "{related:?}");
    assert_eq!(world.ask("related E1").outcome, Outcome::NothingFound);
    assert_eq!(world.ask("related S999999").outcome, Outcome::NothingFound);
}

#[test]
fn a_statement_proposed_a_second_time_is_found_by_its_wording() {
    let world = &*SHIPPED;
    let snapshot = world.app.search.snapshot();
    let reader = world.app.store.reader().unwrap().without_deadline();
    for number in 1..=40 {
        let Some(view) = reader.entry(StatementId(number)).unwrap() else { continue };
        let text = view.statement.text.as_str().replace(" said ", " stated ");
        let similar = snapshot.similar(&text, Some(view.speaker.id), 3).unwrap();
        assert_eq!(similar.first().map(|checked| checked.statement), Some(StatementId(number)), "{text}");
        let nobody = snapshot.similar(&text, Some(EntityId(999_999)), 3).unwrap();
        assert_eq!(nobody, Vec::new());
    }
    assert_eq!(snapshot.similar("The harbour ferry sank with forty people aboard.", None, 3).unwrap(), Vec::new());
}

/// The patterns of the committed corpus, each repeated up to the length that a command takes.
fn hostile() -> Vec<String> {
    let corpus = std::fs::read_to_string("tests/fixtures/hostile.txt").unwrap();
    let patterns = corpus.lines().filter(|line| !line.is_empty() && !line.starts_with("//"));
    patterns.map(|pattern| pattern.repeat(3_900 / pattern.chars().count().max(1))).collect()
}

#[test]
fn hostile_texts_get_an_answer_as_messages_and_as_questions() {
    let world = &*SHIPPED;
    let texts = hostile();
    assert!(texts.len() >= 20);
    for text in texts {
        for command in ["check", "source"] {
            let reply = world.ask(&format!("{command} {text}"));
            let head: String = text.chars().take(40).collect();
            assert!(reply.outcome != Outcome::Failed, "{command} {head:?}: {reply:?}");
        }
    }
}

#[test]
fn a_common_word_is_a_name_only_where_it_is_written_as_one() {
    let world = World::of(
        r#"
[[entity]]
key = "nice"
kind = "place"
name = "Nice"

[[entity]]
key = "koeln"
kind = "place"
name = "Köln"

[[entity]]
key = "georgia"
kind = "place"
name = "Georgia"

[[entity]]
key = "georgia-us"
kind = "place"
name = "Georgia (US state)"

[[entity]]
key = "wenzhou"
kind = "place"
name = "Wēnzhōu"
"#,
    );
    world.app.search.catch_up(&world.app.store).unwrap();
    let snapshot = world.app.search.snapshot();
    let named = |text: &str| {
        let meaning = snapshot.understand(&onrecord::search::Question::read(text)).unwrap();
        let name = |id: &EntityId| snapshot.names().entity(*id).unwrap().name.clone();
        meaning.named.iter().flat_map(|named| named.entities.iter().map(name)).collect::<Vec<_>>().join(", ")
    };
    for (text, expected) in [
        ("nice", "Nice"),
        ("Nice", "Nice"),
        ("police station in nice", "Nice"),
        ("the police of Nice say", "Nice"),
        ("what a nice day", ""),
        ("Nice weather today", ""),
        ("koeln", "Köln"),
        ("KOELN", "Köln"),
        ("koln", "Köln"),
        ("wen1zhou1", "Wēnzhōu"),
        ("wen zhou", "Wēnzhōu"),
        ("Wēnzhōu", "Wēnzhōu"),
        ("georgia", "Georgia, Georgia (US state)"),
    ] {
        assert_eq!(named(text), expected, "{text}");
    }
}

#[test]
fn times_in_words_narrow_as_filters_do() {
    let world = &*SHIPPED;
    for (words, filters) in [
        ("canada between 2023-04 and 2023-06", "canada since:2023-04 until:2023-06"),
        ("dublin in 2022", "dublin since:2022 until:2022"),
        ("since 2023 canada -rcmp", "canada -rcmp since:2023"),
    ] {
        let ids = world.ids(&format!("source {words}"));
        assert_eq!(ids, world.ids(&format!("source {filters}")), "{words}");
        assert!(!ids.is_empty(), "{words}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Whatever a message holds, its candidates are the same twice and in the order of their likelihood.
    #[test]
    fn any_message_is_weighed_the_same_twice(
        message in prop_oneof![
            "\\PC{0,200}",
            "[#@<>:—()A-Za-z0-9 ,.'’_\\n]{0,200}",
            "(https?://|www\\.|#[A-Za-z]{0,9}|@[a-z_0-9]{0,9}|police|station|Dublin|悉尼|1,000|twenty|— X \\(@y\\) May 2021| ){0,40}",
        ],
    ) {
        let snapshot = SHIPPED.app.search.snapshot();
        let first = snapshot.candidates(&message, 10).unwrap();
        prop_assert!(first.is_sorted_by(|left, right| left.likelihood >= right.likelihood));
        prop_assert!(first.iter().all(|checked| (0.0..=1.0).contains(&checked.likelihood)));
        prop_assert_eq!(first, snapshot.candidates(&message, 10).unwrap());
    }
}

#[test]
fn of_a_long_question_the_first_words_are_looked_for_and_that_is_said() {
    let world = &*SHIPPED;
    let said = |line: &str| gist(world, line);
    let names = (0..60).map(|number| format!("Qzx{number}vw")).collect::<Vec<_>>().join(" ");
    for words in [
        format!("police station {}", "licence reported minister closed ".repeat(12)),
        names,
        "警方海外服务站".repeat(40),
        "สถานีตำรวจจีน".repeat(30),
    ] {
        let answer = said(&format!("source {words}"));
        assert!(answer.contains("Only the first 32 words were looked for. A whole message is for check."), "{answer}");
        let sydney = world.ids(&format!("source sydney {words}"));
        assert!(!sydney.is_empty(), "names at the beginning count: {words}");
    }
    assert!(!said("source police station licence reported").contains("Only the first"));
}
