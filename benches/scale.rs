//! How search grows with the number of statements: building, updating, memory, latencies and
//! throughput, beside a bare tantivy query and SQLite's FTS5 on the same words in the same run.
//!
//! `cargo bench --bench scale` takes 1,000, 10,000 and 100,000; `ONRECORD_BENCH_SIZES=1000000` names
//! others. The tables go to standard output, the plot to `docs/scale.svg`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first thing that goes wrong, and its numbers are small"
)]

mod generated;
#[path = "generated/machine.rs"]
mod machine;

use std::{
    fmt::Write,
    path::Path,
    time::{Duration, Instant},
};

use generated::{Random, database, place_name, word};
use machine::resident;
use onrecord::{
    app::App,
    desk::{Invocation, Request},
    model::{Approved, Identity, Operation, Platform, Proposal, Record, Review, Standing, Statement},
    search::Question,
};
use rusqlite::Connection;
use tantivy::{
    Index, Searcher, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::IndexRecordOption,
};

/// How often a question of each kind is asked.
const ROUNDS: usize = 200;

/// What was measured at one size, in milliseconds unless its name says otherwise.
struct Measured {
    size: usize,
    lines: Vec<(&'static str, String)>,
    plotted: Vec<(&'static str, f64)>,
}

fn main() {
    let set = std::env::var("ONRECORD_BENCH_SIZES").unwrap_or_else(|_| "1000,10000,100000".to_owned());
    let sizes = set.split(',').map(|size| size.trim().parse().unwrap());
    let all: Vec<Measured> = sizes.map(measure).collect();
    let mut table = String::from("| |");
    for measured in &all {
        write!(table, " {} |", measured.size).unwrap();
    }
    table.push_str("\n|---|");
    table.push_str(&"---|".repeat(all.len()));
    for (row, (name, _)) in all[0].lines.iter().enumerate() {
        write!(table, "\n| {name} |").unwrap();
        for measured in &all {
            write!(table, " {} |", measured.lines[row].1).unwrap();
        }
    }
    println!("{table}");
    if all.len() > 1 {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scale.svg"), plot(&all)).unwrap();
    }
}

fn measure(size: usize) -> Measured {
    let config = database(size);
    let mut lines = Vec::new();
    let mut plotted = Vec::new();
    // The index may be of an earlier version: the first opening builds it where it must.
    drop(App::open(&config).unwrap());
    let started = Instant::now();
    let app = App::open(&config).unwrap();
    std::hint::black_box(app.desk.answer(&request(format!("source {}", word(400)))));
    lines.push(("start to the first answer", milliseconds(started.elapsed())));

    let started = Instant::now();
    std::hint::black_box(app.desk.answer(&request("check https://example.org/0".to_owned())));
    lines.push(("the first link, whole answer", milliseconds(started.elapsed())));

    let mut random = Random::new(3);
    let places = generated::places(size) as u64;
    let mut ask = |name, line: &dyn Fn(&mut Random) -> String| {
        let times = timed(
            || request(line(&mut random)),
            |request| {
                std::hint::black_box(app.desk.answer(&request));
            },
        );
        lines.push((name, median_and_late(&times)));
        plotted.push((name, middle(&times)));
    };
    ask("one word, whole answer", &|random| format!("source {}", word(300 + random.below(300))));
    ask("an entity, whole answer", &|random| format!("source {}", place_name(random.below(places) as usize)));
    ask("one word between two dates, whole answer", &|random| {
        format!("source {} since:2012 until:2014-06", word(300 + random.below(300)))
    });
    ask("`check` of forty words, whole answer", &|random| format!("check {}", random.text(40)));
    let sources = generated::sources(size) as u64;
    ask("`check` of a link, whole answer", &|random| {
        format!("check https://www.example.org/{}?utm_source=x", random.below(sources))
    });

    let snapshot = app.search.snapshot();
    let mut random = Random::new(3);
    let times = timed(
        || place_name(random.below(places) as usize),
        |name| {
            let meaning = snapshot.understand(&Question::read(&name)).unwrap();
            assert!(snapshot.find_or_nearly(&meaning, 0, 5).unwrap().counts.statements > 0);
        },
    );
    lines.push(("an entity, search alone", median_and_late(&times)));
    let mut random = Random::new(3);
    let times = timed(
        || random.text(40),
        |text| {
            snapshot.candidates(&text, 3).unwrap();
        },
    );
    lines.push(("forty words weighed, search alone", median_and_late(&times)));
    let searcher = bare(&config.index);
    let mut random = Random::new(3);
    let times = timed(
        || random.text(40),
        |text| {
            searcher.search(&any_of(&searcher, &text), &TopDocs::with_limit(5).order_by_score()).unwrap();
        },
    );
    lines.push(("forty words, bare tantivy", median_and_late(&times)));
    plotted.push(("forty words, bare tantivy", middle(&times)));
    if let Some(connection) = fts5(&config.database.with_file_name("fts5.db")) {
        let mut random = Random::new(3);
        let rounds = if size > 100_000 { 5 } else { 20 };
        let times: Vec<Duration> = (0..rounds).map(|_| ask_fts5(&connection, &random.text(40))).collect();
        lines.push(("forty words joined by OR, FTS5", median_and_late(&times)));
        plotted.push(("forty words, FTS5", middle(&times)));
    } else {
        lines.push(("forty words joined by OR, FTS5", "–".to_owned()));
    }

    let times: Vec<Duration> = (0..10).map(|round| update(&app, size, round)).collect();
    lines.push(("an approval to the next answer", median_and_late(&times)));
    lines.push(("questions a second, all cores (entities)", throughput(&app, places).to_string()));
    let started = Instant::now();
    app.search.rebuild(&app.store).unwrap();
    lines.push(("building the index, s", format!("{:.1}", started.elapsed().as_secs_f64())));
    lines.push(("the index on disk, MB", format!("{}", folder_size(&config.index) / 1_000_000)));
    lines.push(("resident memory, MB (mapped files included)", resident().to_string()));
    Measured { size, lines, plotted }
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

fn timed<T>(mut input: impl FnMut() -> T, mut run: impl FnMut(T)) -> Vec<Duration> {
    (0..ROUNDS)
        .map(|_| {
            let given = input();
            let started = Instant::now();
            run(given);
            started.elapsed()
        })
        .collect()
}

fn milliseconds(took: Duration) -> String {
    format!("{:.2} ms", took.as_secs_f64() * 1_000.0)
}

fn at(times: &[Duration], share: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() * share / 100).min(sorted.len() - 1)]
}

fn middle(times: &[Duration]) -> f64 {
    at(times, 50).as_secs_f64() * 1_000.0
}

fn median_and_late(times: &[Duration]) -> String {
    format!("{} (99th: {})", milliseconds(at(times, 50)), milliseconds(at(times, 99)))
}

/// The index as tantivy alone opens it.
fn bare(folder: &Path) -> Searcher {
    // Beside the generations lies the folder's marker.
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let newest = paths.filter(|path| path.join("meta.json").is_file()).max().unwrap();
    Index::open_in_dir(newest).unwrap().reader().unwrap().searcher()
}

fn any_of(searcher: &Searcher, text: &str) -> BooleanQuery {
    let field = searcher.schema().get_field("content").unwrap();
    let clause = |word| -> (Occur, Box<dyn Query>) {
        (Occur::Should, Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)))
    };
    BooleanQuery::new(text.split(' ').map(clause).collect())
}

