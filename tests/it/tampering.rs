//! Each column of each table forged in turn, as someone does who has the file to themselves and knows its schema: it is
//! found by `verify`, or SQLite refuses it, or it is on a short list with the reason why it can't matter. The columns come
//! from the schema, so that a new one can't be forgotten.
//!
//! `cargo test --test it -- --nocapture tampering` prints the counts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use onrecord::{
    model::{ChangeId, Digest, EntityId, LinkAnswer, LinkOutcome, Platform},
    reply::Outcome,
    store::{
        AnswerPage, CommunitySettings, Delivery, PostTarget, Refusal, ReviewMessage, Store, StoreError,
        UndecryptableMessage, Watcher,
    },
};
use rusqlite::{Connection, types::Value};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::{
    editorial::{say, town},
    support::World,
};

const ROOT: &str = "matrix:@root:example.org";

/// Columns that may be altered unseen, each with the reason why that can't matter.
const MAY_BE_ALTERED: &[(&str, &str)] = &[(
    "migration.applied_at",
    "When the schema was brought up to date: nothing reads it, and nothing follows from it.",
)];

/// Something in each table, and changes of every kind and fate.
fn lived_in() -> World {
    let world = town();
    let done = |who: &str, line: &str| {
        let reply = say(&world, who, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    };
    let approved = |change: u32| {
        done("terminal:rui", &format!("review C{change}"));
        done("terminal:rui", &format!("approve C{change}"));
    };
    let with_lists = "[[source]]\nkey = \"signed\"\nkind = \"news_article\"\ntitle = \"Signed\"\n\
        url = \"https://news.example.org/signed\"\npublisher = \"example-news\"\nlanguage = \"en\"\n\
        seen = \"full\"\nauthors = [\"Ida Berg\", \"Jo Winter\"]\n\
        [[entity]]\nkey = \"lighthouse\"\nkind = \"place\"\nname = \"Lighthouse\"\n\
        same_as = [\"https://www.wikidata.org/wiki/Q39715\", \"https://www.geonames.org/7\"]\n";
    world.import(&format!("{}\n{with_lists}", include_str!("../fixtures/harbour.toml")));
    done("terminal:cai", "edit S1\nspeaker-role: Mayor\ncorrection: Her office was missing.");
    approved(3);
    done("terminal:cai", "edit S1\nsaid: 2022-10-25");
    done("discord:33", "edit S1\ntext: It was said that the old pier would be shut in winter.");
    approved(4);
    // Fitted to what C4 has changed.
    approved(5);
    done(
        "terminal:cai",
        "add statement\nspeaker: Ana Silva\ntext: It was said that the new lighthouse opens in May.\nsource: D1\nabout: Harbour Town\nnote: Heard it on the radio.",
    );
    approved(6);
    done("terminal:cai", "retract S1 It was not said.");
    approved(7);
    done(
        "terminal:cai",
        "add statement\nspeaker: Ana Silva\ntext: It was said that the ferry is free on Sundays.\nsource: D1\nabout: Harbour Town",
    );
    approved(8);
    let ids = world.app.store.reader().unwrap().all_ids().unwrap();
    let ferry = ids.iter().rfind(|id| id.to_string().starts_with('S')).unwrap();
    done("terminal:cai", &format!("edit {ferry}\nspeaker-role: Mayor"));
    done(ROOT, "role discord:44 admin");
    done("discord:44", &format!("purge {ferry} On a court's order."));
    done(ROOT, "review C10");
    done(ROOT, "review C10");
    done(ROOT, "approve C10");
    done("terminal:cai", "add entity\nname: Waits\nkind: topic");
    done("terminal:cai", "add entity\nname: Not wanted\nkind: topic");
    done("terminal:rui", "review C12");
    done("terminal:rui", "reject C12 It is no topic.");
    done("terminal:cai", "add entity\nname: Taken back\nkind: topic");
    done("terminal:cai", "withdraw C13");
    done("terminal:cai", "add entity\nname: Sent back\nkind: topic");
    done("terminal:rui", "review C14");
    done("terminal:rui", "request-changes C14 Say what it is.");
    done("terminal:rui", "claim-review C11");
    done("terminal:leo", "suggest https://gull.example.org/new A note on page 2.");
    done("terminal:leo", "suggest https://gull.example.org/old Another note.");
    done(ROOT, "link discord:33 terminal:zoe");
    done(ROOT, "link discord:70 discord:71");
    done(ROOT, "unlink discord:71 discord:70");
    done(ROOT, "block discord:90 for 7d Floods the channel.");
    done(ROOT, "block discord:91");
    done(ROOT, "unblock discord:91");
    done("terminal:cai", "add entity");
    around(&world);
    world
}

/// What lies around the records.
fn around(world: &World) {
    let (store, now) = (&world.app.store, world.now());
    let settings = CommunitySettings {
        prefix: Some("?".to_owned()),
        channels: vec!["5".to_owned(), "7".to_owned()],
        ..Default::default()
    };
    store.set_community("discord:1", &settings, &ROOT.parse().unwrap(), now).unwrap();
    let delivery = |question: &str, entries: &[&str]| Delivery {
        platform: Platform::Discord,
        question: question.to_owned(),
        channel: "7".to_owned(),
        answer: format!("{question}0"),
        entries: entries.iter().map(|id| (*id).to_owned()).collect(),
        as_of: None,
        at: now,
    };
    store.delivered(vec![delivery("5", &["S1", "S2"]), delivery("6", &["S3"])], 30).unwrap();
    let page = AnswerPage {
        platform: Platform::Matrix,
        answer: "$answer".to_owned(),
        channel: "!room".to_owned(),
        asker: ROOT.to_owned(),
        ask: "source harbour page:2".to_owned(),
        part: 0,
        at: now,
    };
    store.keep_page(page).unwrap();
    store.keep_asks(vec!["source pier page:2".to_owned()], now).unwrap();
    store.set_chat_position(Platform::Matrix, "@bot:example.org".to_owned(), "s1".to_owned(), now).unwrap();
    let undecryptable = UndecryptableMessage { channel: "!room".to_owned(), message: "$m".to_owned(), at: now };
    store.keep_undecryptable(Platform::Matrix, "@bot:example.org".to_owned(), vec![undecryptable], now).unwrap();
    let message = ReviewMessage {
        platform: Platform::Matrix,
        channel: "!room".to_owned(),
        message: "$review".to_owned(),
        change: ChangeId(11),
        seen: onrecord::model::ChangeVersion::of("00000000000000000000000000000000"),
        asked: None,
        at: now,
    };
    store.keep_review_message(message).unwrap();
    let watcher = Watcher {
        platform: Platform::Discord,
        place: PostTarget::Channel("7".to_owned()),
        community: Some("discord:1".to_owned()),
    };
    store.watch(watcher, EntityId(1), Digest::None, &ROOT.parse().unwrap(), now).unwrap();
    let gone = LinkAnswer {
        outcome: LinkOutcome::Gone,
        status: Some(404),
        last: Some("https://news.example.org/moved".parse().unwrap()),
    };
    let link = store.reader().unwrap().source_links().unwrap().remove(0);
    for day in 0..3 {
        let at = now + SignedDuration::from_hours(24 * day);
        assert!(store.link_asked(link.source, &link.address, gone.clone(), at).unwrap().is_some());
    }
    // What is told of by a post, and changes a message.
    for (who, line) in [
        ("terminal:cai", "restore S1 It was said after all."),
        ("terminal:rui", "review C15"),
        ("terminal:rui", "approve C15"),
        (
            "terminal:cai",
            "add statement\nspeaker: Ana Silva\ntext: It was said that a bridge is planned.\nsource: D1\nabout: Harbour Town",
        ),
        ("terminal:rui", "review C16"),
        ("terminal:rui", "approve C16"),
    ] {
        let reply = say(world, who, line);
        assert_eq!(reply.outcome, Outcome::Answered, "{line}: {reply:?}");
    }
}

/// The file of a database that was lived in, which nobody has open.
struct Whole {
    folder: TempDir,
    path: std::path::PathBuf,
    bytes: Vec<u8>,
}

impl Whole {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("onrecord.db");
        lived_in().app.store.back_up(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        Self { folder, path, bytes }
    }

    /// To read from, while the other is forged.
    fn original(&self) -> Connection {
        let path = self.folder.path().join("original.db");
        std::fs::write(&path, &self.bytes).unwrap();
        Connection::open(&path).unwrap()
    }

    fn connection(&self) -> Connection {
        let connection = Connection::open(&self.path).unwrap();
        connection.pragma_update(None, "synchronous", false).unwrap();
        connection.pragma_update(None, "journal_mode", "MEMORY").unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection
    }

    /// What is found after this was done; `None` where SQLite refuses it or it changes nothing.
    fn forged(&self, forge: impl FnOnce(&Connection) -> rusqlite::Result<usize>) -> Option<Vec<String>> {
        std::fs::write(&self.path, &self.bytes).unwrap();
        let changed = forge(&self.connection()).ok().filter(|changed| *changed > 0)?;
        assert!(changed > 0);
        Some(self.problems())
    }

    fn problems(&self) -> Vec<String> {
        let store = match Store::open_read_only(&self.path) {
            Ok(store) => store,
            Err(error) => return vec![error.to_string()],
        };
        match store.reader().and_then(|reader| reader.without_deadline().verify()) {
            Ok(verified) => verified.problems,
            Err(error) => vec![error.to_string()],
        }
    }
}

struct Column {
    name: String,
    is_key: bool,
}

fn tables(connection: &Connection) -> BTreeMap<String, Vec<Column>> {
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let columns = |table: &String| {
        connection
            .prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid")
            .unwrap()
            .query_map([table], |row| Ok(Column { name: row.get(0)?, is_key: row.get::<_, i64>(1)? > 0 }))
            .unwrap()
            .collect::<Result<Vec<_>, _>>()
            .unwrap()
    };
    names.into_iter().map(|table| (table.clone(), columns(&table))).collect()
}

/// The rows of a table that are forged: of changes and acts, whose fates differ, all.
fn rows(connection: &Connection, table: &str, columns: &[Column]) -> Vec<Vec<Value>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let rows: Vec<Vec<Value>> = statement
        .query_map([], |row| (0..columns.len()).map(|column| row.get(column)).collect())
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    if ["change", "act"].contains(&table) || rows.len() < 3 {
        return rows;
    }
    [0, rows.len() / 2, rows.len() - 1].map(|place| rows[place].clone()).to_vec()
}

