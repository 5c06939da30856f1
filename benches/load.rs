//! What the desk bears: a mix of questions as a busy chat asks them, on the entries that the program carries, coming
//! at a steady rate from thousands of people.
//!
//! `cargo bench --no-default-features --bench load` asks as fast as all cores answer for ten seconds, then at 1,000,
//! 5,000 and 10,000 questions a second for ten seconds each; then at 1,000, alone and beside one community that asks a
//! hundred times as often as it may. Questions come when they are due, whether or not those before them are answered:
//! what one waits for its turn counts.
//!
//! Nobody is limited in how often they ask: the limits are what keeps such a load away in earnest.
//!
//! `ONRECORD_SOAK_SECONDS=600` asks at `ONRECORD_SOAK_RATE` (2,000) questions a second for so long instead, while an
//! editor approves a statement every ten seconds, and prints what memory the process has.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a measurement stops at the first thing that goes wrong, and its numbers are small"
)]

#[path = "generated/machine.rs"]
mod machine;
#[path = "generated/random.rs"]
mod random;
#[path = "generated/shipped.rs"]
mod shipped;

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use machine::resident;
use onrecord::{
    app::App,
    desk::{Admission, ChatOrigin, Invocation, Request, SeenBy},
    model::{
        Identity, Limits, Operation, Platform, Proposal, Record, RecordKey, RecordKind, Review, Standing, Statement,
        StatementId,
    },
    reply::Outcome,
};
use random::Random;
use shipped::shipped;

/// How long each rate is kept up.
const ROUND: Duration = Duration::from_secs(10);

const RATES: [f64; 3] = [1_000.0, 5_000.0, 10_000.0];

/// The longest soak, so that a slip of the pen doesn't run for days.
const LONGEST: u64 = 6 * 3_600;

/// How many people ask, and in how many communities.
const PEOPLE: u64 = 200_000;
const COMMUNITIES: u64 = 4_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let app = shipped(folder.path());
    let mix = Mix::of(&app);
    let set = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    if let Some(seconds) = set("ONRECORD_SOAK_SECONDS") {
        let rate = set("ONRECORD_SOAK_RATE").unwrap_or(2_000).clamp(1, 100_000) as f64;
        soak(&app, &mix, Duration::from_secs(seconds.min(LONGEST)), rate);
        return;
    }
    println!("cores: {}, resident at the start: {} MB", cores(), resident());
    println!("| asked a second | answered a second | median | 99th | 99.9th | slowest | nothing found |");
    println!("|---|---|---|---|---|---|---|");
    println!("| as fast as they are answered {}", run(&app, &mix, None, ROUND).row());
    for rate in RATES {
        println!("| {rate} {}", run(&app, &mix, Some(rate), ROUND).row());
    }
    println!("resident at the end: {} MB", resident());
    println!("| 1,000 a second | answered a second | median | 99th | 99.9th | slowest | nothing found |");
    println!("|---|---|---|---|---|---|---|");
    for _ in 0..2 {
        println!("| alone {}", run(&app, &mix, Some(RATES[0]), ROUND).row());
        println!("| beside a flood {}", beside_a_flood(&app, &mix, || run(&app, &mix, Some(RATES[0]), ROUND)).row());
    }
    println!("| what is asked | share | median | 99th |\n|---|---|---|---|");
    for (kind, (share, name)) in KINDS.iter().enumerate() {
        let random = &mut Random::new(kind as u64 + 1);
        let mut told = Told::default();
        for _ in 0..300 {
            let request = mix.request(kind, random);
            let started = Instant::now();
            std::hint::black_box(app.desk.answer(&request));
            told.latencies.push(started.elapsed());
        }
        told.latencies.sort_unstable();
        println!("| {name} | {share} % | {:.3} ms | {:.2} ms |", told.at(0.5), told.at(0.99));
    }
}

/// What is asked, and how often of a hundred times.
const KINDS: [(u64, &str); 11] = [
    (40, "a name"),
    (15, "a name and a word"),
    (10, "a word between two dates"),
    (8, "a name misspelt"),
    (4, "two words"),
    (2, "a word that nobody used"),
    (7, "check of a wording"),
    (6, "show"),
    (4, "recent"),
    (2, "places"),
    (2, "help source"),
];