/// The table that `cargo bench --bench answer` makes; none where that wasn't run.
fn fts5(file: &Path) -> Option<Connection> {
    file.exists().then(|| Connection::open(file).unwrap())
}

fn ask_fts5(connection: &Connection, text: &str) -> Duration {
    let words = text.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
    let started = Instant::now();
    let mut statement =
        connection.prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rank LIMIT 5").unwrap();
    let rows: Vec<i64> = statement.query_map([words], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(rows.len() <= 5);
    started.elapsed()
}

/// Approves one more statement and asks for it; from the approval to the answer that has it.
fn update(app: &App, size: usize, round: usize) -> Duration {
    let unique = format!("zyxomma{}x{round}", std::process::id());
    let line = |text: &str| text.parse().unwrap();
    let name = onrecord::model::RecordKey {
        kind: onrecord::model::RecordKind::Statement,
        key: "statement-0".parse().unwrap(),
    };
    let reader = app.store.reader().unwrap();
    let Record::Statement(first) = reader.held(&name).unwrap().unwrap().record else {
        panic!("a statement of size {size}")
    };
    let statement = Statement { key: format!("{unique}-new").parse().unwrap(), text: line(&unique), ..first };
    drop(reader);
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let identity = |name: &str| Identity::new(Platform::Project, name).unwrap();
    let operations = vec![Operation::Create { record: Record::Statement(statement), standing: Standing::default() }];
    let proposal = Proposal { summary: line("One more"), author: identity("generator"), proposed_at: at, operations };
    let review = Review { reviewer: identity("bench"), at, reason: line("One more") };
    let (_, _): (_, Approved) = app.store.submit_reviewed(proposal, review).unwrap();
    let started = Instant::now();
    let reply = app.desk.answer(&request(format!("source {unique}")));
    assert_eq!(reply.records.len(), 1);
    started.elapsed()
}

fn throughput(app: &App, places: u64) -> u64 {
    let cores = std::thread::available_parallelism().unwrap().get();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for core in 0..cores {
            scope.spawn(move || {
                let mut random = Random::new(core as u64 + 40);
                for _ in 0..ROUNDS {
                    let line = format!("source {}", place_name(random.below(places) as usize));
                    std::hint::black_box(app.desk.answer(&request(line)));
                }
            });
        }
    });
    ((cores * ROUNDS) as f64 / started.elapsed().as_secs_f64()) as u64
}