/// What a value might be replaced by; the more telling first.
fn forgeries(value: &Value, others: &[Value]) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut forged: Vec<Value> = others.iter().filter(|other| *other != value).take(2).cloned().collect();
    match value {
        Value::Null => forged.extend([text("terminal:mallory"), Value::Integer(1), text("2026-11-01"), text("{}")]),
        Value::Integer(number) => {
            forged.extend([Value::Integer(number + 1), Value::Integer(1 - number), Value::Null]);
        }
        Value::Text(old) => {
            let mut letters: Vec<char> = old.chars().collect();
            if let Some(last) = letters.iter_mut().rfind(|letter| letter.is_alphanumeric()) {
                *last = if *last == 'e' { 'a' } else { 'e' };
            }
            forged.extend([Value::Text(letters.into_iter().collect()), text(&format!("{old}x")), Value::Null]);
        }
        Value::Real(_) | Value::Blob(_) => panic!("no table of ours has one"),
    }
    forged.retain(|forgery| forgery != value);
    forged
}

/// What became of the forgeries.
#[derive(Default)]
struct Counts {
    columns: u32,
    found: u32,
    refused: u32,
    /// By column.
    unseen: BTreeMap<String, u32>,
    /// Each of the unseen.
    told: Vec<String>,
}

/// Forges one column in each of the rows; says how many forgeries SQLite took. Without its `checks`, as whoever turns them
/// off, one is enough.
fn forge_column(
    whole: &Whole,
    (table, columns, place): (&str, &[Column], usize),
    rows: &[Vec<Value>],
    checks: bool,
    counts: &mut Counts,
) -> u32 {
    let column = &columns[place].name;
    let key: Vec<usize> = (0..columns.len()).filter(|column| columns[*column].is_key).collect();
    let condition: Vec<String> =
        key.iter().map(|column| format!("\"{}\" IS ?{}", columns[*column].name, column + 2)).collect();
    let sql = format!("UPDATE \"{table}\" SET \"{column}\" = ?1 WHERE {}", condition.join(" AND "));
    let others: Vec<Value> = rows.iter().map(|row| row[place].clone()).collect();
    let mut taken = 0;
    for (number, row) in rows.iter().enumerate() {
        let wanted = if number == 0 && checks { 2 } else { 1 };
        let mut took = 0;
        for forgery in forgeries(&row[place], &others) {
            let problems = whole.forged(|connection| {
                connection.pragma_update(None, "ignore_check_constraints", !checks)?;
                let mut statement = connection.prepare(&sql)?;
                statement.raw_bind_parameter(1, &forgery)?;
                for column in &key {
                    statement.raw_bind_parameter(column + 2, &row[*column])?;
                }
                statement.raw_execute()
            });
            match problems {
                None => counts.refused += 1,
                Some(problems) if problems.is_empty() => {
                    counts.told.push(format!("{table}.{column} from {:?} to {forgery:?}", row[place]));
                    *counts.unseen.entry(format!("{table}.{column}")).or_default() += 1;
                    took += 1;
                }
                Some(_) => {
                    counts.found += 1;
                    took += 1;
                }
            }
            if took == wanted {
                break;
            }
        }
        taken += took;
        if !checks && taken > 0 {
            break;
        }
    }
    taken
}