/// Questions as they are asked, from what is on record.
struct Mix {
    names: Vec<String>,
    wordings: Vec<String>,
}

impl Mix {
    fn of(app: &App) -> Self {
        let reader = app.store.reader().unwrap();
        let entities = reader.entity_names().unwrap();
        let names = entities.into_iter().filter(|entity| !entity.only_publishes).flat_map(|entity| {
            std::iter::once(entity.name).chain(entity.aliases.into_iter().map(|(alias, _)| alias)).collect::<Vec<_>>()
        });
        let numbers = reader.statements_after(StatementId::default(), 10_000).unwrap();
        let wordings = numbers.into_iter().map(|id| reader.entry(id).unwrap().unwrap().statement.text.to_string());
        Self { names: names.collect(), wordings: wordings.collect() }
    }

    /// One of the names, those at the beginning often, as in a rumour.
    fn name(&self, random: &mut Random) -> &str {
        let power = random.below(1_000_000) as f64 / 1_000_000.0;
        &self.names[((self.names.len() as f64).powf(power) as usize).min(self.names.len() - 1)]
    }

    fn wording(&self, random: &mut Random) -> &str {
        &self.wordings[random.below(self.wordings.len() as u64) as usize]
    }

    fn word(&self, random: &mut Random) -> &str {
        let words: Vec<&str> = self.wording(random).split(' ').filter(|word| word.len() > 5).collect();
        words.get(random.below(words.len().max(1) as u64) as usize).copied().unwrap_or("police")
    }

    /// A question of one of the kinds.
    fn line(&self, kind: usize, random: &mut Random) -> String {
        match KINDS[kind].1 {
            "a name" => format!("source {}", self.name(random)),
            "a name and a word" => format!("source {} {}", self.name(random), self.word(random)),
            "a word between two dates" => format!("source {} since:2022-06 until:2023", self.word(random)),
            "a name misspelt" => format!("source {}", misspelt(self.name(random), random)),
            "two words" => format!("source {} {}", self.word(random), self.word(random)),
            "a word that nobody used" => format!("source qzxv{}", random.below(10_000)),
            "check of a wording" => format!("check {}", self.wording(random)),
            "show" => format!("show S{}", 1 + random.below(self.wordings.len() as u64)),
            other => other.to_owned(),
        }
    }

    /// A kind, each as often as its share says.
    fn kind(random: &mut Random) -> usize {
        let mut left = random.below(KINDS.iter().map(|(share, _)| share).sum());
        KINDS.iter().position(|(share, _)| left.checked_sub(*share).map(|less| left = less).is_none()).unwrap()
    }

    fn request(&self, kind: usize, random: &mut Random) -> Request {
        let person = random.below(PEOPLE);
        let (community, channel) = (person % COMMUNITIES, person % (COMMUNITIES * 3));
        Request {
            actor: Identity::new(Platform::Discord, &format!("{}", 1_000_000 + person)).unwrap(),
            conversation: format!("discord:{channel}:{person}"),
            invocation: Invocation::Text(self.line(kind, random)),
            origin: Some(ChatOrigin {
                community: Some(format!("discord:{community}")),
                channel: channel.to_string(),
                parent: None,
                may_manage_community: false,
                may_moderate_channel: false,
                seen_by: SeenBy::Everyone,
            }),
            page_size: 5,
        }
    }
}

