//! What people paste into forms, with all that a chat and a web page put around it, is taken for what it is.

use onrecord::{
    chat::terminal::{Settings, Surface, render},
    model::{Authority, Operation, Record, SourceName, Statement},
    reply::{Outcome, Reply},
};

use super::{editorial::say, support::World};

const ANA: &str = "terminal:ana";

fn desk() -> World {
    let world = World::shipped();
    world.app.desk.appoint(Authority::of([ANA.parse().unwrap(), "terminal:rui".parse().unwrap()]));
    world
}

fn text(reply: &Reply) -> String {
    let settings = Settings {
        width: 200,
        colour: false,
        hyperlinks: true,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: "!".to_owned(),
    };
    render(reply, &settings)
}

/// The records that the last proposal brings.
fn proposed(world: &World, reply: &Reply) -> Vec<Record> {
    assert_eq!(reply.outcome, Outcome::Answered, "{}", text(reply));
    let text = text(reply);
    let id = text.split_whitespace().next().unwrap().parse::<onrecord::model::Reference>().unwrap();
    let onrecord::model::Reference::Change(id) = id else { panic!("{text}") };
    let change = world.app.store.reader().unwrap().change(id).unwrap();
    let record = |operation: &Operation| match operation {
        Operation::Create { record, .. } | Operation::Edit { record, .. } => Some(record.clone()),
        _ => None,
    };
    change.proposal.operations.iter().filter_map(record).collect()
}