#[test]
fn each_column_of_each_table_that_is_forged_is_found() {
    let whole = Whole::new();
    assert_eq!(whole.problems(), Vec::<String>::new());
    let connection = whole.original();
    let tables = tables(&connection);
    let mut counts = Counts::default();
    for (table, columns) in &tables {
        let rows = rows(&connection, table, columns);
        assert!(!rows.is_empty(), "there is nothing in {table} to forge");
        for place in 0..columns.len() {
            let column = (table.as_str(), columns.as_slice(), place);
            let taken =
                [true, false].into_iter().any(|checks| forge_column(&whole, column, &rows, checks, &mut counts) > 0);
            assert!(taken, "{table}.{} was not forged", columns[place].name);
            counts.columns += 1;
        }
    }
    let Counts { columns, found, refused, unseen, told } = counts;
    let forged = found + refused + unseen.values().sum::<u32>();
    println!(
        "{forged} forgeries of {columns} columns in {} tables: {found} found, {refused} refused by SQLite, unseen: \
         {unseen:?}",
        tables.len()
    );
    let allowed: BTreeSet<&str> = MAY_BE_ALTERED.iter().map(|(column, _)| *column).collect();
    assert_eq!(unseen.keys().map(String::as_str).collect::<BTreeSet<_>>(), allowed, "{}", told.join("\n"));
}

