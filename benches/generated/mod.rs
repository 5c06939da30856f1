//! Generated records: any number of statements from a seed, the same every time, brought in through
//! the store's own changes.

mod random;

use std::path::Path;

use onrecord::{
    config::DataConfig,
    model::{
        AnsweredStatements, Citation, CitationRole, Citations, Date, Entity, Identity, Key, Nature, Operation,
        Platform, Proposal, Record, Response, ResponseKind, Review, Seen, SingleLine, Source, SourceKind, SourceName,
        Standing, Statement,
    },
    store::Store,
};

pub use random::Random;

/// How many records one change has.
const BATCH: usize = 20_000;

/// How many different words the texts are made of. Their frequencies follow Zipf's law.
const VOCABULARY: u64 = 50_000;

/// How many words a statement has.
const WORDS: usize = 35;

impl Random {
    /// A word, the common ones often: the rank is the vocabulary's size to a random power.
    pub fn word(&mut self) -> String {
        let power = self.below(1_000_000) as f64 / 1_000_000.0;
        word((VOCABULARY as f64).powf(power) as u64)
    }

    pub fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// The word of a rank: syllables, so that stemming and tokenising have to do with words.
pub fn word(rank: u64) -> String {
    const SYLLABLES: [&str; 20] = [
        "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "da", "fe", "gi", "ho", "ju", "pa", "le", "ni",
        "to", "wu",
    ];
    let mut word = String::new();
    let mut left = rank + 20;
    while left > 0 {
        word.push_str(SYLLABLES[(left % 20) as usize]);
        left /= 20;
    }
    word
}

/// The place of a number: a city; every tenth is the region of the nine after it.
pub fn place_name(number: usize) -> String {
    format!("City {}", word(number as u64 + 100_000))
}

fn key(kind: &str, number: usize) -> Key {
    format!("{kind}-{number}").parse().unwrap()
}

fn line(text: impl AsRef<str>) -> SingleLine {
    text.as_ref().parse().unwrap()
}

/// How many entities and sources go with so many statements.
pub const fn places(statements: usize) -> usize {
    statements / 50 + 20
}

const fn speakers(statements: usize) -> usize {
    statements / 100 + 20
}

pub const fn sources(statements: usize) -> usize {
    statements / 4 + 10
}

/// Where a database of so many generated statements is, made if it isn't there.
pub fn database(statements: usize) -> DataConfig {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{statements}"));
    std::fs::create_dir_all(&folder).unwrap();
    let config = DataConfig {
        database: folder.join("onrecord.db"),
        index: folder.join("onrecord.db.index"),
        shipped_data: false,
    };
    let done = folder.join("complete");
    if !done.exists() {
        fill(&config.database, statements);
        std::fs::write(done, "").unwrap();
    }
    config
}

fn fill(database: &Path, statements: usize) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", database.display()));
    }
    let store = Store::open(database).unwrap();
    let mut batch = Vec::new();
    for record in records(statements) {
        batch.push(Operation::Create { record, standing: Standing::default() });
        if batch.len() == BATCH {
            submit(&store, std::mem::take(&mut batch));
        }
    }
    submit(&store, batch);
}

fn submit(store: &Store, operations: Vec<Operation>) {
    if operations.is_empty() {
        return;
    }
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let identity = |name: &str| Identity::new(Platform::Project, name).unwrap();
    let proposal = Proposal { summary: line("Generated"), author: identity("generator"), proposed_at: at, operations };
    let review = Review { reviewer: identity("bench"), at, reason: line("Generated") };
    store.submit_reviewed(proposal, review).unwrap();
}

fn records(statements: usize) -> impl Iterator<Item = Record> {
    let entity = |key, nature, name, part_of| {
        Record::Entity(Entity {
            key,
            nature,
            name,
            aliases: Vec::new(),
            part_of,
            description: None,
            same_as: Default::default(),
        })
    };
    let places_made = (0..places(statements)).map(move |number| {
        let region = (number % 10 != 0).then(|| key("place", number - number % 10));
        entity(key("place", number), Nature::Place, line(place_name(number)), region)
    });
    let speakers_made = (0..speakers(statements)).map(move |number| {
        let name = line(format!("Body {}", word(number as u64 + 200_000)));
        entity(key("body", number), Nature::Organisation, name, None)
    });
    let mut random = Random::new(7);
    let sources_made = (0..sources(statements)).map(move |number| {
        Record::Source(Source {
            key: key("source", number),
            kind: SourceKind::NewsArticle,
            name: SourceName::Title(line(random.text(9))),
            url: Some(format!("https://example.org/{number}").parse().unwrap()),
            archive_url: None,
            publisher: key("body", random.below(speakers(statements) as u64) as usize),
            copy_of: None,
            authors: Vec::new(),
            published: Some(day(&mut random)),
            language: "en".parse().unwrap(),
            accessed: None,
            seen: Seen::Full,
            note: None,
        })
    });
    let mut random = Random::new(11);
    let statements_made = (0..statements).flat_map(move |number| {
        let mut cite = |role| Citation {
            source: key("source", random.below(sources(statements) as u64) as usize),
            role,
            locator: None,
        };
        let citations = Citations::try_from(vec![cite(CitationRole::Original)]).unwrap();
        let answer_citations = Citations::try_from(vec![cite(CitationRole::Cites)]).unwrap();
        let statement = Record::Statement(Statement {
            key: key("statement", number),
            speaker: key("body", random.below(speakers(statements) as u64) as usize),
            speaker_role: None,
            text: line(random.text(WORDS)),
            short: None,
            quote: None,
            said: Some(day(&mut random)),
            about: [key("place", random.below(places(statements) as u64) as usize)].into(),
            citations,
        });
        let response = (number % 3 == 0).then(|| {
            Record::Response(Response {
                key: key("response", number),
                to: AnsweredStatements::try_from(std::collections::BTreeSet::from([key("statement", number)])).unwrap(),
                responder: key("body", random.below(speakers(statements) as u64) as usize),
                kind: ResponseKind::Denial,
                text: line(random.text(20)),
                gist: None,
                quote: None,
                said: None,
                citations: answer_citations,
            })
        });
        std::iter::once(statement).chain(response)
    });
    places_made.chain(speakers_made).chain(sources_made).chain(statements_made)
}

fn day(random: &mut Random) -> Date {
    let (year, month, day) = (2000 + random.below(26), 1 + random.below(12), 1 + random.below(28));
    format!("{year}-{month:02}-{day:02}").parse().unwrap()
}
