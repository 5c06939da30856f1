//! Purging: what is purged is gone from every file when the answer says so, or the answer says what it stands in and when
//! that goes; and what others wrote stays.

use std::path::{Path, PathBuf};

use onrecord::{
    app::App,
    desk::{Invocation, Request},
    import_export::import,
    model::{Authority, ChangeId, Identity, Sequence},
    reply::{Outcome, Reply, json::JsonReply},
    store::Store,
};

use super::support::{attribution, config, read, request};

/// A word that stands nowhere else.
const CANARY: &str = "zyxomma";

const TOWN: &str = include_str!("../fixtures/harbour.toml");

fn words(reply: &Reply) -> String {
    serde_json::to_value(JsonReply::of(reply)).unwrap().to_string()
}

fn say(app: &App, who: &str, line: &str) -> Reply {
    let actor: Identity = who.parse().unwrap();
    let conversation = format!("terminal:{who}");
    let is_answer = app.desk.dialogue_waits(&conversation) && !line.contains(' ');
    let invocation = if is_answer {
        Invocation::Options { command: "answer".to_owned(), options: vec![("text".to_owned(), line.to_owned())] }
    } else {
        Invocation::Text(line.to_owned())
    };
    app.desk.answer(&Request { actor, conversation, invocation, origin: None, page_size: 10 })
}

#[track_caller]
fn done(app: &App, who: &str, line: &str) -> String {
    let reply = say(app, who, line);
    assert_eq!(reply.outcome, Outcome::Answered, "{who}: {line}: {}", words(&reply));
    words(&reply)
}

/// The files below a folder in which a word stands, in any case, byte by byte.
fn files_with(folder: &Path, word: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A town with two admins.
fn town(folder: &tempfile::TempDir) -> App {
    let app = App::open(&config(folder, false)).unwrap();
    app.desk.appoint(Authority::of(["terminal:root".parse().unwrap(), "terminal:boss".parse().unwrap()]));
    if app.store.reader().unwrap().latest_sequence().unwrap() == Sequence::BEGINNING {
        import(&app.store, &read(TOWN), attribution()).unwrap();
    }
    app
}

/// Puts the word wherever a person can put one that has to do with the record; gives the record's id.
fn write_everywhere(app: &App) -> String {
    let pack = format!(
        "[[statement]]\nkey = \"hidden\"\nspeaker = \"harbour-watch\"\nspeaker_role = \"{CANARY} spokesman\"\n\
         text = \"It was said that the {CANARY} is hidden.\"\nsaid = \"2024-03-01\"\n\
         quote = \"The {CANARY}!\"\nquote_language = \"en\"\n\
         citations = [{{ source = \"n1\", role = \"original\", locator = \"page {CANARY}\" }}]\n\
         [[entity]]\nkey = \"bystander\"\nkind = \"topic\"\nname = \"Bystanders\"\n"
    );
    let mut attribution = attribution();
    attribution.summary = format!("About the {CANARY}").parse().unwrap();
    attribution.reason = format!("Saw the {CANARY}").parse().unwrap();
    import(&app.store, &read(&pack), attribution).unwrap();
    let reply = say(app, "terminal:leo", &format!("source {CANARY}"));
    let found = serde_json::to_value(JsonReply::of(&reply)).unwrap();
    let id = found["records"][0]["id"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned();
    // Versions, decided and not.
    done(
        app,
        "terminal:root",
        &format!("edit {id}\ntext: It was said that a {CANARY} is gone.\ncorrection: No {CANARY} was seen."),
    );
    decided(app, "approve C3 The zyxomma is in the report.");
    done(app, "terminal:root", &format!("edit {id}\nquote: {CANARY}, {CANARY}.\nnote: See the {CANARY}."));
    done(app, "terminal:root", &format!("edit {id}\nspeaker-role: Friend of the {CANARY}"));
    decided(app, &format!("request-changes C5 Which {CANARY}?"));
    // Links, taken up and not; forms; long questions behind buttons.
    done(app, "terminal:leo", &format!("suggest https://example.org/{CANARY} It shows the {CANARY}."));
    done(app, "terminal:leo", "suggest https://example.org/pier It shows the pier.");
    say(app, "terminal:root", "add statement");
    say(app, "terminal:root", "Harbour-Watch");
    say(app, "terminal:root", CANARY);
    say(app, "terminal:boss", &format!("edit {id}"));
    app.desk
        .memory()
        .keep_asks(vec![format!("source {CANARY} {}", "harbour ".repeat(20))], jiff::Timestamp::now())
        .unwrap();
    id
}

fn purge(app: &App, id: &str, change: &str) -> String {
    done(app, "terminal:root", &format!("purge {id} On a court's order."));
    decided(app, &format!("approve {change}"))
}

/// What the second admin decides on, after a look at it.
fn decided(app: &App, line: &str) -> String {
    done(app, "terminal:boss", &format!("review {}", line.split_whitespace().nth(1).unwrap()));
    done(app, "terminal:boss", line)
}

#[test]
fn nothing_of_what_was_purged_stands_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let app = town(&folder);
    let id = write_everywhere(&app);
    assert!(files_with(folder.path(), CANARY).len() > 1);
    let answer = purge(&app, &id, "C6");
    assert!(!answer.contains("still stands") && !answer.contains("still stand"), "{answer}");
    assert_eq!(files_with(folder.path(), CANARY), Vec::<PathBuf>::new());
    let records = app.store.reader().unwrap();
    assert_eq!(records.verify().unwrap().problems, Vec::<String>::new());
    // What isn't about it stays: another's suggestion, the rest of the import.
    let waiting: Vec<String> = records.suggestions(10).unwrap().into_iter().map(|it| it.note).collect();
    assert_eq!(waiting, ["It shows the pier."]);
    drop(records);
    assert!(done(&app, "terminal:leo", "about bystanders").contains("Bystanders"));
    for line in ["queue", "audit", "recent", "show C2", "show C3", "review C4", &format!("history {id}")] {
        let reply = say(&app, "terminal:root", line);
        assert_ne!(reply.outcome, Outcome::Failed, "{line}: {}", words(&reply));
    }
    drop(app);
    assert_eq!(files_with(folder.path(), CANARY), Vec::<PathBuf>::new());
    assert_eq!(town(&folder).desk.answer(&request("source harbour")).outcome, Outcome::Answered);
}

#[test]
fn what_a_reader_elsewhere_keeps_is_said_and_goes_once_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let app = town(&folder);
    let id = write_everywhere(&app);
    // Another process that reads: an export, say; and one that has the index open.
    let elsewhere = Store::open_for_reading(&folder.path().join("onrecord.db")).unwrap();
    let reading = elsewhere.reader().unwrap().without_deadline();
    assert!(reading.totals().unwrap().len() > 1);
    let asking = town(&folder);
    let answer = purge(&app, &id, "C6");
    assert!(
        answer.contains("still stands in the database's log") && answer.contains("goes once that program is done"),
        "{answer}"
    );
    let left: Vec<String> = files_with(folder.path(), CANARY)
        .iter()
        .map(|file| file.strip_prefix(folder.path()).unwrap().display().to_string())
        .collect();
    assert!(left.iter().all(|name| ["onrecord.db", "onrecord.db-wal"].contains(&name.as_str())), "{left:?}: {answer}");
    // It is tried again, and can't be yet; then it goes, by whoever runs.
    app.desk.finish_purges().unwrap();
    assert!(!files_with(folder.path(), CANARY).is_empty());
    drop(reading);
    app.desk.finish_purges().unwrap();
    assert_eq!(files_with(folder.path(), CANARY), Vec::<PathBuf>::new());
    // Who had the index open answers on, from the new one.
    assert_eq!(asking.desk.answer(&request(&format!("source {CANARY}"))).outcome, Outcome::NothingFound);
    assert_eq!(asking.desk.answer(&request("source harbour")).outcome, Outcome::Answered);
}