#[test]
fn each_row_that_is_taken_away_or_put_in_is_found() {
    let whole = Whole::new();
    let connection = whole.original();
    let (mut found, mut refused) = (0, 0);
    for (table, columns) in &tables(&connection) {
        let key: Vec<usize> = (0..columns.len()).filter(|column| columns[*column].is_key).collect();
        for row in rows(&connection, table, columns) {
            let condition: Vec<String> =
                key.iter().map(|column| format!("\"{}\" IS ?{}", columns[*column].name, column + 1)).collect();
            let bound = |connection: &Connection, sql: &str| {
                let mut statement = connection.prepare(sql)?;
                for column in &key {
                    statement.raw_bind_parameter(column + 1, &row[*column])?;
                }
                statement.raw_execute()
            };
            let delete = format!("DELETE FROM \"{table}\" WHERE {}", condition.join(" AND "));
            let problems = whole.forged(|connection| bound(connection, &delete));
            let problems = problems.unwrap_or_else(|| panic!("{table}: {row:?} can't be deleted"));
            assert!(!problems.is_empty(), "{table}: a row that is gone is not missed: {row:?}");
            found += 1;
            // The same again under another key.
            let values: Vec<String> = columns
                .iter()
                .map(|column| match (column.is_key, column.name.as_str()) {
                    (true, name) => format!(
                        "CASE typeof(\"{name}\") WHEN 'integer' THEN \"{name}\" + 100
                         ELSE \"{name}\" || CASE length(\"{name}\") WHEN 16 THEN '' ELSE 'x' END END"
                    ),
                    (false, "sequence") => "NULL".to_owned(),
                    (false, name) => format!("\"{name}\""),
                })
                .collect();
            let insert = format!(
                "INSERT INTO \"{table}\" SELECT {} FROM \"{table}\" WHERE {}",
                values.join(", "),
                condition.join(" AND ")
            );
            match whole.forged(|connection| bound(connection, &insert)) {
                None => refused += 1,
                Some(problems) => {
                    assert!(!problems.is_empty(), "{table}: a row that was put in is not noticed, like {row:?}");
                    found += 1;
                }
            }
        }
    }
    println!("rows taken away or put in: {found} found, {refused} refused by SQLite");
}

