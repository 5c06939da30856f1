//! What a reviewer reads: every field that a change sets, sets as sets, and what is in the way in people's words.

use std::collections::BTreeSet;

use onrecord::{
    model::{
        Alias, Announcement, Citation, CitationRole, Entity, Nature, Operation, Proposal, Quote, Record, RecordKey,
        RecordKind, RecordNotice, Response, ResponseKind, Seen, SingleLine, Source, SourceKind, SourceName, Standing,
        Statement,
    },
    reply::{Outcome, Reply, json::JsonReply},
    store::Submission,
};

use super::{
    editorial::{authority, decide, say, town},
    support::World,
};

fn text(reply: &Reply) -> String {
    let lines = serde_json::to_value(JsonReply::of(reply)).unwrap()["text"].clone();
    lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn submitted(world: &World, operations: Vec<Operation>) -> String {
    let proposal = Proposal {
        summary: "A change".parse().unwrap(),
        author: "terminal:cai".parse().unwrap(),
        proposed_at: world.now(),
        operations,
    };
    let based_on = world.app.store.reader().unwrap().latest_sequence().unwrap();
    let submission = Submission { proposal, based_on, note: None, suggestion: None, again: false };
    world.app.store.submit(submission, &authority()).unwrap().to_string()
}

/// Words that stand nowhere else, one for each field.
#[derive(Default)]
struct Marks(u32);

impl Marks {
    fn word(&mut self) -> String {
        self.0 += 1;
        format!("mark{:03}x", self.0)
    }

    fn line(&mut self) -> SingleLine {
        self.word().parse().unwrap()
    }
}

/// A change with a record of each kind, each field of which is set to a mark: what is added to the model is added here,
/// as nothing is left to a default.
fn everything(marks: &mut Marks) -> Vec<Operation> {
    let mut key = || marks.word().parse().unwrap();
    let keys: [onrecord::model::Key; 5] = [key(), key(), key(), key(), key()];
    let [person, headlined, described, statement, response] = keys;
    let day = |text: &str| Some(text.parse().unwrap());
    let entity = Entity {
        key: person.clone(),
        nature: Nature::Person { role: Some(marks.line()), affiliation: Some("daily-gull".parse().unwrap()) },
        name: marks.line(),
        aliases: vec![
            Alias { name: marks.line(), language: "nl".parse().unwrap() },
            Alias { name: marks.line(), language: "fr".parse().unwrap() },
        ],
        part_of: Some("harbour-town".parse().unwrap()),
        description: Some(marks.line()),
        same_as: BTreeSet::from(["https://www.geonames.org/90210".parse().unwrap()]).try_into().unwrap(),
    };
    let mut source = |key, name, copy_of| Source {
        key,
        kind: SourceKind::ParliamentaryRecord,
        name,
        url: Some(format!("https://example.org/{}", marks.word()).parse().unwrap()),
        archive_url: Some(format!("https://example.org/{}", marks.word()).parse().unwrap()),
        publisher: "daily-gull".parse().unwrap(),
        copy_of,
        authors: vec![marks.line(), marks.line()],
        published: day("2021-01-02"),
        language: "sv".parse().unwrap(),
        accessed: day("2021-03-04"),
        seen: Seen::Excerpt,
        note: Some(marks.line()),
    };
    let (title, description) =
        (SourceName::Title("mark900x".parse().unwrap()), SourceName::Description("mark901x".parse().unwrap()));
    let sources =
        [source(headlined.clone(), title, None), source(described.clone(), description, Some(headlined.clone()))];
    let mut citation = |source, role| Citation { source, role, locator: Some(marks.line()) };
    let citations = vec![citation(headlined, CitationRole::Original), citation(described, CitationRole::Republication)];
    let spoken = Statement {
        key: statement.clone(),
        speaker: person.clone(),
        speaker_role: Some(marks.line()),
        text: marks.line(),
        short: Some(marks.word().parse().unwrap()),
        quote: Some(Quote { text: marks.line(), language: Some("da".parse().unwrap()) }),
        said: day("2021-05-06"),
        about: [person.clone(), "harbour-town".parse().unwrap()].into(),
        citations: citations.clone().try_into().unwrap(),
    };
    let answered = Response {
        key: response,
        to: std::collections::BTreeSet::from([statement]).try_into().unwrap(),
        responder: person,
        kind: ResponseKind::RefusedToComment,
        text: marks.line(),
        gist: Some(marks.word().parse().unwrap()),
        quote: Some(Quote { text: marks.line(), language: Some("fi".parse().unwrap()) }),
        said: day("2021-07-08"),
        citations: citations.try_into().unwrap(),
    };
    let mut notice = |on: &str| RecordNotice { on: on.parse().unwrap(), reason: marks.line() };
    let standing = Standing {
        corrections: vec![notice("2021-09-10"), notice("2021-09-11")],
        retracted: Some(notice("2021-09-12")),
        merged_into: None,
        vetted: day("2021-10-14"),
    };
    let [headlined, described] = sources.map(Record::Source);
    [Record::Entity(entity), headlined, described, Record::Statement(spoken), Record::Response(answered)]
        .into_iter()
        .map(|record| {
            // A response can be retracted from the start, as nothing refers to it.
            let standing = if record.kind() == RecordKind::Response { standing.clone() } else { Standing::default() };
            Operation::Create { record, standing }
        })
        .collect()
}

/// All pages of a review.
fn review(world: &World, change: &str) -> String {
    let mut all = String::new();
    let mut line = format!("review {change}");
    loop {
        let reply = say(world, "terminal:rui", &line);
        all.push_str(&text(&reply));
        match reply.page.as_ref().and_then(|page| page.next()) {
            Some(next) => line = next.as_str().to_owned(),
            None => return all,
        }
    }
}

#[test]
fn every_field_that_a_change_sets_is_shown() {
    let world = town();
    let mut marks = Marks::default();
    let change = submitted(&world, everything(&mut marks));
    let shown = review(&world, &change);
    let mut wanted: Vec<String> = (1..=marks.0).map(|number| format!("mark{number:03}x")).collect();
    wanted.extend(["mark900x", "mark901x"].map(str::to_owned));
    // What is a word of a closed set, a day, a language, or someone else's name.
    let others = [
        "person",
        "The Daily Gull (E2)",
        "nl",
        "fr",
        "Harbour Town (E1)",
        "parliamentary record",
        "2021-01-02",
        "sv",
        "2021-03-04",
        "excerpt",
        "original",
        "republication",
        "da",
        "2021-05-06",
        "refused to comment",
        "fi",
        "2021-07-08",
        "2021-09-10",
        "2021-09-11",
        "2021-09-12",
        "14 Oct 2021",
        "https://www.geonames.org/90210",
    ];
    wanted.extend(others.map(str::to_owned));
    for wanted in wanted {
        assert!(shown.contains(&wanted), "{wanted} is not shown:\n{shown}");
    }
    // And the same where it is taken away again.
    assert_eq!(say(&world, "terminal:rui", &format!("approve {change}")).outcome, Outcome::Answered);
    let reader = world.app.store.reader().unwrap();
    let key = |mark: u32| format!("mark{mark:03}x");
    let held = reader.held(&RecordKey::new(RecordKind::Statement, key(4).parse().unwrap())).unwrap().unwrap();
    let Record::Statement(full) = held.record else { panic!("a statement") };
    let bare = Statement {
        speaker: "ana-silva".parse().unwrap(),
        speaker_role: None,
        short: None,
        quote: None,
        said: None,
        about: [].into(),
        citations: vec![full.citations.as_slice()[0].clone()].try_into().unwrap(),
        ..full.clone()
    };
    drop(reader);
    let edit = Operation::Edit {
        record: Record::Statement(bare),
        corrections: vec![Announcement {
            on: Some("2021-11-12".parse().unwrap()),
            reason: "mark950x".parse().unwrap(),
        }],
        vetted: Some("2021-12-13".parse().unwrap()),
    };
    let change = submitted(&world, vec![edit]);
    let shown = review(&world, &change);
    for wanted in [
        "Speaker: [-",
        "{+Ana Silva (E3)+}",
        "Role then: [-mark",
        "Quote: [-“mark",
        "Language of the quote: [-da-]",
        "Said: [-2021-05-06-]",
        "About: [-",
        "Harbour Town (E1)",
        "mark950x (dated 2021-11-12)",
        "13 Dec 2021",
    ] {
        assert!(shown.contains(wanted), "{wanted} is not shown:\n{shown}");
    }
    let sources = shown.lines().find(|line| line.starts_with("Sources: ")).unwrap();
    assert!(sources.starts_with("Sources: D2 (original, mark") && sources.contains("; [-D3 (republication, mark"));
}

#[test]
fn sets_are_shown_by_what_goes_and_what_comes() {
    let world = town();
    let source = |number: usize| {
        format!(
            "add source\nurl: https://example.org/{number}\npublisher: The Daily Gull\ntitle: T{number}\nlanguage: en\nauthors: Ana Silva; Ana Souza"
        )
    };
    for (number, line) in [source(1), source(2)].iter().enumerate() {
        say(&world, "terminal:cai", line);
        decide(&world, "terminal:rui", &format!("approve C{}", number + 2));
    }
    for (line, wanted) in [
        ("edit S1\nabout: The Daily Gull; Ana Silva", "About: Harbour Town"),
        ("cite S1 D2 cites p. 3", "Sources: D1 (original); {+D2 (cites, p. 3)+}"),
        ("edit S1\nsource: D2 original p. 9", "Sources: [-D1 (original)-]; {+D2 (original, p. 9)+}"),
        ("edit D2\nauthors: Ana Souza; Rui Costa", "Authors: [-Ana Silva-]; Ana Souza; {+Rui Costa+}"),
        ("edit D2\nauthors: Ana Souza; Ana Silva", "Authors: [-Ana Silva; Ana Souza-] {+Ana Souza; Ana Silva+}"),
        ("edit E1\naliases: Hafenstadt (de); Havenstad (nl)", "Other names: Hafenstadt (de); Havenstad (nl)"),
    ] {
        let shown = text(&say(&world, "terminal:cai", line));
        let wanted = if wanted == "About: Harbour Town" {
            // In the order of keys.
            "About: [-Harbour Town (E1)-]; {+Ana Silva (E3)+}; {+The Daily Gull (E2)+}"
        } else {
            wanted
        };
        assert!(shown.contains(wanted), "{line}: {wanted} is not in\n{shown}");
    }
}

#[test]
fn what_is_in_the_way_is_told_in_words_and_offers_no_approval() {
    let world = town();
    say(&world, "terminal:cai", "add entity\nname: Bo Lee\nkind: person");
    decide(&world, "discord:22", "approve C2");
    say(&world, "terminal:cai", "edit S1\nspeaker: The Daily Gull\nquote: We close it.\nquote-language: en");
    say(&world, "discord:33", "edit S1\nspeaker: Bo Lee\nquote: We shut it.\nquote-language: en");
    decide(&world, "discord:22", "approve C3");
    let reply = say(&world, "terminal:rui", "review C4");
    let said = text(&reply);
    for wanted in [
        "In conflict: S1 — Quote: proposed is Quote: “We shut it.”, Language of the quote: en; on record is now Quote: “We close it.”, Language of the quote: en",
        "In conflict: S1 — Speaker: proposed is Bo Lee (E4); on record is now The Daily Gull (E2)",
    ] {
        assert!(said.contains(wanted), "{wanted} is not in\n{said}");
    }
    for unwanted in ["{\"", "pier-closed", "daily-gull", "harbour-town"] {
        assert!(!said.contains(unwanted), "{unwanted} is in\n{said}");
    }
    let offered: Vec<&str> = reply.actions.iter().map(|action| action.label.as_str()).collect();
    assert_eq!(offered, ["Request changes", "Reject", "Claim"]);
    assert!(!said.contains("approve C4"), "{said}");
    assert_eq!(reply.review, None, "no reaction approves it, either");
    let refused = text(&say(&world, "terminal:rui", "approve C4"));
    assert!(refused.contains("S1 — Speaker: proposed is Bo Lee (E4)") && !refused.contains("pier-closed"), "{refused}");
    assert_eq!(say(&world, "terminal:rui", "request-changes C4 See C3.").outcome, Outcome::Answered);

    // So is what breaks a rule by now.
    say(&world, "terminal:cai", "retract E4 He is someone else.");
    say(&world, "terminal:cai", "edit S1\nspeaker: Bo Lee");
    decide(&world, "discord:22", "approve C6");
    let reply = say(&world, "terminal:rui", "review C5");
    let said = text(&reply);
    let wanted =
        "As things are it can't be applied: the entity E4 can't be retracted while the statement S1 refers to it.";
    assert!(said.contains(wanted), "{said}");
    assert!(reply.actions.iter().all(|action| action.label != "Approve"), "{said}");
}

#[test]
fn what_goes_comes_back_or_becomes_one_is_shown_as_it_stands() {
    let world = town();
    let root = "matrix:@root:example.org";
    say(
        &world,
        "terminal:cai",
        "add entity\nname: The Gull\nkind: organisation\naliases: Zeemeeuw (nl)\ndescription: A paper.",
    );
    decide(&world, "terminal:rui", "approve C2");
    let wording = "Wording: It was said that the old pier would be closed in winter.";
    say(&world, "terminal:cai", "retract S1 It was not said.");
    assert!(text(&say(&world, "terminal:rui", "review C3")).contains(wording));
    decide(&world, "terminal:rui", "approve C3");
    say(&world, "terminal:cai", "restore S1");
    assert!(text(&say(&world, "terminal:rui", "review C4")).contains(wording));
    say(&world, root, "purge S1 On a court's order.");
    say(&world, root, "role discord:44 admin");
    assert!(text(&say(&world, "discord:44", "review C5")).contains(wording));
    say(&world, "terminal:cai", "merge E4 into E2");
    let merge = text(&say(&world, "terminal:rui", "review C6"));
    for wanted in ["The Gull (E4) becomes part of The Daily Gull (E2)", "Zeemeeuw (nl)", "A paper.", "What stays"] {
        assert!(merge.contains(wanted), "{wanted} is not in\n{merge}");
    }
    // Once purged, it is shown nowhere.
    assert_eq!(say(&world, "discord:44", "approve C5").outcome, Outcome::Answered);
    for change in ["C1", "C3", "C4", "C5"] {
        let shown = text(&say(&world, "terminal:rui", &format!("review {change}")));
        assert!(!shown.contains("old pier"), "{change}: {shown}");
    }
}
