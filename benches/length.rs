//! What a question takes by its length: microseconds for each kilobyte of it, for texts of many kinds.
//!
//! `cargo bench --no-default-features --bench length` prints a table. A row that rises from left to right shows work
//! that grows faster than the text.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement stops at the first thing that goes wrong")]

#[path = "generated/shipped.rs"]
mod shipped;

use std::time::{Duration, Instant};

use onrecord::{
    app::App,
    desk::{Invocation, Request},
    model::{Identity, Platform},
};
use shipped::shipped;

/// In bytes; the last is the longest message that is read.
const LENGTHS: [usize; 4] = [1 << 10, 1 << 12, 1 << 13, 1 << 14];

/// How often each is asked; the median counts.
const ROUNDS: usize = 9;

/// What the texts are made of, again and again.
const KINDS: [(&str, &str); 14] = [
    ("wording", "Police stations were opened abroad without the consent of the host country. "),
    ("names", "Sydney Madrid Safeguard Defenders China New York Dublin "),
    ("words that nobody used", "qzxv wqjk zzyx kqwz "),
    ("one word", "x"),
    ("hashtags", "#PoliceStationSydney2022 "),
    ("handles and links", "@somebody https://example.org/a?b=c "),
    ("quoted lines", "> he said\n"),
    ("quotation marks", "\" “ « ' "),
    ("digits", "12,345 6.7 1e9 "),
    ("filters", "by:x place:\"y since:2020 "),
    ("Chinese", "警方海外服务站"),
    ("Thai", "สถานีตำรวจจีนในต่างประเทศ"),
    ("combining marks", "e\u{301}\u{302}\u{303}\u{304}\u{305} "),
    ("emoji", "👩‍👩‍👧‍👦🇦🇺 "),
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let app = shipped(folder.path());
    let columns: Vec<String> = LENGTHS.iter().map(|length| format!(" {} KB |", length / 1024)).collect();
    println!("| µs for each KB of |{}", columns.concat());
    println!("|---|{}", "---|".repeat(LENGTHS.len()));
    for command in ["source", "check"] {
        for (name, part) in KINDS {
            let cells: Vec<String> = LENGTHS.iter().map(|&length| cell(&app, command, part, length)).collect();
            println!("| `{command}`, {name} |{}", cells.concat());
        }
    }
}

fn cell(app: &App, command: &str, part: &str, length: usize) -> String {
    let text = part.repeat(length / part.len());
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| ask(app, format!("{command} {text}"))).collect();
    times.sort_unstable();
    let took = times[ROUNDS / 2].as_nanos();
    format!(" {} |", took * 1024 / 1_000 / text.len() as u128)
}

fn ask(app: &App, line: String) -> Duration {
    let request = Request {
        actor: Identity::new(Platform::Terminal, "bench").unwrap(),
        conversation: "bench".to_owned(),
        invocation: Invocation::Text(line),
        origin: None,
        page_size: 5,
    };
    let started = Instant::now();
    std::hint::black_box(app.desk.answer(&request));
    started.elapsed()
}
