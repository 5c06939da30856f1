//! How long an answer takes, from the request to the reply with its entries, at 1,000, 100,000 and
//! 1,000,000 generated statements; beside SQLite's FTS5 on the same texts in the same run.
//!
//! `cargo bench --bench answer` takes the two smaller sizes. `ONRECORD_BENCH_SIZES=1000000` names
//! others; the first run at a size makes the data (some minutes for a million), later ones find it.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first thing that goes wrong, and its numbers are small"
)]

mod generated;

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use divan::Bencher;
use generated::{Random, database, place_name, word};
use onrecord::{
    app::App,
    desk::{Invocation, Request},
    model::{Identity, Platform},
};
use rusqlite::Connection;

fn main() {
    divan::main();
}

fn sizes() -> Vec<usize> {
    let set = std::env::var("ONRECORD_BENCH_SIZES").unwrap_or_else(|_| "1000,100000".to_owned());
    set.split(',').map(|size| size.trim().parse().unwrap()).collect()
}

struct World {
    app: App,
    fts5: Mutex<Connection>,
}

static WORLDS: LazyLock<BTreeMap<usize, World>> =
    LazyLock::new(|| sizes().into_iter().map(|size| (size, world(size))).collect());

fn world(size: usize) -> World {
    let config = database(size);
    let fts5 = config.database.with_file_name("fts5.db");
    if !fts5.exists() {
        let unfinished = fts5.with_extension("unfinished");
        let _ = std::fs::remove_file(&unfinished);
        let connection = Connection::open(&unfinished).unwrap();
        connection
            .execute_batch(&format!(
                "CREATE VIRTUAL TABLE words USING fts5 (text, about UNINDEXED, said UNINDEXED, tokenize = 'porter unicode61');
                 ATTACH '{}' AS records;
                 INSERT INTO words (rowid, text, about, said)
                     SELECT statement.id, statement.text || ' ' || coalesce(group_concat(response.text, ' '), ''),
                            (SELECT entity FROM records.statement_about WHERE statement = statement.id), statement.said
                     FROM records.statement
                     LEFT JOIN records.response_to ON response_to.statement = statement.id
                     LEFT JOIN records.response ON response.id = response_to.response
                     GROUP BY statement.id;
                 INSERT INTO words (words) VALUES ('optimize');",
                config.database.display()
            ))
            .unwrap();
        drop(connection);
        std::fs::rename(unfinished, &fts5).unwrap();
    }
    World { app: App::open(&config).unwrap(), fts5: Mutex::new(Connection::open(fts5).unwrap()) }
}

fn request(line: String) -> Request {
    Request {
        actor: Identity::new(Platform::Terminal, "bench").unwrap(),
        conversation: "bench".to_owned(),
        invocation: Invocation::Text(line),
        origin: None,
        page_size: 5,
    }
}

/// Benches a question that is another one every time.
fn ask(bencher: Bencher<'_, '_>, size: usize, line: impl Fn(&mut Random) -> String) {
    let world = &WORLDS[&size];
    let mut random = Random::new(3);
    bencher
        .with_inputs(|| request(line(&mut random)))
        .bench_local_values(|request| divan::black_box(world.app.desk.answer(&request)));
}

/// Benches a query of FTS5: the ids of the best five.
fn peer(bencher: Bencher<'_, '_>, size: usize, condition: &str, words: impl Fn(&mut Random) -> String) {
    let connection = WORLDS[&size].fts5.lock().unwrap_or_else(PoisonError::into_inner);
    let sql = format!("SELECT rowid FROM words WHERE words MATCH ?1 {condition} ORDER BY rank LIMIT 5");
    let mut random = Random::new(3);
    bencher.with_inputs(|| words(&mut random)).bench_local_values(|words| {
        let mut statement = connection.prepare_cached(&sql).unwrap();
        let rows: Vec<i64> = statement.query_map([words], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        divan::black_box(rows)
    });
}

/// A word that about one statement in a hundred has.
fn one_word(random: &mut Random) -> String {
    word(300 + random.below(300))
}

fn any_of_forty(random: &mut Random) -> String {
    random.text(40).split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ")
}

#[divan::bench(args = sizes(), sample_count = 50)]
fn one_word_onrecord(bencher: Bencher<'_, '_>, size: usize) {
    ask(bencher, size, |random| format!("source {}", one_word(random)));
}

#[divan::bench(args = sizes(), sample_count = 50)]
fn one_word_fts5(bencher: Bencher<'_, '_>, size: usize) {
    peer(bencher, size, "", one_word);
}

#[divan::bench(args = sizes(), sample_count = 50)]
fn entity_onrecord(bencher: Bencher<'_, '_>, size: usize) {
    let places = generated::places(size) as u64;
    ask(bencher, size, move |random| format!("source {}", place_name(random.below(places) as usize)));
}

#[divan::bench(args = sizes(), sample_count = 50)]
fn filter_onrecord(bencher: Bencher<'_, '_>, size: usize) {
    ask(bencher, size, |random| format!("source {} since:2012 until:2014-06", one_word(random)));
}

#[divan::bench(args = sizes(), sample_count = 50)]
fn filter_fts5(bencher: Bencher<'_, '_>, size: usize) {
    peer(bencher, size, "AND said >= '2012' AND said < '2014-07'", one_word);
}

#[divan::bench(args = sizes(), sample_count = 50)]
fn forty_words_onrecord(bencher: Bencher<'_, '_>, size: usize) {
    ask(bencher, size, |random| format!("check {}", random.text(40)));
}

#[divan::bench(args = sizes(), sample_count = 20)]
fn forty_words_fts5(bencher: Bencher<'_, '_>, size: usize) {
    peer(bencher, size, "", any_of_forty);
}

mod shipped {
    //! The shipped entries: a start from nothing but the files, and an answer once started.

    use onrecord::config::DataConfig;

    use super::{App, Bencher, request};

    fn config(folder: &std::path::Path) -> DataConfig {
        DataConfig { database: folder.join("onrecord.db"), index: folder.join("onrecord.db.index"), shipped_data: true }
    }

    /// The first start in an empty folder, to its first answer.
    #[divan::bench(sample_count = 20)]
    fn first_start_to_answer(bencher: Bencher<'_, '_>) {
        bencher.with_inputs(|| tempfile::tempdir().unwrap()).bench_local_refs(|folder| {
            let app = App::open(&config(folder.path())).unwrap();
            divan::black_box(app.desk.answer(&request("source sydney".to_owned())))
        });
    }

    /// A later start, to its first answer.
    #[divan::bench(sample_count = 50)]
    fn start_to_answer(bencher: Bencher<'_, '_>) {
        let folder = tempfile::tempdir().unwrap();
        drop(App::open(&config(folder.path())).unwrap());
        bencher.bench_local(|| {
            let app = App::open_for_reading(&config(folder.path())).unwrap();
            divan::black_box(app.desk.answer(&request("source sydney".to_owned())))
        });
    }

    #[divan::bench(sample_count = 200)]
    fn warm_answer(bencher: Bencher<'_, '_>) {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(&config(folder.path())).unwrap();
        bencher.bench_local(|| divan::black_box(app.desk.answer(&request("source sydney".to_owned()))));
    }
}