fn statement(records: &[Record]) -> &onrecord::model::Statement {
    let found = records.iter().find_map(|record| match record {
        Record::Statement(statement) => Some(statement),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn an_address_with_a_semicolon_is_one_address() {
    let world = desk();
    let reply = say(&world, ANA, include_str!("../fixtures/forms/semicolon-in-address.txt"));
    let records = proposed(&world, &reply);
    let urls: Vec<&str> = records
        .iter()
        .filter_map(|record| match record {
            Record::Source(source) => source.url.as_ref().map(onrecord::model::WebAddress::as_str),
            _ => None,
        })
        .collect();
    let address = "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O";
    assert_eq!(urls, [address]);
    assert_eq!(statement(&records).citations.iter().count(), 1);
}

#[test]
fn markup_around_what_is_given_is_no_part_of_it() {
    let world = desk();
    let plain = include_str!("../fixtures/forms/angle-brackets.txt");
    let wanted = proposed(&world, &say(&world, ANA, plain));
    let address =
        "https://www.irishtimes.com/crime-law/2022/10/27/chinese-overseas-police-station-in-dublin-ordered-to-shut/";
    for (from, to) in [
        (format!("<{address}> original"), format!("[the story]({address}) original")),
        (format!("<{address}> original"), format!("{address}, original")),
        ("speaker: Laura Harth".to_owned(), "**speaker:** **Laura Harth**".to_owned()),
        ("speaker: ".to_owned(), "- Speaker: ".to_owned()),
        ("text: ".to_owned(), "```\ntext: ".to_owned()),
        ("about: Sydney".to_owned(), "about: `Sydney`".to_owned()),
    ] {
        assert!(plain.contains(&from), "{from}");
        let form = plain.replace(&from, &to);
        let records = proposed(&world, &say(&world, ANA, &form));
        let found = Statement { key: statement(&wanted).key.clone(), ..statement(&records).clone() };
        assert_eq!(&found, statement(&wanted), "{form}");
        assert_eq!(records.len(), 1, "{form}");
    }
    let reply = say(&world, "terminal:leo", include_str!("../fixtures/forms/masked-link.txt"));
    assert_eq!(reply.outcome, Outcome::Answered, "{}", text(&reply));
    let queue = text(&say(&world, ANA, "queue"));
    assert!(queue.contains("see this") && queue.contains("example.org"), "{queue}");
    for link in
        ["[a long story](https://b.example.org/s) why", "<https://c.example.org/s> why", "https://d.example.org/s, why"]
    {
        let reply = say(&world, "terminal:leo", &format!("suggest {link}"));
        assert_eq!(reply.outcome, Outcome::Answered, "{link}: {}", text(&reply));
    }
}

#[test]
fn a_line_of_a_pasted_quote_is_never_cut_off_in_silence() {
    let form = include_str!("../fixtures/forms/field-word.txt");
    let world = desk();
    let reply = say(&world, ANA, form);
    assert_eq!(reply.outcome, Outcome::Misused);
    assert!(text(&reply).contains("“Note: two are in Asia.” belong to it?"), "{}", text(&reply));
    assert!(text(&say(&world, ANA, "queue")).contains("Nothing waits"));
    let quoted = form.replace(
        "We found more of them.\nNote: two are in Asia.",
        "\"We found more of them.\nNote: two are in Asia.\"",
    );
    let records = proposed(&world, &say(&world, ANA, &quoted));
    let whole = "We found more of them. Note: two are in Asia.";
    assert_eq!(statement(&records).quote.as_ref().unwrap().text.as_str(), whole);
    // One answer is one field.
    let world = desk();
    for answer in [
        "add statement",
        "answer Laura Harth",
        "answer It was said that twentyone had been found.",
        "answer D104",
        "answer skip",
        "answer Sydney",
        "answer skip",
    ] {
        let reply = say(&world, ANA, answer);
        assert_eq!(reply.outcome, Outcome::Answered, "{answer}: {}", text(&reply));
    }
    say(&world, ANA, "answer We found more of them.\nNote: two are in Asia.\nsaid: 2020");
    let shown = text(&say(&world, ANA, "answer show"));
    assert!(shown.contains(&format!("quote: {whole} said: 2020")), "{shown}");
    // Where fields are given by name, several in a message, it is as in a form of one message.
    let world = desk();
    say(&world, ANA, "edit S4");
    let reply = text(&say(&world, ANA, "answer quote: We found more.\nNote: two are in Asia."));
    assert!(reply.contains("“Note: two are in Asia.” belong to it?"), "{reply}");
    assert!(!text(&say(&world, ANA, "answer show")).contains("We found more"), "nothing of it was taken");
}

#[test]
fn what_cannot_be_seen_in_a_pasted_headline_is_left_out() {
    for (form, wanted) in [
        (include_str!("../fixtures/forms/soft-hyphen.txt"), "Chinesische Polizeistation in Frankfurt"),
        (include_str!("../fixtures/forms/direction-mark.txt"), "شرطة صينية في دبلن"),
    ] {
        let world = desk();
        let records = proposed(&world, &say(&world, ANA, form));
        let [Record::Source(source)] = records.as_slice() else { panic!("{records:?}") };
        let SourceName::Title(title) = &source.name else { panic!("{source:?}") };
        assert_eq!(title.as_str(), wanted);
    }
    let world = desk();
    let reply = say(&world, "terminal:leo", "suggest https://a.example.org/\u{200b}story It\u{ad} says\u{200e} so.");
    assert_eq!(reply.outcome, Outcome::Answered, "{}", text(&reply));
    let reply = say(&world, ANA, "retract S1 The re\u{ad}port was\u{2028}withdrawn.");
    assert!(text(&reply).contains("The report was withdrawn."), "{}", text(&reply));
}

#[test]
fn a_line_whose_first_word_is_nearly_a_field_is_asked_about() {
    let world = desk();
    for line in ["abuot: Sydney", "speaker-rol: Director", "qoute: It was."] {
        let reply = say(
            &world,
            ANA,
            &format!(
                "add statement\nspeaker: Laura Harth\nsource: D104\ntext: It was said that a swan was seen.\n{line}"
            ),
        );
        assert_eq!(reply.outcome, Outcome::Misused, "{line}: {}", text(&reply));
        assert!(text(&reply).contains("belong to it?"), "{line}: {}", text(&reply));
    }
    // In quotation marks it is the wording's own, and what is near no field is prose.
    for words in ["\"It was said that a swan was seen.\nabuot: nothing\"", "It was said of a swan.\ncolour: red"] {
        let reply = say(
            &world,
            ANA,
            &format!("add statement\nspeaker: Laura Harth\nsource: D104\nabout: Sydney\ntext: {words}\nconfirm: yes"),
        );
        assert_eq!(reply.outcome, Outcome::Answered, "{words}: {}", text(&reply));
    }
}