fn folder_size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                folder_size(&entry.path())
            } else {
                entry.metadata().map_or(0, |data| data.len())
            }
        })
        .sum()
}

/// Medians over the number of statements, both axes logarithmic.
fn plot(all: &[Measured]) -> String {
    const COLOURS: [&str; 7] = ["#1b6ca8", "#2e8b57", "#b8860b", "#8b008b", "#b22222", "#555555", "#008b8b"];
    let x = |size: usize| 70.0 + ((size as f64).log10() - 3.0) * 150.0;
    let y = |took: f64| 330.0 - (took.max(0.01).log10() + 2.0) * 50.0;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 380\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"860\" height=\"380\" fill=\"white\"/>\n",
    );
    for (power, label) in
        [(-2, "0.01 ms"), (-1, "0.1 ms"), (0, "1 ms"), (1, "10 ms"), (2, "100 ms"), (3, "1 s"), (4, "10 s")]
    {
        let level = y(10_f64.powi(power));
        writeln!(
            svg,
            "<path d=\"M70 {level}H520\" stroke=\"#ddd\"/><text x=\"62\" y=\"{}\" text-anchor=\"end\">{label}</text>",
            level + 4.0
        )
        .unwrap();
    }
    for measured in all {
        writeln!(svg, "<text x=\"{}\" y=\"355\" text-anchor=\"middle\">{}</text>", x(measured.size), measured.size)
            .unwrap();
    }
    writeln!(svg, "<text x=\"295\" y=\"374\" text-anchor=\"middle\">statements</text>").unwrap();
    let names: Vec<&str> = all
        .iter()
        .max_by_key(|measured| measured.plotted.len())
        .unwrap()
        .plotted
        .iter()
        .map(|(name, _)| *name)
        .collect();
    for (place, name) in names.iter().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        let points: Vec<String> = all
            .iter()
            .filter_map(|measured| {
                let (_, took) = measured.plotted.iter().find(|(plotted, _)| plotted == name)?;
                Some(format!("{:.0},{:.0}", x(measured.size), y(*took)))
            })
            .collect();
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            points.join(" ")
        )
        .unwrap();
        let level = 40 + place * 20;
        writeln!(
            svg,
            "<path d=\"M545 {level}H570\" stroke=\"{colour}\" stroke-width=\"3\"/><text x=\"578\" y=\"{}\">{}</text>",
            level + 4,
            name.replace('`', "")
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}