/// What someone does who knows what is compared with what, and alters both.
#[test]
fn what_is_forged_consistently_is_found() {
    let whole = Whole::new();
    let text = "replace(content, 'lighthouse', 'airport')";
    let about = "content LIKE '%lighthouse opens%'";
    let statement = "UPDATE statement SET text = replace(text, 'lighthouse', 'airport')";
    for sql in [
        // The words of a statement, in the history and on record, without the salt that would tell.
        format!("UPDATE operation SET content = {text}, salt = NULL WHERE {about}; {statement}"),
        format!(
            "UPDATE operation SET content = {text}, salt = NULL WHERE {about}; {statement};
             UPDATE change SET salt = NULL; UPDATE seal SET salt = NULL"
        ),
        format!("UPDATE operation SET content = {text} WHERE {about}; {statement}; DELETE FROM seal"),
        // Who decided, when and why, and who proposed it.
        "UPDATE change SET reviewer = 'terminal:mallory', salt = NULL WHERE id = 3".to_owned(),
        "UPDATE change SET author = 'terminal:mallory', salt = NULL WHERE id = 3".to_owned(),
        "UPDATE change SET reason = '(purged)', summary = '(purged)', salt = NULL WHERE id = 3".to_owned(),
        "UPDATE change SET reviewed_at = reviewed_at - 1, salt = NULL WHERE id = 8".to_owned(),
        // Something hidden as if it had been purged.
        "UPDATE operation SET salt = NULL, content = (SELECT content FROM operation
             WHERE json_extract(content, '$.operation') = 'removed' LIMIT 1) WHERE change = 3;
         UPDATE change SET reason = '(purged)', summary = '(purged)', salt = NULL WHERE id = 3"
            .to_owned(),
        // What waits, and who it is by.
        "UPDATE operation SET content = replace(content, 'Waits', 'Comes') WHERE change = 11".to_owned(),
        "UPDATE change SET author = 'terminal:rui', claimed_by = NULL, claimed_until = NULL WHERE id = 11".to_owned(),
        // A rejected change that never was.
        "DELETE FROM operation WHERE change = 12; DELETE FROM change WHERE id = 12".to_owned(),
        "DELETE FROM operation WHERE change = 12; DELETE FROM change WHERE id = 12;
         DELETE FROM seal WHERE kind = 'change' AND subject = '12'"
            .to_owned(),
        "UPDATE change SET state = 'pending', reviewer = NULL, reviewed_at = NULL, reason = NULL WHERE id = 12"
            .to_owned(),
        // A purge on another day and for another reason.
        "UPDATE record SET purged_reason = 'At the press office''s wish.' WHERE purged_on IS NOT NULL;
         UPDATE operation SET salt = NULL, content = replace(content, 'On a court''s order.', 'At the press office''s wish.')
         WHERE change = 10"
            .to_owned(),
        // A role, with the act that gave it.
        "UPDATE role SET role = 'admin' WHERE identity = 'terminal:cai';
         UPDATE act SET data = replace(data, 'contributor', 'admin') WHERE subject = 'terminal:cai'"
            .to_owned(),
        "UPDATE role SET role = 'admin' WHERE identity = 'terminal:cai';
         UPDATE act SET data = replace(data, 'contributor', 'admin'), what = 'reader → contributor'
         WHERE subject = 'terminal:cai'"
            .to_owned(),
        "DELETE FROM role WHERE identity = 'discord:44'; DELETE FROM act WHERE subject = 'discord:44'".to_owned(),
        // The channels of a community, with the act.
        "UPDATE community_channel SET channel = '8' WHERE channel = '5';
         UPDATE act SET data = replace(data, '\"5\"', '\"8\"') WHERE kind = 'setting'"
            .to_owned(),
        // Ids: two statements in each other's place, with all that refers to them left as it is.
        "UPDATE record SET key = CASE id WHEN 1 THEN 'swapped' ELSE key END WHERE kind = 'statement'".to_owned(),
        // Everything that a chain could be told by.
        "UPDATE change SET salt = NULL, digest = NULL, hash = NULL; UPDATE operation SET salt = NULL, digest = NULL;
         UPDATE act SET hash = NULL; DELETE FROM seal; DELETE FROM tally"
            .to_owned(),
        "UPDATE seal SET salt = NULL".to_owned(),
        "UPDATE tally SET sum = (SELECT max(sum) FROM tally)".to_owned(),
        // What a reaction decides on.
        "UPDATE review_message SET change = 14".to_owned(),
    ] {
        let problems = whole.forged(|connection| connection.execute_batch(&sql).map(|()| 1));
        assert!(problems.as_ref().is_some_and(|problems| !problems.is_empty()), "{sql}: {problems:?}");
    }
}

