//! Hostile strings on record and in questions: what may be on record stays what it is, and no answer
//! has anything in it that a terminal would obey. That no platform finds markup in an answer is held
//! beside each front end (`chat::hostile`).

use std::fmt::Write as _;

use onrecord::{
    chat::terminal::{OutputForm, Settings, Surface, once, render},
    import_export::{COLUMNS, import, plan, read_texts, write_pack, write_spreadsheet},
    model::{HeldRecord, Record, RecordId, RecordKind, SingleLine},
    reply::{Outcome, Reply},
};

use crate::support::{World, attribution, read};

fn strings() -> Vec<String> {
    let mut files: Vec<_> =
        std::fs::read_dir("tests/fixtures/hostile").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
    texts.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A pack that has each string that may be on record in every field that takes words.
fn pack() -> (String, usize) {
    let mut pack = String::from(
        "[[entity]]\nkey = \"speaker\"\nkind = \"person\"\nname = \"Ana Silva\"\n\
         [[entity]]\nkey = \"publisher\"\nkind = \"organisation\"\nname = \"Example News\"\n",
    );
    let fit: Vec<SingleLine> = strings().iter().filter_map(|text| text.trim().parse().ok()).collect();
    for (line, number) in fit.iter().zip(1..) {
        let text = toml::Value::String(line.to_string());
        write!(
            pack,
            r#"
[[entity]]
key = "place-{number}"
kind = "place"
name = {text}
aliases = [{{ name = {text}, language = "nl" }}]
description = {text}

[[entity]]
key = "person-{number}"
kind = "person"
name = {text}
role = {text}

[[source]]
key = "source-{number}"
kind = "news_article"
title = {text}
url = "https://news.example.org/{number}"
publisher = "publisher"
authors = [{text}]
language = "en"
seen = "full"
note = {text}

[[statement]]
key = "statement-{number}"
speaker = "speaker"
speaker_role = {text}
text = {text}
quote = {text}
about = ["place-{number}", "person-{number}"]
citations = [{{ source = "source-{number}", role = "original", locator = {text} }}]

[[response]]
key = "response-{number}"
to = ["statement-{number}"]
responder = "person-{number}"
kind = "denial"
text = {text}
citations = [{{ source = "source-{number}", role = "original" }}]
"#
        )
        .unwrap();
    }
    (pack, fit.len())
}

fn inert(reply: &Reply, asked: &str) {
    assert!(reply.outcome != Outcome::Failed, "{asked:?}: {reply:?}");
    let settings = Settings {
        width: 80,
        colour: false,
        hyperlinks: false,
        unicode: true,
        terminal: false,
        place: Surface::Console,
        prefix: "!".to_owned(),
    };
    let mut json = Vec::new();
    once(reply, OutputForm::Json, &Settings { place: Surface::Pipe, ..settings.clone() }, &mut json).unwrap();
    let json = String::from_utf8(json).unwrap();
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
    let steers = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    for shown in [render(reply, &settings), json] {
        assert!(!shown.contains(steers), "{asked:?}: {shown:?}");
    }
}

#[test]
fn hostile_text_on_record_stays_what_it_is_and_is_shown_inert() {
    let (pack, count) = pack();
    assert!(count >= 300, "{count}");
    let world = World::of(&pack);
    let reader = world.app.store.reader().unwrap().without_deadline();
    let held: Vec<HeldRecord> =
        reader.all_ids().unwrap().into_iter().map(|id| reader.held_by_id(id).unwrap().unwrap()).collect();
    let exported = write_pack("Everything", &held);
    // What was written reads back to what is on record: nothing of it got out of its quotation marks.
    let again = read_texts(vec![("again.toml".to_owned(), exported)]).unwrap();
    let plan = plan(&reader, &again).unwrap();
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(again.records().len(), read(&pack).records().len());
    drop(reader);
    for number in 1..=count {
        for asked in [format!("show S{number}"), format!("show D{number}"), format!("history S{number}")] {
            let reply = world.ask(&asked);
            assert_eq!(reply.outcome, Outcome::Answered, "{asked}");
            inert(&reply, &asked);
        }
    }
    assert!(import(&world.app.store, &again, attribution()).unwrap().1.is_none());
}

#[test]
fn hostile_text_in_a_spreadsheet_is_in_its_cell_and_no_formula() {
    let (pack, count) = pack();
    let world = World::of(&pack);
    let reader = world.app.store.reader().unwrap().without_deadline();
    let text = write_spreadsheet(&reader).unwrap();
    // As a spreadsheet reads it, by the library that the field uses.
    let mut table = csv::ReaderBuilder::new().from_reader(text.strip_prefix('\u{feff}').unwrap().as_bytes());
    assert_eq!(table.headers().unwrap(), COLUMNS.as_slice());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2 * count);
    let mut guarded = 0;
    for row in &rows {
        for cell in row {
            let active = cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
            assert!(!active, "{cell:?}");
        }
        // What is on record is in the cell as it is, but for the apostrophe.
        let [id, said] = [&row[0], &row[9]];
        let number = id[1..].parse().unwrap();
        let record =
            RecordId::new(if id.starts_with('S') { RecordKind::Statement } else { RecordKind::Response }, number);
        let held = reader.held_by_id(record).unwrap().unwrap();
        let on_record = match &held.record {
            Record::Statement(statement) => statement.text.to_string(),
            Record::Response(response) => response.text.to_string(),
            other => panic!("{other:?}"),
        };
        guarded += usize::from(said != on_record);
        assert_eq!(said.strip_prefix('\'').filter(|_| said != on_record).unwrap_or(said), on_record, "{id}");
    }
    assert!(guarded >= 40, "{guarded}");
}

#[test]
fn hostile_questions_are_answered_in_words_that_are_inert() {
    let world = World::of(include_str!("../fixtures/harbour.toml"));
    for text in strings() {
        for asked in ["source", "about", "check", "show", "help", "suggest", "source by:"] {
            let asked = format!("{asked} {text}");
            inert(&world.ask(&asked), &asked);
        }
        inert(&world.ask(&text), &text);
    }
}