#[test]
fn a_bot_finishes_what_another_process_has_purged() {
    let folder = tempfile::tempdir().unwrap();
    let bot = town(&folder);
    let id = write_everywhere(&bot);
    let reading = bot.store.reader().unwrap().without_deadline();
    assert!(reading.latest_sequence().unwrap() > Sequence::BEGINNING);
    // Purged from a console that ends at once.
    let console = town(&folder);
    let answer = purge(&console, &id, "C6");
    assert!(answer.contains("still stands in the database's log"), "{answer}");
    drop(console);
    drop(reading);
    bot.desk.finish_purges().unwrap();
    assert_eq!(files_with(folder.path(), CANARY), Vec::<PathBuf>::new());
}

#[test]
fn the_words_of_a_change_with_many_records_stay_when_one_of_them_is_purged() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(&config(&folder, true)).unwrap();
    app.desk.appoint(Authority::of(["terminal:root".parse().unwrap(), "terminal:boss".parse().unwrap()]));
    let summary = app.store.reader().unwrap().change_head(ChangeId(1)).unwrap().proposal.summary;
    let answer = purge(&app, "R1", "C2");
    assert!(answer.contains("Backups, exports and replicas"), "{answer}");
    let records = app.store.reader().unwrap();
    let after = records.change_head(ChangeId(1)).unwrap();
    assert_eq!(after.proposal.summary, summary);
    assert_eq!(records.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn copies_that_hold_what_was_purged_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let app = town(&folder);
    let id = write_everywhere(&app);
    app.store.back_up(&folder.path().join("onrecord.db.schema-4.backup")).unwrap();
    app.desk.tell_of_backups(Some("The backups in kept hold it until 7 newer ones are made.".to_owned()));
    let answer = purge(&app, &id, "C6");
    assert!(
        answer.contains("onrecord.db.schema-4.backup") && answer.contains("onrecord leftovers --remove"),
        "{answer}"
    );
    assert!(answer.contains("The backups in kept hold it until"), "{answer}");
    assert_eq!(files_with(folder.path(), CANARY), [folder.path().join("onrecord.db.schema-4.backup")]);
}