/// A number that has nothing in common with that of its neighbour (splitmix64).
const fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A name with two neighbouring letters in the wrong order.
fn misspelt(name: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() > 3 {
        let at = 1 + random.below(letters.len() as u64 - 2) as usize;
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// What one run came to.
#[derive(Default)]
struct Told {
    took: Duration,
    /// From when each question was due to its answer, in order of length.
    latencies: Vec<Duration>,
    nothing: usize,
}

impl Told {
    fn at(&self, share: f64) -> f64 {
        let place = (self.latencies.len() as f64 * share) as usize;
        self.latencies[place.min(self.latencies.len() - 1)].as_secs_f64() * 1_000.0
    }

    fn row(&self) -> String {
        format!(
            "| {:.0} | {:.3} ms | {:.2} ms | {:.2} ms | {:.1} ms | {} |",
            self.latencies.len() as f64 / self.took.as_secs_f64(),
            self.at(0.5),
            self.at(0.99),
            self.at(0.999),
            self.at(1.0),
            self.nothing,
        )
    }
}

/// Asks for so long: at `rate` a second, or each core its next question as soon as the last is answered.
fn run(app: &App, mix: &Mix, rate: Option<f64>, length: Duration) -> Told {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    let parts: Vec<(Vec<Duration>, usize)> = std::thread::scope(|scope| {
        let work = || {
            let (mut latencies, mut nothing) = (Vec::new(), 0);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let random = &mut Random::new(scattered(number as u64));
                let request = mix.request(Mix::kind(random), random);
                let due = match rate {
                    Some(rate) => {
                        let due = started + Duration::from_secs_f64(number as f64 / rate);
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        due
                    }
                    None => Instant::now(),
                };
                if due.duration_since(started) >= length {
                    break (latencies, nothing);
                }
                let reply = app.desk.answer(&request);
                assert!(reply.outcome != Outcome::Failed, "{request:?}: {reply:?}");
                nothing += usize::from(reply.outcome == Outcome::NothingFound);
                latencies.push(due.elapsed());
            }
        };
        let threads: Vec<_> = (0..cores()).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let took = started.elapsed();
    let mut told = Told { took, ..Told::default() };
    for (latencies, nothing) in parts {
        told.latencies.extend(latencies);
        told.nothing += nothing;
    }
    told.latencies.sort_unstable();
    told
}

/// Runs something while one community of 400 asks a hundred times as often as it may. What the limits don't let through
/// is not answered, as in a chat.
fn beside_a_flood(app: &App, mix: &Mix, work: impl FnOnce() -> Told) -> Told {
    let pause = Limits::WINDOW / (Limits::default().community as u32 * 100);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let started = Instant::now();
            for number in 0_u32.. {
                std::thread::sleep((pause * number).saturating_sub(started.elapsed()));
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let random = &mut Random::new(scattered(u64::from(number)));
                let mut request = mix.request(Mix::kind(random), random);
                request.actor = Identity::new(Platform::Discord, &(number % 400).to_string()).unwrap();
                request.origin.as_mut().unwrap().community = Some("discord:flood".to_owned());
                if app.desk.admit(&request) == Admission::Granted {
                    std::hint::black_box(app.desk.answer(&request));
                }
            }
        });
        let told = work();
        stop.store(true, Ordering::Relaxed);
        told
    })
}

/// Asks for a long time while the records grow, and tells every half minute what memory that takes.
fn soak(app: &App, mix: &Mix, length: Duration, rate: f64) {
    let started = Instant::now();
    println!("| seconds | answered a second | median | 99th | 99.9th | slowest | nothing found | resident |");
    println!("|---|---|---|---|---|---|---|---|");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                if started.elapsed().as_secs() / 10 > number {
                    number = started.elapsed().as_secs() / 10;
                    approve(app, number);
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        while started.elapsed() < length {
            let told = run(app, mix, Some(rate), Duration::from_secs(30).min(length));
            println!("| {:.0} {} {} MB |", started.elapsed().as_secs_f64(), told.row(), resident());
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// Approves one more statement, made from one on record.
fn approve(app: &App, number: u64) {
    let reader = app.store.reader().unwrap();
    let first = reader.statements_after(StatementId::default(), 1).unwrap()[0];
    let first = reader.entry(first).unwrap().unwrap().statement.clone();
    let name = RecordKey { kind: RecordKind::Statement, key: first.key };
    let Record::Statement(first) = reader.held(&name).unwrap().unwrap().record else { panic!("a statement") };
    drop(reader);
    let statement = Statement { key: format!("soaked-{number}").parse().unwrap(), ..first };
    let at = jiff::Timestamp::now();
    let identity = |name: &str| Identity::new(Platform::Project, name).unwrap();
    let operations = vec![Operation::Create { record: Record::Statement(statement), standing: Standing::default() }];
    let summary = "One more".parse().unwrap();
    let proposal = Proposal { summary, author: identity("generator"), proposed_at: at, operations };
    let review = Review { reviewer: identity("bench"), at, reason: "One more".parse().unwrap() };
    app.store.submit_reviewed(proposal, review).unwrap();
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}