/// docs/editing.md says what a seal is over; whoever has the file can compute it by other means.
#[test]
fn seals_are_what_the_documentation_says() {
    let whole = Whole::new();
    let connection = whole.original();
    let hex = |text: String| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let seals: Vec<(i64, String, String, Option<String>, String, String)> = connection
        .prepare("SELECT id, kind, subject, salt, digest, hash FROM seal ORDER BY id")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut before = onrecord::store::BEGINNING.to_owned();
    let mut acts = 0;
    for (id, kind, subject, salt, digest, hash) in seals {
        assert_eq!(hash, hex(format!("{before}\n[{id},\"{kind}\",\"{subject}\",\"{digest}\"]")));
        before = hash;
        if let Some(salt) = salt.filter(|_| kind == "act") {
            let row: String = connection
                .query_row(
                    "SELECT json_array('act', id, at, actor, kind, subject, what, data, hash) FROM act WHERE id = ?1",
                    [&subject],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(digest, hex(format!("{salt}\n{row}\n")));
            acts += 1;
        }
    }
    assert!(acts > 10, "{acts}");
    let store = Store::open_read_only(&whole.path).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(reader.last_seal().unwrap().1, before);
    assert_eq!(reader.without_deadline().verify().unwrap().seal, before);
}

/// Not only does `verify` find it: nobody decides on what isn't what was proposed.
#[test]
fn a_proposal_that_was_altered_while_it_waited_is_not_decided_on() {
    for alteration in [
        "UPDATE operation SET content = replace(content, 'Waits', 'Comes') WHERE change = 2",
        "UPDATE change SET author = 'discord:33' WHERE id = 2",
        "UPDATE change SET based_on = based_on - 1 WHERE id = 2",
        "DELETE FROM seal WHERE kind = 'change' AND subject = '2'",
    ] {
        let world = town();
        say(&world, "terminal:cai", "add entity\nname: Waits\nkind: topic");
        Connection::open(world.app.store.path()).unwrap().execute(alteration, []).unwrap();
        say(&world, "terminal:rui", "review C2");
        for (who, line) in [
            ("terminal:rui", "approve C2"),
            ("terminal:rui", "reject C2 No."),
            ("terminal:rui", "request-changes C2 Why?"),
            ("terminal:rui", "claim-review C2"),
            ("terminal:cai", "withdraw C2"),
        ] {
            let reply = say(&world, who, line);
            assert_ne!(reply.outcome, Outcome::Answered, "{alteration}: {line}: {reply:?}");
        }
        let authority = super::editorial::authority();
        let reviewer = "terminal:rui".parse().unwrap();
        let claimed = world.app.store.claim(ChangeId(2), reviewer, world.now(), &authority);
        assert!(matches!(claimed, Err(StoreError::Refused(Refusal::Altered(ChangeId(2))))), "{claimed:?}");
        let change = world.app.store.reader().unwrap().change(ChangeId(2)).unwrap();
        assert!(change.state.is_open(), "{alteration}");
    }
}
